"""An intern's supervision that ends is told beforehand, as a licence is (G9.3)."""

import pytest

from clinic.staff.models import Oversight
from clinic.todo import supervisions
from tests.house import make_user
from tests.staff.conftest import NOON, period


def oversee(overseer, overseen, first: int, last: int | None, kind: str = "clinical") -> Oversight:
    values = {"overseer": overseer, "overseen": overseen, "kind": kind}
    return Oversight.objects.create(**values, period=period(first, last))


def titles(user) -> list[str]:
    return [item.title for item in supervisions(user, NOON)]


@pytest.mark.parametrize(
    ("last", "told"), [(-1, False), (0, True), (7, True), (90, True), (91, False), (None, False)]
)
def test_it_is_told_from_ninety_days_before_to_its_last_day(supervisor, intern, admin, last, told):
    row = oversee(supervisor, intern, -100, last)
    title = f"{intern.name}'s supervision ends on {row.last_day}"
    assert titles(admin) == ([title] if told else [])


def test_administrators_name_another_and_both_sides_look(
    supervisor, intern, admin, stranger, counsellor
):
    oversee(supervisor, intern, -100, 7)
    found = {
        user: [(item.action_url, item.action_label) for item in supervisions(user, NOON)]
        for user in (admin, supervisor, intern, stranger, counsellor)
    }
    assert found == {
        admin: [(f"/staff/{intern.pk}/supervisors/new/", "Add a supervisor")],
        supervisor: [(f"/staff/{supervisor.pk}/", "Look")],
        intern: [(f"/staff/{intern.pk}/", "Look")],
        stranger: [],
        counsellor: [],
    }


@pytest.mark.parametrize(
    ("first", "kind", "told"),
    [
        (8, "clinical", False),
        (8, "site", False),
        (-9, "site", False),  # that of the placement goes on
        (9, "clinical", True),  # a day without
        (8, "course", True),  # answers for the learning, not for the service
    ],
)
def test_it_is_not_told_where_another_follows_on_the_next_day(
    supervisor, stranger, intern, admin, first, kind, told
):
    oversee(supervisor, intern, -100, 7)
    oversee(stranger, intern, first, None, kind)
    assert bool(titles(admin)) == told


def test_who_has_left_follows_nobody(supervisor, stranger, intern, admin):
    oversee(supervisor, intern, -100, 7)
    oversee(stranger, intern, 8, None)
    stranger.is_active = False
    stranger.save(update_fields=["is_active"])
    assert len(titles(admin)) == 1


def test_two_that_end_on_one_day_are_one_to_do(supervisor, stranger, intern, admin):
    oversee(supervisor, intern, -100, 7)
    oversee(stranger, intern, -100, 7, "site")
    assert [len(titles(user)) for user in (admin, intern, supervisor)] == [1, 1, 1]


def test_of_a_psychologist_a_closed_account_and_a_course_nothing_is_told(
    supervisor, counsellor, intern, admin
):
    gone = make_user("gone", "intern", kind="intern_counselling")
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    for overseen in (counsellor, gone):
        oversee(supervisor, overseen, -100, 7)
    oversee(supervisor, intern, -100, 7, "course")
    assert titles(admin) == []


def test_one_query_is_asked_however_many(supervisor, intern, admin, django_assert_num_queries):
    for number in range(3):
        with django_assert_num_queries(1):
            assert len(titles(admin)) == number
        other = make_user(f"intern{number}", "intern", kind="intern_counselling")
        oversee(supervisor, other, -100, 7)
