"""The same thing sent twice at one moment, as by a double click: two real threads."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections

from clinic.errors import Refused


def twice_at_one_moment(add: Callable[[], Any]) -> list[str]:
    """Call ``add()`` twice at once and return what came of it."""
    start, outcomes = Barrier(2), []

    def send() -> None:
        start.wait()
        try:
            add()
            outcomes.append("added")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)
