"""Behind a consent link the clinic's number can be dialled from where its reader is."""

from collections.abc import Iterator

import pytest
import time_machine

from clinic.clients.place_actions import add_place
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.actions import send_request
from consent.models import Request
from consent.paper import blank
from consent.paper.actions import change_to_paper
from consent.papers import sections_of
from consent.publishing import publish_forms
from tests.consent.phone import Phone
from tests.staff.conftest import NOON, loose

HERE, ABROAD = "(02) 2610-1660", "+886-2-2610-1660"
NEUTRAL = "(02) 2429-2525"


@pytest.fixture
def now() -> Iterator:
    """Noon in Taipei: the mail may leave, in Japan too."""
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture(autouse=True)
def numbered(clinic):
    clinic.phone, clinic.neutral_phone = HERE, NEUTRAL
    clinic.save(update_fields=["phone", "neutral_phone"])


@pytest.fixture
def published(numbered, admin, now):
    """The forms as they are published with this number."""
    return publish_forms(by=admin, now=now)


def abroad(request, counsellor, now) -> None:
    values = {"label": "家", "country": "JP", "region": "Osaka", "street": "1-1", "usual": True}
    add_place(person=request.signer, values=values, by=counsellor, now=now)


def told(request, mailbox, now) -> list[str]:
    """What the mail says, and the page of who declined."""
    Outbox.objects.filter(kind="consent_request").update(not_before=now)
    deliver_due()
    (mail,) = [mail for mail in mailbox if mail["To"] == request.signer.email]
    phone = Phone(request).begin()
    phone.post("decline", reason="")
    return [mail.get_body(["plain"]).get_content(), loose(phone.get("done").content.decode())]


def named(shown: list[str]) -> list[list[bool]]:
    return [[number in text for number in (HERE, ABROAD, NEUTRAL)] for text in shown]


def test_in_taiwan_it_stands_as_it_is_written_there(request_sent, mailbox, now):
    assert named(told(request_sent, mailbox, now)) == [[True, False, False]] * 2


def test_in_english_it_can_be_dialled_from_anywhere(request_sent, counsellor, mailbox, now):
    Request.objects.update(language="en")
    shown = told(request_sent, mailbox, now)
    assert (named(shown), f'href="tel:{ABROAD.replace("-", "")}"' in shown[1]) == (
        [[False, True, False]] * 2,
        True,
    )


def test_abroad_it_can_be_dialled_in_chinese_too(request_sent, counsellor, mailbox, now):
    abroad(request_sent, counsellor, now)
    assert named(told(request_sent, mailbox, now)) == [[False, True, False]] * 2


def test_neutral_words_do_not_tell_that_she_is_abroad(request_sent, counsellor, mailbox, now):
    abroad(request_sent, counsellor, now)
    person = request_sent.signer
    person.neutral_contact = True
    person.save(update_fields=["neutral_contact"])
    assert named(told(request_sent, mailbox, now)) == [[False, False, True]] * 2


def test_the_english_form_to_be_printed_names_it_so(request_sent, counsellor, now):
    Request.objects.update(language="en")
    change_to_paper(request=Request.objects.get(), by=counsellor, now=now)
    head = blank.build(request_sent.pk, 1, now).html.partition("</dl>")[0]
    assert (ABROAD in head, HERE in head) == (True, False)


@pytest.mark.parametrize("which", ["counselling_agreement", "privacy_notice"])
def test_the_papers_of_the_form_name_it_so_in_english(
    case, forms, published, counsellor, now, which
):
    request = send_request(case=case, by=counsellor, now=now)
    papers = [sections_of(request, which, language)[1] for language in ("en", "zh")]
    said = [" ".join(text for _title, text in sections) for sections in papers]
    assert named(said) == [[False, True, False], [True, False, False]]
