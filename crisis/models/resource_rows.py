"""Questions to the directory. Everything a page shows of a row comes with the row, in one query."""

from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, JSONObject, RowNumber
from django.utils import timezone

from clinic.kernel.roles import Role

PINNED = ("119", "110", "1925")
ENOUGH_REPORTS = 2
OPEN_FIRST = ("openness", "distance", "mute", "level", "name", "id")
NEAR_FIRST = ("distance", "mute", "openness", "level", "name", "id")  # for every hour of the day
# How sure a source is of a number: files that do not say it row by row are taken as they are.
SURE = Q(confidence="") | Q(confidence__startswith="high")


class ResourceQuerySet(models.QuerySet):
    def listed(self) -> "ResourceQuerySet":
        """Neither stale nor 停發, still in the source, not hidden: what administrators keep."""
        return self.filter(status="shown", hidden_at=None)

    def shown(self) -> "ResourceQuerySet":
        """What everybody may be shown: listed, and not held back."""
        return self.listed().alias(held=self._hold()).filter(held="")

    def held_back(self) -> "ResourceQuerySet":
        """What only administrators see until they have confirmed it."""
        return self.listed().alias(held=self._hold()).exclude(held="")

    def hidden(self) -> "ResourceQuerySet":
        """What the clinic took off its lists, and what vanished from its source."""
        return self.filter(Q(status="shown", hidden_at__isnull=False) | Q(status="withdrawn"))

    def visible_to(self, user) -> "ResourceQuerySet":
        """Staff see what is shown; an administrator also what she may bring back, or miss."""
        if user.has_role(Role.ADMIN):
            return self.filter(status__in=["shown", "withdrawn"])
        return self.shown()

    def of_kind(self, kind: str) -> "ResourceQuerySet":
        return self.filter(kind=kind)

    def named(self, text: str) -> "ResourceQuerySet":
        """Rows with every word of ``text`` in the name or the address."""
        wanted = Q()
        for word in text.split():
            wanted &= Q(name__icontains=word) | Q(address__icontains=word)
        return self.filter(wanted)

    def in_reach_of(self, county: str) -> "ResourceQuerySet":
        """What serves a county, by its official code: its own rows and the national ones."""
        return self.filter(Q(county=county) | Q(level="national"))

    def in_place(self, county: str = "", town: str = "") -> "ResourceQuerySet":
        """Rows of a county or township by its Chinese name; nothing given: all."""
        wanted = {"county__name_zh": county, "town__name_zh": town}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def kinds_in(self, county: str) -> set[str]:
        """The kinds that a county has, by its official code. One query."""
        kinds = self.filter(county=county).order_by().values_list("kind", flat=True)
        return set(kinds.distinct())

    def pinned(self) -> "ResourceQuerySet":
        """The national numbers 119, 110 and 1925."""
        return self.filter(kind="hotline", source_key__in=PINNED)

    def not_pinned(self) -> "ResourceQuerySet":
        """Everything but the national numbers that stand on top of the page anyway."""
        return self.exclude(kind="hotline", source_key__in=PINNED)

    def from_files(self) -> "ResourceQuerySet":
        """What a source file brought; not what the clinic entered itself."""
        return self.exclude(source_file="clinic")

    def nearest_first(self, town: str, now: datetime, order=OPEN_FIRST) -> "ResourceQuerySet":
        """Open now by the printed hours, then 24 hours, then unknown, then closed; near before far.

        ``distance``: 0 in the township, 1 in the county, 2 national. Codes may be empty. Of two
        that stand alike, the one with a number that can be dialled comes first (``mute`` is not).
        With ``NEAR_FIRST`` what is near comes first at every hour, and the hours only break ties.
        """
        distance = Case(
            When(Q(town=town or None) & Q(town__isnull=False), then=Value(0)),
            When(level="national", then=Value(2)),
            default=Value(1),
        )
        numbers = self._related("phones").exclude(dial="")
        rows = self.annotate(distance=distance, mute=~Exists(numbers)).with_openness(now)
        return rows.order_by(*order)

    def with_openness(self, now: datetime) -> "ResourceQuerySet":
        """Annotate ``openness``: 0 open now, 1 always open, 2 not known, 3 closed now."""
        local = timezone.localtime(now)
        spans = self._related("openings")
        current = spans.filter(
            weekday=local.isoweekday(), opens__lte=local.time(), closes__gt=local.time()
        )
        return self.annotate(
            openness=Case(
                When(always_open=True, then=Value(1)),
                When(Exists(current), then=Value(0)),
                When(Exists(spans), then=Value(3)),
                default=Value(2),
            )
        )

    def around_place(
        self, town, county, now: datetime, most: int, order=OPEN_FIRST
    ) -> "ResourceQuerySet":
        """What is shown near a place: the first ``most`` of each kind and every hotline, whole.

        ``town`` and ``county`` are official codes, or expressions that find them. An array is
        found once; ``IN`` may be found anew for each row, by a database that has counted none yet.
        """
        reach = self.shown().in_reach_of(county).nearest_first(town, now, order)
        first = ArraySubquery(reach.first_of_each_kind(most, order).values("pk"))
        near = self.alias(first=first).filter(first__contains=[F("pk")])
        return near.nearest_first(town, now, order).whole()

    def first_of_each_kind(self, most: int, order=OPEN_FIRST) -> "ResourceQuerySet":
        """The first ``most`` rows of each kind, after ``nearest_first``; every hotline."""
        by = [F(name) for name in order]
        place = Window(RowNumber(), partition_by=F("kind"), order_by=by)
        return self.annotate(place=place).filter(Q(place__lte=most) | Q(kind="hotline"))

    def whole(self) -> "ResourceQuerySet":
        """With numbers, openings, last confirmation and open reports, in the same query."""
        return (
            self.select_related("county", "town__county")
            .annotate(
                numbers=ArraySubquery(
                    self._related("phones")
                    .order_by("position")
                    .values(
                        json=JSONObject(shown="shown", dial="dial", ext="extension", note="note")
                    )
                ),
                week=ArraySubquery(
                    self._related("openings")
                    .order_by("weekday", "opens")
                    .values(json=JSONObject(weekday="weekday", opens="opens", closes="closes"))
                ),
            )
            .with_confirmation()
            .with_reports()
        )

    def with_checks(self, now: datetime) -> "ResourceQuerySet":
        """What a page must say of a number: confirmed, reported, open or closed now."""
        return self.with_confirmation().with_reports().with_openness(now)

    def with_confirmation(self) -> "ResourceQuerySet":
        """Annotate ``confirmed``, the last confirmation of these numbers, in a list of one or none,
        and ``held``, why only administrators see the row as long as there is none, or "".
        """
        newest = self._standing("confirmations").order_by("-at")
        parts = JSONObject(on="on", how="how", by="by__name")
        confirmed = ArraySubquery(newest.values(json=parts)[:1])
        return self.annotate(confirmed=confirmed, held=self._hold())

    def _hold(self) -> Case:
        """The code of ``Resource.Hold``, or "" for what is confirmed or what nothing speaks against.

        Who confirmed the numbers knew nothing of a suspension that is dated later.
        """
        same = {name: OuterRef(name) for name in ("name", "county", "town")}
        since = OuterRef(OuterRef("numbers_since"))
        known = self._related("confirmations", OuterRef("pk")).filter(
            at__gte=since, on__gte=OuterRef("source_date")
        )
        suspended = self.model.objects.filter(~Exists(known), status="suspended", **same)
        return Case(
            When(Exists(suspended), then=Value("suspended")),
            When(~SURE & ~Exists(self._standing("confirmations")), then=Value("unread")),
            default=Value(""),
        )

    def with_reports(self) -> "ResourceQuerySet":
        """Annotate ``reported``: reports on these numbers that no confirmation answered."""
        later = self._related("confirmations", "resource").filter(at__gte=OuterRef("at"))
        unanswered = self._standing("reports").filter(~Exists(later)).order_by()
        number = unanswered.values("resource").annotate(number=Count("pk")).values("number")
        return self.annotate(reported=Coalesce(Subquery(number), Value(0)))

    def that_do_not_answer(self) -> "ResourceQuerySet":
        """Shown rows with as many open reports as make a warning."""
        return self.shown().with_reports().filter(reported__gte=ENOUGH_REPORTS).order_by("name")

    def _related(self, name: str, key: str = "pk") -> models.QuerySet:
        """The rows of a relation that belong to the row outside."""
        model = self.model._meta.get_field(name).related_model
        return model.objects.filter(resource=OuterRef(key))

    def _standing(self, name: str) -> models.QuerySet:
        """The same, of those that speak of the numbers as they are now."""
        return self._related(name).filter(at__gte=OuterRef("numbers_since"))
