"""Said after an act, with a way back: a toast that carries the address of the opposite act."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest


def offer_undo(request: HttpRequest, text: Any, url: str) -> None:
    """Say ``text`` on the next page, with a button that posts to ``url``."""
    messages.success(request, text, extra_tags=url)
