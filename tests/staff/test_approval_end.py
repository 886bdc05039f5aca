"""The last day of an approval moves: whom it names ends with it."""

import pytest
from django.urls import reverse

from clinic.errors import Refused
from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.staff.models import Approval
from clinic.staff.qualification import findings_on
from tests.staff.conftest import DAY, NOON, give_approval, give_papers, period, words
from tests.staff.test_approval_pages import approval_form
from tests.staff.test_approvals import name, save


def periods(approval):
    """Who is named, for which time."""
    rows = approval.people.order_by("practitioner__user__name", "period")
    return [(row.practitioner.user.name, row.period) for row in rows]


@pytest.mark.parametrize("last", [100, None])
def test_an_approval_that_was_revoked_ends_for_everybody_it_names(
    premises, counsellor, supervisor, stranger, admin, last
):
    approval = give_approval(premises, counsellor, last=last)
    name(approval, supervisor, admin, -100, -50)
    name(approval, supervisor, admin, -9, 9)
    name(approval, stranger, admin, -1, -1)
    save(approval, premises, admin, last=-1)
    assert Approval.objects.get().period == period(-100, -1)
    assert periods(approval) == [
        ("chunfen", period(-1, -1)),
        ("guyu", period(-100, -1)),
        ("lichun", period(-100, -50)),
        ("lichun", period(-9, -1)),
    ]


def test_after_a_revocation_the_gate_is_closed_on_the_day(premises, counsellor, admin):
    give_papers(counsellor, premises)
    approval = give_approval(premises, counsellor, last=100)
    save(approval, premises, admin, last=-1)
    found = findings_on([counsellor], DAY, NOON)[counsellor.pk]
    (answer,) = [row.answer for row in found if row.requirement.code == "clinic.approval"]
    assert str(answer.reason) == "no approval in force names this person"


def test_whose_whole_time_comes_after_the_end_is_named_beside_it(
    premises, counsellor, supervisor, admin
):
    approval = give_approval(premises, counsellor, last=100)
    name(approval, supervisor, admin, 0, 100)
    with pytest.raises(Refused) as found:
        save(approval, premises, admin, last=-1)
    assert (found.value.code, found.value.field) == ("approval.begins_later", "last_day")
    assert "begins only after this day: lichun." in str(found.value)
    assert Approval.objects.get().period == period(-100, 100)
    assert periods(approval) == [("guyu", period(-100, 100)), ("lichun", period(0, 100))]


def test_who_ended_with_the_approval_is_said_and_stands_in_its_history(
    premises, counsellor, clinic, chief
):
    approval = give_approval(premises, counsellor, number="示範核准 7", last=100)
    form = approval_form(premises, starts_on="2026-08-13", last_day="2026-11-20")
    page = chief.post(reverse("approval_change", args=[approval.pk]), form, follow=True)
    assert "Saved. With it the last day changed of: guyu." in words(page)
    (line,) = history(AuditEntry.objects.about(approval))
    assert (
        "Approved person: guyu (2026-08-13 – 2027-03-01) → guyu (2026-08-13 – 2026-11-20)"
        in line.details
    )
    form["number"] = "示範核准 8"
    page = chief.post(reverse("approval_change", args=[approval.pk]), form, follow=True)
    assert "the last day changed" not in words(page)
