"""What is done each minute, in any number of beats: each app names its work in ``each_minute.py``.

The work is derived from the database, so that none, one or three beats give the same result.
"""

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)
Work = Callable[[datetime], object]
WORK: list[Work] = []


def each_minute(work: Work) -> Work:
    """Register ``work(now)``."""
    WORK.append(work)
    return work


def do_all(now: datetime) -> None:
    """Do everything that is registered; what fails is logged and does not stop the rest."""
    for work in WORK:
        try:
            work(now)
        except Exception:
            log.exception("%s failed", work.__qualname__)
