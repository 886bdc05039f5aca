"""Is this file a document of this clinic, and is it as it was sealed? In plain words.

Two independent things are asked: whether the clinic's key sealed it, and whether the whole file
has the SHA-256 that was noted when it was sealed. The second is needed because text behind the
end of a PDF passes every check of a signature.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from clinic.kernel.dates import moment
from clinic.kernel.documents import inspection
from clinic.kernel.documents.certificate import SealMaterial, describe, read_material
from clinic.kernel.documents.models import Seal

GENUINE, ALTERED, UNKNOWN = "genuine", "altered", "unknown"
NOT_READ, BUSY = "not_read", "busy"
TURN = "SELECT pg_try_advisory_xact_lock(hashtext('clinic.verify'))"

BELIEVABLE = range(1990, 2200)  # years; at the ends of the calendar no time zone can be applied

HEADLINES = {
    GENUINE: _("This document was sealed by this clinic and has not been changed since."),
    ALTERED: _("This file carries the clinic's seal, but it is not as the clinic sealed it."),
    UNKNOWN: _("This file carries no seal of this clinic."),
    NOT_READ: _("This file could not be checked just now."),
    BUSY: _("This file could not be checked just now."),
    "encrypted": _("This file could not be checked."),
}
ADVICE = {
    GENUINE: _("The seal shows that nothing was changed. It does not show who signed in it."),
    ALTERED: _("Do not rely on it. Please ask the clinic for the document."),
    UNKNOWN: _("It may still be in order, but it cannot be checked here. Please ask the clinic."),
}
REASONS = {
    "unreadable": _("It is not a PDF file that can be read."),
    NOT_READ: _("Reading it took too long. Please try again in a minute."),
    BUSY: _("Another file is being checked at the moment. Please try again in a minute."),
    "encrypted": _(
        "It is protected by a password. Please check the file without a password, as the clinic "
        "handed it out."
    ),
    "no_seal": _("It is not sealed at all."),
    "other_key": _("It was sealed by somebody else: %(subject)s"),
    "content": _("What was sealed is not what it says now."),
    "added": _("Something was added or changed after it was sealed."),
}


@dataclass(frozen=True)
class Verdict:
    """The answer about one file.

    :param outcome: ``genuine``, ``altered`` or ``unknown``.
    :param reason: a key of REASONS; empty for a genuine document.
    :param at: when it was sealed; from the clinic's records where the file is known.
    :param level: ``B-B`` or ``B-LTA``; with ``at`` empty where nothing can be said.
    """

    outcome: str
    reason: str
    sha256: str
    file_known: bool
    code: str = ""
    at: datetime | None = None
    level: str = ""
    certificate_subject: str = ""
    certificate_serial: str = ""
    certificate_fingerprint: str = ""

    @property
    def headline(self) -> Any:
        return HEADLINES.get(self.reason) or HEADLINES[self.outcome]

    @property
    def advice(self) -> Any:
        return ADVICE[self.outcome]

    @property
    def why(self) -> str:
        """The reason as a sentence; empty for a genuine document."""
        if not self.reason:
            return ""
        return str(REASONS[self.reason]) % {"subject": self.certificate_subject}

    @property
    def level_words(self) -> str:
        """What the level means."""
        return str(dict(Seal.Level.choices).get(self.level, self.level))

    @property
    def facts(self) -> list[str]:
        """Which document, sealed when, at which level and by which certificate, where it is known."""
        at = moment(self.at) if self.at else ""
        found = []
        if self.code:
            found.append(_("Document %(code)s.") % {"code": self.code})
        if at and self.level:
            words = {"at": at, "words": self.level_words, "level": self.level}
            found.append(_("Sealed on %(at)s, %(words)s (%(level)s).") % words)
        elif at:
            found.append(_("Sealed on %(at)s, as the file claims.") % {"at": at})
        if self.certificate_subject:
            words = {"subject": self.certificate_subject, "serial": self.certificate_serial}
            found.append(_("Certificate: %(subject)s, number %(serial)s.") % words)
        return [str(line) for line in found]


def verify_in_turn(content: bytes) -> Verdict:
    """Judge a file that a stranger sent: one at a time in the whole clinic, and nobody waits.

    Each takes a web process for as long as it is read, and all the clinic's pages have no other.
    The lock ends with the transaction, also where the process dies.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN)
        if cursor.fetchone()[0]:
            return verify(content)
    return Verdict(UNKNOWN, BUSY, **_known(content)[0])


def verify(content: bytes) -> Verdict:
    """Judge a file. Never raises for what the file holds."""
    base, seal = _known(content)
    try:
        facts = inspection.inspect(content)
    except inspection.NotRead:
        return Verdict(UNKNOWN, NOT_READ, **base)
    except inspection.Unreadable:
        return Verdict(UNKNOWN, "unreadable", **base)
    if facts["encrypted"]:
        return Verdict(UNKNOWN, "encrypted", **base)
    if not (found := facts["seals"]):
        return Verdict(UNKNOWN, "no_seal", **base)
    ours = _our_fingerprints()
    mine = next((one for one in found if one["fingerprint"] in ours), None)
    if mine is None:
        return Verdict(UNKNOWN, "other_key", **base, **_certificate(found[0]))
    if seal is not None and mine["intact"]:
        code = seal.document.code
        known = {"at": seal.at, "level": seal.level, "code": code}
        return Verdict(GENUINE, "", **base, **known, **_certificate(mine))
    reason = "added" if mine["intact"] else "content"
    return Verdict(ALTERED, reason, **base, at=_claimed(mine), **_certificate(mine))


def _known(content: bytes) -> tuple[dict[str, Any], Seal | None]:
    """The file's SHA-256 and whether it is one that was sealed here, and that seal."""
    sha256 = hashlib.sha256(content).hexdigest()
    seal = Seal.objects.filter(sha256=sha256).select_related("document").first()
    return {"sha256": sha256, "file_known": seal is not None}, seal


def _our_fingerprints() -> set[str]:
    """Certificates that ever sealed a document here, and the one in use."""
    ours = set(Seal.objects.values_list("certificate_fingerprint", flat=True).distinct())
    with suppress(SealMaterial):  # the readiness page says so; old seals can still be checked
        ours.add(describe(read_material().certificate).fingerprint)
    return ours


def _certificate(seal: dict[str, Any]) -> dict[str, str]:
    return {f"certificate_{part}": seal[part] for part in ("subject", "serial", "fingerprint")}


def _claimed(seal: dict[str, Any]) -> datetime | None:
    """The time that the file itself claims; None for one that no file can come from."""
    claimed = parse_datetime(seal["stamped_at"] or seal["claimed_at"])
    return claimed if claimed and claimed.year in BELIEVABLE else None
