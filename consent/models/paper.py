"""A form that was signed on paper: its scan, who entered it, and who compared the two (G4.2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedQuerySet, EncryptedTextField
from clinic.kernel.files.models import StoredFile
from consent.models.requests import Request


class ReturnedPaperQuerySet(EncryptedQuerySet):
    def unchecked(self) -> "ReturnedPaperQuerySet":
        """Signed papers that nobody has compared with their scan yet, the oldest first."""
        waiting = self.filter(checked_at=None, request__signature__isnull=False)
        return waiting.order_by("uploaded_at", "pk")

    def with_request(self) -> "ReturnedPaperQuerySet":
        """With what the page of the second check shows."""
        return self.select_related(
            "request__signer", "request__case", "request__version__form", "uploaded_by"
        )


class ReturnedPaper(EncryptedModel):
    """The paper form of a request as it came back: entered by one person, compared by another.

    ``signed_on`` is the day that the signer wrote; ``single_handed`` says that there was nobody
    else to compare, and stands on the certificate page.
    """

    class Came(models.TextChoices):
        POSTED = "posted", _("by post")
        BROUGHT = "brought", _("brought to the clinic")
        AT_CLINIC = "at_clinic", _("signed at the clinic")

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="paper")
    came = models.CharField(max_length=10, choices=Came)
    signed_on = models.DateField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    found_right = models.BooleanField(null=True)
    single_handed = models.BooleanField(default=False)
    remark = EncryptedTextField(blank=True)

    objects = ReturnedPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("returned paper form")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None, found_right=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False, found_right__isnull=False),
                name="paper_checked_together",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None)
                | ~Q(checked_by=F("uploaded_by"))
                | Q(single_handed=True),
                name="paper_checked_by_another",
            ),
        ]


class PaperPage(AppendOnly):
    """One file of the scan: a page as a photo, or several pages in one PDF."""

    paper = models.ForeignKey(ReturnedPaper, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("scan of a paper form")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="paper_page_once")]
