"""The clinic of ``tests.world``, built once for all tests of a module; what they do is undone.

A module that imports these fixtures makes none of the people of ``tests.conftest`` itself: they
work here already, as ``world.readers``.
"""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from clinic.kernel.documents.registry import KINDS
from tests.databases import undone
from tests.house import STAFF, make_clinic, make_member, make_premises, make_town
from tests.world import DOCUMENT_KIND, World, build, letter_kind


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, Path]]:
    """A world in this module's own transaction, and the folder of its stored files."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), undone():
        readers = {who: make_member(who) for who in STAFF}
        premises = make_premises(make_town())
        make_clinic(premises.town, readers["supervisor"])
        yield build(readers, premises, timezone.now()), media


@pytest.fixture
def world(built, settings, monkeypatch) -> Iterator[World]:
    """The test's own view of the built world."""
    made, media = built
    shutil.copytree(media, settings.MEDIA_ROOT, dirs_exist_ok=True)
    with undone():
        found = copy.deepcopy(made)
        letter = letter_kind(found.readers["counsellor"], found.readers["supervisor"])
        monkeypatch.setitem(KINDS, DOCUMENT_KIND, letter)
        yield found
