"""That papers are of the county in which their premises lie, when they are entered.

A psychologist registers with the local authority of the place where she practises (心理師法 §7), and
telecounselling is approved by that of the institution's place (§10 proviso).
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.organisation.models import Premises


def ask_in_county(county: str, premises: Iterable[Premises]) -> None:
    """Refused where one of the premises lies in another county than the one of this code."""
    for place in premises:
        if place.town.county_id != county:
            raise Refused(
                "staff.other_county",
                _("These premises lie in %(county)s.") % {"county": place.town.county},
                _("Please correct the county, or choose other premises than “%(name)s”.")
                % {"name": place.name},
                field="premises",
            )
