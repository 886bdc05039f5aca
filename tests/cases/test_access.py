"""Who sees which people and cases."""

import pytest
from django.utils import timezone

from clinic.cases.access import (
    cases_visible_to,
    counsellors_of,
    in_case_state,
    overseers_of,
    people_visible_to,
)
from clinic.cases.models import Case, CaseAccess, Participant
from clinic.kernel.roles import Role
from clinic.people.models import Person
from clinic.staff.models import Oversight


@pytest.fixture
def add(now):
    def add(counsellor, name, *, opened=True, closed=False):
        person = Person.objects.create(
            name=name,
            sex="female",
            birth_date="1992-05-20",
            registered_by=counsellor,
            registered_at=now,
        )
        if opened or closed:
            end = {"closed_at": now, "closed_reason": "goals reached"} if closed else {}
            case = Case.objects.create(
                modality="individual", counsellor=counsellor, opened_at=now, **end
            )
            Participant.objects.create(case=case, person=person, role="client", joined_at=now)
        return person

    return add


def seen(user):
    people = sorted(people_visible_to(user).values_list("name", flat=True))
    return people, cases_visible_to(user).count()


def test_own_people_are_seen_with_and_without_a_case(add, counsellor, stranger):
    add(counsellor, "江小滿")
    add(counsellor, "何處暑", opened=False)
    assert seen(counsellor) == (["何處暑", "江小滿"], 1)
    assert seen(stranger) == ([], 0)


def test_who_registered_a_person_no_longer_sees_her_in_the_case_of_another(
    add, counsellor, stranger, now
):
    person = add(counsellor, "江小滿", opened=False)
    case = Case.objects.create(modality="individual", counsellor=stranger, opened_at=now)
    Participant.objects.create(case=case, person=person, role="client", joined_at=now)
    assert seen(counsellor) == ([], 0)
    assert seen(stranger) == (["江小滿"], 1)


@pytest.mark.parametrize(
    ("begins", "ends", "names"),
    [(-10, 10, ["江小滿"]), (0, None, ["江小滿"]), (-10, 1, ["江小滿"]), (-10, 0, []), (1, 10, [])],
)
def test_a_supervisor_sees_cases_while_the_supervision_is_in_force(
    add, counsellor, supervisor, days, begins, ends, names
):
    add(counsellor, "江小滿")
    add(counsellor, "何處暑", opened=False)
    today = timezone.localdate()
    period = (today + days(begins), today + days(ends) if ends is not None else None)
    Oversight.objects.create(
        overseer=supervisor, overseen=counsellor, kind="clinical", period=period
    )
    assert seen(supervisor) == (names, len(names))


def test_a_substitute_sees_one_case_for_its_time(add, counsellor, stranger, now, days):
    person = add(counsellor, "江小滿")
    add(counsellor, "何處暑")
    access = CaseAccess.objects.create(
        user=stranger,
        case=Case.objects.get(participants__person=person),
        relation="substitute",
        reason="leave",
        period=(now - days(1), now + days(1)),
    )
    assert seen(stranger) == (["江小滿"], 1)
    access.period = (now - days(2), now - days(1))
    access.save(update_fields=["period"])
    assert seen(stranger) == ([], 0)


def test_without_a_clinical_role_nothing_is_seen(add, counsellor, admin):
    add(counsellor, "江小滿")
    assert seen(admin) == ([], 0)
    counsellor.roles = [Role.ADMIN]
    assert seen(counsellor) == ([], 0)


def test_an_intern_sees_her_own_only(add, counsellor, intern):
    add(counsellor, "江小滿")
    add(intern, "石大寒")
    assert seen(intern) == (["石大寒"], 1)


def test_people_by_the_state_of_their_cases(add, counsellor):
    add(counsellor, "江小滿")
    add(counsellor, "何處暑", opened=False)
    add(counsellor, "鄭白露", closed=True)
    found = {
        state: [p.name for p in in_case_state(people_visible_to(counsellor), counsellor, state)]
        for state in ("open", "none", "closed")
    }
    assert found == {"open": ["江小滿"], "none": ["何處暑"], "closed": ["鄭白露"]}
    assert in_case_state(people_visible_to(counsellor), counsellor, "").count() == 3


def test_counsellors_of_cases_by_name(add, counsellor, stranger):
    add(counsellor, "江小滿")
    add(counsellor, "何處暑")
    add(stranger, "鄭白露")
    assert list(counsellors_of(Case.objects.all())) == [stranger, counsellor]


def test_overseers_of_a_day(counsellor, supervisor, stranger, days):
    today = timezone.localdate()
    for overseer, end in ((supervisor, today + days(5)), (stranger, today)):
        Oversight.objects.create(
            overseer=overseer, overseen=counsellor, kind="clinical", period=(today - days(5), end)
        )
    assert [row.overseer for row in overseers_of(counsellor, today)] == [supervisor]


@pytest.mark.parametrize("text", ["²", "C-", "C-99999999999999999999", "９", "%", "C-00000"])
def test_odd_search_texts_find_no_case_and_break_nothing(add, counsellor, text):
    add(counsellor, "江小滿")
    assert list(Case.objects.found_by(text)) == []


def test_a_case_is_found_by_code_number_or_client(add, counsellor):
    add(counsellor, "江小滿")
    case = Case.objects.get()
    for text in (case.code, case.code.lower(), str(case.pk), "小滿"):
        assert list(Case.objects.found_by(text)) == [case]
