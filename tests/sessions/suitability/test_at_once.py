"""Pressed several times in the same moment, an assessment and its confirmation are kept once."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from clinic.errors import Refused
from sessions.models import Suitability, SuitabilityConfirmation, SuitabilityPoint
from sessions.suitability.actions import confirm_suitability
from sessions.suitability.words import POINTS
from tests.kernel.chains import REAL
from tests.sessions.assessing import assess

PRESSES = 6


def at_once(press) -> list:
    """Call ``press`` from several threads, each with its own connection."""

    def pressed(_number: int):
        try:
            return press()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PRESSES) as fingers:
        return list(fingers.map(pressed, range(PRESSES)))


@REAL
def test_one_assessment_however_often_save_is_pressed(case, now):
    answers = at_once(lambda: assess(case, now).pk)
    assert (len(set(answers)), Suitability.objects.count()) == (1, 1)
    assert SuitabilityPoint.objects.count() == len(POINTS)


@REAL
def test_one_confirmation_however_often_it_is_pressed(intern_case, supervisor, now):
    row = assess(intern_case, now)
    answers = at_once(lambda: confirm_suitability(assessment=row, by=supervisor, now=now).pk)
    refused = [answer for answer in answers if answer == "suitability.confirmed"]
    assert (len(refused), SuitabilityConfirmation.objects.count()) == (PRESSES - 1, 1)
