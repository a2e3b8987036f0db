"""Personal and organisation numbers, and the QR text of the chip identity card.

The personal identification number has 12 digits ``PPP G YY NNNNNN`` (province or
country of birth registration, century and sex, year of birth, random part) and no
check digit, so disagreement with the birth data is a warning, never a refusal.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from stdnum.exceptions import ValidationError
from stdnum.vn import mst

#: Codes of the provinces of birth registration; they stay valid after mergers.
PROVINCES = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 "
    "033 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 "
    "064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 "
    "094 095 096".split()
)

_PERSONAL = re.compile(r"\d{12}")
_OLD = re.compile(r"\d{9}")


@dataclass(frozen=True)
class Personal:
    """What a 12-digit number says of its holder."""

    province: str
    sex: str  # "male" or "female"
    birth_year: int


def read_personal(number):
    """Return the :class:`Personal` of a 12-digit number, or ``None`` if it is none."""
    if not _PERSONAL.fullmatch(number or ""):
        return None
    century, sex = divmod(int(number[3]), 2)
    return Personal(
        province=number[:3],
        sex="female" if sex else "male",
        birth_year=1900 + 100 * century + int(number[4:6]),
    )


def check_personal(number, birth_date=None, sex=None):
    """Return the codes of what is doubtful about a personal number.

    Codes: ``length`` (not 12 digits), ``province`` (unknown code; a country code is
    possible for births abroad), ``year`` and ``sex`` (differ from the birth data),
    ``old`` (a 9-digit CMND: keep it as an alias, ask for the 12-digit number).
    """
    if _OLD.fullmatch(number or ""):
        return ["old"]
    person = read_personal(number)
    if person is None:
        return ["length"]
    doubts = []
    if person.province not in PROVINCES:
        doubts.append("province")
    if birth_date and birth_date.year != person.birth_year:
        doubts.append("year")
    if sex in ("male", "female") and sex != person.sex:
        doubts.append("sex")
    return doubts


def check_tax_code(number):
    """Return whether ``number`` is a valid tax code (10 digits, or 10-3, or 12).

    From 1-7-2025 the tax code of a person or household business is the 12-digit
    personal number.
    """
    compact = (number or "").replace(" ", "")
    if _PERSONAL.fullmatch(compact):
        return True
    try:
        mst.validate(compact)
    except ValidationError:
        return False
    return True


@dataclass(frozen=True)
class ChipCard:
    """The QR text of the chip identity card (thẻ căn cước gắn chip)."""

    number: str
    old_number: str
    name: str
    birth_date: date | None
    sex: str
    address: str
    issued_on: date | None


_SEX = {"nam": "male", "nữ": "female", "nu": "female"}


def parse_chip_qr(text):
    """Return the :class:`ChipCard` of a scanned or pasted QR text.

    The text is ``number|old number|name|ddMMyyyy|sex|address|ddMMyyyy``; later cards
    append further fields, which are ignored. Scanners may add blanks or a line feed.

    :raises ValueError: with one sentence that says what is wrong with the text
    """
    parts = [part.strip() for part in (text or "").strip().split("|")]
    if len(parts) < 6:
        raise ValueError(
            "This is not the QR text of an identity card: scan the code in the upper "
            "right corner of the card again."
        )
    number, old, name, born, sex, address, *rest = parts
    if not _PERSONAL.fullmatch(number):
        raise ValueError(
            f"The QR text starts with “{number[:20]}” instead of a 12-digit number: "
            "scan the card again."
        )
    if not name:
        raise ValueError("The QR text holds no name: scan the card again.")
    return ChipCard(
        number=number,
        old_number=old if _OLD.fullmatch(old) else "",
        name=name,
        birth_date=_parse_day(born, "date of birth"),
        sex=_SEX.get(sex.casefold(), ""),
        address=address,
        issued_on=_parse_day(rest[0] if rest else "", "date of issue"),
    )


def _parse_day(text, what):
    """Read ``ddMMyyyy``; empty gives ``None``, nonsense a sentence."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d%m%Y").date()
    except ValueError as error:
        raise ValueError(
            f"The {what} “{text[:20]}” in the QR text is not a date (ddMMyyyy): "
            "scan the card again or type the data."
        ) from error
