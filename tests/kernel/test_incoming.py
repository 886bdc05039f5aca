"""Requests that no browser sends: each is answered, none is an error of ours."""

import logging

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from clinic.kernel.access import client_ip
from clinic.kernel.incoming import LARGEST, Utf8Request
from clinic.kernel.logs import Line
from clinic.wsgi import application
from tests.staff.conftest import words

CODECS = ("hex", "rot13", "idna", "undefined", "utf-7", "unicode_escape", "utf-16")


@pytest.mark.parametrize("codec", CODECS)
def test_a_codec_of_the_senders_choice_is_not_used(codec):
    assert application.request_class is Utf8Request
    form = b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n+2AA-\\ud800\r\n--b--'
    kind = f"multipart/form-data; boundary=b; charset={codec}"
    sent = RequestFactory().generic("POST", "/clients/new/?q=%2B2AA-%5Cud800", form).environ
    request = Utf8Request(sent | {"CONTENT_TYPE": kind})
    assert (request.GET["q"], request.POST["q"]) == ("+2AA-\\ud800", "+2AA-\\ud800")


def test_a_nul_in_the_code_of_a_document_is_not_found(counsellor, browse):
    assert browse(counsellor).get("/documents/%00/").status_code == 404


@pytest.mark.parametrize("address", ["/sign-in/", "/verify/", "/nowhere/"])
def test_what_is_far_too_large_is_refused_before_it_is_read(db, address):
    kind = "multipart/form-data; boundary=b"
    announced = {"CONTENT_LENGTH": str(LARGEST + 1)}
    answer = Client(enforce_csrf_checks=True).post(address, b"", content_type=kind, **announced)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "of_files"),
    [("multipart/form-data; boundary=b", True), ("application/x-www-form-urlencoded", False)],
)
def test_what_is_too_large_is_said_of_files_only_where_a_form_has_them(db, kind, of_files):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["language"] = "en"
    announced = {"CONTENT_LENGTH": str(LARGEST + 1)}
    answer = browser.post("/sign-in/", b"x", content_type=kind, **announced)
    page, said = words(answer), ("into one PDF", "What you typed is longer than a form can hold.")
    assert (answer.status_code, [text in page for text in said]) == (413, [of_files, not of_files])


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::"),
        ("forged, 203.0.113.5", "203.0.113.5"),
        ("unknown", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("203.0.113.5, " + "9" * 400, "10.0.0.1"),
    ],
)
def test_the_address_of_a_request_is_always_an_address(settings, written, found):
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", headers={"x-forwarded-for": written})
    request.META["REMOTE_ADDR"] = "10.0.0.1"
    assert client_ip(request) == found


def test_without_a_proxy_nobody_names_an_address_of_her_own():
    request = RequestFactory().get("/", headers={"x-forwarded-for": "203.0.113.5"})
    assert client_ip(request) == "127.0.0.1"


def test_a_log_line_names_no_token_of_a_link():
    assert settings.LOGGING["formatters"]["line"] == {"()": "clinic.kernel.logs.Line"}
    words = ("Forbidden (%s): %s", ("CSRF", "/l/uk1nPgow-Ep_W/"))
    record = logging.LogRecord("django.security.csrf", logging.WARNING, "", 0, *words, None)
    assert Line().format(record).endswith("django.security.csrf Forbidden (CSRF): /l/…/")
