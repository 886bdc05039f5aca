"""The page behind an appointment's link: no more than the mail said, the call when it is time."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.accounts.actions import close_account
from clinic.clients.actions import close_case, reopen_case
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.models import Link, LinkUse
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from sessions.booking.actions import book, cancel, move
from sessions.models import CounsellingSession
from tests.consent.phone import everything
from tests.sessions.conftest import CALL
from tests.sessions.phone import BOOKED_AT, MINUTE, START, Phone, booked_and_mailed
from tests.sessions.post import deliver

NAMES = ("guyu", "廿四節氣", "0000-000-001", "視訊")


@pytest.fixture
def client_person(case):
    (person,) = case.people
    return person


@pytest.fixture
def booked(case, room, counsellor, mailbox):
    return booked_and_mailed(case, room, counsellor)


def anew(session) -> CounsellingSession:
    return CounsellingSession.objects.with_people().get(pk=session.pk)


def test_before_the_button_the_link_tells_nothing(booked, client_person):
    phone = Phone()
    before = everything()
    for method in ("get", "head", "get"):
        assert phone.ask(method, phone.mailed).status_code == 200
    page = phone.ask("get", phone.mailed).text_
    told = (*NAMES, client_person.name, "14:00")
    assert [word for word in told if word in page] == []
    assert (everything() == before, phone.look().status_code) == (True, 410)


def test_the_page_says_what_the_mail_said_and_changes_nothing(booked, client_person):
    phone = Phone().begin()
    before = everything()
    page = phone.look().text_
    said = ("2035-10-26（五）14:00 臺北時間", "guyu", "視訊", "tel:0000000001", "tel:119")
    assert [word in page for word in said] == [True] * len(said)
    assert [word in page for word in (client_person.name, CALL, "birth_date")] == [False] * 3
    assert everything() == before
    assert LinkUse.objects.count() == 1


def test_a_neutral_page_says_no_more_than_the_neutral_mail(booked, client_person):
    client_person.neutral_contact = True
    client_person.save()
    page = Phone().begin().look().text_
    assert [word for word in (*NAMES, client_person.name) if word in page] == []
    assert ("節氣工作室" in page, "0000-000-002" in page) == (True, True)


@pytest.mark.parametrize(
    ("minutes", "asked"), [(-31, False), (-30, True), (0, True), (49, True), (50, False)]
)
def test_the_call_is_there_from_half_an_hour_before_to_the_end(booked, minutes, asked):
    phone = Phone(START + minutes * MINUTE).begin()
    page = phone.look().text_
    assert (CALL in page, "birth_date" in page) == (False, asked)
    phone.prove()
    assert (CALL in phone.look().text_) == asked


def test_a_proof_lasts_from_the_reminder_to_the_end(booked):
    phone = Phone(START - 30 * MINUTE).begin()
    phone.prove()
    phone.now = START + 49 * MINUTE
    assert CALL in phone.look().text_


def test_five_wrong_birth_dates_close_the_call_and_ask_for_a_call(booked, counsellor):
    phone = Phone(START).begin()
    answers = [phone.prove("1980-01-01").status_code for _n in range(MOST_TRIES)]
    phone.prove()
    page = phone.look().text_
    assert (answers, CALL in page, "birth_date" in page) == ([200] * MOST_TRIES, False, False)
    assert [(t.kind, t.owner) for t in Task.objects.all()] == [("appointment_locked", counsellor)]
    assert AuditEntry.objects.filter(verb="link.prove").count() == MOST_TRIES + 1


def put_at(page) -> list[tuple[str, str]]:
    """Return what takes the focus when the page opens: its id, if it has one, and its words."""
    drawn = r'(?:id="(\w+)" )?role="alert" tabindex="-1">(?:<p>)?([^<]+)'
    return re.findall(drawn, page.content.decode())


def test_a_wrong_birth_date_is_said_where_the_page_begins_and_in_its_title(booked):
    phone = Phone(START).begin()
    before, wrong = phone.look(), phone.prove("1980-01-01")
    title, field = "<title>請修改： 您的約定</title>", 'aria-describedby="birth_help birth_error"'
    assert (put_at(before), title in before.content.decode()) == ([], False)
    assert put_at(wrong) == [("birth_error", "和本機構留存的出生日期不符合，請再看一次。")]
    assert [word in wrong.content.decode() for word in (title, field)] == [True, True]


def test_without_a_script_the_answer_opens_at_the_words_about_it(booked):
    page = Phone(START).begin().prove("1980-01-01")
    ((place, _said),) = put_at(page)
    assert f'<form class="stack" method="post" action="#{place}"' in page.content.decode()


def test_the_last_wrong_birth_date_says_that_it_is_closed_and_asks_for_no_correction(booked):
    phone = Phone(START).begin()
    pages = [phone.prove("1980-01-01") for _n in range(MOST_TRIES)]
    ((place, said),) = put_at(pages[-1])
    told = "5 次" in said, "請修改" in pages[-1].content.decode()
    assert (place, told) == ("birth_error", (True, False))
    assert put_at(phone.look()) == []


@pytest.mark.parametrize("channel", ["telephone", "in_person"])
def test_other_ways_ask_for_nothing(case, room, counsellor, mailbox, channel):
    start = {"case": case, "room": room, "channel": channel, "start": START, "minutes": 50}
    book(**start, by=counsellor, now=BOOKED_AT)
    deliver(BOOKED_AT + 4 * MINUTE)
    page = Phone(START - 10 * MINUTE).begin().look()
    assert ("birth_date" in page.text_, page.context["call"]) == (False, "no")


def test_a_cancelled_session_says_so_and_how_to_go_on(booked, counsellor):
    cancel(session=booked, side="clinic", reason="示範", by=counsellor, now=BOOKED_AT)
    phone = Phone(START - 10 * MINUTE).begin()
    page = phone.look()
    assert (page.status_code, page.context["state"], CALL in page.text_) == (
        200,
        "cancelled",
        False,
    )
    assert "tel:0000000001" in page.text_
    phone.prove()
    assert CALL not in phone.look().text_


def test_a_session_that_cannot_begin_asks_her_to_call_and_shows_no_call(booked, counsellor, admin):
    close_case(case=booked.case, reason="示範", by=counsellor, now=BOOKED_AT)
    phone = Phone(START - 10 * MINUTE).begin()
    phone.prove()
    page = phone.look()
    assert (page.status_code, page.context["state"]) == (200, "ask")
    told = (CALL, "birth_date", "視訊", "guyu")
    assert [word for word in told if word in page.text_] == []
    assert ("tel:0000000001" in page.text_, "2035-10-26" in page.text_) == (True, True)
    reopen_case(case=booked.case, by=counsellor, now=BOOKED_AT)
    assert CALL in phone.look().text_
    close_account(user=counsellor, by=admin, now=BOOKED_AT)
    page = phone.look()
    assert (page.context["state"], CALL in page.text_) == ("ask", False)


def test_a_moved_session_shows_its_time_now_and_no_other(booked, counsellor):
    values = {"room": booked.room, "channel": "video", "minutes": 50, "call_link": CALL}
    start = START + timedelta(days=1)
    move(session=booked, start=start, **values, by=counsellor, now=BOOKED_AT)
    page = Phone(START).begin().look()
    assert ("2035-10-27（六）14:00" in page.text_, "2035-10-26" in page.text_) == (True, False)
    assert page.context["call"] == "later"


def test_after_the_end_it_is_over_and_two_hours_later_the_link_is(booked):
    phone = Phone(START + 60 * MINUTE).begin()
    assert (phone.look().status_code, phone.look().context["state"]) == (200, "over")
    phone.now = START + 170 * MINUTE
    assert phone.look().status_code == 410
    again = phone.ask("get", phone.mailed)
    assert (again.status_code, "guyu" in again.text_) == (410, False)


def test_a_corrected_address_closes_the_old_link_at_once(booked, client_person):
    phone = Phone().begin()
    client_person.email = "new@client.example"
    client_person.save()
    page = phone.look()
    assert (page.status_code, "guyu" in page.text_, "2035" in page.text_) == (410, False, False)


def test_who_left_the_case_sees_nothing(booked, client_person):
    phone = Phone().begin()
    booked.case.participants.update(left_at=BOOKED_AT)
    assert phone.look().status_code == 410


def test_no_cookie_of_another_link_opens_it(booked, case, room, counsellor):
    book(
        case=case,
        room=room,
        channel="telephone",
        start=START + timedelta(days=1),
        minutes=50,
        by=counsellor,
        now=BOOKED_AT,
    )
    first = Phone()
    deliver(BOOKED_AT + 4 * MINUTE)
    other = Link.objects.exclude(pk=first.link.pk).get(purpose="appointment")
    first.begin()
    assert first.ask("get", reverse("appointment", args=[other.pk])).status_code == 410
    first.browser.cookies[f"link-{other.pk}"] = first.browser.cookies[f"link-{first.link.pk}"].value
    assert first.ask("get", reverse("appointment", args=[other.pk])).status_code == 410
    assert first.look().status_code == 200


def test_the_page_is_small_and_never_kept(booked):
    page = Phone().begin().look()
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.content) < 12_000


def test_other_methods_do_nothing(booked):
    phone = Phone(START).begin()
    assert [phone.ask(m, phone.page).status_code for m in ("put", "delete", "patch")] == [405] * 3


def test_while_the_session_runs_longer_she_comes_back_to_the_call(booked):
    phone = Phone(START - 10 * MINUTE).begin()
    phone.prove()
    phone.now = START + 55 * MINUTE
    CounsellingSession.objects.update(state="started", started_at=START)
    page = phone.look()
    assert (page.context["state"], CALL in page.text_) == ("standing", True)
    CounsellingSession.objects.update(state="ended", ended_at=phone.now)
    page = phone.look()
    assert (page.context["state"], CALL in page.text_) == ("over", False)
