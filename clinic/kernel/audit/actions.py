"""Noting that a file was looked at."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor


@action("record.open", says=_("opened"))
def note_read(*, subject: models.Model, by: Actor, now: datetime, why: str = "") -> None:
    """Note that ``by`` saw ``subject`` at ``now``."""
    record(subject, why=why)
