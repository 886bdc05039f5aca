"""Putting a broken database constraint into words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from clinic.errors import Refused


@contextmanager
def refusing(**refusals: Refused) -> Iterator[None]:
    """Raise the Refused named after the constraint that was broken; other errors pass.

    The work runs in a savepoint, so the transaction can go on after the refusal.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name in refusals:
            raise refusals[name] from error
        raise
