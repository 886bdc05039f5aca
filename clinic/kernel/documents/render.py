"""From a draft to an unsealed PDF/A-3u: A4, tagged, every page numbered, one font, no network."""

from datetime import datetime
from functools import cache
from html.parser import HTMLParser

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from clinic.kernel import glyphs
from clinic.kernel.dates import moment
from clinic.kernel.documents.cells import Cell, CellEnded, CellRefused
from clinic.kernel.documents.models import Document
from clinic.kernel.documents.registry import Draft

MAX_CHARACTERS = 2_000_000
MAX_ATTACHED = 20_000_000  # bytes of all attachments together


class CannotRender(Exception):
    """The draft cannot become a document, now or later: ``reason`` is a key, not a text of it."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def render(document: Document, draft: Draft, now: datetime) -> bytes:
    """Return the PDF of ``draft``. Raises CannotRender, also for a character without a glyph.

    Raises CellEnded where the cell was killed, which says nothing of the draft.
    """
    html = page(document, draft, now)
    attached = b"".join(part.content for part in draft.attachments)
    if len(html) > MAX_CHARACTERS or len(attached) > MAX_ATTACHED:
        raise CannotRender("too long")
    if lost := glyphs.missing(visible_text(html)):
        raise CannotRender("no glyph for " + " ".join(f"U+{ord(c):04X}" for c in lost[:10]))
    head = {
        "html": html,
        "made_at": now.isoformat(),
        "attachments": [
            [part.name, part.description, len(part.content)] for part in draft.attachments
        ],
    }
    try:
        return _cell(settings.PDF_FONT).ask(head, attached)[1]
    except CellEnded:
        raise  # another try may succeed
    except CellRefused as error:
        raise CannotRender(str(error)[:200]) from error


def page(document: Document, draft: Draft, now: datetime) -> str:
    """Return the whole HTML: the draft's body between title and the words about the seal."""
    address = settings.PUBLIC_BASE_URL + reverse("verify")
    with translation.override(draft.language):
        return render_to_string(
            "documents/document.html",
            {
                "draft": draft,
                "body": mark_safe(draft.html),  # noqa: S308  a builder's template has escaped it
                "language": "en" if draft.language == "en" else "zh-Hant-TW",
                "code": document.code,
                "made_at": moment(now),
                "timestamped": bool(settings.TSA_URL),
                "verify_url": address,
                "qr": segno.make(address, error="m").svg_data_uri(border=0),
            },
        )


class _Text(HTMLParser):
    """Gathers what a reader sees."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in ("style", "script")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data):
        if not self._hidden:
            self.parts.append(data)


def visible_text(html: str) -> str:
    """Return the text of ``html`` without its tags and styles."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


@cache
def _cell(font: str) -> Cell:
    return Cell("rendering", font=font, family=glyphs.FAMILY)
