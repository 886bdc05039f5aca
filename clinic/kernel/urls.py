from django.urls import path

from clinic.kernel.links.views import LinkPage

urlpatterns = [
    path("l/<str:token>/", LinkPage.as_view(), name="link"),
]
