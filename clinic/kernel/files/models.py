"""Files that the clinic keeps. The database knows their hash; the content lies encrypted on disk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """One content, however often it was sent in. ``kind`` was found in the content itself.

    ``sha256`` is of the plain content; ``blob`` is the path of the encrypted one under MEDIA_ROOT.
    """

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"
        WEBP = "image/webp", "WebP"

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=30, choices=Kind)
    size = models.PositiveBigIntegerField()
    blob = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("stored file")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["application/pdf", "image/png", "image/jpeg", "image/webp"]
                ),
                name="file_kind_known",
            )
        ]

    @property
    def extension(self) -> str:
        """The usual ending of a file of this kind, with its dot."""
        endings = {self.Kind.PDF: ".pdf", self.Kind.PNG: ".png", self.Kind.JPEG: ".jpg"}
        return endings.get(self.kind, ".webp")
