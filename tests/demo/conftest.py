"""The demo's clinic, in place for all tests of a module that only look at it."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from tests.databases import undone
from tests.demo.kept import writes_outside_actions


def seed_demo(*options: str) -> str:
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


@dataclass(frozen=True)
class Loaded:
    """What ``seed_demo --json`` tells of a clinic that was loaded a while ago.

    :param written: the tables that were written to outside of actions until then.
    """

    at: datetime
    told: dict[str, Any]
    written: set[str]


@pytest.fixture(scope="module")
def loaded(kept_demo, django_db_blocker, tmp_path_factory) -> Iterator[Loaded]:
    """The demo's clinic in the database, with a folder of its own for the stored files."""
    in_demo = override_settings(DEMO=True, MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), in_demo:
        try:
            kept_demo.put_into_place(timezone.now())
            with writes_outside_actions() as written:
                told = json.loads(seed_demo("--json"))
            yield Loaded(kept_demo.loaded_at, told, written | kept_demo.written)
        finally:
            call_command("flush", verbosity=0, interactive=False, database="owner")


@pytest.fixture
def shown(loaded, settings) -> Iterator[Loaded]:
    """The loaded clinic; whatever a test does to it is undone."""
    settings.DEMO = True
    with undone():
        yield loaded
