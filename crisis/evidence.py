"""Dated records of crisis that answer clauses outside of any one session."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.kernel.evidence import evidence
from crisis.models import CrisisProfile


@evidence("crisis.profiles_reviewed", _("Crisis profiles gone through"), ["G5.1"])
def profiles_reviewed() -> QuerySet:
    """Profiles with the day and the person of their last review."""
    return CrisisProfile.objects.reviewed()
