"""What changed of the clinic, its premises and its rooms, in words."""

from dataclasses import replace

from django.db.models import Model

from clinic.kernel.audit.history import Line, entries_about, history
from clinic.organisation.models import Clinic, Premises


def clinic_history(clinic: Clinic, newest: int = 200) -> list[Line]:
    """Return the newest changes; what is told of premises or a room begins with its name."""
    names = _names()
    entries = entries_about(clinic, *names).changes()[:newest]
    called = {(row._meta.label_lower, row.pk): name for row, name in names.items()}
    lines = []
    for entry, line in zip(entries, history(entries), strict=True):
        name = called.get((entry.subject_label, entry.subject_id))
        lines.append(replace(line, details=[name, *line.details]) if name else line)
    return lines


def _names() -> dict[Model, str]:
    """Premises and rooms, with what people call them."""
    names: dict[Model, str] = {}
    for premises in Premises.with_rooms():
        names[premises] = premises.name
        names |= {room: f"{premises.name}・{room.name}" for room in premises.rooms.all()}
    return names
