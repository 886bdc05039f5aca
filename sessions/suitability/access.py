"""Who assesses suitability, who confirms it, who sees it."""

from datetime import date

from django.db.models import Exists

from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case
from clinic.kernel.roles import PSYCHOLOGISTS
from clinic.staff.models import Credential, Oversight, Practitioner
from sessions.models import Suitability
from sessions.models.suitability import SuitabilityQuerySet


def may_assess(user, case: Case) -> bool:
    """Whether ``user`` is the psychologist, or the intern, who has the case."""
    return cases_visible_to(user).filter(pk=case.pk, counsellor=user).exists()


def may_confirm(user, assessment: Suitability, day: date) -> bool:
    """Whether ``user`` is a psychologist who oversees the intern who assessed, on ``day``."""
    if not assessment.is_by_intern or not user.has_role(*PSYCHOLOGISTS):
        return False
    practitioner = getattr(user, "practitioner", None)
    if practitioner is None or practitioner.kind not in Practitioner.PSYCHOLOGISTS:
        return False
    mine = Oversight.objects.in_force_on(day).of_service().filter(overseer=user)
    return mine.filter(overseen=assessment.by_id).exists()


def assessments_visible_to(user) -> SuitabilityQuerySet:
    """Assessments of the cases that ``user`` sees, with their cases."""
    rows = Suitability.objects.filter(case__in=cases_visible_to(user))
    return rows.select_related("case")


def waiting_for(user, day: date) -> SuitabilityQuerySet:
    """Assessments of interns overseen by ``user`` on ``day`` that nobody has confirmed yet.

    None for who has no practice licence in force: she would be refused.
    """
    licensed = Exists(Credential.objects.let_practise(user, day))
    mine = Oversight.objects.in_force_on(day).of_service().filter(overseer=user)
    return Suitability.objects.unconfirmed().filter(
        licensed, by__in=mine.values("overseen"), case__in=cases_visible_to(user)
    )
