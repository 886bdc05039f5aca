"""Bringing the source files into the directory: repeatable, and the clinic's edits stay."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.actors import SYSTEM_NAMES, Actor, System
from clinic.kernel.roles import Role
from crisis.directory.files import DATA, Entry
from crisis.directory.hours import read_hours
from crisis.directory.numbers import Number, read_numbers
from crisis.directory.reading import ReadFile, read_folder
from crisis.models import DirectoryLoad, Opening, Resource, ResourcePhone

SYSTEM_NAMES["directory"] = _("loading of the directory")
SAYS_OF_ITSELF = ("name", "hours")  # what the clinic may correct, beside the numbers
WRITTEN = tuple(
    f.name for f in Resource._meta.concrete_fields if f.name not in ("id", "hidden_by", "hidden_at")
)
BATCH = 500


@dataclass
class Changes:
    """What a load is going to write, gathered first and then written in a few queries."""

    added: list[Resource] = field(default_factory=list)
    changed: list[Resource] = field(default_factory=list)
    words: dict[int, dict[str, list]] = field(default_factory=dict)
    phones: dict[int, list[Number]] = field(default_factory=dict)  # by id() of the resource
    renumbered: list[Resource] = field(default_factory=list)
    retimed: list[Resource] = field(default_factory=list)


@action("directory.load", says=_("loaded the directory"))
def load_directory(*, folder: Path = DATA, by: Actor, now: datetime) -> DirectoryLoad:
    """Bring the files of ``folder`` into the directory, all of them or none.

    Rows that vanished from their file are marked, not deleted. What the clinic corrected keeps
    the clinic's words. Raises Refused with file, line and reason for a file that cannot be used.
    """
    may = isinstance(by, System) or by.has_role(Role.ADMIN)
    ask(may, _("Only an administrator may load the directory."))
    files = read_folder(folder, timezone.localdate(now))
    known = {(r.source_file, r.source_key): r for r in _known()}
    changes, counts = Changes(), {}
    for file in files:
        counts[file.name] = dict(_compare(file, known, changes, now))
    _write(changes)
    load = DirectoryLoad.objects.create(
        at=now, by=by.actor_label, hashes={f.name: f.sha256 for f in files}, counts=counts
    )
    record(load, counts=counts, hashes=load.hashes)
    for resource in changes.changed:
        record(resource, changes=changes.words[resource.pk])
    return load


def _known() -> Iterator[Resource]:
    """Every row that came from a file, locked, with its place and numbers. Two queries."""
    rows = Resource.objects.from_files().select_for_update(of=("self",))
    return iter(rows.select_related("county", "town").prefetch_related("phones"))


def _compare(file: ReadFile, known: dict, changes: Changes, now: datetime) -> Counter:
    """Sort the entries of one file into new, changed and unchanged; mark what vanished."""
    counts = Counter(rows=len(file.entries), added=0, changed=0, withdrawn=0, kept_edits=0)
    for key, entry in file.entries.items():
        old = known.get((file.name, key))
        resource = old or Resource(source_file=file.name, source_key=key)
        kept_edits = bool(resource.edited)
        words = _fill(resource, entry, changes, now)
        counts["kept_edits"] += kept_edits
        if old is None:
            changes.added.append(resource)
            counts["added"] += 1
        elif words:
            changes.changed.append(resource)
            changes.words[resource.pk] = words
            counts["changed"] += 1
    for (name, key), resource in known.items():
        gone = name == file.name and key not in file.entries
        if gone and resource.status != Resource.Status.WITHDRAWN:
            values = {"status": Resource.Status.WITHDRAWN}
            changes.words[resource.pk] = apply_changes(resource, values)
            changes.changed.append(resource)
            counts["withdrawn"] += 1
    return counts


def _fill(resource: Resource, entry: Entry, changes: Changes, now: datetime) -> dict[str, list]:
    """Set what the source says on a row and return what changed, fit for its history."""
    says = {f"source_{name}": entry.values[name] for name in SAYS_OF_ITSELF}
    values: dict[str, Any] = entry.values | says | {"source_phone": entry.phone}
    for name in set(resource.edited) & set(SAYS_OF_ITSELF):
        del values[name]
    if "hours" not in resource.edited:
        values["always_open"] = read_hours(entry.values["hours"]).always
    if "phones" not in resource.edited:
        _number(resource, entry, values, changes, now)
    if resource.pk and "hours" in values and values["hours"] != resource.hours:
        changes.retimed.append(resource)
    if resource.pk:
        return apply_changes(resource, values)
    for name, value in values.items():
        setattr(resource, name, value)
    return {}


def _number(
    resource: Resource, entry: Entry, values: dict, changes: Changes, now: datetime
) -> None:
    """Read the numbers of an entry; if they are others than before, say since when."""
    numbers, note = read_numbers(entry.phone, entry.county, short=not entry.county)
    values["phone_note"] = note
    if resource.pk and numbers == numbers_of(resource):
        return
    values["numbers_since"] = now
    changes.phones[id(resource)] = numbers
    if resource.pk:
        changes.renumbered.append(resource)


def numbers_of(resource: Resource) -> list[Number]:
    """Return a row's numbers as the reader of cells would."""
    return [Number(p.shown, p.dial, p.extension, p.note) for p in resource.phones.all()]


def phones_for(resource: Resource, numbers: list[Number]) -> list[ResourcePhone]:
    """Return the rows that hold ``numbers``, in their order; not saved."""
    return [
        ResourcePhone(resource=resource, position=place, **number.__dict__)
        for place, number in enumerate(numbers)
    ]


def openings_for(resource: Resource) -> list[Opening]:
    """Return the rows that hold the printed hours, none where they are not certain; not saved."""
    return [
        Opening(resource=resource, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in read_hours(resource.hours).spans
    ]


def _write(changes: Changes) -> None:
    """Write everything that was gathered, in as many queries for two rows as for two hundred."""
    Resource.objects.bulk_create(changes.added)
    Resource.objects.bulk_update(changes.changed, WRITTEN, batch_size=BATCH)
    ResourcePhone.objects.filter(resource__in=changes.renumbered).delete()
    Opening.objects.filter(resource__in=changes.retimed).delete()
    phones = (
        phones_for(r, changes.phones[id(r)]) for r in chain(changes.added, changes.renumbered)
    )
    ResourcePhone.objects.bulk_create(chain.from_iterable(phones))
    spans = (openings_for(r) for r in chain(changes.added, changes.retimed))
    Opening.objects.bulk_create(chain.from_iterable(spans))
