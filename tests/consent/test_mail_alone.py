"""What who has only the mail can do: choose the language and paper, and say nothing in her name."""

import re

from django.urls import reverse
from django.utils.translation import override

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.todo import todos_for
from clinic.people.birth_proof import HOLDER
from consent.actions import countersign, resend
from consent.documents import EVENTS_SHOWN, build
from consent.models import Request
from consent.moves import add_event
from consent.new_link import ask_new_link
from consent.paper.actions import change_to_paper
from consent.reminders import remind
from consent.signing import choose_language, sign, want_paper
from tests.consent.conftest import BORN, DEVICE
from tests.consent.phone import Phone, link_of

BACK_AND_FORTH = ("en", "zh-hant") * 3


def held(request) -> Phone:
    """A phone that opened the link and gave no birth date."""
    phone = Phone(request)
    phone.open()
    return phone


def chain(request) -> list[tuple[str, str]]:
    """What the chain of events says since the request was sent, and who did it."""
    return list(request.events.exclude(what="sent").values_list("what", "actor"))


def test_the_language_before_the_birth_date_is_no_event(request_sent):
    phone = held(request_sent)
    for language in (*BACK_AND_FORTH, "en"):
        phone.post("language", language=language)
    assert (chain(request_sent), Request.objects.get().language) == ([], "en")


def test_behind_the_birth_date_a_change_of_language_is_one_event(request_sent, client_person):
    phone = Phone(request_sent).begin()
    before = len(chain(request_sent))
    for language in ("en", "en", "en", "zh-hant", "zh-hant"):
        phone.post("language", language=language)
    assert chain(request_sent)[before:] == [("language", client_person.actor_label)] * 2


def test_a_language_that_is_chosen_already_is_no_event(request_sent, client_person, now):
    for _time in range(2):
        choose_language(request=request_sent, language="en", by=client_person, now=now)
    assert chain(request_sent) == [("language", client_person.actor_label)]


def test_paper_wished_before_the_birth_date_is_one_event_and_not_in_her_name(request_sent):
    phone = held(request_sent)
    phone.post("paper")
    until = Request.objects.get().expires_at
    for _time in range(3):
        phone.post("paper")
    told = (chain(request_sent), Request.objects.get().expires_at)
    assert told == ([("paper_wished", HOLDER.actor_label)], until)


def test_paper_wished_behind_the_birth_date_is_her_wish(opened, client_person, now):
    before = len(chain(opened))
    for _time in range(2):
        want_paper(request=opened, by=client_person, now=now)
    assert chain(opened)[before:] == [("paper_wished", client_person.actor_label)]


def test_her_own_wish_is_noted_beside_one_that_may_be_anothers(opened, client_person, now):
    want_paper(request=opened, by=HOLDER, now=now)
    before = len(chain(opened))
    phone = Phone(opened).begin()
    for _time in range(2):
        phone.post("paper")
    hers = [("paper_wished", client_person.actor_label)]
    assert (chain(opened)[before:], Request.objects.get().paper_wished_at) == (hers, now)
    assert AuditEntry.objects.filter(verb="consent.want_paper").count() == 2


def test_what_was_not_her_wish_ends_as_it_is_sent_again(opened, counsellor, now, days):
    want_paper(request=opened, by=HOLDER, now=now)
    before = Request.objects.get().on_paper
    resend(request=opened, by=counsellor, now=now)
    remind(now + days(2))
    assert (before, Request.objects.get().on_paper) == (True, False)
    assert Outbox.objects.filter(kind="consent_reminder_day2").count() == 1


def test_a_form_that_was_made_stays_on_paper(opened, counsellor, now):
    want_paper(request=opened, by=HOLDER, now=now)
    change_to_paper(request=opened, by=counsellor, now=now)
    resend(request=opened, by=counsellor, now=now)
    assert Request.objects.get().on_paper


def todo_of(counsellor, now) -> list[str]:
    with override("en"):
        return [todo.title for todo in todos_for(counsellor, now) if "aper" in todo.title]


def test_today_tells_whose_wish_it_may_be(opened, client_person, counsellor, now):
    want_paper(request=opened, by=HOLDER, now=now)
    alone = todo_of(counsellor, now)
    want_paper(request=opened, by=client_person, now=now)
    assert (alone, todo_of(counsellor, now)) == (
        ["Paper was asked for with the link of 江小滿"],
        ["江小滿 signs on paper"],
    )


def told(request, counsellor, browse) -> list[bool]:
    """Whether the page of the request says that the client asked, or whoever had the link."""
    counsellor.language = "en"
    counsellor.save(update_fields=["language"])
    page = browse(counsellor).get(reverse("consent_request", args=[request.pk])).content.decode()
    return [
        words in page for words in ("The client would like paper.", "with the mailed link alone")
    ]


def test_staff_read_who_asked_for_paper(opened, client_person, counsellor, browse, now):
    want_paper(request=opened, by=HOLDER, now=now)
    alone = told(opened, counsellor, browse)
    want_paper(request=opened, by=client_person, now=now)
    assert (alone, told(opened, counsellor, browse)) == ([False, True], [True, False])


def test_a_birth_date_is_tried_by_whoever_has_the_link(request_sent, client_person):
    phone = held(request_sent)
    for born in ("1980-01-01", str(BORN)):
        phone.prove(born)
    tries = AuditEntry.objects.filter(verb="link.prove").order_by("pk")
    assert list(tries.values_list("details__note", "actor")) == [
        ("wrong", HOLDER.actor_label),
        ("right", HOLDER.actor_label),
    ]
    opening = AuditEntry.objects.filter(verb="consent.open").values_list("actor", flat=True)
    assert list(opening) == [client_person.actor_label]


def test_who_agrees_to_the_electronic_form_read_it_in_that_language(request_sent):
    phone, other = held(request_sent), held(request_sent)
    other.post("language", language="en")
    refused = phone.prove(language="zh-hant")
    before = Request.objects.get().electronic_at
    again = phone.prove(language="en")
    agreed = request_sent.events.get(what="electronic_agreed")
    assert (refused.status_code, before, again.status_code) == (200, None, 302)
    page = refused.content.decode()
    ticked = re.search(r'name="electronic" value="on"( checked)?', page)[1]
    assert ("The language was changed in another window." in page, ticked) == (True, None)
    assert agreed.details == {"language": "en"}


def test_the_start_page_sends_along_its_language(request_sent):
    page = held(request_sent).get("start").content.decode()
    assert '<input type="hidden" name="language" value="zh-hant">' in page


def test_an_answer_says_in_which_language_its_item_was_read(opened):
    phone, language = Phone(opened).begin(), re.compile(r'"hidden" name="language" value="(.+?)"')
    read = language.search(phone.get("item", 1).content.decode())[1]
    held(opened).post("language", language="en")
    tap = phone.answer(1, language=read, headers={"X-Keep": "1"})
    refused = phone.answer(1, language=read).content.decode()
    before = opened.events.filter(what="answered").count()
    phone.answer(1, language=language.search(refused)[1])
    assert (read, tap.status_code, before) == ("zh-hant", 200, 0)
    assert "Please read it once more." in refused
    assert opened.events.get(what="answered").details["language"] == "en"


def test_a_new_link_is_asked_for_by_whoever_has_the_mail(request_sent, now):
    ask_new_link(link=link_of(request_sent), now=now)
    assert chain(request_sent) == [("new_link", HOLDER.actor_label)]


def certificate(ready, client_person, counsellor, now) -> str:
    """The rendering of the request, signed and countersigned."""
    typed = {"method": "typed", "name": "江小滿", "strokes": "", "device": DEVICE}
    row = sign(request=ready, **typed, by=client_person, now=now)
    countersign(request=row.request, by=counsellor, now=now)
    with override("en"):
        return build(row.pk, 1, now).html


def test_the_certificate_names_nobody_where_only_the_link_was_there(
    ready, client_person, counsellor, now
):
    ready.language = "en"
    ready.save(update_fields=["language"])
    want_paper(request=ready, by=HOLDER, now=now)
    html = certificate(ready, client_person, counsellor, now)
    row = html.partition("asked for paper")[2].partition("</tr>")[0]
    assert "<td>whoever had the link, before the date of birth</td>" in row


def test_the_certificate_of_a_very_long_chain_shows_its_beginning_and_its_end(
    ready, client_person, counsellor, now
):
    for _time in range(EVENTS_SHOWN):
        add_event(ready, "language", client_person, now, language="en")
    html = certificate(ready, client_person, counsellor, now)
    total = ready.events.count()
    rows = [n for n in range(1, total + 1) if f"<tr><td>{n}</td>" in html]
    half = EVENTS_SHOWN // 2
    assert rows == [*range(1, half + 1), *range(total - half + 1, total + 1)]
    assert f"{total - EVENTS_SHOWN} " in html.partition("<tr><td>…</td>")[2][:40]
    assert ready.events.last().hash in html
