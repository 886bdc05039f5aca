"""A consent request: one person is asked to sign one bundle of versions for one case.

The request's life, the document's life and the consent's validity are three things.
"""

import json
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.kernel.append_only import AppendOnly
from clinic.kernel.documents.models import Document
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.people.models import Person
from consent.models.forms import FormItem, FormVersion
from consent.models.states import ENDS, LIVE, MOVES, OVER, WOKEN, State

DOCUMENT = "consent.individual"  # kind of the sealed document
PAPER_FORM = "consent.paper"  # kind of the form that is printed
INTERN_NOTICE = "N6"
SPECIAL_CONSENT = "PS1"


class RequestQuerySet(EncryptedQuerySet):
    def live(self) -> "RequestQuerySet":
        """Requests that still wait for their signer."""
        return self.filter(state__in=LIVE)

    def in_hand(self) -> "RequestQuerySet":
        """Requests that somebody can finish: the case is open, and its psychologist has not left."""
        rows = self.filter(case__closed_at=None)
        return rows.exclude(case__counsellor__in=User.objects.who_left())

    def of_cases(self, cases) -> "RequestQuerySet":
        """Requests of these cases, the newest first, with what lists show."""
        found = self.filter(case__in=cases)
        found = found.select_related("signer", "version__form", "case", "paper")
        return found.order_by("-created_at", "-id")

    def of_link(self, link) -> "Request":
        """The request a link stands for, with what client pages show."""
        found = self.select_related("case__counsellor", "signer", "version__form")
        return found.get(pk=link.subject.removeprefix("request:"))

    def with_asked_at(self) -> "RequestQuerySet":
        """With ``asked_at``: when it was made, or woken last."""
        woken = RequestEvent.objects.filter(request=OuterRef("pk"), what=WOKEN).order_by("-number")
        return self.annotate(asked_at=Coalesce(Subquery(woken.values("at")[:1]), "created_at"))

    def asked_between(self, start: datetime, end: datetime) -> "RequestQuerySet":
        """Requests whose signers were asked between the two, with these."""
        return self.with_asked_at().filter(asked_at__range=(start, end)).select_related("signer")

    def sealed_since(self, since: datetime) -> "RequestQuerySet":
        """Countersigned requests whose document was sealed after ``since``."""
        sealed = Document.objects.filter(
            kind=DOCUMENT, state=Document.State.SEALED, made_at__gte=since
        )
        found = self.filter(state=State.COUNTERSIGNED, signature__in=sealed.values("subject_id"))
        return found.select_related("signer", "case__counsellor")

    def overdue(self, now: datetime) -> "RequestQuerySet":
        """Live requests whose time is over."""
        return self.live().filter(expires_at__lte=now)


class Request(EncryptedModel):
    """One signer, one case, one main version with what is attached to it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consent_requests")
    signer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consent_requests")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="requests")
    attached = models.ManyToManyField(FormVersion, related_name="+")
    values = EncryptedTextField()  # JSON: the open placeholders, fixed when the request was made
    state = models.CharField(_("state"), max_length=25, choices=State, default=State.SENT)
    language = models.CharField(max_length=10, default="zh-hant")
    mailed_to = models.CharField(max_length=64)  # blind index of the address that got the link
    electronic_at = models.DateTimeField(null=True)
    paper_wished_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = EncryptedTextField(blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent request")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "signer"],
                condition=Q(state__in=LIVE),
                name="one_live_request",
            ),
            models.CheckConstraint(condition=Q(state__in=MOVES.keys()), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OVER, ended_at__isnull=False)
                | (~Q(state__in=OVER) & Q(ended_at__isnull=True)),
                name="request_ended_pair",
            ),
        ]

    @property
    def address_changed(self) -> bool:
        """Whether the signer's address is another than the link was mailed to: that link is dead."""
        return bool(self.mailed_to) and self.mailed_to != self.signer.email_index

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_out_of_hand(self) -> bool:
        """Whether nobody could countersign it: its case was closed, or its psychologist left."""
        return self.case.closed_at is not None or self.case.counsellor.has_left

    @property
    def is_stranded(self) -> bool:
        """Whether it waits for its signer all the same."""
        return self.is_live and self.is_out_of_hand

    @property
    def tone(self) -> str:
        """The state's colour: ``go``, ``fix``, ``stop``, ``none`` or ``info``."""
        tones = {State.COUNTERSIGNED: "go", State.SIGNED: "fix", State.DECLINED: "stop"}
        tones[State.PAPER_REFUSED] = "stop"
        ended = "none" if self.state in ENDS else "info"
        return "fix" if self.awaits_check else tones.get(self.state, ended)

    @property
    def newer(self) -> RequestQuerySet:
        """Later requests to its signer for the same case."""
        return Request.objects.filter(case=self.case_id, signer=self.signer_id, pk__gt=self.pk)

    @property
    def is_followed(self) -> bool:
        """Whether its signer was asked anew since, and not revoked: it is not woken then. One query."""
        return self.newer.exclude(state=State.REVOKED).exists()

    @property
    def is_overtaken(self) -> bool:
        """Whether it waits for a countersignature that would end a newer consent. One query."""
        return self.state == State.SIGNED and self.newer.filter(state=State.COUNTERSIGNED).exists()

    @property
    def on_paper(self) -> bool:
        """Whether it goes by paper: a link may have been mailed before, or never."""
        return self.paper_wished_at is not None and self.is_live

    @property
    def returned_paper(self):
        """The paper form that came back; None while there is none."""
        return getattr(self, "paper", None)

    @property
    def awaits_check(self) -> bool:
        """Whether a second person has still to compare its paper form with the scan."""
        paper = self.returned_paper
        return self.state in (State.SIGNED, State.COUNTERSIGNED) and bool(
            paper and paper.checked_at is None
        )

    @property
    def state_words(self) -> str:
        """Where it stands, in the words of lists."""
        if self.on_paper:
            return str(_("on paper"))
        if self.awaits_check:
            return str(_("paper, to be checked"))
        return self.get_state_display()

    @property
    def occasion(self) -> str:
        """How the outbox and links speak of this request: a key, never a name."""
        return f"request:{self.pk}"

    def words(self, language: str) -> dict[str, str]:
        """What was fixed for this signer, for ``zh`` or ``en``."""
        return json.loads(self.values)[language]

    def asked_items(self) -> models.QuerySet[FormItem]:
        """The items this signer answers: notices and items of the main form, then the special
        consent of the attached notice (PDPA §6). The intern's notice only where one serves."""
        special = Q(version__in=self.attached.all(), code=SPECIAL_CONSENT)
        asked = FormItem.objects.filter(Q(version=self.version) | special)
        if not self.words("zh").get("supervisor_name"):
            asked = asked.exclude(code=INTERN_NOTICE)
        return asked.order_by("version__form__key", "position")


class RequestEvent(AppendOnly):
    """What happened to a request, chained by hashes; printed on the certificate page."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("event of a consent request")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="event_number_once")
        ]


class Answer(models.Model):
    """The newest answer to an item; every earlier one stands in the events."""

    class Choice(models.TextChoices):
        AGREE = "agree", _("agrees")
        ASK = "ask", _("asks first")
        DISAGREE = "disagree", _("does not agree for now")
        LATER = "later", _("comes back to it later")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(FormItem, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=Choice)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to an item")
        constraints = [models.UniqueConstraint(fields=["request", "item"], name="answer_once")]


class Question(EncryptedModel):
    """A question on an item: answered by the counsellor, closed by the signer."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="questions")
    item = models.ForeignKey(FormItem, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    asked_at = models.DateTimeField()
    reply = EncryptedTextField(blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("question on an item")
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_by__isnull=True, replied_at__isnull=True)
                | Q(replied_by__isnull=False, replied_at__isnull=False),
                name="question_replied_pair",
            ),
            models.UniqueConstraint(
                fields=["request", "item"],
                condition=Q(closed_at__isnull=True),
                name="one_open_question_an_item",
            ),
        ]


class Explanation(AppendOnly):
    """The record that somebody explained the form: who, when, how, which items (G4.2, A5, A8)."""

    class Channel(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIDEO = "video", _("by video")
        TELEPHONE = "telephone", _("by telephone")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="explanations")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    items = ArrayField(models.CharField(max_length=10))
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("explanation")
        ordering = ["-at"]


class Understanding(AppendOnly):
    """One try at one of the check questions. A wrong one tells the counsellor, nothing more."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="understandings")
    question = models.CharField(max_length=30)
    choice = models.CharField(max_length=10)
    right = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check of understanding")
