"""Groups in progress, told by the product's own actions: one of each kind, and a
birth that stands still because the line to the other agencies is down.

The commune police work in the same database here, the social insurance does not.
"""

from odoo import Command

from .lives import Story

#: Parts that the commune settles itself: its police handle residence.
_HERE = ("bundle_birth_residence", "bundle_death_residence")


def tell(lives):
    """Tell the groups after the single dossiers.

    :param lives: :class:`~.lives.Lives`, which knows people, days and the clock
    """
    _name_agencies(lives)
    _birth(lives)
    _death(lives)
    _outage(lives)


def _name_agencies(lives):
    for name in _HERE:
        lives._as("quantri", lives.env.ref(f"cchc_onestop.{name}")).write(
            {
                "agency_ids": [
                    Command.create(
                        {
                            "company_id": lives.commune.id,
                            "agency_id": lives.commune.id,
                        }
                    )
                ]
            }
        )


def _receive(lives, code, ago, hour, wanted=()):
    """Return a group received by the desk, with some of its optional parts."""
    story = Story(code, ago, hour=hour, channel="counter")
    story.at = lives._moment(story)
    draft = lives._draft(story, "motcua")
    for line in draft.group_line_ids:
        if line.type_line_id in wanted:
            line.chosen = True
    if not draft.bundle_type_id:
        # Before 1 September 2026 there are no such groups.
        return lives.env["cchc.dossier"]
    draft.action_accept()
    return draft.with_env(lives.env)


def _part(lives, group, name):
    """Return the dossier of one part, empty while it has not begun."""
    kind = lives.env.ref(f"cchc_onestop.{name}")
    lines = group.group_line_ids.filtered(lambda line: line.type_line_id == kind)
    return lines.dossier_id


def _birth(lives):
    """The birth is registered and its paper given back; residence is in process."""
    card = lives.env.ref("cchc_onestop.bundle_birth_identity")
    group = _receive(lives, "3.000722", 2, 8.5, card)
    if not group:
        return
    birth = _part(lives, group, "bundle_birth_registration")
    lives._work(birth, Story("1.001193", 2))
    residence = _part(lives, group, "bundle_birth_residence")
    if residence:
        lives._work(residence, Story("1.004222", 1, stay="handle"))


def _death(lives):
    """The register is done; the social insurance works on the funeral allowance."""
    group = _receive(lives, "2.002913", 5, 9)
    if not group:
        return
    death = _part(lives, group, "bundle_death_registration")
    lives._work(death, Story("1.000656", 5))
    residence = _part(lives, group, "bundle_death_residence")
    if not residence:
        return
    lives._work(residence, Story("1.003197", 4))
    insurance = _part(lives, group, "bundle_death_insurance")
    if not insurance:
        return
    line = insurance.bundle_line_id
    moment = lives._after(insurance.clock_start_at, 1)
    if lives._do(moment, "motcua", line, "action_acknowledge"):
        lives._as("motcua", line).write(
            {"external_code": "BHXH-45-2026-001873", "external_state": "Đang xử lý"}
        )


def _outage(lives):
    """The birth is registered; then the line to police and insurance goes down."""
    group = _receive(lives, "3.000722", 2, 8)
    if not group:
        return
    birth = _part(lives, group, "bundle_birth_registration")
    lives._work(birth, Story("1.001193", 2))
    lives._do(
        lives._after(birth.ended_at or birth.clock_start_at, 0.5),
        "quantri",
        group.bundle_id,
        "action_outage",
        content="Mất kết nối trục liên thông với cơ quan công an và bảo hiểm xã hội",
    )
