"""Consent forms as data: a version is published by an action and never changes after (trigger)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from consent.wording import particulars_asked


class Particular(models.Model):
    """What the clinic says of itself in its forms: fees, hours, contacts; in both languages."""

    key = models.CharField(max_length=40, primary_key=True)
    value_zh = models.CharField(max_length=300)
    value_en = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("particular of the forms")

    @staticmethod
    def labels() -> dict[str, str]:
        """Return what each particular is called in the reader's language, by its key."""
        name = "label" if get_language() == "en" else "label_zh"
        return {key: asked[name] for key, asked in particulars_asked().items()}


class Form(models.Model):
    """A form, whatever its version: the individual consent, the agreement, the privacy notice."""

    class Key(models.TextChoices):
        INDIVIDUAL = "individual", _("consent to telecounselling")
        AGREEMENT = "counselling_agreement", _("counselling agreement")
        PRIVACY = "privacy_notice", _("personal data notice")

    key = models.CharField(max_length=30, primary_key=True, choices=Key)

    class Meta:
        verbose_name = _("consent form")

    def __str__(self) -> str:
        return str(self.get_key_display())


class FormVersionQuerySet(models.QuerySet):
    def current(self, key: str) -> "FormVersion | None":
        """The newest version of a form; None when none is published."""
        return self.filter(form=key).order_by("-number").first()


class FormVersion(AppendOnly):
    """One published version: its words with the clinic's particulars filled in.

    ``content`` holds everything but the items, as in the content file; ``sha256`` is taken over
    content and items together. Only placeholders of the signer and the day are left open.
    """

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published"))

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a form")
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="version_once")]

    def title(self, language: str) -> str:
        """The form's title in ``zh`` or ``en``."""
        return self.content["form"][f"title_{language}"]


class FormItem(AppendOnly):
    """One item or notice of a version. ``code`` is its id in the form (A1 … A11, N1 …)."""

    class Kind(models.TextChoices):
        NOTICE = "notice", _("notice")
        ITEM = "item", _("item")

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, choices=Kind)
    clauses = ArrayField(models.CharField(max_length=10))
    texts = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("item of a form")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="item_code_once"),
            models.UniqueConstraint(fields=["version", "position"], name="item_position_once"),
        ]

    @property
    def title(self) -> str:
        """Its title as staff read it, in their language; the signer's words are of her request."""
        return self.texts["title_en" if get_language() == "en" else "title_zh"]

    def wording(self, language: str, *, easy: bool = False) -> str:
        """Its words in ``zh`` or ``en``, with what holds by telephone (G0.2) and what it leaves free.

        Placeholders are still to be filled. Empty where an item has no easy words.
        """
        first = f"easy_{language}" if easy else language
        if not self.texts.get(first):
            return ""
        parts = (first, f"phone_{language}", f"note_{language}")
        return "\n\n".join(self.texts[part] for part in parts if self.texts.get(part))
