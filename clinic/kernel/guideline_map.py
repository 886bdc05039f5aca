"""Which clause is answered by what."""

from typing import Any

from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.guideline import CLAUSES, EXCUSES
from clinic.kernel.readiness import REQUIREMENTS


def clauses() -> list[dict[str, Any]]:
    """Return every clause with the codes of what answers it, or its excuse."""
    return [
        {
            "id": clause,
            "requirements": [r.code for r in REQUIREMENTS.values() if clause in r.clauses],
            "evidence": [e.code for e in EVIDENCE.values() if clause in e.clauses],
            "excuse": EXCUSES.get(clause),
        }
        for clause in CLAUSES
    ]
