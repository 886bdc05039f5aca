"""Pages for what went wrong. Friendly, and what was typed is not lost."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.contrib.auth.views import redirect_to_login

from clinic.kernel.kept_forms import keep


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: kept for its writer where we know whose it is."""
    if request.user.is_authenticated:
        return render(request, "403_csrf.html", status=403)
    return redirect_to_login(keep(request), reverse("sign_in"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)
