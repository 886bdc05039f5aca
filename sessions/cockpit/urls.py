from django.urls import path

from sessions.cockpit import views

urlpatterns = [
    path("guideline/", views.GuidelinePage.as_view(), name="guideline"),
    path(
        "guideline/evidence/<str:evidence>/",
        views.EvidenceList.as_view(),
        name="guideline_evidence",
    ),
]
