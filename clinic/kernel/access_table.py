"""Every address with who may open it: for people to read and for tests to compare."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.views.generic import View

from clinic.kernel.access import Policy, all_views, policy_of
from clinic.kernel.roles import Role

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    """One address. ``html``: whether it shows a page, so that tests of pages must visit it."""

    url: str
    name: str
    methods: list[str]
    policy: str
    roles: list[str]
    html: bool


def rows() -> Iterator[Row]:
    """Yield every address in the order in which Django looks."""
    for route, pattern in all_views():
        policy, methods = policy_of(pattern.callback), _methods(pattern.callback)
        yield Row(
            url=route,
            name=pattern.name or "",
            methods=methods,
            policy=policy.name if policy else "",
            roles=_roles(policy),
            html=_shows_a_page(pattern.callback, methods),
        )


def _methods(callback) -> list[str]:
    view: type[View] | None = getattr(callback, "view_class", None)
    if view is None:
        return ["GET"]
    allowed = set(view.http_method_names)
    return [m.upper() for m in METHODS if m in allowed and hasattr(view, m)]


def _roles(policy: Policy | None) -> list[str]:
    if policy is None or policy.level < 2:
        return []
    return [role for role in Role.values if not policy.roles or role in policy.roles]


def _shows_a_page(callback, methods: list[str]) -> bool:
    """Whatever answers GET is a page, unless its view declares ``html = False``."""
    view = getattr(callback, "view_class", callback)
    return "GET" in methods and getattr(view, "html", True)


def as_text() -> str:
    """Return the table for people."""
    found = [(r.url, " ".join(r.methods), r.policy, " ".join(r.roles)) for r in rows()]
    lines = [("address", "methods", "policy", "roles"), *found]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(w) for cell, w in zip(line, widths, strict=False)), line[3]]
        ).rstrip()
        for line in lines
    )
