"""What a telephone dials for a number as people wrote it."""

import pytest

from clinic.kernel.telephones import href


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0000-000-011", "tel:0000000011"),
        ("(02) 0000-0001", "tel:0200000001"),
        ("02-0000-0101 轉 12", "tel:0200000101,12"),
        ("0200000101#12", "tel:0200000101,12"),
        ("02-0000-0101 ext. 12", "tel:0200000101,12"),
        ("+886 0 0000 0001", "tel:+886000000001"),
        ("+886 (0)2 0000 0001", "tel:+886200000001"),
        ("119", "tel:119"),
        ("", ""),
        ("（問櫃檯）", ""),
    ],
)
def test_a_number_is_dialled_with_its_extension_after_a_pause(written, dialled):
    assert href(written) == dialled
