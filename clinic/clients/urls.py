from django.urls import path

from clinic.clients import case_views, place_views, views

urlpatterns = [
    path("clients/", views.ClientList.as_view(), name="client_list"),
    path("clients/new/", views.ClientAdd.as_view(), name="client_add"),
    path("clients/<int:pk>/", views.ClientPage.as_view(), name="client"),
    path("clients/<int:pk>/change/", views.ClientChange.as_view(), name="client_change"),
    path("clients/<int:pk>/history/", views.ClientHistory.as_view(), name="client_history"),
    path("clients/<int:pk>/contacts/new/", views.ContactAdd.as_view(), name="contact_add"),
    path(
        "clients/<int:pk>/contacts/<int:contact>/",
        views.ContactChange.as_view(),
        name="contact_change",
    ),
    path(
        "clients/<int:pk>/contacts/<int:contact>/end/",
        views.ContactEnd.as_view(),
        name="contact_end",
    ),
    path(
        "clients/<int:pk>/contacts/<int:contact>/restore/",
        views.ContactRestore.as_view(),
        name="contact_restore",
    ),
    path("clients/<int:pk>/places/new/", place_views.PlaceAdd.as_view(), name="place_add"),
    path(
        "clients/<int:pk>/places/<int:place>/",
        place_views.PlaceChange.as_view(),
        name="place_change",
    ),
    path(
        "clients/<int:pk>/places/<int:place>/end/",
        place_views.PlaceEnd.as_view(),
        name="place_end",
    ),
    path(
        "clients/<int:pk>/places/<int:place>/restore/",
        place_views.PlaceRestore.as_view(),
        name="place_restore",
    ),
    path("clients/<int:pk>/cases/new/", case_views.CaseOpen.as_view(), name="case_open"),
    path("cases/", case_views.CaseList.as_view(), name="case_list"),
    path("cases/<int:pk>/", case_views.CasePage.as_view(), name="case"),
    path("cases/<int:pk>/close/", case_views.CaseClose.as_view(), name="case_close"),
    path("cases/<int:pk>/reopen/", case_views.CaseReopen.as_view(), name="case_reopen"),
    path("cases/<int:pk>/history/", case_views.CaseHistory.as_view(), name="case_history"),
]
