"""A worker killed in every phase of making a document: each is sealed once, each mail arrives.

``FAULTS=full`` kills twenty times, each phase at least twice; otherwise twice, in some seconds.
"""

import asyncio
import hashlib
import io
import os
import time
from collections import Counter
from datetime import datetime

import pypdf
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as ours
from django.utils import timezone

from clinic.embedded.processes import tail
from clinic.embedded.redis import free_port
from clinic.kernel.audit import chain
from clinic.kernel.documents.models import Document, Seal
from clinic.kernel.documents.verify import GENUINE, verify
from clinic.kernel.files.models import StoredFile
from clinic.kernel.files.store import read_file
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from consent.actions import countersign
from consent.models import Request, Signature
from consent.signing import sign
from tests.consent.conftest import DEVICE, STAGES, forms
from tests.faults import processes
from tests.faults.phases import COPY, PHASES, Worker, files, is_half, sessions, untold
from tests.faults.processes import until
from tests.faults.test_parallel_signing import ready_request
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "forms"]  # fixtures

FULL = os.environ.get("FAULTS") == "full"
KILLS = 20 if FULL else 2
WANTED = tuple(PHASES) if FULL else ("rendering", "storing")
WAYS = ("child", "whole") if FULL else ("child",)  # the child does the work; its parent replaces it
MISSES = 10
MAILED = ("document.render", "consent_for_psychologist", COPY)


class Mails:
    """Takes every mail and notes to whom and its id; while ``silent``, it does not say so."""

    def __init__(self):
        self.taken: list[tuple[str, str]] = []
        self.silent = False

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd names it
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        (line,) = [line for line in head.splitlines() if line.lower().startswith("message-id:")]
        self.taken.append((envelope.rcpt_tos[0], line.partition(":")[2].strip()))
        while self.silent:  # noqa: ASYNC110  set from another thread
            await asyncio.sleep(0.01)
        return "250 taken"


@pytest.fixture
def mails():
    """A real mail server in this process; ``mails.port``."""
    found = Mails()
    server = Controller(found, hostname="127.0.0.1", port=free_port())
    server.start()
    found.port = server.port
    yield found
    server.stop()


class Scene:
    """The clinic while the worker is being killed: consents are countersigned as they are needed."""

    def __init__(self, counsellor, mails: Mails):
        self.counsellor, self.mails = counsellor, mails
        self.waiting: list[Request] = []
        self.number = 0

    def prepare(self) -> None:
        """Have one more consent signed, up to the countersignature."""
        self.number += 1
        request = ready_request(self.number, self.counsellor, timezone.now())
        who, now = request.signer, timezone.now()
        typed = {"method": "typed", "name": who.name, "strokes": ""}
        sign(request=request, **typed, device=DEVICE, by=who, now=now)
        self.waiting.append(Request.objects.get(pk=request.pk))

    def countersign(self) -> Document:
        """Countersign the next consent; return the document that is asked for by this."""
        if not self.waiting:
            self.prepare()
        request = self.waiting.pop(0)
        countersign(request=request, by=self.counsellor, now=timezone.now())
        return Document.objects.get(subject_id=request.signature.pk)

    def give_work(self) -> None:
        """See to it that two documents wait to be made, or one is left of the last two."""
        if not Document.objects.unfinished().exists():
            self.countersign()
            self.countersign()

    def give_news(self) -> None:
        """See to it that a signer has still to be told of a sealed document."""
        if not untold():
            self.give_work()


class Campaign:
    """Kills the worker KILLS times, in the phase that was hit least so far."""

    def __init__(self, start, env: dict[str, str], folder):
        self.start, self.env, self.log = start, env, folder / "worker.log"
        self.hits: Counter[str] = Counter(dict.fromkeys(WANTED, 0))
        self.misses: Counter[str] = Counter()
        processes.beat(start, env, folder / "beat.log")
        self.new_worker()

    def new_worker(self) -> None:
        self.worker = Worker(processes.worker(self.start, self.env, self.log))

    def run(self, scene: Scene) -> None:
        while self.hits.total() < KILLS:
            phase = min(WANTED, key=self.hits.__getitem__)
            if self.kill_in(phase, scene):
                self.hits[phase] += 1
            else:
                self.misses[phase] += 1
                alive = self.worker.running.process.poll() is None
                assert alive, tail(self.log, 30)
                assert self.misses[phase] < MISSES, (phase, tail(self.log, 30))

    def kill_in(self, phase: str, scene: Scene) -> bool:
        """Kill in this phase; tell whether it was reached. The dead one's lease ends at once.

        The lease lasts three minutes, and nothing else would happen in them.
        """
        with PHASES[phase](self.worker, scene) as reached:
            dead = sessions()
            if not reached:
                self.worker.thaw()
                return False
            over = self.worker.kill(WAYS[self.hits.total() % len(WAYS)])
        assert until(lambda: not dead & sessions(), 20)
        Document.objects.filter(state="rendering").update(lease_until=timezone.now())
        if over:
            self.new_worker()
        return True


def quiet() -> bool:
    """Tell whether nothing is left to be made or mailed."""
    left = Outbox.objects.unfinished().filter(kind__in=MAILED).exists()
    return not (left or untold() or Document.objects.unfinished().exists())


def left_over(log) -> str:
    """What to read when it does not become quiet: how all stands, and the worker's last words."""
    rows = Outbox.objects.unfinished().values_list("kind", "state", "attempts", "reason")
    documents = Document.objects.values_list("state", "attempts", "reason", "lease_until")
    return f"{Counter(rows)}\n{Counter(documents)}\n{tail(log, 30)}"


def assert_each_is_sealed_once() -> None:
    """One genuine document for each signature, and no row that speaks of another file."""
    documents = list(Document.objects.select_related("file"))
    signatures = list(Signature.objects.values_list("pk", flat=True))
    assert {document.state for document in documents} == {"sealed"}
    assert sorted(document.subject_id for document in documents) == sorted(signatures)
    for document in documents:
        content = read_file(document.file)
        assert len(content) == document.file.size
        assert hashlib.sha256(content).hexdigest() == document.sha256 == document.file.sha256
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) > 1
        verdict = verify(content)
        assert (verdict.outcome, verdict.code) == (GENUINE, document.code)
    hashes = sorted(document.sha256 for document in documents)
    assert sorted(Seal.objects.values_list("sha256", flat=True)) == hashes
    assert sorted(StoredFile.objects.values_list("sha256", flat=True)) == hashes
    assert list(chain.verify()) == []
    assert list(Task.objects.values_list("kind", flat=True)) == []


def assert_each_mail_arrived(mails: Mails, psychologist: str) -> int:
    """Each mail at least once; return how many came again.

    The psychologist hears of the signature and of the sealed document, the signer of the latter.
    """
    rows = Outbox.objects.filter(state="sent").exclude(kind="document.render")
    ids = {row.message_id: row for row in rows}
    copies = Counter(mails.taken)
    requests = list(Request.objects.select_related("signer"))
    expected = [(psychologist, "consent_for_psychologist", one.occasion) for one in requests] * 2
    expected += [(one.signer.email, COPY, one.occasion) for one in requests]
    arrived = [(to, ids[message].kind, ids[message].occasion) for to, message in copies]
    assert sorted(arrived) == sorted(expected)
    assert len(ids) == len(copies)
    twice = {message for (_to, message), number in copies.items() if number > 1}
    assert {message for message in twice if not ids[message].maybe_twice} == set()
    return copies.total() - len(copies)


def report(campaign: Campaign, began: float, extra: int) -> None:
    """Print the figures of the campaign."""
    found = files()
    halves = sum(map(is_half, found))
    wholes = len(found) - halves - StoredFile.objects.count()
    tries = Counter(Document.objects.values_list("attempts", flat=True))
    print(
        f"\n{campaign.hits.total()} kills {dict(campaign.hits)}, missed {dict(campaign.misses)}; "
        f"{Document.objects.count()} documents, tries {dict(tries)}; {extra} mails again; "
        f"files of no row: {halves} half, {wholes} whole; "
        f"{time.monotonic() - began:.0f} s"
    )


@pytest.mark.faults
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_document_is_sealed_once_whenever_the_worker_dies(
    clinic, forms, counsellor, mails, tmp_path, now: datetime
):
    env = processes.environment(
        EMAIL_URL=f"smtp://127.0.0.1:{mails.port}",
        MEDIA_ROOT=str(ours.MEDIA_ROOT),
        SEAL_KEY_FILE=str(ours.SEAL_KEY_FILE),
        SEAL_CERT_FILE=str(ours.SEAL_CERT_FILE),
        DJANGO_SETTINGS_MODULE="tests.faults.document_settings",
    )
    began = time.monotonic()
    scene = Scene(counsellor, mails)
    scene.prepare()
    scene.prepare()
    with processes.running() as start:
        campaign = Campaign(start, env, tmp_path)
        campaign.run(scene)
        assert until(quiet, 120), left_over(campaign.log)
        assert until(lambda: len(campaign.worker.cells()) <= 1, 20)

    assert_each_is_sealed_once()
    extra = assert_each_mail_arrived(mails, counsellor.email)
    report(campaign, began, extra)
    assert extra <= KILLS
    assert min(campaign.hits.values()) >= KILLS // len(WANTED)
