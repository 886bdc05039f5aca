"""Who may open which address: denied unless the view says otherwise.

Every view declares a ``policy``. A view without one stops the start (a system check) and is
refused while running. A policy answers for the address; whether a *row* may be seen is asked of
its queryset, ``visible_to(user)``, and what may not be seen is answered 404.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import checks
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import gettext as _

from clinic.kernel.kept_forms import keep, writer


@dataclass(frozen=True)
class Policy:
    """A rule for one address.

    :param name: what the access table shows.
    :param level: 0 anyone; 1 signed in with a password; 2 second factor verified as well.
    :param roles: at level 2, one of these roles is needed; empty: any member of staff.
    """

    name: str
    level: int
    roles: frozenset[str] = frozenset()
    demo: bool = False


PUBLIC = Policy("public", 0)
LINK = Policy("link", 0)  # the page itself asks for the cookie of an exchanged link
PASSWORD = Policy("password", 1)
STAFF = Policy("staff", 2)
DEMO = Policy("demo", 0, demo=True)


def roles(*names: str) -> Policy:
    """Return the policy for verified staff who have one of these roles."""
    return Policy("roles", 2, frozenset(names))


def policy_of(view) -> Policy | None:
    """Return what a view (function or class-based) declares."""
    return getattr(getattr(view, "view_class", view), "policy", None)


def is_behind_link(view) -> bool:
    """Whether a view is for the holder of a mailed link, who may have no account.

    One that is open to everybody, because she comes there before she is known, says so itself.
    """
    view = getattr(view, "view_class", view)
    return policy_of(view) is LINK or getattr(view, "behind_link", False)


def declare(policy: Policy, view):
    """Give a policy to a view that is not ours."""
    view.policy = policy
    return view


# An address, as some proxies write it with its port: 203.0.113.5:4711, [2001:db8::5]:4711.
ADDRESS = re.compile(r"([0-9.]+)(?::[0-9]+)?|\[?([0-9a-fA-F:.]+)(?:\](?::[0-9]+)?)?")


def whole_address(request: HttpRequest) -> str:
    """Return the address a request came from, past as many proxies as TRUSTED_PROXIES says."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    direct = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        direct = _address(hops[-settings.TRUSTED_PROXIES]) or direct
    return str(direct or "")


def client_ip(request: HttpRequest) -> str:
    """Return what tries are counted by: the address, of IPv6 its /64, which one person has whole."""
    address = _address(whole_address(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address or "")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in ``text``; an IPv4 address in IPv6 clothes as itself."""
    found = ADDRESS.fullmatch(text.strip())
    try:
        address = ip_address(found[1] or found[2]) if found else None
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class AccessMiddleware:
    """Asks the view's policy before the view runs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        policy = policy_of(view)
        if policy is None:
            raise PermissionDenied("This view declares no policy.")
        return refusal(policy, request)


def refusal(policy: Policy, request: HttpRequest) -> HttpResponse | None:
    """Return None where the policy lets the request pass, else the answer or an exception."""
    if policy.demo and not settings.DEMO:
        raise Http404
    if policy.level >= 1 and not request.user.is_authenticated:
        return _to_sign_in(request, "sign_in")
    if policy.level >= 2 and not request.user.is_verified():
        return _to_sign_in(request, "second_step")
    if policy.roles and not policy.roles & set(request.user.roles):
        raise PermissionDenied
    return None


def _to_sign_in(request: HttpRequest, name: str) -> HttpResponse:
    """Send to a sign-in step and back; a form that was being sent is kept for its writer."""
    target = keep(request) if request.method == "POST" else request.get_full_path()
    if getattr(request, "timed_out", False):
        messages.info(request, _what_became(request))
    return redirect_to_login(target, reverse(name))


def _what_became(request: HttpRequest) -> str:
    """Say after a time-out what became of the form or the button."""
    if request.method != "POST":
        return _("For safety you were signed out after a while. Please sign in again.")
    if writer(request) is None:
        return _(
            "For safety you were signed out after a while. What you pressed last was not done: "
            "please do it again after signing in."
        )
    return _(
        "For safety you were signed out after a while. What you typed is kept: sign in again "
        "and it is here."
    )


def all_views() -> Iterator[tuple[str, URLPattern]]:
    """Yield (route, pattern) for every address of the site."""

    def walk(patterns, prefix: str):
        for entry in patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry.url_patterns, route)
            else:
                yield route, entry

    yield from walk(get_resolver().url_patterns, "/")


@checks.register(checks.Tags.security)
def every_view_has_a_policy(app_configs, **kwargs) -> list[checks.Error]:
    """Stop the start when a view forgot to say who may open it."""
    return [
        checks.Error(
            f"The view at {route} declares no policy.",
            hint="Give its class `policy = STAFF`, or wrap it in clinic.kernel.access.declare().",
            id="clinic.E001",
        )
        for route, pattern in all_views()
        if policy_of(pattern.callback) is None
    ]
