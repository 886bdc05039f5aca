"""A broker that is there and refuses, or is away for long, ends no worker."""

from functools import partial
from pathlib import Path

import pytest
from celery import current_app
from redis import Redis
from redis.exceptions import ResponseError

from clinic.embedded.places import Places
from clinic.embedded.processes import tail
from clinic.embedded.redis import redis
from clinic.kernel.outbox import post
from tests.faults import processes
from tests.faults.processes import until


@pytest.fixture
def broker(tmp_path):
    """A Redis of this test's own, and its address."""
    places = Places(tmp_path)
    for folder in (places.redis, places.log):
        folder.mkdir()
    running = redis(places, None, "a-word-of-this-test")
    with running as (_server, address), Redis.from_url(address) as client:
        yield client, address


def fill_disk(client: Redis) -> None:
    """Let Redis find no room for its snapshot: it answers MISCONF to each write from then on."""
    Path(client.config_get("dir")["dir"]).rmdir()
    client.config_set("save", "3600 1")
    client.bgsave()
    assert until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err", 10)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_worker_outlives_a_broker_whose_disk_is_full(broker, tmp_path):
    (client, address), log = broker, tmp_path / "worker.log"
    with processes.running() as start:
        worker = processes.worker(start, processes.environment(REDIS_URL=address), log)
        assert until(lambda: "brpop" in [one["cmd"] for one in client.client_list()], 60), tail(log)
        fill_disk(client)
        assert until(lambda: "Trying again in" in log.read_text(), 20), tail(log)
        client.config_set("save", "")
        with current_app.connection_for_write(address) as there:
            current_app.send_task("clinic.deliver_outbox", connection=there)
        assert until(lambda: not client.exists("celery"), 30), tail(log)
        assert worker.process.poll() is None


def test_a_page_that_posts_does_not_break_where_the_broker_refuses_writes(broker, monkeypatch):
    client, address = broker
    fill_disk(client)
    monkeypatch.setattr(post, "_rests_until", 0.0)
    with current_app.connection_for_write(address) as there:
        hint = partial(current_app.send_task, connection=there)
        monkeypatch.setattr(post.current_app, "send_task", hint)
        post.wake()
    assert post._rests_until > 0


def test_a_write_that_is_refused_is_a_broker_that_is_away_for_a_while():
    with current_app.connection_for_read() as there:
        assert ResponseError in there.channel_errors
    assert current_app.conf.broker_channel_error_retry
    assert current_app.conf.broker_connection_max_retries is None
