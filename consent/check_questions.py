"""The two questions on understanding, in the words for this signer (G4.2, A5)."""

from dataclasses import dataclass
from typing import Any

from clinic.kernel.letters import fill
from consent.models import Request


@dataclass(frozen=True)
class CheckQuestion:
    """One question: ``options`` as (key, words); ``feedback`` by whether the answer was right.

    ``return_to`` is the code of the item that explains it.
    """

    id: str
    text: str
    options: tuple[tuple[str, str], ...]
    right: str
    feedback: dict[bool, str]
    return_to: str


def check_questions(request: Request, language: str) -> list[CheckQuestion]:
    """Return both, in ``zh`` or ``en``; who is not to be called is not told of a call."""
    words = request.words(language)
    asked = request.version.content["understanding"]["questions"]
    silent = bool(words.get("no_call"))
    return [_question(row, language, words, silent and "no_call_right_zh" in row) for row in asked]


def _question(
    row: dict[str, Any], language: str, words: dict[str, str], silent: bool
) -> CheckQuestion:
    said = {option["key"]: option[language] for option in row["options"]}
    other = row[f"other_feedback_{language}"]
    if silent:
        said[row["right"]] = row[f"no_call_right_{language}"]
        other = row[f"no_call_feedback_{language}"]
    return CheckQuestion(
        id=row["id"],
        text=fill(row[language], words),
        options=tuple((key, fill(text, words)) for key, text in said.items()),
        right=row["right"],
        feedback={True: fill(row[f"right_feedback_{language}"], words), False: fill(other, words)},
        return_to=row["return_to"],
    )
