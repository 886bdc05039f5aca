"""Handing a file out: always as a download, never shown by the browser, never kept on the way."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(content: bytes, *, kind: str, name: str) -> HttpResponse:
    """Return ``content`` as a download called ``name``. The caller has asked who may have it."""
    return HttpResponse(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
