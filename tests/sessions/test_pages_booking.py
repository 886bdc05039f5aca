"""The pages of booking: what is shown before saving, what a refusal keeps, what follows."""

from datetime import time, timedelta

import pytest

from clinic.clients.actions import close_case, open_case, register_client
from clinic.kernel.outbox.models import Outbox
from sessions.booking.forms import HourField
from sessions.models import CounsellingSession, Occupancy, SessionPlace
from sessions.wording import booked_words
from tests.sessions.conftest import CALL
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")


def new(case) -> str:
    return f"/cases/{case.pk}/sessions/new/"


def count() -> tuple[int, int, int]:
    models = (CounsellingSession, Occupancy, Outbox)
    return tuple(model.objects.count() for model in models)


def shown(page) -> dict[str, str]:
    """What stands in the first fields of a page's form."""
    form = page.context["form"]
    return {name: str(form[name].value()) for name in ("day", "time", "minutes", "call_link")}


# --- Before saving -------------------------------------------------------------------------------


def test_a_conflict_is_shown_before_saving_and_nothing_is_saved(second_case, form, mine):
    before = count()
    page = mine.post(new(second_case), form | {"look": "1"})
    said = words(page)
    assert page.status_code == 200
    assert "This stands in the way" in said
    assert "psychologist: busy from 10:00 to 10:50" in said
    assert "room: busy from 10:00 to 10:50" in said
    assert "江小滿" not in said
    assert count() == before
    assert form["time"] in page.content.decode()
    assert CALL in page.content.decode()


def test_a_free_time_is_called_free_and_is_not_booked_yet(second_case, form, mine):
    before = count()
    said = words(mine.post(new(second_case), form | {"time": "14:00", "look": "1"}))
    assert "Free, and nothing stops it" in said
    assert count() == before


def test_what_stops_the_booking_is_shown_with_its_clause(second_case, form, in_force, mine):
    in_force.channels = ["video"]
    in_force.save()
    other = {"channel": "telephone", "call_link": "", "time": "14:00", "look": "1"}
    said = words(mine.post(new(second_case), form | other))
    assert "The approval does not name this way" in said
    assert "G0.2" in said


def excluded(page) -> tuple[str, ...]:
    """What the preview says of whom the approval leaves out; it stands on the page as well."""
    found = page.context["preview"].exclusions
    assert ("Excluded persons" in words(page)) is bool(found)
    assert [text for text in found if text not in words(page)] == []
    return found


@pytest.mark.parametrize(("channel", "said"), [("video", 1), ("telephone", 1), ("in_person", 0)])
def test_whom_the_approval_excludes_is_shown_of_what_it_covers(
    session, second_case, form, in_force, mine, channel, said
):
    in_force.exclusions = "示範：急性期"
    in_force.save()
    typed = form | {"channel": channel, "time": "14:00", "look": "1"}
    expected = ("示範：急性期",) * said
    assert excluded(mine.post(new(second_case), typed)) == expected
    assert excluded(mine.post(f"/sessions/{session.pk}/move/", typed)) == expected


def test_where_the_approval_excludes_nobody_nothing_is_said(second_case, form, mine):
    assert excluded(mine.post(new(second_case), form | {"time": "14:00", "look": "1"})) == ()


def test_a_closed_hour_is_shown_before_saving(second_case, form, mine):
    said = words(mine.post(new(second_case), form | {"time": "22:30", "look": "1"}))
    assert "the clinic is open from 08:00 to 22:00" in said


def test_looking_at_a_form_with_errors_says_the_errors(second_case, form, mine):
    said = words(mine.post(new(second_case), form | {"time": "noon", "look": "1"}))
    assert "Please write the time like 14:00." in said
    assert "This stands in the way" not in said


def test_moving_looks_past_the_session_itself(session, form, mine):
    said = words(mine.post(f"/sessions/{session.pk}/move/", form | {"time": "10:20", "look": "1"}))
    assert "Free, and nothing stops it" in said
    assert CounsellingSession.objects.get().during == session.during


# --- A refusal -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "This time is taken"),
        ({"time": "7:59"}, "the clinic is open from 08:00 to 22:00"),
        ({"time": "23:40"}, "The whole session has to lie within."),
        ({"time": "25:00"}, "Please write the time like 14:00."),
        ({"day": "2026-02-30"}, "There is no such day. Please check it."),
        ({"day": "9999-12-31"}, "years ahead. Please check the year."),
        ({"day": "0001-01-01"}, "This time is in the past."),
        ({"day": "115-01-05"}, "This time is in the past."),
        ({"day": "明天"}, "Please write the date like"),
        ({"minutes": "5"}, "greater than or equal to 10"),
        ({"minutes": "1000"}, "less than or equal to 180"),
        ({"minutes": "1" * 30}, "less than or equal to 180"),
        ({"call_link": ""}, "A video session needs the link to the call."),
        ({"call_link": "javascript:alert(1)"}, "This is not a web address."),
        ({"call_link": "http://video.example/"}, "The link has to begin with https://."),
        ({"call_link": "https://video.example/" + "a" * 600}, "at most 500 characters"),
        ({"room": "999999"}, "Select a valid choice."),
        ({"room": ""}, "This field is required."),
        ({"channel": "carrier pigeon"}, "Select a valid choice."),
        ({"place": "999999"}, "Select a valid choice."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(second_case, form, mine, typed, said):
    before = count()
    sent = form | typed
    page = mine.post(new(second_case), sent)
    assert page.status_code == 200
    assert said in words(page)
    assert count() == before
    assert shown(page) == {name: sent[name] for name in shown(page)}


def test_html_in_a_field_is_text(second_case, form, mine):
    for name in ("day", "time", "minutes", "call_link"):
        page = mine.post(new(second_case), form | {name: "<script>alert(1)</script>"})
        assert "<script>alert(1)" not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_roc_years_and_wide_digits_are_understood(second_case, form, mine, session):
    day = session.starts_at.date() + timedelta(days=1)
    typed = {"day": f"民國{day.year - 1911}年{day.month}月{day.day}日", "time": "1430"}
    assert mine.post(new(second_case), form | typed).status_code == 302
    booked = CounsellingSession.objects.get(case=second_case)
    assert booked.starts_at.strftime("%Y-%m-%d %H:%M") == f"{day} 14:30"


def test_an_empty_form_says_what_it_needs(case, mine):
    page = words(mine.post(new(case), {}))
    assert page.count("This field is required.") + page.count("Please give a date.") >= 5


def test_the_room_of_another_psychologist_is_busy_without_a_name(
    session, form, stranger, read, now, town
):
    """A stranger sees that the room is taken, and no more."""
    values = {"name": "許秋分", "sex": "male", "birth_date": "1988-09-23", "phone": "0000-000-014"}
    case = open_case(
        person=register_client(values=values, by=stranger, now=now), by=stranger, now=now
    )
    page = read(stranger).post(new(case), form | {"channel": "in_person", "call_link": ""})
    assert "room: busy from 10:00 to 10:50" in words(page)
    assert ("江小滿" in words(page), "psychologist: busy" in words(page)) == (False, False)


def test_a_place_of_somebody_else_cannot_be_chosen(session, second_case, form, mine):
    (other,) = session.people
    sent = form | {"time": "14:00", "place": str(other.places.get().pk)}
    assert "Select a valid choice." in words(mine.post(new(second_case), sent))
    assert SessionPlace.objects.count() == 0


def test_a_closed_case_is_not_booked(case, form, mine, counsellor, now):
    close_case(case=case, reason="結案", by=counsellor, now=now)
    page = words(mine.post(new(case), form | {"time": "14:00"}))
    assert "This case is closed. Please reopen it first." in page


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("14", 14), ("14:00", 14), ("14：00", 14), ("1400", 14), ("9", 9), ("900", 9)],
)
def test_a_time_is_read_as_people_type_it(typed, hour):
    assert HourField(input_formats=["%H:%M", "%H%M"]).clean(typed) == time(hour)


def test_nobody_is_said_to_be_told_who_asked_for_no_mail(session, now):
    (person,) = session.people
    person.never_mail = True
    person.save(update_fields=["never_mail"])
    assert booked_words(session, now) == (
        "Booked. No mail goes to this client: please use the safe way."
    )
