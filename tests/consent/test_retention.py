"""The forms never promise less than the law's ten years for counselling records (心理師法 §25)."""

import pytest
from django.utils.translation import override

from clinic.errors import Refused
from consent.models import FormVersion, Particular
from consent.publishing import known_particulars, publish_forms, save_particulars
from consent.staff_views.forms import ParticularsForm
from consent.wording import particulars_asked
from tests.consent.conftest import particulars

TOLD = "Please give a whole number of years, 10 or more: the law asks for ten at least."
WRONG = ["3", "9", "0", "-10", "10.5", "十年", "10 years", "永久"]


@pytest.mark.parametrize("years", WRONG)
def test_the_form_says_that_years_are_a_whole_number_of_ten_or_more(years):
    data = {f"{key}_{language}": "10" for key in particulars_asked() for language in ("zh", "en")}
    errors = ParticularsForm(data | {"retention_years_en": years}).errors
    with override("en"):
        found = {field: [str(words) for words in told] for field, told in errors.items()}
    assert found == {"retention_years_en": [TOLD]}


@pytest.mark.parametrize("years", [("3", "3"), ("10", "3"), ("3", "10"), ("", "")])
def test_fewer_years_are_not_saved(clinic, admin, now, years):
    with pytest.raises(Refused) as refused:
        save_particulars(values=particulars() | {"retention_years": years}, by=admin, now=now)
    found = (refused.value.code, refused.value.field, known_particulars())
    assert found == ("consent.retention", "retention_years_zh", {})


@pytest.mark.parametrize("years", ["10", "15", "１２"])
def test_ten_and_more_are_saved(clinic, admin, now, years):
    save_particulars(values=particulars() | {"retention_years": (years, years)}, by=admin, now=now)
    assert known_particulars()["retention_years"] == (years, years)


def test_fewer_years_on_file_from_before_are_not_published(forms, admin, now):
    Particular.objects.filter(key="retention_years").update(value_en="3")
    before = FormVersion.objects.count()
    with pytest.raises(Refused) as refused:
        publish_forms(by=admin, now=now)
    with override("en"):
        assert (refused.value.code, str(refused.value), FormVersion.objects.count()) == (
            *("consent.retention", f"{TOLD} Please enter it under particulars of the forms."),
            before,
        )
