"""Pages about approvals, as a browser asks for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from clinic.accounts.models import User
from clinic.staff.models import Approval, ApprovedPerson
from tests.staff.conftest import give_approval, give_licence, period, words


def approval_form(premises, /, **more):
    return {
        "county_id": "63000",
        "number": "示範核准 7",
        "starts_on": "2026-01-01",
        "last_day": "",
        "channels": ["video", "telephone"],
        "premises": [premises.pk],
        "age_floor": "18",
        "exclusions": "",
        "medical_partner": "示範醫院",
    } | more


def test_entering_an_approval_and_the_people_it_names(chief, clinic, premises, counsellor):
    response = chief.post(reverse("approval_add"), approval_form(premises), follow=True)
    approval = Approval.objects.get()
    assert response.redirect_chain == [(f"/approvals/{approval.pk}/", 302)]
    assert "Nobody yet" in words(response)
    form = {
        "practitioner": counsellor.practitioner.pk,
        "starts_on": "2026-01-01",
        "last_day": "2026-12-31",
    }
    add = reverse("approval_person_add", args=[approval.pk])
    assert "guyu" in words(chief.post(add, form, follow=True))
    twice = chief.post(add, form)
    assert "already names this person" in twice.context["form"].errors["practitioner"][0]
    person = ApprovedPerson.objects.get()
    chief.post(reverse("approval_person_end", args=[approval.pk, person.pk]))
    assert str(ApprovedPerson.objects.get().last_day) == "2026-11-21"
    chief.post(reverse("approval_change", args=[approval.pk]), approval_form(premises, number="8"))
    history = words(chief.get(reverse("approval_history", args=[approval.pk])))
    assert "Approval number: 示範核准 7 → 8" in history


def test_a_person_without_an_end_in_an_approval_with_one_is_told_of_it_at_the_last_day(
    chief, clinic, premises, counsellor
):
    add = reverse("approval_person_add", args=[give_approval(premises, last=100).pk])
    assert "Last day (optional)" not in words(chief.get(add))
    form = {"practitioner": counsellor.practitioner.pk, "starts_on": "2026-08-13", "last_day": ""}
    said = (
        "The approval lasts until 2027-03-01 only. "
        "Please give that day as the last one, or an earlier day."
    )
    assert chief.post(add, form).context["form"].errors == {"last_day": [said]}
    assert chief.post(add, form | {"last_day": "2027-03-01"}).status_code == 302


def test_approvals_are_found_by_number_county_and_institution(chief, clinic, premises):
    old = {"number": "舊字 3", "starts_on": "2020-01-01", "last_day": "2021-12-31"}
    for more in (old | {"medical_partner": "另一醫院"}, {}):
        chief.post(reverse("approval_add"), approval_form(premises, **more))
    found = {}
    for asked in ("q=核准", "q=另一", "q=taipei", "state=today", "q=nothing"):
        page = chief.get(f"{reverse('approval_list')}?{asked}")
        found[asked] = sorted(row.number for row in page.context["object_list"])
    assert found == {
        "q=核准": ["示範核准 7"],
        "q=另一": ["舊字 3"],
        "q=taipei": ["示範核准 7", "舊字 3"],
        "state=today": ["示範核准 7"],
        "q=nothing": [],
    }
    assert "No approval found" in words(page)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channels": []}, "channels"),
        ({"channels": ["fax"]}, "channels"),
        ({"premises": []}, "premises"),
        ({"age_floor": "-1"}, "age_floor"),
        ({"age_floor": "121"}, "age_floor"),
        ({"last_day": "2025-01-01"}, "last_day"),
        ({"starts_on": "26-01-01"}, "starts_on"),
        ({"county_id": ""}, "county_id"),
    ],
)
def test_an_approval_that_makes_no_sense_is_refused_at_its_field(chief, premises, wrong, field):
    response = chief.post(reverse("approval_add"), approval_form(premises, **wrong))
    form = response.context["form"]
    assert ([*form.errors], form[field].value()) == ([field], next(iter(wrong.values())))
    assert Approval.objects.count() == 0


def test_markup_in_what_is_typed_is_text_on_every_page(chief, clinic, premises, counsellor):
    evil = "<img src=x onerror=alert(1)>"
    User.objects.filter(pk=counsellor.pk).update(name=evil)
    form = approval_form(premises, number=evil, exclusions=evil, medical_partner=evil)
    page = chief.post(reverse("approval_add"), form, follow=True)
    approval = Approval.objects.get()
    give_licence(counsellor, premises)
    pages = [
        page,
        chief.get("/approvals/"),
        chief.get("/staff/"),
        chief.get(reverse("member", args=[counsellor.pk])),
        chief.get(reverse("approval_history", args=[approval.pk])),
        chief.get(reverse("approval_person_add", args=[approval.pk])),
        chief.get("/"),
    ]
    assert [evil in response.content.decode() for response in pages] == [False] * 7
    assert ["&lt;img src=x" in response.content.decode() for response in pages] == [True] * 7


def test_names_of_addresses_are_unique():
    every = [key for key in get_resolver().reverse_dict if isinstance(key, str)]
    assert len(every) == len(set(every))


def test_who_is_named_from_a_later_day_can_be_taken_out_on_the_page(
    chief, clinic, premises, counsellor, supervisor
):
    approval = give_approval(premises, supervisor)
    row = ApprovedPerson.objects.create(
        approval=approval, practitioner=counsellor.practitioner, period=period(5, None)
    )
    page = reverse("approval", args=[approval.pk])
    end = reverse("approval_person_end", args=[approval.pk, row.pk])
    before = words(chief.get(page))
    after = words(chief.post(end, follow=True))
    assert ("Take out – guyu" in before, "End today – lichun" in before) == (True, True)
    assert ("guyu" in after, "End today – lichun" in after) == (False, True)


def test_the_list_asks_as_much_for_ten_as_for_five_hundred(chief, clinic, premises):
    counts = []
    for start, end in ((0, 10), (10, 500)):
        Approval.objects.bulk_create(
            Approval(
                county=premises.town.county,
                number=f"示範核准 {number}",
                period=period(-100, None),
                channels=["video"],
                medical_partner="示範醫院",
            )
            for number in range(start, end)
        )
        chief.get(reverse("approval_list"))
        with CaptureQueriesContext(connection) as queries:
            page = chief.get(reverse("approval_list"))
        counts.append((len(queries), page.context["paginator"].count))
    assert counts == [(counts[0][0], 10), (counts[0][0], 500)]
