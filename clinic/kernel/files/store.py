"""Keeping files: the one path by which an upload comes in, and the way back out."""

import errno
import hashlib
import logging
from datetime import datetime

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, record
from clinic.kernel.actors import Actor
from clinic.kernel.encryption import CannotDecrypt
from clinic.kernel.files import blobs
from clinic.kernel.files.examine import Content, examine
from clinic.kernel.files.models import StoredFile
from clinic.kernel.tasks.models import Task

log = logging.getLogger(__name__)
LOST = "file_unreadable"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def store(uploaded: File | Content, *, by: Actor, now: datetime) -> StoredFile:
    """Keep an upload; the same content twice is one file, and brings back a blob that was lost.

    :param uploaded: the file of a request, or what ``UploadField`` has already examined.
    :raises clinic.errors.Refused: too large, of another kind, damaged, encrypted; no room.
    """
    content = uploaded if isinstance(uploaded, Content) else examine(uploaded)
    try:
        return keep_file(content=content, by=by, now=now)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        log.error("a file was not stored: %s", errno.errorcode[error.errno])  # noqa: TRY400
        raise Refused(
            "file.no_room",
            _("The file could not be stored: there is no room."),
            _("Administrators see that on their page Today. Please send it again later."),
            field="file",
        ) from error


@action("file.keep", says=_("stored a file"))
def keep_file(*, content: Content, by: Actor, now: datetime) -> StoredFile:
    """Keep content that was examined, or that the clinic made itself."""
    sha256 = hashlib.sha256(content.data).hexdigest()
    name = blobs.blob_name(sha256)
    file, made = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "kind": content.kind,
            "size": len(content.data),
            "blob": name,
            "created_at": now,
            "created_by": by.actor_label,
        },
    )
    if made or not blobs.opens(name, sha256):
        blobs.write(name, content.data, sha256)
    record(file, kind=content.kind, size=len(content.data))
    return file


class FileUnreadable(Exception):
    """A stored file is gone from the disk, or is not what was stored."""

    def __init__(self, file: StoredFile):
        super().__init__(file.blob)
        self.file = file


def read_file(file: StoredFile) -> bytes:
    """Return the plain content of ``file``. Raises FileUnreadable, which becomes a page."""
    try:
        return blobs.read(file.blob, file.sha256)
    except (OSError, CannotDecrypt) as error:
        raise FileUnreadable(file) from error


def ask_to_bring_back(file: StoredFile, now: datetime) -> None:
    """Leave one to-do a file for the administrators: somebody asked for it, and it is not there."""
    task = Task(kind=LOST, key=file.sha256, role="admin", about=f"file:{file.sha256[:12]}", due=now)
    Task.objects.bulk_create([task], ignore_conflicts=True)
