"""The demo's people. All fictional, and recognisably so.

Given names are solar terms (節氣); mail ends in ``.example``; telephones begin 0000, which nobody
in Taiwan has, or lie in the block that the British regulator keeps for drama; ID numbers have a
second character 0, which is issued to nobody; numbers of papers begin with 示範.
"""

from dataclasses import dataclass

PASSWORD = "twenty-four seasons"  # noqa: S105  of people who do not exist
FAMILY_NAMES = "江何鄭許方宋葉林高彭賴石周韓羅沈丁游"
SOLAR_TERMS = [
    "立春",
    "雨水",
    "驚蟄",
    "春分",
    "清明",
    "穀雨",
    "立夏",
    "小滿",
    "芒種",
    "夏至",
    "小暑",
    "大暑",
    "立秋",
    "處暑",
    "白露",
    "秋分",
    "寒露",
    "霜降",
    "立冬",
    "小雪",
    "大雪",
    "冬至",
    "小寒",
    "大寒",
]


@dataclass(frozen=True)
class Member:
    """One of the staff. ``licence_days``: days until the licence ends; None for no licence."""

    key: str
    name: str
    roles: tuple[str, ...]
    kind: str = ""
    licence_days: int | None = None
    number: str = ""
    joined: bool = True
    supervisor: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@clinic.example"


STAFF = (
    Member("lixia", "石立夏", ("admin",)),
    Member(
        "lichun",
        "沈立春",
        ("counsellor", "supervisor"),
        "counselling",
        1200,
        "示範諮心字第 000101 號",
    ),
    Member("guyu", "周穀雨", ("counsellor",), "counselling", 88, "示範諮心字第 000102 號"),
    Member("chunfen", "韓春分", ("counsellor",), "counselling", 900, "示範諮心字第 000103 號"),
    Member("mangzhong", "羅芒種", ("intern",), "intern_counselling", supervisor="lichun"),
    Member("xiaoshu", "丁小暑", ("admin",), joined=False),
)


@dataclass(frozen=True)
class Client:
    """One of the clients, with the state that the demo shows.

    ``town`` is her usual place; ``abroad`` is country and city instead of it; ``other_town`` is a
    second place.
    ``case``: ``open``, ``closed``, ``in_person`` or empty for none. ``age`` on the demo's day.
    """

    key: str
    name: str
    age: int
    sex: str
    counsellor: str
    town: str = ""
    case: str = "open"
    contact: tuple[str, str] = ()
    phone: str = ""
    languages: str = "國語"
    needs: str = ""
    safe: bool = False
    abroad: tuple[str, str] = ()
    other_town: str = ""


CLIENTS = (
    Client("xiaoman", "江小滿", 34, "female", "guyu", "新北市新店區", contact=("江立秋", "姊妹")),
    Client(
        "chushu",
        "何處暑",
        71,
        "male",
        "lichun",
        "宜蘭縣羅東鎮",
        contact=("何寒露", "女兒"),
        languages="國語、臺語",
        needs="大字版；習慣用電話",
    ),
    Client(
        "bailu",
        "鄭白露",
        29,
        "female",
        "guyu",
        "金門縣金湖鎮",
        other_town="臺中市西屯區",
        contact=("鄭大暑", "兄弟"),
    ),
    Client(
        "qiufen",
        "許秋分",
        38,
        "male",
        "lichun",
        abroad=("GB", "London"),
        other_town="臺北市大安區",
        contact=("許雨水", "同城的朋友"),
        phone="+44 7700 900 101",
        languages="國語、英語",
        needs="人在倫敦，時差八小時",
    ),
    Client(
        "shuangjiang",
        "方霜降",
        36,
        "female",
        "chunfen",
        "桃園市中壢區",
        contact=("方穀雨", "母親"),
        safe=True,
    ),
    Client("lidong", "宋立冬", 37, "male", "chunfen", "桃園市中壢區", contact=("宋清明", "兄弟")),
    Client(
        "xiaoxue", "葉小雪", 15, "female", "lichun", "臺中市北屯區", "in_person", ("葉大雪", "父親")
    ),
    Client("daxue", "葉大雪", 44, "male", "lichun", "臺中市北屯區", "", ("葉立春", "手足")),
    Client("dongzhi", "林冬至", 43, "female", "lichun", "臺中市北屯區", "", ("林芒種", "手足")),
    Client("yushui", "高雨水", 26, "female", "guyu", "臺北市士林區", contact=("高夏至", "手足")),
    Client("jingzhe", "彭驚蟄", 31, "male", "guyu", "基隆市中正區", "closed", ("彭小暑", "朋友")),
    Client("hankun", "游寒堃", 42, "male", "guyu", "新竹市東區", contact=("游清明", "手足")),
    Client("xiaohan", "賴小寒", 23, "female", "guyu", "臺南市安平區", contact=("賴大寒", "手足")),
    Client("dahan", "石大寒", 55, "male", "mangzhong", "花蓮縣吉安鄉", contact=("石穀雨", "手足")),
)
