"""The form of an assessment: full, or short with the points behind each question."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.fields import DayField
from clinic.kernel.glyphs import printable_lines
from sessions.models import Suitability
from sessions.models.bookings import SessionQuerySet
from sessions.suitability.reading import Reading
from sessions.suitability.rules import need_field, newer, note_field, problems, rating_field
from sessions.suitability.words import (
    CHANGED,
    COMPARE,
    COMPARE_TITLE,
    COMPARED,
    CONSENT,
    GROUPS,
    LEVELS,
    OUTCOMES,
    POINTS,
    QUESTIONS,
    UNCHANGED,
    Need,
    Point,
    Question,
)

LONGEST = 2000
SAME, DIFFERENT = "same", "changed"
SEGMENTED = {"data-look": "segmented"}
FULL, SHORT = Suitability.Form.FULL, Suitability.Form.SHORT


class Levels(forms.RadioSelect):
    """The five levels with their colours."""

    def create_option(self, name, value, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-state"] = LEVELS[int(value)].state
        return option


class Lines(forms.CharField):
    """A text of several lines, with one kind of line break, so that carried over it is the same."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Rated:
    """One point of the form with its two fields, for the template."""

    def __init__(self, form: "AssessmentForm", point: Point):
        self.point = point
        self.rating = form[rating_field(point.id)]
        self.note = form[note_field(point.id)]
        self.compare = form["compare"] if point is COMPARED else None
        self.last = LEVELS[form.last.ratings[point.id]] if form.last else None
        self.last_note = form.last.notes[point.id] if form.last else ""


class AssessmentForm(forms.Form):
    """``kind`` is full or short; ``last`` the assessment that is carried over.

    Which points are asked depends on the answers, so nothing is required by its field: the rules
    say what is missing, the same ones that the action asks.
    """

    mark_optional = False
    use_required_attribute = False

    session = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    kind = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: str,
        last: Reading | None,
        sessions: SessionQuerySet,
        today: date,
        stale: bool = False,
        **kwargs: Any,
    ):
        initial = _carried(last) | {"kind": kind, "seen": last.row.pk if last else None}
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.kind, self.last, self.today, self.stale = kind, last, today, stale
        self.fields["session"].queryset = sessions
        self.fields |= _point_fields() | _outcome_fields()
        for question in self.questions:
            self.fields[question.id] = _choice(question.text, _pairs(SAME, DIFFERENT))

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the short form; none on the full one."""
        return QUESTIONS if self.kind == SHORT else ()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.stale:
            self.add_error(None, str(newer()))
        for question in self.questions:
            self._clean_question(question)
        if self._asked_whole():
            for problem in problems(**self.given, today=self.today):
                if not self.has_error(problem.field):
                    self.add_error(problem.field, str(problem))
        return data

    def _clean_question(self, question: Question) -> None:
        chosen = self.cleaned_data.get(question.id)
        if not chosen:
            self.add_error(question.id, _("Please say whether anything has changed."))
        elif chosen == DIFFERENT and not any(map(self._is_new, question.points)):
            self.add_error(question.id, _("You chose “changed”: please change what is different."))
        elif chosen == DIFFERENT:
            self._clean_reasons(question)

    def _clean_reasons(self, question: Question) -> None:
        """A new level needs a new reason: the old one speaks for the old level."""
        for point in question.points:
            rating, note = rating_field(point.id), note_field(point.id)
            if rating in self.changed_data and note not in self.changed_data:
                self.add_error(note, _("The level has changed: please write why."))

    def _is_new(self, point: Point) -> bool:
        """Whether anything of a point differs from last time."""
        names = [rating_field(point.id), note_field(point.id)]
        names += ["compare"] if point is COMPARED else []
        return any(name in self.changed_data for name in names)

    def _asked_whole(self) -> bool:
        """Whether every question is answered; before that nothing can be said of the points."""
        return all(self.cleaned_data.get(question.id) for question in self.questions)

    def _rated(self) -> set[str]:
        """Ids of the points that were rated on this form; the rest is as it was."""
        if self.kind == FULL:
            return set(POINTS)
        open_ones = (q for q in self.questions if self.cleaned_data.get(q.id) == DIFFERENT)
        return {point.id for question in open_ones for point in question.points}

    @property
    def given(self) -> dict[str, Any]:
        """Ratings, notes, outcome and details as the action takes them."""
        data, rated = self.cleaned_data, self._rated()
        ratings = dict(self.last.ratings) if self.last else {}
        notes = dict(self.last.notes) if self.last else {}
        for point in rated:
            chosen = data.get(rating_field(point))
            ratings[point] = int(chosen) if chosen else None
            notes[point] = data.get(note_field(point), "")
        return {
            "ratings": ratings,
            "notes": notes,
            "outcome": data.get("outcome", ""),
            "details": self._details(COMPARED.id in rated),
        }

    def _details(self, compared: bool) -> dict[str, str]:
        data, outcome = self.cleaned_data, self.cleaned_data.get("outcome", "")
        compare = data.get("compare", "") if compared else self.last.details.get("compare", "")
        needs = OUTCOMES[outcome].needs if outcome in OUTCOMES else ()
        given = {need.key: data.get(need_field(outcome, need.key)) for need in needs}
        return {"compare": compare} | {key: str(value or "") for key, value in given.items()}

    # --- what the template draws

    @property
    def sections(self) -> list[tuple[Any, list[Rated]]]:
        """Every group of the full form with its points."""
        return [(group, [Rated(self, p) for p in group.points]) for group in GROUPS]

    @property
    def asked(self) -> list[tuple[Any, list[str], list[Rated]]]:
        """Every question of the short form with its clauses and the points behind it."""
        return [(self[q.id], q.cites, [Rated(self, p) for p in q.points]) for q in self.questions]

    @property
    def outcomes(self) -> Iterator[tuple[Any, Any, list[Any]]]:
        """Every outcome with its radio button and the fields that it needs."""
        radios = zip(OUTCOMES.values(), self["outcome"].subwidgets, strict=True)
        for outcome, radio in radios:
            yield outcome, radio, [self[need_field(outcome.key, n.key)] for n in outcome.needs]


def _pairs(*keys: str) -> list[tuple[str, Any]]:
    return list(zip(keys, (UNCHANGED, CHANGED), strict=True))


def _carried(last: Reading | None) -> dict[str, Any]:
    """What a form starts with: the last levels and reasons. Never the outcome."""
    if last is None:
        return {}
    found: dict[str, Any] = {"compare": last.details.get("compare", "")}
    for point in POINTS:
        found |= {
            rating_field(point): str(last.ratings[point]),
            note_field(point): last.notes[point],
        }
    return found


def _choice(label: Any, choices: list[tuple[str, Any]], **attrs: str) -> forms.ChoiceField:
    widget = forms.RadioSelect(attrs=attrs or SEGMENTED)
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return Lines(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        required=False,
        validators=[printable_lines],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _point_fields() -> Mapping[str, forms.Field]:
    """Return level and reason of every point, and the comparison."""
    fields: dict[str, forms.Field] = {}
    levels = [(str(level.value), level.label) for level in LEVELS.values()]
    for point in POINTS.values():
        fields[rating_field(point.id)] = forms.ChoiceField(
            label=point.title, choices=levels, required=False, widget=Levels(attrs=SEGMENTED)
        )
        fields[note_field(point.id)] = _text(point.title, point.note_prompt)
    fields["compare"] = _choice(COMPARE_TITLE, [(c.key, c.label) for c in COMPARE.values()])
    return fields


def _outcome_fields() -> Mapping[str, forms.Field]:
    """Return the outcome and, under each, what it needs."""
    fields: dict[str, forms.Field] = {
        "outcome": _choice(_("Outcome"), [(o.key, o.label) for o in OUTCOMES.values()], look="")
    }
    for outcome in OUTCOMES.values():
        fields |= {need_field(outcome.key, need.key): _need(need) for need in outcome.needs}
    return fields


def _need(need: Need) -> forms.Field:
    if need.kind == "day":
        return DayField(label=need.label, help_text=need.help, required=False)
    if need.kind == "consent":
        choices = [(choice.key, choice.label) for choice in CONSENT.values()]
        field = _choice(need.label, choices)
        field.help_text = need.help
        return field
    return _text(need.label, need.help)
