"""The frame around every page: navigation by role, the clinic's name, what set-up lacks."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.access import is_behind_link
from clinic.kernel.panels import Panel, panels_for
from clinic.kernel.roles import CLINICAL, Role
from clinic.organisation.setup import SetUp
from clinic.staff.models import Approval

ALL = tuple(Role)
NAV = (
    ("today", gettext_lazy("Today"), "today", ALL),
    ("calendar", gettext_lazy("Calendar"), "calendar", CLINICAL),
    ("client_list", gettext_lazy("Clients"), "people", CLINICAL),
    ("case_list", gettext_lazy("Cases"), "file", CLINICAL),
    ("directory", gettext_lazy("Emergency resources"), "crisis", ALL),
    ("staff_list", gettext_lazy("Staff"), "id", (Role.ADMIN,)),
    ("guideline", gettext_lazy("Guideline map"), "cockpit", ALL),
    ("approval_list", gettext_lazy("Approvals"), "shield", (Role.ADMIN,)),
    ("form_list", gettext_lazy("Forms"), "file", (Role.ADMIN,)),
    ("setup", gettext_lazy("Clinic"), "chair", (Role.ADMIN,)),
    ("message_list", gettext_lazy("Messages"), "mail", (Role.ADMIN,)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template. Lazy: a page that shows no frame asks no query."""
    user = getattr(request, "user", None)
    verified = bool(user and user.is_authenticated and user.is_verified())
    house = SimpleLazyObject(_house)
    return {
        "demo": settings.DEMO,
        "clinic_name": SimpleLazyObject(partial(_clinic_name, house)),
        "behind_link": _behind_link(request) or _is_astray(request, verified=verified),
        "nav": _nav(request, user) if verified else [],
        "setup_missing": SimpleLazyObject(partial(_setup_missing, house)) if verified else [],
        "frame_panels": SimpleLazyObject(partial(_panels, user)) if verified else [],
    }


def _behind_link(request: HttpRequest) -> bool:
    """Whether it is a page for the holder of a mailed link, who may have no account."""
    match = request.resolver_match
    return bool(match) and is_behind_link(match.func)


def _is_astray(request: HttpRequest, *, verified: bool) -> bool:
    """Whether nobody known asks for what is not there: perhaps with a part of a mailed link."""
    return request.resolver_match is None and not verified


def _house() -> SetUp:
    return SetUp.look_up(Approval.objects.all())


def _clinic_name(house: SetUp) -> str:
    return house.clinic.called if house.clinic else _("Telecounselling")


def _panels(user) -> list[Panel]:
    return panels_for("frame", None, user, timezone.now())


def _setup_missing(house: SetUp) -> list[str]:
    return [str(words) for _step, words in house.missing()]


def _nav(request: HttpRequest, user) -> list[dict[str, Any]]:
    items = []
    for name, label, icon, allowed in NAV:
        if user.has_role(*allowed):
            url = reverse(name)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            items.append({"url": url, "label": label, "icon": icon, "current": current})
    return items
