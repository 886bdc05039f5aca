"""What staff are told of consent: what waits, and what each answer says."""

from django.utils.translation import override

from clinic.kernel.tasks.todo import todos_for
from consent.client.steps import steps_of


def test_administrators_are_told_that_no_form_is_published(clinic, admin, counsellor, now):
    told = [[t.action_url for t in todos_for(who, now)] for who in (admin, counsellor)]
    assert [("/forms/" in urls) for urls in told] == [True, False]


def test_with_published_forms_nothing_is_asked_of_administrators(forms, admin, now):
    assert [t.action_url for t in todos_for(admin, now)].count("/forms/") == 0


def test_a_notice_is_understood_and_an_item_agreed_to(ready):
    with override("en"):
        said = {step.item.code[0]: step.words for step in steps_of(ready)}
    assert said == {"N": "understood", "A": "agrees", "P": "agrees"}
