"""What an upload really is: its type by content, never by name; images drawn anew."""

import io
from dataclasses import dataclass
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from clinic.errors import Refused
from clinic.kernel.documents import inspection
from clinic.kernel.files.models import StoredFile

Kind = StoredFile.Kind
MAX_PIXELS = 40_000_000
FORMATS = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}
SAVE = {Kind.PNG: {}, Kind.JPEG: {"quality": 90}, Kind.WEBP: {"quality": 90}}
HEIC = ("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence")


@dataclass(frozen=True)
class Content:
    """An upload that may be kept: its kind and its cleaned content."""

    kind: str
    data: bytes


def examine(uploaded: File) -> Content:
    """Return what to keep of an upload. Raises Refused with words for the person who sent it."""
    if uploaded.size > settings.UPLOAD_MAX_BYTES:
        raise too_large()
    data = uploaded.read()
    kind = _kind(data)
    if kind == Kind.PDF:
        _check_pdf(data)
        return Content(kind, data)
    return Content(kind, _drawn_anew(data, kind))


def pixels(uploaded: File) -> int:
    """Return how many pixels a picture says it has, unread; 0 for anything else."""
    try:
        with Image.open(uploaded) as found:
            return found.width * found.height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0
    finally:
        uploaded.seek(0)


def too_large() -> Refused:
    """Return the refusal of a file over UPLOAD_MAX_BYTES."""
    limit = settings.UPLOAD_MAX_BYTES // 1_000_000
    return _refused(
        "too_large",
        _("The file is larger than %(limit)s MB.") % {"limit": limit},
        _("Please make it smaller, or send it in parts."),
    )


def _kind(data: bytes) -> str:
    found = _media_type(data)
    if found in Kind.values and (found != Kind.PDF or data.startswith(b"%PDF-")):
        return found
    if found in HEIC:
        raise _refused(
            "heic",
            _("Photos in the HEIC format cannot be read here."),
            _("Please save the photo as JPEG and send that."),
        )
    raise _refused(
        "kind",
        _("This is not a PDF, JPEG, PNG or WebP file."),
        _("Please send one of these. Renaming a file does not change what it is."),
    )


def _media_type(data: bytes) -> str:
    if not data:
        return ""
    try:
        return puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def _check_pdf(data: bytes) -> None:
    try:
        facts = inspection.inspect(data)
    except inspection.NotRead as error:
        raise _refused(
            "not_read",
            _("The file could not be read just now: it took too long."),
            _("Please send it again in a minute."),
        ) from error
    except inspection.Unreadable as error:
        raise _unreadable() from error
    if facts["encrypted"]:
        raise _refused(
            "encrypted",
            _("This PDF is protected by a password."),
            _("Please save it without the password and send that."),
        )


def _drawn_anew(data: bytes, kind: str) -> bytes:
    """Return the picture alone: upright, without EXIF, place, text or anything hidden behind it."""
    try:
        with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as found:
            if found.width * found.height > MAX_PIXELS:
                raise _too_many_pixels()
            upright = _eight_bits(ImageOps.exif_transpose(found))
            mode = _mode(upright, kind)
            picture = Image.new(mode, upright.size)
            picture.paste(upright.convert(mode))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _unreadable() from error
    out = io.BytesIO()
    picture.save(out, FORMATS[kind], **SAVE[kind])
    return out.getvalue()


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Scanners write sixteen bits of grey; cut off at eight, ink and paper would both be white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _mode(picture: Image.Image, kind: str) -> str:
    if picture.mode in ("1", "L"):
        return "L" if kind != Kind.WEBP else "RGB"
    return "RGBA" if picture.has_transparency_data and kind != Kind.JPEG else "RGB"


def _too_many_pixels() -> Refused:
    return _refused(
        "pixels",
        _("The picture has more than %(limit)s million pixels.")
        % {"limit": MAX_PIXELS // 1_000_000},
        _("Please send a smaller one."),
    )


def _unreadable() -> Refused:
    return _refused(
        "unreadable",
        _("The file is damaged and cannot be read."),
        _("Please open it on your device, save it again and send that."),
    )


def _refused(code: str, message: Any, remedy: Any) -> Refused:
    return Refused(f"file.{code}", message, remedy, field="file")
