"""A kind of document for tests: a roster with names that are hard to print."""

import pytest

from clinic.kernel.actors import System
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import KINDS, Attachment, Draft, Kind

BODY = """<h2>名冊</h2>
<table><thead><tr><th>姓名</th><th>字號</th></tr></thead><tbody>
<tr><td>測試堃</td><td>0001</td></tr><tr><td>林喆</td><td>0002</td></tr>
<tr><td>𠊎小滿</td><td>0003</td></tr><tr><td>Guyu Lin</td><td>0004</td></tr></tbody></table>"""
EVIDENCE = Attachment("evidence.json", "What was agreed", '{"name": "堃"}'.encode())


@pytest.fixture
def kind(monkeypatch):
    """Register a kind of document: ``kind(html=…)``; only its requester's role may read it."""

    def register(html: str = BODY, build=None, **draft) -> str:
        made = Draft("測試名冊", html, **{"attachments": (EVIDENCE,)} | draft)
        may_read = lambda user, found: "admin" in user.roles  # noqa: E731  a rule of one line
        build = build or (lambda pk, version, at: made)
        monkeypatch.setitem(KINDS, "test_roster", Kind("test_roster", "名冊", build, may_read))
        return "test_roster"

    return register


@pytest.fixture
def ask(kind, admin, now):
    """Ask for a document about ``admin``."""

    def request(**draft) -> Document:
        return request_document(kind=kind(**draft), subject=admin, by=System("shell"), now=now)

    return request


@pytest.fixture
def made(now):
    """``made(document)`` is the document after the worker has had one try."""

    def make_now(found: Document) -> Document:
        make(found.pk, now)
        found.refresh_from_db()
        return found

    return make_now
