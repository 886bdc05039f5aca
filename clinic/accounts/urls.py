from django.urls import path, reverse

from clinic.accounts.views import account, joining, passwords, sign_in
from clinic.accounts.views.language import SetLanguage
from clinic.kernel.links.models import Link
from clinic.kernel.links.views import DOORS

DOORS[Link.Purpose.INVITATION] = lambda _link: reverse("join")
DOORS[Link.Purpose.PASSWORD_RESET] = lambda _link: reverse("password_new")

urlpatterns = [
    path("sign-in/", sign_in.SignInPage.as_view(), name="sign_in"),
    path("sign-in/code/", sign_in.SecondStepPage.as_view(), name="second_step"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("language/", SetLanguage.as_view(), name="set_language"),
    path(
        "password/forgotten/", passwords.PasswordForgottenPage.as_view(), name="password_forgotten"
    ),
    path("password/asked/", passwords.PasswordAskedPage.as_view(), name="password_asked"),
    path("password/new/", passwords.NewPasswordPage.as_view(), name="password_new"),
    path("join/", joining.JoinPage.as_view(), name="join"),
    path("join/app/", joining.EnrolPage.as_view(), name="enrol"),
    path("join/app/qr.svg", joining.EnrolQr.as_view(), name="enrol_qr"),
    path("account/", account.AccountPage.as_view(), name="account"),
    path("account/password/", passwords.ChangePasswordPage.as_view(), name="password_change"),
    path("account/recovery-codes/", account.RecoveryCodesPage.as_view(), name="recovery_codes"),
    path(
        "account/sign-out-everywhere/",
        account.SignOutEverywhere.as_view(),
        name="sign_out_everywhere",
    ),
]
