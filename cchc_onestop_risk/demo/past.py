"""The year before in the former software: finished dossiers with the times of steps.

What the early warning learns from in the demo commune. All of it ended more than a year
before the day of installation, so that no figure of this year changes; read by the
loader of imports, which judges each by its dates and writes its line of the ledger.
"""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.cchc_onestop.tools import guard, rows

_ORIGIN = "ho-so-da-giai-quyet-nam-truoc.xlsx"
#: Procedure: finished dossiers, and the share of the limit that handling usually takes.
_PAST = {
    "1.013831": (90, 0.54),  # đất đai: đo đạc chậm
    "1.013978": (70, 0.48),
    "1.013225": (75, 0.47),  # xây dựng
    "1.014027": (60, 0.35),
    "1.004873": (80, 0.25),
}
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phan", "Hồ", "Võ", "Đặng", "Bùi")
_GIVEN = ("Thị Hồng", "Văn Lộc", "Thị Thu", "Quang Hải", "Thị Hạnh", "Đức Minh")
#: Days ago between which they came.
_FIRST, _LAST = 640, 430
_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def load(env, company):
    """Load the past of the demo commune.

    :param env: environment of its manager
    """
    loader = env["cchc.dossier.loader"]
    known = loader._prepare(company, list(_PAST))
    rng = random.Random(57)
    working = company.resource_calendar_id._cchc_working_time()
    lines, lives = [], []
    for code, (count, slow) in _PAST.items():
        process = _process(env, company, known.procedures[code])
        if not process:
            continue
        hours = _limit(process)
        for _number in range(count):
            life = _life(rng, working, known.now, process, hours, slow)
            lives.append(life)
            lines.append(_line(rng, len(lines) + 1, code, life))
    dossiers = loader._create_dossiers(lines, known, {"department_id": 0}, _ORIGIN)
    steps = guard.unlocked(env["cchc.dossier.step"].sudo())
    rows.insert(
        steps,
        [
            {"dossier_id": dossier_id, **step}
            for dossier_id, life in zip(dossiers._ids, lives, strict=True)
            for step in life["steps"]
        ],
    )


def _process(env, company, procedure_id):
    """Return the process by which the commune settles the procedure today."""
    return env["cchc.process"].search(
        [
            ("company_id", "=", company.id),
            ("version_id.procedure_id", "=", procedure_id),
            ("state", "=", "published"),
        ],
        order="valid_from desc, id desc",
        limit=1,
    )


def _limit(process):
    """Return the time limit of a procedure in working hours."""
    planned = sum(process.step_ids.mapped("planned_hours"))
    return max(planned, 8.0)


def _life(rng, working, now, process, hours, slow):
    """Return when a dossier came, was due and ended, and the times of its steps."""
    day = (now - timedelta(days=rng.randrange(_LAST, _FIRST))).date()
    while not working.is_working_day(day):
        day += timedelta(days=1)
    start = datetime.combine(day, time(1, rng.randrange(60)), UTC)
    due = working.add(start, hours, "working_hour")
    steps = process.step_ids.filtered(lambda step: step.role != "return")
    busy = rng.random() < 0.3  # weeks in which the officer has too much in hand
    at, made = start, []
    for step in steps.sorted(lambda step: (step.sequence, step.id)):
        usual = hours * (slow if step.role == "handle" else 0.3 * (1 - slow) / 2)
        if step.role == "handle" and busy:
            usual *= 1.5
        taken = usual * rng.lognormvariate(0, 0.35)
        end = working.add(at, round(taken, 2), "working_hour")
        made.append(
            {
                "process_step_id": step.id,
                "sequence": step.sequence,
                "name": step.name,
                "role": step.role,
                "department_id": step.department_id.id,
                "planned_amount": step.planned_amount,
                "planned_unit": step.planned_unit,
                "state": "done",
                "started_at": _naive(at),
                "ended_at": _naive(end),
                "done_by_id": step.user_ids[:1].id,
            }
        )
        at = end
    return {"start": start, "due": due, "end": at, "steps": made}


def _naive(moment):
    return moment.astimezone(UTC).replace(tzinfo=None)


def _line(rng, number, code, life):
    """Return the row that the former software would have exported."""

    def text(moment):
        return moment.astimezone(_LOCAL).isoformat(timespec="seconds")[:19]

    values = {
        "code": f"000.51.18.H50-{life['start']:%y%m%d}-{number:04d}",
        "procedure": code,
        "name": f"{rng.choice(_FAMILIES)} {rng.choice(_GIVEN)}",
        "kind": "citizen",
        "identity": "",
        "birth_date": "",
        "address": "Thôn Trường Sanh, xã Hải Trường",
        "phone": "",
        "email": "",
        "channel": "counter",
        "received_at": text(life["start"]),
        "due_at": text(life["due"]),
        "state": "returned",
        "ended_at": text(life["end"]),
        "returned_at": text(life["end"]),
        "unit": "",
        "handler": "",
        "late_reason": "",
        "fee": 0,
        "note": "",
        "files": [],
    }
    return {"number": number, "values": values, "digest": f"risk-demo-{number}"}
