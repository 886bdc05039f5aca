"""How a person may be reached, in words: each rule that holds, and by whose clock."""

from datetime import UTC, datetime

import pytest
import time_machine

from clinic.people.models import Person
from clinic.people.places import Place
from clinic.people.safe_contact import safe_contact_words

WINTER, SUMMER = datetime(2035, 12, 1, tzinfo=UTC), datetime(2035, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({}, []),
        ({"never_mail": True}, ["Never write mail."]),
        ({"neutral_contact": True}, ["Write without naming the clinic."]),
        ({"safe_channel": "email"}, ["Safe way: email."]),
        ({"safe_channel": "phone"}, ["Safe way: telephone."]),
        ({"safe_channel": "sms"}, ["Safe way: text message."]),
        ({"code_word": "bamboo"}, []),
        (
            {"neutral_contact": True, "never_mail": True, "safe_channel": "phone"},
            ["Never write mail.", "Write without naming the clinic.", "Safe way: telephone."],
        ),
    ],
)
def test_each_rule_has_a_sentence(values, lines):
    person = Person(**values)
    assert (safe_contact_words(person), person.safe_contact) == (lines, bool(values))


@pytest.fixture
def person(counsellor, now) -> Person:
    """A client with safe hours."""
    kept = Person.objects.create(
        name="江小滿",
        sex="female",
        birth_date="1992-05-20",
        safe_from="09:00",
        safe_until="18:00",
        registered_by=counsellor,
        registered_at=now,
    )
    return Person.objects.get(pk=kept.pk)


def words_at(person, at, **place) -> list[str]:
    if place:
        Place.objects.create(person=person, label="住處", **{"street": "1 Example Road"} | place)
    with time_machine.travel(at, tick=False):
        return safe_contact_words(person)


def test_safe_hours_in_taiwan_are_by_the_one_clock_there_is(person, town):
    assert words_at(person, WINTER) == ["Only between 09:00 and 18:00."]
    assert words_at(person, WINTER, town=town, usual=True) == ["Only between 09:00 and 18:00."]


@pytest.mark.parametrize(
    ("at", "country", "region", "line"),
    [
        (WINTER, "GB", "London", "Only between 09:00 and 18:00 by her clock there (UTC+0)."),
        (SUMMER, "GB", "London", "Only between 09:00 and 18:00 by her clock there (UTC+1)."),
        (WINTER, "US", "New York", "Only between 09:00 and 18:00 by her clock there (UTC-5)."),
        (
            *(WINTER, "US", "California"),
            "Only between 09:00 and 18:00 by her clock. Her time zone is not known.",
        ),
    ],
)
def test_safe_hours_abroad_say_by_which_clock_they_are_meant(person, at, country, region, line):
    assert words_at(person, at, country=country, region=region, usual=True) == [line]


def test_a_place_that_is_not_her_usual_one_changes_no_clock(person):
    london = {"country": "GB", "region": "London"}
    assert words_at(person, WINTER, **london) == ["Only between 09:00 and 18:00."]


def test_one_query_tells_the_clock_of_safe_hours_and_none_is_asked_without(
    person, django_assert_num_queries
):
    with django_assert_num_queries(1):
        safe_contact_words(person)
    with django_assert_num_queries(0):
        safe_contact_words(Person(never_mail=True))
