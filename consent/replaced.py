"""When what somebody signed was replaced by a newer version, asked of the database (G4.1)."""

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Least

from consent.models import FormVersion, Request


def replaced_at(request: str) -> Least:
    """Return an expression: when a newer version of anything signed was published; null for never.

    Agreement and notice count like the form with which they were signed; of several newer versions
    the first tells. ``request`` is the way to the request from the rows that are asked about.
    """
    main = FormVersion.objects.filter(
        form=OuterRef(f"{request}__version__form"),
        number__gt=OuterRef(f"{request}__version__number"),
    )
    newer = "formversion__form__versions"
    attached = Request.attached.through.objects.filter(
        request=OuterRef(request), **{f"{newer}__number__gt": F("formversion__number")}
    )
    return Least(_first(main, "published_at"), _first(attached, f"{newer}__published_at"))


def _first(rows, published_at: str) -> Subquery:
    return Subquery(rows.order_by(published_at).values(published_at)[:1])


def is_replaced(request: Request) -> bool:
    """Whether a newer version of its form, or of what is attached, is published; two queries."""
    newer = Q()
    for version in (request.version, *request.attached.all()):
        newer |= Q(form=version.form_id, number__gt=version.number)
    return FormVersion.objects.filter(newer).exists()
