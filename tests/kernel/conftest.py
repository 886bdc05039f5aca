"""A post office, and the kinds and people that the tests of the outbox make up."""

import pytest

from clinic.kernel.outbox.registry import HANDLERS, RESOLVERS, Recipient
from clinic.kernel.outbox.words import KINDS
from tests.kernel.post_office import ADDRESS, LETTER, post_office


@pytest.fixture
def office(settings):
    """A mail server that answers as it is told."""
    with post_office(settings) as scripted:
        yield scripted


@pytest.fixture
def kinds():
    """The handlers, by kind; ``test`` writes the same letter to everybody."""
    before, words = dict(HANDLERS), dict(KINDS)
    HANDLERS["test"] = lambda row, who, now: LETTER
    yield HANDLERS
    HANDLERS.clear()
    HANDLERS.update(before)
    KINDS.clear()
    KINDS.update(words)


@pytest.fixture
def people(kinds, monkeypatch):
    """Who is reached as ``test:1``, ``test:2`` …; number 1 is there from the start."""
    made = {1: Recipient(ADDRESS, "en", "江小滿")}
    monkeypatch.setitem(RESOLVERS, "test", made.get)
    return made
