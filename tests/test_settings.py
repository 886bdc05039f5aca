"""A variable that is missing or mistyped stops the start with its name and what to set."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic import environment as read

KEYS = [base64.b64encode(bytes([n] * 32)).decode() for n in range(2)]
SERVER, OWNER = "postgres://a:…@host/name", "postgres://b:…@host/name"
HTTP, REDIS = "http|https://host", "redis|rediss://host:port/0"

WRONG = [
    *(
        (read.database, {"what": SERVER}, text)
        for text in ("garbage", "postgres://", "mysql://h/n")
    ),
    (read.database, {"what": OWNER}, "postgres://u:p@host:notaport/x"),
    *(
        (read.mail_server, {}, text)
        for text in ("garbage", "localhost:25", "smtp://", "smtp://h:a")
    ),
    *(
        (read.whole_number, {"default": 3, "least": 1}, t)
        for t in ("abc", "0", "-1", "１", "1.5", "")
    ),
    *((read.mail_address, {"default": "a@b"}, t) for t in ("garbage", "a@b\nBcc: c@d", "A <a@b>")),
    *((read.switch, {"default": "0"}, text) for text in ("yes", "true", "")),
    *((read.keyring, {}, text) for text in ("", "k1", f"k1:{KEYS[0]},k1:{KEYS[1]}", "k1:c2hvcnQ=")),
    (read.required, {"what": "a folder"}, ""),
]
WRONG_ADDRESSES = [
    *((HTTP, text) for text in ("garbage", "ftp://x", "https://[::1", "https://a.example:abc")),
    *((REDIS, text) for text in ("garbage", "localhost:6379", "redis://h:abc/0", "http://x/")),
]


@pytest.mark.parametrize(("reader", "asked", "text"), WRONG)
def test_what_is_mistyped_is_refused_by_name(reader, asked, text, monkeypatch):
    monkeypatch.setenv("THE_NAME", text)
    with pytest.raises(ImproperlyConfigured, match=r"^THE_NAME .*\b(Set|must|Give|Make)\b"):
        reader("THE_NAME", **asked)


@pytest.mark.parametrize(("like", "text"), WRONG_ADDRESSES)
def test_what_is_no_whole_address_is_refused_and_not_repeated(like, text):
    with pytest.raises(ImproperlyConfigured) as refused:
        read.address("THE_NAME", text, like=like)
    assert str(refused.value) == f"THE_NAME is not a whole address. It must read {like}."


RIGHT = [
    (read.whole_number, {"default": 3, "least": 0}, "0", 0),
    (read.names, {"default": "a.example"}, " a.example , b.example,", ["a.example", "b.example"]),
    (read.names, {"default": "a.example"}, " , ", ["a.example"]),
    (read.mail_address, {"default": "a@b"}, "", "a@b"),
    (read.required, {"what": "characters"}, "$ecret", "$ecret"),
    (read.switch, {"default": "0"}, "1", True),
]


@pytest.mark.parametrize(("reader", "asked", "text", "value"), RIGHT)
def test_what_is_right_is_read_as_it_stands(reader, asked, text, value, monkeypatch):
    monkeypatch.setenv("THE_NAME", text)
    assert reader("THE_NAME", **asked) == value


def test_a_socket_is_a_host(monkeypatch):
    monkeypatch.setenv("THE_NAME", "postgres://a@/name?host=/run/socket")
    found = read.database("THE_NAME", SERVER)
    assert (found["HOST"], found["NAME"]) == ("/run/socket", "name")


def test_a_password_in_the_mail_servers_address_may_hold_anything(monkeypatch):
    monkeypatch.setenv("THE_NAME", "smtp+tls://user:p%40%2F@mail.example:587")
    found = read.mail_server("THE_NAME")
    parts = (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"])
    assert parts == ("mail.example", 587, "p@/")
