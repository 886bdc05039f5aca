"""What the clinic's own registers ask to be done, derived by queries (G1.1, G10.1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.kernel.documents.certificate import SealMaterial, describe, read_certificates
from clinic.kernel.health import room_problem
from clinic.kernel.tasks.todo import Todo, todo
from clinic.organisation.setup import SetUp
from clinic.staff.approval_people import endings_between
from clinic.staff.models import Approval, Credential, Oversight
from clinic.staff.qualification import findings_on

SOON = 90  # days: renewal takes the bureau weeks
SEAL_SOON = 30  # days: a new certificate takes its authority some
MOST = 50  # of one sort; the list of staff shows the rest


@todo
def set_up(user: Any, now: datetime) -> Iterator[Todo]:
    """The set-up while steps of it are not done, for administrators: one page, so one to-do."""
    if not user.is_admin:
        return
    if missing := SetUp.look_up(Approval.objects.all()).missing():
        yield Todo(
            "fix",
            "settings",
            _("The clinic is not fully set up yet."),
            _("Still missing: %(what)s")
            % {"what": _(", ").join(str(words) for _step, words in missing)},
            reverse("setup"),
            _("Complete the setup"),
        )


@todo
def room_for_files(user: Any, now: datetime) -> Iterator[Todo]:
    """A disk that takes no more files, for administrators: one to-do, however often one was sent."""
    if not user.is_admin or not room_problem(now):
        return
    yield Todo(
        "stop",
        "file",
        _("There is no room for files any more."),
        _("Uploads are refused and documents wait. Please tell whoever runs this software."),
        "",
        "",
    )


@todo
def seal_ends(user: Any, now: datetime) -> Iterator[Todo]:
    """The seal's certificate from thirty days before it ends, for administrators, and after."""
    if not user.is_admin:
        return
    try:
        expires = describe(read_certificates()[0]).expires
    except SealMaterial:  # the readiness page says so, and each document that could not be made
        return
    if expires > now + timedelta(days=SEAL_SOON):
        return
    ended, day = expires <= now, {"day": timezone.localdate(expires)}
    yield Todo(
        "stop" if ended else "fix",
        "clock",
        _("The clinic's sealing certificate ended on %(day)s") % day
        if ended
        else _("The clinic's sealing certificate ends on %(day)s") % day,
        _("Without a new one documents wait. Please tell whoever runs this software."),
        "",
        "",
    )


@todo
def invitations(user: Any, now: datetime) -> Iterator[Todo]:
    """Accounts that were invited and are not set up, for administrators."""
    if not user.is_admin:
        return
    for member in User.objects.in_state("").not_set_up().order_by("invited_at")[:MOST]:
        day = timezone.localdate(member.invited_at)
        yield Todo(
            "info",
            "mail",
            _("%(name)s has not set up the account yet") % {"name": member.name},
            _("Invited on %(day)s") % {"day": day},
            reverse("member", args=[member.pk]),
            _("Look"),
        )


@todo
def licences(user: Any, now: datetime) -> Iterator[Todo]:
    """Practice licences that end within ninety days: for administrators, and one's own."""
    today = timezone.localdate(now)
    ending = Credential.objects.ending_between(today, today + timedelta(days=SOON))
    for row in ending.visible_to(user)[:MOST]:
        member = row.practitioner.user
        yield Todo(
            "fix",
            "clock",
            _("%(name)s's practice licence ends on %(day)s")
            % {"name": member.name, "day": row.last_day},
            _("Tele-sessions after that day cannot be booked."),
            reverse("member", args=[member.pk]),
            _("Enter the renewal") if user.is_admin else _("Look"),
        )


@todo
def supervisions(user: Any, now: datetime) -> Iterator[Todo]:
    """Interns whose supervision ends within ninety days: for administrators, and for both sides."""
    today = timezone.localdate(now)
    ending = Oversight.objects.ending_between(today, today + timedelta(days=SOON))
    rows = ending.visible_to(user)[:MOST]
    for intern, day in dict.fromkeys((row.overseen, row.last_day) for row in rows):
        yield Todo(
            "fix",
            "clock",
            _("%(name)s's supervision ends on %(day)s") % {"name": intern.name, "day": day},
            _("Tele-sessions after that day cannot be booked until a supervisor is named for it."),
            reverse("oversight_add", args=[intern.pk])
            if user.is_admin
            else reverse("member", args=[user.pk]),
            _("Add a supervisor") if user.is_admin else _("Look"),
        )


@todo
def unqualified(user: Any, now: datetime) -> Iterator[Todo]:
    """Practitioners who cannot be booked today, and why, for administrators."""
    if not user.is_admin:
        return
    members = list(User.objects.listed().in_state("").practising()[:MOST])
    for member, findings in zip(
        members, findings_on(members, timezone.localdate(now), now).values(), strict=True
    ):
        if missing := next((f for f in findings if f.missing), None):
            yield Todo(
                "stop",
                "id",
                _("%(name)s: %(why)s") % {"name": member.name, "why": missing.answer.reason},
                missing.answer.remedy,
                reverse("member", args=[member.pk]),
                _("Put it right"),
            )


@todo
def approvals(user: Any, now: datetime) -> Iterator[Todo]:
    """Places in approvals that end within ninety days and are not followed, for administrators.

    One for all whose last day in it is the same; and an approval that names nobody.
    """
    if not user.is_admin:
        return
    today = timezone.localdate(now)
    for approval, last_day, names in endings_between(today, today + timedelta(days=SOON))[:MOST]:
        words = {"number": approval.number, "day": last_day, "names": _(", ").join(names)}
        ends = last_day == approval.last_day
        yield Todo(
            "fix",
            "shield",
            _("The approval %(number)s ends on %(day)s") % words
            if ends
            else _("The approval %(number)s names until %(day)s only: %(names)s") % words,
            _("Tele-sessions after that day cannot be booked with: %(names)s.") % words
            if names
            else _("Tele-sessions after that day cannot be booked."),
            reverse("approval", args=[approval.pk]),
            _("Look"),
        )
