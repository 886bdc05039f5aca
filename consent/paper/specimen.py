"""A scan that says what it is, for the demo's clinic: nobody ever signed it."""

import io

from PIL import Image, ImageDraw

from clinic.kernel.files.examine import Content
from clinic.kernel.files.models import StoredFile


def specimen() -> Content:
    """Return a page of A4 as a picture, with one line on it."""
    picture = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(picture).text((60, 60), "DEMO SCAN (fictional)", fill=0)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return Content(StoredFile.Kind.PNG, out.getvalue())
