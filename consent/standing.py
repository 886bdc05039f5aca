"""Where consent requests stand, in words and colour: for lists and panels, many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.columns import Cell
from consent.models import Request, Signature
from consent.models.states import State
from consent.of_age import signed_of_age
from consent.replaced import replaced_at
from consent.requirements import CHECK_WITHIN, GRACE, last_day


@dataclass(frozen=True)
class Standing:
    """What is known of all requests of some cases: which count, and since when on old words.

    ``in_force``: by request when (UTC) a newer version of what was signed was published, or None.
    ``signed``: the same of what waits for its countersignature, where a newer version is published.
    ``under_age``: what somebody signed alone while under 18; it is neither of the two.
    """

    in_force: Mapping[int, datetime | None]
    signed: Mapping[int, datetime]
    under_age: frozenset[int]
    now: datetime

    def cell(self, request: Request) -> Cell:
        """Return its state; a consent that counts on a replaced version says until when.

        One that counts is as red as the gate has it (``consent.requirements``).
        """
        url = reverse("consent_request", args=[request.pk])
        if request.pk in self.under_age:
            return Cell("stop", _("signed under 18, does not count"), url)
        if self.has_ended(request):
            return Cell("none", _("no longer in force"), url)
        if replaced := self.in_force.get(request.pk):
            until = last_day(replaced, GRACE)
            if self._is_past(until):
                return Cell("stop", _("replaced, no longer enough"), url)
            if not request.awaits_check:
                return Cell("fix", _("replaced, good until %s") % until.isoformat(), url)
        if (replaced := self.signed.get(request.pk)) and not request.awaits_check:
            return self._signed_on_old_words(last_day(replaced, GRACE), url)
        tone = "stop" if self.is_unchecked(request) else request.tone
        return Cell(tone, request.state_words, url)

    def _signed_on_old_words(self, until: date, url: str) -> Cell:
        if self._is_past(until):
            return Cell("stop", _("signed on an older version, no longer enough"), url)
        good = _("signed on an older version, good until %s") % until.isoformat()
        return Cell("fix", good, url)

    def _is_past(self, day: date) -> bool:
        return timezone.localdate(self.now) > day

    def has_ended(self, request: Request) -> bool:
        """Whether it counted once and does no more."""
        return request.state == State.COUNTERSIGNED and request.pk not in self.in_force

    def is_unchecked(self, request: Request) -> bool:
        """Whether it counts on paper that nobody compared in time (G4.2)."""
        waits = request.awaits_check and request.pk in self.in_force
        return waits and self._is_past(last_day(request.paper.uploaded_at, CHECK_WITHIN))

    def is_replaced(self, request: Request) -> bool:
        """Whether it counts, on a version that is not the newest."""
        return self.in_force.get(request.pk) is not None


def standing_in(cases: Iterable[int], now: datetime) -> Standing:
    """Load it with one query."""
    rows = Signature.objects.counting_or_waiting_in(cases)
    rows = list(rows.values_list("request", "validity", replaced_at("request"), signed_of_age()))
    under_age = frozenset(request for request, *_rest, of_age in rows if not of_age)
    rows = [row for *row, of_age in rows if of_age]
    in_force = {request: replaced for request, counts, replaced in rows if counts}
    waiting = {request: replaced for request, counts, replaced in rows if replaced and not counts}
    return Standing(in_force, waiting, under_age, now)


def telling(requests: list[Request], standing: Standing) -> Request:
    """Choose of one signer's requests, newest first, the one that tells where she stands.

    The one that counts; but where it is on a replaced version, the newer one that is under way.
    One that was taken back tells nothing of her, unless there is no other.
    """
    counting = next((r for r in requests if r.pk in standing.in_force), None)
    if counting is None:
        return next((r for r in requests if r.state != State.REVOKED), requests[0])
    under_way = requests[0].is_live and standing.is_replaced(counting)
    return requests[0] if under_way else counting


def by_signer(requests: Iterable[Request]) -> Mapping[tuple[int, int], list[Request]]:
    """Put requests together by case and signer, in their order."""
    found: dict[tuple[int, int], list[Request]] = {}
    for request in requests:
        found.setdefault((request.case_id, request.signer_id), []).append(request)
    return found
