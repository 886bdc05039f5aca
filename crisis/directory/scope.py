"""Which entries a page is about, and what stands beside them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.accounts.models import User
from clinic.kernel.roles import Role
from clinic.organisation.models import County
from crisis.directory.finding import Found, found, gaps, pinned
from crisis.models import Resource
from crisis.models.resource_rows import ResourceQuerySet


class OfResource:
    """A page of the entry named in the address; what the reader may not see is 404."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def row(self) -> Found:
        now = timezone.now()
        rows = Resource.objects.visible_to(self.request.user).with_openness(now).whole()
        for row in found(rows.select_related("hidden_by").filter(pk=self.kwargs["pk"]), now):
            return row
        raise Http404

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row  # noqa: B018  what is not there is not there for any method

    def get_success_url(self) -> str:
        return reverse("resource", args=[self.row.resource.pk])

    def back(self) -> str:
        return self.get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = {"back_url": self.get_success_url(), "back_label": self.row.resource.name}
        return super().get_context_data(**back | kwargs)


def chosen_rows(chosen: dict[str, Any], user: User, now: datetime) -> ResourceQuerySet:
    """Return what the filters ask for, in the order in which one would call."""
    rows = Resource.objects.visible_to(user)
    listed = chosen.get("listed") if user.has_role(Role.ADMIN) else ""
    rows = {"hidden": rows.hidden, "held": rows.held_back}.get(listed, rows.listed)()
    if county := chosen.get("county"):
        rows = rows.in_reach_of(county).not_pinned()
    if kind := chosen.get("kind"):
        rows = rows.of_kind(kind)
    if text := chosen.get("q"):
        rows = rows.named(text)
    return rows.nearest_first(chosen.get("town", ""), now).whole()


def page_parts(rows: Iterable[Resource], chosen: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what the list page shows: its rows, the national numbers, and what is not known."""
    county = chosen.get("county")
    return {
        "now": now,
        "rows": found(rows, now),
        "pinned": pinned(now),
        "county": County.objects.get(pk=county) if county else None,
        "gaps": gaps(county) if county else [],
        "searched": any(chosen.get(name) for name in ("county", "kind", "q", "listed")),
    }


def source_says(resource: Resource) -> list[tuple[str, str]]:
    """Return what the source says where the clinic corrected it: (field, words)."""
    if not resource.edited:
        return []
    words = {
        "name": (pgettext_lazy("of a place", "name"), resource.source_name),
        "phones": (_("telephone numbers"), resource.source_phone),
        "hours": (pgettext_lazy("of a resource", "hours"), resource.source_hours),
    }
    return [words[name] for name in resource.edited]
