from django.urls import path

from sessions.jurisdictions import views

urlpatterns = [
    path("jurisdictions/", views.JurisdictionList.as_view(), name="jurisdiction_list"),
    path("jurisdictions/new/", views.JurisdictionAdd.as_view(), name="jurisdiction_add"),
    path("jurisdictions/<int:pk>/", views.JurisdictionPage.as_view(), name="jurisdiction"),
    path(
        "jurisdictions/<int:pk>/replace/",
        views.JurisdictionReplace.as_view(),
        name="jurisdiction_replace",
    ),
    path(
        "jurisdictions/<int:pk>/review/",
        views.JurisdictionReview.as_view(),
        name="jurisdiction_review",
    ),
]
