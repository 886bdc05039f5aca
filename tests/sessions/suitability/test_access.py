"""Who confirms an intern's assessment: who answers for the service, not for the learning (G9.3)."""

import pytest

from clinic.errors import NotAllowed
from clinic.staff.models import Oversight, Practitioner
from sessions.models import Suitability
from sessions.suitability.access import waiting_for
from sessions.suitability.actions import confirm_suitability
from tests.sessions.assessing import assess


@pytest.mark.parametrize("kind", ["clinical", "site"])
def test_who_answers_for_the_service_confirms(kind, intern_case, supervisor, now):
    Oversight.objects.update(kind=kind)
    row = assess(intern_case, now)
    assert list(waiting_for(supervisor, now.date())) == [row]
    confirm_suitability(assessment=row, by=supervisor, now=now)
    assert list(waiting_for(supervisor, now.date())) == []


def test_the_supervisor_of_a_course_does_not(intern_case, supervisor, now):
    Oversight.objects.update(kind="course")
    row = assess(intern_case, now)
    with pytest.raises(NotAllowed):
        confirm_suitability(assessment=row, by=supervisor, now=now)
    assert list(waiting_for(supervisor, now.date())) == []


@pytest.mark.parametrize("by_intern", [True, None])
def test_what_an_intern_assessed_waits_whatever_she_becomes(
    by_intern, intern_case, intern, supervisor, now
):
    row = assess(intern_case, now)
    if by_intern is None:  # a row of before the column: by her kind of today
        row = Suitability.objects.create(case=intern_case, by=intern, at=now, outcome="proceed")
    Practitioner.objects.filter(user=intern).update(kind="counselling")
    row = Suitability.objects.get(pk=row.pk)
    waits = row in waiting_for(supervisor, now.date())
    assert (row.needs_confirmation, waits) == (bool(by_intern), bool(by_intern))
