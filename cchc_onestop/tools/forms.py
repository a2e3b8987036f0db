"""The statutory forms (biểu mẫu) of the one-stop desk; no ORM here.

A form is known by its code in the list of 2025 (TT 03/2025/TT-VPCP Phụ lục I). The
edition of 2018 had six forms: its 05 is the control slip, its 06 the register.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

RECEIPT, SUPPLEMENT, REFUSAL, APOLOGY, STOP, SLIP, REGISTER = (
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "07",
)
#: Text across the pages of what is not issued.
PREVIEW = "BẢN XEM TRƯỚC"
#: Longest text of one field that a caller may send for a form.
TEXT_LIMIT = 8000
#: Most rows of missing parts that one request may list.
PART_LIMIT = 200

#: The agency that issues a form: that of the desk, or the one that settles.
RECEIVING, COMPETENT = "receiving", "competent"


@dataclass(frozen=True)
class Form:
    """What a form is, whatever its edition.

    :param code: code in the list of 2025
    :param label: English source term (translated in ``i18n``)
    :param report: name of its template and of its values, without the module
    :param issuer: the agency whose letterhead and number it bears
    :param repeats: a dossier may get several that are in force side by side
    :param by_head: a letter that the head of the agency signs
    :param texts: what may be typed for one paper, beside the reason
    """

    code: str
    label: str
    report: str
    issuer: str = COMPETENT
    repeats: bool = False
    by_head: bool = False
    texts: tuple = ()


FORMS = (
    Form(RECEIPT, "Receipt and Appointment", "report_receipt", RECEIVING),
    Form(
        SUPPLEMENT,
        "Supplement Request",
        "report_supplement",
        repeats=True,
        texts=("contact", "phone"),
    ),
    Form(REFUSAL, "Refusal of Reception", "report_refusal", RECEIVING),
    Form(
        APOLOGY,
        "Apology and Extension",
        "report_apology",
        repeats=True,
        by_head=True,
        texts=("due_before", "due_at"),
    ),
    Form(
        STOP,
        "Notice of Stop",
        "report_stop",
        by_head=True,
        texts=("basis", "give_back"),
    ),
    Form(SLIP, "Control Slip", "report_slip"),
    Form(REGISTER, "Register of Dossiers", "report_register", RECEIVING),
)
FORM = {form.code: form for form in FORMS}

#: Edition whose wording the forms have by default.
EDITION_2018, EDITION_2025 = "2018", "2025"


class Sheet(NamedTuple):
    """One paper to be drawn. Only code of the server makes one: nothing that arrives
    over RPC can put a number or a date on a form.

    :param dossier: the dossier
    :param edition: edition of the form
    :param at: naive UTC moment that the paper bears
    :param data: what was typed for it, see :func:`clean`
    :param paper: the paper (number, copies), empty in a preview or a print as it stands
    :param mark: text across every page, e.g. of a preview
    """

    dossier: Any
    edition: Any
    at: datetime
    data: dict
    paper: Any
    mark: str = ""


def _number(value):
    try:
        return max(0, min(int(value or 0), 9999))
    except (TypeError, ValueError):
        return 0


def _text(value):
    return str(value or "").strip()[:TEXT_LIMIT]


def clean(code, values):
    """Return of ``values`` what form ``code`` may hold, as plain texts and numbers.

    :param dict values: from a wizard or a remote call; unknown keys are dropped
    """
    values = values if isinstance(values, dict) else {}
    known = ("reason", *FORM[code].texts)
    data = {name: _text(values[name]) for name in known if values.get(name)}
    for name in ("count",):
        if values.get(name):
            data[name] = _number(values[name])
    if values.get("sign_mode"):
        data["sign_mode"] = _text(values["sign_mode"])[:16]
    if code == SUPPLEMENT:
        rows = values.get("parts")
        data["parts"] = [
            {
                "name": _text(row.get("name")),
                "originals": _number(row.get("originals")),
                "certified": _number(row.get("certified")),
                "copies": _number(row.get("copies")),
                "note": _text(row.get("note")),
            }
            for row in (rows if isinstance(rows, list) else [])[:PART_LIMIT]
            if isinstance(row, dict) and _text(row.get("name"))
        ]
    return data
