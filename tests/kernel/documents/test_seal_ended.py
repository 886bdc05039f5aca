"""A certificate that has ended seals nothing: documents wait for a new one, and somebody is told."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from clinic.embedded.environment import make_seal
from clinic.kernel.documents.certificate import SealEnded, describe, read_material
from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document, Seal
from clinic.kernel.documents.pades import KeyFileSealer
from clinic.kernel.documents.verify import GENUINE, verify
from clinic.kernel.files.store import read_file
from clinic.kernel.tasks.models import Task
from clinic.kernel.tasks.todo import todos_for

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def ends() -> datetime:
    """The moment at which the certificate ends."""
    return describe(read_material().certificate).expires


def made_at(document: Document, moment: datetime) -> Document:
    with time_machine.travel(moment, tick=False):
        make(document.pk, moment)
    document.refresh_from_db()
    return document


def test_nothing_is_sealed_from_the_moment_on_at_which_it_ends(ends):
    with pytest.raises(SealEnded) as refused:
        KeyFileSealer().seal(b"", ends)
    assert refused.value.code == "ended"
    with pytest.raises(SealEnded):
        KeyFileSealer("http://127.0.0.1:9/").seal(b"", ends)  # with a time service neither


@pytest.mark.parametrize(("before", "state"), [(SECOND, "sealed"), (0 * SECOND, "waiting")])
def test_a_document_is_sealed_as_long_as_the_certificate_lasts(ask, ends, before, state):
    assert made_at(ask(), ends - before).state == state


def test_documents_wait_without_a_fault_and_are_sealed_with_the_new_one(
    ask, ends, settings, tmp_path
):
    found = ask()
    waits = []
    for tries in range(10):
        made_at(found, ends + tries * DAY)
        waits.append((found.state, found.reason, found.faults))
    assert waits == [("waiting", "seal ended", 0)] * 10
    assert found.next_try == ends + 9 * DAY + timedelta(hours=1)
    assert (Seal.objects.count(), Task.objects.count()) == (0, 0)
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = tmp_path / "key", tmp_path / "certificate"
    with time_machine.travel(ends + 9 * DAY, tick=False):
        make_seal(settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE)
    assert made_at(found, ends + 10 * DAY).state == "sealed"
    assert verify(read_file(found.file)).outcome == GENUINE


def test_who_opens_today_reads_no_private_key(admin, clinic, ends, settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "none"
    with translation.override("en"):
        told = [str(one.title) for one in todos_for(admin, ends)]
    day = timezone.localdate(ends)
    assert f"The clinic's sealing certificate ended on {day}" in told


def test_nothing_is_built_or_rendered_for_a_seal_that_has_ended(ask, ends):
    built = []
    found = ask(build=lambda *asked: built.append(asked))
    made_at(found, ends)
    assert (found.state, found.reason, built) == ("waiting", "seal ended", [])


def test_its_page_says_what_it_waits_for(ask, ends, admin, browse):
    found = made_at(ask(), ends)
    browser = browse(admin)
    browser.cookies["language"] = "en"
    page = browser.get(f"/documents/{found.code}/").content.decode().replace("&#x27;", "'")
    said = "The clinic's sealing certificate has ended. "
    assert said + "The document is sealed as soon as there is a new one." in page


@pytest.mark.parametrize(
    ("left", "found"),
    [
        (30 * DAY + SECOND, []),
        (30 * DAY, [("fix", "The clinic's sealing certificate ends on {day}")]),
        (SECOND, [("fix", "The clinic's sealing certificate ends on {day}")]),
        (0 * DAY, [("stop", "The clinic's sealing certificate ended on {day}")]),
        (-90 * DAY, [("stop", "The clinic's sealing certificate ended on {day}")]),
    ],
)
def test_administrators_are_told_a_month_before_it_ends_and_after(
    admin, counsellor, clinic, ends, left, found
):
    day = timezone.localdate(ends)
    with translation.override("en"):
        told = [(one.state, str(one.title)) for one in todos_for(admin, ends - left)]
        others = [str(one.title) for one in todos_for(counsellor, ends - left)]
    assert [one for one in told if "certificate" in one[1]] == [
        (state, title.format(day=day)) for state, title in found
    ]
    assert [title for title in others if "certificate" in title] == []
