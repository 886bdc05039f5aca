"""Ending a task."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.action import action, ask, record
from clinic.kernel.tasks.models import Task


@action("task.finish", says=_("finished the to-do"))
def finish_task(*, task: Task, by, now: datetime) -> Task:
    """Mark ``task`` as done by ``by``. Refused when it is not hers or already done."""
    ask(Task.objects.open_for(by).filter(pk=task.pk).exists(), _("This to-do is not yours."))
    changed = Task.objects.filter(pk=task.pk, done_at=None).update(done_by=by, done_at=now)
    if not changed:
        raise Refused("task.done", _("Somebody has already done this."))
    record(task)
    return task
