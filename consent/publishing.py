"""Publishing the default forms (G4.1): words, particulars and items become a fixed version."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.organisation.actions import hold_clinic
from clinic.organisation.letterhead import dialled
from clinic.organisation.setup import require_clinic
from clinic.staff.models import Approval, Channel
from consent.figures import ask_figures
from consent.models import Form, FormItem, FormVersion, Particular
from consent.models.requests import SPECIAL_CONSENT
from consent.retention import YEARS, ask_lawful_years
from consent.wording import content_file, digest, fill_content

ADMINS_ONLY = _("Only administrators change the forms.")
JOINED = {"zh": "或", "en": " or "}


@action("particulars.save", says=_("changed the particulars of the forms"))
def save_particulars(*, values: dict[str, tuple[str, str]], by, now: datetime) -> None:
    """Write what the clinic says of itself. ``values``: key to the words in zh and en.

    Refused where records were kept for less than the law's ten years (心理師法 §25), or where
    words stand in what the forms follow with a unit.
    """
    ask(by.is_admin, ADMINS_ONLY)
    ask_lawful_years(values.get(YEARS, ()), field=f"{YEARS}_zh")
    ask_figures((key, words) for key, both in values.items() for words in both)
    changed = {}
    for key, (zh, en) in values.items():
        row = Particular.objects.filter(key=key).first() or Particular(key=key)
        was = _in_both(row)
        if apply_changes(row, {"value_zh": zh, "value_en": en}):
            changed[key] = [was, _in_both(row)]
            row.save()
    record(require_clinic(), changes=changed, fields_of=Particular._meta.label_lower)


def _in_both(row: Particular) -> str:
    """The words in both languages, once where they are the same."""
    return " / ".join(dict.fromkeys([row.value_zh, row.value_en]))


@action("forms.publish", says=_("published the consent forms"))
def publish_forms(*, by, now: datetime) -> list[FormVersion]:
    """Publish a new version of each default form whose words have changed since the last."""
    ask(by.is_admin, ADMINS_ONLY)
    hold_clinic()  # two at once would both number the next version
    values = clinic_values(now)
    _ask_approved(values)
    _ask_fillable(values)
    ask_lawful_years(words[YEARS] for words in values.values() if YEARS in words)
    ask_figures(pair for words in values.values() for pair in words.items())
    published = [made for key in Form.Key.values if (made := _publish(key, values, now))]
    if not published:
        raise Refused("forms.unchanged", _("Nothing has changed since the last version."))
    for version in published:
        record(version, note=f"{version.form} {version.number}")
    return published


def _ask_approved(values: dict[str, dict[str, str]]) -> None:
    """The forms name what the approval allows (G0.2); it is no particular to be entered."""
    if not values["zh"]["service_modes"]:
        raise Refused(
            "forms.no_approval",
            _(
                "The forms name the ways of counselling that an approval in force allows; "
                "there is none."
            ),
            _("Please enter the approval under set-up, then publish."),
        )


def _ask_fillable(values: dict[str, dict[str, str]]) -> None:
    """Refuse braces kept from before: filled in for a client, they would stop each of her pages."""
    for text in (text for words in values.values() for text in words.values()):
        if "{" in text or "}" in text:
            raise Refused(
                "consent.braces",
                _("“%(text)s” has { or } in it.") % {"text": text},
                _("Please use ( and ) under particulars of the forms, or in the clinic's set-up."),
            )


def clinic_values(now: datetime) -> dict[str, dict[str, str]]:
    """Return the clinic's placeholders for ``zh`` and ``en``."""
    clinic = require_clinic()
    rows = list(Particular.objects.all())
    values: dict[str, dict[str, str]] = {}
    for language, code in (("zh", "zh-hant"), ("en", "en")):
        with override(code):
            values[language] = {row.key: getattr(row, f"value_{language}") for row in rows} | {
                "clinic_name": clinic.name if language == "zh" else clinic.name_en or clinic.name,
                "clinic_phone": dialled(clinic.phone),
                "clinic_address": clinic.full_address,
                "communication_system": clinic.communication_system,
                "reconnect_minutes": str(clinic.reconnect_minutes),
                "service_modes": JOINED[language].join(_channels(now)),
                "agreement_title": _agreement_title(language),
            }
    return values


def _channels(now: datetime) -> list[str]:
    """The ways that some approval in force names, in the order of the list."""
    named = {
        channel
        for approval in Approval.objects.in_force_on(timezone.localdate(now))
        for channel in approval.channels
    }
    return [str(channel.label) for channel in Channel if channel in named]


def _agreement_title(language: str) -> str:
    return content_file(Form.Key.AGREEMENT)["form"][f"default_agreement_title_{language}"]


def overtaken_by_changes(now: datetime) -> list[FormVersion]:
    """Return the newest versions whose words would be others if they were published now.

    Clients go on signing them: the clinic's number, system and minutes in them are the old ones.
    Empty where the words of today could not be published either. At most seven queries.
    """
    newest = [version for key in Form.Key.values if (version := FormVersion.objects.current(key))]
    if not newest:
        return []
    values = clinic_values(now)
    if not values["zh"]["service_modes"]:
        return []
    try:
        return [row for row in newest if _draft(row.form_id, values)[-1] != row.sha256]
    except Refused:  # a particular is missing: the page of the forms asks for it
        return []


def _draft(key: str, values: dict) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Return the content of a form as it would be now, its items, and the digest of both."""
    filled = fill_content(content_file(key), values)
    items = _items(filled)
    return filled, items, digest([filled, items])


def _publish(key: str, values: dict, now: datetime) -> FormVersion | None:
    filled, items, sha256 = _draft(key, values)
    newest = FormVersion.objects.current(key)
    if newest and newest.sha256 == sha256:
        return None
    form, _made = Form.objects.get_or_create(key=key)
    version = FormVersion.objects.create(
        form=form,
        number=newest.number + 1 if newest else 1,
        content=filled,
        sha256=sha256,
        published_at=now,
    )
    FormItem.objects.bulk_create(
        FormItem(version=version, position=n, sha256=digest(item["texts"]), **item)
        for n, item in enumerate(items, start=1)
    )
    return version


def _items(filled: dict[str, Any]) -> list[dict[str, Any]]:
    """Take notices and items out of a filled form; what stays is its content."""
    found = []
    for kind, section in ((FormItem.Kind.NOTICE, "notices"), (FormItem.Kind.ITEM, "items")):
        for row in filled.pop(section, []):
            texts = {k: v for k, v in row.items() if k not in ("id", "cites", "obligations")}
            found.append({"code": row["id"], "kind": kind, "clauses": row["cites"], "texts": texts})
    if special := filled.pop("special_consent", None):
        texts = {k: v for k, v in special.items() if k != "cites"}
        found.append(
            {
                "code": SPECIAL_CONSENT,
                "kind": FormItem.Kind.ITEM,
                "clauses": special["cites"],
                "texts": texts,
            }
        )
    return found


def known_particulars() -> dict[str, tuple[str, str]]:
    """Return what the clinic has entered: key to the words in zh and en."""
    return {row.key: (row.value_zh, row.value_en) for row in Particular.objects.all()}


def versions() -> list[FormVersion]:
    """Return every version, the newest of each form first."""
    return list(FormVersion.objects.select_related("form").order_by("form", "-number"))
