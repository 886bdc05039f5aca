"""What goes wrong is logged with its place and its type; a name in its words stays out of the log."""

import logging
from datetime import date

import pytest
from django.db import transaction

from clinic.clients.actions import register_client
from clinic.clients.views import ClientHistory
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.making import make
from clinic.kernel.documents.registry import KINDS, Kind
from clinic.kernel.each_minute import do_all
from clinic.kernel.logs import Line
from clinic.people.models import Person
from clinic.tasks import derive
from crisis.sheet import views as crisis_page

NAME = "江小滿"


@pytest.fixture
def person(counsellor, now) -> Person:
    values = {"name": NAME, "sex": "female", "birth_date": date(1992, 5, 20)}
    return register_client(values=values, by=counsellor, now=now)


@pytest.fixture
def refused(person):
    """``refused()`` writes a row of hers that the database refuses, with all of it in the refusal."""

    def write(*_args, **_kwargs):
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(birth_date=None)

    return write


BOTH = ["django.db.utils.IntegrityError", "psycopg.errors.NotNullViolation"]


def told(log) -> tuple[list[str], bool]:
    """Which types of error stand on lines of their own in the log, and whether it names her."""
    written = log.getvalue()
    return [name for name in BOTH if name in written.splitlines()], NAME in written


def test_a_document_that_is_not_made_names_nobody(admin, person, refused, now, log, monkeypatch):
    monkeypatch.setitem(KINDS, "test", Kind("test", "Test", refused, lambda user, found: True))
    document = request_document(kind="test", subject=person, by=admin, now=now)
    make(document.pk, now)
    assert f"document {document.pk} was not made\nTraceback" in log.getvalue()
    assert told(log) == (BOTH, False)


def test_work_of_a_minute_that_goes_wrong_names_nobody(refused, now, log, monkeypatch):
    monkeypatch.setattr("clinic.kernel.each_minute.WORK", [refused])
    do_all(now)
    assert told(log) == (BOTH, False)


def test_a_page_that_goes_wrong_names_nobody(counsellor, person, refused, browse, log, monkeypatch):
    monkeypatch.setattr(ClientHistory, "get", refused)
    browser = browse(counsellor)
    browser.raise_request_exception = False
    assert browser.get(f"/clients/{person.pk}/history/").status_code == 500
    assert f"Internal Server Error: /clients/{person.pk}/history/\nTraceback" in log.getvalue()
    assert told(log) == (BOTH, False)


def test_a_crisis_page_that_is_not_noted_names_nobody(
    counsellor, person, refused, browse, log, monkeypatch
):
    monkeypatch.setattr(crisis_page, "note_read", refused)
    browse(counsellor).get(f"/clients/{person.pk}/crisis/")
    assert told(log) == (BOTH, False)


def test_a_task_of_the_worker_that_goes_wrong_names_nobody(refused, log, monkeypatch):
    monkeypatch.setattr("clinic.tasks.do_all", refused)
    derive.apply()
    assert "raised unexpected: django.db.utils.IntegrityError\n" in log.getvalue()
    assert told(log) == (BOTH, False)


def test_a_line_holds_what_led_to_an_error_and_no_words_that_another_handler_kept():
    error = ValueError(NAME)
    error.__cause__ = KeyError(NAME)
    words = (logging.ERROR, "", 0, "away", None, (ValueError, error, None))
    record = logging.LogRecord("test", *words)
    record.exc_text = f"ValueError: {NAME}"
    assert Line().format(record).splitlines()[1:] == [
        "Traceback (most recent call last):",
        "builtins.ValueError",
        "",
        "and before that, its cause:",
        "",
        "Traceback (most recent call last):",
        "builtins.KeyError",
    ]
