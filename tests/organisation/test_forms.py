"""Forms of the set-up: what they refuse, in words, and what they keep."""

from datetime import time

import pytest
from django.utils import translation

from clinic.organisation.fields import county_choices
from clinic.organisation.forms import ClinicForm, HoursForm, PremisesForm, RoomForm
from clinic.organisation.models import Clinic, County, OpeningHours
from tests.organisation.conftest import clinic_values

pytestmark = pytest.mark.django_db


def hours(**times):
    form = HoursForm(times)
    return form, form.is_valid()


def test_hours_of_some_days():
    form, valid = hours(opens_1="09:00", closes_1="21:00", opens_6="10:00", closes_6="12:30")
    assert valid
    assert form.hours == {1: (time(9), time(21)), 6: (time(10), time(12, 30))}


@pytest.mark.parametrize(
    ("opens", "closes"), [("09:00", ""), ("", "21:00"), ("21:00", "09:00"), ("09:00", "09:00")]
)
def test_a_day_needs_both_times_in_order(opens, closes):
    form, valid = hours(opens_1="09:00", closes_1="21:00", opens_2=opens, closes_2=closes)
    assert not valid
    assert form.errors == {"closes_2": ["Please give both times, the later one second."]}


@pytest.mark.parametrize("opens", ["00:00", "14:00"])
def test_a_day_may_be_open_until_midnight_and_stays_so_when_it_is_saved_again(opens):
    form, valid = hours(opens_2=opens, closes_2="00:00")
    assert valid
    ((day, (begins, ends)),) = form.hours.items()
    OpeningHours.objects.create(weekday=day, opens=begins, closes=ends)
    again = HoursForm(initial=HoursForm.initial_of(OpeningHours.week()))
    assert (begins, [again[name].value() for name in ("opens_2", "closes_2")]) == (
        time.fromisoformat(opens),
        [time.fromisoformat(opens), time(0)],
    )


def test_a_week_without_a_day_is_refused():
    form, valid = hours()
    assert not valid
    assert form.non_field_errors() == ["Please give the hours of at least one day."]


def test_a_time_that_is_none_is_named_once():
    form, valid = hours(opens_1="25:00", closes_1="26:00")
    assert not valid
    assert form.errors == {"opens_1": ["Enter a valid time."], "closes_1": ["Enter a valid time."]}


def test_the_big_cities_come_first_and_the_far_islands_last(town):
    for code in ("09007", "10002"):
        County.objects.create(code=code, name_zh=code, name_en=code)
    assert [code for code, _name in county_choices()] == ["", "63000", "65000", "10002", "09007"]


def test_counties_and_townships_cost_one_query_each_to_check_and_to_draw(
    town, django_assert_num_queries
):
    form = PremisesForm({"county": town.county_id, "town_id": town.pk, "name": "?", "street": "?"})
    with django_assert_num_queries(2):
        assert (form.is_valid(), f'value="{town.pk}"' in str(form)) == (True, True)


def counties_of_a_form() -> list[str]:
    return [str(name) for _code, name in PremisesForm().fields["county"].choices]


def test_each_form_reads_the_counties_anew_in_the_language_of_its_reader(town):
    english = counties_of_a_form()
    with translation.override("zh-hant"):
        chinese = counties_of_a_form()
    County.objects.create(code="10002", name_zh="宜蘭縣", name_en="Yilan County")
    assert chinese == ["–", "臺北市", "新北市"]
    assert english == ["–", "Taipei City", "New Taipei City"]
    assert counties_of_a_form() == [*english, "Yilan County"]


def test_hours_begin_with_what_is_kept():
    OpeningHours.objects.create(weekday=3, opens="09:00", closes="12:00")
    assert HoursForm.initial_of(OpeningHours.week()) == {
        "opens_3": time(9),
        "closes_3": time(12),
    }


def test_the_clinics_particulars(town):
    form = ClinicForm(clinic_values())
    assert form.is_valid()
    assert form.values == {k: v for k, v in clinic_values().items() if k != "county"}


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        (
            {"town_id": "65000060"},
            "town_id",
            "This township lies in another county. Please choose it again.",
        ),
        ({"town_id": ""}, "town_id", "This field is required."),
        (
            {"town_id": "99999999"},
            "town_id",
            "Select a valid choice. 99999999 is not one of the available choices.",
        ),
        ({"county": ""}, "county", "This field is required."),
    ],
)
def test_the_township_lies_in_the_county(town, wrong, field, message):
    form = ClinicForm(clinic_values(**wrong))
    assert form.errors == {field: [message]}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("節氣心理諮商所", "諮商"),
        ("節氣心理工作室", "心理"),
        ("Seasons Counselling", "counsel"),
        ("PSYCHOLOGY STUDIO", "psych"),
        ("Seasons Therapy", "therap"),
    ],
)
def test_a_neutral_name_must_not_tell(town, name, word):
    form = ClinicForm(clinic_values(neutral_name=name))
    assert form.errors == {
        "neutral_name": [f"This name shows what the clinic does ({word}). Please choose another."]
    }


def test_a_neutral_name_may_be_anything_else(town):
    assert ClinicForm(clinic_values(neutral_name="Seasons, a studio")).errors == {}


@pytest.mark.parametrize("text", ["x" * 3000, "\u0007", "a\nb"])
def test_names_that_cannot_be_printed_are_refused(town, text):
    for name in ("name", "street", "licence_number"):
        assert [*ClinicForm(clinic_values(**{name: text})).errors] == [name]
    premises = {"name": text, "county": "63000", "town_id": "63000080", "street": "示範路"}
    assert [*PremisesForm(premises).errors] == ["name"]
    assert [*RoomForm({"name": text}).errors] == ["name"]


@pytest.mark.parametrize("field", ["name", "name_en", "communication_system", "street"])
def test_what_consent_forms_are_filled_with_takes_no_braces(town, field):
    form = ClinicForm(clinic_values(**{field: "A {fee} B"}))
    assert form.errors == {
        field: ["Please use ( and ) instead of { and }, which mark words filled in later."]
    }


def test_every_field_of_the_clinic_stands_in_a_group(town):
    form = ClinicForm()
    grouped = [field.name for _title, _help, fields in form.grouped for field in fields]
    assert sorted(grouped) == sorted(form.fields)


def test_the_form_begins_with_what_is_kept(clinic):
    initial = ClinicForm.initial_of(Clinic.the_one())
    assert initial == clinic_values()
    assert ClinicForm(initial).is_valid()
    assert ClinicForm.initial_of(None) == {}
