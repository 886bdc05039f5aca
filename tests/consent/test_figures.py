"""What the forms follow with a unit is entered in figures alone: no “NT$ NT$ 500 元元”."""

import pytest
from django.utils.translation import override

from clinic.errors import Refused
from consent.figures import BEFORE_A_UNIT
from consent.models import FormVersion, Particular
from consent.publishing import known_particulars, publish_forms, save_particulars
from consent.staff_views.forms import ParticularsForm
from consent.wording import content_file, particulars_asked
from tests.consent.conftest import particulars

TOLD = "Please give figures alone, such as 24 or 1,500: the form says the unit."
RIGHT = ["0", "50", "2,000", "1,600–2,400", "1600-2400", "1,600～2,400", "５００"]
WRONG = [
    "新臺幣 500 元",
    "500元",
    "NT$500",
    "half the fee",
    "一半",
    "1,600–",
    "-5",
    "24 hours",
    ",",
]


def sent(**values: str) -> ParticularsForm:
    data = {f"{key}_{language}": "10" for key in particulars_asked() for language in ("zh", "en")}
    return ParticularsForm(data | values)


@pytest.mark.parametrize("words", WRONG)
def test_a_charge_with_its_unit_or_in_words_is_refused_where_it_is_entered(words):
    with override("en"):
        errors = sent(late_cancel_fee_zh=words).errors
        found = {field: [str(line) for line in told] for field, told in errors.items()}
    assert found == {"late_cancel_fee_zh": [TOLD]}


@pytest.mark.parametrize("words", RIGHT)
def test_a_number_or_a_range_is_taken(words):
    assert sent(fee_zh=words, late_cancel_fee_en=words).errors == {}


def test_what_has_no_unit_in_the_forms_may_be_words():
    assert sent(copy_fee_zh="每頁 5 元", payment_ways_en="bank transfer").errors == {}


def test_nothing_is_saved_where_one_is_not_in_figures(clinic, admin, now):
    words = particulars() | {"no_show_fee": ("2,000", "the whole fee")}
    with override("en"), pytest.raises(Refused) as refused:
        save_particulars(values=words, by=admin, now=now)
    said = "“the whole fee” is not in figures alone."
    assert (refused.value.code, said in str(refused.value), known_particulars()) == (
        *("consent.figures", True),
        {},
    )


def test_one_on_file_from_before_is_named_and_not_published(forms, admin, now):
    Particular.objects.filter(key="late_cancel_fee").update(value_zh="新臺幣 1,000 元")
    before = FormVersion.objects.count()
    with override("en"):
        with pytest.raises(Refused) as refused:
            publish_forms(by=admin, now=now)
        said = str(refused.value)
    assert FormVersion.objects.count() == before
    assert said == (
        "charge for late cancellation in NT dollars: “新臺幣 1,000 元” is not in figures alone. "
        "Please enter it under particulars of the forms."
    )


@pytest.mark.parametrize("key", sorted(BEFORE_A_UNIT))
def test_the_words_of_the_agreement_say_the_unit(key):
    words = str(content_file("counselling_agreement"))
    assert any(f"{{{key}}}{unit}" in words for unit in ("分鐘", "小時", "元", "次"))
