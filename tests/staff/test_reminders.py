"""Notices before a licence ends: each once, however often they are derived, and only while true."""

from datetime import timedelta

import pytest

from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.registry import HANDLERS, Drop, Letter, resolve
from clinic.staff.reminders import derive_licence_notices
from clinic.todo import licences
from tests.house import make_user
from tests.staff.conftest import DAY, NOON, give_licence, period


def kinds():
    """The kinds of notices that were written, in order."""
    return list(Outbox.objects.order_by("id").values_list("kind", flat=True))


def outcome(row, now=NOON):
    """What the row's handler says when it leaves."""
    return HANDLERS[row.kind](row, resolve(row), now)


@pytest.mark.parametrize("days", [180, 90, 30])
@pytest.mark.parametrize(("off", "posted"), [(1, False), (0, True), (-7, True), (-8, False)])
def test_a_notice_is_written_on_its_day_and_up_to_a_week_later(
    counsellor, premises, days, off, posted
):
    give_licence(counsellor, premises, last=days + off)
    derive_licence_notices(now=NOON)
    assert kinds() == ([f"licence_expiry_{days}"] if posted else [])


def test_none_one_or_three_beats_give_the_same_mails(counsellor, premises):
    row = give_licence(counsellor, premises, last=90)
    for later in (timedelta(0), timedelta(minutes=1), timedelta(days=3), timedelta(days=6)):
        derive_licence_notices(now=NOON + later)
    notice = Outbox.objects.get()
    assert (notice.kind, notice.recipient, notice.occasion) == (
        "licence_expiry_90",
        counsellor.actor_label,
        f"credential:{row.pk}:{row.last_day}",
    )


def test_a_beat_that_was_down_for_six_days_loses_nothing(counsellor, premises):
    give_licence(counsellor, premises, last=90)
    derive_licence_notices(now=NOON - timedelta(days=1))
    assert kinds() == []
    derive_licence_notices(now=NOON + timedelta(days=6))
    assert kinds() == ["licence_expiry_90"]


def test_over_half_a_year_three_notices_are_written(counsellor, premises):
    give_licence(counsellor, premises, last=200)
    for day in range(0, 230, 3):
        derive_licence_notices(now=NOON + timedelta(days=day))
    assert kinds() == ["licence_expiry_180", "licence_expiry_90", "licence_expiry_30"]


def test_the_day_turns_over_in_the_clinics_zone(counsellor, premises):
    give_licence(counsellor, premises, last=91)
    derive_licence_notices(now=NOON + timedelta(hours=11, minutes=59))  # 23:59 in Taipei
    assert kinds() == []
    derive_licence_notices(now=NOON + timedelta(hours=12))
    assert kinds() == ["licence_expiry_90"]


def test_closed_accounts_certificates_and_withdrawn_licences_give_no_notice(
    counsellor, stranger, supervisor, premises
):
    give_licence(counsellor, premises, last=30, withdrawn_at=NOON)
    give_licence(stranger, premises, last=30)
    stranger.is_active = False
    stranger.save(update_fields=["is_active"])
    row = give_licence(supervisor, premises, last=30)
    row.kind = "certificate"
    row.save(update_fields=["kind"])
    derive_licence_notices(now=NOON)
    assert kinds() == []


def notice_for(user, premises, last=30):
    credential = give_licence(user, premises, last=last)
    derive_licence_notices(now=NOON)
    return credential, Outbox.objects.get()


def test_a_notice_says_what_ends_when(counsellor, clinic, premises):
    _credential, row = notice_for(counsellor, premises)
    letter = outcome(row)
    assert isinstance(letter, Letter)
    assert letter.subject == "有一份證件將在 30 天內到期"
    assert ["2026-12-21" in letter.text, "30 天" in letter.text] == [True, True]
    assert f"http://127.0.0.1:8000/staff/{counsellor.pk}/" in letter.text


def test_a_notice_leaves_before_the_clinic_is_set_up(counsellor, premises):
    _credential, row = notice_for(counsellor, premises)
    assert isinstance(outcome(row), Letter)


def test_a_notice_is_dropped_when_the_licence_was_renewed(counsellor, premises):
    _credential, row = notice_for(counsellor, premises)
    give_licence(counsellor, premises, start=31, last=2000)
    assert outcome(row) == Drop("licence renewed")


def test_a_renewal_that_leaves_a_gap_silences_nothing(counsellor, admin, premises):
    row = give_licence(counsellor, premises, last=30)
    give_licence(counsellor, premises, start=32, last=2000)
    derive_licence_notices(now=NOON)
    notice = Outbox.objects.get()
    assert (notice.kind, isinstance(outcome(notice), Letter)) == ("licence_expiry_30", True)
    told = [item.title for item in licences(admin, NOON)]
    assert told == [f"{counsellor.name}'s practice licence ends on {row.last_day}"]


def test_a_licence_that_is_renewed_without_a_gap_is_told_of_nowhere(counsellor, admin, premises):
    give_licence(counsellor, premises, last=30)
    give_licence(counsellor, premises, start=31, last=2000)
    derive_licence_notices(now=NOON)
    assert (kinds(), [*licences(admin, NOON)]) == ([], [])


def test_another_persons_renewal_changes_nothing(counsellor, stranger, premises):
    _credential, row = notice_for(counsellor, premises)
    give_licence(stranger, premises, start=31, last=2000)
    assert isinstance(outcome(row), Letter)


def test_a_notice_is_dropped_when_the_licence_was_withdrawn_or_changed(counsellor, premises):
    credential, row = notice_for(counsellor, premises)
    credential.period = period(-100, 31)
    credential.save(update_fields=["period"])
    assert outcome(row) == Drop("licence changed")
    credential.period, credential.withdrawn_at = period(-100, 30), NOON
    credential.save(update_fields=["period", "withdrawn_at"])
    assert outcome(row) == Drop("licence changed")


def test_a_notice_is_dropped_when_the_account_was_closed(counsellor, premises):
    _credential, row = notice_for(counsellor, premises)
    counsellor.is_active = False
    counsellor.save(update_fields=["is_active"])
    assert outcome(row) == Drop("licence changed")


def test_notices_to_many_are_one_each(premises):
    people = [make_user(f"user{n}", "counsellor", kind="counselling") for n in range(3)]
    for person in people:
        give_licence(person, premises, last=30)
    for _beat in range(3):
        derive_licence_notices(now=NOON)
    assert sorted(Outbox.objects.values_list("recipient", flat=True)) == sorted(
        person.actor_label for person in people
    )
    assert DAY + timedelta(days=30) == people[0].practitioner.credentials.get().last_day
