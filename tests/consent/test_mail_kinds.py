"""Beside the state of each mail about a request stands which mail it is."""

from django.utils.translation import override

from clinic.templatetags.ui import when
from consent.actions import resend


def test_the_page_says_of_each_mail_what_it_is_about(request_sent, counsellor, browse, now):
    counsellor.language = "en"
    counsellor.save(update_fields=["language"])
    resend(request=request_sent, new_link=True, by=counsellor, now=now)
    page = browse(counsellor).get(f"/consent/{request_sent.pk}/")
    mails, text = page.context["mails"], page.content.decode()
    with override("en"):
        shown = [f"{row.kind_words}<br>{when(row.created_at)}" for row, *_state in mails]
    assert [words.lower() in text.lower() for words in shown] == [True, True]
    assert [row.kind for row, *_state in mails] == ["new_link", "consent_request"]
