"""The words of the forms carry every obligation, in both languages; publishing loses none."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from clinic.clients.actions import open_case, register_client
from clinic.errors import Refused
from consent.models import Form, FormItem, FormVersion, Particular
from consent.models.requests import SPECIAL_CONSENT
from consent.publishing import clinic_values, publish_forms
from consent.staff_views.forms import ParticularsForm
from consent.values import values_of
from consent.wording import (
    OF_THE_REQUEST,
    content_file,
    fill_content,
    particulars_asked,
)
from tests.consent.conftest import publish

FILES = [*Form.Key.values]
APPENDIX = [f"A{n}" for n in range(1, 12)]


def parts(name):
    """Every part of a form that carries obligations, with its id."""
    content = content_file(name)
    for section in ("notices", "items"):
        yield from ((row["id"], row) for row in content.get(section, []))
    if "electronic_form" in content:
        yield "electronic_form", content["electronic_form"]


CARRIED = [
    pytest.param(part, obligation, id=obligation["id"])
    for name in FILES
    for _code, part in parts(name)
    for obligation in part["obligations"]
]


@pytest.mark.parametrize(("part", "obligation"), CARRIED)
def test_the_words_of_each_obligation_stand_in_its_text(part, obligation):
    carried = {"zh": "zh", "en": "en", "easy": "easy_zh"}
    said = {
        key: obligation[key] in part[text] for key, text in carried.items() if key in obligation
    }
    assert said == dict.fromkeys(said, True)


def test_the_individual_form_has_the_eleven_items_of_the_appendix():
    assert [row["id"] for row in content_file("individual")["items"]] == APPENDIX


def test_no_obligation_of_the_appendix_lacks_words():
    items = content_file("individual")["items"]
    assert [row["id"] for row in items if not row["obligations"]] == []


def test_the_agreement_has_the_eight_topics_of_item_nine():
    assert [row["id"] for row in content_file("counselling_agreement")["items"]] == [
        f"CA{n}" for n in range(1, 9)
    ]


def test_the_privacy_notice_has_the_six_points_of_the_law():
    assert [row["id"] for row in content_file("privacy_notice")["items"]] == [
        f"PN{n}" for n in range(1, 7)
    ]


def test_every_placeholder_is_the_clinics_a_particular_or_the_requests(clinic, approval, now):
    known = set(clinic_values(now)["zh"]) | set(particulars_asked()) | OF_THE_REQUEST
    asked = {n for name in FILES for n in re.findall(r"\{(\w+)\}", str(content_file(name)))}
    assert asked - known == set()


def test_a_published_text_has_only_the_requests_placeholders_open(forms):
    texts = [str(version.content) for version in forms]
    texts += [str(item.texts) for item in FormItem.objects.all()]
    assert {n for text in texts for n in re.findall(r"\{(\w+)\}", text)} - OF_THE_REQUEST == set()


def test_publishing_makes_one_version_of_each_form(forms):
    assert {(v.form_id, v.number) for v in forms} == {(key, 1) for key in FILES}


def test_publishing_again_without_a_change_is_refused(forms, admin, now):
    with pytest.raises(Refused) as refused:
        publish_forms(by=admin, now=now)
    assert refused.value.code == "forms.unchanged"


def test_a_change_of_words_makes_a_new_version_of_the_forms_that_hold_them(forms, admin, now):
    row = Particular.objects.get(key="fee")
    row.value_zh = "2,000"
    row.save()
    made = publish_forms(by=admin, now=now)
    assert [(v.form_id, v.number) for v in made] == [("counselling_agreement", 2)]


def test_publishing_with_a_gap_names_what_is_missing(clinic, approval, admin, now):
    with pytest.raises(Refused) as refused:
        publish_forms(by=admin, now=now)
    assert refused.value.code == "consent.particular_missing"
    assert FormVersion.objects.count() == 0


@pytest.mark.parametrize("text", ["每次 {金額} 元", "{client_name}", "}"])
def test_braces_are_refused_where_a_particular_is_entered(text):
    data = {f"{key}_{language}": "10" for key in particulars_asked() for language in ("zh", "en")}
    errors = ParticularsForm(data | {"copy_fee_en": text}).errors
    with override("en"):
        found = {field: [str(words) for words in told] for field, told in errors.items()}
    assert found == {
        "copy_fee_en": ["Please use ( and ) instead of { and }, which mark words filled in later."]
    }


def test_a_version_that_could_not_be_filled_in_is_not_published(forms, admin, now):
    Particular.objects.filter(key="fee").update(value_zh="每次 {金額} 元")
    before = FormVersion.objects.count()
    with pytest.raises(Refused) as refused:
        publish_forms(by=admin, now=now)
    assert (refused.value.code, FormVersion.objects.count()) == ("consent.braces", before)


def test_publishing_without_an_approval_says_that_it_comes_first(clinic, admin, now):
    with pytest.raises(Refused) as refused:
        publish(admin, now)
    told = "The forms name the ways of counselling that an approval in force allows; there is none."
    told += " Please enter the approval under set-up, then publish."
    with override("en"):
        assert (refused.value.code, str(refused.value)) == ("forms.no_approval", told)


def test_a_counsellor_cannot_publish(clinic, approval, counsellor, now):
    with pytest.raises(Refused) as refused:
        publish_forms(by=counsellor, now=now)
    assert refused.value.code == "access.not_allowed"


def test_the_special_consent_to_sensitive_data_is_an_item_of_its_own(forms):
    assert [i.version.form_id for i in FormItem.objects.filter(code=SPECIAL_CONSENT)] == [
        "privacy_notice"
    ]


def test_filling_refuses_a_gap_in_one_language_only():
    with pytest.raises(Refused):
        fill_content({"zh": "{fee}", "en": "{fee}"}, {"zh": {"fee": "1"}, "en": {}})


def test_a_form_has_each_language_whole_whatever_its_sender_reads(forms, intern, now):
    values = {"name": "甲", "sex": "female", "birth_date": date(1990, 1, 1)}
    person = register_client(values=values, by=intern, now=now)
    case = open_case(person=person, by=intern, now=now)
    with override("en"):
        said = values_of(case, person)
    told = {language: words["supervisor_name"] for language, words in said.items()}
    assert told == {"zh": "本機構的督導", "en": "the clinic's supervisor"}
