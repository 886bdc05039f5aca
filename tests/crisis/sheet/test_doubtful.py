"""What may not answer is marked; what belongs to another place, hour or account is left out."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.accounts.actions import close_account
from clinic.organisation.models import Clinic
from crisis.directory.actions import confirm_resource, report_resource
from crisis.models import Choice, CrisisProfile, Resource
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.completeness import gaps_of
from crisis.sheet.cards import cards
from crisis.sheet.loading import around_client, around_nobody, around_session
from sessions.models import CounsellingSession
from tests.crisis.profiles.conftest import everything, suspend, whole
from tests.crisis.sheet.pages import words

MINUTE = timedelta(minutes=1)


@pytest.fixture
def url(person, case):
    return reverse("client_crisis", args=[person.pk])


def report(resource, users, now) -> None:
    for user in users:
        report_resource(resource=resource, by=user, now=now + MINUTE)


def marked(page) -> list[str]:
    """Return the warnings beside numbers."""
    return [row.warning for card in page.context["cards"] for row in card.lines if row.warning]


def test_a_chosen_number_that_was_reported_says_so(
    browse, counsellor, admin, supervisor, url, profile, directory, now
):
    browser = browse(counsellor)
    assert marked(browser.get(url)) == []
    report(directory["hospital"], (counsellor, admin, supervisor), now)
    page = browser.get(url)
    assert (marked(page), "reported: does not answer" in words(page)) == (
        ["reported: does not answer"],
        True,
    )


def test_so_does_the_nearest_where_no_profile_serves(
    browse, counsellor, admin, supervisor, url, home, directory, now
):
    report(directory["hospital"], (counsellor, admin, supervisor), now)
    assert marked(browse(counsellor).get(url)) == ["reported: does not answer"]


def test_what_is_closed_at_this_hour_says_so(browse, counsellor, url, profile, directory, now):
    tomorrow = timezone.localtime(now).isoweekday() % 7 + 1
    directory["hospital"].openings.create(weekday=tomorrow, opens="09:00", closes="10:00")
    page = browse(counsellor).get(url)
    assert marked(page) == ["closed now"]
    assert re.search(
        r"</small> <span class=.state.[^>]*><svg[^>]*>.*?closed now", page.text, re.DOTALL
    )


def test_so_does_what_is_old_or_cannot_be_dialled_until_it_is_confirmed(
    browse, counsellor, admin, url, profile, directory, now
):
    row = directory["hospital"]
    Resource.objects.filter(pk=row.pk).update(source_date="2015-12-19", source_dated="2015-12-19")
    row.phones.update(shown="02 8094661", dial="")
    age, digits = "not confirmed; source of 2015-12-19", "as printed; not certain what to dial"
    browser = browse(counsellor)
    before = marked(browser.get(url))
    confirm_resource(resource=row, how="rang", by=admin, now=now + MINUTE)
    after = marked(browser.get(url))
    CrisisProfile.objects.all().delete()
    assert (before, after, marked(browser.get(url))) == ([f"{age}; {digits}"], [digits], [digits])


def test_who_is_suspended_elsewhere_is_on_no_page_of_a_crisis_until_confirmed(
    browse, counsellor, admin, url, profile, directory, now
):
    """Neither as chosen before, nor among the nearest."""
    browser, row = browse(counsellor), suspend(directory["hospital"])

    def names() -> set[str]:
        (card,) = browser.get(url).context["cards"]
        return {line.name for line in card.lines}

    assert row.name not in names()
    assert [gap.reason for gap in gaps_of(whole(profile.place), profile.person)] == [
        "the number is no longer in the directory: hospital"
    ]
    Choice.objects.all().delete()
    assert names() == {"文山心衛中心"}
    confirm_resource(resource=row, how="rang", by=admin, now=now + MINUTE)
    assert names() == {"文山心衛中心", row.name}


def test_what_was_chosen_before_its_source_was_doubted_stays_with_the_doubt(
    browse, counsellor, admin, url, profile, directory, now
):
    browser, row = browse(counsellor), directory["hospital"]
    Resource.objects.filter(pk=row.pk).update(confidence="medium")
    before = marked(browser.get(url))
    assert [gap.reason for gap in gaps_of(whole(profile.place), profile.person)] == [
        "the number has to be confirmed first: hospital"
    ]
    confirm_resource(resource=row, how="rang", by=admin, now=now + MINUTE)
    held = "the source is not certain: read it again at the official page"
    assert (before, marked(browser.get(url))) == ([held], [])


def test_the_nearest_says_how_old_its_source_is(browse, counsellor, url, home, directory):
    row = Resource.objects.filter(pk=directory["hospital"].pk)
    row.update(source_date="2015-12-19", source_dated="2015-12-19")
    assert marked(browse(counsellor).get(url)) == ["not confirmed; source of 2015-12-19"]


def test_another_street_of_the_township_has_another_chief(home, session, today, counsellor, now):
    picks = everything()["picks"] | {"village_chief": Pick(name="甲里里長", number="0000-000-077")}
    save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)

    def chiefs() -> list[str]:
        (card,) = cards(around_session(session.pk, counsellor, now), now)
        return [line.name for line in card.lines if line.name == "甲里里長"]

    at_home = chiefs()
    today(country="TW", town_id=home.town_id, street="別里的路 5 號")
    assert (at_home, chiefs()) == (["甲里里長"], [])


def test_midnight_does_not_forget_where_she_just_was(counsellor, person, session, today):
    start = datetime(2026, 11, 23, 23, 0, tzinfo=ZoneInfo("Asia/Taipei"))
    end = start + 50 * MINUTE
    CounsellingSession.objects.filter(pk=session.pk).update(
        during=(start, end), state="ended", started_at=start, ended_at=end
    )
    today(country="TW", town_id="65000060", street="示範路 9 號")
    after = [end + timedelta(**later) for later in ({"minutes": 20}, {"hours": 13})]
    known = [around_client(person.pk, counsellor, moment).told for moment in after]
    assert [bool(told) for told in known] == [True, False]


def test_nobody_whose_account_is_closed_is_named_as_supervisor(
    clinic, counsellor, supervisor, admin, now
):
    Clinic.objects.update(responsible=supervisor)
    before = around_nobody(counsellor, now).supervisors
    close_account(user=supervisor, by=admin, now=now)
    assert (before, around_nobody(counsellor, now).supervisors) == ([supervisor], [])
