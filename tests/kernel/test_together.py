"""Several questions in one round trip give the same rows as one by one."""

import pytest

from clinic.accounts.models import User
from clinic.kernel.together import ask_together
from clinic.organisation.models import Clinic, County, OpeningHours, Town
from clinic.people.models import Person


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def person(counsellor, town, now):
    return Person.objects.create(
        name="江小滿",
        sex="female",
        birth_date="1992-05-20",
        phone="0000-000-011",
        code_word="竹子",
        safe_from="09:00",
        safe_until="10:30",
        residence_town=town,
        registered_by=counsellor,
        registered_at=now,
    )


def test_the_rows_are_those_of_each_question(person, clinic, admin, django_assert_num_queries):
    questions = (
        Person.objects.all(),
        Town.objects.order_by("-code"),
        County.objects.filter(code="none"),
        User.objects.filter(email__contains="%").order_by("pk"),
        User.objects.order_by("name"),
        OpeningHours.objects.order_by("weekday"),
        Clinic.objects.all(),
    )
    with django_assert_num_queries(1):
        found = ask_together(*questions)
    one_by_one = [[values(row) for row in question] for question in questions]
    assert [[values(row) for row in rows] for rows in found] == one_by_one


def test_nothing_asked_is_nothing_found(person, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask_together(Person.objects.none()) == [[]]
    assert ask_together(Person.objects.none(), Person.objects.all()) == [[], [person]]


def test_a_row_can_be_saved_as_any_other(person):
    [[row]] = ask_together(Person.objects.all())
    row.phone = "0000-000-012"
    row.save(update_fields=["phone"])
    assert Person.objects.get().phone == "0000-000-012"
