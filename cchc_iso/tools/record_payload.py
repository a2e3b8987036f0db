"""The payload of a process record (hồ sơ quá trình) from plain facts; no ORM here.

One dossier as it was planned beside as it went: each step in working minutes of the
agency's calendar without the time in which the clock stood still, who acted against
who should have, in which order. Numbers are whole, moments UTC, names as they were.
"""

from datetime import datetime
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from .record_header import moment

FORMAT = "cchc-process-record/1"
_EPOCH = datetime(1970, 1, 1)
#: Moves that end the step in hand.
_LEAVING = frozenset(
    {
        *("pass_step", "send_to_sign", "send_back", "sign", "finish"),
        *("finish_refusal", "return_result", "withdraw", "stop", "void"),
    }
)
#: Moves that name the step they lead to.
_ENTERING = frozenset({"pass_step", "send_to_sign", "send_back"})
#: Decisions about the result, as the event log holds them.
_DECIDING = frozenset({"approval", "sign", "send_back"})
#: Seconds between the row of a step and its line in the log, written one after the
#: other.
_APART = 5


class Clock:
    """Working minutes of one agency's calendar.

    Pairs are collected first and counted all at once.

    :param working: engine of the calendar (``tools/working_time.py``), or ``None``
        when the agency has none: then no time is known
    :param float day_hours: office hours of a day
    """

    def __init__(self, working, day_hours):
        self.working = working
        self.day_hours = day_hours or 8.0

    def between(self, pairs):
        """Return the working minutes of each pair of naive UTC moments."""
        if not self.working or not pairs:
            return [None] * len(pairs)
        known = [(_epoch(start), _epoch(end)) for start, end in pairs]
        return [round(hours * 60) for hours in self.working.elapsed_many(known)]

    def minutes(self, amount, unit):
        """Return a time limit in working minutes; ``None`` for calendar units."""
        if not amount or unit not in ("working_hour", "working_day"):
            return None if unit not in ("working_hour", "working_day") else 0
        factor = self.day_hours if unit == "working_day" else 1
        return round(amount * factor * 60)


def _epoch(value):
    return int((value - _EPOCH).total_seconds())


def payload(facts):
    """Return the payload but for its parts ``record`` and ``first``.

    :param facts: namespace with ``dossier``, ``agency``, ``process``, ``issue``
        (namespaces or ``None``), ``steps``, ``events``, ``documents``, ``papers``,
        ``pauses``, ``extensions``, ``fees`` (lists of namespaces), ``names``
        (``{user id: name}``), ``rule`` (retention, or ``None``), ``end_day`` (local
        day of the end) and ``clock`` (:class:`Clock`)
    """
    dossier, clock = facts.dossier, facts.clock
    times = _Times(facts)
    return {
        "format": FORMAT,
        "agency": vars(facts.agency),
        "dossier": _dossier(dossier, clock, times),
        "process": _process(facts, clock),
        "steps": _steps(facts, times),
        "documents": [_document(document) for document in facts.documents],
        "papers": [_paper(paper, facts.names) for paper in facts.papers],
        "pauses": [
            {
                "kind": pause.kind,
                "from": moment(pause.date_from),
                "to": moment(pause.date_to),
                "minutes": minutes,
                "expires_at": moment(pause.expires_at),
                "counts": bool(pause.counts),
                "content": pause.content or "",
            }
            for pause, minutes in zip(facts.pauses, times.pauses, strict=True)
        ],
        "extensions": [
            {
                "number": line.number,
                "granted_at": moment(line.granted_at),
                "by": _person(line.user_id, facts.names),
                "due_before": moment(line.due_before),
                "due_at": moment(line.due_at),
                "reason": line.reason or "",
                "content": line.content or "",
                "in_time": bool(line.in_time),
            }
            for line in facts.extensions
        ],
        "approvals": [
            _approval(event, facts.names)
            for event in facts.events
            if event.kind in _DECIDING
        ],
        "fees": [_fee(line) for line in facts.fees],
        "result": _result(facts),
        "events": {
            "count": len(facts.events),
            "first_hash": facts.events[0].hash if facts.events else None,
            "last_hash": facts.events[-1].hash if facts.events else None,
        },
        "retention": _retention(facts),
    }


def columns(body):
    """Return the columns of a record that follow from its payload.

    Left out is what the chain gives: number, year, kind, first, moment of writing.
    """
    dossier, process = body["dossier"], body["process"]
    steps = body["steps"]
    return {
        "company_id": body["agency"]["id"],
        "code": dossier["code"],
        "dossier_id": dossier["id"],
        "procedure_id": dossier["procedure_id"],
        "sector_id": dossier["sector_id"],
        "department_id": dossier["department_id"],
        "process_id": process and process["id"],
        "issue_id": process and process["issue"] and process["issue"]["id"],
        "accepted_at": dossier["accepted_at"],
        "ended_at": dossier["ended_at"],
        "state": dossier["state"],
        "timeliness": dossier["timeliness"],
        "is_late": dossier["timeliness"] == "late" or bool(dossier["late_at"]),
        "step_count": len(steps),
        "late_step_count": sum(step["late"] for step in steps),
        "wrong_person_count": sum(step["right_person"] is False for step in steps),
        "out_of_order_count": sum(step["in_order"] is False for step in steps),
        "supplement_count": dossier["supplement_count"],
        # Odoo keeps no empty number in a column
        "committed_minutes": (process and process["committed_minutes"]) or 0,
        "actual_minutes": dossier["actual_minutes"] or 0,
        "event_count": body["events"]["count"],
        "event_hash": body["events"]["last_hash"],
    }


# ----------------------------------------------------------------------
# Working time
# ----------------------------------------------------------------------
class _Times:
    """All working minutes of one dossier, counted in one call.

    ``steps``: per step minutes worked and minutes late; ``total``: from the start of
    the clock to the end; ``pauses``: of each stop.
    """

    def __init__(self, facts):
        self.held = [
            (pause.date_from, pause.date_to or facts.dossier.ended_at)
            for pause in facts.pauses
            if pause.date_to or facts.dossier.ended_at
        ]
        self.pairs, self.spans = [], []
        self.rounds = [rounds(step, facts.events) for step in facts.steps]
        for step, own in zip(facts.steps, self.rounds, strict=True):
            late = step.due_at and step.ended_at and step.ended_at > step.due_at
            self._span(own)
            self._span([(step.due_at, step.ended_at)] if late else [])
        dossier = facts.dossier
        start = dossier.clock_start_at or dossier.accepted_at
        ended = dossier.ended_at
        self._span([(start, ended)] if start and ended and start <= ended else [])
        for pause in facts.pauses:
            end = pause.date_to or ended
            self.spans.append([(1, self._pair(pause.date_from, end))] if end else [])
        minutes = facts.clock.between(self.pairs)
        counted = [
            None
            if any(minutes[index] is None for _sign, index in span)
            else max(0, sum(sign * minutes[index] for sign, index in span))
            for span in self.spans
        ]
        count = 2 * len(facts.steps)
        self.steps = list(zip(counted[0:count:2], counted[1:count:2], strict=True))
        self.total = counted[count] if start and ended else None
        self.pauses = counted[count + 1 :]

    def _span(self, intervals):
        """Ask for the time of intervals without that in which the clock stood."""
        span = []
        for start, end in intervals:
            span.append((1, self._pair(start, end)))
            for held_from, held_to in self.held:
                first, last = max(start, held_from), min(end, held_to)
                if first < last:
                    span.append((-1, self._pair(first, last)))
        self.spans.append(span)

    def _pair(self, start, end):
        self.pairs.append((start, end))
        return len(self.pairs) - 1


def rounds(step, events):
    """Return the intervals in which a step was in hand.

    One, from its start to its end; more when the signer sent the dossier back, which
    the event log tells.

    :return: list of ``(start, end)``; empty when it was not done
    """
    if not step.started_at or not step.ended_at or step.ended_at < step.started_at:
        return []
    whole = [(step.started_at, step.ended_at)]
    if not any(event.kind == "send_back" for event in events):
        return whole
    moves = [event for event in events if event.kind in _LEAVING]
    starts = [e.at for e in moves if e.kind in _ENTERING and e.step == step.name]
    # The first steps begin with the acceptance, which names none of them.
    if not any(abs(_seconds(start, step.started_at)) <= _APART for start in starts):
        starts.insert(0, step.started_at)
    intervals = []
    for start in starts:
        end = next((e.at for e in moves if _seconds(start, e.at) > 0), None)
        if end and start <= step.ended_at:
            intervals.append((start, min(end, step.ended_at)))
    return intervals or whole


def _seconds(start, end):
    return (end - start).total_seconds()


# ----------------------------------------------------------------------
# Parts
# ----------------------------------------------------------------------
def _dossier(row, clock, times):
    return {
        "id": row.id,
        "code": row.name or "",
        "procedure_id": row.procedure_id,
        "procedure_code": row.procedure_code or "",
        "procedure": row.procedure or "",
        "version_id": row.version_id,
        "sector_id": row.sector_id,
        "sector": row.sector or "",
        "channel": row.channel,
        "owner": row.applicant_name or "",
        "department_id": row.handling_department_id,
        "department": row.handling_department or "",
        "receiving_agency": row.receiving_agency or "",
        "parent": row.parent or None,
        "taken_over": bool(row.imported),
        "accepted_at": moment(row.accepted_at),
        "clock_start_at": moment(row.clock_start_at),
        "first_due_at": moment(row.first_due_at),
        "due_at": moment(row.due_at),
        "statutory_due_at": moment(row.statutory_due_at),
        "ended_at": moment(row.ended_at),
        "returned_at": moment(row.returned_at),
        "state": row.state,
        "timeliness": row.timeliness or None,
        "statutory_timeliness": row.statutory_timeliness or None,
        "late_at": moment(row.late_at),
        "late_reason": ": ".join(filter(None, [row.late_reason, row.late_reason_note])),
        "actual_minutes": times.total,
        "supplement_count": row.supplement_count or 0,
        "extension_count": row.extension_count or 0,
    }


def _process(facts, clock):
    process, dossier, issue = facts.process, facts.dossier, facts.issue
    if not process:
        return None
    return {
        "id": process.id,
        "code": process.code or "",
        "name": process.name or "",
        "valid_from": process.valid_from and process.valid_from.isoformat(),
        "committed": _limit(dossier.committed_amount, dossier.committed_unit),
        "committed_minutes": clock.minutes(
            dossier.committed_amount, dossier.committed_unit
        ),
        "statutory": _limit(dossier.statutory_amount, dossier.statutory_unit),
        "statutory_minutes": clock.minutes(
            dossier.statutory_amount, dossier.statutory_unit
        ),
        "issue": issue and vars(issue),
    }


def _limit(amount, unit):
    return unit and {"amount": f"{amount or 0:g}", "unit": unit}


def _steps(facts, times):
    result, last_end, waiting = [], None, False
    lines = zip(facts.steps, times.rounds, times.steps, strict=True)
    for number, (step, own, (worked, late)) in enumerate(lines, 1):
        done = step.state == "done" and bool(step.ended_at)
        in_order = None
        if done:
            in_order = not waiting and (not last_end or step.ended_at >= last_end)
            last_end = max(last_end or step.ended_at, step.ended_at)
        # A step left out openly is no gap: the log says so.
        waiting = waiting or step.state in ("waiting", "current")
        is_late = bool(done and step.due_at and step.ended_at > step.due_at)
        person = _who(step, facts) if done else None
        right, ground = _right_person(step, person, facts) if done else (None, None)
        result.append(
            {
                "no": number,
                "name": step.name,
                "role": step.role,
                "department": step.department or "",
                "planned_minutes": facts.clock.minutes(
                    step.planned_amount, step.planned_unit
                ),
                "planned_end_at": moment(step.planned_end_at),
                "state": step.state,
                "started_at": moment(step.started_at),
                "due_at": moment(step.due_at),
                "ended_at": moment(step.ended_at) if done else None,
                "actual_minutes": worked if done and own else None,
                "rounds": len(own) if done else 0,
                "late": is_late,
                "late_minutes": late if is_late else 0 if done else None,
                "candidates": [
                    {"id": user_id, "name": name} for user_id, name in step.candidates
                ],
                "done_by": person,
                "on_behalf_of": (
                    _person(step.on_behalf_of_id, facts.names) if done else None
                ),
                "right_person": right,
                "right_by": ground,
                "in_order": in_order,
                "output": step.output or "",
            }
        )
    return result


def _who(step, facts):
    """Return who did a step, with his post and department of that moment."""
    if not step.done_by_id:
        return None
    own = [event for event in facts.events if event.user_id == step.done_by_id]
    line = next(
        (event for event in own if 0 <= _seconds(step.ended_at, event.at) <= _APART),
        own[-1] if own else SimpleNamespace(post="", department=""),
    )
    return {
        **_person(step.done_by_id, facts.names),
        "post": line.post or "",
        "department": line.department or "",
    }


def _right_person(step, person, facts):
    """Return whether the right person did the step, and what made him the right one.

    By the process: its candidates, else anybody of its department; or who stood in
    for such a person that day; or to whom the step was assigned by a move in the
    event log.
    """
    if not person:
        return None, None
    wanted = {user_id for user_id, _name in step.candidates}
    if person["id"] in wanted:
        return True, "candidate"
    if step.on_behalf_of_id and (not wanted or step.on_behalf_of_id in wanted):
        return True, "stand_in"
    assigned = {e.assigned_id for e in facts.events if e.kind == "assign"}
    if person["id"] in assigned or step.on_behalf_of_id in assigned:
        return True, "assigned"
    if wanted:
        return False, None
    if not step.department or not person["department"]:
        return None, None
    if step.department == person["department"]:
        return True, "department"
    return False, None


def _person(user_id, names):
    return {"id": user_id, "name": names.get(user_id, "")} if user_id else None


def _document(row):
    return {
        "code": row.code or "",
        "name": row.name,
        "kind": row.kind,
        "source": row.source,
        "required": bool(row.required),
        "received": bool(row.received),
        "originals": row.originals or 0,
        "copies": row.copies or 0,
        "is_result": bool(row.is_result),
        "files": [vars(file) for file in row.files],
    }


def _paper(row, names):
    return {
        "form": row.code,
        "number": row.name,
        "edition": row.edition or "",
        "issued_at": moment(row.issued_at),
        "issued_by": _person(row.issued_by_id, names),
        "signer": _person(row.signer_id, names),
        "sha256": row.sha256 or None,
        "state": row.state,
        "void_reason": row.void_reason or "",
        "replaced_by": row.replaced_by or None,
    }


def _approval(event, names):
    outcome = {"sign": "signed", "send_back": "sent_back"}.get(event.kind)
    return {
        "at": moment(event.at),
        "outcome": outcome or event.outcome or "",
        "tier": event.tier or "",
        "by": _person(event.user_id, names),
        "on_behalf_of": _person(event.on_behalf_of_id, names),
        "post": event.post or "",
        "department": event.department or "",
        "content": event.content or "",
    }


def _fee(row):
    return {
        "name": row.name,
        "kind": row.kind or "",
        "stated": bool(row.is_stated),
        "due": round(row.due_amount or 0),
        "paid": round(row.paid_amount or 0),
        "waived": round(row.waived_amount or 0),
        "exemption_percent": row.exemption_percent or 0,
        "receipts": [
            {
                "symbol": receipt.symbol,
                "number": receipt.number,
                "issued_at": moment(receipt.issued_at),
                "amount": round(receipt.amount or 0),
                "state": receipt.state,
                "nature": receipt.nature,
            }
            for receipt in row.receipts
        ],
    }


def _result(facts):
    dossier = facts.dossier
    kind = "none"
    if dossier.state in ("done", "returned", "rejected_result"):
        kind = "refusal" if dossier.is_refusal else "result"
    signed = [event for event in facts.events if event.kind == "sign"][-1:]
    return {
        "kind": kind,
        "signed_at": moment(dossier.signed_at),
        "signed_by": _person(signed[0].user_id, facts.names) if signed else None,
        "on_behalf_of": (
            _person(signed[0].on_behalf_of_id, facts.names) if signed else None
        ),
        "delivery": dossier.result_channel or "",
        "returned_at": moment(dossier.returned_at),
        "refusal": (dossier.refusal_content or "") if kind == "refusal" else "",
    }


def _retention(facts):
    rule = facts.rule
    if not rule:
        return {"rule": "", "basis": "", "years": None, "until": None}
    until = None
    if not rule.permanent:
        until = (facts.end_day + relativedelta(years=rule.years)).isoformat()
    return {
        "rule": rule.name,
        "basis": rule.basis or "",
        "years": None if rule.permanent else rule.years,
        "until": until,
    }
