"""「指引對照」: a clause of the consent form has a gap where a session ahead lacks the consent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.readiness import REQUIREMENTS
from consent.models import Validity
from consent.publishing import publish_forms, save_particulars
from sessions.cockpit.counts import ahead, clauses_of, filed
from sessions.cockpit.rows import clause_rows
from tests.consent.conftest import particulars

pytestmark = pytest.mark.usefixtures("english")

FORM = [f"A{number}" for number in range(1, 12)]
OF_THE_FORM_ALONE = ["A1", "A7", "A8", "A9", "A10"]


def seen(reader, now, clauses) -> list[tuple]:
    """How each clause stands: its state, its words, and how many sessions are in order."""
    rows = {row.number: row for row in clause_rows(ahead(reader, now), filed())}
    return [
        (row.state, row.words, row.held, row.concerned) for row in map(rows.__getitem__, clauses)
    ]


def test_one_signature_does_not_stand_for_the_sessions_of_others(ready, book_another, admin, now):
    assert seen(admin, now, ["G4.1", *OF_THE_FORM_ALONE]) == [("go", "no gap", 1, 1)] * 6
    book_another(ready.during.lower + timedelta(days=1), "telephone")
    gap = ("stop", "missing for 1 session", 1, 2)
    assert seen(admin, now, ["G4.1", *OF_THE_FORM_ALONE]) == [gap] * 6


def test_a_consent_that_has_ended_is_missing_of_each_clause_of_the_form(ready, admin, now):
    assert filed()["consent.signed_items"].number == 1
    ended = (now, now + timedelta(seconds=1))
    Validity.objects.update(ended_by="withdrawn", in_force=ended)
    gap = ("stop", "missing for 1 session", 0, 1)
    assert seen(admin, now, ["G4.1", *FORM]) == [gap] * 12


def test_a_form_that_was_replaced_is_to_renew_in_each_clause_of_the_form(ready, admin, now):
    save_particulars(values=particulars("改過", " changed"), by=admin, now=now)
    publish_forms(by=admin, now=timezone.now())
    soon = ("fix", "1 session to renew soon", 1, 1)
    assert seen(admin, now, ["G4.1", *FORM]) == [soon] * 12


def test_a_clause_of_the_form_names_what_it_rests_on():
    on = {c for c in FORM if c in clauses_of(REQUIREMENTS["consent.in_force"])}
    assert on == {*FORM}
    assert {code for kind in EVIDENCE.values() for code in kind.rests_on} <= {*REQUIREMENTS}
