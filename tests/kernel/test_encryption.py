"""Encrypted columns hold what they promise, and refuse what they cannot do safely."""

import pytest
from django.db import connection

from clinic.kernel.encryption import CannotDecrypt, EncryptedColumnMisuse
from clinic.people.models import EmergencyContact, Person


@pytest.fixture
def person(counsellor, now):
    return Person.objects.create(
        name="江小滿",
        sex="female",
        birth_date="1992-05-20",
        phone="0000-000-011",
        national_id="A000000011",
        registered_by=counsellor,
        registered_at=now,
    )


def raw(person, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM clinic_person WHERE id = %s", [person.pk])  # noqa: S608
        return cursor.fetchone()[0]


def test_a_value_comes_back_as_it_was_written(person):
    assert Person.objects.get().phone == "0000-000-011"


def test_the_database_holds_key_id_and_ciphertext_only(person):
    assert raw(person, "phone").partition(":")[0] == "k1"
    assert "0000-000-011" not in raw(person, "phone")


def test_a_deferred_column_loads_when_it_is_read(person):
    assert Person.objects.defer("phone").get().phone == "0000-000-011"
    assert Person.objects.only("name").get().phone == "0000-000-011"


def test_saving_an_unread_value_keeps_its_ciphertext(person):
    before = raw(person, "phone")
    Person.objects.get().save()
    assert raw(person, "phone") == before


def test_a_value_copied_to_another_column_does_not_open(person):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_person SET code_word = phone")
    with pytest.raises(CannotDecrypt):
        Person.objects.get().code_word  # noqa: B018  reading is the act


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: Person.objects.filter(phone="0000-000-011").exists(),
        lambda: Person.objects.filter(phone__contains="0000").exists(),
        lambda: Person.objects.update(phone="0000-000-012"),
        lambda: Person.objects.values("phone").get(),
        lambda: Person.objects.values_list("phone", flat=True).get(),
        lambda: Person.objects.values().get(),
        lambda: Person.objects.bulk_update(Person.objects.all(), ["phone"]),
        lambda: str(EmergencyContact.objects.values("person__phone").get()),
    ],
)
def test_a_use_without_the_row_is_refused(person, misuse):
    EmergencyContact.objects.create(
        person=person, name="江立秋", relation="姊", phones="0000-000-012"
    )
    with pytest.raises(EncryptedColumnMisuse):
        misuse()


def test_a_blind_index_finds_equal_values_only(person):
    assert Person.objects.found_by("a000000011").count() == 1
    assert Person.objects.found_by("A00000001").count() == 0


def test_a_blind_index_follows_its_column_under_update_fields(person):
    person.national_id = "A000000022"
    person.save(update_fields=["national_id"])
    assert Person.objects.found_by("A000000022").count() == 1
