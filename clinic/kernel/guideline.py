"""The catalogue of clauses: 「通訊諮商專業指引」, its eleven consent items, the Student Guidance Act.

``G2.4.1`` is section 二, paragraph (四) 1; ``A7`` consent item 7; ``S11`` article 11. The gist is
ours. Each clause is answered by requirements or evidence of the apps, or excused from a closed
list; a test holds answered and excused together equal to the catalogue, and nothing is both.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

CLAUSES: dict[str, Any] = {
    "G0.1": _("Whom the guideline binds, and who follows another one"),
    "G0.2": _("Which ways of communication count as telecounselling"),
    "G0.3": _("Where it is silent, the code of ethics governs"),
    "G1.1": _("Qualified in counselling and in its technology; knows and follows the law"),
    "G1.2": _("Training, rehearsal, reading and continuing education"),
    "G1.3": _("Beginners review the process and everyone's experience of it"),
    "G2.1": _("The client knows and understands the risks, throughout the service"),
    "G2.2": _("Minors: weigh whether the representative's consent is needed"),
    "G2.3": _("At first contact and every session: does telecounselling suit both sides?"),
    "G2.4.1": _("The practitioner's side of suitability"),
    "G2.4.2": _("The client's side of suitability"),
    "G2.5": _("Where another way is better: discuss and change, or refer"),
    "G3.1": _("Privacy is protected; risks and what follows a leak are told"),
    "G3.2": _("Data is protected; equipment and systems are checked regularly"),
    "G4.1": _("A signed consent that says what is special and limited"),
    "G4.2": _("Explained, gone through, understood, signed, returned"),
    "G5.1": _("Crisis knowledge, a prepared network, out-of-hours handling"),
    "G5.2": _("Risk weighed beforehand; local resources and the emergency contact at hand"),
    "G5.3": _("Urgent needs outside hours discussed; nearby counsellors known"),
    "G6.1": _("Does the medium fit this client's assessment?"),
    "G6.2": _("The medium's effect on an assessment, and room to speak of it"),
    "G6.3": _("Permission of publisher or author before a remote test"),
    "G7.1": _("Couples and families: who takes part, in which role"),
    "G7.2": _("Couples and families: evidence and ethics are still developing"),
    "G8.1": _("Groups: members are screened before the start"),
    "G8.2": _("Groups: the group consent is explained to every member"),
    "G8.3": _("Groups: evidence and ethics are still developing"),
    "G9.1": _("Interns: the county's rule allows it; basic training first"),
    "G9.2": _("Interns: discussed with the supervisor before the service"),
    "G9.3": _("Interns: continued learning under supervision of site and course"),
    "G10.1": _("The law of both places is known; the clinic's approval covers the service"),
    "G10.2": _("Sensitive to nation, region, ethnicity and culture"),
    "G10.3": _("Both agree on the law that prevails, the court and the association"),
    "G10.4": _("Both are where the law lets them give and take the service"),
    "G11": _("Nothing is captured, kept or published without both sides' consent"),
    "A1": _("Agrees to receive telecounselling and to install the named system"),
    "A2": _("Both identities are shown at the camera"),
    "A3": _("The psychologist works from a counselling room of the clinic"),
    "A4": _("The client is in a private place; no recording, no bystander"),
    "A5": _("Equipment and the plan for a broken line are discussed beforehand"),
    "A6": _("Stability rules; either side may ask to stop"),
    "A7": _("Video-safety rules; nothing unlawful is transmitted"),
    "A8": _("Local resources may be used at once to protect life"),
    "A9": _("Keeps the clinic's own counselling agreement"),
    "A10": _("Knows the basics of network and software"),
    "A11": _("The psychologist judges suitability; service only after signing"),
    "S4": _("Tasks of the guidance centre around a case"),
    "S6": _("Three tiers of guidance"),
    "S7": _("Groups to reach out to; partners"),
    "S11": _("Staffing by classes, schools, pupils and campus"),
    "S11-1": _("Supervisors per seven professionals"),
    "S12": _("Who does which tier; complaints and appeals"),
    "S12-1": _("Consent of the representative, and its documented exemption"),
    "S14": _("Hours of training by role"),
}
CLAUSE_IDS = frozenset(CLAUSES)


def words_of(clauses: Iterable[str]) -> list[str]:
    """Return what these clauses say, in the reader's language; "" for one that is no more."""
    return [str(CLAUSES.get(clause, "")) for clause in clauses]


NOT_BUILT_YET = "not built yet"
NO_CODE = "no code can answer it"

# Clauses that nothing answers yet. A clause leaves this list when an app answers it.
EXCUSES: dict[str, str] = {
    "G0.3": NO_CODE,
    **dict.fromkeys(
        [
            "G1.3",
            "G2.2",
            "G3.1",
            "G3.2",
            "G6.1",
            "G6.2",
            "G6.3",
            "G7.2",
            "G8.1",
            "G8.2",
            "G8.3",
            "G9.1",
            "G9.2",
            "G9.3",
            "G10.2",
            "G10.3",
            "S4",
            "S6",
            "S7",
            "S11",
            "S11-1",
            "S12",
            "S12-1",
            "S14",
        ],
        NOT_BUILT_YET,
    ),
}
