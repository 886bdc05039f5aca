"""Today: what waits, each with one action; and what was sent."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kernel import access
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.pages import DetailPage, DoPage, ListPage
from clinic.kernel.panels import panels_for
from clinic.kernel.roles import Role
from clinic.kernel.tasks.todo import todos_for
from clinic.today.actions import do_task
from clinic.today.rows import message_rows, messages_in, open_tasks, stored_tasks


class TodayPage(DetailPage):
    """Home: the day's sessions and what waits."""

    policy = access.STAFF
    template_name = "today/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, user = timezone.now(), self.request.user
        todos, tasks = todos_for(user, now), stored_tasks(user)
        if user.is_admin:
            kwargs["setup_missing"] = []  # a to-do says it here
        return super().get_context_data(
            now=now,
            todos=todos,
            tasks=tasks,
            waiting=len(todos) + len(tasks),
            panels=panels_for("today", None, user, now),
            **kwargs,
        )


class TaskDone(DoPage):
    """The button beside a stored to-do. A document that failed is asked for again by it."""

    policy = access.STAFF

    def act(self) -> str:
        task = get_object_or_404(open_tasks(self.request.user), pk=self.kwargs["pk"])
        do_task(task=task, by=self.request.user, now=timezone.now())
        return self.back()

    def back(self) -> str:
        return reverse("today")


class MessageFilter(forms.Form):
    q = forms.CharField(
        label=_("Member of staff, or client number"), required=False, max_length=100
    )
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *Outbox.State.choices], required=False
    )


class MessageList(ListPage):
    """Every message and its delivery state; keys and names of staff, never content."""

    policy = access.roles(Role.ADMIN)
    template_name = "today/messages.html"
    filter_form = MessageFilter

    def get_queryset(self):
        return messages_in(self.get_filters())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"rows": message_rows(context["object_list"], timezone.now())}
