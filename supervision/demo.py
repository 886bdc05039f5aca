"""The demo's training logs: who learned what, all of it fictional."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from clinic.accounts.models import User
from clinic.demo.parts import demo_part
from supervision.actions import add_training

TELE, CRISIS, ETHICS, LAW = "telecounselling", "crisis", "ethics", "law"
ORGANISER = "示範諮商心理學會（虛構）"
# Who, how many days ago, category, title, hours, points. 韓春分 is new: one training, no points yet.
LOGS = (
    ("lichun", 1400, TELE, "通訊諮商的知能與限制", "12", "14.4"),
    ("lichun", 700, CRISIS, "通訊諮商的危機處理", "6", "7.2"),
    ("lichun", 320, ETHICS, "通訊諮商的專業倫理", "6", "7.2"),
    ("lichun", 90, LAW, "心理師相關法規", "3", "3.6"),
    ("guyu", 800, TELE, "通訊諮商的知能與限制", "12", "14.4"),
    ("guyu", 260, ETHICS, "團體通訊諮商的倫理", "6", "7.2"),
    ("guyu", 60, CRISIS, "遠距危機演練", "3", "3.6"),
    ("chunfen", 40, TELE, "通訊諮商入門與設備演練", "6", "0"),
    ("mangzhong", 120, TELE, "實習前通訊諮商基礎訓練", "12", "0"),
    ("mangzhong", 100, ETHICS, "實習倫理", "3", "0"),
)


@demo_part
def training_logs(members: dict[str, User], now: datetime) -> None:
    """Each enters her own training."""
    for key, ago, category, title, hours, points in LOGS:
        then, user = now - timedelta(days=min(ago, 180)), members[key]
        add_training(
            practitioner=user.practitioner,
            values={
                "category": category,
                "title": title,
                "organiser": ORGANISER,
                "day": timezone.localdate(now - timedelta(days=ago)),
                "hours": Decimal(hours),
                "points": Decimal(points),
            },
            by=user,
            now=then,
        )
