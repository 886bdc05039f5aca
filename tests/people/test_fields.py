"""Fields about people refuse what makes no sense, in words that help."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.kernel.fields import PhoneField
from clinic.people.fields import (
    BirthDateField,
    ContactEmailField,
    NationalIdField,
    PhonesField,
)

NOT_A_NUMBER = (
    "%s is not a telephone number: please use digits, + - ( ) and spaces, "
    "and # or 轉 before an extension."
)


def words(field, value):
    """What the field says to ``value``."""
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


@pytest.mark.parametrize(
    "typed",
    [
        "1990-05-01",
        "1990/5/1",
        "19900501",
        "79-05-01",
        "79/5/1",
        "0790501",
        "790501",
        "民國79年5月1日",
        "民國 79 年 5 月 1 日",
        "1990年5月1日",
        "１９９０－０５－０１",
        "民國\u3000７９年５月１日",
        " 1990.5.1 ",
    ],
)
def test_a_birth_date_is_read_in_ce_and_roc_years(typed):
    assert BirthDateField().clean(typed) == date(1990, 5, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "1990-02-30",
        "1990-13-01",
        "79-00-10",
        "民國90年2月30日",
        "民國0年5月1日",
        "0-5-1",
        "19900431",
    ],
)
def test_a_day_that_does_not_exist_is_refused(typed):
    assert words(BirthDateField(), typed) == ["There is no such day. Please check it."]


@pytest.mark.parametrize(
    "typed",
    [
        "May 1990",
        "1990",
        "1-5-1990",
        "<b>1990</b>",
        "yesterday",
        "١٩٩٠-٠٥-٠١",
        "१९९०/५/१",
        "١٩٩٠٠٥٠١",
    ],
)
def test_what_is_no_date_gets_an_example(typed):
    assert words(BirthDateField(), typed) == [
        "Please write the date like 1990-05-01 or 民國79年5月1日."
    ]


def test_a_ce_year_called_roc_is_named_as_such():
    assert words(BirthDateField(), "民國1990年5月1日") == [
        "1990 is a CE year, but ROC (民國) is written before it. Please write one of them."
    ]


def test_a_birth_date_in_the_future_is_refused():
    tomorrow = timezone.localdate() + timedelta(days=1)
    future = ["A birth date cannot lie in the future."]
    assert words(BirthDateField(), tomorrow.isoformat()) == future
    assert words(BirthDateField(), f"{tomorrow.year - 1911}-12-31") == future
    assert words(BirthDateField(), "199-05-01") == future


def test_somebody_born_today_can_be_entered():
    today = timezone.localdate()
    assert BirthDateField().clean(today.isoformat()) == today


def test_a_birth_date_out_of_any_lifetime_asks_about_roc():
    assert words(BirthDateField(), "1790-05-01") == [
        "This would be more than 130 years ago. Is it an ROC year?"
    ]


def test_a_birth_date_is_shown_as_typed_and_a_saved_one_in_ce():
    assert BirthDateField().prepare_value("79/2/30") == "79/2/30"
    assert BirthDateField().prepare_value(date(1990, 5, 1)) == "1990-05-01"


@pytest.mark.parametrize(
    "typed", ["a123456789", "A123-456-789", "Ａ１２３４５６７８９", " A123456789 "]
)
def test_an_id_number_is_normalised(typed):
    assert NationalIdField().clean(typed) == "A123456789"


def test_a_wrong_check_digit_is_a_doubt_and_no_error():
    assert NationalIdField().clean("A123456788") == "A123456788"
    assert NationalIdField.doubt_of("A123456788") == (
        "The check digit does not fit. Please compare it with the document."
    )


@pytest.mark.parametrize(
    "typed", ["???", "A1", "ABCDEFGHIJ", "王小明的身分證", "<b>A123456789</b>"]
)
def test_what_cannot_be_an_id_number_is_an_error(typed):
    assert words(NationalIdField(), typed) == [
        "This cannot be an ID number: it has 5 to 20 letters A-Z and digits."
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0000-000-011", "0000-000-011"),
        ("+886 2 1234 5678", "+886 2 1234 5678"),
        ("(02)1234-5678 轉 123", "(02)1234-5678 轉 123"),
        ("02-12345678#12", "02-12345678#12"),
        ("02-12345678 ext. 12", "02-12345678 ext. 12"),
        ("０９１２－３４５　６７８", "0912-345 678"),
        ("+44 7700 900101", "+44 7700 900101"),
        ("+886 (0)2 1234 5678", "+886 (0)2 1234 5678"),
        ("+123 456789012345", "+123 456789012345"),
        ("009 86 138 0013 8000", "009 86 138 0013 8000"),
        ("02-1234-5678 分機 123456", "02-1234-5678 分機 123456"),
    ],
)
def test_telephone_numbers_as_people_write_them(typed, kept):
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["call me", "0900-abc-000", "0900;000000", "<b>0900000000</b>"])
def test_what_is_no_telephone_number_is_named(typed):
    assert words(PhoneField(), typed) == [NOT_A_NUMBER % typed]


@pytest.mark.parametrize(
    "typed",
    ["((((((12345", "+++++12345", "02+12345678", "(02)1234)5678", "((02)) 12345678", "()12345"],
)
def test_a_number_that_cannot_be_dialled_as_it_is_written_is_named(typed):
    assert words(PhoneField(), typed) == [
        f"{typed} cannot be dialled: + stands only once and first, and every bracket is closed."
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "1" * 40,
        "1" * 16,
        "+886 2 1234 5678 9012 3",
        "02-12345678 0912-345678",
        "02-12345678#1234567",
    ],
)
def test_more_digits_than_a_telephone_takes_are_too_long(typed):
    said = (
        f"{typed} is too long for a telephone number, which has at most 15 digits, "
        "and 6 in an extension. Please write one number only."
    )
    assert words(PhoneField(), typed) == [said]


def test_four_digits_are_too_few():
    assert words(PhoneField(), "12-34") == ["12-34 is too short for a telephone number."]


def test_a_telephone_number_of_3000_characters_is_too_long():
    assert words(PhoneField(), "1" * 3000) == [
        "Ensure this value has at most 40 characters (it has 3000)."
    ]


def test_numbers_stand_one_a_line_without_doubles():
    typed = "0000-000-021\r\n\r\n 0000-000-022 \n0000-000-021"
    assert PhonesField().clean(typed) == "0000-000-021\n0000-000-022"


def test_each_bad_line_is_named():
    assert words(PhonesField(), "0000-000-021\nmother\n12") == [
        NOT_A_NUMBER % "mother",
        "12 is too short for a telephone number.",
    ]


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_a_line_break_in_an_email_address_is_named(gap):
    typed = f"xiaoman@client.example{gap}Bcc: other@client.example"
    assert words(ContactEmailField(), typed) == [
        "An email address is one line; there is a line break in it."
    ]


@pytest.mark.parametrize("typed", ["xiaoman", "xiaoman@", "@client.example", "a b@client.example"])
def test_what_is_no_email_address_is_refused(typed):
    assert words(ContactEmailField(), typed) == [
        "This is not an email address. Please check it, such as name@example.com."
    ]


def test_an_email_address_passes():
    assert ContactEmailField().clean(" xiaoman@client.example ") == "xiaoman@client.example"
