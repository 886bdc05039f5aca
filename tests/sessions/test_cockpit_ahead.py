"""The guideline map counts what is still to come, and what cannot begin as a gap."""

from datetime import timedelta

import pytest

from clinic.accounts.actions import close_account
from clinic.clients.actions import close_case
from sessions.cockpit.counts import ahead, sessions_ahead
from tests.staff.conftest import words

CANNOT = "1 of these sessions cannot begin"


@pytest.mark.parametrize(
    ("shift", "counted"),
    [(timedelta(0), 1), (timedelta(minutes=49), 1), (timedelta(minutes=50), 0)],
)
def test_what_is_over_and_never_began_is_not_ahead(session, admin, counsellor, shift, counted):
    now = session.during.lower + shift
    assert [sessions_ahead(user, now).count() for user in (admin, counsellor)] == [counted] * 2
    assert ahead(admin, now).sessions == counted


@pytest.fixture(params=["case", "account"])
def cannot(request, ready, counsellor, supervisor, admin, now):
    """The session that lacked nothing, in a case or of an account that was closed."""
    before = ahead(admin, now)
    if request.param == "case":
        close_case(case=ready.case, reason="結束", by=counsellor, now=now)
    else:
        close_account(user=counsellor, by=admin, now=now)
    return before


def test_what_cannot_begin_is_in_order_by_no_clause(cannot, admin, now):
    after = ahead(admin, now)
    assert (cannot.stranded, after.stranded, cannot.sessions, after.sessions) == (0, 1, 1, 1)
    met = [clause for clause, counts in cannot.by_clause.items() if counts["met"]]
    assert met
    assert {(after.by_clause[c]["met"], after.by_clause[c]["missing"]) for c in met} == {(0, 1)}
    assert all(counts["met"] == 0 for counts in after.by_requirement.values())


def test_the_map_says_that_it_cannot_begin(ready, counsellor, admin, now, read):
    assert CANNOT not in words(read(admin).get("/guideline/"))
    close_case(case=ready.case, reason="結束", by=counsellor, now=now)
    assert CANNOT in words(read(admin).get("/guideline/"))
