"""Who sees which consent requests, and the messages about one."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from clinic.accounts.models import User
from clinic.cases.access import cases_visible_to
from clinic.cases.models import Case
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.roles import Role
from consent.models import (
    DEALT_WITH,
    LIVE,
    OVER,
    UNRESOLVED,
    Answer,
    Question,
    Request,
    RequestEvent,
    ReturnedPaper,
    State,
    Validity,
)
from consent.models.paper import ReturnedPaperQuerySet
from consent.models.requests import RequestQuerySet
from consent.models.signatures import ValidityQuerySet
from consent.paper.wish import steps_to_paper
from consent.replaced import replaced_at


def requests_visible_to(user) -> RequestQuerySet:
    """Requests of the cases that ``user`` sees, the newest first."""
    return Request.objects.of_cases(cases_visible_to(user))


def that_wait_for(user) -> RequestQuerySet:
    """Requests of this psychologist that may want something of her, the oldest first."""
    waiting = Question.objects.filter(request=OuterRef("pk"), closed_at=None, replied_at=None)
    refused = Answer.objects.filter(request=OuterRef("pk"), choice=Answer.Choice.DISAGREE)
    newer = Request.objects.filter(
        case=OuterRef("case"), signer=OuterRef("signer"), pk__gt=OuterRef("pk")
    )
    mine = Request.objects.with_asked_at()
    mine = mine.filter(case__in=cases_visible_to(user), case__counsellor=user, case__closed_at=None)
    mine = mine.exclude(state__in=[State.COUNTERSIGNED, State.REVOKED])
    paper = steps_to_paper().filter(request=OuterRef("pk"))
    mine = mine.annotate(paper_by=Subquery(paper.values("actor")[:1]))
    anew = Exists(newer.exclude(state=State.REVOKED))
    mine = mine.exclude(anew, state__in=OVER)
    done = RequestEvent.objects.filter(
        request=OuterRef("pk"), what=DEALT_WITH, at__gte=OuterRef("ended_at")
    )
    mine = mine.exclude(Exists(done), state__in=UNRESOLVED)
    mine = mine.exclude(Exists(newer.filter(state=State.COUNTERSIGNED)), state=State.SIGNED)
    mine = mine.annotate(open_questions=Exists(waiting), disagreed=Exists(refused), asked_anew=anew)
    return mine.select_related("signer", "signature", "paper").order_by("created_at")


def reminded_twice(requests: list[Request]) -> set[int]:
    """Return the ids of requests of which both reminders left since they were asked; one query."""
    asked = {request.occasion: request for request in requests}
    rows = Outbox.objects.that_may_have_arrived().filter(occasion__in=asked)
    left: Counter[int] = Counter()
    for row in rows.filter(kind__startswith="consent_reminder_"):
        request = asked[row.occasion]
        left[request.pk] += row.created_at >= request.asked_at
    return {pk for pk, number in left.items() if number > 1}


def on_replaced_words(user) -> ValidityQuerySet:
    """Consents of this psychologist's clients that run out: on replaced words, none newer sent.

    ``replaced``: when (UTC) the first newer version was published.
    """
    cases = Case.objects.filter(counsellor=user, closed_at=None)
    same = {"case": OuterRef("case"), "signer": OuterRef("signer"), "state__in": LIVE}
    rows = Validity.objects.in_force_in(cases).filter(~Exists(Request.objects.filter(**same)))
    rows = rows.annotate(replaced=replaced_at("signature__request"))
    return rows.exclude(replaced=None)


def left_behind() -> QuerySet[Request]:
    """Return for each psychologist who left: id, name, number of requests under way.

    No client is told: administrators see none.
    """
    under_way = Request.objects.filter(state__in=(*LIVE, State.SIGNED))
    rows = under_way.filter(case__counsellor__in=User.objects.who_left())
    rows = rows.values("case__counsellor", "case__counsellor__name").annotate(number=Count("pk"))
    return rows.order_by("case__counsellor__name", "case__counsellor")


def papers_visible_to(user) -> ReturnedPaperQuerySet:
    """Paper forms of the cases that ``user`` sees; for an administrator those to be compared.

    What she compared stays hers to look at; everything else of a case is not.
    """
    mine = Q(request__case__in=cases_visible_to(user))
    if user.is_admin:
        to_compare = Q(checked_at=None, request__signature__isnull=False)
        mine |= to_compare | Q(checked_by=user)
    return ReturnedPaper.objects.filter(mine)


def papers_to_compare(user) -> ReturnedPaperQuerySet:
    """Paper forms that wait for ``user``: an administrator who did not enter them herself.

    Hers as well where she is the only one: then it is done by one person, and said so.
    """
    if not user.is_admin:
        return ReturnedPaper.objects.none()
    waiting = ReturnedPaper.objects.unchecked().with_request()
    return waiting.exclude(uploaded_by=user) if other_checkers(user).exists() else waiting


def other_checkers(user) -> QuerySet[User]:
    """Administrators beside ``user`` who could compare a paper form."""
    return User.objects.with_role(Role.ADMIN).exclude(pk=user.pk).exclude(joined_at=None)


def mails_of(request: Request) -> list[Outbox]:
    """Return the ten newest messages to its signer, the newest first."""
    sent = Outbox.objects.about(request.occasion).filter(recipient=request.signer.actor_label)
    return list(sent[:10])
