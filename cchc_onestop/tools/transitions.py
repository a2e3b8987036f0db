"""The life of a dossier: its states and the one table of allowed transitions.

Everything that moves a dossier (buttons, portal, interfaces, imports) goes through
this table; nothing else decides what is allowed. States and official codes follow
the national portal (TrangThaiHoSo, ten codes), the guards NĐ 118/2025/NĐ-CP.
"""

from dataclasses import dataclass

#: The clock of a state: it has not started, it runs, it is stopped, it has ended.
NOT_STARTED, RUNNING, HELD, ENDED = "not_started", "running", "held", "ended"


@dataclass(frozen=True)
class State:
    """One business state.

    :param key: technical key, stored on the dossier
    :param label: English source term (translated in ``i18n``)
    :param code: status code of the national portal (1-10)
    :param clock: what the statutory clock does while a dossier is in the state
    """

    key: str
    label: str
    code: int
    clock: str


STATES = (
    State("draft", "Newly Registered", 1, NOT_STARTED),
    State("pre_supplement", "Waiting for Completion", 5, NOT_STARTED),
    State("refused", "Reception Refused", 3, NOT_STARTED),
    State("accepted", "Accepted", 2, RUNNING),
    State("processing", "In Process", 4, RUNNING),
    State("consulting", "Consulting", 4, RUNNING),
    State("transferred", "Transferred", 4, RUNNING),
    State("supplement", "Supplement Requested", 5, HELD),
    State("finance", "Financial Obligation", 6, HELD),
    # Interlinked groups only: nobody can work, the clock of all parts stands still.
    State("outage", "System Outage", 4, HELD),
    State("to_sign", "To Sign", 4, RUNNING),
    State("done", "Result Ready", 9, ENDED),
    State("rejected_result", "Settlement Refused", 9, ENDED),
    State("returned", "Result Returned", 10, ENDED),
    State("withdrawn", "Withdrawn", 7, ENDED),
    State("stopped", "Stopped", 8, ENDED),
    State("void", "Void", 3, ENDED),
)
STATE = {state.key: state for state in STATES}

#: States in which an accepted dossier is still to be settled.
OPEN_STATES = tuple(s.key for s in STATES if s.clock in (RUNNING, HELD))
RUNNING_STATES = tuple(s.key for s in STATES if s.clock == RUNNING)
HELD_STATES = tuple(s.key for s in STATES if s.clock == HELD)
ENDED_STATES = tuple(s.key for s in STATES if s.clock == ENDED)
#: States that only a sanctioned method may give to a dossier.
GUARDED_STATES = tuple(s.key for s in STATES if s.key != "draft")


@dataclass(frozen=True)
class Transition:
    """One allowed move of a dossier.

    :param key: name of the move, stored as the kind of the event it writes
    :param label: English source term
    :param sources: states from which the move is allowed
    :param target: state after the move; ``None`` leaves the state as it is
    :param groups: any one of these groups allows the move (names without module)
    :param reason: a reason or a written content is compulsory
    :param form: code of the statutory form that belongs to the move (edition 2025)
    :param issues: the form is numbered and drawn in the transaction of the move, so
        that neither is there without the other; else it is issued later: the receipt by
        the request that prints it, the control slip once the result is at the desk
    :param basis: legal basis that the event quotes by default
    :param late_reason: a late dossier makes the move only with the reason of its delay
    """

    key: str
    label: str
    sources: tuple
    target: str | None
    groups: tuple
    reason: bool = False
    form: str | None = None
    basis: str = ""
    issues: bool = False
    late_reason: bool = False


DESK = ("group_desk", "group_manager")
HANDLER = ("group_handler", "group_leader", "group_manager")
LEADER = ("group_leader", "group_manager")
WORK = ("group_desk", "group_handler", "group_leader", "group_manager")

INTERLINKED = "NĐ 301/2026/NĐ-CP"
_STANDING = (
    *OPEN_STATES,
    *("done", "rejected_result", "returned", "withdrawn", "stopped"),
)
_UNSIGNED = ("accepted", "processing", "consulting", "transferred")

TRANSITIONS = (
    # Before acceptance: the clock has not started.
    Transition(
        "ask_completion",
        "Completion asked before acceptance",
        ("draft",),
        "pre_supplement",
        DESK,
        reason=True,
        form="02",
        basis="NĐ 118/2025/NĐ-CP Đ.17 k.2",
        issues=True,
    ),
    Transition(
        "complete",
        "Completed by the applicant",
        ("pre_supplement",),
        "draft",
        DESK,
    ),
    Transition(
        "refuse",
        "Reception refused",
        ("draft", "pre_supplement"),
        "refused",
        DESK,
        reason=True,
        form="03",
        basis="NĐ 118/2025/NĐ-CP Đ.17 k.2",
        issues=True,
    ),
    Transition(
        "accept",
        "Accepted",
        ("draft",),
        "accepted",
        DESK,
        form="01",
        basis="NĐ 118/2025/NĐ-CP Đ.17 k.3",
    ),
    # Settlement.
    Transition("assign", "Assigned", _UNSIGNED, None, WORK),
    Transition(
        "transfer",
        "Transferred to the competent agency",
        ("accepted", "processing"),
        "transferred",
        WORK,
        basis="NĐ 118/2025/NĐ-CP Đ.18 k.2",
    ),
    Transition(
        "arrive",
        "Received by the competent agency",
        ("transferred",),
        "processing",
        WORK,
        basis="NĐ 118/2025/NĐ-CP Đ.17 k.3",
    ),
    Transition(
        "pass_step",
        "Step passed on",
        ("accepted", "processing"),
        "processing",
        WORK,
        form="06",
    ),
    Transition(
        "consult", "Opinion requested", ("processing",), "consulting", HANDLER, True
    ),
    Transition("consulted", "Opinion received", ("consulting",), "processing", HANDLER),
    Transition(
        "request_supplement",
        "Supplement requested",
        ("accepted", "processing"),
        "supplement",
        HANDLER,
        reason=True,
        form="02",
        basis="NĐ 118/2025/NĐ-CP Đ.17 k.2",
        issues=True,
    ),
    Transition(
        "request_finance",
        "Financial obligation notified",
        ("processing",),
        "finance",
        HANDLER,
        reason=True,
    ),
    Transition(
        "resume",
        "Clock resumed",
        ("supplement", "finance"),
        "processing",
        WORK,
    ),
    Transition(
        "send_to_sign",
        "Sent for signature",
        ("accepted", "processing"),
        "to_sign",
        HANDLER,
    ),
    Transition(
        "send_back",
        "Sent back by the signer",
        ("to_sign",),
        "processing",
        LEADER,
        reason=True,
    ),
    # The signature itself; the state moves once the result leaves the clerk.
    Transition("sign", "Signed", ("to_sign",), None, LEADER),
    Transition("finish", "Result ready", ("to_sign",), "done", WORK, late_reason=True),
    Transition(
        "finish_refusal",
        "Refusal of settlement ready",
        ("to_sign",),
        "rejected_result",
        WORK,
        reason=True,
        basis="NĐ 61/2018/NĐ-CP Đ.19 k.8",
        late_reason=True,
    ),
    Transition(
        "return_result",
        "Result returned",
        ("done", "rejected_result"),
        "returned",
        DESK,
    ),
    # Hand-over of a worklist for an absence or for good (cchc.handover): whose the
    # step is, nothing of the dossier itself.
    Transition(
        "hand_over",
        "Work handed over",
        (*OPEN_STATES, "done", "rejected_result"),
        None,
        (),
    ),
    Transition(
        "hand_back",
        "Came back undone",
        (*OPEN_STATES, "done", "rejected_result"),
        None,
        (),
    ),
    # Ends without a result.
    Transition(
        "withdraw",
        "Withdrawn by the applicant",
        OPEN_STATES,
        "withdrawn",
        DESK,
        reason=True,
        form="05",
        basis="NĐ 118/2025/NĐ-CP",
        issues=True,
    ),
    Transition(
        "stop",
        "Settlement stopped",
        ("accepted", "processing", "consulting", "supplement", "finance"),
        "stopped",
        LEADER,
        reason=True,
        form="05",
        basis="NĐ 118/2025/NĐ-CP",
        issues=True,
    ),
    Transition(
        "void",
        "Void, issued anew",
        ("accepted",),
        "void",
        DESK,
        reason=True,
    ),
    # Dates.
    Transition(
        "extend",
        "Extended with apology",
        RUNNING_STATES,
        None,
        LEADER,
        reason=True,
        form="04",
        basis="NĐ 61/2018/NĐ-CP Đ.19 k.9",
        issues=True,
    ),
    Transition(
        "redate",
        "Re-dated after a calendar change",
        OPEN_STATES,
        None,
        ("group_manager", "group_catalogue"),
        reason=True,
    ),
    Transition(
        "miss",
        "Due date missed",
        OPEN_STATES,
        None,
        (),
        basis="NĐ 118/2025/NĐ-CP",
    ),
    Transition(
        "explain_late",
        "Reason of delay stated",
        (*OPEN_STATES, "done", "rejected_result", "returned"),
        None,
        WORK,
        reason=True,
    ),
    # Interlinked groups (NĐ 63/2024/NĐ-CP as amended by NĐ 301/2026/NĐ-CP). What has no
    # group follows from a move of another part of the group.
    Transition("group_progress", "Progress of the group", OPEN_STATES, None, ()),
    Transition(
        "group_decide",
        "Decided about the rest of the group",
        OPEN_STATES,
        None,
        ("group_desk", "group_leader", "group_manager"),
        reason=True,
    ),
    Transition("group_finish", "All parts of the group ended", OPEN_STATES, "done", ()),
    Transition(
        "acknowledge", "Arrival acknowledged", ("accepted", "processing"), None, WORK
    ),
    Transition(
        "external_result",
        "Result of another agency entered",
        RUNNING_STATES,
        None,
        DESK,
    ),
    Transition(
        "report_error",
        "Sent back to the first body for correction",
        ("accepted", "processing"),
        "consulting",
        WORK,
        reason=True,
        basis=INTERLINKED,
    ),
    Transition("corrected", "Correction received", ("consulting",), "processing", ()),
    Transition(
        "reopen",
        "Reopened for correction",
        ("done", "returned"),
        "processing",
        (),
        reason=True,
        basis=INTERLINKED,
    ),
    Transition(
        "outage",
        "Stopped by an outage of the system",
        RUNNING_STATES,
        "outage",
        ("group_manager",),
        reason=True,
        basis=INTERLINKED,
    ),
    Transition(
        "outage_end", "System works again", ("outage",), None, ("group_manager",)
    ),
    # Money: what a payment and what is taken back of it do to each of its dossiers.
    Transition("pay", "Fees paid", _STANDING, None, ()),
    Transition(
        "pay_cancel", "Payment of fees cancelled", _STANDING, None, (), reason=True
    ),
    Transition("refund", "Fees refunded", _STANDING, None, (), reason=True),
    Transition("import", "Taken over from other software", (), None, ()),
    Transition("approval", "Approval", (), None, ()),
    # What becomes of the files; the state stays as it is.
    Transition("digital_sign", "Signed digitally", (), None, ()),
    Transition("archive", "Handed over to the archive", (), None, ()),
    Transition("destroy", "Documents destroyed", (), None, ()),
)
TRANSITION = {transition.key: transition for transition in TRANSITIONS}
