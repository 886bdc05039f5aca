"""The page of who is written to in neutral words: for the birth date it tells what the mail left out."""

import pytest

from sessions.booking.actions import move
from tests.sessions.conftest import CALL
from tests.sessions.phone import BOOKED_AT, MINUTE, START, Phone, booked_and_mailed


@pytest.fixture
def neutral(case, room, counsellor, mailbox):
    (person,) = case.people
    person.neutral_contact = True
    person.save()
    return booked_and_mailed(case, room, counsellor)


def known(page) -> list[object]:
    """What the page tells of how they meet: the way, the psychologist, preparing, the call."""
    context = page.context
    return [context["way"], context["with_whom"], bool(context["preparing"]), context["call"]]


UNTOLD = ["", "", False, "prove"]


def test_what_a_neutral_mail_left_out_is_shown_for_the_birth_date_at_any_time(neutral):
    phone = Phone().begin()
    page = phone.look()
    assert (known(page), "birth_date" in page.text_) == (UNTOLD, True)
    assert phone.prove("1980-01-01").status_code == 200
    assert known(phone.look()) == UNTOLD
    phone.prove()
    page = phone.look()
    assert known(page) == ["視訊", "guyu", True, "later"]
    assert (CALL in page.text_, "birth_date" in page.text_) == (False, False)


def test_whose_way_was_changed_in_neutral_words_learns_to_what(neutral, counsellor):
    values = {"room": neutral.room, "channel": "in_person", "minutes": 50, "call_link": ""}
    move(session=neutral, start=START, **values, by=counsellor, now=BOOKED_AT)
    phone = Phone().begin()
    assert known(phone.look()) == UNTOLD
    phone.prove()
    way, *rest = known(phone.look())
    assert (way.startswith("面對面，地點："), rest) == (True, ["guyu", True, "no"])


def test_the_call_of_a_neutral_page_is_there_as_late_as_of_any_other(neutral):
    phone = Phone(START - 31 * MINUTE).begin()
    phone.prove()
    shown = []
    for minutes in (31, 30):
        phone.now = START - minutes * MINUTE
        shown.append(CALL in phone.look().text_)
    assert shown == [False, True]


def test_a_neutral_page_that_is_over_asks_for_nothing(neutral):
    page = Phone(START + 50 * MINUTE).begin().look()
    assert (page.context["state"], "birth_date" in page.text_) == ("over", False)
