"""Forms about people: a client's particulars, an emergency contact."""

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import PhoneField
from clinic.kernel.glyphs import printable, printable_lines
from clinic.kernel.outbox.registry import Recipient
from clinic.organisation.fields import (
    CountyField,
    TownField,
    check_town,
    county_choices,
    town_choices,
)
from clinic.organisation.models import Town
from clinic.people.fields import (
    BirthDateField,
    ContactEmailField,
    NationalIdField,
    PhonesField,
)
from clinic.people.models import EmergencyContact, Person

NARROW = (
    *("name", "name_roman", "birth_date", "national_id", "phone", "safe_channel", "code_word"),
    *("registered_county", "registered_town", "residence_county", "residence_town"),
)


def text(label: Any, most: int, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    """Return a text that documents can print, at most ``most`` characters; one line by default."""
    several = isinstance(kwargs.get("widget"), forms.Textarea)
    check = printable_lines if several else printable
    return forms.CharField(
        label=label, max_length=most, required=required, validators=[check], **kwargs
    )


def safe_time(label: Any, help_text: Any) -> forms.TimeField:
    """Return an optional time of the client's day, in 24 hours."""
    return forms.TimeField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Please give a time between 00:00 and 23:59.")},
    )


class PersonForm(forms.Form):
    """Everything the clinic knows about a client. Only name, sex and birth date are needed."""

    name = text(
        _("Name"),
        100,
        required=True,
        help_text=_("As in the ID document, surname first."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name_roman = text(_("Roman name"), 100, help_text=_("As in the passport."))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Person.Sex.choices,
        widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
    )
    birth_date = BirthDateField()
    national_id = NationalIdField(required=False)
    phone = PhoneField(required=False, help_text=_("An extension follows # or 轉."))
    email = ContactEmailField(
        required=False,
        help_text=_("Leave it empty if there is none: paper and telephone work as well."),
    )
    neutral_contact = forms.BooleanField(
        label=_("Write without naming the clinic"),
        required=False,
        help_text=_("Mail then carries the clinic's neutral name inside as well."),
    )
    never_mail = forms.BooleanField(label=_("Never write mail"), required=False)
    safe_channel = forms.ChoiceField(
        label=_("Safe way"),
        choices=[("", _("any")), *Person.SafeChannel.choices],
        required=False,
    )
    safe_from = safe_time(_("Safe from"), _("By the clock at the client's usual place."))
    safe_until = safe_time(
        _("Safe until"),
        _(
            "In a country with several time zones mail may find no hour that is safe in all of "
            "them. A city that is named in the usual place, such as New York, settles which counts."
        ),
    )
    code_word = text(
        _("Code word"), 60, help_text=_("Said on the telephone before anything else is said.")
    )
    registered_county = CountyField(required=False)
    registered_town = TownField("registered_county", required=False)
    registered_address = text(_("Street and number"), 120)
    residence_county = CountyField(label=_("County or city of residence"), required=False)
    residence_town = TownField("residence_county", label=_("Township of residence"), required=False)
    residence_address = text(_("Street and number of residence"), 120)
    languages = text(
        _("Languages"), 100, help_text=_("Such as Mandarin, Taiwanese, sign language.")
    )
    letter_language = forms.ChoiceField(
        label=_("Language of mails and documents"),
        choices=settings.LANGUAGES,
        initial="zh-hant",
        required=False,
        widget=forms.RadioSelect(attrs={"data-look": "segmented"}),
        help_text=_("In which the client is written to, and reads the consent form."),
    )
    access_needs = text(
        _("Culture and access needs"),
        500,
        help_text=_(
            "What makes it easier: large print, an interpreter, captions, pauses, customs."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        counties, towns = county_choices(), town_choices()  # once for both addresses
        for which in ("registered", "residence"):
            self.fields[f"{which}_county"].choices = counties
            self.fields[f"{which}_town"].choices = towns
        for name in NARROW:
            self.fields[name].widget.attrs["class"] = "w-m"

    @property
    def grouped(self) -> list[tuple]:
        groups = (
            (_("Person"), "", "name name_roman sex birth_date national_id"),
            (_("How to reach the client"), "", "phone email"),
            (
                _("Safe contact"),
                _("Fill this in when somebody at home must not learn of the counselling."),
                "neutral_contact never_mail safe_channel safe_from safe_until code_word",
            ),
            (
                _("Household registration"),
                "",
                "registered_county registered_town registered_address",
            ),
            (
                _("Residence"),
                _("Only if it is elsewhere. Abroad: leave county and township empty."),
                "residence_county residence_town residence_address",
            ),
            (_("Language and access"), "", "languages letter_language access_needs"),
        )
        return [(title, words, [self[n] for n in names.split()]) for title, words, names in groups]

    @property
    def warnings(self) -> list[str]:
        """What is worth a second look but no error, in words."""
        number = getattr(self, "cleaned_data", {}).get("national_id", "")
        return [doubt] if (doubt := NationalIdField.doubt_of(number)) else []

    def clean_letter_language(self) -> str:
        return self.cleaned_data["letter_language"] or self.fields["letter_language"].initial

    def clean(self) -> dict[str, Any]:
        super().clean()
        for which in ("registered", "residence"):
            check_town(self, f"{which}_county", f"{which}_town")
        data = self.cleaned_data
        if data.get("registered_address") and not (
            data.get("registered_county") or data.get("registered_town")
        ):
            self.add_error("registered_town", _("Please choose county and township as well."))
        self._check_safe_way(data)
        self._check_safe_hours(data)
        return data

    def _check_safe_way(self, data: dict[str, Any]) -> None:
        way = data.get("safe_channel")
        if way == Person.SafeChannel.EMAIL:
            if data.get("never_mail"):
                words = _("Mail cannot be the safe way where mail is never written.")
                self.add_error("safe_channel", words)
            elif not data.get("email") and "email" not in self.errors:
                self.add_error("safe_channel", _("There is no email address above."))
        elif way and not data.get("phone") and "phone" not in self.errors:
            self.add_error("safe_channel", _("There is no telephone number above."))

    def _check_safe_hours(self, data: dict[str, Any]) -> None:
        start, end = data.get("safe_from"), data.get("safe_until")
        if {"safe_from", "safe_until"} & {*self.errors}:
            return
        if bool(start) != bool(end):
            words = _("Please give both times, or none.")
            self.add_error("safe_until" if start else "safe_from", words)
        elif start and start >= end:
            self.add_error("safe_until", _("This must be later than the first time."))
        elif start and self._is_mailed(data) and {"safe_from", "safe_until"} & {*self.changed_data}:
            self._check_mail_leaves(start, end)

    @staticmethod
    def _is_mailed(data: dict[str, Any]) -> bool:
        mailed = data.get("safe_channel") in ("", Person.SafeChannel.EMAIL)
        return bool(data.get("email") and mailed and not data.get("never_mail"))

    def _check_mail_leaves(self, start: time, end: time) -> None:
        """Hours that never meet those of mail would hold each letter for good. Kept ones stay."""
        opens, closes = Recipient.window
        if max(start, opens) >= min(end, closes):
            words = _(
                "No mail leaves in these hours, only from %(opens)s to %(closes)s. Please choose "
                "others, or tick “Never write mail”."
            )
            hours = {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
            self.add_error("safe_until", words % hours)

    @property
    def values(self) -> dict[str, Any]:
        """What the action writes: townships as rows, no counties."""
        data = {k: v for k, v in self.cleaned_data.items() if not k.endswith("_county")}
        codes = [data["registered_town"], data["residence_town"]]
        towns = Town.objects.select_related("county").in_bulk([code for code in codes if code])
        for name in ("registered_town", "residence_town"):
            data[name] = towns.get(data[name])
        return data

    @classmethod
    def initial_of(cls, person: Person) -> dict[str, Any]:
        """Return what the form of an existing person starts with."""
        counties = {"registered_county", "residence_county"}
        start = {name: getattr(person, name) for name in {*cls.base_fields} - counties}
        for which in ("registered", "residence"):
            code = getattr(person, f"{which}_town_id") or ""
            start |= {f"{which}_town": code, f"{which}_county": code[:5]}
        return start


class EmergencyContactForm(forms.Form):
    """Whom to call for a client (G5.2)."""

    name = text(_("Name"), 100, required=True)
    relation = text(
        _("Relation to the client"), 40, required=True, help_text=_("Such as mother or friend.")
    )
    phones = PhonesField()
    may_be_told = forms.BooleanField(
        label=_("May be told of the counselling"),
        required=False,
        help_text=_("If not, only what is needed in an emergency is said."),
    )
    do_not_contact = forms.BooleanField(
        label=_("Do not contact"),
        required=False,
        help_text=_("This person is then never proposed, not even in a crisis."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("may_be_told") and data.get("do_not_contact"):
            self.add_error(
                "do_not_contact", _("Please choose one: may be told, or do not contact.")
            )
        return data

    @classmethod
    def initial_of(cls, contact: EmergencyContact) -> dict[str, Any]:
        """Return what the form of an existing contact starts with."""
        return {name: getattr(contact, name) for name in cls.base_fields}
