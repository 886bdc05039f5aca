"""Who confirms an intern's assessment: who answers for the service, not for the learning (G9.3)."""

from datetime import UTC, date, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from clinic.errors import NotAllowed, Refused
from clinic.staff.models import Credential, Oversight, Practitioner
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


@pytest.mark.parametrize(
    "broken",
    [
        {"withdrawn_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"period": DateRange(date(2020, 1, 1), date(2026, 1, 1))},
        {"kind": "certificate"},
    ],
)
def test_who_has_no_licence_in_force_confirms_nothing(broken, intern_case, supervisor, browse, now):
    row = assess(intern_case, now)
    Credential.objects.filter(practitioner=supervisor.practitioner).update(**broken)
    assert list(waiting_for(supervisor, now.date())) == []
    with pytest.raises(Refused) as caught:
        confirm_suitability(assessment=row, by=supervisor, now=now)
    assert caught.value.code == "sessions.no_licence"
    address = f"/cases/{intern_case.pk}/suitability/{row.pk}/"
    page = browse(supervisor).get(address).content.decode()
    offered, said = f"{address}confirm/" in page, "You have no practice licence in force" in page
    assert (offered, said) == (False, True)


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
