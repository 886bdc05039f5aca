"""What is attached to the individual form: agreement, notice, and the two annexes (A6, A7, A9)."""

from clinic.kernel.letters import fill
from consent.models import FormVersion, Request

ANNEXES = ("annex_stability", "annex_video_rules")
AFTER_THE_ITEMS = ("indirect", "closing", "practitioner")  # parts of a form, where it has them
Section = tuple[str, str]  # title, empty for none; text


def papers_of(request: Request) -> list[str]:
    """Return the keys of the attached papers, in the order in which they are named."""
    return [*request.attached.order_by("pk").values_list("form_id", flat=True), *ANNEXES]


def sections_of(request: Request, which: str, language: str) -> tuple[str, list[Section]]:
    """Return title and sections of one attached document. Raises KeyError for an unknown one."""
    words = request.words(language)
    if which.startswith("annex_"):
        annex = request.version.content[which]
        return annex[f"title_{language}"], [("", line) for line in annex[language]]
    version = {v.form_id: v for v in request.attached.all()}[which]
    sections = [("", version.content["intro"][language])]
    sections += [
        (item.texts[f"title_{language}"], item.wording(language)) for item in version.items.all()
    ]
    # Without a title they were published when nobody read them: who reads such a version now does
    # not either, for a sheet may be signed that was printed then.
    sections += [section for section in after_the_items(version, language) if section[0]]
    filled = [(fill(title, words) if title else "", fill(text, words)) for title, text in sections]
    return version.title(language), filled


def after_the_items(version: FormVersion, language: str) -> list[Section]:
    """What a version says behind its items; placeholders are still to be filled."""
    parts = [version.content[part] for part in AFTER_THE_ITEMS if part in version.content]
    return [(part.get(f"title_{language}", ""), part[language]) for part in parts]
