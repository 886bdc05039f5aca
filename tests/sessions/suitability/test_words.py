"""The words carry every point of G2.4, in both languages, and both forms ask them all."""

from datetime import date

import pytest
from django.utils import translation

from sessions.models import Suitability
from sessions.suitability.forms import AssessmentForm
from sessions.suitability.reading import Reading
from sessions.suitability.rules import note_field, rating_field
from sessions.suitability.words import (
    COMPARE,
    CONSENT,
    CONTENT,
    LEVELS,
    NEEDS,
    OUTCOMES,
    POINTS,
    QUESTIONS,
)

# What the guideline asks to be judged, and the words by which a point asks it.
OBLIGATIONS = [
    ("P1", "通訊諮商能力", "telecounselling"),
    ("P1", "危機", "crisis"),
    ("P2", "取向", "approach"),
    ("P2", "技術", "technique"),
    ("P2", "透過這個媒介", "through this medium"),
    ("P3", "適切性", "fitting"),
    ("P3", "比較好、差不多，還是比較差", "better, much the same or worse"),
    ("P3", "介入到什麼程度", "how far I can intervene|How far can I intervene"),
    ("C1.1", "願意", "willing"),
    ("C2.1", "身體", "Physical"),
    ("C2.2", "精神穩定", "stability"),
    ("C2.3", "認知", "Cognition"),
    ("C2.4", "文化", "Culture"),
    ("C2.5", "語言", "Language"),
    ("C2.6", "準備度", "Readiness"),
    ("C3.1", "通訊工具完備", "Equipment"),
    ("C3.2", "使用能力", "Skill"),
    ("C3.3", "協助與支援", "help and support"),
    ("C3.4", "近用性", "Access"),
]


@pytest.mark.parametrize(("point", "zh", "en"), OBLIGATIONS)
def test_each_point_of_the_guideline_has_its_words(point, zh, en):
    asked = POINTS[point]
    said = {
        "zh": zh in asked.title.zh + asked.question.zh,
        "en": any(words in asked.title.en + asked.question.en for words in en.split("|")),
    }
    assert said == {"zh": True, "en": True}


def test_the_guideline_names_every_point():
    assert {point for point, _zh, _en in OBLIGATIONS} == set(POINTS)


def test_the_short_questions_cover_every_point_once():
    covered = [point.id for question in QUESTIONS for point in question.points]
    assert sorted(covered) == sorted(POINTS)


def test_outcomes_and_levels_are_those_of_the_database():
    assert list(OUTCOMES) == Suitability.Outcome.values
    assert sorted(LEVELS) == [0, 1, 2, 3, 4]


def test_every_need_belongs_to_an_outcome():
    assert {need.key for outcome in OUTCOMES.values() for need in outcome.needs} == set(NEEDS)


def test_changing_the_way_or_referring_records_the_talk_and_what_follows():
    asked = {key: {need.key for need in OUTCOMES[key].needs} for key in ("face_to_face", "refer")}
    assert asked == {
        "face_to_face": {"talk_with_client", "new_arrangement"},
        "refer": {
            "talk_with_client",
            "destination",
            "reason",
            "consent_to_share",
            "follow_up_date",
        },
    }


def texts(value, key=""):
    """Every text of the file by the key it has."""
    if isinstance(value, dict):
        return [found for name, part in value.items() for found in texts(part, name)]
    if isinstance(value, list):
        return [found for part in value for found in texts(part, key)]
    return [(key, value)]


def test_every_text_stands_in_both_languages():
    keys = [key for key, text in texts(CONTENT) if key.endswith(("_zh", "_en")) and text]
    assert sorted(k[:-3] for k in keys if k.endswith("_zh")) == sorted(
        k[:-3] for k in keys if k.endswith("_en")
    )


def test_a_text_speaks_the_readers_language():
    with translation.override("zh-hant"):
        chinese = str(COMPARE["same"].label)
    assert (chinese, str(CONSENT["agrees"].label)) == ("差不多", "Agrees")


def last() -> Reading:
    row = Suitability(form="full", outcome="proceed")
    notes = dict.fromkeys(POINTS, "依據")
    return Reading(row, dict.fromkeys(POINTS, 4), notes, {"compare": "same"}, frozenset())


@pytest.mark.parametrize("kind", ["full", "short"])
def test_both_forms_hold_a_level_and_a_reason_of_every_point(kind):
    form = AssessmentForm(
        kind=kind,
        last=last(),
        sessions=Suitability.objects.none(),
        today=date(2026, 11, 24),
    )
    shown = [rated for _group, points in form.sections for rated in points]
    if kind == "short":
        shown = [rated for _question, _clauses, points in form.asked for rated in points]
    assert sorted((rated.rating.name, rated.note.name) for rated in shown) == sorted(
        (rating_field(point), note_field(point)) for point in POINTS
    )


def test_every_question_of_the_short_form_names_the_clauses_of_its_points():
    assert {question.id: question.cites for question in QUESTIONS} == {
        "S1": ["G2.4.1"],
        "S2": ["G2.4.2"],
        "S3": ["G2.4.2"],
        "S4": ["G2.4.2"],
        "S5": ["G2.4.1"],
    }
