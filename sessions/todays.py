"""Today's sessions in order, with the mark of the time now between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.accounts.models import User
from sessions.gate import Gate
from sessions.models import CounsellingSession, Note

State = CounsellingSession.State


@dataclass(frozen=True)
class Slot:
    """One session of the day as one reader sees it.

    ``kind``: ``past``, ``next``, ``later``; ``after_now``: the first that is not over; ``own``:
    the reader holds it; ``signed``: its note is signed.
    """

    gate: Gate
    kind: str
    after_now: bool
    own: bool
    signed: bool

    @property
    def step(self) -> str:
        """The one next action: ``live``, ``note``, ``look``, ``fix``, ``door`` or ``start``."""
        session = self.gate.session
        if not self.own or session.is_stranded or self.gate.is_over:
            return "look"
        if session.state == State.STARTED:
            return "live"
        if session.state == State.ENDED:
            return "look" if self.signed else "note"
        if not self.gate.waits or not session.is_tele:
            return "look"
        if not self.gate.missing:
            return "start"
        return "door" if self.gate.first in self.gate.door else "fix"


def slots(gates: Sequence[Gate], reader: User) -> list[Slot]:
    """Return the slots of a day in order; the first that is not over is the next. One query."""
    signed = Note.objects.signed_among(gate.session for gate in gates)
    found: list[Slot] = []
    for gate in gates:
        session = gate.session
        to_come = gate.waits and not gate.is_over
        over = not to_come and session.state != State.STARTED
        first = not over and not any(slot.kind != "past" for slot in found)
        kind = "past" if over else "next" if first else "later"
        own = session.counsellor_id == reader.pk
        found.append(Slot(gate, kind, first, own, session.pk in signed))
    return found
