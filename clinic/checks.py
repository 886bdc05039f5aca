"""What must be in order before the software starts: each with an id, what is wrong, what to do."""

from datetime import UTC, datetime

from django.core import checks

from clinic.kernel.documents.certificate import SealMaterial, describe, read_material
from clinic.kernel.health import media_problem

SEAL_IDS = {"key": "clinic.E003", "certificate": "clinic.E004", "pair": "clinic.E005"}
SEAL_HINTS = {
    "key": "Set SEAL_KEY_FILE to a private key in PEM without a password, readable by the clinic.",
    "certificate": "Set SEAL_CERT_FILE to the certificate of that key in PEM.",
    "pair": "Set SEAL_KEY_FILE and SEAL_CERT_FILE to a key and the certificate made for it.",
}


@checks.register()
def the_seal_is_there(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Stop the start when documents could not be sealed; warn when the certificate has expired."""
    try:
        certificate = describe(read_material().certificate)
    except SealMaterial as error:
        return [checks.Error(str(error), hint=SEAL_HINTS[error.code], id=SEAL_IDS[error.code])]
    if certificate.expires <= datetime.now(UTC):
        words = "The seal's certificate has expired; documents wait for a new one."
        return [checks.Warning(words, hint="Put a new one into SEAL_CERT_FILE.", id="clinic.W001")]
    return []


@checks.register()
def the_media_folder_is_there(app_configs, **kwargs) -> list[checks.Error]:
    """Stop the start when files could not be stored."""
    if problem := media_problem():
        hint = "Make the folder and give it to the user who runs the clinic, with mode 0700."
        return [checks.Error(problem, hint=hint, id="clinic.E006")]
    return []
