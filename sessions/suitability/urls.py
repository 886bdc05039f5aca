from django.urls import path

from sessions.suitability import views

urlpatterns = [
    path("cases/<int:pk>/suitability/", views.AssessmentList.as_view(), name="suitability_list"),
    path("cases/<int:pk>/suitability/new/", views.AssessmentNew.as_view(), name="suitability_new"),
    path(
        "cases/<int:pk>/suitability/<int:assessment>/",
        views.AssessmentPage.as_view(),
        name="suitability",
    ),
    path(
        "cases/<int:pk>/suitability/<int:assessment>/confirm/",
        views.ConfirmDo.as_view(),
        name="suitability_confirm",
    ),
]
