"""What stands on a crisis page: its words, whom it calls, what it asked the database."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

LOGIN = 2  # the web session; its account with the second factor


def words(response):
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", body).split()))


def calls(response):
    return re.findall(r'class="call[^"]*" href="tel:([^"]+)"', response.content.decode())


def page_queries(browser, url) -> list[str]:
    """Return what was asked before the note, which is written when the page has been sent."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    asked = [query["sql"] for query in queries]
    first = next(place for place, sql in enumerate(asked) if sql.startswith("SAVEPOINT"))
    assert any("clinic_auditentry" in sql for sql in asked[first:])
    return asked[:first]
