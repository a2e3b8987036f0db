"""The hand-overs of a dossier, as its event log tells them; no ORM here.

Each row of the control slip (Phiếu kiểm soát quá trình giải quyết hồ sơ) is one
hand-over: who gave the dossier, who took it and when, whether the giver kept the time
of his step. Who took it is who did the next thing to it; the present holder when
nobody did yet.
"""

from dataclasses import dataclass, field
from datetime import datetime

#: Moves by which a dossier changes hands.
KINDS = (
    "accept",
    "assign",
    "transfer",
    "pass_step",
    "send_to_sign",
    "send_back",
    "sign",
    "finish",
    "finish_refusal",
)
#: Moves that close the slip: the result has reached the desk.
CLOSING = ("finish", "finish_refusal")
#: What the slip says of the moves between two hand-overs, in the words of the form.
NOTES = {
    "accept": "Tiếp nhận",
    "assign": "Phân công",
    "transfer": "Chuyển cơ quan có thẩm quyền",
    "arrive": "Cơ quan có thẩm quyền nhận",
    "consult": "Lấy ý kiến",
    "consulted": "Nhận ý kiến",
    "request_supplement": "Yêu cầu bổ sung",
    "request_finance": "Thông báo nghĩa vụ tài chính",
    "resume": "Tiếp tục giải quyết",
    "extend": "Xin lỗi, hẹn lại",
    "send_back": "Trả lại để hoàn chỉnh",
    "sign": "Ký duyệt",
    "finish": "Có kết quả",
    "finish_refusal": "Từ chối giải quyết",
    "withdraw": "Rút hồ sơ",
    "stop": "Dừng giải quyết",
    "report_error": "Trả lại cơ quan giải quyết đầu tiên",
    "corrected": "Nhận kết quả đã sửa",
    "reopen": "Giải quyết lại để sửa sai sót",
    "outage": "Dừng do sự cố hệ thống",
    "outage_end": "Tiếp tục sau sự cố hệ thống",
    "external_result": "Có kết quả của cơ quan khác",
}


@dataclass(frozen=True)
class Entry:
    """What the slip needs of one line of the event log.

    :param body: department or agency of the person at that time
    :param data: what the move kept of the hand-over: ``step_result`` (``early``,
        ``on_time``, ``late``), ``to`` (name), ``to_body``
    """

    kind: str
    at: datetime
    user: str
    body: str = ""
    content: str = ""
    data: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """One thing that happened between two hand-overs."""

    kind: str
    at: datetime
    content: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the slip."""

    at: datetime
    giver: str
    giver_body: str
    taker: str
    taker_body: str
    result: str
    notes: tuple


def lines(entries, holder=("", "")):
    """Return the rows of the slip.

    :param entries: the log in its order
    :param holder: name and body of who holds the dossier now
    """
    rows, notes = [], []
    entries = [entry for entry in entries if entry.kind in {*KINDS, *NOTES}]
    for index, entry in enumerate(entries):
        note = Note(entry.kind, entry.at, entry.content)
        if entry.kind not in KINDS or _goes_on(entry, entries[index + 1 :]):
            notes.append(note)
            continue
        if entry.kind in ("assign", "pass_step", "send_to_sign") and not entry.content:
            own = ()
        else:
            own = (note,)
        taker, body = _taker(entry, entries[index + 1 :], holder)
        rows.append(
            Line(
                at=entry.at,
                giver=entry.user,
                giver_body=entry.body,
                taker=taker,
                taker_body=body,
                result=entry.data.get("step_result") or "",
                notes=(*notes, *own),
            )
        )
        notes = []
        if entry.kind in CLOSING:
            break
    if notes and rows:
        last = rows[-1]
        rows[-1] = Line(**{**vars(last), "notes": (*last.notes, *notes)})
    return rows


def _goes_on(entry, later):
    """Whether the result is ready with the signature: then that is the hand-over."""
    return (
        entry.kind == "sign"
        and bool(later)
        and later[0].kind in CLOSING
        and (later[0].at - entry.at).total_seconds() < 5
    )


def _taker(entry, later, holder):
    """Return name and body of who took the dossier from ``entry`` on."""
    following = next((line for line in later if line.kind in KINDS), None)
    name, body = (following.user, following.body) if following else holder
    return entry.data.get("to") or name, entry.data.get("to_body") or body
