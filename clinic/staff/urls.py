from django.urls import path

from clinic.staff import actions, approval_views, setup_views, views

urlpatterns = [
    path("setup/", setup_views.SetupPage.as_view(), name="setup"),
    path("setup/responsible/", setup_views.ResponsiblePage.as_view(), name="setup_responsible"),
    path("setup/no-approval/", setup_views.NoApprovalYet.as_view(), name="setup_no_approval"),
    path("staff/", views.StaffList.as_view(), name="staff_list"),
    path("staff/register/", views.RegisterDo.as_view(), name="staff_register"),
    path("staff/invite/", views.InvitePage.as_view(), name="staff_invite"),
    path("staff/<int:pk>/", views.MemberPage.as_view(), name="member"),
    path("staff/<int:pk>/change/", views.MemberChange.as_view(), name="member_change"),
    path("staff/<int:pk>/address/", views.AddressPage.as_view(), name="member_address"),
    path("staff/<int:pk>/history/", views.MemberHistory.as_view(), name="member_history"),
    path("staff/<int:pk>/credentials/new/", views.CredentialPage.as_view(), name="credential_add"),
    path(
        "staff/<int:pk>/credentials/<int:credential>/",
        views.CredentialPage.as_view(),
        name="credential_change",
    ),
    path(
        "staff/<int:pk>/credentials/<int:credential>/withdraw/",
        views.CredentialDo.as_view(verb=actions.withdraw_credential),
        name="credential_withdraw",
    ),
    path(
        "staff/<int:pk>/credentials/<int:credential>/restore/",
        views.CredentialDo.as_view(verb=actions.restore_credential),
        name="credential_restore",
    ),
    path("staff/<int:pk>/supervisors/new/", views.OversightPage.as_view(), name="oversight_add"),
    path(
        "staff/<int:pk>/supervisors/<int:oversight>/end/",
        views.OversightEnd.as_view(),
        name="oversight_end",
    ),
    *(
        path(
            f"staff/<int:pk>/{name}/",
            views.AccountDo.as_view(verb=verb, done_message=done),
            name=f"member_{name.replace('-', '_')}",
        )
        for name, (verb, done) in views.VERBS.items()
    ),
    path("approvals/", approval_views.ApprovalList.as_view(), name="approval_list"),
    path("approvals/new/", approval_views.ApprovalAdd.as_view(), name="approval_add"),
    path("approvals/<int:pk>/", approval_views.ApprovalPage.as_view(), name="approval"),
    path(
        "approvals/<int:pk>/change/",
        approval_views.ApprovalChange.as_view(),
        name="approval_change",
    ),
    path(
        "approvals/<int:pk>/history/",
        approval_views.ApprovalHistory.as_view(),
        name="approval_history",
    ),
    path(
        "approvals/<int:pk>/people/new/",
        approval_views.PersonAdd.as_view(),
        name="approval_person_add",
    ),
    path(
        "approvals/<int:pk>/people/<int:person>/end/",
        approval_views.PersonEnd.as_view(),
        name="approval_person_end",
    ),
]
