"""What was typed survives a time-out and a new login.

Forms of staff pages carry a signed mark of whose they are. When such a form arrives after the
login ended, its fields are kept, encrypted, for that person alone, for a day; after signing in
again the page shows them once more, not yet saved. Files and passwords are never kept.

A mark dies with the account, its password and "sign out everywhere": nobody who once had one of
somebody's pages before her can put words into her forms.
"""

import json
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from clinic.kernel.encryption import EncryptedModel, EncryptedTextField

MARK = "_writer"
KEPT_FOR = timedelta(hours=24)
MAX_CHARACTERS = 300_000
MOST = 20  # forms a person
NEVER_KEPT = re.compile(r"password|csrf|token|^code$", re.IGNORECASE)


class KeptForm(EncryptedModel):
    """A form that waits for its writer. One a person and page; the newest replaces."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=500)
    data = EncryptedTextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_kept_form")]


def mark(user) -> str:
    """Return the signed hidden value that says whose form this is."""
    return signing.dumps([user.pk, _stamp(user)], salt="kept-form")


def _stamp(user) -> str:
    return salted_hmac("kept-form", user.get_session_auth_hash()).hexdigest()


def writer(request: HttpRequest) -> int | None:
    """Return the key of the account whose mark a form carries; None without a valid mark."""
    try:
        pk, stamp = signing.loads(
            request.POST.get(MARK, ""), salt="kept-form", max_age=KEPT_FOR.total_seconds()
        )
    except signing.BadSignature:
        return None
    user = get_user_model().objects.filter(pk=pk, is_active=True).first()
    return pk if user and constant_time_compare(_stamp(user), stamp) else None


def keep(request: HttpRequest) -> str:
    """Keep the fields of a POST whose login has ended; return where to go after signing in."""
    user_id = writer(request)
    if user_id is None:
        return request.path
    fields = {k: v for k, v in request.POST.lists() if not NEVER_KEPT.search(k) and k != MARK}
    data = json.dumps(fields, ensure_ascii=False)
    storable = len(request.path) <= 500 and request.path.isprintable()
    if len(data) <= MAX_CHARACTERS and storable:
        KeptForm.objects.update_or_create(
            user_id=user_id,
            path=request.path,
            defaults={"data": data, "kept_at": timezone.now()},
        )
        newest = KeptForm.objects.filter(user_id=user_id).order_by("-kept_at")
        KeptForm.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[MOST:])).delete()
    return request.path


def forget_old(now: datetime) -> None:
    """Delete what nobody came back for in time."""
    KeptForm.objects.filter(kept_at__lte=now - KEPT_FOR).delete()


def waiting(request: HttpRequest) -> QueryDict | None:
    """Return what this person had typed on this page; None when nothing waits."""
    since = timezone.now() - KEPT_FOR
    kept = KeptForm.objects.filter(user=request.user, path=request.path, kept_at__gt=since).first()
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in json.loads(kept.data).items():
        data.setlist(name, values)
    return data


def discard(request: HttpRequest, path: str = "") -> None:
    """Forget what waits for this page, or for that at ``path``: it was saved, or is not wanted."""
    KeptForm.objects.filter(user=request.user, path=path or request.path).delete()
