"""What staff are told of consent: what waits, and what each answer says."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from clinic.accounts.actions import close_account
from clinic.kernel.documents.models import Document
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.todo import todos_for
from clinic.today.rows import stored_tasks
from consent.actions import countersign, resend
from consent.client.steps import steps_of
from consent.models import Request
from consent.reminders import remind, send_copies
from consent.signing import answer
from tests.consent.phone import Phone


def test_administrators_are_told_that_no_form_is_published(clinic, admin, counsellor, now):
    told = [[t.action_url for t in todos_for(who, now)] for who in (admin, counsellor)]
    assert [("/forms/" in urls) for urls in told] == [True, False]


def test_with_published_forms_nothing_is_asked_of_administrators(forms, admin, now):
    assert [t.action_url for t in todos_for(admin, now)].count("/forms/") == 0


def test_a_notice_is_understood_and_an_item_agreed_to(ready):
    with override("en"):
        said = {step.item.code[0]: step.words for step in steps_of(ready)}
    assert said == {"N": "understood", "A": "agrees", "P": "agrees"}


def gone(client_person, request) -> None:
    """Her address is empty by the time the worker comes."""
    client_person.email = ""
    client_person.save()
    rows = Outbox.objects.filter(occasion=request.occasion)
    rows.update(not_before=timezone.now() - timedelta(days=1))
    deliver_due()


def test_her_psychologist_telephones_who_cannot_be_reached_by_mail(
    request_sent, client_person, counsellor, admin
):
    gone(client_person, request_sent)
    with override("en"):
        told = [stored_tasks(user) for user in (counsellor, admin)]
    said = [[(row.title, row.detail) for row in rows] for rows in told]
    words = ("A message has no mail address to go to", "To 江小滿. Please telephone.")
    assert said == [[words], []]


def test_where_the_psychologist_has_left_administrators_are_told_without_a_name(
    request_sent, client_person, counsellor, admin, now
):
    close_account(user=counsellor, by=admin, now=now)
    gone(client_person, request_sent)
    with override("en"):
        (row,) = stored_tasks(admin)
    assert row.detail == f"To client no. {client_person.pk}. Please telephone."


def test_what_does_not_reach_staff_is_for_administrators(signed, counsellor, admin, now):
    counsellor.email = ""
    counsellor.save()
    deliver_due()
    assert [(task.owner, task.role) for task in Task.objects.all()] == [(None, "admin")]


def test_what_is_sent_again_leaves_although_only_the_signature_is_missing(ready, counsellor, now):
    Outbox.objects.update(state="sent", finished_at=now)
    resend(request=ready, by=counsellor, now=now)
    Outbox.objects.filter(state="waiting").update(not_before=now - timedelta(days=1), urgent=True)
    deliver_due()
    row = Outbox.objects.about(ready.occasion).first()
    assert (row.kind, row.state) == ("consent_request", "sent")


def reminded(request, now, days) -> list[tuple[str, str]]:
    """How the reminder of the second day ended."""
    remind(now + days(2))
    rows = Outbox.objects.filter(kind="consent_reminder_day2")
    rows.update(not_before=now - days(1), urgent=True)
    deliver_due()
    return [(row.state, row.reason) for row in rows.all()]


@pytest.mark.parametrize("choice", ["ask", "disagree"])
def test_a_reminder_does_not_leave_while_she_waits_for_us(opened, client_person, now, days, choice):
    asked = {"item": opened.asked_items()[7], "choice": choice, "text": "為什麼？"}
    answer(request=opened, **asked, by=client_person, now=now)
    assert reminded(opened, now, days) == [("dropped", "waits for our reply")]


def test_who_agreed_after_all_is_reminded(opened, client_person, now, days):
    for choice in ("disagree", "agree"):
        item = opened.asked_items()[7]
        answer(request=opened, item=item, choice=choice, by=client_person, now=now)
    assert reminded(opened, now, days) == [("sent", "")]


PASSED_ON = (
    "You do not agree to an item for now. We have passed that on: your psychologist will talk with "
    "you about another way."
)


def lacks(request) -> list[str]:
    return Phone(request).begin().get("review").context["lacks"]


def test_who_does_not_agree_reads_that_it_was_passed_on(ready, client_person, now):
    Request.objects.update(language="en")
    item = ready.asked_items()[7]
    answer(request=ready, item=item, choice="disagree", by=client_person, now=now)
    assert lacks(ready) == [PASSED_ON]


def test_what_is_still_hers_to_answer_is_said_beside_it(opened, client_person, now):
    Request.objects.update(language="en")
    item = opened.asked_items()[7]
    answer(request=opened, item=item, choice="disagree", by=client_person, now=now)
    assert lacks(opened)[:2] == ["Some items are not agreed to yet.", PASSED_ON]


def test_a_copy_is_announced_once_the_beat_runs_again(signed, counsellor, now, days):
    countersign(request=signed.request, by=counsellor, now=now)
    Outbox.objects.filter(kind="document.render").update(not_before=now - days(1))
    deliver_due()
    assert Document.objects.get(subject_id=signed.pk).state == "sealed"
    for day in (12, 13):
        send_copies(now + days(day))
    assert Outbox.objects.filter(kind="signed_copy").count() == 1


def test_the_psychologists_own_notice_does_not_stand_among_the_clients_mails(
    signed, counsellor, browse
):
    page = browse(counsellor).get(f"/consent/{signed.request.pk}/")
    shown = [row.kind for row, _tone, _words in page.context["mails"]]
    assert shown == ["ready_to_sign", "consent_request"]
