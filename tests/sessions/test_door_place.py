"""The place at the door: on file is what the file says, not what an earlier answer was."""

import re

import pytest
import time_machine
from django.test import Client

from clinic.clients.place_actions import change_place
from clinic.kernel.kept_forms import MARK
from clinic.organisation.models import Room, Town
from clinic.people.places import usual_place
from sessions.door.actions import check_door
from sessions.models import CounsellingSession, DoorCheck, SessionPlace
from sessions.places import Told, places_of
from tests.sessions.test_door import fresh

HOME = "示範路 11 號"
FILED = re.compile(r'name="places_seen" value="(\w+)"')
PLACE = DoorCheck.Point.PLACE


@pytest.fixture
def at(session):
    """The moment at which the session begins."""
    with time_machine.travel(session.during.lower, tick=False):
        yield session.during.lower


@pytest.fixture
def person(session):
    (found,) = session.people
    return found


@pytest.fixture
def browser(read, counsellor):
    return read(counsellor)


@pytest.fixture
def page(session) -> str:
    return f"/sessions/{session.pk}/door/"


def answer(session, person, key, by, at, told=None) -> None:
    elsewhere = {person.pk: told} if told else {}
    check_door(
        session=session, answers={(PLACE, person.pk): key}, elsewhere=elsewhere, by=by, now=at
    )


def street_of(session, person) -> str:
    return places_of([fresh(session)])[session.pk][person.pk].street


@pytest.mark.parametrize(
    ("key", "where"), [("taiwan", ("TW", "", "63000080")), ("abroad", ("MM", "Yangon", None))]
)
def test_on_file_takes_back_what_was_told_before(session, person, counsellor, at, key, where):
    country, region, town = where
    told = Told(country, region, town and Town.objects.get(pk=town), "1 Sample Road")
    answer(session, person, key, counsellor, at, told)
    answer(session, person, "as_filed", counsellor, at)
    kept = list(SessionPlace.objects.order_by("pk").values_list("how", "country"))
    assert (street_of(session, person), kept) == (
        HOME,
        [("door", country), ("door", "TW")],
    )


def test_the_page_shows_both_and_what_was_told_can_be_sent_as_it_stands(
    session, person, counsellor, at, browser, page
):
    told = Told("TW", "", Town.objects.get(pk="63000080"), "示範路 9 號")
    answer(session, person, "taiwan", counsellor, at, told)
    shown = browser.get(page)
    facts = re.findall(r"<dd>([^<]*示範路[^<]*)</dd>", shown.content.decode())
    assert [HOME in facts[0], "示範路 9 號" in facts[1]] == [True, True]
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {f"line_{person.pk}": "poor", "places_seen": FILED.search(shown.content.decode())[1]}
    assert browser.post(page, sent).status_code == 302
    assert (street_of(session, person), SessionPlace.objects.count()) == ("示範路 9 號", 1)


def test_a_place_changed_meanwhile_is_not_confirmed_unseen(
    session, person, counsellor, at, browser, page
):
    sent = {f"place_{person.pk}": "as_filed", f"line_{person.pk}": "good"}
    filed = FILED.search(browser.get(page).content.decode())[1]
    place = usual_place(person)
    change_place(place=place, values={"street": "示範路 12 號"}, by=counsellor, now=at)
    refused = browser.post(page, sent | {"places_seen": filed})
    assert (refused.status_code, SessionPlace.objects.count()) == (200, 0)
    text = refused.content.decode()
    assert "changed in another window meanwhile" in text
    assert browser.post(page, sent | {"places_seen": FILED.search(text)[1]}).status_code == 302
    assert street_of(session, person) == "示範路 12 號"


def test_another_refusal_does_not_pass_over_a_place_changed_meanwhile(
    session, person, counsellor, at, browser, page
):
    filed = FILED.search(browser.get(page).content.decode())[1]
    change_place(
        place=usual_place(person), values={"street": "示範路 12 號"}, by=counsellor, now=at
    )
    ticked = {f"place_{person.pk}": "as_filed", "places_seen": filed}
    shown = browser.post(page, ticked).content.decode()  # nothing was asked in the call
    again = {f"line_{person.pk}": "good", "places_seen": FILED.search(shown)[1]}
    refused = browser.post(page, ticked | again)
    assert (FILED.search(shown)[1], refused.status_code) == (filed, 200)
    assert ["changed in another window" in text for text in (shown, refused.content.decode())] == [
        False,
        True,
    ]
    assert SessionPlace.objects.count() == 0


def test_nor_over_answers_of_another_window(session, person, counsellor, at, browser, page):
    seen = re.compile(r'name="seen" value="(\d+)"')
    first = seen.search(browser.get(page).content.decode())[1]
    line = DoorCheck.Point.LINE
    check_door(
        session=session, answers={(line, person.pk): "poor"}, elsewhere={}, by=counsellor, now=at
    )
    wrong = {f"line_{person.pk}": "good", f"place_{person.pk}": "taiwan"}  # no township
    shown = browser.post(page, wrong | {"seen": first}).content.decode()
    right = {f"line_{person.pk}": "good", "seen": seen.search(shown)[1]}
    refused = browser.post(page, right).content.decode()
    assert (seen.search(shown)[1], "answered in another window" in refused) == (first, True)
    assert browser.post(page, right | {"seen": seen.search(refused)[1]}).status_code == 302


@pytest.mark.parametrize("other", ["room", "channel"])
def test_what_was_told_is_shown_and_counts_in_another_room_and_way(
    session, person, counsellor, at, browser, page, other
):
    told = Told("TW", "", Town.objects.get(pk="63000080"), "示範路 9 號")
    answer(session, person, "taiwan", counsellor, at, told)
    room = Room.objects.create(premises=session.room.premises, name="立冬室")
    to = {"room": room, "channel": "telephone"}
    CounsellingSession.objects.filter(pk=session.pk).update(**{other: to[other]})
    form = browser.get(page).context["form"]
    start = [form[name].value() for name in (f"place_{person.pk}", f"street_{person.pk}")]
    assert (start, street_of(session, person)) == (["", "示範路 9 號"], "示範路 9 號")


def test_a_file_corrected_after_the_door_is_shown_beside_and_asked(
    session, person, counsellor, at, browser, page
):
    answer(session, person, "as_filed", counsellor, at)
    same = browser.get(page)
    change_place(
        place=usual_place(person), values={"street": "示範路 12 號"}, by=counsellor, now=at
    )
    shown = browser.get(page)
    ticked = [r.context["form"][f"place_{person.pk}"].value() for r in (same, shown)]
    facts = re.findall(r"<dd>[^<]*(示範路 \d+ 號)[^<]*</dd>", shown.content.decode())
    assert (ticked, facts) == (["as_filed", ""], ["示範路 12 號", HOME])
    answer(session, person, "as_filed", counsellor, at)
    assert street_of(session, person) == "示範路 12 號"


def test_nor_does_a_form_that_was_kept_through_a_time_out(
    session, person, counsellor, at, browser, page
):
    text = browser.get(page).content.decode()
    writer = re.search(rf'name="{MARK}" value="([^"]+)"', text)[1]
    ticked = {f"place_{person.pk}": "as_filed", f"line_{person.pk}": "good"}
    Client().post(page, ticked | {MARK: writer, "places_seen": FILED.search(text)[1]})
    change_place(
        place=usual_place(person), values={"street": "示範路 12 號"}, by=counsellor, now=at
    )
    shown = browser.get(page).content.decode()
    refused = browser.post(page, ticked | {"places_seen": FILED.search(shown)[1]})
    assert (FILED.search(shown)[1], refused.status_code) == (FILED.search(text)[1], 200)
    assert "changed in another window meanwhile" in refused.content.decode()
