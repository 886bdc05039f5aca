"""What a request may be at all, asked before anything reads it."""

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

# Bytes. Three times UPLOAD_MAX_BYTES: a form can still say in words that its file is too large.
LARGEST = 30_000_000


class Utf8Request(WSGIRequest):
    """A request in UTF-8, as every browser sends ours.

    Django believes a request that names another codec, also one that is none of text or makes
    what no database can hold.
    """

    @property
    def encoding(self) -> None:
        return None

    @encoding.setter
    def encoding(self, claimed: str) -> None:
        pass


def not_endless(get_response):
    """Refuse a request over LARGEST unread: any address would otherwise write it to the disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST:
            raise RequestDataTooBig("The request is too large.")
        return get_response(request)

    return middleware
