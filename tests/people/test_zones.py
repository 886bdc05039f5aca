"""The zone of a place: known where it cannot be another, and not guessed elsewhere."""

from datetime import UTC, datetime, time, timedelta

import pytest

from clinic.kernel.outbox.delivery import next_opening
from clinic.kernel.outbox.registry import Recipient
from clinic.people.countries import COUNTRIES
from clinic.people.zones import zone_of, zones_of

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
        ("CN", "", "Asia/Shanghai"),
        ("CN", "Guangdong", "Asia/Shanghai"),
        ("CN", "Urumqi", None),  # Beijing's time is the official one there as well
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


@pytest.mark.parametrize(
    ("country", "region", "names"),
    [
        ("ES", "Barcelona", ("Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary")),
        ("ES", "madrid", ("Europe/Madrid",)),
        ("TW", "", ("Asia/Taipei",)),
        ("CN", "Chengdu", ("Asia/Shanghai",)),
        ("CN", "Urumqi", ("Asia/Shanghai", "Asia/Urumqi")),
        ("XX", "", ()),
    ],
)
def test_a_place_may_have_the_zones_of_its_country(country, region, names):
    assert zones_of(country, region) == names


@pytest.mark.parametrize("at", [SUMMER, WINTER])
def test_mail_leaves_each_day_in_every_country_that_people_live_in(at):
    """In Antarctica a station has to be named: its clocks lie up to sixteen hours apart."""
    zones = {code: zones_of(code, "") or Recipient.zones for code in COUNTRIES}
    people = {code: Recipient("", "en", "A", zones=names) for code, names in zones.items()}
    never = {code for code, who in people.items() if next_opening(who, at) is None}
    assert never == {"AQ"}
    soon = at + timedelta(days=1)
    assert {code for code in {*people} - never if next_opening(people[code], at) > soon} == set()


@pytest.mark.parametrize("window", [(time(8), time(10)), (time(19), time(21))])
@pytest.mark.parametrize("region", ["北京", "Beijing", "Guangdong"])
def test_mail_leaves_in_the_safe_hours_of_a_client_in_china(region, window):
    who = Recipient("", "en", "A", client=True, zones=zones_of("CN", region), window=window)
    opens = next_opening(who, SUMMER)  # 08:00 in Beijing
    assert opens == SUMMER + timedelta(hours=window[0].hour - 8)
