"""The forms of a client and of an emergency contact."""

from datetime import time

import pytest

from clinic.organisation.divisions import load_divisions
from clinic.organisation.models import Town
from clinic.people.forms import EmergencyContactForm, PersonForm
from clinic.people.models import EmergencyContact, Person

LEAST = {"name": "江小滿", "sex": "female", "birth_date": "81-05-20"}
CONTACT = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021"}


def errors(form_class, data, **typed):
    return {name: list(found) for name, found in form_class(data | typed).errors.items()}


def person_errors(**typed):
    return errors(PersonForm, LEAST, **typed)


def test_name_sex_and_birth_date_are_enough(town):
    assert person_errors() == {}


def test_nothing_typed_names_the_three_things_needed(town):
    required = ["This field is required."]
    assert errors(PersonForm, {}) == {
        "name": required,
        "sex": required,
        "birth_date": ["Please give a date."],
    }


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("name", 100),
        ("name_roman", 100),
        ("registered_address", 120),
        ("residence_address", 120),
        ("languages", 100),
        ("access_needs", 500),
        ("code_word", 60),
    ],
)
def test_a_text_of_3000_characters_is_refused_with_its_limit(town, field, most):
    found = person_errors(**{field: "滿" * 3000})[field]
    assert found == [f"Ensure this value has at most {most} characters (it has 3000)."]


TEXTS = ["name", "name_roman", "languages", "access_needs", "code_word", "residence_address"]


@pytest.mark.parametrize("field", TEXTS)
def test_an_invisible_character_is_named_by_its_code(town, field):
    assert person_errors(**{field: "江\u200b滿"})[field] == [
        "There is an invisible character in it (U+200B). Please type it again."
    ]


@pytest.mark.parametrize("field", TEXTS)
def test_a_user_made_character_is_one_that_documents_cannot_print(town, field):
    said = (
        "Documents cannot print the user-made character in it (U+E000), which other "
        "computers do not know. Please use another way of writing it."
    )
    assert person_errors(**{field: "江\ue000滿\ue000"})[field] == [said]


@pytest.mark.parametrize("field", TEXTS)
def test_a_glyph_that_documents_cannot_print_is_named(town, field):
    assert person_errors(**{field: "江ก😀滿"})[field] == [
        "Documents cannot print ก 😀. Please use another way of writing it."
    ]


NIGHT = {"safe_from": "21:30", "safe_until": "23:00"}


@pytest.mark.parametrize(
    ("hours", "refused"),
    [(("21:30", "23:00"), True), (("05:00", "08:00"), True), (("20:30", "23:00"), False)],
)
def test_safe_hours_in_which_no_mail_leaves_are_refused(town, hours, refused):
    address = "a@client.example"
    found = person_errors(safe_from=hours[0], safe_until=hours[1], email=address)
    told = "No mail leaves in these hours, only from 08:00 to 21:00. Please choose others, or "
    told += "tick “Never write mail”."
    assert found == ({"safe_until": [told]} if refused else {})


def test_safe_hours_say_by_whose_clock_they_are_asked_and_what_settles_it(town):
    fields = [PersonForm.base_fields[name] for name in ("safe_from", "safe_until")]
    clock = "By the clock at the client's usual place."
    city = (
        "In a country with several time zones mail may find no hour that is safe in all of them. "
    )
    city += "A city that is named in the usual place, such as New York, settles which counts."
    assert [str(field.help_text) for field in fields] == [clock, city]


def test_safe_hours_at_night_are_taken_where_no_mail_is_written_or_they_were_kept_before(town):
    kept = {"safe_from": time(21, 30), "safe_until": time(23)}
    night = LEAST | NIGHT | {"email": "a@client.example"}
    forms = [PersonForm(night | {"never_mail": "on"}), PersonForm(night, initial=kept)]
    assert [dict(form.errors) for form in forms] == [{}, {}]


@pytest.mark.parametrize(
    "name", ["游寒堃", "測喆𠊎", "Lin, Aaron 林亞倫", "Yohani Isqaqavut", "曾‧優妮"]
)
def test_rare_roman_and_indigenous_names_pass(town, name):
    assert person_errors(name=name) == {}


def test_an_unknown_sex_is_refused(town):
    assert person_errors(sex="none") == {
        "sex": ["Select a valid choice. none is not one of the available choices."]
    }


def test_a_township_of_another_county_is_refused_in_words(town):
    assert person_errors(registered_county="65000", registered_town="63000080") == {
        "registered_town": ["This township lies in another county. Please choose it again."]
    }


def test_a_county_without_a_township_is_not_enough(town):
    assert person_errors(residence_county="63000") == {
        "residence_town": ["Please choose a township as well."]
    }


def test_a_registration_has_no_street_without_a_township(town):
    assert person_errors(registered_address="示範路 1 號") == {
        "registered_town": ["Please choose county and township as well."]
    }


def test_a_residence_abroad_needs_no_township(town):
    form = PersonForm(LEAST | {"residence_address": "1 Demo Road, London"})
    assert form.errors == {}
    assert (form.values["residence_town"], form.values["residence_address"]) == (
        None,
        "1 Demo Road, London",
    )


def test_an_unknown_township_is_refused(town):
    assert list(person_errors(registered_town="99999999")) == ["registered_town"]


def test_a_township_alone_implies_its_county(town):
    form = PersonForm(LEAST | {"registered_town": "63000080", "registered_county": ""})
    assert form.errors == {}
    assert form.values["registered_town"] == town


def test_mail_cannot_be_both_safe_and_forbidden(town):
    typed = {"email": "a@client.example", "never_mail": "on", "safe_channel": "email"}
    assert person_errors(**typed) == {
        "safe_channel": ["Mail cannot be the safe way where mail is never written."]
    }


def test_the_safe_way_must_exist(town):
    assert person_errors(safe_channel="email") == {
        "safe_channel": ["There is no email address above."]
    }
    assert person_errors(safe_channel="sms") == {
        "safe_channel": ["There is no telephone number above."]
    }


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("09:00", "", {"safe_until": ["Please give both times, or none."]}),
        ("", "18:00", {"safe_from": ["Please give both times, or none."]}),
        ("18:00", "09:00", {"safe_until": ["This must be later than the first time."]}),
        (
            "25:00",
            "26:00",
            {
                "safe_from": ["Please give a time between 00:00 and 23:59."],
                "safe_until": ["Please give a time between 00:00 and 23:59."],
            },
        ),
        ("09:00", "18:00", {}),
    ],
)
def test_safe_hours_are_a_pair_in_order(town, start, end, found):
    assert person_errors(safe_from=start, safe_until=end) == found


def test_a_doubtful_id_number_is_a_warning_and_no_error(town):
    form = PersonForm(LEAST | {"national_id": "a123456788"})
    assert form.is_valid()
    assert form.warnings == ["The check digit does not fit. Please compare it with the document."]
    assert PersonForm(LEAST).warnings == []


@pytest.mark.django_db
def test_all_townships_cost_two_queries(django_assert_num_queries):
    load_divisions()
    with django_assert_num_queries(2):
        page = str(PersonForm())
    assert page.count('data-county="') == 2 * Town.objects.count()


def test_every_field_stands_in_a_group_once(town):
    form = PersonForm()
    names = [field.name for _title, _help, group in form.grouped for field in group]
    assert names == [*form.fields]  # the summary of errors follows the page


def test_the_form_of_a_person_starts_with_what_is_known(town):
    person = Person(name="江小滿", sex="female", registered_town=town, phone="0000-000-011")
    start = PersonForm.initial_of(person)
    assert {*start} == {*PersonForm.base_fields}
    assert (start["registered_county"], start["registered_town"]) == ("63000", "63000080")
    assert (start["residence_county"], start["residence_town"]) == ("", "")


def test_a_contact_needs_name_relation_and_a_number():
    required = ["This field is required."]
    assert errors(EmergencyContactForm, {}) == {
        "name": required,
        "relation": required,
        "phones": required,
    }


def test_a_contact_cannot_be_told_and_not_be_contacted():
    assert errors(EmergencyContactForm, CONTACT, may_be_told="on", do_not_contact="on") == {
        "do_not_contact": ["Please choose one: may be told, or do not contact."]
    }


def test_the_form_of_a_contact_starts_with_what_is_known():
    contact = EmergencyContact(**CONTACT)
    assert EmergencyContactForm.initial_of(contact) == CONTACT | {
        "may_be_told": False,
        "do_not_contact": False,
    }


@pytest.mark.parametrize(("typed", "kept"), [({}, "zh-hant"), ({"letter_language": "en"}, "en")])
def test_a_client_is_written_to_in_chinese_unless_english_is_chosen(town, typed, kept):
    form = PersonForm(LEAST | typed)
    assert (form.is_valid(), form.values["letter_language"]) == (True, kept)


def test_a_language_that_letters_do_not_have_is_refused(town):
    assert [*person_errors(letter_language="fr")] == ["letter_language"]
