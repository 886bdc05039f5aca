"""Who may open which address, and what she gets: the table that the site is held against.

A new address gets a line here, by hand, from its design; not from what the site answers.
"""

from dataclasses import dataclass

ANONYMOUS, PASSWORD = "anonymous", "password only"
COUNSELLOR, STRANGER, SUPERVISOR = "counsellor", "stranger", "supervisor"
INTERN, ADMIN = "intern", "admin"
READERS = (ANONYMOUS, PASSWORD, COUNSELLOR, STRANGER, SUPERVISOR, INTERN, ADMIN)
VERIFIED = READERS[2:]
NO_ROW = VERIFIED  # the address names no row, or one that every reader of the policy sees

ROLES = {
    COUNSELLOR: {"counsellor"},
    STRANGER: {"counsellor"},
    SUPERVISOR: {"supervisor", "counsellor"},
    INTERN: {"intern"},
    ADMIN: {"admin"},
}

# Answers: a status, or one of these ways to be sent elsewhere.
SIGN_IN, SECOND_STEP, MOVED = "sign in", "second step", "moved"
FORBIDDEN, NOT_FOUND, NO_METHOD, GONE = 403, 404, 405, 410


@dataclass(frozen=True)
class Address:
    """What one address promises.

    :param policy: as ``manage.py url_matrix`` says it; roles after a colon.
    :param seen_by: readers who may see the row it names; for all others it is not there.
    :param get: answer to a GET of who passes. ``post``: to a POST without data.
    """

    policy: str
    get: int | str
    post: int | str
    seen_by: tuple[str, ...] = NO_ROW


def form(policy: str, seen_by: tuple[str, ...] = NO_ROW) -> Address:
    """A page with a form: an empty one is shown again with its errors."""
    return Address(policy, 200, 200, seen_by)


def page(policy: str, seen_by: tuple[str, ...] = NO_ROW) -> Address:
    """A page to read."""
    return Address(policy, 200, NO_METHOD, seen_by)


def button(policy: str, seen_by: tuple[str, ...] = NO_ROW) -> Address:
    """A POST that does something, or says why not, and leads on."""
    return Address(policy, NO_METHOD, MOVED, seen_by)


def behind_link() -> Address:
    """A client's page: whoever holds no cookie of the link is told so, staff like anybody."""
    return Address("link", GONE, GONE)


STAFF, PUBLIC = "staff", "public"
ADMINS = "roles: admin"
CLINICAL = "roles: counsellor intern supervisor"
OF_THE_CASE = (COUNSELLOR, SUPERVISOR)

ADDRESSES = {
    "today": page(STAFF),
    "task_done": button(STAFF, (COUNSELLOR,)),
    "message_list": page(ADMINS),
    # accounts
    "sign_in": form(PUBLIC),
    "second_step": form("password"),
    "sign_out": button(PUBLIC),
    "set_language": button(PUBLIC),
    "password_forgotten": form(PUBLIC),
    "password_asked": page(PUBLIC),
    "password_new": Address("link", FORBIDDEN, FORBIDDEN),  # no cookie of a link
    "join": Address("link", FORBIDDEN, FORBIDDEN),
    "enrol": Address("password", MOVED, MOVED),  # nobody here came by an invitation
    "enrol_qr": Address("password", NOT_FOUND, NO_METHOD),
    "account": page(STAFF),
    "password_change": form(STAFF),
    "recovery_codes": form(STAFF),
    "sign_out_everywhere": button(STAFF),
    # kernel
    "link": Address(PUBLIC, 200, MOVED),
    "leave": Address(PUBLIC, NO_METHOD, 204),
    "verify": form(PUBLIC),
    "document": Address(STAFF, 202, NO_METHOD, OF_THE_CASE),
    "health_live": page(PUBLIC),
    "health_ready": Address(PUBLIC, 503, NO_METHOD),  # tests gather no static files
    "health_queue": page(PUBLIC),
    # the clinic and its staff
    "setup": page(ADMINS),
    "setup_clinic": form(ADMINS),
    "setup_hours": form(ADMINS),
    "setup_responsible": form(ADMINS),
    "setup_no_approval": button(ADMINS),
    "premises_add": form(ADMINS),
    "premises_change": form(ADMINS),
    "room_add": form(ADMINS),
    "room_change": form(ADMINS),
    "clinic_history": page(ADMINS),
    "staff_list": page(ADMINS),
    "staff_register": button(ADMINS),
    "staff_invite": form(ADMINS),
    "member": page(STAFF, (COUNSELLOR, ADMIN)),
    "member_change": form(ADMINS),
    "member_address": form(ADMINS),
    "member_history": page(ADMINS),
    "member_invite_again": button(ADMINS),
    "member_close": button(ADMINS),
    "member_reopen": button(ADMINS),
    "member_reset_second_step": button(ADMINS),
    "credential_add": form(ADMINS),
    "credential_change": form(ADMINS),
    "credential_withdraw": button(ADMINS),
    "credential_restore": button(ADMINS),
    "oversight_add": form(ADMINS),
    "oversight_end": form(ADMINS),
    "approval_list": page(ADMINS),
    "approval_add": form(ADMINS),
    "approval": page(ADMINS),
    "approval_change": form(ADMINS),
    "approval_history": page(ADMINS),
    "approval_person_add": form(ADMINS),
    "approval_person_end": button(ADMINS),
    # clients and cases
    "client_list": page(CLINICAL),
    "client_add": form(CLINICAL),
    "client": page(STAFF, OF_THE_CASE),
    "client_change": form(STAFF, OF_THE_CASE),
    "client_history": page(STAFF, OF_THE_CASE),
    "contact_add": form(STAFF, OF_THE_CASE),
    "contact_change": form(STAFF, OF_THE_CASE),
    "contact_end": button(STAFF, OF_THE_CASE),
    "contact_restore": button(STAFF, OF_THE_CASE),
    "place_add": form(STAFF, OF_THE_CASE),
    "place_change": form(STAFF, OF_THE_CASE),
    "place_end": button(STAFF, OF_THE_CASE),
    "place_restore": button(STAFF, OF_THE_CASE),
    "case_open": form(STAFF, OF_THE_CASE),
    "case_list": page(CLINICAL),
    "case": page(STAFF, OF_THE_CASE),
    "case_close": form(STAFF, OF_THE_CASE),
    "case_reopen": button(STAFF, OF_THE_CASE),
    "case_history": page(STAFF, OF_THE_CASE),
    # consent: what the signer sees
    "consent_new_link": Address(PUBLIC, NO_METHOD, 200),  # the same answer for every token
    "consent_start": behind_link(),
    "appointment": behind_link(),
    "consent_item": behind_link(),
    "consent_check": behind_link(),
    "consent_review": behind_link(),
    "consent_print": behind_link(),
    "consent_read": behind_link(),
    "consent_done": behind_link(),
    "consent_document": behind_link(),
    "consent_decline": behind_link(),
    "consent_paper": behind_link(),
    "consent_language": behind_link(),
    # consent: what staff see
    "form_list": page(ADMINS),
    "form_particulars": form(ADMINS),
    "form_publish": button(ADMINS),
    "form_version": page(ADMINS),
    "consent_send": button(CLINICAL, OF_THE_CASE),
    "consent_request": page(STAFF, OF_THE_CASE),
    "consent_resend": button(STAFF, OF_THE_CASE),
    "consent_renew": button(STAFF, OF_THE_CASE),
    "consent_dealt_with": button(STAFF, OF_THE_CASE),
    "consent_prolong": button(STAFF, OF_THE_CASE),
    "consent_revoke": button(STAFF, OF_THE_CASE),
    "consent_explain": form(STAFF, OF_THE_CASE),
    "consent_reply": form(STAFF, OF_THE_CASE),
    "consent_countersign": button(STAFF, OF_THE_CASE),
    "paper_prepare": button(CLINICAL, OF_THE_CASE),
    "paper_change": button(STAFF, OF_THE_CASE),
    "paper_receive": form(STAFF, OF_THE_CASE),
    "paper_check": form(ADMINS),
    "paper_scan": page(STAFF, (COUNSELLOR, SUPERVISOR, ADMIN)),
    # crisis: the directory
    "directory": page(STAFF),
    "directory_load": button(ADMINS),
    "resource": page(STAFF),
    "resource_add": form(ADMINS),
    "resource_change": form(ADMINS),
    "resource_confirm": button(ADMINS),
    "resource_hide": button(ADMINS),
    "resource_show": button(ADMINS),
    "resource_report": button(STAFF),
    # crisis: profiles, and the page that opens at once
    "crisis_profile": Address(STAFF, 200, MOVED, OF_THE_CASE),  # it may be saved half done
    "crisis_paper": page(STAFF, OF_THE_CASE),
    "crisis": page(STAFF),
    "client_crisis": page(STAFF, OF_THE_CASE),
    "session_crisis": page(STAFF, OF_THE_CASE),
    # the guideline map, the register of places abroad, the training log
    "guideline": page(STAFF),
    "guideline_evidence": page(STAFF),
    "jurisdiction_list": page(STAFF),
    "jurisdiction": page(STAFF),
    "jurisdiction_add": form(ADMINS),
    "jurisdiction_replace": form(ADMINS),
    "jurisdiction_review": form(ADMINS),
    "training_list": page(STAFF, (COUNSELLOR, ADMIN)),
    "training_add": form(STAFF, (COUNSELLOR, ADMIN)),
    "training_withdraw": button(STAFF, (COUNSELLOR, ADMIN)),
    "training_restore": button(STAFF, (COUNSELLOR, ADMIN)),
    "training_proof": page(STAFF, (COUNSELLOR, ADMIN)),
    # suitability
    "suitability_list": page(STAFF, OF_THE_CASE),
    "suitability_new": form(STAFF, OF_THE_CASE),
    "suitability": page(STAFF, OF_THE_CASE),
    "suitability_confirm": button(STAFF, OF_THE_CASE),
    # sessions: booked, prepared, begun, noted
    "calendar": page(CLINICAL),
    "session_book": form(STAFF, OF_THE_CASE),
    "session": page(CLINICAL, OF_THE_CASE),
    "session_history": page(CLINICAL, OF_THE_CASE),
    "session_move": form(CLINICAL, OF_THE_CASE),
    "session_cancel": form(CLINICAL, OF_THE_CASE),
    "session_restore": button(CLINICAL, OF_THE_CASE),
    "session_unbook": button(CLINICAL, OF_THE_CASE),
    "session_not_attended": button(CLINICAL, OF_THE_CASE),
    "session_open_page": button(CLINICAL, OF_THE_CASE),
    "session_told_address": button(CLINICAL, OF_THE_CASE),
    "session_door": form(CLINICAL, OF_THE_CASE),
    "session_start": button(CLINICAL, OF_THE_CASE),
    "session_start_despite": form(CLINICAL, OF_THE_CASE),
    "session_despite": form(CLINICAL, OF_THE_CASE),
    "session_live": page(CLINICAL, OF_THE_CASE),
    "session_event": button(CLINICAL, OF_THE_CASE),
    "session_event_back": button(CLINICAL, OF_THE_CASE),
    "session_place": form(CLINICAL, OF_THE_CASE),
    "session_end": button(CLINICAL, OF_THE_CASE),
    "session_note": form(CLINICAL, OF_THE_CASE),
    "session_note_draft": Address(CLINICAL, NO_METHOD, 400, OF_THE_CASE),
    "session_note_amend": form(CLINICAL, OF_THE_CASE),
    "session_note_cosign": button(CLINICAL, OF_THE_CASE),
    # only in demo mode
    "demo_mail_list": page("demo"),
    "demo_mail": page("demo"),
    "demo_components": page("demo"),
}

# Where a reader who passes gets another answer than the rest.
OTHERWISE = {
    **{("sign_in", reader): MOVED for reader in VERIFIED},  # she is signed in already
    **{("second_step", reader): MOVED for reader in VERIFIED},
    ("case_open", SUPERVISOR, "post"): MOVED,  # a supervisor may open a case of her own
    ("crisis_profile", SUPERVISOR, "post"): 200,  # she reads it; saving is refused on the page
}

# A method that the address does not know is refused before the row is looked for.
METHOD_FIRST = {
    ("task_done", "get"),
    ("document", "post"),
    ("consent_send", "get"),
    ("paper_prepare", "get"),
    ("client_crisis", "post"),
    ("session_crisis", "post"),
}


# A paper form is compared by an administrator: the one page that names a signer to her.
NAMES_TOLD = {("paper_check", ADMIN)}


def answer(name: str, reader: str, method: str) -> int | str:
    """Return what ``reader`` gets from the address ``name``."""
    known = ADDRESSES[name]
    policy, _colon, roles = known.policy.partition(": ")
    if policy == "demo":
        return NOT_FOUND
    if policy in ("password", "staff", "roles") and reader == ANONYMOUS:
        return SIGN_IN
    if policy in ("staff", "roles") and reader == PASSWORD:
        return SECOND_STEP
    if roles and not ROLES[reader] & set(roles.split()):
        return FORBIDDEN
    asked = getattr(known, method)
    if reader not in (*known.seen_by, ANONYMOUS, PASSWORD) and (name, method) not in METHOD_FIRST:
        return NOT_FOUND
    return OTHERWISE.get((name, reader, method), OTHERWISE.get((name, reader), asked))
