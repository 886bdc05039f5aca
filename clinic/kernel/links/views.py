"""The page behind every mailed link. GET shows, POST acts: mail scanners open links."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from clinic.kernel import access
from clinic.kernel.actors import System
from clinic.kernel.links import cookie
from clinic.kernel.links.actions import exchange_link
from clinic.kernel.links.models import Link

# Purpose -> the address where an exchanged link continues. Filled by the apps' urls.
DOORS: dict[str, Callable[[Link], str]] = {}
# Purpose -> template of a live link's page, and of one that opens nothing more.
PAGES: dict[str, tuple[str, str]] = {}
DEFAULT_PAGES = ("links/link.html", "links/link.html")


def link_url(token: str) -> str:
    """Return the whole address that a mail carries."""
    return settings.PUBLIC_BASE_URL + reverse("link", args=[token])


class LinkPage(View):
    """Greets the holder of a link; the button exchanges it for a cookie."""

    policy = access.PUBLIC
    behind_link = True
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(request, *cookie.find(token, timezone.now()), token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        link, state = cookie.find(token, now)
        if state != "live":
            return self._page(request, link, state, token)
        device = request.headers.get("User-Agent", "")
        exchange_link(link=link, device=device, by=System("accounts"), now=now)
        return cookie.give(redirect(DOORS[link.purpose](link)), link)

    def _page(
        self, request: HttpRequest, link: Link | None, state: str, token: str
    ) -> HttpResponse:
        status = 200 if state in ("live", "done") else 410 if link else 404
        context = {"link": link, "state": state, "token": token}
        live, ended = PAGES.get(link.purpose, DEFAULT_PAGES) if link else DEFAULT_PAGES
        return render(request, live if state == "live" else ended, context, status=status)


@method_decorator(csrf_exempt, name="dispatch")
class LeavePage(View):
    """「快速離開」: nothing that a mailed link opened can be called up again from the history.

    Without a token, so that pages which have to read alike do: another site's request brings no
    cookie of ours (SameSite), and there is nothing here that it could take away.
    """

    policy = access.PUBLIC
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        return cookie.forget(request, HttpResponse(status=204))
