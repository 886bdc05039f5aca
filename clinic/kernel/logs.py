"""The form of a log line: keys only, and no token of a mailed link."""

import logging
import re

TOKEN = re.compile(r"(/l/|/d/new-link/)[\w%-]+")


class Line(logging.Formatter):
    """Blots out link tokens, also where Django names an address that it refused or failed at."""

    form = "%(asctime)s %(levelname)s %(name)s %(message)s"

    def __init__(self):
        super().__init__(self.form)

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub(r"\1…", super().format(record))
