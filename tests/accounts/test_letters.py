"""What letters say of the clinic: in an inbox nothing, inside the right thing."""

import re
import tomllib

import pytest
from django.utils import translation

from clinic.accounts.actions import ask_password_reset, invite
from clinic.kernel.actors import System
from clinic.kernel.letters import compose, files
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.registry import Recipient
from clinic.organisation.letterhead import letterhead

TELLING = re.compile("諮商|心理|counsel|psych", re.IGNORECASE)
FILES = {path.stem: path for path in files() if path.stem != "layout"}
KINDS = sorted(FILES)
LANGUAGES = ["zh-hant", "en"]
OPEN_PLACEHOLDER = re.compile(r"[{}]|%\(")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("set_up", [True, False])
def test_subject_preview_and_sender_never_tell_what_the_clinic_does(
    request, db, kind, language, set_up
):
    if set_up:
        request.getfixturevalue("clinic")
    texts = tomllib.loads(FILES[kind].read_text(encoding="utf-8"))
    with translation.override(language):
        telling = dict.fromkeys(texts["placeholders"], "諮商 心理 counselling psychologist")
        head = letterhead()
    days = {"expires_at": "2026-11-28", "expires_on": "2026-11-28", "days_left": "30"}
    days |= {"minutes": "20", "case_code": "C-00001", "duration": "50", "mode": "視訊"}
    days |= {"notice_kind": "a session was started", "raised_at": "2026-11-24 14:00"}
    days |= dict.fromkeys(("when", "old_when", "times", "old_times"), "2026-11-24 14:00 (UTC+8)")
    days |= {"what": "the time"}
    values = telling | days | head | {"link": "https://clinic.example/l/x/"}
    letter = compose(kind, Recipient("a@b.example", language, "諮商"), values)
    preview = re.search(r"<title>(.*?)</title>", letter.html)[1]
    shown = [letter.subject, letter.sender, preview]
    assert [text for text in shown if TELLING.search(text)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("neutral", [True, False])
def test_a_letters_placeholders_are_those_it_declares(kind, neutral):
    texts = tomllib.loads(FILES[kind].read_text(encoding="utf-8"))
    used = set()
    for version in ("normal", "safe"):
        for language in ("zh", "en"):
            used |= set(re.findall(r"\{(\w+)\}", "\n".join(texts[version][language].values())))
    assert used | {"link"} == set(texts["placeholders"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_invitation_reads_well_before_the_clinic_has_a_name(db, mailbox, now, language):
    user = invite(
        email="lixia@clinic.example",
        name="石立夏",
        roles=["admin"],
        language=language,
        by=System("setup"),
        now=now,
    )
    user.joined_at = now
    user.save(update_fields=["joined_at"])
    ask_password_reset(email=user.email, by=System("accounts"), now=now)
    deliver_due()
    assert len(mailbox) == 2
    for mail in mailbox:
        text = mail.get_body(("plain",)).get_content()
        assert (OPEN_PLACEHOLDER.findall(text), "石立夏" in text) == ([], True)
    if language == "en":
        first = mailbox[0].get_body(("plain",)).get_content()
        assert (
            "You have been invited by your clinic to use its work system as administrator." in first
        )
        assert "please tell the person who invited you." in first


def test_the_invitation_of_a_clinic_names_it_and_its_telephone(clinic, admin, mailbox, now):
    invite(
        email="xiaoshu@clinic.example",
        name="丁小暑",
        roles=["admin"],
        language="en",
        by=admin,
        now=now,
    )
    deliver_due()
    mail = mailbox.pop()
    text = mail.get_body(("plain",)).get_content()
    assert (mail["Subject"], str(mail["From"]).partition(" <")[0]) == (
        "Please set up your account",
        "節氣工作室",
    )
    assert "You have been invited by Twenty-Four Seasons Counselling Clinic (fictional)" in text
    assert "please tell us (0000-000-001)." in text


def test_an_english_invitation_joins_roles_as_english_does(db, mailbox, now):
    values = {"email": "lixia@clinic.example", "name": "石立夏", "language": "en"}
    invite(roles=["supervisor", "admin"], **values, by=System("setup"), now=now)
    deliver_due()
    (mail,) = mailbox
    assert "as supervisor, administrator." in mail.get_body(("plain",)).get_content()
