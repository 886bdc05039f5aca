"""Encrypted columns: what a stolen dump must not show.

AES-256-GCM. The associated data is table, column and the row's own ``seal``, so a value copied
into another row or column does not open. The key's id stands in the value, so keys can be changed
while the clinic works (``manage.py rotate_keys``). Whatever would write or compare such a column
without its row (``update()``, ``bulk_update()``, ``filter()``, ``values()``) refuses loudly.
"""

import base64
import hashlib
import hmac
import os
import uuid
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12


class EncryptedColumnMisuse(TypeError):
    """An encrypted column was used in a way that cannot encrypt or decrypt it."""


class CannotDecrypt(ValueError):
    """A value was changed, moved from another row, or its key is not in ENCRYPTION_KEYS."""


class Ciphertext:
    """An encrypted value on its way from or to the database. Anything but that is refused."""

    __slots__ = ("token",)

    def __init__(self, token: str):
        self.token = token

    @property
    def key_id(self) -> str:
        return self.token.split(":", 1)[0]

    def _refuse(self, *args):
        raise EncryptedColumnMisuse(
            "An encrypted column was read without its row; load the object."
        )

    __str__ = __repr__ = __format__ = __eq__ = __hash__ = __len__ = __iter__ = _refuse


def encrypt(text: str, context: str) -> Ciphertext:
    """Encrypt ``text`` with the newest key, bound to ``context``."""
    key_id, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), context.encode())
    return Ciphertext(f"{key_id}:{base64.b64encode(nonce + sealed).decode()}")


def decrypt(value: Ciphertext, context: str) -> str:
    """Open a value. Raises CannotDecrypt when it is not what was written there."""
    key_id, _, body = value.token.partition(":")
    if key_id not in settings.ENCRYPTION_KEYS:
        raise CannotDecrypt(f"The key {key_id!r} is not in ENCRYPTION_KEYS.")
    try:
        raw = base64.b64decode(body)
        opened = AESGCM(settings.ENCRYPTION_KEYS[key_id]).decrypt(
            raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt(f"{context} does not open: changed or moved.") from error
    return opened.decode()


def newest_key_id() -> str:
    """Return the id of the key that encrypts."""
    return next(iter(settings.ENCRYPTION_KEYS))


def encrypt_bytes(content: bytes, context: bytes) -> bytes:
    """Encrypt a file's content with the newest key, bound to ``context``: key id, nonce, rest."""
    key_id = newest_key_id()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(settings.ENCRYPTION_KEYS[key_id]).encrypt(nonce, content, context)
    return key_id.encode() + b":" + nonce + sealed


def decrypt_bytes(blob: bytes, context: bytes) -> bytes:
    """Open what ``encrypt_bytes`` made. Raises CannotDecrypt."""
    head, _colon, body = blob.partition(b":")
    key_id = head.decode("ascii", errors="replace")
    if key_id not in settings.ENCRYPTION_KEYS:
        raise CannotDecrypt("A stored file's key is not in ENCRYPTION_KEYS.")
    key = AESGCM(settings.ENCRYPTION_KEYS[key_id])
    try:
        return key.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt("A stored file does not open: changed or moved.") from error


class EncryptedAttribute(DeferredAttribute):
    """Opens the value when it is read; a data descriptor, so that it always gets to do so."""

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = decrypt(value, self.field.context(instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that the database holds only encrypted. Its model derives from EncryptedModel."""

    descriptor_class = EncryptedAttribute

    def context(self, instance) -> str:
        return f"{instance._meta.db_table}.{self.column}:{instance.seal}"

    def from_db_value(self, value, expression, connection):
        return Ciphertext(value) if value else value

    def to_python(self, value):
        return value if isinstance(value, Ciphertext) else super().to_python(value)

    def pre_save(self, instance, add):
        value = instance.__dict__.get(self.attname, "")
        if isinstance(value, Ciphertext):
            return self._with_newest_key(value, self.context(instance))
        return encrypt(value, self.context(instance)) if value else value

    def _with_newest_key(self, value: Ciphertext, context: str) -> Ciphertext:
        """Return what nobody read as it is, unless the row was loaded before the keys changed.

        Its old key may have been left meanwhile. What does not open is no worse than before.
        """
        if value.key_id == newest_key_id():
            return value
        try:
            return encrypt(decrypt(value, context), context)
        except CannotDecrypt:
            return value

    def get_db_prep_save(self, value, connection):
        if isinstance(value, Ciphertext):
            return value.token
        if not value:
            return value
        raise EncryptedColumnMisuse(f"{self} can only be written by saving its object.")

    def get_prep_value(self, value):
        if not value:
            return value  # "is it empty?" may be asked
        raise EncryptedColumnMisuse(f"{self} cannot be compared; use its blind index.")

    def get_lookup(self, lookup_name):
        if lookup_name in ("exact", "isnull"):
            return super().get_lookup(lookup_name)
        raise EncryptedColumnMisuse(f"{self} cannot be searched; use its blind index.")

    def get_transform(self, lookup_name):
        raise EncryptedColumnMisuse(f"{self} cannot be searched; use its blind index.")


def blind_index(model: type[models.Model], field: str, value: str) -> str:
    """Return the look-up value of ``value`` in the encrypted column ``field``; "" for nothing."""
    if not value:
        return ""
    normalised = model._meta.get_field(f"{field}_index").normalise(value)
    message = f"{model._meta.db_table}.{field}:{normalised}"
    return hmac.new(settings.BLIND_INDEX_KEY, message.encode(), hashlib.sha256).hexdigest()


def casefolded(value: str) -> str:
    """Fold what people write differently: outer spaces and capitals."""
    return value.strip().casefold()


class BlindIndexField(models.CharField):
    """Keyed hash of the encrypted column named before ``_index``; finds equal values only."""

    def __init__(self, normalise: Callable[[str], str] = casefolded, **kwargs):
        self.normalise = normalise
        kwargs |= {"max_length": 64, "blank": True, "editable": False, "db_index": True}
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs["normalise"] = self.normalise
        return name, path, args, kwargs

    def pre_save(self, instance, add):
        source = self.name.removesuffix("_index")
        value = blind_index(type(instance), source, getattr(instance, source))
        setattr(instance, self.attname, value)
        return value


class EncryptedQuerySet(models.QuerySet):
    """Refuses to hand out encrypted columns without their rows."""

    def _values(self, *fields, **expressions):
        secret = {f.name for f in encrypted_fields(self.model)}
        if asked := secret & set(fields or [f.name for f in self.model._meta.concrete_fields]):
            raise EncryptedColumnMisuse(f"values() cannot give {sorted(asked)}; load the objects.")
        return super()._values(*fields, **expressions)


class EncryptedModel(models.Model):
    """Base of every model with encrypted columns.

    ``seal`` is made by us and not by the database, because it is needed before the row has an id.
    """

    seal = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)

    objects = EncryptedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, **kwargs):
        """Save; a blind index follows the column it finds, also under ``update_fields``."""
        if (named := kwargs.get("update_fields")) is not None:
            indexes = [f.name for f in self._meta.fields if isinstance(f, BlindIndexField)]
            kwargs["update_fields"] = {*named} | {
                i for i in indexes if i.removesuffix("_index") in named
            }
        super().save(**kwargs)


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    """Return the encrypted columns of ``model``."""
    return [f for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]
