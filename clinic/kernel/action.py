"""Verbs: every write is one. ``@action`` opens the one transaction and writes the audit last.

An action takes keyword arguments, among them ``by`` (an Actor) and ``now`` (aware datetime). It
asks permission, writes, notes what it did with ``record()``, and returns the thing. An action that
notes nothing, or was called by nobody, is an error of the programmer. Called from another action
it joins that one's transaction. The audit rows are written last because the head of the chain is
one locked row: written first, it would be held for as long as the work takes.
"""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from clinic.errors import NotAllowed
from clinic.kernel.actors import Actor
from clinic.kernel.audit import chain
from clinic.kernel.encryption import EncryptedTextField

VERBS: dict[str, Any] = {}


class AuditMissing(RuntimeError):
    """An action ended without a word about what it did."""


@dataclass
class Run:
    """The action under way: its verb, actor, time, and the rows collected by the whole call."""

    verb: str
    by: Actor
    now: datetime
    rows: list[chain.Row] = field(default_factory=list)


_run: ContextVar[Run | None] = ContextVar("action", default=None)


def action(verb: str, says: Any) -> Callable:
    """Make a function an action.

    :param verb: what stands in the audit chain, ``noun.verb``; unique.
    :param says: the same in the reader's words, in the past: "added the client".
    """

    def decorate(function: Callable) -> Callable:
        if verb in VERBS:
            raise ValueError(f"The verb {verb} is declared twice.")
        VERBS[verb] = says

        @functools.wraps(function)
        def act(*, by: Actor, now: datetime, **kwargs):
            if not getattr(by, "actor_label", ""):
                raise TypeError(f"{verb} needs an actor in by=, not {type(by).__name__}.")
            outer = _run.get()
            run = Run(verb, by, now, outer.rows if outer else [])
            before = len(run.rows)
            token = _run.set(run)
            try:
                with transaction.atomic(durable=outer is None):
                    result = function(by=by, now=now, **kwargs)
                    _ask_for_a_word(run, before)
                    if outer is None:
                        chain.append(run.rows)
                return result
            except BaseException:
                del run.rows[before:]  # it was rolled back, though the outer action may go on
                raise
            finally:
                _run.reset(token)

        act.verb = verb
        return act

    return decorate


def _ask_for_a_word(run: Run, before: int) -> None:
    if len(run.rows) == before:
        raise AuditMissing(f"{run.verb} did not say what it did.")


def record(subject: models.Model, *, why: str = "", said: Any = None, **details: Any) -> None:
    """Note that the action under way did something to ``subject``. Details hold no secrets.

    :param said: words of our own, or a list of them, not translated yet: whoever reads the history
        reads them in her language. What people typed goes into ``note`` as it is.
    """
    run = _run.get()
    if run is None:
        raise AuditMissing("record() was called outside an action.")
    if said:
        details["said"] = _untranslated(said if isinstance(said, list) else [said])
    row = chain.Row(
        at=run.now,
        actor=run.by.actor_label,
        verb=run.verb,
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        why=why,
        details=details,
    )
    run.rows.append(row)


def _untranslated(words: list[Any]) -> list[str]:
    """Return words as they stand in the code: in English, which has no catalogue of its own."""
    with translation.override("en"):
        return [str(word) for word in words]


def ask(allowed: bool, message: Any) -> None:
    """Refuse with NotAllowed unless ``allowed``."""
    if not allowed:
        raise NotAllowed("access.not_allowed", message)


def apply_changes(instance: models.Model, values: dict[str, Any]) -> dict[str, list]:
    """Set ``values`` on ``instance`` and return what changed, fit for ``record(changes=…)``.

    ``{"name": ["old", "new"]}``; for encrypted columns only that they changed: ``{"phone": []}``.
    """
    changes: dict[str, list] = {}
    for name, new in values.items():
        if getattr(instance, name, None) == new:  # a new row has no related rows yet
            continue
        field = instance._meta.get_field(name)
        shown = field.name if field.is_relation else name  # a relation's name, not its key
        old = getattr(instance, shown, None)
        setattr(instance, name, new)
        secret = isinstance(field, EncryptedTextField)
        changes[name] = [] if secret else [_plain(old), _plain(getattr(instance, shown))]
    return changes


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, DateRange):
        last = value.upper - timedelta(days=1) if value.upper else "…"
        return f"{value.lower} – {last}"
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
