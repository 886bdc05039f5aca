"""Refusals: what the product says when it does not do what was asked.

A refusal has an identifier, says what is wrong, and says what to do. Views show
it beside the form that was sent; scripts print it.
"""

from typing import Any


class Refused(Exception):
    """An action did not happen.

    :param code: stable identifier, ``app.what`` (``staff.overlapping_licence``).
    :param message: one sentence, in the reader's language: what is wrong.
    :param remedy: one sentence: what to do about it. May be empty.
    :param field: name of the form field the refusal belongs to, if there is one.
    """

    def __init__(self, code: str, message: Any, remedy: Any = "", field: str | None = None):
        super().__init__(code)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        message = str(self.message)
        gap = "" if message.endswith("。") else " "  # Chinese sets no space between sentences
        return f"{message}{gap}{self.remedy}".strip()


class NotAllowed(Refused):
    """The person who asked may not do this."""
