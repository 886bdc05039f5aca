"""A client's phone: a browser that opens mailed links and walks the pages behind them."""

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.kernel.links.models import Link
from tests.consent.conftest import BORN


def link_of(request) -> Link:
    """Return the newest link of a consent request."""
    return Link.objects.filter(purpose="consent", subject=request.occasion).latest("pk")


class Phone:
    """One link in one browser; ``browser`` may be shared by several links."""

    def __init__(self, request, browser: Client | None = None):
        self.browser = browser or Client()
        self.link = link_of(request)
        self.mailed = reverse("link", args=[self.link.token])

    def open(self) -> HttpResponse:
        """Press the button behind the mailed link."""
        return self.browser.post(self.mailed)

    def prove(self, born: object = BORN, **data) -> HttpResponse:
        """Give a birth date, and agree to read electronically."""
        return self.post("start", **{"birth_date": str(born), "electronic": "on"} | data)

    def begin(self) -> "Phone":
        """Open and prove; return the phone."""
        self.open()
        self.prove()
        return self

    def address(self, page: str, *args: object) -> str:
        return reverse(f"consent_{page}", args=[self.link.pk, *args])

    def get(self, page: str, *args: object, **query) -> HttpResponse:
        return self.browser.get(self.address(page, *args), query)

    def post(self, page: str, *args: object, headers=None, **data) -> HttpResponse:
        return self.browser.post(self.address(page, *args), data, headers=headers)

    def answer(self, number: int, choice: str = "agree", **data) -> HttpResponse:
        return self.post("item", number, choice=choice, **data)

    def sign(self, name: str = "江小滿", **data) -> HttpResponse:
        return self.post("review", **{"method": "typed", "name": name} | data)

    @property
    def cookies(self) -> list[str]:
        """The names of the link cookies that this browser holds."""
        found = self.browser.cookies.items()
        return sorted(name for name, cookie in found if "link" in name and cookie.value)


def everything(*, but: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Return of every table how many rows it has and a digest of all of them."""
    skip = {"django_migrations", *but}
    tables = sorted(set(connection.introspection.table_names()) - skip)
    with connection.cursor() as cursor:
        state = {}
        for table in tables:
            rows = f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'  # noqa: S608
            cursor.execute(rows)
            state[table] = cursor.fetchone()
    return state


def template(response: HttpResponse) -> str:
    """Return the name of the page's template without folder and ending."""
    return response.templates[0].name.rpartition("/")[2].removesuffix(".html")
