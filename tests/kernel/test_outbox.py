"""The outbox: posted once with its fact, claimed by one worker at a time."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from celery import current_app
from celery.apps.beat import Beat
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.utils import timezone

from clinic.embedded.redis import free_port
from clinic.kernel.outbox import delivery
from clinic.kernel.outbox import post as outbox_post
from clinic.kernel.outbox.delivery import claim, deliver, deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import UNDO, Message, post, post_all
from clinic.kernel.outbox.registry import (
    Done,
    handler,
)
from clinic.kernel.outbox.words import KINDS
from clinic.kernel.tasks.models import Task
from tests.kernel.chains import REAL
from tests.kernel.post_office import (
    LETTER,
    PAST,
    again,
    expire,
    ids,
    say,
)

# --- Posting -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_same_message_posted_twice_is_one_row():
    first = say()
    assert say() == first
    post("test", recipient="test:1", occasion="1", version=2, now=PAST)
    assert Outbox.objects.count() == 2
    assert first.message_id.endswith("@" + django_settings.MAIL_FROM.partition("@")[2] + ">")


@pytest.mark.django_db
def test_many_messages_are_one_query_and_those_already_there_stay(django_assert_num_queries):
    first = say("1")
    wanted = [Message("test", "test:1", str(number)) for number in (1, 2, 3, 3)]
    with django_assert_num_queries(1):
        post_all(wanted, now=PAST)
    rows = Outbox.objects.order_by("pk")
    assert [row.occasion for row in rows] == ["1", "2", "3"]
    assert rows.first().message_id == first.message_id
    with django_assert_num_queries(0):
        post_all([], now=PAST)


@pytest.mark.django_db
def test_a_message_is_posted_with_its_fact_or_not_at_all():
    with pytest.raises(RuntimeError), transaction.atomic():
        say()
        raise RuntimeError
    assert Outbox.objects.count() == 0


@pytest.mark.django_db
def test_a_change_by_staff_waits_three_minutes():
    assert say(delay=UNDO).not_before == PAST + timedelta(minutes=3)


@pytest.mark.django_db
def test_what_is_not_due_yet_is_not_claimed():
    say(now=timezone.now() + timedelta(minutes=1))
    assert claim() == []


@pytest.fixture
def no_broker(monkeypatch):
    """Nobody listens where Redis should be."""
    app = current_app._get_current_object()
    monkeypatch.setattr(outbox_post, "_rests_until", 0.0)
    address = app.conf.broker_url
    app.conf.broker_url = f"redis://127.0.0.1:{free_port()}/0"
    app.amqp._producer_pool = app._pool = None
    yield
    app.conf.broker_url = address
    app.amqp._producer_pool = app._pool = None


@REAL
def test_without_the_broker_a_post_commits_at_once_and_the_sweep_delivers(
    office, people, no_broker, caplog
):
    caplog.set_level(logging.WARNING)
    began = time.monotonic()
    rows = [say("1"), say("2")]
    assert time.monotonic() - began < 1
    assert [record.message for record in caplog.records] == [
        "the broker could not be reached; messages wait until it is back"
    ]
    assert deliver_due() == 2
    assert ids(office.messages) == [row.message_id for row in rows]


def test_the_sweep_and_the_hint_name_tasks_that_exist():
    named = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    current_app.loader.import_default_modules()
    assert named == {name for name in current_app.tasks if name.startswith("clinic.")}
    assert "clinic.deliver_outbox" in named


def test_the_beat_keeps_no_file_that_a_full_disk_could_refuse(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = Beat(app=current_app)
    names = {"scheduler_cls": found.scheduler_cls, "schedule_filename": found.schedule}
    entries = found.Service(current_app, **names).scheduler.schedule
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert (set(entries), kept) == (set(django_settings.CELERY_BEAT_SCHEDULE), [])


def test_a_kind_has_one_handler(kinds):
    with pytest.raises(ValueError, match="test"):
        handler("test", "a test")(lambda row, who, now: LETTER)
    assert "test" not in KINDS


# --- Claiming ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_claim_takes_at_most_the_batch_urgent_and_oldest_first():
    for number in range(7):
        say(str(number), now=PAST + timedelta(minutes=number))
    say("urgent", now=PAST + timedelta(hours=1), urgent=True)
    assert [row.occasion for row in claim(batch=3)] == ["urgent", "0", "1"]
    assert [row.occasion for row in claim(batch=3)] == ["2", "3", "4"]
    assert [row.occasion for row in claim(batch=3)] == ["5", "6"]
    assert claim(batch=3) == []


@REAL
def test_two_connections_never_claim_the_same_row():
    for number in range(40):
        say(str(number))
    gate = threading.Barrier(4)

    def work(_number):
        gate.wait()
        taken = []
        while rows := claim(batch=3):
            taken += [row.pk for row in rows]
        connections.close_all()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [pk for part in pool.map(work, range(4)) for pk in part]
    assert sorted(taken) == sorted(Outbox.objects.values_list("pk", flat=True))


@REAL
def test_rows_that_another_is_just_claiming_are_passed_over_at_once():
    for number in range(5):
        say(str(number))

    def other():
        try:
            return [row.occasion for row in claim()]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        assert [row.occasion for row in claim(batch=2)] == ["0", "1"]
        assert pool.submit(other).result(timeout=5) == ["2", "3", "4"]


@pytest.mark.django_db
def test_an_expired_lease_is_taken_over_with_the_same_message_id(office, people):
    row = say()
    (first,) = claim()
    delivery._send(first, LETTER, people[1])  # and then the worker is killed
    assert claim() == []
    expire(row)
    (second,) = claim()
    assert (second.pk, second.maybe_twice, second.lease != first.lease) == (row.pk, True, True)
    deliver(second)
    assert ids(office.messages) == [row.message_id] * 2
    assert (again(row).state, again(row).maybe_twice) == ("sent", True)


@pytest.mark.django_db
def test_who_lost_the_lease_neither_sends_nor_ends_the_row(office, people):
    row = say()
    (slow,) = claim()
    expire(row)
    (quick,) = claim()
    deliver(slow)
    assert (office.messages, again(row).state, again(row).lease) == ([], "sending", quick.lease)
    deliver(quick)
    delivery._end(slow, state="given_up", finished_at=PAST, task="undeliverable")
    assert (ids(office.messages), again(row).state) == ([row.message_id], "sent")
    assert Task.objects.count() == 0


@pytest.mark.django_db
def test_each_message_of_a_batch_begins_its_lease_anew(people, kinds):
    say("1")
    say("2")
    seen = []

    def look(row, who, now):
        seen.append(again(row).lease_until)
        return Done()

    kinds["test"] = look
    rows = claim()
    Outbox.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    for row in rows:
        deliver(row)
    assert all(until > timezone.now() + timedelta(seconds=100) for until in seen)
    assert len(seen) == 2
