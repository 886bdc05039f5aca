"""The demo's assessments: most proceed, one with support, one changes to meeting in person."""

from datetime import datetime, timedelta

from clinic.accounts.models import User
from clinic.cases.models import Case
from sessions.models import Suitability
from sessions.suitability.actions import assess_suitability, confirm_suitability
from sessions.suitability.words import POINTS

NOTES = {
    "P1": "完成通訊諮商訓練；危機時先撥打備用電話，督導可諮詢。",
    "P2": "以談話為主，空椅改用畫面中的兩張椅子。",
    "P3": "距離遠，通訊比較能固定進行；需要時改為到所。",
    "C1.1": "自己提出，也談過到所的選擇。",
    "C2.1": "看螢幕五十分鐘沒有困難。",
    "C2.2": "情緒穩定；危機資料已更新，沒有需要照會的情形。",
    "C2.3": "能說出斷線時的做法。",
    "C2.4": "在家談話沒有顧慮。",
    "C2.5": "國語，聽說讀寫都可以。",
    "C2.6": "有自己的房間，固定同一個時間。",
    "C3.1": "手機與家用網路，試過鏡頭與麥克風，有備用電話。",
    "C3.2": "自己進入，演練過重新加入。",
    "C3.3": "不需要別人幫忙。",
    "C3.4": "費用與網路都可以負擔。",
}
PROCEED = ["江小滿", "何處暑", "許秋分", "方霜降", "宋立冬", "高雨水", "游寒堃", "賴小寒"]


def assessments(members: dict[str, User], now: datetime) -> None:
    """Assess in full, some weeks ago; of one client again two days ago, who finds it hard."""
    for number, name in enumerate(PROCEED):
        if case := _case(name):
            _assess(case, {}, "proceed", {}, now - timedelta(days=24, hours=number))
    if case := _case("鄭白露"):
        heard = {"C3.3": (3, "弟弟在家，談話時請他留在客廳；戴耳機。")}
        support = {
            "support_what": "戴耳機，弟弟留在客廳。",
            "support_who": "鄭白露",
            "confirmed_before_start": "開場核對時請她轉一下鏡頭。",
        }
        _assess(case, heard, "proceed_with_support", support, now - timedelta(days=20))
    if case := _case("石大寒"):
        _changed_to_in_person(case, members["lichun"], now)


def _changed_to_in_person(case: Case, supervisor: User, now: datetime) -> None:
    """An intern's case: the full form is confirmed, the later one still waits for it."""
    full = _assess(case, {}, "proceed", {}, now - timedelta(days=16))
    if full.needs_confirmation:
        confirm_suitability(assessment=full, by=supervisor, now=now - timedelta(days=15))
    hard = {
        "P3": (1, "通訊的操作讓他緊張，談話常停在設備上；見面比較好。"),
        "C3.2": (1, "試了三次，每次都要家人重新連線。"),
        "C1.1": (2, "願意繼續談，但說軟體很難。"),
    }
    talk = {
        "compare": "not_advisable",
        "talk_with_client": "一起看了三次連線的經過，他想改成見面，交通可以請石穀雨接送。",
        "new_arrangement": "到所談，春室；下週由櫃臺電話約時間。",
    }
    _assess(case, hard, "face_to_face", talk, now - timedelta(days=2), Suitability.Form.SHORT)


def _case(name: str) -> Case | None:
    return Case.objects.open().found_by(name).first()


def _assess(
    case: Case,
    other: dict[str, tuple[int, str]],
    outcome: str,
    details: dict[str, str],
    at: datetime,
    form: str = Suitability.Form.FULL,
) -> Suitability:
    """Assess as the case's own psychologist would: all points suit but the ``other`` ones."""
    return assess_suitability(
        case=case,
        form=form,
        ratings=dict.fromkeys(POINTS, 4) | {point: given[0] for point, given in other.items()},
        notes=NOTES | {point: given[1] for point, given in other.items()},
        outcome=outcome,
        details={"compare": "same"} | details,
        by=case.counsellor,
        now=at,
    )
