"""A mail in the folder in which the demo's mail server keeps them."""

from email.message import EmailMessage
from pathlib import Path

from django.conf import settings


def a_mail(name: str = "1795000000000000000-ab12") -> str:
    """Keep one mail as the product sends it; return its id."""
    message = EmailMessage()
    message["From"], message["To"] = "節氣工作室 <no-reply@clinic.example>", "guyu@clinic.example"
    message["Subject"] = "帳號設定"
    message.set_content("您好：\n\n請開啟連結。\n\nhttp://127.0.0.1/l/example/\n")
    return kept_mail(message.as_bytes(), name)


def kept_mail(content: bytes, name: str) -> str:
    """Keep a mail of any content; return its id."""
    Path(settings.DEMO_MAIL_DIR, f"{name}.eml").write_bytes(content)
    return name
