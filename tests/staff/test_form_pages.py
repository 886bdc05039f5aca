"""Forms about staff, as a browser sends them."""

import pytest
from django.urls import reverse

from clinic.accounts.models import User
from clinic.kernel.outbox.models import Outbox
from clinic.staff.models import Credential, Oversight
from tests.staff.conftest import give_licence, words


def test_inviting_by_the_page(chief, clinic):
    form = {
        "name": "白露",
        "email": "bailu@clinic.example",
        "language": "zh-hant",
        "roles": ["counsellor", "supervisor"],
        "kind": "clinical",
    }
    response = chief.post("/staff/invite/", form, follow=True)
    user = User.objects.get(email="bailu@clinic.example")
    assert response.redirect_chain == [(f"/staff/{user.pk}/", 302)]
    assert (user.roles, user.practitioner.kind) == (["counsellor", "supervisor"], "clinical")
    assert Outbox.objects.get().kind == "staff_invitation"
    again = chief.post("/staff/invite/", form | {"email": "BAILU@clinic.example", "name": "<b>x"})
    assert again.context["form"].errors == {
        "email": ["This address already has an account. Look for it in the list of staff."]
    }
    assert 'value="&lt;b&gt;x"' in again.content.decode()


@pytest.mark.parametrize(
    ("role", "kind"), [("intern", "counselling"), ("counsellor", "intern_clinical")]
)
def test_an_intern_has_the_role_and_the_kind(chief, role, kind):
    form = {"name": "白露", "email": "a@clinic.example", "language": "en"}
    answer = chief.post("/staff/invite/", form | {"roles": [role], "kind": kind})
    assert answer.context["form"].errors == {
        "kind": ["An intern needs both: the role and the kind of an intern."]
    }


def test_a_clinical_role_needs_a_kind_and_another_profession_its_guideline(chief):
    form = {"name": "白露", "email": "a@clinic.example", "language": "en", "roles": ["intern"]}
    errors = chief.post("/staff/invite/", form).context["form"].errors
    assert errors == {"kind": ["Please say which kind of practitioner this is."]}
    errors = chief.post("/staff/invite/", form | {"kind": "other"}).context["form"].errors
    assert errors == {"guideline_followed": ["Please name the law and guideline followed."]}
    assert User.objects.filter(email="a@clinic.example").count() == 0


def test_changing_name_roles_and_kind(chief, counsellor):
    where = reverse("member_change", args=[counsellor.pk])
    form = {
        "name": "谷雨",
        "roles": ["counsellor", "admin"],
        "kind": "clinical",
        "languages": "國語",
    }
    chief.post(where, form)
    counsellor = User.objects.get(pk=counsellor.pk)
    assert (counsellor.name, counsellor.roles) == ("谷雨", ["counsellor", "admin"])
    assert (counsellor.practitioner.kind, counsellor.practitioner.languages) == ("clinical", "國語")
    history = words(chief.get(reverse("member_history", args=[counsellor.pk])))
    assert "Kind of practitioner: counselling psychologist → clinical psychologist" in history


def test_what_a_practitioner_is_does_not_vanish_in_silence(chief, counsellor):
    form = {"name": "guyu", "roles": ["admin"], "kind": ""}
    response = chief.post(reverse("member_change", args=[counsellor.pk]), form)
    assert response.context["form"].errors == {
        "kind": ["What is on file stays on file. Please choose the kind."]
    }


def licence_form(premises, /, **more):
    return {
        "kind": "practice_licence",
        "number": "示範字第 2 號",
        "starts_on": "2026-01-01",
        "last_day": "民國116年3月31日",
        "county_id": "63000",
        "premises": premises.pk,
    } | more


def test_entering_changing_and_renewing_a_licence(chief, counsellor, premises):
    where = reverse("credential_add", args=[counsellor.pk])
    assert chief.post(where, licence_form(premises)).status_code == 302
    row = Credential.objects.get()
    assert (str(row.starts_on), str(row.last_day), row.number) == (
        "2026-01-01",
        "2027-03-31",
        "示範字第 2 號",
    )
    change = reverse("credential_change", args=[counsellor.pk, row.pk])
    page = chief.get(change).content.decode()
    assert [
        v for v in ("2026-01-01", "2027-03-31", "示範字第 2 號") if f'value="{v}"' not in page
    ] == []
    chief.post(change, licence_form(premises, number="示範字第 3 號"))
    assert Credential.objects.get().number == "示範字第 3 號"
    refused = chief.post(where, licence_form(premises, starts_on="2027-03-31", last_day="2028-1-1"))
    assert "already a practice licence" in refused.context["form"].errors["starts_on"][0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": ""}, "last_day"),
        ({"last_day": "2025-12-31"}, "last_day"),
        ({"last_day": "2026-02-30"}, "last_day"),
        ({"starts_on": "yesterday"}, "starts_on"),
        ({"starts_on": "15-03-01"}, "starts_on"),
        ({"county_id": ""}, "county_id"),
        ({"county_id": "99999"}, "county_id"),
        ({"premises": ""}, "premises"),
        ({"premises": "999"}, "premises"),
        ({"number": "x" * 61}, "number"),
        ({"number": "\u0007"}, "number"),
    ],
)
def test_a_licence_that_makes_no_sense_is_refused_at_its_field(
    chief, counsellor, premises, wrong, field
):
    where = reverse("credential_add", args=[counsellor.pk])
    response = chief.post(where, licence_form(premises, **wrong))
    assert [*response.context["form"].errors] == [field]
    assert Credential.objects.count() == 0


def test_another_persons_licence_is_not_found_under_this_ones_address(
    chief, counsellor, stranger, premises
):
    row = give_licence(stranger, premises)
    for name in ("credential_change", "credential_withdraw", "credential_restore"):
        where = reverse(name, args=[counsellor.pk, row.pk])
        ask = chief.get if name == "credential_change" else chief.post
        assert ask(where).status_code == 404
    assert Credential.objects.get().withdrawn_at is None


def test_naming_and_ending_a_supervisor(chief, intern, supervisor):
    where = reverse("oversight_add", args=[intern.pk])
    form = {"overseer": supervisor.pk, "kind": "clinical", "starts_on": "2026-01-01"}
    assert chief.post(where, form).status_code == 302
    twice = chief.post(where, form)
    assert "already on file" in twice.context["form"].errors["starts_on"][0]
    row = Oversight.objects.get()
    assert (row.overseer, row.last_day) == (supervisor, None)
    end = reverse("oversight_end", args=[intern.pk, row.pk])
    assert f'href="{end}"' in chief.get(reverse("member", args=[intern.pk])).content.decode()
    page = chief.get(end)
    assert "Supervised by lichun (clinical supervision)" in words(page)
    assert page.context["form"]["last_day"].value() == "2026-11-21"
    refused = chief.post(end, {"last_day": "2026-11-22"})
    assert refused.context["form"].errors == {
        "last_day": ["This day is still to come. Choose today or an earlier day."]
    }
    chief.post(end, {"last_day": "民國115年11月10日"})
    assert str(Oversight.objects.get().last_day) == "2026-11-10"


def test_nobody_can_choose_herself_as_supervisor(chief, supervisor):
    where = reverse("oversight_add", args=[supervisor.pk])
    form = {"overseer": supervisor.pk, "kind": "clinical", "starts_on": "2026-01-01"}
    assert [*chief.post(where, form).context["form"].errors] == ["overseer"]
