"""Suitability of both sides, judged by the psychologist before each session (G2.3–G2.5, A11)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.kernel.readiness import (
    IN_PERSON,
    Answer,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Planned,
    requirement,
)
from sessions.requirements.facts import AssessmentFact, SessionFacts

UNCONFIRMED = Missing(
    _("an intern assessed it, and nobody has confirmed it"),
    _("Ask the supervising psychologist to confirm it."),
)
LOOK = _("Look at the short form and save it.")


@requirement(
    "sessions.outcome",
    _("Telecounselling goes on by the last assessment"),
    ["G2.5"],
    [Phase.BOOK],
    absolute=True,
)
def outcome(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """After "in person" or "refer" nothing goes on by telecommunication until assessed anew.

    "Not today" does not lift it. Nor does an intern alone: hers counts once it is confirmed.
    """
    if plan.channel == "in_person":
        return IN_PERSON
    if known.newest is None:
        return NotApplicable(_("not assessed yet"))
    judged = known.decisive or known.newest
    if not judged.leaves_tele:
        return Met()
    if known.newest.positive:
        return UNCONFIRMED
    return Missing(
        _("the last assessment says that another way is better")
        if judged is known.newest
        else _("an earlier assessment says that another way is better"),
        _("Meet in person or refer; or assess anew with the full form."),
    )


@requirement(
    "sessions.suitability",
    _("Suitability assessed"),
    ["G2.3", "G2.4.1", "G2.4.2", "A11"],
    [Phase.PREPARE],
)
def suitability(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """In full before the first session, looked at again for each later one, and positive."""
    if plan.channel == "in_person":
        return IN_PERSON
    if not known.full_done:
        return Missing(_("not assessed yet"), _("Assess both sides with the full form."))
    found = _current(known)
    if found is None:
        return Missing(_("not assessed since the last session"), LOOK)
    if not found.positive:
        return Missing(_("the assessment does not let it go on"), _("Talk with the client."))
    if found.needs_confirmation:
        return UNCONFIRMED
    return Met()


def _current(known: SessionFacts) -> AssessmentFact | None:
    """Return the assessment that counts: made since the last session ended, else for this one.

    A newer one that stops it is never passed over for an older one that did not.
    """
    since = known.previous_end is None or known.newest.at >= known.previous_end
    if since or not known.newest.positive:
        return known.newest
    return known.for_session
