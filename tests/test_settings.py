"""A variable that is missing or mistyped stops the start with its name and what to set."""

import base64
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic import environment as read

KEYS = [base64.b64encode(bytes([n] * 32)).decode() for n in range(2)]
SERVER, OWNER = "postgres://a:…@host/name", "postgres://b:…@host/name"
SITE = {"what": "https://…"}

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
    *((read.secret, {}, text) for text in ("", "x", "0123456789" * 4 + "012345678", "ab" * 40)),
    *(
        (read.hosts, {"default": "a.example"}, text)
        for text in (
            "https://a.example",
            "a.example/",
            "a.example;b.example",
            "a.example b.example",
        )
    ),
    *(
        (read.hosts, {"default": "a.example"}, text)
        for text in ("a.example:443", "*.a.example", "a.example.", "b.example,a_b.example", "::1")
    ),
    *(
        (read.site, SITE, f"https://{text}")
        for text in ("a.example/?x=1", "a.example/app", "a.example#", "a.example?", "a .example")
    ),
    *(
        (read.site, SITE, f"https://{text}")
        for text in ("u:p@a.example", "a.example:", "a_b.example", "診所.example", "a.example\n")
    ),
    *((read.broker, {}, f"redis://a.example{text}") for text in ("/abc", "/0/1", "/０", "/-1")),
]
WRONG_ADDRESSES = [
    *(
        (read.HTTP, text)
        for text in ("garbage", "ftp://x", "https://[::1", "https://a.example:abc")
    ),
    *((read.REDIS, text) for text in ("garbage", "localhost:6379", "redis://h:abc/0", "http://x/")),
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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PUBLIC_BASE_URL", "https://clinic.example/app"),
        ("ALLOWED_HOSTS", "https://clinic.example"),
        ("REDIS_URL", "redis://127.0.0.1:6379/abc"),
        ("SECRET_KEY", "x"),
    ],
)
def test_a_mistyped_setting_stops_every_process(name, text):
    command = [sys.executable, "-c", "import clinic.settings"]
    env = os.environ | {name: text}
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    said = ended.stderr.splitlines()[-1:] or [""]
    assert (ended.returncode, f"ImproperlyConfigured: {name} " in said[0]) == (1, True)


RIGHT = [
    (read.whole_number, {"default": 3, "least": 0}, "0", 0),
    (read.hosts, {"default": "a.example"}, " a.example , b.example,", ["a.example", "b.example"]),
    (read.hosts, {"default": "a.example"}, " , ", ["a.example"]),
    (read.hosts, {"default": "a"}, "*,.A.example,[::1]", ["*", ".A.example", "[::1]"]),
    (read.secret, {}, "0123456789" * 5, "0123456789" * 5),
    *((read.broker, {}, text, text) for text in ("redis://h", "rediss://:p@h:1/15?x=y")),
    (read.mail_address, {"default": "a@b"}, "", "a@b"),
    (read.required, {"what": "characters"}, "$ecret", "$ecret"),
    (read.switch, {"default": "0"}, "1", True),
]


@pytest.mark.parametrize(("reader", "asked", "text", "value"), RIGHT)
def test_what_is_right_is_read_as_it_stands(reader, asked, text, value, monkeypatch):
    monkeypatch.setenv("THE_NAME", text)
    assert reader("THE_NAME", **asked) == value


@pytest.mark.parametrize("behind", ["", "/"])
def test_an_address_of_a_site_ends_with_its_host_or_port(behind, monkeypatch):
    monkeypatch.setenv("THE_NAME", f"https://a.example:8443{behind}")
    assert read.site("THE_NAME", **SITE).geturl() == "https://a.example:8443"


def test_a_socket_is_a_host(monkeypatch):
    monkeypatch.setenv("THE_NAME", "postgres://a@/name?host=/run/socket")
    found = read.database("THE_NAME", SERVER)
    assert (found["HOST"], found["NAME"]) == ("/run/socket", "name")


def test_a_password_in_the_mail_servers_address_may_hold_anything(monkeypatch):
    monkeypatch.setenv("THE_NAME", "smtp+tls://user:p%40%2F@mail.example:587")
    found = read.mail_server("THE_NAME")
    parts = (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"])
    assert parts == ("mail.example", 587, "p@/")
