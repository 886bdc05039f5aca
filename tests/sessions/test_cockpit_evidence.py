"""「指引對照」: the list of the dated records of one kind."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.models import Jurisdiction
from tests.sessions.test_jurisdictions import values

ADDRESS = "/guideline/evidence/sessions.law_abroad/"


def test_the_list_asks_as_much_for_ten_as_for_five_hundred(admin, browse, clinic):
    browser, counts = browse(admin), []
    for start, end in ((0, 10), (10, 500)):
        Jurisdiction.objects.bulk_create(
            Jurisdiction(**values(region=f"Region {n:03}"), reviewed_by=admin)
            for n in range(start, end)
        )
        browser.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(ADDRESS)
        counts.append((len(queries), page.context["paginator"].count))
    assert counts == [(counts[0][0], 10), (counts[0][0], 500)]
