"""The zone of a place: known where it cannot be another, and not guessed elsewhere."""

from datetime import UTC, datetime

import pytest

from clinic.people.countries import COUNTRIES
from clinic.people.zones import zone_of

SUMMER, WINTER = datetime(2035, 7, 1, tzinfo=UTC), datetime(2035, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "region", "name"),
    [
        ("TW", "", "Asia/Taipei"),
        ("GB", "anywhere", "Europe/London"),
        ("DE", "", "Europe/Berlin"),  # two zones whose clocks agree
        ("US", "new  york", "America/New_York"),
        ("AU", "Sydney", "Australia/Sydney"),
        ("US", "", None),
        ("CN", "", None),
        ("FR", "New York", "Europe/Paris"),
        ("XX", "", None),
        ("", "", None),
    ],
)
def test_a_zone_is_known_or_not(country, region, name):
    found = zone_of(country, region, SUMMER)
    assert (found.key if found else None) == name


def test_every_country_that_can_be_chosen_can_be_asked():
    known = {code for code in COUNTRIES if zone_of(code, "", WINTER)}
    assert len(known) > 200
    assert {"US", "AU", "CA", "BR", "RU", "MX", "ID"} & known == set()
