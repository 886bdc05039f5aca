"""What a load balancer and a monitor ask. Names parts and numbers, never a secret or a person."""

from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views import View

from clinic.kernel import access, health


class Live(View):
    """The process answers. Asks nothing, not even the database."""

    policy = access.PUBLIC
    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"ok": True})


class Ready(View):
    """Every part that is needed to serve is in order."""

    policy = access.PUBLIC
    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> JsonResponse:
        parts = health.ready(timezone.now())
        ok = not any(problem for problem in parts.values())
        named = {name: {"ok": not words, "problem": words} for name, words in parts.items()}
        return JsonResponse({"ok": ok, "parts": named}, status=200 if ok else 503)


class Queue(View):
    """What waits to leave, and for how long."""

    policy = access.PUBLIC
    html = False
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> JsonResponse:
        try:
            state = health.queue(timezone.now())
        except Error:
            return JsonResponse({"ok": False, "problem": health.UNREACHABLE}, status=503)
        return JsonResponse(state.as_json, status=200 if state.ok else 503)
