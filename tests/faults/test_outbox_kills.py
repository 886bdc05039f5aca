"""A worker killed again and again, and the broker emptied: nothing is lost, little comes twice.

The promise: at most one extra copy per kill, always with the same Message-ID, and told so.
``FAULTS=full`` kills fifty times; otherwise six times, within a minute.
"""

import asyncio
import os
import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from redis import Redis

from clinic.embedded.processes import tail
from clinic.embedded.redis import free_port
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import post
from clinic.staff.models import Credential
from tests.faults import processes
from tests.faults.processes import until

KILLS = 50 if os.environ.get("FAULTS") == "full" else 6
POSTS_A_SECOND = 40
BACKLOG = 60  # posting rests above this, so that the end can be waited for
WAYS = ("whole", "whole", "parent", "child")


class Slow:
    """Takes every message after a moment, in which its sender may die, and notes its id."""

    def __init__(self):
        self.ids: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd names it
        await asyncio.sleep(random.uniform(0, 0.02))
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        (line,) = [line for line in head.splitlines() if line.lower().startswith("message-id:")]
        self.ids.append(line.partition(":")[2].strip())
        await asyncio.sleep(random.uniform(0, 0.02))
        return "250 taken"


@pytest.fixture
def slow():
    """A real mail server in this process; ``slow.port``."""
    taken = Slow()
    server = Controller(taken, hostname="127.0.0.1", port=free_port())
    server.start()
    taken.port = server.port
    yield taken
    server.stop()


@pytest.fixture
def licence(clinic, counsellor):
    """A practice licence that ends in twenty days, as the notices speak of it."""
    today = timezone.localdate()
    return Credential.objects.create(
        practitioner=counsellor.practitioner,
        kind="practice_licence",
        number="示範字第 1 號",
        county=clinic.town.county,
        premises_id=clinic.town.premises_set.get().pk,
        period=DateRange(today - timedelta(days=100), today + timedelta(days=21)),
    )


class Posting(threading.Thread):
    """Posts one message after the other until it is told to stop, on a connection of its own."""

    def __init__(self, licence):
        super().__init__()
        self.about = f"credential:{licence.pk}:{licence.last_day}"
        self.recipient = licence.practitioner.user.actor_label
        self.ended = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ended.wait(1 / POSTS_A_SECOND):
            if Outbox.objects.unfinished().count() < BACKLOG:
                number += 1
                self._post(number)
        connections.close_all()

    def _post(self, number: int) -> None:
        post(
            "licence_expiry_30",
            recipient=self.recipient,
            occasion=self.about,
            version=number,
            now=timezone.now() - timedelta(seconds=1),
        )


def kill(running, way: str) -> bool:
    """Kill in one of the ways; tell whether a new worker is needed."""
    if way == "child" and running.kill_child():
        return False
    (running.kill_parent if way == "parent" else running.kill_whole)()
    return True


def campaign(start, env, log, slow) -> None:
    """Kill KILLS times, each time at work and at a random moment; empty the broker halfway."""
    running = processes.worker(start, env, log)
    for number in range(KILLS):
        before = len(slow.ids)
        assert until(lambda before=before: len(slow.ids) > before, 30), tail(log, 30)
        time.sleep(random.uniform(0, 0.7))
        if kill(running, WAYS[number % len(WAYS)]):
            running = processes.worker(start, env, log)
        if number == KILLS // 2:
            Redis.from_url(os.environ["REDIS_URL"]).flushall()


def left_over(log) -> str:
    """What to read when messages are still waiting: how they stand, and the worker's last words."""
    rows = Outbox.objects.unfinished().values_list("state", "attempts", "reason")
    return f"{Counter(rows)}\n{tail(log, 30)}"


@pytest.mark.faults
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_nothing_is_lost_and_at_most_one_copy_a_kill_is_extra(licence, slow, tmp_path):
    log = tmp_path / "worker.log"
    env = processes.environment(EMAIL_URL=f"smtp://127.0.0.1:{slow.port}")
    posting = Posting(licence)
    began = time.monotonic()
    with processes.running() as start:
        processes.beat(start, env, tmp_path / "beat.log")
        posting.start()
        try:
            campaign(start, env, log, slow)
        finally:
            posting.ended.set()
            posting.join()
        assert until(lambda: not Outbox.objects.unfinished().exists(), 60), left_over(log)

    rows = dict(Outbox.objects.values_list("message_id", "maybe_twice"))
    copies = Counter(slow.ids)
    twice = {key for key, number in copies.items() if number > 1}
    extra = copies.total() - len(copies)
    print(
        f"\n{KILLS} kills, {len(rows)} messages, 0 lost: {set(copies) == set(rows)}, "
        f"{extra} extra, {sum(rows.values())} marked, {time.monotonic() - began:.0f} s"
    )
    assert set(copies) == set(rows)
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert extra <= KILLS
    assert {key for key in twice if not rows[key]} == set()
