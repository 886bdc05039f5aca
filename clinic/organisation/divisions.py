"""Counties and townships, from the files in ``clinic/data`` (sources: SOURCES.md there)."""

import csv
from pathlib import Path

from clinic.organisation.models import County, Town

DATA = Path(__file__).resolve().parent.parent / "data"


def load_divisions() -> int:
    """Bring counties and townships up to date; return how many there are. May be repeated."""
    counties = [
        County(code=r["county_code"], name_zh=r["county_zh"], name_en=r["county_en"])
        for r in _rows("tw_counties.csv")
    ]
    towns = [
        Town(
            code=r["town_code"],
            county_id=r["county_code"],
            name_zh=r["town_zh"],
            name_en=r["town_en"],
            postal_code=r["postal_code_3"],
        )
        for r in _rows("tw_towns.csv")
    ]
    _upsert(County, counties, ["name_zh", "name_en"])
    _upsert(Town, towns, ["county", "name_zh", "name_en", "postal_code"])
    return len(counties) + len(towns)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _upsert(model, rows: list, fields: list[str]) -> None:
    model.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
