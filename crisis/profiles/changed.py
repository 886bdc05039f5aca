"""Numbers of the directory that changed since a profile was last gone through.

A profile points to entries, so every page has a number as it is now. The sheet of paper which the
client was given has it as it was: she has to be told (G5.1, G5.2).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.kernel.audit.models import AuditEntry
from crisis.models import Choice, CrisisProfile, Resource


@dataclass(frozen=True)
class Changed:
    """One number of a profile. ``before`` is "" where nobody knows, ``now`` where it has ended."""

    kind: Any
    name: str
    before: str
    now: str

    @property
    def words(self) -> str:
        """Whose number it is, from what to what."""
        values = {"name": self.name, "before": self.before, "now": self.now}
        if not self.now:
            return _("%(name)s %(before)s: no longer valid") % values
        if not self.before:
            return _("%(name)s: now %(now)s") % values
        return _("%(name)s: %(before)s → %(now)s") % values


def changes_of(profiles: Sequence[CrisisProfile]) -> dict[int, list[Changed]]:
    """Return what changed, by profile; they are ``whole()``. One query where anything did."""
    choices = [choice for profile in profiles for choice in profile.choices.all()]
    told = _told_of({c.resource_id for c in choices if c.is_changed})
    found: dict[int, list[Changed]] = defaultdict(list)
    for choice in choices:
        if choice.is_changed or choice.is_gone:
            found[choice.profile_id].append(_changed(choice, told[choice.resource_id]))
    return found


def _told_of(resources: set[int]) -> dict[int, list[AuditEntry]]:
    """The history of these entries, the oldest first: it alone keeps the numbers they had."""
    found: dict[int, list[AuditEntry]] = defaultdict(list)
    if resources:
        label = Resource._meta.label_lower
        rows = AuditEntry.objects.filter(subject_label=label, subject_id__in=resources)
        for row in rows.changes().order_by("seq"):
            found[row.subject_id].append(row)
    return found


def _changed(choice: Choice, told: list[AuditEntry]) -> Changed:
    shown = "、".join(phone.shown for phone in choice.resource.phones.all())
    since = (_before(row) for row in told if row.at > choice.kept_at)
    before = next((words for words in since if words is not None), "")
    if choice.is_gone:
        before, shown = before or shown, ""
    return Changed(choice.get_kind_display(), choice.resource.name, before, shown)


def _before(entry: AuditEntry) -> str | None:
    """The numbers before a correction, or before a loading; None where it left them as they were."""
    changes = entry.details.get("changes", {})
    if "phones" in changes:
        return changes["phones"][0]
    return changes.get("source_phone", [""])[0] if "numbers_since" in changes else None
