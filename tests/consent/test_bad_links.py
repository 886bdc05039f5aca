"""Links that open nothing, cookies of others, forms sent too late or of things that are not there."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.clients.actions import open_case, register_client
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.actions import expire, resend, revoke, send_request
from consent.emails import WISH
from consent.models import Answer, Request, RequestEvent, Understanding
from consent.new_link import _renew
from consent.reminders import BY
from tests.consent.conftest import BORN, agree_to_all
from tests.consent.phone import Phone, everything, link_of, template

AUDIT = ("clinic_auditentry", "clinic_audithead")


@pytest.fixture
def phone(request_sent) -> Phone:
    return Phone(request_sent)


@pytest.fixture
def begun(phone) -> Phone:
    return phone.begin()


@pytest.fixture
def other_request(request_sent, counsellor, now):
    """The request of another client, born on the same day."""
    values = {
        "name": "何處暑",
        "sex": "male",
        "birth_date": BORN,
        "email": "chushu@client.example",
        "phone": "0000-000-013",
    }
    person = register_client(values=values, by=counsellor, now=now)
    case = open_case(person=person, by=counsellor, now=now)
    return send_request(case=case, by=counsellor, now=now)


@pytest.fixture
def tokens(phone, request_sent, other_request, counsellor, now, days) -> dict[str, str]:
    """A token of each sort that opens nothing, by its sort."""
    replaced = phone.link.token
    expired = link_of(other_request)
    Link.objects.filter(pk=expired.pk).update(expires_at=now - days(1))
    earlier = now - timedelta(hours=1)
    resend(request=request_sent, new_link=True, by=counsellor, now=earlier)
    live = link_of(request_sent).token
    first = "A" if live[0] != "A" else "B"
    return {
        "replaced": replaced,
        "expired": expired.token,
        "altered": first + live[1:],
        "wrong": "x",
        "live": live,
    }


STATUS = {"replaced": 410, "expired": 410, "altered": 404, "wrong": 404}


@pytest.mark.parametrize("sort", STATUS)
def test_a_link_that_opens_nothing_says_why_and_gives_no_cookie(tokens, sort):
    browser, address = Client(), reverse("link", args=[tokens[sort]])
    before = everything()
    for ask in (browser.get, browser.post):
        page = ask(address)
        assert (page.status_code, page.context["state"]) == (
            STATUS[sort],
            sort if STATUS[sort] == 410 else "unknown",
        )
    assert ([n for n in browser.cookies if "link" in n], everything()) == ([], before)


def test_a_revoked_link_says_so_and_its_cookie_is_dead_at_once(
    begun, request_sent, counsellor, now
):
    revoke(request=request_sent, by=counsellor, now=now)
    page = Client().post(begun.mailed)
    assert (page.status_code, page.context["state"], template(page)) == (410, "revoked", "ended")
    before = everything()
    closed = (begun.answer(1), begun.sign(), begun.get("done"), begun.post("decline"))
    assert [(r.status_code, template(r)) for r in closed] == [(410, "ended")] * 4
    assert everything() == before


def test_a_link_of_another_purpose_opens_no_consent(request_sent, counsellor, now, days):
    other = Link.objects.create(
        purpose="password_reset", subject=f"user:{counsellor.pk}", expires_at=now + days(1)
    )
    browser = Client()
    browser.cookies.update(cookie.give(HttpResponse(), other, proven=True).cookies)
    assert browser.get(reverse("consent_start", args=[other.pk])).status_code == 410


def test_a_request_that_expired_is_closed_and_a_new_link_goes_on(
    begun, request_sent, counsellor, days
):
    begun.answer(1)
    late = timezone.now() + days(8)
    expire(request=request_sent, by=BY, now=late)
    with time_machine.travel(late, tick=True):
        assert begun.get("item", 2).status_code == 410
        assert begun.browser.get(begun.mailed).context["state"] == "expired"
        resend(request=request_sent, new_link=True, by=counsellor, now=timezone.now())
        again = Phone(request_sent)
        again.open()
        again.prove()
        assert again.answer(2).url == again.address("item", 3)
    assert Answer.objects.filter(request=request_sent).count() == 2


def test_two_people_on_one_phone_never_see_each_other(begun, request_sent, other_request):
    other = Phone(other_request, begun.browser).begin()
    pages = [("start",), ("item", 1), ("check",), ("review",), ("print",), ("done",), ("paper",)]
    for mine, theirs in ((begun, "何處暑"), (other, "江小滿")):
        for page in (*pages, ("read", "privacy_notice"), ("decline",)):
            response = mine.get(*page)
            assert (response.status_code, theirs in response.content.decode()) == (200, False)
    begun.answer(1)
    assert [a.request for a in Answer.objects.all()] == [request_sent]


def test_the_cookie_of_another_link_does_nothing_here(begun, other_request):
    stranger = Client()
    held = begun.browser.cookies[begun.cookies[0]]
    foreign = Phone(other_request, stranger)
    name = begun.cookies[0].replace(str(begun.link.pk), str(foreign.link.pk))
    stranger.cookies[name] = held.value
    before = everything()
    answers = (foreign.answer(1), foreign.get("item", 1), foreign.sign(), foreign.get("document"))
    assert [r.status_code for r in answers] == [410] * 4
    assert everything() == before


def test_an_altered_cookie_does_nothing(begun):
    name = begun.cookies[0]
    begun.browser.cookies[name] = begun.browser.cookies[name].value[:-2] + "zz"
    assert begun.answer(1).status_code == 410
    assert Answer.objects.count() == 0


def test_a_form_sent_after_the_cookies_hour_changes_nothing_and_the_link_opens_again(begun):
    begun.answer(1)
    before = everything(but=AUDIT)
    late = timezone.now() + timedelta(seconds=cookie.LASTS + 2)
    with time_machine.travel(late, tick=True):
        page = begun.answer(2, "ask", text="還在嗎？")
        assert (page.status_code, template(page)) == (410, "ended")
        assert everything(but=AUDIT) == before
        begun.open()
        assert begun.prove().url == begun.address("item", 2)


def test_a_form_sent_twice_is_one(begun, request_sent):
    for _time in range(2):
        begun.answer(1)
        begun.answer(2, "ask", text="為什麼？")
    codes = [e.details.get("item") for e in request_sent.events.filter(what="answered")]
    assert (codes.count("N1"), Answer.objects.count()) == (1, 2)
    assert request_sent.questions.count() == 1


def test_items_and_answers_that_do_not_exist_change_nothing(begun, request_sent):
    total = request_sent.asked_items().count()
    before = everything()
    assert [begun.answer(n).status_code for n in (0, total + 1, 99_999)] == [404] * 3
    for wrong in ({}, {"choice": "yes"}, {"choice": "agree\r\n"}, {"choice": "ask", "text": " "}):
        page = begun.post("item", 1, **wrong)
        assert (page.status_code, page.context["form"].errors != {}) == (200, True)
    assert begun.browser.get(f"/d/{begun.link.pk}/items/-1/").status_code == 404
    assert everything() == before


def test_a_notice_is_not_something_to_disagree_with(begun):
    page = begun.answer(1, "disagree")
    assert (page.status_code, page.context["form"].errors.keys()) == (200, {"choice"})
    assert Answer.objects.count() == 0


def test_questions_of_understanding_that_do_not_exist_change_nothing(begun, request_sent):
    before = everything()
    for wrong in (
        {"question": "Q-x", "choice": "a"},
        {"question": "Q-emergency"},
        {"question": "Q-emergency", "choice": "z"},
        {"question": "Q-emergency", "choice": "toolong"},
        {},
    ):
        page = begun.post("check", **wrong)
        assert (page.status_code, template(page)) == (200, "check")
    assert (Understanding.objects.count(), everything()) == (0, before)


def test_signing_before_everything_is_there_says_what_lacks(
    begun, request_sent, client_person, now
):
    agree_to_all(request_sent, client_person, now)
    page = begun.sign()
    assert (page.status_code, page.context["lacks"] != []) == (200, True)
    assert "evidence" not in RequestEvent.objects.values_list("what", flat=True)


# --- „Send me a new link“ ------------------------------------------------------------------------


def test_the_wish_for_a_new_link_is_answered_alike_whatever_the_token_is(tokens):
    found = {}
    for sort, token in tokens.items():
        Outbox.objects.filter(kind=WISH).delete()  # each token as the first of its quarter
        with CaptureQueriesContext(connection) as queries:
            page = Client().post(reverse("consent_new_link", args=[token]))
        kinds = [query["sql"].split()[0] for query in queries.captured_queries]
        found[sort] = page.status_code, page.content, [*page.cookies], kinds
    assert found["live"][0] == 200
    assert {sort: answer for sort, answer in found.items() if answer != found["live"]} == {}


def wish(token: str) -> None:
    """Press the button, and let the worker do what is due of it."""
    Client().post(reverse("consent_new_link", args=[token]))
    others = Outbox.objects.exclude(kind__in=[WISH, "new_link"]).unfinished()
    others.update(state="dropped", finished_at=timezone.now())
    deliver_due()


def test_signed_while_the_wish_waited_the_new_link_reaches_her(signed, mailbox):
    stale = Request.objects.get()
    stale.state = "ready_to_sign"  # as the worker had read it, before she signed
    Outbox.objects.unfinished().update(state="dropped", finished_at=timezone.now())
    _renew(request=stale, by=stale.signer, now=timezone.now())
    deliver_due()
    (mail,) = mailbox
    assert link_of(signed.request).token in mail.get_body(["plain"]).get_content()


@pytest.mark.parametrize("sort", ["live", "expired"])
def test_a_request_that_still_waits_gets_one_new_link_a_quarter_of_an_hour(tokens, sort, mailbox):
    Outbox.objects.unfinished().update(state="dropped", finished_at=timezone.now())
    (link, _state) = cookie.find(tokens[sort], timezone.now())
    for _time in range(3):
        wish(tokens[sort])
        Outbox.objects.filter(kind=WISH).delete()  # as if another quarter of an hour had begun
    assert Link.objects.get(pk=link.pk).issue == link.issue + 1
    (mail,) = mailbox
    assert Link.objects.get(pk=link.pk).token in mail.get_body(["plain"]).get_content()
    assert Client().get(reverse("link", args=[tokens[sort]])).context["state"] == "replaced"


def test_a_replaced_link_renews_nothing_and_offers_no_button(tokens, mailbox):
    (link, _state) = cookie.find(tokens["replaced"], timezone.now())
    Outbox.objects.unfinished().update(state="dropped", finished_at=timezone.now())
    wish(tokens["replaced"])
    assert (Link.objects.get(pk=link.pk).issue, mailbox) == (link.issue, [])
    page = Client().get(reverse("link", args=[tokens["replaced"]])).content.decode()
    assert reverse("consent_new_link", args=[tokens["replaced"]]) not in page


def test_the_wish_of_an_unknown_token_or_an_ended_request_does_nothing(
    request_sent, phone, counsellor, now, mailbox
):
    revoke(request=request_sent, by=counsellor, now=now)
    for token in ("x", phone.link.token):
        wish(token)
    assert (Link.objects.get(subject=request_sent.occasion).closed, mailbox) == ("revoked", [])


def test_what_goes_wrong_is_said_in_the_language_of_the_form(begun):
    begun.post("language", language="en")
    page = begun.get("item", 99)
    told = (page.status_code, page.headers["Content-Language"], 'lang="en"' in str(page.content))
    assert told == (404, "en", True)


def test_what_goes_wrong_names_no_clinic_and_leads_back_to_the_mail(phone):
    """Others may open her mail, and nobody with a link has a page called Today."""
    phone.begin()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.browser.cookies
    pages = [strict.post(phone.mailed), strict.post(phone.address("start")), phone.get("item", 99)]
    words = ("廿四節氣", "回到今天", "請再打開信裡的連結")
    told = [
        (page.status_code, *(word in page.content.decode() for word in words)) for page in pages
    ]
    assert told == [(status, False, False, True) for status in (403, 403, 404)]
