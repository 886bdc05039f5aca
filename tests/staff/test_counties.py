"""Licences and approvals are of the county in which their premises lie, when they are entered."""

import pytest
from django.urls import reverse

from clinic.organisation.actions import save_premises
from clinic.organisation.models import Premises, Town
from clinic.staff.models import Approval, Credential
from tests.staff.conftest import NOON, give_approval, give_licence
from tests.staff.test_approval_pages import approval_form
from tests.staff.test_form_pages import licence_form

TAIPEI = (
    "These premises lie in Taipei City. "
    "Please correct the county, or choose other premises than “本所”."
)


@pytest.fixture
def moved(premises, admin):
    """Their address is corrected: they lie in New Taipei City."""

    def move():
        values = {"town_id": "65000060"}
        save_premises(premises=premises, values=values, by=admin, now=NOON)

    return move


@pytest.fixture
def branch(premises):
    """Second premises, in New Taipei City."""
    town = Town.objects.get(code="65000060")
    return Premises.objects.create(name="分所", town=town, street="示範路 2 號")


def test_a_licence_of_another_county_than_its_premises_is_refused(chief, counsellor, premises):
    where = reverse("credential_add", args=[counsellor.pk])
    page = chief.post(where, licence_form(premises, county_id="65000"))
    assert page.context["form"].errors == {"premises": [TAIPEI]}
    assert page.context["form"]["county_id"].value() == "65000"
    assert Credential.objects.count() == 0


def test_a_licence_on_file_is_not_changed_to_another_county(chief, counsellor, premises, branch):
    row = give_licence(counsellor, premises)
    where = reverse("credential_change", args=[counsellor.pk, row.pk])
    for form in (licence_form(premises, county_id="65000"), licence_form(branch)):
        assert [*chief.post(where, form).context["form"].errors] == ["premises"]
    assert chief.post(where, licence_form(branch, county_id="65000")).status_code == 302
    assert Credential.objects.get().premises == branch


def test_an_approval_of_another_county_than_its_premises_is_refused(chief, clinic, premises):
    page = chief.post(reverse("approval_add"), approval_form(premises, county_id="65000"))
    assert page.context["form"].errors == {"premises": [TAIPEI]}
    assert Approval.objects.count() == 0


def test_each_of_several_premises_of_an_approval_is_compared(chief, clinic, premises, branch):
    both = approval_form(premises, premises=[premises.pk, branch.pk])
    for county, other in (("63000", "分所"), ("65000", "本所")):
        page = chief.post(reverse("approval_add"), both | {"county_id": county})
        assert f"“{other}”" in page.context["form"].errors["premises"][0]
    row = give_approval(premises)
    where = reverse("approval_change", args=[row.pk])
    assert [*chief.post(where, both).context["form"].errors] == ["premises"]
    assert [*row.premises.all()] == [premises]


def test_an_address_corrected_later_does_not_stand_in_the_way_of_another_change(
    chief, clinic, counsellor, premises, moved
):
    licence, approval = give_licence(counsellor, premises), give_approval(premises)
    moved()
    changes = {
        reverse("credential_change", args=[counsellor.pk, licence.pk]): licence_form(premises),
        reverse("approval_change", args=[approval.pk]): approval_form(premises),
    }
    assert [chief.post(where, form).status_code for where, form in changes.items()] == [302, 302]
    assert Credential.objects.get().number == "示範字第 2 號"
    assert Approval.objects.get().number == "示範核准 7"


def test_a_certificate_holds_in_every_county(chief, counsellor, premises):
    form = licence_form(premises, kind="certificate", county_id="65000", last_day="")
    where = reverse("credential_add", args=[counsellor.pk])
    assert chief.post(where, form).status_code == 302
