"""Evidence for G10.1: a place counts as looked up when something is known of its law."""

import pytest

from clinic.kernel.evidence import EVIDENCE
from sessions.jurisdictions.actions import add_jurisdiction, replace_jurisdiction
from tests.sessions.test_jurisdictions import values

UNKNOWN = {"receive": "unknown", "give": "unknown"}


@pytest.mark.parametrize(
    ("receive", "give", "counts"),
    [
        ("unknown", "unknown", False),
        ("unknown", "allowed", True),
        ("allowed", "unknown", True),
        ("forbidden", "unknown", True),
        ("allowed", "allowed", True),
    ],
)
def test_a_place_of_which_nothing_is_known_is_no_evidence(admin, now, receive, give, counts):
    law = add_jurisdiction(values=values(receive=receive, give=give), by=admin, now=now)
    assert list(EVIDENCE["sessions.law_abroad"].records()) == ([law] if counts else [])


def test_a_place_counts_once_its_law_was_looked_up(admin, now):
    waiting = add_jurisdiction(values=values(**UNKNOWN), by=admin, now=now)
    read = replace_jurisdiction(jurisdiction=waiting, values=values(), by=admin, now=now)
    assert list(EVIDENCE["sessions.law_abroad"].records()) == [read]
