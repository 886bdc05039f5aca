"""A start with a reason: who has to see it, and what she says to it."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from clinic.accounts.models import User
from clinic.errors import NotAllowed
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Clinic
from sessions.course.actions import start_despite
from sessions.despite.actions import mark_seen
from sessions.despite.waiting import unseen
from sessions.models import DespiteSeen, StartAttempt
from tests.sessions.conftest import overseen
from tests.sessions.post import deliver, mails_to, part
from tests.staff.conftest import words

REASON = "鏡頭壞了，先以聲音確認身分，下次補核對。"
REMARK = "知道了。下次請先改用電話。"


@pytest.fixture
def begin(ready):
    """``begin(by)`` starts the session for a reason and returns the attempt."""

    def start_by(by) -> StartAttempt:
        start_despite(session=ready, reason=REASON, by=by, now=ready.during.lower)
        return StartAttempt.objects.get()

    return start_by


@pytest.fixture
def later(ready):
    return ready.during.lower + timedelta(hours=2)


def told(user, now) -> list[tuple[str, str]]:
    return [(str(item.title), item.action_url) for item in unseen(user, now)]


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["admin"]}])
def test_nobody_is_told_in_the_place_of_who_is_in_charge_no_longer(
    change, begin, ready, counsellor, supervisor, read
):
    User.objects.filter(pk=supervisor.pk).update(**change)
    page = words(read(counsellor).get(f"/sessions/{ready.pk}/start-despite/"))
    begin(counsellor)
    sent = Outbox.objects.filter(kind="start_despite").count()
    assert ("There is nobody to tell" in page, sent) == (True, 0)


def test_the_supervisor_has_it_to_do_until_she_has_seen_it(
    begin, counsellor, supervisor, stranger, oversight, later, english
):
    attempt = begin(counsellor)
    day, code = timezone.localdate(attempt.at), attempt.session.case.code
    title = f"guyu started a session with a reason on {day}, in {code}"
    assert told(supervisor, later) == [(title, f"/despite/{attempt.pk}/")]
    assert [told(user, later) for user in (counsellor, stranger)] == [[], []]
    mark_seen(attempt=attempt, by=supervisor, now=later)
    assert told(supervisor, later) == []


def test_where_nobody_oversees_it_is_for_who_is_in_charge(begin, counsellor, supervisor, later):
    """The fixture's clinic names the supervisor as the psychologist in charge."""
    attempt = begin(counsellor)
    assert len(told(supervisor, later)) == 1
    mark_seen(attempt=attempt, by=supervisor, now=later)
    assert told(supervisor, later) == []


def test_who_oversees_her_takes_it_from_who_is_in_charge(
    begin, counsellor, supervisor, stranger, later
):
    begin(counsellor)
    overseen(counsellor, stranger, later)
    assert [len(told(user, later)) for user in (supervisor, stranger)] == [0, 1]


def test_each_who_oversaw_her_then_sees_it_and_who_came_later_what_nobody_saw(
    begin, counsellor, supervisor, stranger, intern, oversight, later
):
    site = overseen(counsellor, stranger, later)
    site.kind = "site"
    site.save()
    attempt = begin(counsellor)
    mark_seen(attempt=attempt, by=supervisor, now=later)
    assert [len(told(user, later)) for user in (supervisor, stranger)] == [0, 1]
    tomorrow = later + timedelta(days=1)
    new = overseen(counsellor, intern, tomorrow)
    new.period = DateRange(timezone.localdate(tomorrow), None)
    new.save()
    assert told(intern, tomorrow) == []


def test_who_began_it_herself_has_nothing_to_see(begin, supervisor, oversight, later):
    begin(supervisor)
    assert told(supervisor, later) == []


def test_any_number_of_them_costs_one_query(
    begin, counsellor, supervisor, oversight, later, django_assert_num_queries
):
    begin(counsellor)
    with django_assert_num_queries(1):
        assert len(told(supervisor, later)) == 1


def test_only_who_oversees_her_marks_it_and_only_once(
    begin, counsellor, supervisor, stranger, oversight, later
):
    attempt = begin(counsellor)
    for by in (counsellor, stranger):
        with pytest.raises(NotAllowed):
            mark_seen(attempt=attempt, by=by, now=later)
    first = mark_seen(attempt=attempt, remark=REMARK, by=supervisor, now=later)
    again = mark_seen(attempt=attempt, remark="", by=supervisor, now=later)
    assert (again, DespiteSeen.objects.get().remark) == (first, REMARK)


def test_the_page_takes_the_remark_and_shows_it_to_both(
    begin, counsellor, supervisor, oversight, read
):
    attempt = begin(counsellor)
    page = f"/despite/{attempt.pk}/"
    hers, mine = read(supervisor), read(counsellor)
    assert "Mark as seen" in words(hers.get(page))
    assert "Mark as seen" not in words(mine.get(page))
    answer = hers.post(page, {"seen": "True", "remark": REMARK}, follow=True)
    assert "Marked as seen." in words(answer)
    for browser in (hers, mine):
        for address in (page, f"/sessions/{attempt.session_id}/"):
            shown = words(browser.get(address))
            assert ("Seen by lichun" in shown, REMARK in shown) == (True, True), address
            assert "Mark as seen" not in shown
    history = words(mine.get(f"/sessions/{attempt.session_id}/history/"))
    assert ("saw the start with a reason" in history, "With a remark." in history) == (True, True)
    assert REMARK not in history


def test_an_empty_request_and_the_psychologist_herself_mark_nothing(
    begin, counsellor, supervisor, oversight, read
):
    page = f"/despite/{begin(counsellor).pk}/"
    assert read(supervisor).post(page, {}).status_code == 200
    assert read(counsellor).post(page, {"seen": "True"}).status_code == 200
    assert DespiteSeen.objects.count() == 0


def test_another_counsellor_finds_no_page(begin, counsellor, stranger, oversight, read):
    page = f"/despite/{begin(counsellor).pk}/"
    browser = read(stranger)
    assert [browser.get(page).status_code, browser.post(page, {"seen": "True"}).status_code] == [
        404,
        404,
    ]


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["admin"]}])
def test_where_the_supervisor_can_read_it_no_longer_who_is_in_charge_has_to_see_it(
    change, begin, counsellor, supervisor, stranger, oversight, later
):
    Clinic.objects.update(responsible=stranger)
    User.objects.filter(pk=supervisor.pk).update(**change)
    attempt = begin(counsellor)
    assert Outbox.objects.get(kind="start_despite").recipient == stranger.actor_label
    assert [url for _title, url in told(stranger, later)] == [f"/despite/{attempt.pk}/"]


def test_where_her_supervisor_begins_it_the_psychologist_is_told(
    begin, ready, counsellor, supervisor, oversight, later, mailbox, read
):
    User.objects.filter(pk=counsellor.pk).update(language="en")
    nobody = "There is nobody to tell"
    page = f"/sessions/{ready.pk}/start-despite/"
    assert words(read(supervisor).get(page)).count(nobody) == 0
    attempt = begin(supervisor)
    deliver(later)
    (mail,) = mails_to(mailbox, counsellor.email)
    assert f"/despite/{attempt.pk}/" in part(mail, "plain")
    assert "talk it over with the supervisor." in part(mail, "plain")
    assert mails_to(mailbox, supervisor.email) == []
    assert REASON in words(read(counsellor).get(f"/despite/{attempt.pk}/"))


def test_who_is_in_charge_herself_is_warned_that_nobody_is_told(ready, counsellor, read):
    Clinic.objects.update(responsible=counsellor)
    page = words(read(counsellor).get(f"/sessions/{ready.pk}/start-despite/"))
    assert page.count("There is nobody to tell") == 1


def test_who_is_in_charge_does_not_see_for_another_what_was_begun_in_her_own_session(
    begin, counsellor, supervisor, oversight, later
):
    """Her supervisor of then began it, and nobody oversees her since."""
    Clinic.objects.update(responsible=counsellor)
    attempt = begin(supervisor)
    oversight.delete()
    with pytest.raises(NotAllowed):
        mark_seen(attempt=attempt, by=counsellor, now=later)
    assert (told(counsellor, later), DespiteSeen.objects.count()) == ([], 0)
