"""A region abroad is found however it is written, and never passed over for its country.

Where the place itself is not known, the remedy is not the register of laws.
"""

import pytest

from clinic.kernel.readiness import Met, Missing
from tests.sessions.test_jurisdictions import ALLOWED, FORBIDDEN, UNKNOWN, ask, plan


@pytest.mark.parametrize("written", ["California", "CALIFORNIA", "california"])
def test_a_region_of_its_own_comes_before_its_country(written):
    forbidden = ask(plan(("US", written)), US=ALLOWED, US_California=FORBIDDEN)
    allowed = ask(plan(("US", written)), US=FORBIDDEN, US_California=ALLOWED)
    assert (type(forbidden), type(allowed)) == (Missing, Met)


@pytest.mark.parametrize("written", ["加州", "Los Angeles, California", "", "Ohio"])
def test_where_one_region_does_not_permit_the_country_speaks_for_none(written):
    """It could be that very region, written in another way (G10.1)."""
    person = plan(("US", written))
    found = [ask(person, US=ALLOWED, US_California=law) for law in (FORBIDDEN, UNKNOWN, ALLOWED)]
    assert [type(answer) for answer in found] == [Missing, Missing, Met]


@pytest.mark.parametrize("written", ["New York", "new  york", " New\u3000York", "Ｎew York"])
def test_spaces_and_width_make_no_other_region(written):
    assert type(ask(plan(("US", written)), US=FORBIDDEN, **{"US_New York": ALLOWED})) is Met


def test_the_remedy_of_an_unknown_place_leads_to_the_client(session, mine, now):
    (person,) = session.people
    laws = 'href="/jurisdictions/">See to the law of the place'
    client = f'href="/clients/{person.pk}/">Enter the client\'s place'
    person.places.update(ended_at=now)
    page = mine.get(f"/sessions/{session.pk}/").content.decode()
    assert (page.count(laws), page.count(client) > 0) == (0, True)
    abroad = {"country": "GB", "town": None, "ended_at": None}
    person.places.update(**abroad)
    page = mine.get(f"/sessions/{session.pk}/").content.decode()
    assert (page.count(laws) > 0, page.count(client)) == (True, 0)
