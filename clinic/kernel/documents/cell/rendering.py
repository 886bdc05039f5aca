"""HTML to PDF/A-3u, inside a cell. No address is fetched but the one font and ``data:``."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter
from frames import Request
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FONT = "clinic-font:regular"


class OnlyTheFont(URLFetcher):
    """Denies every address; a denied one stops the rendering instead of leaving a gap."""

    def __init__(self, font: bytes = b""):
        super().__init__(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
        self._font = font

    def fetch(self, url, headers=None):
        if self._font and url == FONT:
            return URLFetcherResponse(url, self._font, {"Content-Type": "font/otf"})
        return super().fetch(url, headers)


def one_face(path: str, family: str) -> bytes:
    """Return the face ``family`` of a font collection as a font of its own, byte for byte.

    Without this, a collection is matched by its first face, and characters take Japanese forms.
    """
    if not path.endswith(".ttc"):
        return Path(path).read_bytes()
    with open(path, "rb") as file:
        for number in range(SFNTReader(file, fontNumber=0).numFonts):
            file.seek(0)
            if TTFont(file, fontNumber=number, lazy=True)["name"].getDebugName(1) == family:
                file.seek(0)
                return _copy(SFNTReader(file, fontNumber=number))
    raise OSError(f"{path} holds no {family}.")


def _copy(face: SFNTReader) -> bytes:
    out = io.BytesIO()
    writer = SFNTWriter(out, len(face.tables), face.sfntVersion)
    for tag in face.keys():  # noqa: SIM118  a reader of tables is not a mapping
        writer[tag] = face[tag]
    writer.close()
    return out.getvalue()


@contextmanager
def prepare(options: dict[str, str]) -> Iterator[Callable]:
    """Load font and style sheet once; every request is a fork that finds them ready."""
    fonts = FontConfiguration()
    style = (Path(__file__).parent / "document.css").read_text(encoding="utf-8")
    face = OnlyTheFont(one_face(options["font"], options["family"]))
    sheet = CSS(string=style, font_config=fonts, url_fetcher=face)
    denied = OnlyTheFont()
    HTML(string="測", url_fetcher=denied).write_pdf(font_config=fonts, stylesheets=[sheet])

    def work(request: Request) -> tuple[dict, bytes]:
        head, attached = request
        html = HTML(string=head["html"], url_fetcher=denied)
        pdf = html.write_pdf(
            font_config=fonts,
            stylesheets=[sheet],
            attachments=list(_attachments(head, attached)),
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
        )
        return {}, pdf

    yield work


def _attachments(head: dict, content: bytes) -> Iterator[Attachment]:
    """Cut the body into the attachments that the head lists."""
    made = datetime.fromisoformat(head["made_at"])
    start = 0
    for name, description, size in head["attachments"]:
        part = content[start : start + size]
        start += size
        yield Attachment(
            file_obj=io.BytesIO(part),
            name=name,
            description=description,
            created=made,
            modified=made,
            relationship="Data",
        )
