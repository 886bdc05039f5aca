"""Reading a telephone cell: what is shown as printed, and what may be dialled with certainty.

A wrong number hurts somebody, so ``dial`` is filled only where the printed digits are a whole
number of Taiwan's numbering plan, or a local number in a county that lies wholly in one area.
Everything else is shown as it was printed, without a link.
"""

import re
from dataclasses import dataclass

# Taiwan's numbering plan: area code and subscriber number together, mobile, toll free.
WHOLE = re.compile(
    r"02[2-8]\d{7}|03\d{7}|04[23]\d{7}|049\d{7}|04[78]\d{6}|05\d{7}|06\d{7}|07\d{7}"
    r"|08[2-9]\d{6}|080[09]\d{6}|09\d{8}|\+\d{8,15}"
)
SHORT = re.compile(r"1\d{2,3}")  # public lines: 110, 119, 1925
# Cities that lie wholly in one area: its code and the length of a local number. 桃園市 is not
# among them (part of 龜山區 belongs to 02), nor any county whose border townships differ.
AREAS = {
    "臺北市": ("02", 8),
    "新北市": ("02", 8),
    "基隆市": ("02", 8),
    "新竹市": ("03", 7),
    "臺中市": ("04", 8),
    "臺南市": ("06", 7),
    "高雄市": ("07", 7),
}
FILLERS = "- ()"
# Full-width signs and lookalikes of the hyphen, one character for one.
PLAIN = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("─–—－‐−", "-")
    | {"\u3000": " "}
)
URL = re.compile(r"https?://\S+")
SEPARATOR = re.compile(r"[、，；;,]|(?<=\d)/(?=\(?0\d)|\s+(?=\(?0\d)|(?<=\d)(?=\(0\d)")
EXTENSION = re.compile(
    r"^\s*(?:轉分機|轉 ?分機|轉|分機|#|ext\.?)\s*(\d{1,6})\s*(.*)$", re.IGNORECASE
)
DIGITS_AT_LEAST = 5
LONGEST = 120  # signs of one number with its remark; anything longer is a text


@dataclass(frozen=True)
class Number:
    """One number of a cell. ``dial``: digits and a leading plus only, or empty."""

    shown: str
    dial: str = ""
    extension: str = ""
    note: str = ""


def read_numbers(cell: str, county: str = "", short: bool = False) -> tuple[list[Number], str]:
    """Return the numbers of a cell, and what in it is no number (``請洽各分區中心…``).

    :param county: Chinese name of the county, for local numbers without an area code.
    :param short: whether three or four digits may be a whole number (public lines).
    """
    numbers: list[Number] = []
    notes: list[str] = []
    cell = cell.strip()
    for chunk in _chunks(cell, short):
        number = _number(chunk, county, short)
        if number is None:
            notes.append(chunk)
        else:
            numbers.append(number)
    return numbers, "、".join(notes) if numbers else cell


def _chunks(cell: str, short: bool) -> list[str]:
    """Cut a cell between its numbers; what holds no number of its own stays with the one before."""
    plain = cell.translate(PLAIN)
    guarded = [match.span() for match in URL.finditer(plain)] + _brackets(plain)
    cuts = [
        match.span()
        for match in SEPARATOR.finditer(plain)
        if not any(start < match.start() < end for start, end in guarded)
    ]
    starts = [0, *(end for _start, end in cuts)]
    ends = [*(start for start, _end in cuts), len(cell)]
    chunks: list[str] = []
    kept = 0  # where the chunk under way begins
    for start, end in zip(starts, ends, strict=True):
        if chunks and _is_tail(plain[start:end]):
            chunks[-1] = cell[kept:end].strip()
        elif part := cell[start:end].strip():
            chunks.append(part)
            kept = start
    return chunks


def _brackets(plain: str) -> list[tuple[int, int]]:
    """Spans of remarks in brackets; an area code in brackets is no remark."""
    return [m.span() for m in re.finditer(r"\([^()]*[^()\d ][^()]*\)", plain)]


def _is_tail(plain: str) -> bool:
    """Whether a piece is only more extensions: ``8004、8001``."""
    return bool(re.fullmatch(r"\s*#?\d{1,6}\s*", plain)) and len(plain.strip(" #")) < 6


def _number(chunk: str, county: str, short: bool) -> Number | None:
    """Read one chunk; None where it holds no number at all."""
    if len(chunk) > LONGEST:
        return None
    plain = URL.sub(lambda address: "x" * len(address[0]), chunk.translate(PLAIN))
    found = _whole(plain) or _local(plain, county) or (_short(plain) if short else None)
    if found is None:
        digits = sum(c.isdigit() for c in plain)
        is_number = digits >= DIGITS_AT_LEAST and not re.search(r"[A-Za-z]{2}", plain)
        return Number(chunk) if is_number else None
    before, dial, after = found
    extension, note = _extension(after)
    remark = " ".join(part for part in (before.strip(" :："), note.strip(" ()")) if part)
    return Number(chunk, dial, extension, remark)


def _whole(plain: str) -> tuple[str, str, str] | None:
    """Find one whole number with nothing doubtful beside it: (before, digits, after)."""
    first = re.search(r"[+(]?\d", plain)  # what follows the first digits may be an extension
    for end, digits in _runs(plain, first.start()) if first else []:
        if WHOLE.fullmatch(digits) and _ends_clean(plain[end:]):
            return plain[: first.start()], digits, plain[end:]
    return None


def _runs(plain: str, start: int) -> list[tuple[int, str]]:
    """Return every (end, digits) that may be one number from ``start``, the longest first."""
    runs, digits, fillers = [], "", 0
    for place in range(start, len(plain)):
        sign = plain[place]
        if sign.isdigit() or (sign == "+" and place == start):
            digits, fillers = digits + sign, 0
            runs.append((place + 1, digits))
        elif sign in FILLERS and fillers < 2:
            fillers += 1
        else:
            break
    return runs[::-1]


def _ends_clean(after: str) -> bool:
    """Whether no further digit could belong to the number: ``-6125`` or ``~50`` could."""
    return not re.match(r"[\s)-]*\d", after)


def _local(plain: str, county: str) -> tuple[str, str, str] | None:
    """A number without area code, where the county leaves no doubt about it."""
    code, length = AREAS.get(county, ("", 0))
    match = re.match(r"\s*([2-9]\d{2,7}(?:-\d{4})?)(?P<after>.*)$", plain)
    if not code or not match or not _ends_clean(match["after"]) or match["after"][:1] == "-":
        return None
    digits = match[1].replace("-", "")
    if len(digits) != length or not WHOLE.fullmatch(code + digits):
        return None
    return "", code + digits, match["after"]


def _short(plain: str) -> tuple[str, str, str] | None:
    """A public line of three or four digits, alone in its cell."""
    return ("", plain.strip(), "") if SHORT.fullmatch(plain.strip()) else None


def _extension(after: str) -> tuple[str, str]:
    """Return a single plain extension, and what else stands after the number."""
    match = EXTENSION.match(after)
    if match and not match[2]:
        return match[1], ""
    if match and match[2].startswith("("):
        return match[1], match[2]
    return "", after.strip()
