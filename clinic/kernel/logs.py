"""The form of a log line: keys only, no words of an error and no token of a mailed link."""

import logging
import re
import traceback

TOKEN = re.compile(r"(/l/|/d/new-link/)[\w%-]+")


class Line(logging.Formatter):
    """Tells where an error came about and of what type it is, never what it says.

    A row that the database refuses stands in the error's words, with her name. Blots out link
    tokens as well, also where Django names an address that it refused or failed at.
    """

    form = "%(asctime)s %(levelname)s %(name)s %(message)s"

    def __init__(self):
        super().__init__(self.form)

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have left it there, with all the words
        line = super().format(record)
        for error in _chain(record.exc_info):
            line = line.replace(repr(error), _name(error))  # so the worker names what a task raised
        return TOKEN.sub(r"\1…", line)

    def formatException(self, ei) -> str:  # noqa: N802  logging names it
        told = [
            f"Traceback (most recent call last):\n{frames}{_name(error)}"
            for error in _chain(ei)
            for frames in ["".join(traceback.format_tb(error.__traceback__))]
        ]
        return "\n\nand before that, its cause:\n\n".join(told)


def _chain(exc_info) -> list[BaseException]:
    """The error and what led to it, the newest first."""
    found: list[BaseException] = []
    error = exc_info[1] if exc_info else None
    while error is not None and all(error is not one for one in found):
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
