"""The demo's clinic, loaded once for all tests of a module that only look at it."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from clinic.kernel.action import _run
from tests.databases import undone

WRITE = re.compile(
    r'\s*(?:WITH .*?)?(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.DOTALL | re.IGNORECASE
)
IN_DEMO = {
    "DEMO": True,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
}


def seed_demo(*options: str) -> str:
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


@contextmanager
def writes_outside_actions() -> Iterator[set[str]]:
    """Collect the tables that were written to while no action was under way."""
    found: set[str] = set()

    def watch(execute, sql, params, many, context):
        if (match := WRITE.match(sql)) and _run.get() is None:
            found.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


@dataclass(frozen=True)
class Loaded:
    """What ``seed_demo --json`` told, and the tables it wrote to outside of actions."""

    told: dict[str, Any]
    written: set[str]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[Loaded]:
    """The demo's clinic in this module's own transaction."""
    with django_db_blocker.unblock(), override_settings(**IN_DEMO), undone():
        with writes_outside_actions() as written:
            told = json.loads(seed_demo("--json"))
        yield Loaded(told, written)


@pytest.fixture
def shown(loaded, settings) -> Iterator[Loaded]:
    """The loaded clinic; whatever a test does to it is undone."""
    settings.DEMO = True
    with undone():
        yield loaded
