"""Seven days more for a link: with each mail, and by hand without one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.errors import NotAllowed, Refused
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.people.birth_proof import MOST_TRIES
from consent.actions import expire, resend, revoke
from consent.longer import give_longer
from consent.mailing import LASTS
from consent.models import Request
from consent.moves import PAPER_WAITS
from consent.new_link import ask_new_link
from consent.paper.actions import change_to_paper, prepare_paper
from consent.reminders import BY, remind
from tests.consent.phone import Phone, link_of

SAID = "Sent again, the link works for seven days from then on."


@pytest.fixture
def unreachable(client_person):
    """She is not to be mailed any more; her address is as it was."""
    client_person.never_mail = True
    client_person.save()
    return client_person


@pytest.fixture
def page(counsellor, browse):
    counsellor.language = "en"
    counsellor.save(update_fields=["language"])

    def read(request) -> tuple[bool, bool]:
        """Whether the page says how long a mailed link works, and offers seven days more."""
        address = reverse("consent_request", args=[request.pk])
        text = browse(counsellor).get(address).content.decode()
        return SAID in text, reverse("consent_prolong", args=[request.pk]) in text

    return read


def test_beside_sending_again_stands_how_long_the_link_then_works(request_sent, page):
    assert page(request_sent)[0]


@pytest.mark.parametrize("late", [False, True])
def test_who_is_reached_by_mail_is_offered_it_as_well(
    late, request_sent, counsellor, browse, page, now
):
    if late:
        expire(request=request_sent, by=BY, now=now + timedelta(days=8))
    before, mails = page(request_sent), Outbox.objects.count()
    browse(counsellor).post(reverse("consent_prolong", args=[request_sent.pk]))
    request = Request.objects.get()
    assert (before, request.state, Outbox.objects.count()) == ((True, True), "sent", mails)
    assert request.events.last().what == "prolonged"


REMINDED = ["consent_reminder_day2", "consent_reminder_day4"]


def reminders(now) -> list[str]:
    """The reminders that were written by the fifth day."""
    for day in (2, 4):
        remind(now + timedelta(days=day))
    rows = Outbox.objects.filter(kind__startswith="consent_reminder_").order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("late", [False, True])
def test_no_reminder_follows_what_was_to_be_without_a_mail(late, request_sent, counsellor, now):
    at = now + timedelta(days=8 if late else 0)
    if late:
        expire(request=request_sent, by=BY, now=at)
    give_longer(request=request_sent, by=counsellor, now=at)
    assert reminders(at) == []


def test_a_reminder_that_was_on_its_way_stays(request_sent, counsellor, now, days):
    remind(now + days(2))
    give_longer(request=request_sent, by=counsellor, now=now + days(2))
    Outbox.objects.update(not_before=now, urgent=True)
    deliver_due()
    ended = Outbox.objects.filter(kind=REMINDED[0]).values_list("state", "reason")
    assert list(ended) == [("dropped", "to go on without mails")]


def test_who_is_mailed_again_is_reminded_again(request_sent, counsellor, now):
    give_longer(request=request_sent, by=counsellor, now=now)
    resend(request=Request.objects.get(), by=counsellor, now=now)
    assert reminders(now) == REMINDED


def test_who_reads_her_mail_does_not_bring_the_reminders_back(request_sent, counsellor, now):
    give_longer(request=request_sent, by=counsellor, now=now)
    ask_new_link(link=link_of(request_sent), now=now)
    assert reminders(now) == []


def test_a_locked_link_gets_none(request_sent, counsellor, page, now):
    Link.objects.update(wrong_tries=MOST_TRIES)
    assert refused(request_sent, counsellor, now) == "consent.no_link"
    assert page(request_sent) == (True, False)


def test_where_nothing_is_mailed_the_link_gets_seven_days_more(
    request_sent, unreachable, counsellor, browse, page, now, days
):
    assert page(request_sent) == (False, True)
    mails, old = Outbox.objects.count(), link_of(request_sent)
    browse(counsellor).post(reverse("consent_prolong", args=[request_sent.pk]))
    link, request = link_of(request_sent), Request.objects.get()
    assert (link.token, request.expires_at) == (old.token, link.expires_at)
    assert link.expires_at > old.expires_at
    assert (Outbox.objects.count(), request.events.last().what) == (mails, "prolonged")


def test_a_link_that_expired_opens_again_where_she_stood(opened, unreachable, counsellor, now):
    late = now + timedelta(days=8)
    expire(request=opened, by=BY, now=late)
    phone = Phone(opened)
    give_longer(request=opened, by=counsellor, now=late)
    assert (Request.objects.get().state, phone.link.pk) == ("opened", link_of(opened).pk)
    assert link_of(opened).expires_at == late + LASTS


def test_it_does_not_shorten_the_time_that_paper_has(request_sent, unreachable, counsellor, now):
    change_to_paper(request=request_sent, by=counsellor, now=now)
    give_longer(request=Request.objects.get(), by=counsellor, now=now)
    assert Request.objects.get().expires_at == now + PAPER_WAITS


def refused(request, by, now) -> str:
    with pytest.raises(Refused) as found:
        give_longer(request=request, by=by, now=now)
    return found.value.code


def test_a_link_to_an_address_that_she_gave_up_gets_none(
    request_sent, unreachable, counsellor, page, now
):
    unreachable.email = ""
    unreachable.save()
    request = Request.objects.get()
    assert (refused(request, counsellor, now), page(request)) == ("consent.no_link", (False, False))


def test_a_request_that_was_never_mailed_gets_none(case, forms, counsellor, now):
    request = prepare_paper(case=case, by=counsellor, now=now)
    assert refused(request, counsellor, now) == "consent.no_link"


def test_what_has_ended_gets_none(request_sent, unreachable, counsellor, page, now):
    revoke(request=request_sent, by=counsellor, now=now)
    request = Request.objects.get()
    assert (refused(request, counsellor, now), page(request)) == ("consent.over", (False, False))


def test_only_the_psychologist_of_the_case_gives_it(request_sent, admin, now):
    with pytest.raises(NotAllowed):
        give_longer(request=request_sent, by=admin, now=now)
