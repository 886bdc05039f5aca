"""An expired request is woken, unless its signer was asked anew since."""

from datetime import timedelta

import pytest

from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.todo import todos_for
from consent.actions import expire, reply, resend, revoke, send_request
from consent.models import Request
from consent.moves import PAPER_WAITS
from consent.new_link import ask_new_link
from consent.paper.actions import change_to_paper
from consent.reminders import BY, remind
from consent.signing import answer, want_paper
from tests.consent.conftest import agree_to_all, explain, understand
from tests.consent.test_paper import refused


@pytest.fixture
def late(request_sent, now):
    """A minute after the request's time was over."""
    return request_sent.expires_at + timedelta(minutes=1)


@pytest.fixture
def expired(request_sent, counsellor, late) -> Request:
    return expire(request=request_sent, by=counsellor, now=late)


def states() -> list[str]:
    return list(Request.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("how", [resend, change_to_paper])
def test_it_is_woken_by_staff(how, expired, counsellor, late):
    how(request=expired, by=counsellor, now=late)
    assert states() == ["sent"]


def test_it_is_woken_by_its_signer(expired, late):
    ask_new_link(link=Link.objects.get(subject=expired.occasion), now=late)
    assert states() == ["sent"]


@pytest.mark.parametrize("how", [resend, change_to_paper])
def test_it_stays_expired_once_another_followed(how, expired, case, counsellor, late):
    send_request(case=case, by=counsellor, now=late)
    assert refused(how, request=expired, by=counsellor, now=late) == "consent.followed"
    assert states() == ["expired", "sent"]


@pytest.mark.parametrize("how", [resend, change_to_paper])
def test_it_is_woken_where_the_other_was_revoked(how, expired, case, counsellor, late):
    other = send_request(case=case, by=counsellor, now=late)
    revoke(request=other, by=counsellor, now=late)
    how(request=expired, by=counsellor, now=late)
    assert states() == ["sent", "revoked"]


def test_its_signer_wakes_nothing_once_another_followed(expired, case, counsellor, late):
    send_request(case=case, by=counsellor, now=late)
    ask_new_link(link=Link.objects.get(subject=expired.occasion), now=late)
    assert states() == ["expired", "sent"]


def test_nor_where_staff_took_the_other_back(expired, case, counsellor, late):
    other = send_request(case=case, by=counsellor, now=late)
    revoke(request=other, by=counsellor, now=late)
    ask_new_link(link=Link.objects.get(subject=expired.occasion), now=late)
    assert states() == ["expired", "revoked"]


def test_with_a_wish_for_paper_it_waits_for_the_post_again(opened, client_person, counsellor, late):
    want_paper(request=opened, by=client_person, now=late)
    over = Request.objects.get().expires_at
    expire(request=opened, by=BY, now=over)
    ask_new_link(link=Link.objects.get(subject=opened.occasion), now=over)
    woken = Request.objects.get()
    assert (woken.on_paper, woken.expires_at) == (True, over + PAPER_WAITS)


def woken(request, by, late) -> Request:
    """Expired at ``late``, and sent again at once."""
    expire(request=request, by=BY, now=late)
    return resend(request=request, by=by, now=late)


def kinds(request) -> list[str]:
    """The kinds of mails about it, in their order, without the requests themselves."""
    rows = Outbox.objects.about(request.occasion).exclude(kind="consent_request").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_what_only_lacked_the_explanation_is_ready_with_it(
    opened, client_person, counsellor, late, now
):
    agree_to_all(opened, client_person, now)
    understand(opened, client_person, now)
    woken(opened, counsellor, late)
    assert states() == ["awaiting_explanation"]
    explain(opened, counsellor, late)
    assert (states(), kinds(opened)) == (["ready_to_sign"], ["ready_to_sign"])


def test_it_stands_where_it_stood_and_its_events_say_no_more_than_happened(
    opened, counsellor, late
):
    woken(opened, counsellor, late)
    happened = list(opened.events.values_list("what", flat=True))[-3:]
    assert (states(), happened) == (["opened"], ["expired", "woken", "resent"])


def test_a_reply_to_what_was_asked_before_leaves(
    opened, client_person, counsellor, late, mailbox, now
):
    asked = {"item": opened.asked_items()[3], "choice": "ask", "text": "為什麼？"}
    answer(request=opened, **asked, by=client_person, now=now)
    woken(opened, counsellor, late)
    reply(question=opened.questions.get(), text="因為…", by=counsellor, now=late)
    Outbox.objects.update(not_before=now, urgent=True)
    deliver_due()
    replies = Outbox.objects.filter(kind="question_answered")
    assert list(replies.values_list("state", flat=True)) == ["sent"]


def test_its_days_begin_anew(request_sent, counsellor, late, now, days):
    day2, day4 = "consent_reminder_day2", "consent_reminder_day4"
    for day in (2, 4):
        remind(now + days(day))
    late = late + days(4)
    woken(request_sent, counsellor, late)
    assert [todo for todo in todos_for(counsellor, late) if todo.icon == "phone"] == []
    for day in (2, 2, 4):
        remind(late + days(day))
    assert kinds(request_sent) == [day2, day4, day2, day4]
