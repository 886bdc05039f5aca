"""What Today asks of the psychologist about her consent forms."""

from datetime import datetime

import pytest
from django.utils import timezone
from django.utils.translation import override

from clinic.accounts.actions import change_account
from clinic.clients.actions import open_case, register_client
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.todo import todos_for
from clinic.today.rows import stored_tasks
from consent.actions import countersign, expire, send_request
from consent.publishing import publish_forms
from consent.reminders import BY, remind
from consent.requirements import GRACE
from consent.signing import answer, decline
from consent.todo import WORKING_DAYS, working_days
from tests.consent.conftest import BORN


@pytest.fixture
def told(counsellor):
    """``told(at)``: title and detail of each to-do about her forms at that time."""

    def told(at) -> list[tuple[str, str]]:
        with override("en"):
            found = [t for t in todos_for(counsellor, at) if t.action_url.startswith("/consent/")]
            return [(str(todo.title), str(todo.detail)) for todo in found]

    return told


@pytest.mark.parametrize("choice", ["ask", "disagree"])
def test_a_decline_does_not_hide_behind_what_she_asked_or_refused_before(
    opened, client_person, told, now, choice
):
    asked = {"item": opened.asked_items()[7], "choice": choice, "text": "為什麼？"}
    answer(request=opened, **asked, by=client_person, now=now)
    decline(request=opened, by=client_person, now=now)
    assert told(now) == [("江小滿 has not signed", "Please telephone.")]


def test_nor_does_an_expiry(opened, client_person, told, now, days):
    asked = {"item": opened.asked_items()[7], "choice": "ask", "text": "為什麼？"}
    answer(request=opened, **asked, by=client_person, now=now)
    expire(request=opened, by=BY, now=now + days(8))
    assert told(now + days(8)) == [("江小滿 has not signed", "Please telephone.")]


def test_quiet_forms_do_not_hide_what_waits(
    signed, forms, counsellor, approval, told, monkeypatch, now, days
):
    values = {"name": "示範", "sex": "female", "birth_date": BORN, "email": "other@client.example"}
    other = register_client(values=values, by=counsellor, now=now)
    quiet = open_case(person=other, by=counsellor, now=now)
    send_request(case=quiet, by=counsellor, now=now - days(1))
    monkeypatch.setattr("consent.todo.MOST", 1)
    assert told(now) == [("江小滿 has signed", "")]


@pytest.mark.parametrize(("mailed", "detail"), [(2, "Reminded twice. "), (1, ""), (0, "")])
def test_who_was_not_reminded_twice_is_not_said_to_have_been(
    request_sent, told, now, days, mailed, detail
):
    for day in (2, 4):
        remind(now + days(day))
    rows = Outbox.objects.filter(kind__startswith="consent_reminder")
    rows.update(state="held", finished_at=now)
    rows.filter(pk__in=rows[:mailed].values("pk")).update(state="sent")
    assert told(now + days(6)) == [("江小滿 has not signed yet", f"{detail}Please telephone.")]


def test_who_no_longer_works_with_clients_reads_no_name(signed, counsellor, admin, now):
    person = signed.request.signer
    who = {"owner": counsellor, "about": person.actor_label}
    Task.objects.create(kind="consent_locked", key="1", due=now, **who)
    change_account(user=counsellor, name=counsellor.name, roles=["admin"], by=admin, now=now)
    counsellor.refresh_from_db()
    shown = [str(todo.title) for todo in todos_for(counsellor, now)]
    shown += [row.detail for row in stored_tasks(counsellor)]
    assert [words for words in shown if person.name in words] == []


def test_who_signed_replaced_words_is_counted_until_a_newer_form_is_on_its_way(
    signed, clinic, admin, counsellor, stranger, browse, now, days
):
    countersign(request=signed.request, by=counsellor, now=now)

    def told(who, at) -> list[tuple]:
        with override("en"):
            rows = [t for t in todos_for(who, at) if t.action_url == "/clients/?consent=replaced"]
            return [(str(row.title), str(row.detail), row.state) for row in rows]

    seen = [told(counsellor, now)]
    clinic.phone = "0000-000-009"
    clinic.save(update_fields=["phone"])
    publish_forms(by=admin, now=now)
    until = timezone.localdate(now + GRACE).isoformat()
    words = ("One client has to sign the newer form", f"The first signature counts until {until}.")
    seen += [told(counsellor, now), told(counsellor, now + GRACE)]
    seen += [told(counsellor, now + GRACE + days(1)), told(stranger, now)]
    assert seen == [[], *[[(*words, "fix")]] * 2, [(*words, "stop")], []]
    listed = browse(counsellor).get("/clients/?consent=replaced").context["rows"]
    send_request(case=signed.request.case, by=counsellor, now=now + days(1))
    assert (len(listed), told(counsellor, now + days(1))) == (1, [])


def test_who_expects_no_call_is_to_be_reached_by_the_safe_way(
    request_sent, client_person, told, now, days
):
    client_person.safe_channel = "email"
    client_person.save()
    asked = "Please use the safe way."
    assert told(now + days(6)) == [("江小滿 has not signed yet", asked)]
    for day in (2, 4):
        remind(now + days(day))
    reminders = Outbox.objects.filter(kind__startswith="consent_reminder")
    reminders.update(state="sent", finished_at=now)
    assert told(now + days(6)) == [("江小滿 has not signed yet", f"Reminded twice. {asked}")]
    expire(request=request_sent, by=BY, now=now + days(30))
    assert told(now + days(30)) == [("江小滿 has not signed", asked)]


@pytest.mark.parametrize(
    ("later", "count"),
    [("20T23:00", 0), ("22T23:00", 0), ("23T00:30", 1), ("24T23:59", 2), ("25T00:00", 3)],
)
def test_who_signed_on_friday_evening_is_late_from_wednesday_on(later, count):
    """As her page promises: within two working days."""
    friday, at = (datetime.fromisoformat(f"2026-11-{day}+08:00") for day in ("20T18:00", later))
    assert (working_days(friday, at), count > WORKING_DAYS) == (count, later == "25T00:00")
