"""What a process record says about the questions that an auditor asks of a dossier.

Each function looks at one payload (``cchc-process-record/1``) and proposes an answer
with its evidence: met, not met, or cannot say. It never answers for the auditor. No
ORM here: what is not in the payload comes in ``world`` (what the date ledger holds
now, the time zone of the agency).

Evidence is a list of ``(key of a sentence, values)``; the sentences stand, in the
language of the reader, in ``models/cchc_iso_sample_check.py``.
"""

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
#: Statutory forms (TT 03/2025/TT-VPCP Phụ lục I).
RECEIPT, SUPPLEMENT, APOLOGY = "01", "02", "04"
#: Final states in which no result was made.
BROKEN_OFF = ("withdrawn", "stopped")
_TZ = "Asia/Ho_Chi_Minh"


class Proposal(NamedTuple):
    """A proposed answer.

    :param outcome: ``met``, ``not_met`` or ``unknown``
    :param facts: ``[(key, values)]``, the evidence
    """

    outcome: str
    facts: list


def propose(code, data, world=None):
    """Return the proposal of check ``code`` for a payload; ``None``: no such check."""
    check = CHECKS.get(code)
    if not check:
        return None
    if not data:
        return Proposal(UNKNOWN, [("no_record", {})])
    return check(data, world or {})


def _moment(text):
    return datetime.fromisoformat(text.removesuffix("Z")) if text else None


def _local(text, world):
    zone = ZoneInfo(world.get("tz") or _TZ)
    return _moment(text).replace(tzinfo=UTC).astimezone(zone)


def _day(value):
    return f"{value:%d/%m/%Y}"


def _time(text, world):
    return f"{_local(text, world):%H:%M %d/%m/%Y}"


def _issued(data, form):
    return [
        paper
        for paper in data["papers"]
        if paper["form"] == form and paper["state"] == "issued"
    ]


def _result(problems, unsure, good):
    """The worst that was found decides; what was found is all told."""
    if problems:
        return Proposal(NOT_MET, problems + unsure)
    if unsure:
        return Proposal(UNKNOWN, unsure)
    return Proposal(MET, good)


# ----------------------------------------------------------------------
# The checks
# ----------------------------------------------------------------------
def right_issue(data, world):
    """The issue of the process that was in force when the clock began was applied."""
    process = data["process"]
    if not process:
        return Proposal(NOT_MET, [("no_process", {})])
    start = data["dossier"]["clock_start_at"] or data["dossier"]["accepted_at"]
    day = _local(start, world).date()
    issue = process["issue"]
    if not issue:
        return Proposal(
            UNKNOWN,
            [
                (
                    "no_issue",
                    {"code": process["code"] or process["name"], "day": _day(day)},
                )
            ],
        )
    values = {"code": issue["code"], "issue": issue["issue_no"], "day": _day(day)}
    for name, begin in (
        ("process_later", process.get("valid_from")),
        ("issue_later", issue.get("effective_from")),
    ):
        if begin and date.fromisoformat(begin) > day:
            begun = _day(date.fromisoformat(begin))
            return Proposal(NOT_MET, [(name, {**values, "begin": begun})])
    return Proposal(MET, [("right_issue", values)])


def parts_complete(data, world):
    """Each part that the procedure asks for was received (section 5.2)."""
    parts = [part for part in data["documents"] if not part.get("is_result")]
    needed = [part for part in parts if part["required"]]
    if not needed:
        return Proposal(UNKNOWN, [("no_parts", {})])
    missing = [
        ("part_missing", {"name": part["name"]})
        for part in needed
        if not part["received"]
    ]
    return _result(missing, [], [("parts_all", {"count": len(needed)})])


def receipt_slip(data, world):
    """The receipt with the appointment (Mẫu số 01) was issued."""
    papers = _issued(data, RECEIPT)
    if papers:
        paper = papers[-1]
        values = {
            "number": paper["number"],
            "at": _time(paper["issued_at"], world),
        }
        return Proposal(MET, [("receipt", values)])
    if data["dossier"].get("taken_over"):
        return Proposal(UNKNOWN, [("taken_over", {})])
    return Proposal(NOT_MET, [("no_receipt", {})])


def steps_in_order(data, world):
    """Each step was done, one after the other; one left out openly is told."""
    dossier, steps = data["dossier"], data["steps"]
    if not steps:
        return Proposal(UNKNOWN, [("no_steps", {})])
    problems, told = [], []
    for step in steps:
        values = {"no": step["no"], "name": step["name"]}
        if step["state"] == "skipped":
            told.append(("step_skipped", values))
        elif step["state"] != "done":
            awaits_return = step["role"] == "return" and not dossier["returned_at"]
            if dossier["state"] not in BROKEN_OFF and not awaits_return:
                problems.append(("step_not_done", values))
        elif step["in_order"] is False:
            problems.append(("step_out_of_order", values))
    return _result(problems, [], [("steps_done", {"count": len(steps)}), *told])


def step_times(data, world):
    """No step took longer than the process plans (working time, pauses left out)."""
    done = [step for step in data["steps"] if step["state"] == "done"]
    if not done:
        return Proposal(UNKNOWN, [("no_steps", {})])
    problems, known = [], 0
    for step in done:
        values = {
            "no": step["no"],
            "name": step["name"],
            "late": step["late_minutes"],
            "planned": step["planned_minutes"],
            "actual": step["actual_minutes"],
        }
        if step.get("late") or (step["late_minutes"] or 0) > 0:
            key = "step_late" if step["late_minutes"] else "step_late_unmeasured"
            problems.append((key, values))
        if step["actual_minutes"] is not None or step.get("due_at"):
            known += 1
    unsure = [] if known else [("steps_unmeasured", {})]
    return _result(problems, unsure, [("steps_in_time", {"count": known})])


def right_person(data, world):
    """Each step was done by whom the process names, or by his stand-in."""
    done = [step for step in data["steps"] if step["state"] == "done"]
    if not done:
        return Proposal(UNKNOWN, [("no_steps", {})])
    problems, unsure = [], []
    for step in done:
        person = step["done_by"] or {}
        values = {
            "no": step["no"],
            "name": step["name"],
            "who": person.get("name") or "…",
            "wanted": ", ".join(user["name"] for user in step["candidates"])
            or step["department"]
            or "…",
        }
        if step["right_person"] is False:
            problems.append(("wrong_person", values))
        elif step["right_person"] is None:
            unsure.append(("person_unknown", values))
    return _result(problems, unsure, [("right_people", {"count": len(done)})])


def total_time(data, world):
    """The dossier was settled within the committed and the statutory time."""
    dossier, process = data["dossier"], data["process"] or {}
    if not dossier["ended_at"] or not dossier["due_at"]:
        return Proposal(UNKNOWN, [("no_due", {})])
    values = {
        "ended": _time(dossier["ended_at"], world),
        "due": _time(dossier["due_at"], world),
        "actual": dossier.get("actual_minutes"),
        "committed": process.get("committed_minutes"),
    }
    problems = []
    if dossier["timeliness"] == "late" or dossier["ended_at"] > dossier["due_at"]:
        problems.append(("total_late", values))
        if dossier["late_reason"]:
            problems.append(("late_reason", {"reason": dossier["late_reason"]}))
    elif dossier["late_at"]:
        at = _time(dossier["late_at"], world)
        problems.append(("late_before", {**values, "at": at}))
    statutory = dossier["statutory_due_at"]
    if statutory and dossier["ended_at"] > statutory:
        problems.append(("statutory_late", {"due": _time(statutory, world)}))
    return _result(problems, [], [("total_in_time", values)])


def supplement(data, world):
    """A supplement was requested once at most, in writing, and stopped the clock."""
    dossier = data["dossier"]
    pauses = [pause for pause in data["pauses"] if pause["kind"] == "supplement"]
    count = max(dossier.get("supplement_count") or 0, len(pauses))
    if not count:
        return Proposal(MET, [("no_supplement", {})])
    problems = []
    if count > 1:
        problems.append(("supplement_often", {"count": count}))
    if len(pauses) < count:
        problems.append(("no_clock_stop", {"count": count, "pauses": len(pauses)}))
    if len(_issued(data, SUPPLEMENT)) < count and not dossier.get("taken_over"):
        problems.append(("no_supplement_paper", {}))
    told = [
        (
            "supplement_stop",
            {
                "from": _time(pause["from"], world),
                "to": _time(pause["to"], world) if pause["to"] else "…",
            },
        )
        for pause in pauses
    ]
    return _result(problems, [], told)


def apology_slip(data, world):
    """A late dossier has its apology with a new appointment (Mẫu số 04)."""
    dossier = data["dossier"]
    if dossier["timeliness"] != "late" and not dossier["late_at"]:
        return Proposal(MET, [("not_late", {})])
    papers = _issued(data, APOLOGY)
    if papers:
        paper = papers[-1]
        at = _time(paper["issued_at"], world)
        return Proposal(MET, [("apology", {"number": paper["number"], "at": at})])
    if dossier.get("taken_over"):
        return Proposal(UNKNOWN, [("taken_over", {})])
    return Proposal(NOT_MET, [("no_apology", {})])


def result_signed(data, world):
    """The result was signed by whom the process names for its signature."""
    dossier, result = data["dossier"], data["result"]
    if dossier["state"] in BROKEN_OFF:
        return Proposal(MET, [("no_result", {})])
    signed = result.get("signed_by")
    if not result.get("signed_at") or not signed:
        if dossier.get("taken_over"):
            return Proposal(UNKNOWN, [("taken_over", {})])
        return Proposal(NOT_MET, [("unsigned", {})])
    values = {"who": signed["name"], "at": _time(result["signed_at"], world)}
    steps = [
        step
        for step in data["steps"]
        if step["role"] == "sign" and step["state"] == "done"
    ]
    right = [step["right_person"] for step in steps]
    if False in right:
        return Proposal(NOT_MET, [("signer_wrong", values)])
    if not right or None in right:
        return Proposal(UNKNOWN, [("signer_unknown", values)])
    return Proposal(MET, [("signed", values)])


def returned_in_time(data, world):
    """The result was there for the applicant on or before the appointment."""
    dossier = data["dossier"]
    if dossier["state"] in BROKEN_OFF:
        return Proposal(MET, [("no_result", {})])
    if not dossier["ended_at"] or not dossier["due_at"]:
        return Proposal(UNKNOWN, [("no_due", {})])
    values = {
        "ended": _time(dossier["ended_at"], world),
        "due": _time(dossier["due_at"], world),
    }
    if dossier["ended_at"] > dossier["due_at"]:
        return Proposal(NOT_MET, [("ready_late", values)])
    if not dossier["returned_at"]:
        return Proposal(UNKNOWN, [("not_collected", values)])
    values["returned"] = _time(dossier["returned_at"], world)
    late = dossier["returned_at"] > dossier["due_at"]
    # Who comes for his result later than he was asked to was still served in time.
    return Proposal(MET, [("collected_later" if late else "returned", values)])


def fee_right(data, world):
    """What was owed was paid, neither less nor more, and a receipt was given."""
    fees = data["fees"]
    if not fees:
        return Proposal(MET, [("no_fee", {})])
    problems, unsure = [], []
    for fee in fees:
        paid = fee["paid"] + fee["waived"]
        values = {"name": fee["name"], "due": fee["due"], "paid": fee["paid"]}
        if not fee.get("stated", True):
            unsure.append(("fee_unstated", values))
        elif paid < fee["due"]:
            problems.append(("fee_less", values))
        elif paid > fee["due"]:
            problems.append(("fee_more", values))
        elif fee["paid"] and not any(
            receipt["state"] not in ("cancelled",) for receipt in fee["receipts"]
        ):
            problems.append(("no_fee_receipt", values))
    total = sum(fee["paid"] for fee in fees)
    return _result(problems, unsure, [("fees_right", {"paid": total})])


def records_kept(data, world):
    """Papers and files are kept with their checksums, for the time of section 7."""
    problems, unsure = [], []
    papers = [paper for paper in data["papers"] if paper["state"] == "issued"]
    files = [file for part in data["documents"] for file in part.get("files", ())]
    for paper in papers:
        if not paper["sha256"]:
            values = {"form": paper["form"], "number": paper["number"]}
            problems.append(("paper_unkept", values))
    if not data["retention"] or not data["retention"]["rule"]:
        unsure.append(("no_retention", {}))
    until = (data["retention"] or {}).get("until")
    values = {
        "papers": len(papers),
        "files": len(files),
        "until": _day(date.fromisoformat(until)) if until else "",
    }
    return _result(problems, unsure, [("kept" if until else "kept_forever", values)])


def ledger_consistent(data, world):
    """Record and dossier agree with the date ledger, whose chain is whole."""
    ledger = world.get("ledger")
    if not ledger:
        return Proposal(UNKNOWN, [("no_ledger", {})])
    problems = []
    if ledger.get("broken_line") is not None:
        problems.append(("ledger_broken", {"line": ledger["broken_line"]}))
    events = data["events"]
    if ledger.get("hash") != events["last_hash"]:
        problems.append(("ledger_differs", {"count": events["count"]}))
    names = ("accepted_at", "clock_start_at", "ended_at")
    for name in names:
        now = ledger.get(name)
        if now != data["dossier"][name]:
            values = {
                "field": name,
                "record": data["dossier"][name] or "…",
                "now": now or "…",
            }
            problems.append(("date_differs", values))
    return _result(problems, [], [("ledger_whole", {"count": events["count"]})])


#: Code of a check type → its function.
CHECKS = {
    check.__name__: check
    for check in (
        right_issue,
        parts_complete,
        receipt_slip,
        steps_in_order,
        step_times,
        right_person,
        total_time,
        supplement,
        apology_slip,
        result_signed,
        returned_in_time,
        fee_right,
        records_kept,
        ledger_consistent,
    )
}
