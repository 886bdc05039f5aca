"""A record's history in words: what the chain says of one row, for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from clinic.kernel.action import VERBS
from clinic.kernel.actors import SYSTEM_NAMES
from clinic.kernel.audit.models import AuditEntry, AuditQuerySet

# What actions note in one word, in the reader's words.
NOTES = {"right": gettext_lazy("it was right"), "wrong": gettext_lazy("it was wrong")}


@dataclass(frozen=True)
class Line:
    """One line of a history. ``details`` are sentences."""

    at: datetime
    who: str
    text: str
    details: list[str]


def entries_about(subject: models.Model, *others: models.Model) -> AuditQuerySet:
    """Return the entries on one record, or on several that belong together, newest first."""
    return AuditEntry.objects.about(subject, *others)


def history(entries: Iterable[AuditEntry]) -> list[Line]:
    """Put entries into words; one query for all the users they name."""
    entries = list(entries)
    names = _names({e.actor for e in entries})
    return [
        Line(e.at, names[e.actor], str(VERBS.get(e.verb, e.verb)), _details(e)) for e in entries
    ]


def _names(actors: set[str]) -> dict[str, str]:
    ids = {a: int(a.removeprefix("user:")) for a in actors if a.startswith("user:")}
    users = get_user_model().objects.in_bulk(ids.values()) if ids else {}
    named = {a: users[i].name if i in users else _("a removed account") for a, i in ids.items()}
    for actor in actors - set(ids):
        kind, _colon, rest = actor.partition(":")
        named[actor] = str(SYSTEM_NAMES.get(rest, rest)) if kind == "system" else _("the client")
    return named


def _details(entry: AuditEntry) -> list[str]:
    lines = [entry.why] if entry.why else []
    # An entry about one record may tell changes of another that belongs to it.
    model = apps.get_model(entry.details.get("fields_of", entry.subject_label))
    for name, change in entry.details.get("changes", {}).items():
        lines.append(_change(field_label(model, name), change, _choices(model, name)))
    if note := entry.details.get("note"):
        lines.append(str(NOTES.get(note, note)))
    if said := entry.details.get("said"):
        lines.append(_(", ").join(map(_, said)))
    return lines


def field_label(model: type[models.Model], name: str) -> str:
    """Return what a form calls the field.

    A model whose rows are the fields of a form says itself what each is called, in ``labels``.
    The bare name where neither knows.
    """
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return getattr(model, "labels", dict)().get(name, name)
    named = field if hasattr(field, "verbose_name") else field.related_model._meta
    label = str(named.verbose_name)
    return label[:1].upper() + label[1:]


def _choices(model: type[models.Model], name: str) -> dict[Any, Any]:
    """The words of a field with fixed choices; those of its items where it holds a list."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return {}
    return dict(getattr(getattr(field, "base_field", field), "flatchoices", ()))


def _change(label: str, change: list, words: dict[Any, Any]) -> str:
    if not change:
        return _("%(field)s changed (the content is not shown here)") % {"field": label}
    old, new = (_shown(value, words) for value in change)
    if change[0] in (None, "", []):  # nothing stood there: what is new says it all
        return f"{label}{pgettext('before a reason', ': ')}{new}"
    return _("%(field)s: %(old)s → %(new)s") % {"field": label, "old": old, "new": new}


def _shown(value: Any, words: dict[Any, Any]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(str(words.get(item, item)) for item in value) or _("nothing")
    return str(words.get(value, value)) if value not in (None, "") else _("nothing")
