"""Five wrong birth dates close an appointment's page; who holds the session opens it again."""

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from clinic.errors import NotAllowed, Refused
from clinic.kernel.action import VERBS
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from clinic.today.rows import stored_tasks
from sessions.client.opening_again import locked_pages, open_page
from sessions.stored_todos import sessions_of
from tests.sessions.conftest import CALL
from tests.sessions.phone import MINUTE, START, Phone, booked_and_mailed
from tests.staff.conftest import words


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    return booked_and_mailed(case, room, counsellor)


@pytest.fixture
def phone(booked):
    """A phone whose holder entered five wrong birth dates."""
    phone = Phone(START).begin()
    lock(phone)
    return phone


def lock(phone: Phone) -> None:
    for _n in range(MOST_TRIES):
        phone.prove("1980-01-01")


def tasks() -> list[tuple[str, bool]]:
    return [(task.kind, task.done_at is None) for task in Task.objects.order_by("pk")]


def test_opened_again_her_birth_date_shows_the_call_by_the_same_link(booked, phone, counsellor):
    phone.prove()
    assert phone.look().context["call"] == "locked"
    open_page(session=booked, by=counsellor, now=START)
    assert phone.look().context["call"] == "prove"
    phone.prove()
    assert CALL in phone.look().text_


def test_the_to_do_is_done_with_it_and_another_lock_leaves_another(booked, phone, counsellor):
    assert tasks() == [("appointment_locked", True)]
    open_page(session=booked, by=counsellor, now=START)
    assert tasks() == [("appointment_locked", False)]
    phone.now = START + MINUTE
    lock(phone)
    phone.prove("1980-01-01")
    assert tasks() == [("appointment_locked", False), ("appointment_locked", True)]


def test_a_to_do_that_is_only_ticked_off_leaves_the_way_open(booked, phone, counsellor):
    Task.objects.update(done_by=counsellor, done_at=START)
    open_page(session=booked, by=counsellor, now=START)
    assert phone.look().context["call"] == "prove"


def test_the_session_page_shows_the_lock_and_opens_it(booked, phone, counsellor, read):
    with time_machine.travel(START, tick=False):
        browser = read(counsellor)
        page = reverse("session", args=[booked.pk])
        said = ("The client's page is closed", "Open the page again")
        assert [text in words(browser.get(page)) for text in said] == [True, True]
        done = browser.post(reverse("session_open_page", args=[booked.pk]), follow=True)
        assert "The page is open again; the link is the same." in words(done)
        assert [text in words(browser.get(page)) for text in said] == [False, False]
    assert phone.look().context["call"] == "prove"


def test_the_to_do_says_where_it_is_opened(phone, counsellor):
    with override("en"):
        (row,) = stored_tasks(counsellor)
        assert row.detail == (
            "To 江小滿. Please telephone. Then open the page again, on the page of the session."
        )


def test_the_to_do_leads_to_the_session(booked, phone, counsellor, admin, read):
    with time_machine.travel(START, tick=False):
        url = reverse("session", args=[booked.pk])
        link = f'<a href="{url}">Go to the session</a>'
        before = link in read(counsellor).get("/").content.decode()
        Task.objects.update(owner=None, role="admin")
        assert (before, link in read(admin).get("/").content.decode()) == (True, False)


def test_so_does_that_of_a_mail_which_reached_nobody(
    booked, counsellor, stranger, django_assert_num_queries
):
    mail, url = Outbox.objects.get(), reverse("session", args=[booked.pk])
    about = {"about": booked.people[0].actor_label, "due": START}
    hers = [
        Task.objects.create(kind=kind, key=str(key), owner=counsellor, **about)
        for kind, key in (
            ("undeliverable", mail.pk),
            ("no_address", 0),
            ("consent_locked", "1:1:x"),
        )
    ]
    places = [
        [p and p.url for p in map(sessions_of(hers, user).get, [t.pk for t in hers])]
        for user in (counsellor, stranger)
    ]
    assert places == [[url, None, None], [None, None, None]]
    with django_assert_num_queries(0):
        sessions_of(hers[2:], counsellor)


def test_only_who_holds_the_session_opens_it(booked, phone, supervisor, oversight):
    with pytest.raises(NotAllowed):
        open_page(session=booked, by=supervisor, now=START)
    assert phone.look().context["call"] == "locked"


def test_the_histories_of_session_and_case_tell_it(booked, phone, counsellor):
    open_page(session=booked, by=counsellor, now=START)
    noted = AuditEntry.objects.filter(verb="session.open_page")
    about = {(row.subject_label, row.subject_id, row.actor) for row in noted}
    assert about == {
        ("telesessions.counsellingsession", booked.pk, counsellor.actor_label),
        ("clinic.case", booked.case_id, counsellor.actor_label),
    }
    assert "session.open_page" in VERBS


def test_what_is_open_is_not_opened_and_what_is_over_is_not_shown(booked, counsellor, phone):
    over = START + 180 * MINUTE
    assert [bool(locked_pages(booked, at)) for at in (START, over)] == [True, False]
    open_page(session=booked, by=counsellor, now=START)
    with pytest.raises(Refused):
        open_page(session=booked, by=counsellor, now=START)
    assert locked_pages(booked, START) == []
