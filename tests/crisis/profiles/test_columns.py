"""What the list of clients says of their crisis profiles (G5.2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.cases.access import people_visible_to, with_cases
from clinic.kernel.columns import Cell
from clinic.organisation.models import Room
from crisis.columns import profiles_of
from crisis.directory.actions import change_resource
from crisis.models import CrisisProfile
from crisis.profiles.actions import Pick, save_profile
from sessions.models import CounsellingSession
from tests.clients.test_case_views import overseen
from tests.crisis.profiles.conftest import everything

__all__ = ["overseen"]  # a fixture


@pytest.fixture
def shown(counsellor, person, now, english):
    """``shown()`` is what the column says of the client now."""

    def shown() -> Cell | None:
        people = list(with_cases(people_visible_to(counsellor), counsellor))
        return profiles_of(people, counsellor, now).cells.get(person.pk)

    return shown


def address(place) -> str:
    return f"/clients/{place.person_id}/places/{place.pk}/crisis/"


def test_of_a_client_without_a_case_nothing_is_said(person, home, shown):
    assert shown() is None


def test_no_place(case, shown):
    person = case.people[0]
    assert shown() == Cell("none", "no place is noted", f"/clients/{person.pk}/places/new/")


def test_who_oversees_her_psychologist_is_led_to_the_file_not_to_a_form_that_refuses(
    case, overseen, supervisor, english, now
):
    person = case.people[0]
    people = list(with_cases(people_visible_to(supervisor), supervisor))
    cell = profiles_of(people, supervisor, now).cells[person.pk]
    assert cell == Cell("none", "no place is noted", f"/clients/{person.pk}/")


def test_a_place_without_a_profile(case, home, shown):
    assert shown() == Cell("fix", "Not filled in yet", address(home))


@pytest.fixture
def booked(case, counsellor, premises, now):
    """``booked(channel, days)`` is a session of hers after that many days."""

    def book(channel: str, days: int) -> CounsellingSession:
        start = now + timedelta(days=days)
        return CounsellingSession.objects.create(
            case=case,
            counsellor=counsellor,
            room=Room.objects.get(),
            channel=channel,
            during=(start, start + timedelta(minutes=50)),
            booked_by=counsellor,
            booked_at=now,
        )

    return book


def test_who_comes_in_person_alone_is_not_asked_for_one_yet(case, home, booked, shown):
    booked("in_person", 1)
    assert shown() == Cell("none", "in person so far", address(home))
    booked("telephone", 2)
    assert shown() == Cell("fix", "Not filled in yet", address(home))


def test_a_profile_that_lacks_something(case, home, contact, counsellor, shown, now):
    lacking = everything(risks={})
    save_profile(place=home, **lacking, by=counsellor, now=now)
    cell = shown()
    assert (cell.state, cell.text.endswith("missing"), cell.url) == ("fix", True, address(home))


def test_a_profile_that_lacks_nothing(case, home, profile, shown):
    assert shown() == Cell("go", "Complete", address(home))


def test_of_several_places_the_one_that_lacks_most_with_its_name(
    case, home, profile, office, shown
):
    assert shown() == Cell("fix", "office: Not filled in yet", address(office))


def test_a_place_without_a_profile_lacks_more_than_any_profile(
    case, home, contact, office, counsellor, shown, now
):
    save_profile(place=home, **everything(risks={}, picks={}), by=counsellor, now=now)
    assert shown() == Cell("fix", "office: Not filled in yet", address(office))


def test_of_several_whole_profiles_the_one_of_which_a_number_has_changed(
    case, home, profile, office, directory, counsellor, admin, shown, days, now
):
    """Also where another has to be gone through again: a wrong number hurts sooner."""
    hospital = directory["hospital"]
    picks = everything()["picks"] | {"hospital": Pick(resource=hospital)}
    save_profile(place=office, **everything(picks=picks), by=counsellor, now=now)
    assert shown() == Cell("go", "Complete", address(home))
    values, later = {"phones": "0200000109"}, now + timedelta(minutes=1)
    change_resource(resource=hospital, values=values, by=admin, now=later)
    said = Cell("fix", "office: A number has changed", address(office))
    assert shown() == said
    long_ago = timezone.localdate(now) - days(366)
    CrisisProfile.objects.filter(pk=profile.pk).update(reviewed_on=long_ago)
    assert shown() == said


def test_a_profile_last_gone_through_more_than_a_year_ago(case, home, profile, shown, days, now):
    long_ago = timezone.localdate(now) - days(366)
    CrisisProfile.objects.filter(pk=profile.pk).update(reviewed_on=long_ago)
    assert shown() == Cell("fix", "To be gone through again", address(home))
