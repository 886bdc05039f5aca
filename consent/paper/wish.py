"""Who asked for paper."""

from django.db.models import QuerySet

from clinic.kernel.actors import Actor
from clinic.people.birth_proof import HOLDER
from consent.models import Request, RequestEvent

WISHED, MADE = "paper_wished", "paper_form"  # the events: a wish, and the form that is printed


def steps_to_paper() -> QuerySet[RequestEvent]:
    """Wishes for paper and forms made of all requests, of each the newest first."""
    return RequestEvent.objects.filter(what__in=[WISHED, MADE]).order_by("-number")


def wished_with_the_mail_alone(request: Request) -> bool:
    """Whether paper was asked for without a birth date, and no form made since: it may be another's."""
    steps = steps_to_paper().filter(request=request)
    return steps.values_list("actor", flat=True).first() == HOLDER.actor_label


def may_wish(request: Request, by: Actor) -> bool:
    """Whether a wish of ``by`` says something new: none stands, or only one that may be another's."""
    hers = by != HOLDER
    return not request.paper_wished_at or (hers and wished_with_the_mail_alone(request))


def drop_wish_of_another(request: Request) -> None:
    """End such a wish on a locked request that is mailed again."""
    if request.paper_wished_at and wished_with_the_mail_alone(request):
        request.paper_wished_at = None
        request.save(update_fields=["paper_wished_at"])
