"""National ID and resident numbers: which are doubted, and in which words."""

import pytest

from clinic.people.models import Person
from clinic.people.national_id import adds_up, doubt, normalised, possible

CHECK_DIGIT = "The check digit does not fit. Please compare it with the document."
FORM = (
    "This is not the form of a national ID or resident number (a letter and nine digits). "
    "If it is a passport number, leave it as it is."
)


@pytest.mark.parametrize("number", ["A123456789", "A800000014", "AA00000009", "F100000006"])
def test_a_number_with_the_right_check_digit_is_not_doubted(number):
    assert doubt(number) == ""


@pytest.mark.parametrize("number", ["A123456788", "A800000015", "AA00000008", "A213456789"])
def test_a_wrong_check_digit_is_doubted(number):
    assert doubt(number) == CHECK_DIGIT


def test_every_single_wrong_last_digit_is_found():
    assert [d for d in range(10) if adds_up(f"A12345678{d}")] == [9]


@pytest.mark.parametrize("number", ["A012345678", "A312345678", "A712345678"])
def test_a_second_character_that_is_never_issued_is_named(number):
    assert doubt(number) == (
        f"No national ID or resident number has {number[1]} in second place. "
        "Please compare it with the document."
    )


@pytest.mark.parametrize("number", ["312345678", "K1234567", "A12345678", "A1234567890"])
def test_another_form_is_doubted_as_a_passport_may_be(number):
    assert doubt(number) == FORM


def test_no_number_is_not_doubted():
    assert doubt("") == ""


def test_a_number_is_read_as_people_write_it():
    assert normalised(" ａ１２３-456 789　") == "A123456789"


@pytest.mark.parametrize(
    ("number", "may_be"),
    [
        ("A123456789", True),
        ("AB-1", False),
        ("ABCDEFGH", False),
        ("A1" * 11, False),
        ("王12345", False),
    ],
)
def test_what_can_be_a_number_at_all(number, may_be):
    assert possible(number) == may_be


def test_a_person_says_what_is_doubtful_about_her_number():
    assert Person(national_id="A123456788").national_id_doubt == CHECK_DIGIT
    assert Person(national_id="A123456789").national_id_doubt == ""
