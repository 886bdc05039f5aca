"""Delivering by real SMTP: never lost, held where it must be held, given up only in words."""

import logging
from datetime import UTC, datetime
from datetime import time as clock

import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils.translation import get_language, override

from clinic.embedded.redis import free_port
from clinic.kernel.outbox import delivery
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import (
    Done,
    Drop,
    Letter,
    Recipient,
)
from clinic.kernel.tasks.models import Task
from tests.kernel.post_office import (
    ADDRESS,
    PAST,
    again,
    ids,
    say,
    step,
)

# --- Ends ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_letter_arrives_as_written(office, people):
    row = say()
    assert deliver_due() == 1
    (mail,) = office.messages
    assert (mail["Message-ID"], mail["To"], mail["Subject"]) == (row.message_id, ADDRESS, "Subject")
    assert mail["From"] == f"節氣工作室 <{django_settings.MAIL_FROM}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Text"]
    assert mail.get_body(("html",)).get_content().splitlines() == ["<p>Text</p>"]
    row = again(row)
    assert (row.state, row.maybe_twice, row.lease, row.lease_until) == ("sent", False, None, None)
    assert row.finished_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["on_recipient", "on_message"])
def test_a_passing_refusal_is_tried_again_after_one_two_four_minutes_and_then_given_up(
    office, people, where
):
    setattr(office, where, "450 not now")
    row = say()
    waits = []
    with time_machine.travel(PAST, tick=False):
        for _attempt in range(delivery.MAX_ATTEMPTS - 1):
            step()
            now = again(row)
            assert (now.state, now.reason) == ("waiting", "smtp 450")
            waits.append((now.not_before - PAST).total_seconds() / 60)
        assert waits == [1, 2, 4, 8, 16, 32, 64]
        assert Task.objects.count() == 0
        step()
    assert (again(row).state, again(row).attempts) == ("given_up", 8)
    task = Task.objects.get()
    assert (task.kind, task.key, task.role, task.about) == (
        "undeliverable",
        str(row.pk),
        "admin",
        "test:1",
    )


@pytest.mark.django_db
def test_after_a_passing_refusal_it_arrives_once(office, people):
    office.on_message = "451 not now"
    row = say()
    step()
    office.on_message = "250 taken"
    Outbox.objects.update(not_before=PAST)
    step()
    assert (ids(office.messages), again(row).state) == ([row.message_id], "sent")
    assert again(row).maybe_twice is False


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["on_recipient", "on_message"])
def test_a_final_refusal_is_given_up_at_once_with_one_task(office, people, where):
    setattr(office, where, "550 no such mailbox")
    row = say()
    assert deliver_due() == 1
    assert (again(row).state, again(row).reason) == ("given_up", "smtp 550")
    assert [(task.kind, task.key) for task in Task.objects.all()] == [
        ("undeliverable", str(row.pk))
    ]
    assert deliver_due() == 0


@pytest.mark.django_db
def test_a_server_that_refuses_ourselves_is_no_reason_to_give_a_message_up(office, people):
    office.on_sender = "550 not from you"
    row = say()
    step()
    assert (again(row).state, again(row).reason) == ("waiting", "smtp 550")
    assert Task.objects.count() == 0


@pytest.mark.django_db
def test_a_line_that_breaks_after_handing_over_is_told_as_possibly_doubled(office, people):
    office.hang_up = True
    row = say()
    step()
    assert (again(row).state, again(row).reason) == ("waiting", "no answer")
    office.hang_up = False
    Outbox.objects.update(not_before=PAST)
    step()
    assert (ids(office.messages), again(row).maybe_twice) == ([row.message_id] * 2, True)


@pytest.mark.django_db
def test_a_server_that_is_not_there_is_waited_for(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    row = say()
    step()
    row = again(row)
    assert (row.state, row.reason, row.maybe_twice) == ("waiting", "ConnectionRefusedError", False)


@pytest.mark.django_db
def test_nobody_to_write_to_is_a_task(office, people):
    people[1] = Recipient("", "zh-hant", "江小滿", client=True)
    row = say()
    deliver_due()
    assert (again(row).state, again(row).reason) == ("given_up", "no address")
    assert [(task.kind, task.key) for task in Task.objects.all()] == [("no_address", str(row.pk))]
    assert office.messages == []


@pytest.mark.django_db
@pytest.mark.parametrize("urgent", [False, True])
def test_who_must_never_be_written_to_is_not_even_when_it_is_urgent(office, people, urgent):
    people[1] = Recipient(ADDRESS, "en", "江小滿", client=True, may_mail=False)
    row = say(urgent=urgent)
    deliver_due()
    assert (again(row).state, again(row).reason) == ("held", "safe contact")
    assert (office.messages, Task.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_dropped_message_says_why(office, people, kinds):
    kinds["test"] = lambda row, who, now: Drop("licence renewed")
    row = say()
    deliver_due()
    assert (again(row).state, again(row).reason) == ("dropped", "licence renewed")
    assert office.messages == []


@pytest.mark.django_db
def test_work_that_writes_to_nobody_is_done(kinds):
    kinds["test"] = lambda row, who, now: Done()
    row = say(recipient="")
    deliver_due()
    assert again(row).state == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["broken", "unknown"])
def test_a_handler_that_fails_does_not_stop_the_others(office, people, kinds, caplog, kind):
    def broken(row, who, now):
        raise RuntimeError(who.name)

    kinds["broken"] = broken
    bad, good = say("1", kind=kind, urgent=True), say("2")
    deliver_due()
    reasons = {"broken": "RuntimeError", "unknown": "KeyError"}
    assert (again(bad).state, again(bad).reason) == ("waiting", reasons[kind])
    assert (again(good).state, ids(office.messages)) == ("sent", [good.message_id])
    assert "江小滿" not in caplog.text
    assert f"outbox row {bad.pk} ({kind}) was not delivered" in caplog.text


@pytest.mark.django_db
def test_a_letter_is_written_in_its_readers_language(office, people, kinds):
    kinds["test"] = lambda row, who, now: Letter(get_language(), "-", "-", "x")
    people[2] = Recipient(ADDRESS, "zh-hant", "江小滿")
    say("1")
    say("2", recipient="test:2")
    deliver_due()
    assert [mail["Subject"] for mail in office.messages] == ["en", "zh-hant"]


@pytest.mark.django_db
def test_delivered_mail_is_logged_by_key_only(office, people, caplog):
    caplog.set_level(logging.DEBUG)
    say()
    deliver_due()
    ours = "".join(r.getMessage() for r in caplog.records if r.name.startswith("clinic"))
    assert [word for word in ("江小滿", ADDRESS) if word in ours] == []


# --- Hostile text --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("where", ["subject", "sender", "sender zh"])
def test_a_line_break_cannot_make_a_header(office, people, kinds, where, end):
    evil = f"Hello{end}Bcc: thief@elsewhere.example"
    subject = evil if where == "subject" else "Subject"
    sender = {"sender": evil, "sender zh": f"節氣{evil}"}.get(where, "Clinic")
    kinds["test"] = lambda row, who, now: Letter(subject, "-", "-", sender)
    row = say()
    step()
    assert [mail["Bcc"] for mail in office.messages if mail["Bcc"]] == []
    if where != "sender zh":
        reason = {"subject": "BadHeaderError", "sender": "ValueError"}[where]
        assert (again(row).state, again(row).reason) == ("waiting", reason)
        assert office.messages == []


@pytest.mark.django_db
def test_an_address_with_a_line_break_reaches_nobody(office, people):
    people[1] = Recipient(f"{ADDRESS}\nBcc: thief@elsewhere.example", "en", "江小滿")
    row = say()
    step()
    assert (again(row).state, office.messages) == ("waiting", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sender", ["Seasons, Clinic", 'The "Seasons"', "a <b@c.example>", "節氣, 工作室", "x; y: z"]
)
def test_marks_in_the_senders_name_are_part_of_the_name(office, people, kinds, sender):
    kinds["test"] = lambda row, who, now: Letter("Subject", "-", "-", sender)
    row = say()
    step()
    assert again(row).state == "sent"
    (address,) = office.messages[0]["From"].addresses
    assert (address.display_name, address.addr_spec) == (sender, django_settings.MAIL_FROM)


# --- The window of the day -----------------------------------------------------------------------


@pytest.mark.django_db
def test_unasked_mail_to_clients_waits_for_the_morning(office, people):
    people[1] = Recipient(ADDRESS, "zh-hant", "江小滿", client=True)
    night = datetime(2024, 1, 2, 14, 30, tzinfo=UTC)  # 22:30 in Taipei
    row = say(now=night)
    with time_machine.travel(night, tick=False):
        step()
    row = again(row)
    assert (row.state, row.reason, row.attempts) == ("waiting", "send window", 0)
    assert row.not_before == datetime(2024, 1, 3, 0, 0, tzinfo=UTC)
    with override("en"):
        assert row.status(night) == ("info", "waiting for the send window")
    with time_machine.travel(row.not_before, tick=False):
        step()
    assert ids(office.messages) == [row.message_id]


@pytest.mark.django_db
@pytest.mark.parametrize(("client", "urgent"), [(True, True), (False, False)])
def test_urgent_mail_and_mail_to_staff_leaves_at_any_hour(office, people, client, urgent):
    people[1] = Recipient(ADDRESS, "zh-hant", "江小滿", client=client)
    night = datetime(2024, 1, 2, 18, 0, tzinfo=UTC)
    say(now=night, urgent=urgent)
    with time_machine.travel(night, tick=False):
        step()
    assert len(office.messages) == 1


@pytest.mark.django_db
def test_a_window_without_an_hour_holds_the_message_and_somebody_telephones(office, people):
    never = (clock(22), clock(21))
    people[1] = Recipient(ADDRESS, "zh-hant", "江小滿", client=True, window=never)
    row = say()
    step()
    assert (again(row).state, again(row).reason) == ("held", "no safe hour")
    tasks = [(task.kind, task.key) for task in Task.objects.all()]
    assert tasks == [("undeliverable", str(row.pk))]
