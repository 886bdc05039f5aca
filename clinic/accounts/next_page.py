"""Where to go on after signing in or changing the language."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/"
LONGEST = 1500  # characters


def next_page(request: HttpRequest) -> str:
    """Return what ``next`` names if it is a page of ours that can be opened, else Today."""
    wanted = request.POST.get("next") or request.GET.get("next") or HOME
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and len(wanted) <= LONGEST and _opens(wanted) else HOME


def _opens(address: str) -> bool:
    """Whether a page stands there: buttons, which only take a POST, are no place to go."""
    try:
        view = getattr(resolve(urlsplit(address).path).func, "view_class", None)
    except Resolver404:
        return False
    return view is None or (hasattr(view, "get") and "get" in view.http_method_names)


def with_next(name: str, target: str) -> str:
    """Return the address of the page ``name``, which goes on to ``target``."""
    query = "" if target == HOME else "?" + urlencode({"next": target})
    return reverse(name) + query
