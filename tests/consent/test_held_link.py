"""How long a page behind a mailed link stays open, and what it tells to who only holds the mail."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.kernel.documents.making import make
from clinic.kernel.documents.models import Document
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.people.birth_proof import MOST_TRIES
from consent.actions import countersign, resend
from consent.models import Request, Signature
from consent.new_link import ask_new_link
from consent.signing import decline
from tests.consent.phone import Phone, link_of, template


def test_who_goes_on_working_is_not_thrown_out_after_an_hour(request_sent):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone = Phone(request_sent).begin()
        for minutes in (50, 100):
            clock.move_to(start + timedelta(minutes=minutes))
            phone.get("item", 2)
        clock.move_to(start + timedelta(minutes=155))
        phone.answer(2, "ask", text="一個想了很久的問題")
        asked = [question.text for question in request_sent.questions.all()]
        clock.move_to(start + timedelta(minutes=216))
        answered = phone.answer(3).status_code
    assert (asked, answered) == (["一個想了很久的問題"], 410)


def test_who_has_not_proven_who_she_is_gains_nothing_by_looking(request_sent):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        phone = Phone(request_sent)
        phone.open()
        clock.move_to(start + timedelta(minutes=50))
        seen = phone.get("start").status_code
        clock.move_to(start + timedelta(minutes=61))
        assert (seen, phone.get("start").status_code) == (200, 410)


def test_how_a_request_ended_is_not_told_to_who_holds_only_the_mail(opened, client_person, now):
    phone = Phone(opened)
    phone.open()
    decline(request=opened, by=client_person, now=now)
    page = phone.post("paper")
    assert (page.status_code, page.url) == (302, phone.address("start"))


def test_an_answer_kept_in_the_background_does_not_open_the_door_again(request_sent):
    """It may be on its way while she presses "leave"."""
    phone = Phone(request_sent).begin()
    kept = phone.post("item", 1, choice="agree", headers={"X-Keep": "1"})
    plain = phone.answer(2)
    assert [bool(response.cookies) for response in (kept, plain)] == [False, True]


def tried(request, times: int) -> Phone:
    """A phone on which a wrong birth date was given so often."""
    phone = Phone(request)
    phone.open()
    for _time in range(times):
        phone.prove("1980-01-01")
    return phone


def test_a_locked_link_is_not_renewed_by_who_holds_the_mail(request_sent, now):
    link = tried(request_sent, MOST_TRIES).link
    ask_new_link(link=link_of(request_sent), now=now)
    after = link_of(request_sent)
    assert (after.issue, after.wrong_tries) == (link.issue, MOST_TRIES)


def test_a_new_link_that_she_asks_for_brings_no_new_tries(request_sent, now):
    link = tried(request_sent, MOST_TRIES - 1).link
    ask_new_link(link=link_of(request_sent), now=now)
    after = link_of(request_sent)
    assert (after.issue, after.wrong_tries) == (link.issue + 1, MOST_TRIES - 1)


def test_sending_a_locked_link_again_makes_one_that_opens(request_sent, counsellor, now):
    tried(request_sent, MOST_TRIES)
    resend(request=request_sent, by=counsellor, now=now)
    page = Phone(request_sent).begin().get("item", 1)
    assert (page.status_code, template(page), link_of(request_sent).issue) == (200, "item", 2)


def test_a_right_birth_date_lets_the_wrong_ones_be_forgotten(request_sent):
    for _visit in range(MOST_TRIES):
        phone = tried(request_sent, 1)
        assert phone.prove().url == phone.address("item", 1)
    assert link_of(request_sent).wrong_tries == 0


@pytest.fixture
def finished(signed, counsellor, now):
    """A countersigned request whose document is sealed and whose link has ended."""
    countersign(request=signed.request, by=counsellor, now=now)
    make(Document.objects.get().pk, now)
    Outbox.objects.unfinished().update(state="sent", finished_at=now)
    Link.objects.update(expires_at=now)
    return signed.request


@pytest.mark.parametrize(("hour", "urgent"), [(None, True), (time(10), False)])
def test_after_a_week_the_wish_for_a_new_link_brings_the_copy_again(finished, hour, urgent):
    finished.signer.safe_from, finished.signer.safe_until = hour, hour and time(11)
    finished.signer.save()
    now = timezone.now()
    for later in (now, now + timedelta(minutes=1)):  # pressed twice, it is one
        ask_new_link(link=link_of(finished), now=later)
    rows = Outbox.objects.filter(kind="signed_copy", state="waiting")
    assert [(row.urgent, link_of(finished).state(now)) for row in rows] == [(urgent, "live")]


@pytest.mark.parametrize("state", ["signed", "countersigned"])
def test_from_her_signature_to_the_seal_the_wish_brings_a_link_to_how_it_stands(
    signed, counsellor, mailbox, state
):
    """The psychologist may take longer than the link lasts."""
    now = timezone.now()
    if state == "countersigned":
        countersign(request=signed.request, by=counsellor, now=now)
    Outbox.objects.unfinished().update(state="dropped", finished_at=now)
    Link.objects.update(expires_at=now)
    for later in (now, now + timedelta(minutes=1)):  # pressed twice, it is one
        ask_new_link(link=link_of(signed.request), now=later)
    deliver_due()
    (mail,) = mailbox
    phone = Phone(signed.request)
    assert phone.link.token in mail.get_body(["plain"]).get_content()
    assert (phone.begin().get("done").status_code, Request.objects.get().state) == (200, state)


@pytest.mark.parametrize("way", ["address", "paper_refused"])
def test_to_another_address_or_for_what_was_refused_it_brings_none(signed, way):
    if way == "address":
        Request.objects.update(mailed_to="x")
    else:
        Request.objects.update(state="paper_refused", ended_at=timezone.now())
    ask_new_link(link=link_of(signed.request), now=timezone.now())
    assert (link_of(signed.request).issue, Outbox.objects.filter(kind="new_link").count()) == (1, 0)


def test_before_it_is_sealed_there_is_no_copy_to_send(signed, counsellor, now):
    countersign(request=signed.request, by=counsellor, now=now)
    ask_new_link(link=link_of(signed.request), now=now)
    assert Outbox.objects.filter(kind="signed_copy").count() == 0


def test_the_language_can_be_chosen_until_the_request_has_ended(opened, client_person, now):
    phone = Phone(opened).begin()
    seen = [phone.address("language") in phone.get("start").content.decode()]
    decline(request=opened, by=client_person, now=now)
    pages = [phone.get(page).content.decode() for page in ("start", "done", "print")]
    seen += [phone.address("language") in page for page in pages]
    assert seen == [True, False, False, False]


def test_the_language_changes_where_one_stands(opened):
    phone = Phone(opened).begin()
    start, item = phone.address("start"), phone.address("item", 2)
    elsewhere = ("https://evil.example/d/", "/sign-in/", f"{start}sign-off/", "")
    asked = (item, f"{item}?easy=1", phone.address("review"), *elsewhere)
    found = [phone.post("language", language="en", next=seen).url for seen in asked]
    assert found == [*asked[:3], *[start] * 4]


def test_what_was_read_in_one_language_is_not_signed_in_the_other(ready):
    """Two windows: the language is changed in one while the other shows what will be signed."""
    phone = Phone(ready).begin()
    seen = phone.get("review").context["consent"].language
    phone.post("language", language="en")
    refused = phone.sign(language=seen)
    words = "The language was changed in another window. Please read it once more, then sign."
    kept = refused.context["form"]["name"].value()
    told = (refused.context["form"].non_field_errors(), kept, Signature.objects.count())
    assert told == ([words], "江小滿", 0)
    phone.sign(language=refused.context["consent"].language)
    assert Signature.objects.get().request == ready


def test_the_page_to_print_says_whether_the_document_is_sealed(signed, counsellor, now):
    Request.objects.filter(pk=signed.request_id).update(language="en")
    phone, told = Phone(signed.request).begin(), "The sealed document follows"
    seen = [told in phone.get("print").content.decode()]
    countersign(request=signed.request, by=counsellor, now=now)
    make(Document.objects.get().pk, now)
    seen.append(told in phone.get("print").content.decode())
    assert seen == [True, False]
