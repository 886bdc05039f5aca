from django.urls import path, reverse

from clinic.kernel.links.models import Link
from clinic.kernel.links.views import DOORS, PAGES
from sessions.client import views

DOORS[Link.Purpose.APPOINTMENT] = lambda link: reverse("appointment", args=[link.pk])
PAGES[Link.Purpose.APPOINTMENT] = ("sessions/client/link.html", "sessions/client/ended.html")

urlpatterns = [
    path("a/<int:appointment>/", views.AppointmentPage.as_view(), name="appointment"),
]
