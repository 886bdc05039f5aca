"""Asking for a document, and sealing it."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.actors import Actor
from clinic.kernel.documents.models import Document, Seal
from clinic.kernel.documents.seal import Sealed
from clinic.kernel.files.examine import Content
from clinic.kernel.files.store import keep_file
from clinic.kernel.outbox.post import post

RENDER = "document.render"


@action("document.request", says=_("asked for the document"))
def request_document(
    *, kind: str, subject: models.Model, version: int = 1, by: Actor, now: datetime
) -> Document:
    """Return the document of a version of ``subject``; asked for twice, it is one.

    The caller has asked whether ``by`` may. It is made by the worker, after the commit.
    """
    document, made = Document.objects.get_or_create(
        kind=kind,
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        version=version,
        defaults={
            "next_try": now,
            "requested_by": by.actor_label,
            "requested_at": now,
        },
    )
    if made:
        post_render(document, now)
    record(document, note=document.code)
    return document


@action("document.again", says=_("asked for the document again"))
def ask_again(*, document: Document, by: Actor, now: datetime) -> Document:
    """Try once more to make what could not be made. Asked for twice, it is one try."""
    ask(by.is_admin, _("Only administrators ask for a failed document again."))
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.state == Document.State.FAILED:
        held.state, held.next_try, held.reason = Document.State.WAITING, now, ""
        held.faults = 0
        held.save(update_fields=["state", "next_try", "reason", "faults"])
        post_render(held, now)
    record(held, note=held.code)
    return held


def post_render(document: Document, now: datetime) -> None:
    """Ask the worker for the next try. The same try asked for twice is one."""
    post(
        RENDER,
        occasion=f"document:{document.pk}",
        version=document.attempts + 1,
        urgent=True,
        now=now,
    )


@action("document.seal", says=_("sealed the document"))
def seal_document(
    *, document: Document, lease: uuid.UUID, sealed: Sealed, by: Actor, now: datetime
) -> Document:
    """Store the sealed PDF. Refused when another worker has taken over: it is made once."""
    held = Document.objects.select_for_update().filter(pk=document.pk, lease=lease).first()
    if held is None:
        raise Refused("document.lease_lost", _("Another worker has taken this document over."))
    file = keep_file(content=Content("application/pdf", sealed.content), by=by, now=now)
    Seal.objects.create(
        document=held,
        sha256=file.sha256,
        level=sealed.level,
        certificate_subject=sealed.certificate.subject[:300],
        certificate_serial=sealed.certificate.serial,
        certificate_fingerprint=sealed.certificate.fingerprint,
        at=sealed.at,
    )
    held.state, held.lease, held.lease_until, held.reason = Document.State.SEALED, None, None, ""
    held.file, held.sha256, held.made_at = file, file.sha256, now
    held.save(
        update_fields=["state", "lease", "lease_until", "reason", "file", "sha256", "made_at"]
    )
    record(held, sha256=file.sha256, level=sealed.level)
    return held
