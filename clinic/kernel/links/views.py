"""The page behind every mailed link. GET shows, POST acts: mail scanners open links."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from clinic.kernel import access
from clinic.kernel.actors import System
from clinic.kernel.links import cookie
from clinic.kernel.links.actions import exchange_link

# Purpose -> name of the address where an exchanged link continues. Filled by the apps' urls.
DOORS: dict[str, str] = {}


def link_url(token: str) -> str:
    """Return the whole address that a mail carries."""
    return settings.PUBLIC_BASE_URL + reverse("link", args=[token])


class LinkPage(View):
    """Greets the holder of a link; the button exchanges it for a cookie."""

    policy = access.PUBLIC
    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._page(request, cookie.find(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link, now = cookie.find(token), timezone.now()
        if link is None or link.state(now) != "live":
            return self._page(request, link)
        device = request.headers.get("User-Agent", "")
        exchange_link(link=link, device=device, by=System("accounts"), now=now)
        return cookie.give(redirect(DOORS[link.purpose]), link)

    def _page(self, request: HttpRequest, link) -> HttpResponse:
        state = link.state(timezone.now()) if link else "unknown"
        status = 200 if state in ("live", "done") else 410 if link else 404
        return render(request, "links/link.html", {"link": link, "state": state}, status=status)
