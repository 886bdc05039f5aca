from django.urls import path

from clinic.kernel.documents.views import DocumentPage, VerifyPage
from clinic.kernel.links.views import LeavePage, LinkPage
from clinic.kernel.views import Live, Queue, Ready

urlpatterns = [
    path("l/<str:token>/", LinkPage.as_view(), name="link"),
    path("leave/", LeavePage.as_view(), name="leave"),
    path("verify/", VerifyPage.as_view(), name="verify"),
    path("documents/<slug:code>/", DocumentPage.as_view(), name="document"),
    path("healthz/live", Live.as_view(), name="health_live"),
    path("healthz/ready", Ready.as_view(), name="health_ready"),
    path("healthz/queue", Queue.as_view(), name="health_queue"),
]
