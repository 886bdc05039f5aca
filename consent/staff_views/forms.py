"""The administrator's pages on the forms: particulars, versions, publishing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.audit.history import entries_about, history
from clinic.kernel.glyphs import printable
from clinic.kernel.letters import no_braces
from clinic.kernel.pages import DetailPage, DoPage, FormPage
from clinic.kernel.roles import Role
from consent.figures import BEFORE_A_UNIT, figures
from consent.models import FormVersion, Particular
from consent.papers import after_the_items
from consent.publishing import (
    known_particulars,
    overtaken_by_changes,
    publish_forms,
    save_particulars,
    versions,
)
from consent.requirements import GRACE
from consent.retention import YEARS, lawful_years
from consent.wording import particulars_asked, with_lines

ADMIN = access.roles(Role.ADMIN)
LANGUAGES = ("zh", "en")
OF_ITS_OWN = {YEARS: [lawful_years]} | {key: [figures] for key in BEFORE_A_UNIT}


class FormList(DetailPage):
    """Every form with its versions, and what the next one still lacks."""

    policy = ADMIN
    template_name = "consent/forms.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = known_particulars()
        missing = [label for key, label in Particular.labels().items() if key not in known]
        days = GRACE.days
        changed = [str(version.form) for version in overtaken_by_changes(timezone.now())]
        return super().get_context_data(
            versions=versions(), missing=missing, changed=changed, days=days, **kwargs
        )


class ParticularsForm(forms.Form):
    """What the clinic says of itself, in both languages."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for key, label in Particular.labels().items():
            valid = [printable, no_braces, *OF_ITS_OWN.get(key, [])]
            for language, name in (("zh", _("Chinese")), ("en", _("English"))):
                self.fields[f"{key}_{language}"] = forms.CharField(
                    label=f"{label}・{name}", max_length=300, validators=valid
                )

    @property
    def grouped(self) -> list[tuple]:
        return [("", "", [self[f"{key}_zh"], self[f"{key}_en"]]) for key in particulars_asked()]

    @property
    def values(self) -> dict[str, tuple[str, str]]:
        data = self.cleaned_data
        return {key: (data[f"{key}_zh"], data[f"{key}_en"]) for key in particulars_asked()}


class ParticularsPage(FormPage):
    of_record = True
    policy = ADMIN
    title = _("Particulars of the forms")
    intro = _("These words are filled into the consent forms when they are published.")
    form_class = ParticularsForm
    success_url = reverse_lazy("form_list")
    saved_message = _("Saved. Publish the forms to use the new words.")

    def get_initial(self) -> dict[str, Any]:
        known = known_particulars()
        initial = {}
        for key, asked in particulars_asked().items():
            zh, en = known.get(key, (asked.get("zh", ""), asked.get("en", "")))
            initial |= {f"{key}_zh": zh, f"{key}_en": en}
        return initial

    def act(self, form) -> None:
        save_particulars(values=form.values, by=self.request.user, now=timezone.now())


class PublishDo(DoPage):
    policy = ADMIN

    def act(self) -> str:
        publish_forms(by=self.request.user, now=timezone.now())
        return self.back()

    def back(self) -> str:
        return reverse("form_list")


class VersionPage(DetailPage):
    """One published version, as it is read, and who published it."""

    policy = ADMIN
    template_name = "consent/version.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = get_object_or_404(FormVersion, pk=kwargs["pk"])
        entries = history(entries_about(version).changes())
        items = [(item, *_both(item.wording)) for item in version.items.all()]
        after = zip(*(after_the_items(version, language) for language in LANGUAGES), strict=True)
        return super().get_context_data(
            **kwargs | {"version": version, "items": items, "entries": entries},
            intro=_both(version.content["intro"].get),
            after=[[(title, with_lines(text)) for title, text in pair] for pair in after],
        )


def _both(words: Callable[[str], str]) -> list[str]:
    """Return ``words`` of each language, with a line for whatever each request fills in."""
    return [with_lines(words(language)) for language in LANGUAGES]
