"""Titles of forms and histories of a case or a session: whose it is, by the case's code and never by a name."""

import re

import pytest

from tests.conftest import sign_in

OF_SESSION = ("door", "note", "move", "cancel", "start-despite", "history")
OF_CASE = ("suitability/new", "sessions/new", "close", "history")


@pytest.mark.parametrize("page", [*OF_SESSION, *OF_CASE])
def test_a_title_names_the_case_and_nobody(page, session, counsellor):
    of_case = page in OF_CASE
    place = f"/cases/{session.case_id}" if of_case else f"/sessions/{session.pk}"
    answer = sign_in(counsellor).get(f"{place}/{page}/")
    (title,) = re.findall(r"<title>(.*?)</title>", answer.text)
    (client,) = session.case.people
    assert (answer.status_code, title.split(" · ")[1]) == (200, session.case.code)
    assert [name for name in (client.name, counsellor.name) if name in title] == []
