"""A case that is closed with sessions still booked: somebody has to tell the client."""

from clinic.clients.actions import close_case, reopen_case
from sessions.booking.actions import cancel
from sessions.booking.stranded import stranded


def titles(user, now) -> list[str]:
    return [str(item.title) for item in stranded(user, now)]


def test_a_session_booked_in_a_closed_case_is_a_to_do_until_it_is_cancelled(
    session, counsellor, stranger, admin, now, english
):
    assert titles(counsellor, now) == []
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    day, code = session.starts_at.date(), session.case.code
    assert titles(counsellor, now) == [f"A session on {day} is booked in {code}, which is closed"]
    assert (titles(stranger, now), titles(admin, now)) == ([], [])
    assert titles(counsellor, session.during.upper) == []
    cancel(session=session, side="clinic", reason="結案", by=counsellor, now=now)
    assert titles(counsellor, now) == []


def test_reopening_the_case_ends_the_to_do(session, counsellor, now):
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    reopen_case(case=session.case, by=counsellor, now=now)
    assert titles(counsellor, now) == []


def test_any_number_of_them_costs_one_query(session, counsellor, now, django_assert_num_queries):
    close_case(case=session.case, reason="結束", by=counsellor, now=now)
    with django_assert_num_queries(1):
        assert len(titles(counsellor, now)) == 1
