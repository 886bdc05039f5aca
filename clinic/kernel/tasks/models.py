"""Tasks: things that wait for a person (待辦)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskQuerySet(models.QuerySet):
    def open_for(self, user) -> "TaskQuerySet":
        """What waits for this user, herself or by one of her roles; the oldest first.

        What waited for somebody who left is the administrators'.
        """
        mine = models.Q(owner=user) | models.Q(owner=None, role__in=user.roles)
        if user.is_admin:
            mine |= models.Q(owner__is_active=False)
        return self.filter(mine, done_at=None).order_by("due", "id")


class Task(models.Model):
    """Something one person must do. ``kind`` and ``key`` make the same thing one task."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="tasks"
    )
    role = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=60, blank=True)
    due = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("to-do")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_task_a_thing"),
            models.CheckConstraint(
                condition=models.Q(done_by__isnull=True, done_at__isnull=True)
                | models.Q(done_by__isnull=False, done_at__isnull=False),
                name="task_done_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(owner__isnull=True, role=""), name="task_has_someone"
            ),
        ]
