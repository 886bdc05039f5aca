"""Pages that exist in demo mode only: the mails that were sent, and every component."""

from typing import Any

from django.http import Http404
from django.utils import timezone

from clinic.demo import mailbox
from clinic.demo.components import examples
from clinic.kernel import access
from clinic.kernel.pages import DetailPage


class MailListPage(DetailPage):
    policy = access.DEMO
    template_name = "demo/mail_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mails=mailbox.mails(), **kwargs)


class MailPage(DetailPage):
    policy = access.DEMO
    template_name = "demo/mail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if (mail := mailbox.find(kwargs["mail"])) is None:
            raise Http404
        return super().get_context_data(**kwargs | {"mail": mail})


class ComponentsPage(DetailPage):
    """Every part of the pages once, with examples."""

    policy = access.DEMO
    template_name = "demo/components.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | examples(timezone.now()))
