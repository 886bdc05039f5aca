"""What a telephone dials for a number as people wrote it."""

import pytest

from clinic.kernel.telephones import href, international


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0000-000-011", "tel:0000000011"),
        ("(02) 0000-0001", "tel:0200000001"),
        ("02-0000-0101 轉 12", "tel:0200000101,12"),
        ("0200000101#12", "tel:0200000101,12"),
        ("02-0000-0101 ext. 12", "tel:0200000101,12"),
        ("02-0000-0101 轉12或13", "tel:0200000101"),
        ("02-0000-0101 #12#13", "tel:0200000101"),
        ("+886 0 0000 0001", "tel:+886000000001"),
        ("+886 (0)2 0000 0001", "tel:+886200000001"),
        ("119", "tel:119"),
        ("", ""),
        ("（問櫃檯）", ""),
    ],
)
def test_a_number_is_dialled_with_its_extension_after_a_pause(written, dialled):
    assert href(written) == dialled


@pytest.mark.parametrize(
    ("written", "abroad"),
    [
        ("(02) 2610-1660", "+886-2-2610-1660"),
        ("02 2610 1660", "+886-2-2610-1660"),
        ("(02)26101660", "+886-2-26101660"),
        ("02-2610-1660 轉 12", "+886-2-2610-1660#12"),
        ("0900-000-000", "+886-900-000-000"),
        ("(037) 123-456", "+886-37-123-456"),
    ],
)
def test_a_number_of_taiwan_is_written_so_that_it_can_be_dialled_from_abroad(written, abroad):
    assert (international(written), international(abroad)) == (abroad, abroad)
    assert href(abroad).startswith("tel:+886")


@pytest.mark.parametrize(
    "number",
    [
        "0800-013-999",
        "0809-000-123",
        "0203-123-456",
        "(02) 0312-3456",
        "02-2610-1660 轉12或13",
        "02-2610-1660 #12#13",
        "02-2610-1660 轉總機",
        "0000-000-001",
        "002 44 20 7946 0000",
        "+1 206 555 0100",
        "02-2345-678-9012",
        "2610-1660",
        "119",
        "?",
        "",
    ],
)
def test_what_is_not_surely_such_a_number_stays_as_it_was_written(number):
    assert international(number) == number
