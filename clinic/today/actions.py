"""What the buttons beside stored to-dos do."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.kernel.action import action
from clinic.kernel.documents.actions import ask_again
from clinic.kernel.tasks.actions import finish_task
from clinic.kernel.tasks.models import Task
from clinic.today.rows import failed_document


@action("task.do", says=_("finished the to-do"))
def do_task(*, task: Task, by, now: datetime) -> Task:
    """End ``task``, and ask again for the document that it is about: both, or neither."""
    if document := failed_document(task):
        ask_again(document=document, by=by, now=now)
    return finish_task(task=task, by=by, now=now)
