"""Who is under 18 gives no consent alone: it is pending until a guardian decides (民法 §12, §79).

No decision of a guardian can be recorded yet (G2.2). Until then no minor is asked to sign; and what
somebody signed as a minor does not count from her birthday on either.
"""

from datetime import date, datetime

from django.db.models import DateField, F, Func, IntegerField
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.dates import ADULT, age_on
from clinic.people.models import Person


def signed_of_age(signature: str = "") -> GreaterThanOrEqual:
    """Return an expression: whether the signer was of age on the day on which she signed.

    On paper that is the day which she wrote beside it. ``signature`` is the way to the signature
    from the rows that are asked about.
    """
    way = f"{signature}__" if signature else ""
    entered = TruncDate(f"{way}signed_at")
    day = Coalesce(f"{way}request__paper__signed_on", entered, output_field=DateField())
    born = F(f"{way}request__signer__birth_date")
    years = "EXTRACT(YEAR FROM AGE(%(expressions)s))"
    age = Func(day, born, template=years, output_field=IntegerField())
    return GreaterThanOrEqual(age, ADULT)


def is_minor(person: Person, day: date) -> bool:
    """Whether she is under 18 on ``day``."""
    return age_on(person.birth_date, day) < ADULT


UNDER_AGE = _("This client is under 18: to sign alone is not enough (Civil Code §79).")


SIGN_LATER = _("Ask for it to be signed again, from the 18th birthday on.")


def ask_of_age(person: Person, now: datetime) -> None:
    """Refuse staff who ask a minor to sign."""
    if is_minor(person, timezone.localdate(now)):
        raise Refused(
            "consent.minor",
            UNDER_AGE,
            _(
                "Meet face to face at the clinic, or wait until this software can record the "
                "guardian's decision."
            ),
        )
