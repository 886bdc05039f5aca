"""Roles of staff. They are a set: one person may be all of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff does here; decides which pages open."""

    COUNSELLOR = "counsellor", _("psychologist")
    INTERN = "intern", _("intern")
    SUPERVISOR = "supervisor", _("supervisor")
    ADMIN = "admin", _("administrator")


CLINICAL = (Role.COUNSELLOR, Role.INTERN, Role.SUPERVISOR)
PSYCHOLOGISTS = (Role.COUNSELLOR, Role.SUPERVISOR)
