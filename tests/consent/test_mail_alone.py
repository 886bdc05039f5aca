"""What who has only the mail can do: choose the language and paper, and say nothing in her name."""

from django.utils.translation import override

from consent.actions import countersign
from consent.documents import EVENTS_SHOWN, build
from consent.models import Request
from consent.moves import HOLDER, add_event
from consent.new_link import ask_new_link
from consent.signing import choose_language, sign, want_paper
from tests.consent.conftest import DEVICE
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
