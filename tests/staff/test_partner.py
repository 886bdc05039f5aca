"""An approval names the medical institution of its co-operation plan for referral (G10.1)."""

import pytest
from django.urls import reverse

from clinic.errors import Refused
from clinic.kernel.readiness import Met, Missing
from clinic.staff.models import Approval
from tests.staff.conftest import give_approval, plan
from tests.staff.test_approval_pages import approval_form
from tests.staff.test_approvals import save
from tests.staff.test_requirements import answer

ASKED = "Please name the medical institution of the co-operation plan for referral."
LACKING = Missing(
    "the approval on file names no medical institution for referral", "Enter it with the approval."
)
BLANK = pytest.mark.parametrize("blank", ["", "   "])


@BLANK
def test_the_form_asks_for_the_institution(chief, clinic, premises, blank):
    sent = approval_form(premises, medical_partner=blank)
    page = chief.post(reverse("approval_add"), sent)
    assert (page.context["form"].errors, Approval.objects.count()) == (
        {"medical_partner": [ASKED]},
        0,
    )


@BLANK
def test_an_approval_without_an_institution_is_not_saved(premises, admin, blank):
    row = give_approval(premises)
    with pytest.raises(Refused) as refused:
        save(row, premises, admin, medical_partner=blank)
    told = f"{ASKED} A medical institution enters its own name."
    assert (refused.value.code, refused.value.field, str(refused.value)) == (
        *("approval.no_partner", "medical_partner"),
        told,
    )
    assert Approval.objects.get().medical_partner == "示範醫院"


def test_an_older_row_without_an_institution_stops_a_session(counsellor, premises):
    give_approval(premises, counsellor, medical_partner="")
    assert answer("approval", plan(counsellor)) == LACKING


def test_the_approval_of_the_way_is_the_one_that_must_name_it(counsellor, premises):
    give_approval(premises, counsellor, medical_partner="")
    both = {"number": "示範核准 2", "channels": ["telephone"]}
    give_approval(premises, counsellor, **both)
    assert answer("approval", plan(counsellor)) == LACKING
    assert answer("approval", plan(counsellor, channel="telephone")) == Met("示範核准 2")
