"""Pages of a crisis profile: filling it in, and the sheet of paper for the client."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from clinic.kernel.pages import DetailPage, FormPage
from clinic.organisation.models import Clinic
from clinic.people.safe_contact import safe_contact_words
from crisis.profiles import actions, paper
from crisis.profiles.drafts import plan_draft
from crisis.profiles.forms import ProfileForm, initial_of
from crisis.profiles.proposals import proposals_for
from crisis.profiles.scope import OfProfile


class ProfilePage(OfProfile, FormPage):
    """Fill in or review; each saving is a review by the reader. What is missing stands above."""

    title = _("Crisis profile")
    intro = _("Go through it with the client. It may be saved half done.")
    submit_label = _("Save as reviewed today")
    saved_message = _("The crisis profile was saved.")
    form_class = ProfileForm
    template_name = "crisis/profile.html"

    @property
    def of_record(self) -> bool:
        """A new one begins with what the directory proposes, which the hour may change."""
        return self.profile is not None

    def get_form_kwargs(self) -> dict[str, Any]:
        self.proposals = proposals_for(self.place, timezone.now())
        return super().get_form_kwargs() | {
            "proposals": self.proposals,
            "profile": self.profile,
            "without_contact": not self.person.contacts_to_call,
            "abroad": self.place.is_abroad,
            "initial": initial_of(self.profile, self.proposals, plan_draft(self.place)),
        }

    def act(self, form) -> Any:
        return actions.save_profile(
            place=self.place,
            values=form.values,
            picks=form.picks,
            risks=form.risks,
            seen=self._seen(),
            by=self.request.user,
            now=timezone.now(),
        )

    def _seen(self) -> datetime | None:
        """When the page was opened; None from who sends something else."""
        try:
            opened = datetime.fromisoformat(self.request.POST.get("seen", ""))
        except ValueError:
            return None
        return opened if timezone.is_aware(opened) else None

    def get_success_url(self) -> str:
        """Stay while something is missing: the page then says what."""
        return self.request.path if self._left() else super().get_success_url()

    def cancel_url(self) -> str:
        return super().get_success_url()

    def _left(self) -> bool:
        del self.profile  # as it was before the saving
        return bool(self.gaps)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            place=self.place,
            profile=self.profile,
            gaps=self.gaps,
            changed=self.changed,
            seen=timezone.now().isoformat(),
            abroad=self.place.is_abroad,
            safe_words=safe_contact_words(self.person),
            **kwargs,
        )


class PaperPage(OfProfile, DetailPage):
    """One A4 page for the client: her numbers and their days, her plan, 119, 110 and 1925."""

    template_name = "crisis/paper.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = self.person.letter_language
        with translation.override(language):
            response = super().get(request, *args, **kwargs).render()
        response.headers["Content-Language"] = language
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = paper.sheet_of(self.place, self.profile, Clinic.the_one(), timezone.now())
        back = reverse("crisis_profile", args=[self.person.pk, self.place.pk])
        return super().get_context_data(sheet=sheet, **kwargs | {"back_url": back})
