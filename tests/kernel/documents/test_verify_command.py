"""``verify_document`` says as much as the page: sealed when, by which certificate, at which level."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils.translation import override

from clinic.kernel.dates import moment
from clinic.kernel.documents.certificate import describe, read_material
from clinic.kernel.documents.verify import ADVICE, HEADLINES, REASONS, verify
from clinic.kernel.files.store import read_file

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def said(tmp_path):
    """``said(content, …)`` is what the command prints of a file, and its exit."""

    def run(content: bytes, *options: str) -> tuple[str, int]:
        path, out, code = tmp_path / "a.pdf", io.StringIO(), 0
        path.write_bytes(content)
        try:
            call_command("verify_document", str(path), *options, stdout=out)
        except SystemExit as end:
            code = end.code
        return out.getvalue(), code

    return run


def test_of_a_genuine_document_the_command_says_when_at_which_level_and_by_which_certificate(
    sealed, said
):
    certificate, at = describe(read_material().certificate), sealed.seals.get().at
    text, code = said(read_file(sealed.file))
    assert (code, text.splitlines()) == (
        0,
        [
            str(HEADLINES["genuine"]),
            str(ADVICE["genuine"]),
            f"Document {sealed.code}.",
            f"Sealed on {moment(at)}, with the clinic's own clock (B-B).",
            f"Certificate: {certificate.subject}, number {certificate.serial}.",
        ],
    )


def test_of_an_altered_document_the_command_says_why_and_what_the_file_claims(sealed, said):
    content = read_file(sealed.file) + b"x"
    certificate, at = describe(read_material().certificate), verify(content).at
    text, code = said(content)
    words = [HEADLINES["altered"], REASONS["added"], ADVICE["altered"]]
    assert (code, text.splitlines()) == (
        1,
        [
            *map(str, words),
            f"Sealed on {moment(at)}, as the file claims.",
            f"Certificate: {certificate.subject}, number {certificate.serial}.",
        ],
    )


def test_the_json_of_a_file_holds_the_reason_and_the_level_in_words(sealed, said):
    content = read_file(sealed.file)
    genuine, altered = (json.loads(said(one, "--json")[0]) for one in (content, content + b"x"))
    assert (genuine["why"], genuine["level_words"]) == ("", "with the clinic's own clock")
    assert (altered["why"], altered["level_words"]) == (str(REASONS["added"]), "")
