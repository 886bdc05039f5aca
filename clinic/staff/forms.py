"""Forms about staff."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.kernel.fields import PeriodMixin, PracticeDayField
from clinic.kernel.glyphs import printable, printable_lines
from clinic.kernel.roles import CLINICAL, Role
from clinic.organisation.fields import CountyField
from clinic.organisation.models import Premises
from clinic.staff.approval_actions import PARTNER_ASKED
from clinic.staff.models import Approval, Channel, Credential, Oversight, Practitioner


class MemberForm(forms.Form):
    """Name, roles, and what a practitioner is."""

    name = forms.CharField(label=_("Name"), max_length=100, validators=[printable])
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may have several."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of practitioner"),
        choices=[("", _("not a practitioner")), *Practitioner.Kind.choices],
        required=False,
    )
    languages = forms.CharField(
        label=_("Working languages"), max_length=100, required=False, validators=[printable]
    )
    guideline_followed = forms.CharField(
        label=_("Law and guideline followed"),
        max_length=200,
        required=False,
        validators=[printable],
        help_text=_("Only for another profession: the guideline for psychologists is not theirs."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {*data.get("roles", [])} & {*CLINICAL} and not data.get("kind"):
            self.add_error("kind", _("Please say which kind of practitioner this is."))
        elif data.get("roles") and data.get("kind") and self._half_an_intern(data):
            self.add_error("kind", _("An intern needs both: the role and the kind of an intern."))
        elif self.initial.get("kind") and not data.get("kind"):
            self.add_error("kind", _("What is on file stays on file. Please choose the kind."))
        if data.get("kind") == Practitioner.Kind.OTHER and not data.get("guideline_followed"):
            self.add_error("guideline_followed", _("Please name the law and guideline followed."))
        return data

    @staticmethod
    def _half_an_intern(data: dict[str, Any]) -> bool:
        """Whether role and kind disagree; another profession has interns of its own."""
        one = Practitioner(kind=data["kind"]).is_intern
        return data["kind"] != Practitioner.Kind.OTHER and one != (Role.INTERN in data["roles"])

    @property
    def practice(self) -> dict[str, str]:
        """What describes the practitioner; empty when there is none."""
        names = ("kind", "languages", "guideline_followed")
        return {n: self.cleaned_data[n] for n in names} if self.cleaned_data["kind"] else {}


class InviteForm(MemberForm):
    """A new member of staff."""

    email = forms.EmailField(label=_("Email"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, initial="zh-hant"
    )
    field_order = ["name", "email", "language", "roles", "kind"]


class InvitedAddressForm(forms.Form):
    """Where an invitation goes."""

    email = InviteForm.base_fields["email"]


class CredentialForm(PeriodMixin):
    """A certificate, or a practice licence with its place and end (G1.1)."""

    mark_optional = False  # what is optional depends on the document; the help texts say it

    kind = forms.ChoiceField(
        label=pgettext_lazy("certificate or licence", "Document"), choices=Credential.Kind.choices
    )
    number = forms.CharField(label=_("Number"), max_length=60, validators=[printable])
    last_day = PracticeDayField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day. A certificate has none; a practice licence always has one."),
    )
    county_id = CountyField(
        label=_("County of registration"), required=False, help_text=_("For a practice licence.")
    )
    premises = forms.ModelChoiceField(
        label=_("Premises"),
        queryset=Premises.objects.all(),
        required=False,
        empty_label="–",
        help_text=_("For a practice licence."),
    )
    field_order = ["kind", "number", "starts_on", "last_day", "county_id", "premises"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == Credential.Kind.PRACTICE_LICENCE:
            for name in ("last_day", "county_id", "premises"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A practice licence needs this."))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "number": data["number"],
            "period": self.period,
            "county_id": data["county_id"] or None,
            "premises": data["premises"],
        }


class OversightForm(PeriodMixin):
    """Who supervises, how, and for how long."""

    overseer = forms.ModelChoiceField(label=_("Supervisor"), queryset=None, empty_label="–")
    kind = forms.ChoiceField(label=_("Kind"), choices=Oversight.Kind.choices)
    last_day = PracticeDayField(label=_("Last day"), required=False)
    field_order = ["overseer", "kind"]

    def __init__(self, *args: Any, overseers, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["overseer"].queryset = overseers


class OversightEndForm(forms.Form):
    """The last day of a supervision."""

    last_day = PracticeDayField(
        label=_("Last day"), help_text=_("Today, or an earlier day where it ended before.")
    )


class ResponsibleForm(forms.Form):
    """The psychologist in charge."""

    responsible = forms.ModelChoiceField(
        label=_("Psychologist in charge"), queryset=None, empty_label="–"
    )

    def __init__(self, *args: Any, candidates, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = candidates


class ApprovalForm(PeriodMixin):
    """The health bureau's approval, as its letter says it."""

    county_id = CountyField(label=_("Health bureau of"))
    number = forms.CharField(label=_("Approval number"), max_length=60, validators=[printable])
    channels = forms.MultipleChoiceField(
        label=_("Ways of telecounselling"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only the ways that the approval names."),
    )
    premises = forms.ModelMultipleChoiceField(
        label=_("Premises"),
        queryset=Premises.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    age_floor = forms.IntegerField(
        label=_("Minimum age"),
        min_value=0,
        max_value=120,
        initial=18,
        help_text=_(
            "In years, as this approval says. The ministry's principle of 2019 and 2020 names 18; "
            "no later text was found by 2026-11-21."
        ),
    )
    exclusions = forms.CharField(
        label=_("Excluded persons"),
        max_length=1000,
        required=False,
        validators=[printable_lines],
        widget=forms.Textarea,
        help_text=_("Such as the diagnoses that the approval leaves out."),
    )
    medical_partner = forms.CharField(
        label=_("Medical institution for referral"),
        max_length=100,
        error_messages={"required": PARTNER_ASKED},
        validators=[printable],
        help_text=_(
            "An institution that is not medical needs a co-operation plan with one; a medical "
            "institution enters its own name."
        ),
    )
    last_day = PracticeDayField(
        label=_("Valid until"), required=False, help_text=_("Empty when the letter names no end.")
    )
    field_order = ["county_id", "number", "starts_on", "last_day", "channels", "premises"]

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes, but for the premises."""
        names = ("county_id", "number", "channels", "age_floor", "exclusions", "medical_partner")
        return {n: self.cleaned_data[n] for n in names} | {"period": self.period}

    @staticmethod
    def initial_of(approval: Approval) -> dict[str, Any]:
        """Return what the form starts with."""
        names = ("county_id", "number", "channels", "age_floor", "exclusions", "medical_partner")
        return {n: getattr(approval, n) for n in names} | {
            "starts_on": approval.starts_on,
            "last_day": approval.last_day,
            "premises": list(approval.premises.all()),
        }


class ApprovedPersonForm(PeriodMixin):
    """A practitioner whom the approval names."""

    mark_optional = False  # whether the last day is depends on the approval; its help text says it

    practitioner = forms.ModelChoiceField(label=_("Practitioner"), queryset=None, empty_label="–")
    last_day = PracticeDayField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty only where the approval itself has no end."),
    )
    field_order = ["practitioner"]

    def __init__(self, *args: Any, candidates, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = candidates


class ApprovalFilter(forms.Form):
    """What the list of approvals can be narrowed by."""

    q = forms.CharField(label=_("Number, county or institution"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Valid"), choices=[("", _("all")), ("today", _("in force today"))], required=False
    )


class StaffFilter(forms.Form):
    """What the list of staff can be narrowed by."""

    q = forms.CharField(label=_("Name or email"), required=False, max_length=100)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("all")), *Role.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("Account"),
        choices=[
            ("", pgettext_lazy("an account", "open")),
            ("closed", pgettext_lazy("an account", "closed")),
        ],
        required=False,
    )
    day = forms.ChoiceField(
        label=_("As of"),
        choices=[("", _("today")), ("30", _("in 30 days")), ("90", _("in 90 days"))],
        required=False,
    )
