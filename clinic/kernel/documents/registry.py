"""Kinds of documents. Each app registers its own in ``documents.py``; the kernel makes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attachment:
    """A file inside the document, such as the evidence in JSON. ``name`` carries its ending."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True)
class Draft:
    """What a document says: its title, its body in HTML (already escaped), its attachments."""

    title: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    language: str = "zh-hant"


# (subject's id, its version, now) -> Draft. Asked in the worker; it raises when nothing is there.
Builder = Callable[[int, int, datetime], Draft]


@dataclass(frozen=True)
class Kind:
    """A registered kind: what it is called, who builds it, who may read one."""

    name: str
    title: Any
    build: Builder
    may_read: Callable[[Any, Any], bool]


KINDS: dict[str, Kind] = {}


def document(
    name: str, title: Any, may_read: Callable[[Any, Any], bool]
) -> Callable[[Builder], Builder]:
    """Register the builder of a kind of document.

    :param may_read: ``(user, document) -> bool``; who may not read is told that there is none.
    """

    def register(build: Builder) -> Builder:
        if name in KINDS:
            raise ValueError(f"The kind of document {name} is registered twice.")
        KINDS[name] = Kind(name, title, build, may_read)
        return build

    return register
