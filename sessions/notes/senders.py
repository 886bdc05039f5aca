"""Which window a draft comes from: its own next draft replaces the last, another's goes below.

A window that lost the answer to a draft does not know the revision that it made. Its next draft
carries the old one, as if another window had written in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from sessions.models import Note

MOST = 20  # windows that a note remembers; one longer ago counts as another


@dataclass(frozen=True)
class Sender:
    """One load of a page with its script, and the sequence number of what it sends."""

    page: str
    sequence: int


class SenderForm(forms.Form):
    """What the script adds to a form as it is sent. Without it the revision alone decides."""

    page = forms.RegexField(r"\A[0-9a-z]{16,64}\Z")
    sequence = forms.IntegerField(min_value=1, max_value=2**31)


def sender_of(posted: Mapping[str, Any]) -> Sender | None:
    """Return who sent this; None where it came without a script."""
    form = SenderForm(posted)
    return Sender(**form.cleaned_data) if form.is_valid() else None


def came_before(note: Note, sender: Sender | None) -> bool:
    """Whether this draft, or a later one of the same window, has been dealt with."""
    if sender is None:
        return False
    return any(p == sender.page and sender.sequence <= n for p, n, _since in note.senders)


def has_seen_all(note: Note, revision: int, sender: Sender | None) -> bool:
    """Whether nothing stands in the note that a window at this revision did not show or send."""
    if revision == note.revision:
        return True
    since = _own_since(note, sender)
    return since is not None and since <= revision <= note.revision


def _own_since(note: Note, sender: Sender | None) -> int | None:
    """Return the revision after which this window alone wrote; None where another wrote last."""
    page, _sequence, since = note.senders[-1] if note.senders else ("", 0, 0)
    return since if sender and page == sender.page else None


def remember(note: Note, revision: int | None, sender: Sender | None) -> None:
    """Note who wrote last.

    :param revision: the one that the window showed; None where it has yet to see what stands there.
    """
    page, sequence = (sender.page, sender.sequence) if sender else ("", 0)
    since = _own_since(note, sender)
    if revision is None:
        since = note.revision
    elif since is None:
        since = revision
    others = [row for row in note.senders if row[0] != page]
    note.senders = [*others, [page, sequence, since]][-MOST:]
