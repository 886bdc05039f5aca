"""Fifty taps on „sign“ at once against real web processes: one outcome, and never an error page.

``FAULTS=full`` plays two hundred rounds; otherwise twenty, within a minute.
"""

import http.client
import os
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as ours
from django.db import connections
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from clinic.clients.actions import open_case, register_client
from clinic.embedded.processes import tail
from clinic.embedded.redis import free_port
from clinic.errors import Refused
from clinic.kernel.documents.models import Document
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from consent.actions import countersign, revoke, send_request
from consent.models import Countersignature, Request, RequestEvent, Signature, State
from consent.signing import open_request
from tests.consent.conftest import BORN, STAGES, complete, forms
from tests.faults import processes
from tests.faults.processes import until
from tests.stages import *  # noqa: F403  pytest finds fixtures among a module's names

__all__ = ["STAGES", "forms"]  # fixtures

ROUNDS = 200 if os.environ.get("FAULTS") == "full" else 20
TAPS = 50
REVOKES = 25
pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def ready_request(number: int, counsellor, now) -> Request:
    """Make a client with a request that lacks nothing but the signature."""
    values = {
        "name": f"江小滿{number}",
        "sex": "female",
        "birth_date": BORN,
        "email": f"client{number}@client.example",
        "phone": "0000-000-011",
    }
    person = register_client(values=values, by=counsellor, now=now)
    case = open_case(person=person, by=counsellor, now=now)
    request = send_request(case=case, by=counsellor, now=now)
    opened = open_request(request=request, electronic=True, by=person, now=now)
    return complete(opened, person, counsellor, now)


class Web:
    """The web processes as the Procfile starts them; ``tap`` submits the signature once."""

    def __init__(self, start, log):
        self.port, self.log = free_port(), log
        environment = processes.environment(
            PUBLIC_BASE_URL=f"http://127.0.0.1:{self.port}",
            MEDIA_ROOT=str(ours.MEDIA_ROOT),
            DJANGO_SETTINGS_MODULE="tests.faults.web_settings",
        )
        bind = ["--workers", "2", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        self.running = start(["gunicorn", "clinic.wsgi", *bind], environment, log)
        assert until(self.answers, 30), tail(log, 30)

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz/live")[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple:
        """Return status, body and the place a redirect leads to."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Location", ""), answer
        finally:
            line.close()

    def signer(self, request: Request):
        """Return a function that taps „sign“ once, as the holder of the request's link."""
        link = Link.objects.get(subject=request.occasion, closed_at=None)
        jar = cookie.give(HttpResponse(), link, proven=True).cookies
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())
        path = reverse("consent_review", args=[link.pk])
        status, page, place, answer = self.ask("GET", path, Cookie=cookies)
        assert status == 200, (status, place, page[-3000:], tail(self.log, 40))
        given = (one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie"))
        csrf = next(one for one in given if one.startswith("csrf"))
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "method": "typed", "name": request.signer.name}
        headers = {
            "Cookie": f"{cookies}; {csrf}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return lambda: self.ask("POST", path, urlencode(form), **headers)


@pytest.fixture
def web(settings, tmp_path):
    with processes.running() as start:
        yield Web(start, tmp_path / "web.log")


def kind_of(answer: tuple) -> str:
    """Return ``done``, ``closed`` (the friendly page of a link that ended), or what else it is."""
    status, _body, place, _answer = answer
    if status == 302 and urlsplit(place).path.endswith("/done/"):
        return "done"
    return {410: "closed", 200: "refused"}.get(status, f"status {status}")


def test_fifty_taps_are_one_signature_one_document_and_one_mail_each(
    web,
    clinic,
    forms,
    counsellor,
    now,
):
    began = time.monotonic()
    seen = Counter()
    with ThreadPoolExecutor(TAPS) as taps:
        for number in range(ROUNDS):
            request = ready_request(number, counsellor, timezone.now())
            tap = web.signer(request)
            seen.update(kind_of(a.result()) for a in [taps.submit(tap) for _n in range(TAPS)])
            signature = Signature.objects.get(request=request)
            countersign(request=request, by=counsellor, now=timezone.now())
            assert request.events.filter(what="signed").count() == 1
            rows = Outbox.objects.about(request.occasion).values_list("kind", flat=True)
            assert Counter(rows) == {
                "consent_request": 1,
                "ready_to_sign": 1,
                "consent_for_psychologist": 1,
            }
            assert Document.objects.filter(subject_id=signature.pk).count() == 1
    print(f"\n{ROUNDS} rounds of {TAPS}: {dict(seen)}, {time.monotonic() - began:.0f} s")
    assert seen == {"done": ROUNDS * TAPS}, tail(web.log, 30)
    assert Signature.objects.count() == Countersignature.objects.count() == ROUNDS
    assert Outbox.objects.filter(kind="document.render").count() == ROUNDS


def test_a_revoke_while_signing_has_one_outcome(web, clinic, forms, counsellor, now):
    outcomes, seen = Counter(), Counter()
    with ThreadPoolExecutor(REVOKES * 2) as people:
        for number in range(max(ROUNDS // 20, 3)):
            request = ready_request(1000 + number, counsellor, timezone.now())
            tap = web.signer(request)
            signs, revokes = [], []
            for _time in range(REVOKES):
                signs.append(people.submit(tap))
                revokes.append(people.submit(try_to_revoke, request, counsellor))
            done = Counter(kind_of(one.result()) for one in signs)
            ended = sum(one.result() for one in revokes)
            seen += done
            request = Request.objects.get(pk=request.pk)
            outcomes[request.state] += 1
            signed = Signature.objects.filter(request=request).count()
            whats = RequestEvent.objects.filter(request=request).values_list("what", flat=True)
            assert ([*whats].count("signed"), [*whats].count("revoked")) == (signed, 1 - signed)
            assert (request.state, ended) == ((State.SIGNED, 0) if signed else (State.REVOKED, 1))
            assert (done["done"] > 0) == bool(signed)
    print(f"\n{dict(outcomes)}, {dict(seen)}")
    assert set(seen) <= {"done", "closed", "refused"}, tail(web.log, 30)


def try_to_revoke(request: Request, counsellor) -> int:
    """Revoke once; tell whether it did."""
    try:
        revoke(request=request, by=counsellor, now=timezone.now())
    except Refused:
        return 0
    finally:
        connections.close_all()
    return 1
