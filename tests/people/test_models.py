"""A person's row: what the database refuses, and how she is shown."""

import pytest
from django.db import IntegrityError
from django.utils import translation

from clinic.people.models import Person


@pytest.fixture
def person(counsellor, now, town):
    return Person(
        name="江小滿",
        sex="female",
        birth_date="1992-05-20",
        registered_town=town,
        registered_address="示範路 1 號",
        registered_by=counsellor,
        registered_at=now,
    )


@pytest.mark.parametrize(
    ("start", "end"), [("09:00", None), (None, "18:00"), ("18:00", "09:00"), ("09:00", "09:00")]
)
def test_the_database_refuses_half_a_pair_of_safe_hours(person, start, end):
    person.safe_from, person.safe_until = start, end
    with pytest.raises(IntegrityError, match="safe_hours_pair"):
        person.save()


def test_the_database_refuses_a_birth_in_the_future(person):
    person.birth_date = "2999-01-01"
    with pytest.raises(IntegrityError, match="born_before_today"):
        person.save()


def test_a_mask_shows_the_end_of_a_number_and_the_domain_of_an_address():
    person = Person(phone="0000-000-011", email="xiaoman@client.example", national_id="A123456789")
    assert person.masked_phone == "***011"
    assert person.masked_email == "x***@client.example"
    assert person.masked_national_id == "***789"
    assert (Person().masked_phone, Person().masked_email, Person().masked_national_id) == ("",) * 3


def test_she_lives_where_she_is_registered_unless_it_says_otherwise(person):
    assert person.residence == "示範路 1 號, Wenshan, Taipei City"
    with translation.override("zh-hant"):
        assert person.residence == "臺北市文山區示範路 1 號"
    person.residence_address = "1 Demo Road, London"
    assert person.residence == "1 Demo Road, London"
    assert person.registration == "示範路 1 號, Wenshan, Taipei City"


def test_people_are_found_by_part_of_a_name_or_a_whole_secret(person):
    person.name_roman, person.national_id = "Jiang Xiaoman", "A123456789"
    person.email = "xiaoman@client.example"
    person.save()
    found = {
        text: Person.objects.found_by(text).count()
        for text in (
            "小滿",
            "jiang",
            "a123-456-789",
            "XIAOMAN@client.example",
            "A12345678",
            "xiaoman",
            "滿小",
            "%",
        )
    }
    assert found == {
        "小滿": 1,
        "jiang": 1,
        "a123-456-789": 1,
        "XIAOMAN@client.example": 1,
        "A12345678": 0,
        "xiaoman": 1,
        "滿小": 0,
        "%": 0,
    }
