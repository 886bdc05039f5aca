"""The last day of an approval moves: whom it names ends with it, or goes on with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.accounts.actions import close_account
from clinic.errors import Refused
from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation.models import Premises
from clinic.staff.approval_people import endings_between
from clinic.staff.models import Approval
from clinic.staff.qualification import findings_on
from clinic.todo import approvals
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


@pytest.mark.parametrize("last", [400, None])
def test_who_ended_with_an_approval_goes_on_with_it(
    premises, counsellor, supervisor, stranger, admin, last
):
    approval = give_approval(premises, counsellor, last=100)
    name(approval, supervisor, admin, -100, 99)
    name(approval, stranger, admin, 50, 100)
    assert save(approval, premises, admin, last=last).moved_people == ["chunfen", "guyu"]
    assert periods(approval) == [
        ("chunfen", period(50, last)),
        ("guyu", period(-100, last)),
        ("lichun", period(-100, 99)),
    ]
    (line, *_rest) = history(AuditEntry.objects.about(approval))
    until = approval.last_day or "…"
    assert (
        "Approved person: chunfen (2027-01-10 – 2027-03-01), guyu (2026-08-13 – 2027-03-01)"
        f" → chunfen (2027-01-10 – {until}), guyu (2026-08-13 – {until})"
    ) in line.details


def test_an_approval_saved_with_the_same_last_day_moves_nobody(premises, counsellor, admin):
    approval = give_approval(premises, counsellor, last=100)
    assert save(approval, premises, admin, number="2").moved_people == []
    assert periods(approval) == [("guyu", period(-100, 100))]


# --- What ends soon ------------------------------------------------------------------------------


def soon():
    """What ends within ninety days: the number, days from now, who."""
    found = endings_between(DAY, DAY + timedelta(days=90))
    return [(row.number, (day - DAY).days, names) for row, day, names in found]


def told(user):
    """Title and detail of the one to-do about an approval."""
    (todo,) = approvals(user, NOON)
    return str(todo.title), str(todo.detail)


def test_people_who_end_before_the_approval_does_are_told_of(
    premises, counsellor, supervisor, stranger, admin
):
    approval = give_approval(premises, counsellor, last=400)
    name(approval, supervisor, admin, 0, 30)
    name(approval, stranger, admin, 0, 30)
    assert soon() == [("示範核准 1", 30, ["chunfen", "lichun"])]
    title, detail = told(admin)
    assert title == "The approval 示範核准 1 names until 2026-12-21 only: chunfen, lichun"
    assert detail == "Tele-sessions after that day cannot be booked with: chunfen, lichun."


def test_an_approval_that_names_nobody_is_told_of(premises, admin):
    give_approval(premises, last=30)
    assert soon() == [("示範核准 1", 30, [])]
    assert told(admin) == (
        "The approval 示範核准 1 ends on 2026-12-21",
        "Tele-sessions after that day cannot be booked.",
    )


def test_who_is_named_by_the_next_approval_without_a_gap_is_not_told_of(
    premises, counsellor, supervisor
):
    give_approval(premises, counsellor, supervisor, last=30)
    give_approval(premises, counsellor, start=31, last=400, number="2")
    give_approval(premises, supervisor, start=32, last=400, number="3")
    assert soon() == [("示範核准 1", 30, ["lichun"])]


@pytest.mark.parametrize(
    ("more", "told"),
    [({"channels": ["telephone"]}, True), ({"channels": ["video", "telephone"]}, False)],
)
def test_an_approval_of_fewer_ways_follows_none(premises, counsellor, more, told):
    give_approval(premises, counsellor, last=30)
    give_approval(premises, counsellor, start=31, last=400, number="2", **more)
    assert soon() == ([("示範核准 1", 30, ["guyu"])] if told else [])


def test_an_approval_of_other_premises_follows_none(premises, counsellor):
    give_approval(premises, counsellor, last=30)
    other = Premises.objects.create(name="分所", town=premises.town, street="示範路 2 號")
    give_approval(other, counsellor, start=-9, last=400, number="2")
    assert soon() == [("示範核准 1", 30, ["guyu"])]


def test_who_sees_no_clients_any_more_is_not_told_of(premises, counsellor, admin, clinic):
    give_approval(premises, counsellor, last=30)
    close_account(user=counsellor, by=admin, now=NOON)
    assert soon() == []


def test_what_ends_soon_is_asked_in_as_many_queries_for_many(premises, counsellor, stranger):
    counts = []
    for number, users in enumerate([[counsellor], [counsellor, stranger], [stranger]]):
        give_approval(premises, *users, last=30 + number, number=str(number))
        with CaptureQueriesContext(connection) as queries:
            soon()
        counts.append(len(queries))
    assert counts == [4, 4, 4]
