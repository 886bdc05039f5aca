"""A kind of document for tests: a roster with names that are hard to print."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings

from clinic.kernel.actors import System
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import KINDS, Attachment, Draft, Kind
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names
from tests.stages import Stages

STAGES = Stages(__file__)

BODY = """<h2>名冊</h2>
<table><thead><tr><th>姓名</th><th>字號</th></tr></thead><tbody>
<tr><td>測試堃</td><td>0001</td></tr><tr><td>林喆</td><td>0002</td></tr>
<tr><td>𠊎小滿</td><td>0003</td></tr><tr><td>Guyu Lin</td><td>0004</td></tr></tbody></table>"""
EVIDENCE = Attachment("evidence.json", "What was agreed", '{"name": "堃"}'.encode())


def roster_kind(html: str = BODY, build: Callable | None = None, **draft) -> Kind:
    made = Draft("測試名冊", html, **{"attachments": (EVIDENCE,)} | draft)
    may_read = lambda user, found: "admin" in user.roles  # noqa: E731  a rule of one line
    return Kind("test_roster", "名冊", build or (lambda pk, version, at: made), may_read)


@pytest.fixture
def kind(monkeypatch):
    """Register a kind of document: ``kind(html=…)``; only its requester's role may read it."""

    def register(**values) -> str:
        monkeypatch.setitem(KINDS, "test_roster", roster_kind(**values))
        return "test_roster"

    return register


def request(admin, now) -> Document:
    return request_document(kind="test_roster", subject=admin, by=System("shell"), now=now)


@STAGES.fixture
def roster(admin, now) -> tuple[Document, dict[Path, bytes]]:
    """The document about ``admin``, as the clinic makes it, and the files that were stored."""
    with TemporaryDirectory() as media, pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, "test_roster", roster_kind())
        document = request(admin, now)
        with override_settings(MEDIA_ROOT=Path(media)):
            make(document.pk, now)
        stored = [path for path in Path(media).rglob("*") if path.is_file()]
        document.refresh_from_db()
        return document, {path.relative_to(media): path.read_bytes() for path in stored}


@pytest.fixture
def sealed(roster, kind, settings) -> Document:
    """That document, its kind known and its file in place."""
    kind()
    for path, content in roster[1].items():
        place = settings.MEDIA_ROOT / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return roster[0]


@pytest.fixture
def ask(kind, admin, now):
    """Ask for a document about ``admin``."""

    def asked(**draft) -> Document:
        kind(**draft)
        return request(admin, now)

    return asked


@pytest.fixture
def made(now):
    """``made(document)`` is the document after the worker has had one try."""

    def make_now(found: Document) -> Document:
        make(found.pk, now)
        found.refresh_from_db()
        return found

    return make_now
