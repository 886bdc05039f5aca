"""Licences and supervision: what is refused, in words, and what is kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from clinic.accounts.actions import change_account, close_account, reset_second_step
from clinic.accounts.models import User
from clinic.errors import NotAllowed, Refused
from clinic.kernel.actors import System
from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.roles import Role
from clinic.staff import actions
from clinic.staff.models import Credential, Oversight, Practitioner
from tests.house import make_user
from tests.staff.conftest import DAY, NOON, give_licence, period


def licence_values(premises, start, last, **more):
    return {
        "kind": "practice_licence",
        "number": "示範字第 2 號",
        "period": period(start, last),
        "county_id": premises.town.county_id,
        "premises": premises,
    } | more


def save_licence(user, premises, by, start, last, **more):
    return actions.save_credential(
        credential=Credential(practitioner=user.practitioner),
        values=licence_values(premises, start, last, **more),
        by=by,
        now=NOON,
    )


def refusal(act, **kwargs):
    """Code and field of the refusal that ``act`` raises."""
    with pytest.raises(Refused) as refused:
        act(**kwargs, now=NOON)
    assert str(refused.value)
    return refused.value.code, refused.value.field


# --- Licences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "last"), [(-100, 100), (100, 200), (-200, -100), (0, 0)])
def test_an_overlapping_licence_is_refused_in_words(counsellor, admin, premises, start, last):
    give_licence(counsellor, premises, -100, 100)
    with pytest.raises(Refused) as refused:
        save_licence(counsellor, premises, admin, start, last)
    assert str(refused.value) == (
        "There is already a practice licence for part of this time. "
        "A psychologist is registered at one place at a time. Check the dates of both."
    )
    assert (refused.value.code, refused.value.field) == ("staff.overlapping_licence", "starts_on")
    assert (Credential.objects.count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize(("start", "last"), [(101, 200), (-200, -101)])
def test_the_next_licence_begins_the_day_after(counsellor, admin, premises, start, last):
    give_licence(counsellor, premises, -100, 100)
    save_licence(counsellor, premises, admin, start, last)
    assert Credential.objects.count() == 2


def test_certificates_and_other_peoples_licences_may_overlap(counsellor, stranger, admin, premises):
    give_licence(counsellor, premises)
    save_licence(stranger, premises, admin, -100, 100)
    save_licence(counsellor, premises, admin, -100, None, kind="certificate")
    assert Credential.objects.count() == 3


def test_a_changed_licence_does_not_overlap_itself(counsellor, admin, premises):
    row = give_licence(counsellor, premises)
    values = licence_values(premises, -100, 50)
    actions.save_credential(credential=row, values=values, by=admin, now=NOON)
    assert Credential.objects.get().period == period(-100, 50)


def test_a_licence_taken_off_the_file_can_be_put_back(counsellor, admin, premises):
    row = give_licence(counsellor, premises)
    actions.withdraw_credential(credential=row, by=admin, now=NOON)
    assert list(Credential.objects.on_file()) == []
    actions.restore_credential(credential=row, by=admin, now=NOON)
    assert list(Credential.objects.on_file()) == [row]


def test_a_licence_is_not_put_back_over_another(counsellor, admin, premises):
    row = give_licence(counsellor, premises, withdrawn_at=NOON)
    other = give_licence(counsellor, premises)
    found = refusal(actions.restore_credential, credential=row, by=admin)
    assert found == ("staff.overlapping_licence", "starts_on")
    assert list(Credential.objects.on_file()) == [other]


def test_a_practice_licence_without_its_end_or_place_cannot_exist(counsellor, premises):
    for gap in ({"county": None}, {"premises": None}, {"period": period(0, None)}):
        row = give_licence(counsellor, premises)
        for name, value in gap.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError, match="practice_licence_complete"), transaction.atomic():
            row.save()
        row.delete()


# --- Supervision ---------------------------------------------------------------------------------


def oversee(overseer, overseen, by, start=0, last=None, kind="clinical"):
    return actions.add_oversight(
        overseen=overseen,
        overseer=overseer,
        kind=kind,
        period=period(start, last),
        by=by,
        now=NOON,
    )


def test_the_same_supervision_twice_is_refused(supervisor, intern, admin):
    oversee(supervisor, intern, admin, 0, 30)
    with pytest.raises(Refused) as refused:
        oversee(supervisor, intern, admin, 30, None)
    assert (refused.value.code, refused.value.field) == ("oversight.twice", "starts_on")
    oversee(supervisor, intern, admin, 31, None)
    oversee(supervisor, intern, admin, 0, None, kind="site")
    assert Oversight.objects.count() == 3


def test_two_supervisors_at_a_time_are_fine(supervisor, counsellor, intern, admin):
    oversee(supervisor, intern, admin)
    oversee(counsellor, intern, admin)
    assert Oversight.objects.filter(overseen=intern).count() == 2


def test_nobody_supervises_herself(supervisor, admin):
    with pytest.raises(Refused) as refused:
        oversee(supervisor, supervisor, admin)
    assert (refused.value.code, refused.value.field) == ("oversight.self", "overseer")
    row = Oversight(overseer=supervisor, overseen=supervisor, kind="site", period=period(0, None))
    with pytest.raises(IntegrityError, match="nobody_oversees_herself"), transaction.atomic():
        row.save()


# --- Practitioners and accounts ------------------------------------------------------------------


def test_inviting_makes_account_practitioner_and_one_mail(admin, clinic):
    practice = {"kind": "counselling", "languages": "國語", "guideline_followed": ""}
    user = actions.invite_member(
        email="bailu@clinic.example",
        name="白露",
        roles=["counsellor"],
        language="zh-hant",
        practice=practice,
        by=admin,
        now=NOON,
    )
    assert (user.joined_at, user.practitioner.kind) == (None, "counselling")
    assert Outbox.objects.get().recipient == user.actor_label
    verbs = AuditEntry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == [
        "account.invite",
        "link.issue",
        "staff.invite",
        "staff.set_practitioner",
    ]


def test_an_address_is_invited_once_however_it_is_written(admin, counsellor):
    with pytest.raises(Refused) as refused:
        actions.invite_member(
            email="GUYU@clinic.example",
            name="別人",
            roles=[],
            language="en",
            practice={},
            by=admin,
            now=NOON,
        )
    assert (refused.value.code, refused.value.field) == ("account.exists", "email")
    assert User.objects.filter(name="別人").count() == 0


def test_an_account_without_a_practitioner_has_no_licences(admin):
    with pytest.raises(Refused) as refused:
        actions.practitioner_of(admin)
    assert refused.value.code == "staff.no_practitioner"


def test_the_last_administrator_keeps_the_role(admin, counsellor):
    changed = {"user": admin, "name": admin.name, "roles": ["counsellor"], "by": System("test")}
    assert refusal(change_account, **changed) == ("account.last_admin", "roles")
    waiting = make_user("bailu", Role.ADMIN, joined=False)
    assert refusal(change_account, **changed) == ("account.last_admin", "roles")
    waiting.joined_at = NOON
    waiting.save(update_fields=["joined_at"])
    change_account(**changed, now=NOON)
    assert User.objects.get(pk=admin.pk).roles == ["counsellor"]


def test_nobody_takes_her_own_role_of_administrator(admin):
    other = make_user("bailu", Role.ADMIN)
    changed = {"user": admin, "name": "石立夏", "roles": ["counsellor"]}
    assert refusal(change_account, **changed, by=admin) == ("account.own_role", "roles")
    assert User.objects.get(pk=admin.pk).roles == ["admin"]
    kept = {"user": admin, "name": "石立夏", "roles": ["admin", "counsellor"], "by": admin}
    change_account(**kept, now=NOON)
    change_account(**changed, by=other, now=NOON)
    assert User.objects.get(pk=admin.pk).roles == ["counsellor"]


def test_nobody_resets_her_own_second_step(admin, counsellor):
    make_user("bailu", Role.ADMIN)
    for user, by in ((admin, admin), (counsellor, counsellor), (admin, counsellor)):
        assert refusal(reset_second_step, user=user, by=by)[0] == "access.not_allowed"
    assert not User.objects.filter(roles__len__gt=0, joined_at=None).exists()


def test_nobody_closes_her_own_account(admin):
    make_user("bailu", Role.ADMIN)
    assert refusal(close_account, user=admin, by=admin) == ("account.self", None)
    assert User.objects.get(pk=admin.pk).is_active


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed(admin):
    other = make_user("bailu", Role.ADMIN)
    gate = Barrier(2)

    def close(user, by):
        gate.wait()
        try:
            close_account(user=user, by=by, now=NOON)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        ended = [pool.submit(close, *pair) for pair in ((admin, other), (other, admin))]
        assert sorted(end.result() for end in ended) == ["account.last_admin", "closed"]
    assert User.objects.with_role(Role.ADMIN).count() == 1


def test_only_administrators_change_the_file(counsellor, intern, supervisor, premises):
    row = give_licence(counsellor, premises)
    oversight = Oversight.objects.create(
        overseer=supervisor, overseen=intern, kind="clinical", period=period(0, None)
    )
    kept = period(0, None)
    acts = [
        lambda by: save_licence(counsellor, premises, by, 200, 300),
        lambda by: actions.withdraw_credential(credential=row, by=by, now=NOON),
        lambda by: actions.restore_credential(credential=row, by=by, now=NOON),
        lambda by: oversee(counsellor, intern, by),
        lambda by: actions.end_oversight(oversight=oversight, last_day=DAY, by=by, now=NOON),
        lambda by: actions.set_practitioner(user=by, practice={"kind": "other"}, by=by, now=NOON),
        lambda by: close_account(user=intern, by=by, now=NOON),
    ]
    for act in acts:
        for by in (counsellor, supervisor, intern):
            with pytest.raises(NotAllowed):
                act(by)
    assert AuditEntry.objects.count() == 0
    assert (Credential.objects.get(), Oversight.objects.get().period) == (row, kept)
    assert Practitioner.objects.filter(kind="other").count() == 0


# --- History -------------------------------------------------------------------------------------


def test_the_history_names_fields_and_places_in_words(counsellor, admin, premises):
    row = save_licence(counsellor, premises, admin, 0, 9)
    actions.withdraw_credential(credential=row, by=admin, now=NOON)
    withdrawn, changed = history(AuditEntry.objects.about(counsellor))
    assert (withdrawn.who, withdrawn.text) == (
        "lixia",
        "took a certificate or licence off the file",
    )
    assert withdrawn.details == ["practice licence"]
    assert changed.text == "changed a certificate or licence"
    assert sorted(changed.details) == [
        "County of registration: Taipei City",
        "Document: practice licence",
        "Number changed (the content is not shown here)",
        "Period: 2026-11-21 – 2026-11-30",
        "Premises: 本所",
    ]
