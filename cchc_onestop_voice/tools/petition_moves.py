"""The one table of the moves of a petition: from where, to where, what it asks for."""

from typing import NamedTuple


class Move(NamedTuple):
    key: str
    sources: tuple
    #: ``""`` keeps the state
    target: str
    #: a reason has to be given
    reason: bool = False
    #: value of ``result`` that the move gives
    result: str = ""


OPEN = ("received", "processing", "waiting")
#: States after which nothing is due any more.
CLOSED = ("refused", "transferred", "published", "kept")

MOVES = {
    move.key: move
    for move in (
        Move("accept", ("received",), "processing"),
        Move("assign", OPEN, ""),
        Move("ask_more", ("received", "processing"), "waiting", reason=True),
        Move("resume", ("waiting",), "processing"),
        Move("refuse", OPEN, "refused", reason=True, result="refused"),
        Move("transfer", OPEN, "transferred", reason=True, result="transferred"),
        Move("answer", ("processing",), "answered", result="answered"),
        Move("publish", ("answered", "kept"), "published"),
        Move("keep", ("answered",), "kept", reason=True),
        Move("withdraw_page", ("published",), "kept", reason=True),
        Move("rate", ("answered", "published", "kept"), ""),
    )
}
#: What is due in a state: the field that holds the date.
DUE_FIELD = {
    "received": "decide_due_at",
    "processing": "answer_due_at",
    "answered": "publish_due_at",
}
#: Moves that have a due date of their own beside that of the state.
MOVE_DUE_FIELD = {"ask_more": "supplement_due_at"}
