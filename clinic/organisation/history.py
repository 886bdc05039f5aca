"""What changed of the clinic, its premises and its rooms, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Model

from clinic.kernel.audit.history import Line, history
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation.models import Premises


def names_of_parts() -> dict[Model, str]:
    """Return premises and rooms, with what people call them."""
    names: dict[Model, str] = {}
    for premises in Premises.with_rooms():
        names[premises] = premises.name
        names |= {room: f"{premises.name}・{room.name}" for room in premises.rooms.all()}
    return names


def told_by_name(entries: Sequence[AuditEntry], named: Mapping[Model, str]) -> list[Line]:
    """Put entries into words; what is told of premises or a room begins with its name."""
    called = {(row._meta.label_lower, row.pk): name for row, name in named.items()}
    lines = []
    for entry, line in zip(entries, history(entries), strict=True):
        name = called.get((entry.subject_label, entry.subject_id))
        lines.append(replace(line, details=[name, *line.details]) if name else line)
    return lines
