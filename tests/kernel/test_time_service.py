"""A timestamp service that answers something else than a timestamp is one that has not answered."""

import pytest
from pyhanko.pdf_utils.misc import PdfReadError

from clinic.kernel.documents.making import make
from clinic.kernel.documents.pades import KeyFileSealer
from clinic.kernel.documents.registry import Draft
from clinic.kernel.documents.seal import TimestampUnavailable
from tests.kernel.test_seal import blank_pdf, requested
from tests.kernel.time_service import answering, serving

pytestmark = pytest.mark.usefixtures("now")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"busy",
        b"\x30\x80",
        bytes.fromhex("30053003020102"),  # refused
        bytes.fromhex("30053003020100"),  # granted, and nothing with it
    ],
)
def test_a_time_service_that_refuses_or_answers_nonsense_is_waited_for(answer, now):
    with answering(lambda asked: answer) as address, pytest.raises(TimestampUnavailable):
        KeyFileSealer(address).seal(blank_pdf(), now)


def test_what_the_time_service_has_no_part_in_is_no_reason_to_wait_for_it(now):
    with serving() as (address, _certificate), pytest.raises(PdfReadError):
        KeyFileSealer(address).seal(b"no PDF", now)


def test_a_document_waits_for_a_time_service_that_refuses_as_long_as_it_takes(settings, admin, now):
    refused = bytes.fromhex("30053003020102")
    with (
        answering(lambda asked: refused) as settings.TSA_URL,
        requested(Draft("證明", "<p>同意。</p>"), admin, now) as document,
    ):
        states = []
        for _try in range(9):
            make(document.pk, now)
            document.refresh_from_db()
            states.append(document.state)
    assert states == ["waiting_timestamp"] * 9
