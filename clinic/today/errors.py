"""Pages for what went wrong. Friendly, and what was typed is not lost."""

import logging

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from clinic.kernel.access import policy_of
from clinic.kernel.files.store import FileUnreadable, ask_to_bring_back
from clinic.kernel.kept_forms import keep, writer

log = logging.getLogger(__name__)


class UnreadableFiles:
    """A stored file that is lost or altered: said in words wherever it is fetched, and reported."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, FileUnreadable):
            return None
        log.error("%s cannot be read: %s", error, type(error.__cause__).__name__)
        ask_to_bring_back(error.file, timezone.now())
        return render(request, "503_file.html", status=503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token ended with an earlier login: kept, and shown again, where we know whose."""
    if writer(request) is not None:
        return redirect(keep(request))
    policy = policy_of(request.resolver_match.func)
    if policy and policy.level and not request.user.is_authenticated:
        return redirect_to_login(request.path, reverse("sign_in"))
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        files = request.content_type == "multipart/form-data"
        return render(request, "413.html", {"files": files}, status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)
