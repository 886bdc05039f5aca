"""What each request is asked about its reader: which language, and is the login still fresh."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from clinic.kernel.writes import takes_no_writes

SEEN, SIGNED_IN, HELD_UNTIL = "seen_at", "signed_in_at", "held_until"
HOLD_LONGER = timedelta(minutes=30)
TOUCH_EVERY = 60  # seconds; spares a write on every request
TRIED_LENGTH = 255  # characters that the table of tries holds


def language(get_response):
    """Chinese unless the reader chose otherwise: by her account, or by this browser's cookie.

    A page behind a link activates the language of its reader, until the answer is made.
    """
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen not in known:
            chosen = getattr(request.user, "language", settings.LANGUAGE_CODE)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            response.headers.setdefault("Content-Language", translation.get_language())
        return response

    return middleware


def session_age(get_response):
    """Ends a login after SESSION_IDLE_MINUTES of silence, or SESSION_HOURS in any case."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if _too_old(request.session, now) and not _stands_still(request.session, now):
                logout(request)
                request.timed_out = True  # the sign-in page says so
            elif now - request.session[SEEN] > TOUCH_EVERY:
                request.session[SEEN] = now
        return get_response(request)

    return middleware


def start_clock(request: HttpRequest) -> None:
    """Note when a login began."""
    now = timezone.now().timestamp()
    request.session[SEEN] = request.session[SIGNED_IN] = now


def hold_session(request: HttpRequest, *, until: datetime) -> None:
    """Keep this browser's login alive while a counselling session runs, and half an hour beyond.

    In a crisis nobody may be asked for a password and a code first. Of two that run, the later end
    counts. ``until`` is aware.
    """
    until_then = (until + HOLD_LONGER).timestamp()
    if until_then > request.session.get(HELD_UNTIL, 0):  # spares a write with every draft
        request.session[HELD_UNTIL] = until_then


def release_session(request: HttpRequest) -> None:
    """Let the time-outs count again."""
    request.session.pop(HELD_UNTIL, None)
    request.session[SEEN] = timezone.now().timestamp()


def _too_old(session, now: float) -> bool:
    if now < session.get(HELD_UNTIL, 0):
        return False
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES).total_seconds()
    return now - session.get(SEEN, 0) > idle or _is_over(session, now)


def _is_over(session, now: float) -> bool:
    whole = timedelta(hours=settings.SESSION_HOURS).total_seconds()
    return now - session.get(SIGNED_IN, 0) > whole


def _stands_still(session, now: float) -> bool:
    """Whether it seems idle only because the database takes no writes: nobody's clock moves then.

    In a crisis the pages must open; the login could not be ended in the table either.
    """
    return not _is_over(session, now) and takes_no_writes()


def account_tried(request: HttpRequest, credentials=None) -> str:
    """The account that tries are counted for, however its address is written.

    In capitals, as the database compares: there ı and ſ are I and S as well, so that small letters
    would give who guesses a fresh set of tries for each way of writing one address. Capitals may be
    longer than what was typed (ß is SS).
    """
    return (credentials or {}).get("username", "").upper()[:TRIED_LENGTH]


def locked_out(request: HttpRequest, credentials=None, *args, **kwargs) -> HttpResponse:
    """Too many wrong passwords for this account from this address."""
    return render(request, "429.html", status=429)
