"""Approvals and whom they name: periods lie within each other, in words and in the database."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation.models import Clinic
from clinic.staff import approval_actions as actions
from clinic.staff.models import Approval, ApprovedPerson
from tests.staff.conftest import NOON, give_approval, period


def values(premises, start=-100, last=100, **more):
    return {
        "county_id": premises.town.county_id,
        "number": "示範核准 9",
        "channels": ["video"],
        "age_floor": 18,
        "exclusions": "",
        "medical_partner": "示範醫院",
        "period": period(start, last),
    } | more


def save(approval, premises, by, **more):
    return actions.save_approval(
        approval=approval, values=values(premises, **more), premises=[premises], by=by, now=NOON
    )


def name(approval, user, by, start, last):
    return actions.name_person(
        approval=approval,
        practitioner=user.practitioner,
        period=period(start, last),
        by=by,
        now=NOON,
    )


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as found:
        act(*args, **kwargs)
    assert str(found.value)
    return found.value.code, found.value.field


def test_an_approval_is_saved_with_its_premises(premises, admin):
    row = save(Approval(), premises, admin)
    assert list(row.premises.all()) == [premises]
    (line,) = history(AuditEntry.objects.about(row))
    assert sorted(line.details) == [
        "Approval number: 示範核准 9",
        "County: Taipei City",
        "Medical institution for referral: 示範醫院",
        "Period: 2026-08-13 – 2027-03-01",
        "Premises: 本所",
        "Ways: video",
    ]


def test_a_history_in_chinese_tells_what_is_new_without_what_stood_there_before(premises, admin):
    row = save(Approval(), premises, admin)
    with override("zh-hant"):
        (line,) = history(AuditEntry.objects.about(row))
    assert "核准字號：示範核准 9" in line.details


def test_a_history_joins_the_items_of_a_list_as_its_reader_does(premises, admin):
    row = save(Approval(), premises, admin, channels=["video", "telephone"])
    (line,) = history(AuditEntry.objects.about(row))
    assert "Ways: video, telephone" in line.details


def test_an_approval_ends_having_none_yet(premises, clinic, admin):
    Clinic.objects.update(no_approval_yet=True)
    save(Approval(), premises, admin)
    assert Clinic.objects.get().no_approval_yet is False


def test_a_number_of_a_county_is_on_file_once(premises, admin):
    save(Approval(), premises, admin)
    assert refused(save, Approval(), premises, admin) == ("approval.twice", "number")
    assert Approval.objects.count() == 1


def test_a_person_is_named_once_a_day(premises, counsellor, admin):
    approval = give_approval(premises, last=100)
    name(approval, counsellor, admin, 0, 10)
    assert refused(name, approval, counsellor, admin, 10, 20) == (
        "approval.person_twice",
        "practitioner",
    )
    name(approval, counsellor, admin, 11, 20)
    assert ApprovedPerson.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "last", "field"),
    [
        (-101, 0, "starts_on"),
        (0, 101, "last_day"),
        (0, None, "last_day"),
        (100, 101, "last_day"),
        (101, None, "starts_on"),
        (200, 300, "starts_on"),
    ],
)
def test_a_person_outside_the_approval_is_refused(premises, counsellor, admin, start, last, field):
    approval = give_approval(premises, last=100)
    found = refused(name, approval, counsellor, admin, start, last)
    assert found == ("approval.outside", field)
    row = ApprovedPerson(
        approval=approval, practitioner=counsellor.practitioner, period=period(start, last)
    )
    with pytest.raises(IntegrityError, match="outside the approval"), transaction.atomic():
        row.save()
    assert ApprovedPerson.objects.count() == 0


@pytest.mark.parametrize(("start", "last"), [(-99, 100), (-100, 99)])
def test_the_database_cuts_no_approval_below_its_people(premises, counsellor, start, last):
    query = Approval.objects.filter(pk=give_approval(premises, counsellor, last=100).pk)
    with pytest.raises(IntegrityError, match="people outside"), transaction.atomic():
        query.update(period=period(start, last))
    assert query.get().period == period(-100, 100)


def test_an_approval_does_not_begin_after_people_it_names(premises, counsellor, admin):
    approval = give_approval(premises, counsellor, last=100)
    assert refused(save, approval, premises, admin, start=-99) == (
        "approval.begun_before",
        "starts_on",
    )
    assert Approval.objects.get().period == period(-100, 100)


def test_a_person_is_not_moved_out_of_the_approval(premises, counsellor):
    approval = give_approval(premises, counsellor, last=100)
    with pytest.raises(IntegrityError, match="outside the approval"), transaction.atomic():
        approval.people.update(period=period(-100, 101))


@pytest.mark.parametrize(
    ("before", "after"), [((-9, None), (-9, 0)), ((-9, 9), (-9, 0)), ((0, None), (0, 0))]
)
def test_a_place_ends_today(premises, counsellor, admin, before, after):
    row = name(give_approval(premises), counsellor, admin, *before)
    actions.end_person(person=row, by=admin, now=NOON)
    assert ApprovedPerson.objects.get().period == period(*after)


@pytest.mark.parametrize("first", [1, 30])
def test_who_is_named_from_a_later_day_is_taken_out_before_it(
    premises, counsellor, supervisor, admin, first
):
    approval = give_approval(premises, supervisor)
    row = name(approval, counsellor, admin, first, None)
    actions.end_person(person=row, by=admin, now=NOON)
    assert [person.practitioner.user for person in approval.people.all()] == [supervisor]
    told = [(line.text, line.details) for line in history(AuditEntry.objects.about(approval))]
    assert told == [
        ("ended a person's place in the approval", ["guyu", "Taken out before the first day."]),
        ("added a person to the approval", ["guyu"]),
    ]
    again = refused(actions.end_person, person=row, by=admin, now=NOON)
    assert again == ("approval.taken_out", None)
    name(approval, counsellor, admin, 0, 9)  # as if she had never been named


def test_ending_again_does_not_prolong_a_place(premises, counsellor, admin):
    row = name(give_approval(premises), counsellor, admin, -9, -5)
    assert refused(actions.end_person, person=row, by=admin, now=NOON)[0] == "staff.ended"
    assert ApprovedPerson.objects.get().period == period(-9, -5)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"channels": []}, "approval_channels_known"),
        ({"channels": ["fax"]}, "approval_channels_known"),
        ({"age_floor": 121}, "approval_age_floor"),
    ],
)
def test_the_database_refuses_what_makes_no_approval(premises, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        give_approval(premises, **wrong)


def test_only_administrators_change_approvals(premises, counsellor, supervisor):
    approval = give_approval(premises, counsellor)
    person = approval.people.get()
    for by in (counsellor, supervisor):
        for act in (
            lambda by: save(approval, premises, by),
            lambda by: name(approval, supervisor, by, 0, 9),
            lambda by: actions.end_person(person=person, by=by, now=NOON),
        ):
            with pytest.raises(NotAllowed):
                act(by)
    assert AuditEntry.objects.count() == 0
