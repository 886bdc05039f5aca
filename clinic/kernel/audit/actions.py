"""Noting that a file was looked at."""

from datetime import datetime

from django.db import models
from django.utils.translation import pgettext_lazy

from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor


@action("record.open", says=pgettext_lazy("somebody looked at a file", "opened"))
def note_read(*, subject: models.Model, by: Actor, now: datetime, why: str = "") -> None:
    """Note that ``by`` saw ``subject`` at ``now``."""
    record(subject, why=why)
