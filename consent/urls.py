from django.urls import path, reverse

from clinic.kernel.links.models import Link
from clinic.kernel.links.views import DOORS, PAGES
from consent.client import new_link_views, signing_views, views
from consent.paper import views as paper_views
from consent.staff_views import forms as form_views
from consent.staff_views import requests as request_views

DOORS[Link.Purpose.CONSENT] = lambda link: reverse("consent_start", args=[link.pk])

PAGES[Link.Purpose.CONSENT] = ("consent/client/link.html", "consent/client/ended.html")

client = [
    path("d/new-link/<str:token>/", new_link_views.NewLink.as_view(), name="consent_new_link"),
    path("d/<int:link_id>/", views.StartPage.as_view(), name="consent_start"),
    path("d/<int:link_id>/items/<int:number>/", views.ItemPage.as_view(), name="consent_item"),
    path("d/<int:link_id>/check/", views.CheckPage.as_view(), name="consent_check"),
    path("d/<int:link_id>/review/", signing_views.ReviewPage.as_view(), name="consent_review"),
    path("d/<int:link_id>/print/", signing_views.PrintPage.as_view(), name="consent_print"),
    path(
        "d/<int:link_id>/read/<str:which>/", signing_views.ReadPage.as_view(), name="consent_read"
    ),
    path("d/<int:link_id>/done/", signing_views.DonePage.as_view(), name="consent_done"),
    path(
        "d/<int:link_id>/document.pdf",
        signing_views.DocumentPage.as_view(),
        name="consent_document",
    ),
    path("d/<int:link_id>/decline/", signing_views.DeclinePage.as_view(), name="consent_decline"),
    path("d/<int:link_id>/paper/", signing_views.PaperPage.as_view(), name="consent_paper"),
    path(
        "d/<int:link_id>/language/", signing_views.LanguageChoice.as_view(), name="consent_language"
    ),
]

staff = [
    path("forms/", form_views.FormList.as_view(), name="form_list"),
    path("forms/particulars/", form_views.ParticularsPage.as_view(), name="form_particulars"),
    path("forms/publish/", form_views.PublishDo.as_view(), name="form_publish"),
    path("forms/<int:pk>/", form_views.VersionPage.as_view(), name="form_version"),
    path("cases/<int:case>/consent/send/", request_views.SendDo.as_view(), name="consent_send"),
    path("consent/<int:pk>/", request_views.RequestPage.as_view(), name="consent_request"),
    path("consent/<int:pk>/resend/", request_views.ResendDo.as_view(), name="consent_resend"),
    path("consent/<int:pk>/new-link/", request_views.NewLinkDo.as_view(), name="consent_renew"),
    path("consent/<int:pk>/longer/", request_views.ProlongDo.as_view(), name="consent_prolong"),
    path("consent/<int:pk>/revoke/", request_views.RevokeDo.as_view(), name="consent_revoke"),
    path(
        "consent/<int:pk>/dealt-with/",
        request_views.DealtWithDo.as_view(),
        name="consent_dealt_with",
    ),
    path("consent/<int:pk>/explain/", request_views.ExplainPage.as_view(), name="consent_explain"),
    path(
        "consent/<int:pk>/questions/<int:question>/",
        request_views.ReplyPage.as_view(),
        name="consent_reply",
    ),
    path(
        "consent/<int:pk>/countersign/",
        request_views.CountersignDo.as_view(),
        name="consent_countersign",
    ),
]

paper = [
    path("cases/<int:case>/consent/paper/", paper_views.PrepareDo.as_view(), name="paper_prepare"),
    path("consent/<int:pk>/paper/", paper_views.ReceivePage.as_view(), name="paper_receive"),
    path("consent/<int:pk>/paper/form/", paper_views.ChangeDo.as_view(), name="paper_change"),
    path("papers/<int:pk>/", paper_views.CheckPage.as_view(), name="paper_check"),
    path("papers/<int:pk>/scan/<int:number>/", paper_views.ScanFile.as_view(), name="paper_scan"),
]

urlpatterns = client + staff + paper
