from django.urls import path

from crisis.profiles import views

urlpatterns = [
    path(
        "clients/<int:pk>/places/<int:place>/crisis/",
        views.ProfilePage.as_view(),
        name="crisis_profile",
    ),
    # Browsers print the address at the foot of the page: it must not tell what the sheet is.
    path(
        "clients/<int:pk>/places/<int:place>/paper/",
        views.PaperPage.as_view(),
        name="crisis_paper",
    ),
]
