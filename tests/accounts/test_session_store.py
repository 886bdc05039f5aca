"""A session is known to its browser alone."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from clinic.accounts.middleware import SEEN
from clinic.accounts.session_store import SessionStore
from tests.accounts.conftest import Browser, entered
from tests.databases import taking_no_writes

pytestmark = pytest.mark.django_db


def test_what_the_database_holds_of_a_session_opens_nothing(counsellor):
    client = entered(counsellor)
    assert client.get("/account/").status_code == 200
    (held,) = Session.objects.values_list("session_key", flat=True)
    assert held != client.cookies["session"].value
    thief = Browser()
    thief.cookies["session"] = held
    assert thief.get("/account/").status_code == 302


def test_signing_out_removes_the_session(counsellor):
    client = entered(counsellor)
    client.post("/sign-out/")
    assert Session.objects.filter(expire_date__gt=timezone.now()).count() == 0


@pytest.mark.parametrize(
    "cookie", [r'"abcdefgh1234\000"', "x" * 3000, "\xe7\x9f\xad\xff\xfe\xfd\xfc\xfb", '"']
)
def test_a_session_cookie_may_hold_anything(cookie):
    answer = Client().get("/sign-in/", headers={"cookie": f"session={cookie}"})
    assert answer.status_code == 200


def test_sessions_that_have_ended_are_cleared_away():
    session = SessionStore()
    session["a"] = 1
    session.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    SessionStore.clear_expired()
    assert Session.objects.count() == 0


@pytest.fixture
def quiet(counsellor):
    """A browser whose last page was 61 seconds ago: the next moves the clock of its login."""
    client = entered(counsellor)
    login = client.session
    login[SEEN] -= 61
    login.save()
    return client


def test_a_page_opens_while_the_database_takes_no_writes(quiet):
    before = quiet.session[SEEN]
    with taking_no_writes():
        answers = [quiet.get("/account/").status_code for _ in range(2)]
    assert (answers, quiet.session[SEEN]) == ([200, 200], before)


def test_a_login_that_was_ended_meanwhile_is_ended(quiet):
    login = quiet.session
    login[SEEN] += 61
    quiet.post("/sign-out/")
    with pytest.raises(UpdateError):
        login.save()


def test_anything_but_the_clock_is_not_lost_without_a_word(quiet):
    login = quiet.session
    login["anything"] = "else"
    with taking_no_writes(), pytest.raises(UpdateError):
        login.save()


def test_a_new_login_is_not_lost_without_a_word(quiet):
    login = quiet.session
    login.load()
    login.cycle_key()
    with taking_no_writes(), pytest.raises(UpdateError):
        login.save()


def test_a_running_session_holds_its_page_open_while_the_database_takes_no_writes(quiet):
    login = quiet.session
    login["held_until"] = login[SEEN] + 60
    with taking_no_writes():
        login.save()
    assert "held_until" not in quiet.session


def test_nobody_is_called_idle_by_a_clock_that_stood_still(quiet):
    login = quiet.session
    login[SEEN] -= 3600
    login.save()
    with taking_no_writes():
        assert quiet.get("/account/").status_code == 200
    assert quiet.get("/account/").status_code == 302
