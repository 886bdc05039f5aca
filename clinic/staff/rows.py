"""What the pages about staff show, put together from few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from clinic.accounts.models import User
from clinic.kernel.columns import Cell, Column, cells_of
from clinic.kernel.readiness import Finding, Met, NotApplicable, colour
from clinic.staff.models import ApprovedPerson, Credential, Oversight

SOON = 90  # days


@dataclass(frozen=True)
class MemberRow:
    """One line of the list of staff; ``more``: what other apps say of the member."""

    member: User
    cells: list[Cell]
    more: list[tuple[Column, Cell | None]]
    result: Cell


def member_rows(
    members: Iterable[User],
    findings: Mapping[int, list[Finding]],
    columns: Sequence[Column],
    day: date,
) -> list[MemberRow]:
    """Return the lines for ``members``, with what each requirement says of ``day``."""
    return [_row(who, findings[who.pk], cells_of(who, columns), day) for who in members]


def _row(
    member: User, found: list[Finding], more: list[tuple[Column, Cell | None]], day: date
) -> MemberRow:
    if not hasattr(member, "practitioner"):
        empty = Cell("none", _("not a practitioner"))
        return MemberRow(member, [empty, empty], more, _account(member) or empty)
    by_code = {finding.requirement.code: finding for finding in found}
    cells = [_cell(by_code[code], day) for code in ("clinic.credential", "clinic.approval")]
    tone = colour(found)
    words = {"go": _("may be booked"), "stop": _("cannot be booked")}
    return MemberRow(member, cells, more, _account(member) or Cell(tone, words.get(tone, "")))


def _account(member: User) -> Cell | None:
    if not member.is_active:
        return Cell("none", _("account closed"))
    return None if member.joined_at else Cell("fix", _("invited, not set up yet"))


def _cell(finding: Finding, day: date) -> Cell:
    answer = finding.answer
    if isinstance(answer, Met):
        return _until(str(answer.note), day)
    reason = str(answer.reason)
    return Cell("none" if isinstance(answer, NotApplicable) else "stop", reason)


def _until(note: str, day: date) -> Cell:
    """A date that comes soon is shown as something to fix."""
    try:
        left = (date.fromisoformat(note) - day).days
    except ValueError:
        return Cell("go", note)
    return Cell("fix" if left <= SOON else "go", note)


@dataclass(frozen=True)
class MemberFile:
    """What is on file about one member of staff."""

    credentials: list[Credential]
    withdrawn: list[Credential]
    overseen_by: list[Oversight]
    oversees: list[Oversight]
    approvals: list[ApprovedPerson]


def member_file(member: User, today: date) -> MemberFile:
    """Load one file with five queries."""
    mine = Credential.objects.of_member(member)
    return MemberFile(
        credentials=[row for row in mine if row.withdrawn_at is None],
        withdrawn=[row for row in mine if row.withdrawn_at],
        overseen_by=list(Oversight.objects.with_names().filter(overseen=member)),
        oversees=list(Oversight.objects.with_names().filter(overseer=member)),
        approvals=list(ApprovedPerson.objects.of_users([member.pk]).order_by("-period")),
    )
