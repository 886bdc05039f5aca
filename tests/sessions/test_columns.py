"""What the list of clients says of their sessions: the last one held and the next one booked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.accounts.models import User
from clinic.cases.access import people_visible_to, with_cases
from clinic.kernel.columns import Cell
from clinic.kernel.dates import meeting
from sessions.booking.actions import cancel
from sessions.columns import last_of, next_of


@pytest.fixture
def shown(now, english):
    """``shown(session, user)`` is what both columns say of its client to a reader."""

    def shown(session, user) -> tuple[Cell | None, Cell | None]:
        (person,) = session.people
        people = list(with_cases(people_visible_to(user), user))
        made = [of(people, user, now) for of in (last_of, next_of)]
        return tuple(column.cells.get(person.pk) for column in made)

    return shown


def the(session) -> Cell:
    return Cell("", meeting(session.starts_at), f"/sessions/{session.pk}/")


def test_a_booked_session_is_the_next(session, counsellor, shown):
    assert shown(session, counsellor) == (None, the(session))


def test_a_cancelled_one_is_neither(session, counsellor, shown, now):
    cancel(session=session, side="client", reason="示範", by=counsellor, now=now)
    assert shown(session, counsellor) == (None, None)


def test_one_that_ended_is_the_last(ended, counsellor, shown):
    assert shown(ended, counsellor) == (the(ended), None)


def test_one_that_runs_is_in_progress(running, counsellor, shown):
    going_on = Cell("info", "In progress", f"/sessions/{running.pk}/")
    assert shown(running, counsellor) == (None, going_on)


def test_one_that_cannot_begin_says_so(session, counsellor, shown):
    User.objects.filter(pk=counsellor.pk).update(is_active=False)
    cannot = Cell("stop", "Cannot begin", f"/sessions/{session.pk}/")
    assert shown(session, counsellor) == (None, cannot)


def test_nothing_is_said_to_whom_the_case_is_hidden(session, stranger, shown):
    assert shown(session, stranger) == (None, None)


def test_the_list_asks_as_much_for_two_clients_with_sessions_as_for_one(session, of_another, mine):
    (other,) = of_another.people
    asked, shown = [], []
    for search in (session.people[0].name, ""):
        with CaptureQueriesContext(connection) as queries:
            page = mine.get("/clients/", {"q": search}).context["rows"]
        asked.append(len(queries))
        shown.append([(person.pk, cells[-1][1] is not None) for person, cells in page])
    hers = (session.people[0].pk, True)
    assert (asked[0], shown) == (asked[1], [[hers], [hers, (other.pk, True)]])
