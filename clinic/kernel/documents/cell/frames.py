"""How a cell and its owner speak: a head in JSON and a body of bytes, each with its length."""

import json
import struct
from typing import Any, BinaryIO

Request = tuple[dict[str, Any], bytes]
LENGTHS = struct.Struct(">II")
TOOK_TOO_LONG = "took too long"  # the refusal that its owner may want to tell from others


def write_frame(head: dict[str, Any], body: bytes) -> bytes:
    """Return the bytes of one message."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def read_frame(source: BinaryIO) -> Request | None:
    """Read one message; None when the other side has gone."""
    lengths = source.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack(lengths)
    text, content = source.read(head), source.read(body)
    if len(text) < head or len(content) < body:
        return None
    return json.loads(text), content
