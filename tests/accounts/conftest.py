"""Signing in as a person does: by the pages."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from clinic.accounts.models import Authenticator
from clinic.accounts.second_step import current_code
from clinic.kernel.actors import System
from clinic.kernel.links.actions import issue_link
from tests.house import PASSWORD


class Browser(Client):
    """A browser in which English was chosen: the words of these tests are those of the source."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.cookies["language"] = "en"


def give_password(client: Client, user, password: str = PASSWORD, **extra):
    """Send the first step's form."""
    return client.post("/sign-in/", {"email": user.email, "password": password}, **extra)


def code_of(user) -> str:
    """Return what the person's phone shows, as a fresh code."""
    device = Authenticator.objects.get(user=user)
    Authenticator.objects.filter(pk=device.pk).update(last_t=-1)
    return current_code(device, timezone.now())


def give_code(client: Client, user, **query):
    """Send the second step's form with a right code."""
    address = "/sign-in/code/" + (f"?next={query['next']}" if query else "")
    return client.post(address, {"code": code_of(user)})


def entered(user) -> Browser:
    """Return a browser in which ``user`` did both steps."""
    client = Browser()
    give_password(client, user)
    give_code(client, user)
    return client


def mailed_link(purpose: str, user, *, lasts: timedelta = timedelta(hours=1), renew: bool = False):
    """Return an open link of ``user``."""
    return issue_link(
        purpose=purpose,
        subject=user.actor_label,
        lasts=lasts,
        renew=renew,
        by=System("accounts"),
        now=timezone.now(),
    )


def text_of(response) -> str:
    """Return a page's words without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
