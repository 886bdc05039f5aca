"""Every address of the site. The folders' own lists are included by name."""

from django.urls import include, path

urlpatterns = [
    path("", include("clinic.today.urls")),
    path("", include("clinic.accounts.urls")),
    path("", include("clinic.kernel.urls")),
    path("setup/", include("clinic.organisation.urls")),
    path("", include("clinic.staff.urls")),
    path("", include("clinic.clients.urls")),
    path("", include("consent.urls")),
    path("", include("sessions.urls")),
    path("", include("crisis.urls")),
    path("", include("supervision.urls")),
    path("demo/", include("clinic.demo.urls")),
]

handler400 = "clinic.today.errors.bad_request"
handler403 = "clinic.today.errors.forbidden"
handler404 = "clinic.today.errors.not_found"
