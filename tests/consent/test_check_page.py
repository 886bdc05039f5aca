"""The two check questions: every answer that is offered is taken, "I am not sure" as well (G4.2)."""

from consent.models import Understanding
from tests.consent.phone import Phone


def offered(request) -> list[tuple[str, str, bool]]:
    """Return (question, choice, whether it is right) for every answer on the page."""
    questions = request.version.content["understanding"]["questions"]
    return [
        (question["id"], option["key"], option["key"] == question["right"])
        for question in questions
        for option in sorted(question["options"], key=lambda one: one["key"] == question["right"])
    ]


def test_every_answer_that_is_offered_is_kept_as_it_was_given(request_sent):
    phone = Phone(request_sent).begin()
    answers = offered(request_sent)
    seen = [phone.post("check", question=q, choice=key).status_code for q, key, _right in answers]
    kept = Understanding.objects.order_by("pk").values_list("question", "choice", "right")
    assert (seen, [*kept]) == ([302] * len(answers), answers)
    assert {"unsure"} <= {key for _question, key, _right in answers}
