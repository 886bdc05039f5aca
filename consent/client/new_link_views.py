"""„Send me a new link“: the same answer, and the same work, whatever the token was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from clinic.kernel import access
from clinic.kernel.links import cookie
from consent.emails import wish_new_link


class NewLink(View):
    """Takes the wish; the mail goes to the address on file and nowhere else."""

    policy = access.PUBLIC
    behind_link = True
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        link, state = cookie.find(token, now)
        # An older one may lie in the mailbox of an address that she gave up.
        wish_new_link(None if state == "replaced" else link, now)
        return render(request, "consent/client/ended.html", {"state": "asked"})
