"""The form of a crisis profile: one page, pre-filled with the nearest numbers."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.kernel.fields import LEAST_DIGITS, DayField, PhoneField
from clinic.kernel.glyphs import printable_lines
from clinic.people.forms import text
from crisis.directory.finding import Found
from crisis.directory.trust import doubts_of
from crisis.models import Choice, CrisisProfile, Resource, Risk
from crisis.profiles.actions import Pick, Weighed
from crisis.profiles.proposals import Proposals, first_choice

TYPED, NONE, KEPT = "typed", "none", "kept"
TEXTS = ("out_of_hours_plan", "nearby_words", "contact_words", "no_contact_reason")
PLAN_LENGTH, PLAN_LINES = 500, 10
SHORTEST_ABROAD = 3  # digits: 112, 911, 999
SEGMENTED = {"data-look": "segmented"}


def few_lines(text: str) -> None:
    """Refuse a plan that would not fit the one page on which it is printed."""
    if len(text.splitlines()) > PLAN_LINES:
        raise ValidationError(
            _("Please use at most %(most)s lines: it is printed on one page."),
            code="lines",
            params={"most": PLAN_LINES},
        )


def lines(
    label: Any, help_text: Any = "", rows: int = 4, most: int = 2000, fits: tuple = ()
) -> forms.CharField:
    """Return an optional text of several lines."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        validators=[printable_lines, *fits],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class ProfileForm(forms.Form):
    """Everything that G5.2 and G5.3 ask about one person at one place; may be saved half done.

    :param proposals: rows of the directory by kind.
    :param profile: what is on file, ``whole()``, or None.
    :param without_contact: whether nobody may be called for the client.
    :param abroad: whether the place is; emergency numbers there may be as short as 112.
    """

    limits_explained_on = DayField(
        label=gettext_lazy("Limits explained on"),
        required=False,
        help_text=gettext_lazy("What we cannot do from a distance. Such as 2027-03-31."),
    )
    out_of_hours_plan = lines(
        gettext_lazy("Out-of-hours plan"),
        gettext_lazy(
            "What the client does when the clinic is closed. It is printed for the client."
        ),
        rows=6,
        most=PLAN_LENGTH,
        fits=(few_lines,),
    )
    nearby_words = lines(
        gettext_lazy("Help nearby, or referral"),
        gettext_lazy("Whether a counsellor nearby would serve the client better. Not printed."),
    )
    contact_words = lines(
        gettext_lazy("Who may be contacted, and what may be said"),
        gettext_lazy("How contact with them was prepared. Not printed."),
    )
    no_contact_reason = lines(
        gettext_lazy("Why there is no emergency contact"),
        gettext_lazy("In the client's words and yours; it is kept with today's date."),
    )

    mark_optional = False  # everything may wait; what is missing is said above the form

    def __init__(
        self,
        *args: Any,
        proposals: Proposals,
        profile: CrisisProfile | None,
        without_contact: bool,
        abroad: bool = False,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.least = SHORTEST_ABROAD if abroad else LEAST_DIGITS
        self.rows: dict[str, Any] = {}
        known = {choice.kind: choice for choice in profile.choices.all()} if profile else {}
        for kind in Choice.Kind:
            self._add_kind(kind, proposals.get(kind, []), known.get(kind))
        for kind in Risk.Kind:
            self.fields[f"risk_{kind}"] = forms.ChoiceField(
                label=capfirst(kind.label),
                choices=Risk.Level.choices,
                required=False,
                widget=forms.RadioSelect(attrs=SEGMENTED),
            )
            self.fields[f"risk_{kind}_note"] = text(_("Note: %(risk)s") % {"risk": kind.label}, 500)
        if not without_contact and not (profile and profile.no_contact_reason):
            del self.fields["no_contact_reason"]

    def _add_kind(self, kind: Choice.Kind, proposed: list[Found], choice: Choice | None) -> None:
        """Add the question for one kind of help, and the two fields for a number of one's own."""
        rows = {row.resource.pk: (row.resource, _label(row)) for row in proposed}
        if choice and choice.resource and not choice.is_gone:
            rows.setdefault(choice.resource_id, (choice.resource, _label_of(choice.resource)))
        self.rows |= {f"r{pk}": resource for pk, (resource, _words) in rows.items()}
        options = [(f"r{pk}", words) for pk, (_resource, words) in rows.items()]
        if choice and choice.none_on:
            words = {"day": choice.none_on.isoformat(), "name": choice.none_by.name}
            options.append((KEPT, _("None known, looked up on %(day)s by %(name)s") % words))
        options += [(TYPED, _("Another number")), (NONE, _("None known, looked up today"))]
        self.fields[f"{kind}_pick"] = forms.ChoiceField(
            label=capfirst(kind.label), choices=options, required=False, widget=forms.RadioSelect
        )
        self.fields[f"{kind}_name"] = text(_("Name: %(kind)s") % {"kind": kind.label}, 100)
        self.fields[f"{kind}_number"] = PhoneField(
            label=_("Telephone: %(kind)s") % {"kind": kind.label},
            required=False,
            least=self.least,
        )

    @property
    def grouped(self) -> list[tuple]:
        calls = [
            ("", "", [self[f"{kind}_{part}"] for part in ("pick", "name", "number")])
            for kind in Choice.Kind
        ]
        proposed = (
            _("The nearest are proposed.") if self.rows else _("The directory has none here.")
        )
        calls[0] = (_("Whom to call there"), proposed, calls[0][2])
        risks = [self[f"risk_{kind}{end}"] for kind in Risk.Kind for end in ("", "_note")]
        talks = [self[name] for name in self.base_fields if name in self.fields]
        return [
            *calls,
            (_("Risks, weighed beforehand"), "", risks),
            (_("What was talked about"), "", talks),
        ]

    def clean_limits_explained_on(self) -> date | None:
        day = self.cleaned_data["limits_explained_on"]
        if day and day > timezone.localdate():
            raise ValidationError(
                _("This day lies in the future. Please give the day of the talk.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for kind in Choice.Kind:
            self._check_typed(kind, data)
        for kind in Risk.Kind:
            if data.get(f"risk_{kind}_note") and not data.get(f"risk_{kind}"):
                self.add_error(f"risk_{kind}", _("Please say how this risk is seen as well."))
        return data

    def _check_typed(self, kind: Choice.Kind, data: dict[str, Any]) -> None:
        parts = {part: f"{kind}_{part}" for part in ("name", "number")}
        if data.get(f"{kind}_pick") != TYPED:
            return
        for field in parts.values():
            if not data.get(field) and field not in self.errors:
                self.add_error(field, _("Please give a name and a number, or choose otherwise."))

    @property
    def values(self) -> dict[str, Any]:
        """Texts and days as the action writes them."""
        return {name: self.cleaned_data[name] for name in self.base_fields if name in self.fields}

    @property
    def picks(self) -> dict[str, Pick | None]:
        """The answers by kind; one that stays as it was is left out."""
        data, found = self.cleaned_data, {}
        for kind in Choice.Kind:
            picked = data[f"{kind}_pick"]
            if picked == TYPED:
                found[kind] = Pick(name=data[f"{kind}_name"], number=data[f"{kind}_number"])
            elif picked == NONE:
                found[kind] = Pick()
            elif picked != KEPT:
                found[kind] = Pick(resource=self.rows[picked]) if picked else None
        return found

    @property
    def risks(self) -> dict[str, Weighed | None]:
        """How each risk is seen; None where it was not weighed."""
        data = self.cleaned_data
        return {
            kind: Weighed(data[f"risk_{kind}"], data[f"risk_{kind}_note"])
            if data[f"risk_{kind}"]
            else None
            for kind in Risk.Kind
        }


def _label(row: Found) -> str:
    """An entry in one line: who, number, where, and what speaks against it."""
    where = row.resource.town or row.resource.county
    number = (row.call or row.phones[0]).shown if row.phones else ""
    return "・".join(filter(None, [row.resource.name, number, str(where or ""), *row.doubts]))


def _label_of(chosen: Resource) -> str:
    """One that is on file and not among those proposed."""
    certain = any(phone.dial for phone in chosen.phones.all())
    return "・".join([chosen.name, *doubts_of(chosen, timezone.localdate(), certain=certain)])


def initial_of(profile: CrisisProfile | None, proposals: Proposals, draft: str) -> dict[str, Any]:
    """Return what the form starts with: what is on file, else the first choice of each kind."""
    start: dict[str, Any] = {
        f"{kind}_pick": f"r{first.resource.pk}"
        for kind, rows in proposals.items()
        if (first := first_choice(rows))
    }
    if profile is None:
        return start | {"out_of_hours_plan": draft}
    for choice in profile.choices.all():
        start[f"{choice.kind}_pick"] = _picked(choice)
        start |= {f"{choice.kind}_name": choice.name, f"{choice.kind}_number": choice.number}
    for risk in profile.risks.all():
        start |= {f"risk_{risk.kind}": risk.level, f"risk_{risk.kind}_note": risk.note}
    start |= {name: getattr(profile, name) for name in TEXTS}
    return start | {"limits_explained_on": profile.limits_explained_on}


def _picked(choice: Choice) -> str:
    if choice.none_on:
        return KEPT
    if choice.resource_id is None:
        return TYPED
    return "" if choice.is_gone else f"r{choice.resource_id}"
