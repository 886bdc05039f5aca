"""A client's phone with the link that the mail about her appointment carried."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from clinic.kernel.links.models import Link
from sessions.booking.actions import book
from sessions.models import CounsellingSession
from tests.sessions.conftest import BORN, CALL
from tests.sessions.post import at, deliver
from tests.staff.conftest import loose

BOOKED_AT = at("2035-10-22 10:00")
START = at("2035-10-26 14:00")
MINUTE = timedelta(minutes=1)


def booked_ahead(case, room, counsellor) -> CounsellingSession:
    """A video session at START, four days ahead; nobody was written to yet."""
    return book(
        case=case,
        room=room,
        channel="video",
        start=START,
        minutes=50,
        call_link=CALL,
        by=counsellor,
        now=BOOKED_AT,
    )


def booked_and_mailed(case, room, counsellor) -> CounsellingSession:
    """The same, of which its client was told."""
    session = booked_ahead(case, room, counsellor)
    deliver(BOOKED_AT + 4 * MINUTE)
    return session


class Phone:
    """A client's browser with the link of her mail, at a moment."""

    def __init__(self, now=BOOKED_AT + timedelta(hours=1)):
        self.browser, self.now = Client(), now
        self.link = Link.objects.get(purpose="appointment")
        self.page = reverse("appointment", args=[self.link.pk])
        self.mailed = reverse("link", args=[self.link.token])

    def ask(self, method, address, data=None):
        with time_machine.travel(self.now, tick=False):
            response = getattr(self.browser, method)(address, data)
        response.text_ = loose(response.content.decode())
        return response

    def begin(self):
        self.ask("post", self.mailed)
        return self

    def look(self):
        return self.ask("get", self.page)

    def prove(self, born=BORN):
        return self.ask("post", self.page, {"birth_date": str(born)})
