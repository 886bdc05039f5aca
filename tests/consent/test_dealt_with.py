"""A request that ended without a consent leaves Today once its psychologist says that it is dealt with."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.errors import NotAllowed, Refused
from clinic.kernel.tasks.todo import todos_for
from consent.actions import expire, resend, revoke, send_request
from consent.ended import deal_with
from consent.models import Request
from consent.paper.actions import check_paper
from consent.reminders import BY
from consent.signing import decline
from tests.consent.on_paper import asked_on_paper, returned


@pytest.fixture
def declined(opened, client_person, now) -> Request:
    return decline(request=opened, by=client_person, now=now)


@pytest.fixture
def late(request_sent):
    return request_sent.expires_at + timedelta(minutes=1)


@pytest.fixture
def expired(request_sent, late) -> Request:
    return expire(request=request_sent, by=BY, now=late)


@pytest.fixture
def asked(counsellor):
    """``asked(at)``: how many to-dos about consent forms she has at that time."""

    def asked(at) -> int:
        return len([t for t in todos_for(counsellor, at) if t.action_url.startswith("/consent/")])

    return asked


@pytest.fixture
def shown(counsellor, browse):
    def shown(request) -> list[bool]:
        """Whether its page offers to mark it as done, and to revoke it."""
        text = browse(counsellor).get(reverse("consent_request", args=[request.pk]))
        names = ("consent_dealt_with", "consent_revoke")
        return [reverse(name, args=[request.pk]) in text.content.decode() for name in names]

    return shown


def test_declined_it_leaves_today_and_stays_as_it_ended(
    declined, asked, shown, counsellor, browse, now
):
    before = (asked(now), shown(declined))
    browse(counsellor).post(reverse("consent_dealt_with", args=[declined.pk]))
    after = (asked(now), shown(declined))
    ended = Request.objects.get()
    assert (before, after) == ((1, [True, False]), (0, [False, False]))
    assert (ended.state, ended.events.last().what) == ("declined", "dealt_with")


def test_so_does_an_expired_one_which_may_be_revoked_as_well(
    expired, asked, shown, counsellor, late
):
    before = (asked(late), shown(expired))
    deal_with(request=expired, by=counsellor, now=late)
    after = (asked(late), shown(expired))
    assert (before, after) == ((1, [True, True]), (0, [False, True]))
    assert Request.objects.get().state == "expired"


def test_what_expires_once_more_is_asked_once_more(expired, asked, counsellor, late):
    deal_with(request=expired, by=counsellor, now=late)
    again = late + timedelta(days=8)
    resend(request=expired, by=counsellor, now=late)
    expire(request=Request.objects.get(), by=BY, now=again)
    assert (Request.objects.get().state, asked(again)) == ("expired", 1)


def refused(request, by, now) -> str:
    with pytest.raises(Refused) as found:
        deal_with(request=request, by=by, now=now)
    return found.value.code


def test_only_once_and_only_what_ended_unsigned(request_sent, counsellor, late):
    codes = [refused(request_sent, counsellor, late)]
    expired = expire(request=request_sent, by=BY, now=late)
    deal_with(request=expired, by=counsellor, now=late)
    codes.append(refused(expired, counsellor, late))
    assert codes == ["consent.nothing_to_do"] * 2


def test_nor_where_the_signer_was_asked_anew(declined, case, counsellor, shown, late):
    send_request(case=case, by=counsellor, now=late)
    found = (refused(declined, counsellor, late), shown(declined))
    assert found == ("consent.nothing_to_do", [False, False])


def test_where_the_newer_one_was_taken_back_today_asks_on(
    declined, case, counsellor, asked, shown, late
):
    newer = send_request(case=case, by=counsellor, now=late)
    before = asked(late)
    revoke(request=newer, by=counsellor, now=late)
    assert (before, asked(late), shown(declined)) == (0, 1, [True, False])


def test_a_paper_form_that_was_not_accepted_leaves_today_as_well(
    case, forms, admin, counsellor, asked, shown, now
):
    paper = returned(asked_on_paper(case, now), now)
    check_paper(paper=paper, right=False, remark="第三頁不見了", by=admin, now=now)
    ended = Request.objects.get()
    before = (ended.state, asked(now), shown(ended))
    deal_with(request=ended, by=counsellor, now=now)
    after = (asked(now), shown(ended))
    assert (before, after) == (("paper_refused", 1, [True, False]), (0, [False, False]))


def test_only_the_psychologist_of_the_case_says_so(declined, admin, now):
    with pytest.raises(NotAllowed):
        deal_with(request=declined, by=admin, now=now)
