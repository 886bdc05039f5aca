"""Forms that were opened before somebody else saved: nothing is taken back unseen.

A form carries a digest of what each field started with. Where a field of the record says something
else when the form comes back, it is shown as it is now, and saved only when it is sent again. Asked
before the action takes its locks: of two posts in the same moment the later one still counts.
"""

from datetime import time
from typing import Any

from django import forms
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

FIELD = "_started"


def stamp(form: forms.Form) -> str:
    """Return what the hidden field carries: a digest of the start of each field, no value."""
    return signing.dumps({name: _digest(form, name) for name in form.fields}, salt=FIELD)


def clashes(form: forms.Form, stamped: str) -> list[str]:
    """Return the names of fields that the record says otherwise since, and otherwise than typed.

    Without a stamp of ours nothing is compared.
    """
    try:
        started = signing.loads(stamped, salt=FIELD)
    except signing.BadSignature:
        return []
    since = [n for n in form.fields if n in started and started[n] != _digest(form, n)]
    return [name for name in since if name in form.changed_data]


def show_current(form: forms.Form, names: list[str]) -> None:
    """Put what the record says now into the fields ``names`` of a bound form, and say so beside."""
    form.is_valid()
    data = form.data.copy()
    for name in names:
        form.errors.pop(name, None)
        form.add_error(name, _words(form.fields[name], data.get(name, "")))
        data.setlist(name, _as_sent(_current(form, name)))
    form.data = data


def _words(field: forms.Field, typed: str) -> str:
    """What was typed is said, so that it is not lost; a tick and a choice have nothing to lose."""
    if isinstance(field.widget, (forms.TextInput, forms.Textarea)) and typed:
        words = _("Changed meanwhile; shown as it is now. This page had: %(typed)s")
        return words % {"typed": typed}
    return _("Changed meanwhile; shown as it is now.")


def _as_sent(value: Any) -> list[str]:
    """Return a value the way a browser sends it."""
    if value is None or value is False:
        return []
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if isinstance(value, time):
        return [value.isoformat("minutes")]
    return ["on" if value is True else str(value)]


def _current(form: forms.Form, name: str) -> Any:
    field = form.fields[name]
    return field.prepare_value(form.get_initial_for_field(field, name))


def _digest(form: forms.Form, name: str) -> str:
    return salted_hmac(FIELD, f"{name}={_current(form, name)!r}").hexdigest()[:16]
