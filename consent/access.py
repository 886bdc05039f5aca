"""Who sees which consent requests, and the messages about one."""

from clinic.cases.access import cases_visible_to
from clinic.kernel.outbox.models import Outbox
from consent.models import Request
from consent.models.requests import RequestQuerySet


def requests_visible_to(user) -> RequestQuerySet:
    """Requests of the cases that ``user`` sees, the newest first."""
    return Request.objects.of_cases(cases_visible_to(user))


def mails_of(request: Request) -> list[Outbox]:
    """Return the ten newest messages about a request, the newest first."""
    return list(Outbox.objects.about(request.occasion)[:10])
