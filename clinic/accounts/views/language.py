"""The language button."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views import View

from clinic.accounts.actions import set_language
from clinic.accounts.next_page import next_page
from clinic.kernel import access

YEAR = 365 * 24 * 3600  # seconds


class SetLanguage(View):
    """Keeps the chosen language in this browser and, after both steps, in the account."""

    policy = access.PUBLIC
    http_method_names = ["post", "options"]

    def post(self, request):
        language, user = request.POST.get("language"), request.user
        response = redirect(next_page(request))
        if language not in dict(settings.LANGUAGES):
            return response
        if user.is_authenticated and user.is_verified() and user.language != language:
            set_language(user=user, language=language, by=user, now=timezone.now())
        return _with_cookie(response, language)


def _with_cookie(response: HttpResponse, language: str) -> HttpResponse:
    """Let this browser remember the language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response
