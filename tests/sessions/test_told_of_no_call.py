"""Who expects no call is told of none: not on her page, not in a mail, and staff are asked for none."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.today.rows import stored_tasks
from sessions import mail_states
from sessions.models import CounsellingSession
from sessions.wording import booked_words
from tests.sessions.conftest import CALL
from tests.sessions.phone import BOOKED_AT, START, Phone, booked_and_mailed
from tests.sessions.post import at, mails_to, part, work
from tests.sessions.test_mails import be
from tests.staff.conftest import loose

CALLED = "the number you gave"
ANSWER = "telephone you can answer"
AGAIN = "open the same link again; your psychologist waits there"
AGREED = "Our staff were told and will get in touch with you the way you agreed."


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    return booked_and_mailed(case, room, counsellor)


@pytest.fixture(params=["", "email"])
def safe(request, case):
    """The safe way of the client, who reads English: none named, or mail."""
    be(case.people[0], letter_language="en", safe_channel=request.param)
    return request.param


def test_her_page_promises_a_call_only_where_she_expects_one(safe, booked):
    phone = Phone(START).begin()
    phone.prove()
    page = phone.look()
    assert CALL in page.text_
    said = [text in page.text_ for text in (CALLED, ANSWER, AGAIN)]
    assert said == ([False, False, True] if safe else [True, True, False])
    waits = "If it does not work, open it again: your psychologist waits there."
    assert (waits in page.text_) is bool(safe)


def test_nor_does_a_mail(safe, booked, mailbox):
    for before in (timedelta(hours=24), timedelta(hours=1)):
        work(START - before)
    told = [loose(part(mail, "plain")) for mail in mails_to(mailbox)]
    assert len(told) == 3
    assert [CALLED in text or ANSWER in text for text in told] == [not safe] * 3
    assert [AGAIN in text for text in told] == [False, False, bool(safe)]


def test_a_locked_page_promises_to_nobody_that_the_number_on_file_is_rung(safe, booked):
    phone = Phone(START).begin()
    for _n in range(5):
        phone.prove("1980-01-01")
    page = phone.look().text_
    assert (AGREED in page, "number on file" in page) == (True, False)


# --- What staff are asked to do ------------------------------------------------------------------

LATE = at("2035-10-25 21:05")  # the evening before: no mail leaves before the session
SAFE_WAY, TELEPHONE = "please use the safe way", "please tell the client by telephone"


def anew(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


@pytest.mark.usefixtures("english")
def test_staff_are_asked_to_use_the_safe_way_where_no_mail_leaves_in_time(safe, booked):
    booked.during = DateTimeTZRange(at("2035-10-26 08:00"), at("2035-10-26 08:50"))
    said = f"Booked. No mail would leave in time: {SAFE_WAY if safe else TELEPHONE}."
    assert booked_words(booked, LATE) == said


@pytest.mark.usefixtures("english")
def test_and_where_no_address_is_on_file(safe, booked):
    be(booked.people[0], email="")
    session = anew(booked)
    asked = SAFE_WAY if safe else TELEPHONE
    assert booked_words(session, BOOKED_AT) == f"Booked. No mail address is on file: {asked}."
    (untold, *_mails) = mail_states.of(session, BOOKED_AT)
    assert untold.reason == f"{asked.capitalize()}."


@pytest.mark.usefixtures("english")
def test_and_where_a_mail_came_too_late(safe, booked):
    Outbox.objects.update(state="dropped", reason="too late")
    (state,) = mail_states.of(anew(booked), BOOKED_AT)
    assert state.reason == f"{SAFE_WAY if safe else TELEPHONE} if need be"


@pytest.mark.usefixtures("english")
def test_and_by_a_to_do(safe, booked, counsellor, admin):
    (person,) = booked.people
    for number, who in enumerate(({"owner": counsellor}, {"role": "admin"})):
        about = {"kind": "undeliverable", "key": str(number), "about": person.actor_label}
        Task.objects.create(**about, **who, due=BOOKED_AT)
    asked = "Please use the safe way." if safe else "Please telephone."
    ways = [[row.client_url for row in stored_tasks(user)] for user in (counsellor, admin)]
    assert ways == [[f"/clients/{person.pk}/"], [""]]
    told = [[row.detail for row in stored_tasks(user)] for user in (counsellor, admin)]
    assert told == [[f"To 江小滿. {asked}"], [f"To client no. {person.pk}. {asked}"]]


@pytest.mark.usefixtures("english")
def test_the_to_dos_of_any_number_of_clients_cost_the_same(
    booked, counsellor, django_assert_num_queries
):
    (person,) = booked.people
    for number in range(3):
        about = {"kind": "undeliverable", "key": str(number), "about": person.actor_label}
        Task.objects.create(**about, owner=counsellor, due=BOOKED_AT)
        with django_assert_num_queries(4):
            stored_tasks(counsellor)
