"""The audit chain: who did what to which record, when and why. Written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.kernel.append_only import AppendOnly


class AuditQuerySet(models.QuerySet):
    def about(self, subject: models.Model, *others: models.Model) -> "AuditQuerySet":
        """Entries on one record, or on several that belong together, newest first."""
        wanted = models.Q()
        for row in (subject, *others):
            wanted |= models.Q(subject_label=row._meta.label_lower, subject_id=row.pk)
        return self.filter(wanted).order_by("-seq")

    def changes(self) -> "AuditQuerySet":
        """Entries that changed something: everything but looking."""
        return self.exclude(verb="record.open")


class AuditEntry(AppendOnly):
    """One link of the chain. Without foreign keys: it outlives whatever it speaks of."""

    seq = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=80)
    subject_label = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    why = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    previous_mac = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        indexes = [models.Index(fields=["subject_label", "subject_id", "-seq"])]


class AuditHead(models.Model):
    """The end of the chain: its row is the lock under which entries are added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField()
    mac = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head")]
