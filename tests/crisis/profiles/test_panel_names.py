"""Each way into crisis mode says whose it is: no two of one name lead to different pages."""

import re

import pytest
from django.urls import reverse

LINK = r'<a class="btn btn-crisis[^"]*" href="([^"]+)">(.*?)</a>'


def ways(page) -> dict[str, str]:
    """Return each link to crisis mode on a page, by its name."""
    found = re.findall(LINK, page.content.decode(), re.DOTALL)
    return {re.sub(r"<[^>]+>", "", name).strip(): href for href, name in found}


@pytest.mark.parametrize("name", ["client", "case"])
def test_the_clients_own_way_names_her_beside_that_of_the_frame(
    browse, counsellor, case, person, name
):
    page = browse(counsellor).get(reverse(name, args=[person.pk if name == "client" else case.pk]))
    hers = reverse("client_crisis", args=[person.pk])
    assert ways(page) == {"Crisis": reverse("crisis"), f"Crisis mode – {person.name}": hers}
