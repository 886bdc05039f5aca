"""A mailed link's token stands in the mail and nowhere else: not in the logs, not in Redis."""

import pytest
from django.conf import settings
from django.test import Client
from redis import Redis

from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from tests.world import build

READ = {
    b"string": lambda redis, key: redis.get(key),
    b"list": lambda redis, key: redis.lrange(key, 0, -1),
    b"hash": lambda redis, key: redis.hgetall(key),
    b"set": lambda redis, key: redis.smembers(key),
    b"zset": lambda redis, key: redis.zrange(key, 0, -1),
}


def redis_heap() -> str:
    redis = Redis.from_url(settings.REDIS_URL)
    return "".join(f"{key} {READ[redis.type(key)](redis, key)}" for key in redis.scan_iter())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_no_token_is_logged_or_handed_to_the_broker(
    admin, counsellor, stranger, supervisor, intern, clinic, premises, now, mailbox, log
):
    readers = {"admin": admin, "counsellor": counsellor, "stranger": stranger}
    build(readers | {"supervisor": supervisor, "intern": intern}, premises, now)
    deliver_due()
    strict = Client(enforce_csrf_checks=True)
    tokens = [link.token for link in Link.objects.all()]
    for token in tokens:
        for address in (f"/l/{token}/", f"/d/new-link/{token}/"):
            assert strict.post(address).status_code == 403  # a form without its token is refused
    assert len(tokens) == 2
    assert log.getvalue().count("Forbidden (CSRF cookie not set.): /l/…/") == 2
    heap = log.getvalue() + redis_heap()
    assert [token for token in tokens if token in heap] == []
