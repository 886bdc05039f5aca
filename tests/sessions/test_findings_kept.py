"""What a press of start found stays readable as it was, whatever the catalogue says later."""

import pytest

from clinic.kernel import guideline
from sessions.course.actions import start
from sessions.models import StartAttempt, StartFinding
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
THEN, LATER = "Both identities are shown at the camera", "Identity, in other words"


@pytest.fixture
def refused(ready, counsellor) -> StartAttempt:
    """Start was pressed before anybody went through the door."""
    assert not start(session=ready, by=counsellor, now=ready.during.lower).started
    return StartAttempt.objects.get()


@pytest.fixture
def page(refused, ready, counsellor, read, monkeypatch):
    """``page()`` is the session's page after the clause was put into other words."""

    def shown() -> str:
        monkeypatch.setitem(guideline.CLAUSES, "A2", LATER)
        return words(read(counsellor).get(f"/sessions/{ready.pk}/"))

    return shown


def test_a_refused_start_keeps_the_words_of_its_clauses(refused):
    identity = refused.findings.get(requirement="sessions.identity")
    assert (identity.clauses, identity.clause_words) == (["A2"], [THEN])
    kept = {finding.requirement: len(finding.clauses) for finding in refused.findings.all()}
    assert kept == {f.requirement: len(f.clause_words) for f in refused.findings.all()}


def test_its_page_shows_them_though_the_catalogue_says_it_otherwise_now(page):
    said = page()
    assert (f"A2 {THEN}" in said, LATER in said) == (True, False)


def test_a_finding_from_before_they_were_kept_says_what_the_catalogue_says(refused, page):
    old = {"requirement": "sessions.old", "title": "As it was", "outcome": "missing"}
    StartFinding.objects.create(attempt=refused, clauses=["A2", "A3"], absolute=False, **old)
    assert f"A2 {LATER}; A3 {guideline.CLAUSES['A3']}" in page()
