"""Who stands before a client page: the holder of an exchanged link, with the birth date proven.

No staff session is looked at here. Each link has a cookie of its own, so one phone may hold the
links of several people, and no page of one shows another's.
"""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.generic import FormView

from clinic.errors import Refused
from clinic.kernel import access
from clinic.kernel.actors import Actor
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link
from clinic.organisation.letterhead import letterhead
from clinic.people.birth_proof import HOLDER
from clinic.people.models import Person
from clinic.people.places import is_told_abroad
from consent.models import Request


class ClientPage:
    """Base of every page behind a consent link. ``link_id`` stands in the address."""

    policy = access.LINK
    needs_proof = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.now = timezone.now()
        self.link = cookie.held(request, Link.Purpose.CONSENT, self.now, pk=kwargs["link_id"])
        if self.link is None:
            return self._ended("closed")
        self.consent = Request.objects.of_link(self.link)
        # Until the answer is made: what goes wrong is said in her language too.
        translation.activate(self.consent.language)
        if self.consent.address_changed:  # why is not said: another may read at the old one
            return self._ended("dead", clinic_phone=self.phone())
        if self.needs_proof and not cookie.is_proven(request, self.link):
            return redirect("consent_start", link_id=self.link.pk)
        if self.consent.is_stranded:
            return self._ended("stranded", clinic_phone=self.phone())
        response = super().dispatch(request, *args, **kwargs)
        # Kept in the background, it may be on its way when she leaves: it opens no door again.
        if request.headers.get("X-Keep"):
            return response
        return cookie.prolong(request, response, self.link)

    def _ended(self, state: str, **context: Any) -> HttpResponse:
        """Say kindly that nothing opens here; who sent something learns that it was not kept."""
        context |= {"state": state, "sent": self.request.method == "POST"}
        return render(self.request, "consent/client/ended.html", context, status=410)

    @property
    def signer(self) -> Person:
        return self.consent.signer

    @property
    def actor(self) -> Actor:
        """Who acts where no birth date is needed: she, once she has proven it."""
        return self.signer if cookie.is_proven(self.request, self.link) else HOLDER

    @property
    def hides(self) -> bool:
        """Whether it may not say yet whose it is and what for: others may open her mail."""
        return self.signer.neutral_contact and not cookie.is_proven(self.request, self.link)

    def phone(self) -> str:
        """The number that the signer may call: the neutral one where she asked for that."""
        head = letterhead(abroad=is_told_abroad(self.signer))
        return head["neutral_phone"] if self.signer.neutral_contact else head["clinic_phone"]

    def words(self) -> str:
        """``zh`` or ``en``, as content files name them."""
        return "en" if self.consent.language == "en" else "zh"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proven = cookie.is_proven(self.request, self.link)
        mine = {"consent": self.consent, "link_id": self.link.pk, "proven": proven}
        mine["hides"] = self.hides
        if self.hides:
            mine["clinic_name"] = letterhead()["neutral_name"]
        mine["until"] = self.link.expires_at
        return super().get_context_data(**kwargs | mine)


class ClientForm(ClientPage, FormView):
    """A page with one form. ``act(form)`` calls the action; a refusal stands beside the form."""

    def act(self, form: Form) -> Any:
        """Do what the form asks. May raise Refused."""
        raise NotImplementedError

    def onward(self) -> HttpResponse:
        """Where it goes on when it was done."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form while there is something to answer; else how it ended."""
        if not self.consent.is_live:
            return redirect("consent_done", link_id=self.link.pk)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            self.act(form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.form_invalid(form)
        return self.onward()


def device_of(request: HttpRequest) -> dict[str, str]:
    """Return where a request came from and what the device calls itself, fit for evidence.

    The name is cut to 300 characters of ASCII, so that it can be printed.
    """
    header = request.headers.get("User-Agent", "")[:300]
    agent = "".join(c if c.isascii() and c.isprintable() else "?" for c in header)
    return {"ip": access.whole_address(request), "agent": agent}
