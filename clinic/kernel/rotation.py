"""Changing the key of encrypted columns and stored files while the clinic works.

Put the new key first in ENCRYPTION_KEYS, restart, run this until nothing is left over, and only
then take the old key out. Rows are locked a batch at a time; what somebody else holds is skipped
and tried again. What does not open keeps its key, is named in the log and holds nothing else up.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import (
    CannotDecrypt,
    Ciphertext,
    EncryptedTextField,
    decrypt,
    encrypt,
    encrypted_fields,
    newest_key_id,
)
from clinic.kernel.files import blobs
from clinic.kernel.files.models import StoredFile

log = logging.getLogger(__name__)
BATCH = 200
TRIES = 20
PAUSE = 0.25  # seconds between tries for rows that others hold


@dataclass(frozen=True)
class Rotated:
    """What was done for one table: rows changed, and rows that were held too long or do not open."""

    table: str
    changed: int
    left: int


def rotate(batch: int = BATCH) -> list[Rotated]:
    """Re-encrypt every encrypted column and every stored file to the newest key."""
    secret = [model for model in apps.get_models() if encrypted_fields(model)]
    return [rotate_model(model, batch) for model in secret] + [rotate_files()]


def rotate_model(model: type[models.Model], batch: int = BATCH) -> Rotated:
    """Re-encrypt one table. An append-only or frozen one is changed by the owning role."""
    fixed = _guard_of(model)
    using = "owner" if fixed else "default"
    fields, changed, tries, shut = encrypted_fields(model), 0, 0, []
    while tries < TRIES:
        with transaction.atomic(using=using):
            if fixed:
                _trigger(using, model, f"DISABLE TRIGGER {fixed}")
            rows = _take(using, model, fields, batch, shut)
            damaged = [row[0] for row in rows if not _write_anew(using, model, fields, row)]
            if fixed:
                _trigger(using, model, f"ENABLE TRIGGER {fixed}")
        shut += damaged
        changed += len(rows) - len(damaged)
        if not rows:
            if (left := _left(using, model, fields)) <= len(shut):
                break
            tries += 1
            time.sleep(PAUSE)
    return Rotated(model._meta.db_table, changed, left)


def _guard_of(model: type[models.Model]) -> str:
    """Return the name of the trigger that keeps rows from being changed; "" for none."""
    if issubclass(model, AppendOnly):
        return "append_only"
    return "frozen" if hasattr(model, "frozen_when") else ""


def rotate_files() -> Rotated:
    """Write every stored file anew that the newest key did not encrypt."""
    newest, changed, left = newest_key_id(), 0, 0
    for file in StoredFile.objects.order_by("pk").iterator(chunk_size=BATCH):
        try:
            if blobs.key_id(file.blob) != newest:
                blobs.write(file.blob, blobs.read(file.blob, file.sha256), file.sha256)
                changed += 1
        except (OSError, CannotDecrypt):
            left += 1  # gone from the disk, or changed there: no reason to stop
            log.warning("stored file %s cannot be read and keeps its key", file.pk)
    return Rotated("stored files", changed, left)


def _old(fields: Iterable[EncryptedTextField], quote) -> tuple[str, list[str]]:
    """Return the condition "some column has an older key", and its parameters."""
    parts = [f"({quote(f.column)} <> '' AND {quote(f.column)} NOT LIKE %s)" for f in fields]
    return " OR ".join(parts), [f"{newest_key_id()}:%"] * len(parts)


def _take(
    using: str,
    model: type[models.Model],
    fields: Sequence[EncryptedTextField],
    batch: int,
    shut: list[Any],
) -> list[tuple[Any, ...]]:
    """Lock some rows with older keys, but for those in ``shut``: (id, seal, column, column …)."""
    quote = connections[using].ops.quote_name
    names = ", ".join(quote(f.column) for f in [model._meta.pk, model._meta.get_field("seal")])
    columns = ", ".join(quote(f.column) for f in fields)
    condition, values = _old(fields, quote)
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, {columns} FROM {quote(model._meta.db_table)} "  # noqa: S608  names
            f"WHERE ({condition}) AND NOT ({quote(model._meta.pk.column)} = ANY(%s)) "
            "ORDER BY 1 LIMIT %s FOR UPDATE SKIP LOCKED",
            [*values, shut, batch],
        )
        return cursor.fetchall()


def _write_anew(using: str, model: type[models.Model], fields, row: tuple) -> bool:
    """Open each old value and write it with the newest key; the seal stays as it is.

    Returns whether all of them opened. One that does not stays as it is.
    """
    pk, seal, *tokens = row
    quote = connections[using].ops.quote_name
    holder = model(seal=seal)
    fresh, whole = {}, True
    for field, token in zip(fields, tokens, strict=True):
        if not token or Ciphertext(token).key_id == newest_key_id():
            continue
        context = field.context(holder)
        try:
            fresh[quote(field.column)] = encrypt(decrypt(Ciphertext(token), context), context).token
        except CannotDecrypt:
            log.warning("%s.%s of %s does not open", model._meta.db_table, field.column, pk)
            whole = False
    if fresh:
        changes = ", ".join(f"{column} = %s" for column in fresh)
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(model._meta.db_table)} SET {changes} "  # noqa: S608  names only
                f"WHERE {quote(model._meta.pk.column)} = %s",
                [*fresh.values(), pk],
            )
    return whole


def _left(using: str, model: type[models.Model], fields) -> int:
    quote = connections[using].ops.quote_name
    condition, values = _old(fields, quote)
    with connections[using].cursor() as cursor:
        table = quote(model._meta.db_table)
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values)  # noqa: S608
        return cursor.fetchone()[0]


def _trigger(using: str, model: type[models.Model], what: str) -> None:
    """Lift or lay the guard within this transaction; nobody else ever sees it lifted."""
    quote = connections[using].ops.quote_name
    with connections[using].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {quote(model._meta.db_table)} {what}")
