"""A process record (``cchc-process-record/1``), for tests without a database."""

from copy import deepcopy

_STEPS = (
    (1, "Tiếp nhận", "receive", 30, "2026-05-04T01:00:00Z", "Desk"),
    (2, "Thụ lý", "handle", 480, "2026-05-04T07:00:00Z", "Handler"),
    (3, "Ký duyệt", "sign", 120, "2026-05-05T01:30:00Z", "Leader"),
    (4, "Trả kết quả", "return", 0, "2026-05-05T03:00:00Z", "Desk"),
)


def _step(number, name, role, planned, ended, who):
    return {
        "no": number,
        "name": name,
        "role": role,
        "department": "Văn phòng",
        "planned_minutes": planned,
        "planned_end_at": ended,
        "state": "done",
        "started_at": "2026-05-04T01:00:00Z",
        "due_at": ended,
        "ended_at": ended,
        "actual_minutes": planned,
        "late": False,
        "late_minutes": 0,
        "candidates": [{"id": number, "name": who}],
        "done_by": {"id": number, "name": who, "post": "", "department": "Văn phòng"},
        "on_behalf_of": None,
        "right_person": True,
        "in_order": True,
        "output": "",
    }


_RECORD = {
    "format": "cchc-process-record/1",
    "agency": {"id": 1, "code": "H50.21", "name": "UBND xã Hải Trường"},
    "dossier": {
        "id": 1,
        "code": "H50.21-260504-0001",
        "taken_over": False,
        "accepted_at": "2026-05-04T01:00:00Z",
        "clock_start_at": "2026-05-04T01:00:00Z",
        "first_due_at": "2026-05-07T01:00:00Z",
        "due_at": "2026-05-07T01:00:00Z",
        "statutory_due_at": "2026-05-07T01:00:00Z",
        "ended_at": "2026-05-05T02:00:00Z",
        "returned_at": "2026-05-05T03:00:00Z",
        "state": "returned",
        "timeliness": "early",
        "late_at": None,
        "late_reason": "",
        "actual_minutes": 500,
        "supplement_count": 0,
    },
    "process": {
        "id": 1,
        "code": "QT-01",
        "name": "Xác nhận",
        "valid_from": "2024-01-01",
        "committed_minutes": 1350,
        "statutory_minutes": 1350,
        "issue": {
            "id": 1,
            "code": "QT-01",
            "issue_no": 2,
            "effective_from": "2026-01-15",
            "sha256": "00",
        },
    },
    "steps": [_step(*row) for row in _STEPS],
    "documents": [
        {
            "name": "Tờ khai",
            "required": True,
            "received": True,
            "files": [{"name": "a"}],
        },
        {"name": "Giấy tờ khác", "required": False, "received": False, "files": []},
    ],
    "papers": [
        {
            "form": "01",
            "number": "12/TN",
            "issued_at": "2026-05-04T01:00:00Z",
            "sha256": "ab",
            "state": "issued",
        }
    ],
    "pauses": [],
    "extensions": [],
    "approvals": [],
    "fees": [
        {
            "name": "Lệ phí",
            "stated": True,
            "due": 8000,
            "paid": 8000,
            "waived": 0,
            "receipts": [{"number": "7", "state": "issued"}],
        }
    ],
    "result": {
        "kind": "result",
        "signed_at": "2026-05-05T01:30:00Z",
        "signed_by": {"id": 3, "name": "Leader"},
    },
    "events": {"count": 6, "first_hash": "aa", "last_hash": "ff"},
    "retention": {"rule": "Hồ sơ TTHC", "until": "2036-05-05"},
}
#: What the date ledger holds of it.
WORLD = {
    "tz": "Asia/Ho_Chi_Minh",
    "ledger": {
        "hash": "ff",
        "broken_line": None,
        "accepted_at": "2026-05-04T01:00:00Z",
        "clock_start_at": "2026-05-04T01:00:00Z",
        "ended_at": "2026-05-05T02:00:00Z",
    },
}


def record(**parts):
    """Return the record with parts merged into it: ``dossier={"state": "stopped"}``."""
    data = deepcopy(_RECORD)
    for name, value in parts.items():
        if isinstance(value, dict) and isinstance(data[name], dict):
            data[name].update(value)
        else:
            data[name] = value
    return data


def steps(number, **values):
    """Return the steps of the record, one of them changed."""
    changed = deepcopy(_RECORD["steps"])
    changed[number - 1].update(values)
    return changed
