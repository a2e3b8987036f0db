from odoo import models
from odoo.exceptions import UserError

from ..tools import guard, replay
from ..tools.transitions import TRANSITION

#: Moves that the parts of a group make, not the group itself.
_OF_PARTS = frozenset(
    {
        *("pass_step", "send_to_sign", "sign", "send_back", "finish", "consult"),
        *("consulted", "transfer", "arrive", "request_finance", "report_error"),
        *("external_result", "acknowledge"),
    }
)
#: Moves of a dossier of this database; an agency outside makes its own.
_INSIDE = frozenset(
    {
        *("pass_step", "send_to_sign", "sign", "send_back", "finish", "transfer"),
        *("arrive", "request_finance", "consult"),
    }
)
#: Moves after which the group has nothing to follow.
_QUIET = frozenset(
    {
        *("accept", "assign", "acknowledge", "import", "redate", "miss"),
        *("hand_over", "hand_back"),
    }
)


class CchcDossier(models.Model):
    """The moves of dossiers that belong to an interlinked group."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    def _move(self, key, vals_by_id=None, target=None, heads=None, **line):
        result = super()._move(
            key, vals_by_id=vals_by_id, target=target, heads=heads, **line
        )
        members = self.filtered("bundle_id")
        if members and key not in _QUIET:
            members.bundle_id.sudo()._follow(members)
        return result

    def _issue_for_move(self, key, events, papers=None):
        """Issue the form of a move once for a whole group: that of its own dossier."""
        told = self.filtered(
            lambda d: (
                d.parent_id
                and (
                    not d.parent_id.sudo().is_open
                    or d.parent_id.sudo().state == "supplement"
                )
            )
        )
        if not told:
            return super()._issue_for_move(key, events, papers)
        rest = self - told
        lines = [
            event.id
            for dossier, event in zip(self, events, strict=True)
            if dossier in rest
        ]
        if rest:
            super(CchcDossier, rest)._issue_for_move(key, events.browse(lines), papers)
        return None

    def _begin(self, key, content=None, reason=None, lock=True, check_role=True):
        for dossier in self.filtered(lambda d: d.bundle_type_id or d.bundle_line_id):
            dossier._check_group_move(key)
        return super()._begin(key, content, reason, lock, check_role)

    def _check_group_move(self, key):
        """Refuse what a group, or a part of it, does not do by itself."""
        self.ensure_one()
        if self.bundle_type_id and self.bundle_id and key in _OF_PARTS:
            raise UserError(
                self.env._(
                    "%s moves with its parts: open the part that you work on.",
                    self.display_name,
                )
            )
        line = self.bundle_line_id.sudo()
        if line.is_external and key in _INSIDE:
            raise UserError(
                self.env._(
                    "“%(part)s” is settled by %(agency)s outside this database: enter "
                    "its code and result in the group.",
                    part=line.name,
                    agency=line.agency_name,
                )
            )
        if self.parent_id and key == "void":
            raise UserError(
                self.env._(
                    "%s is a part of a group: void the dossier of the group.", self.name
                )
            )

    # ------------------------------------------------------------------
    # One request for the whole group
    # ------------------------------------------------------------------
    def _whole_group(self, states):
        """Return the dossiers of the groups of these that are in some states."""
        bundles = self.sudo().bundle_id
        whole = bundles.dossier_id | bundles.line_ids.dossier_id
        return whole.filtered(lambda dossier: dossier.state in states)

    def action_request_supplement(self, content=None, reason=None, paper=None):
        """Ask for a supplement; in a group once for all, its clocks stop together."""
        members = self.filtered("bundle_id")
        if (content is None and reason is None) or not members:
            return super().action_request_supplement(content, reason, paper)
        if self - members:
            super(CchcDossier, self - members).action_request_supplement(
                content, reason, paper
            )
        sources = TRANSITION["request_supplement"].sources
        for dossier in members:
            # The group first: it says how often a supplement may be asked for.
            group = dossier.parent_id.sudo()
            if group and group.state not in sources:
                group._refuse_move(TRANSITION["request_supplement"])
            own = dossier.sudo()
            others = dossier._whole_group(sources) - own - group
            for together in (group, dossier, others):
                if together:
                    super(CchcDossier, together).action_request_supplement(
                        content, reason, paper
                    )
        return True

    def _supplement_expiry(self, now):
        if self.parent_id:
            # The group carries the one date.
            return False
        days = self.bundle_type_id.sudo().supplement_days
        if days:
            return self._step_due(now, days, "working_day")
        return super()._supplement_expiry(now)

    def action_resume(self, content=None):
        """Let the clock run again; in a group all that stood still for the same."""
        members = self.filtered(lambda d: d.bundle_id and d.state == "supplement")
        result = super().action_resume(content)
        others = members and members._whole_group(("supplement",))
        if others:
            super(CchcDossier, others).action_resume(content)
        return result

    # ------------------------------------------------------------------
    # Ends of the whole
    # ------------------------------------------------------------------
    def _end_with_parts(self, key, text):
        """End the parts of groups that have ended by ``key``."""
        bundles = self.sudo().bundle_id
        waiting = bundles.line_ids.filtered(lambda line: line.state == "waiting")
        guard.unlocked(waiting).write({"state": "left_out"})
        parts = bundles.line_ids.dossier_id.filtered("is_open")
        if parts:
            parts._begin(key, text)
            parts._end(key, text, self._no_step())
        guard.unlocked(bundles).write({"problem": False})

    def _groups(self):
        """Return those of the dossiers that are groups in progress."""
        return self.filtered(lambda d: d.bundle_type_id and d.bundle_id)

    def action_withdraw(self, content=None, reason=None, paper=None):
        """End dossiers that the applicant takes back; a group with all its parts."""
        result = super().action_withdraw(content, reason, paper)
        if content is not None or reason is not None:
            self._groups()._end_with_parts("withdraw", self._last_content())
        return result

    def action_stop(self, content=None, reason=None, paper=None):
        """Stop settlement; that of a group with all its parts."""
        result = super().action_stop(content, reason, paper)
        if content is not None or reason is not None:
            self._groups()._end_with_parts("stop", self._last_content())
        return result

    def action_void(self, content=None, reason=None):
        """Void dossiers; a group with its parts, none of which may have been begun."""
        groups = self._groups()
        for part in groups.sudo().bundle_id.line_ids.dossier_id:
            if part.state != "accepted" and (content is not None or reason is not None):
                raise UserError(
                    self.env._(
                        "Work on %s has begun: the group cannot be voided any more.",
                        part.name,
                    )
                )
        result = super().action_void(content, reason)
        if content is not None or reason is not None:
            text = self._last_content()
            bundles = groups.sudo().bundle_id
            waiting = bundles.line_ids.filtered(lambda line: line.state == "waiting")
            guard.unlocked(waiting).write({"state": "left_out"})
            parts = bundles.line_ids.dossier_id.filtered("is_open")
            parts._end("void", text, self._no_step())
        return result

    def _last_content(self):
        """Return what the last line of the ledger says."""
        return self[:1].sudo().event_ids.sorted("sequence")[-1:].content or ""

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for dossier, vals in zip(self, vals_list, strict=True):
            if dossier.bundle_type_id:
                vals["group_line_ids"] = [
                    (0, 0, {"type_line_id": line.type_line_id.id, **choice})
                    for line in dossier.sudo().group_line_ids
                    for choice in [{"chosen": line.chosen, "verify": line.verify}]
                ]
        return vals_list

    # ------------------------------------------------------------------
    # Errors found downstream
    # ------------------------------------------------------------------
    def action_report_error(self, content=None, reason=None):
        """Send an error back to the first body of the group for correction.

        The part that found it waits, its clock goes on and so does the appointment of
        the group: the applicant is not to blame. The dossier of the first body is
        reopened; its time begins anew, and that it was late once stays so.
        """
        if content is None and reason is None:
            return self._ask("report_error")
        for dossier in self:
            line = dossier.bundle_line_id.sudo()
            source = line._first_body()
            if not source:
                raise UserError(
                    self.env._(
                        "%s has no earlier part of a group to send an error back to.",
                        dossier.display_name,
                    )
                )
            text = dossier._begin("report_error", content, reason)
            first = source.dossier_id
            guard.unlocked(line).write({"correction_line_id": source.id})
            dossier._move(
                "report_error",
                content=text,
                data={"to": first.name, "part": source.name},
            )
            if first.state in TRANSITION["reopen"].sources:
                first._reopen(
                    self.env._(
                        "%(text)s (found by %(code)s, %(part)s)",
                        text=text,
                        code=dossier.name,
                        part=line.name,
                    )
                )
        return True

    def _reopen(self, text):
        """Reopen an ended part for correction, with a time that begins anew."""
        self.ensure_one()
        self._lock()
        now = replay.now(self.env)
        first_end = self.ended_at
        # What ended late stays late, whatever the correction takes.
        late_at = self.late_at or (
            self.timeliness == "late" and (self.unextended_due_at or self.due_at)
        )
        vals = {
            "clock_start_at": now,
            "ended_at": False,
            "returned_at": False,
            "signed_at": False,
            "timeliness": False,
            "statutory_timeliness": False,
            "late_at": late_at,
            **self._reopened_steps(now),
        }
        guard.unlocked(self).write({"clock_start_at": now})
        vals.update(self._dates())
        self._move(
            "reopen",
            vals_by_id={self.id: vals},
            content=self.env._(
                "%(text)s. The time of the part begins anew; it had ended on %(end)s "
                "(%(timeliness)s).",
                text=text,
                end=f"{self._aware(first_end):%H:%M %d/%m/%Y}",
                timeliness=dict(
                    self._fields["timeliness"]._description_selection(self.env)
                ).get(self.timeliness, ""),
            ),
            data={
                "first_end": first_end.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "first_timeliness": self.timeliness or "",
            },
        )
        self._filing_reopen()

    def _reopened_steps(self, now):
        """Give a reopened dossier back to its last step of handling."""
        self.ensure_one()
        steps = self.step_ids.sorted(lambda step: (step.sequence, step.id))
        back = (
            steps.filtered(lambda step: step.role == "handle")[-1:]
            or steps.filtered(lambda step: step.role != "receive")[:1]
        )
        if not back:
            return {"user_id": self.parent_id.user_id.id}
        later = steps.filtered(
            lambda step: (step.sequence, step.id) > (back.sequence, back.id)
        )
        guard.unlocked(later).write({"state": "waiting", "ended_at": False})
        handler = back.done_by_id or back.user_id
        due = self._step_due(now, back.planned_amount, back.planned_unit)
        guard.unlocked(back).write(
            {
                "state": "current",
                "started_at": now,
                "ended_at": False,
                "user_id": handler.id,
                "due_at": due,
            }
        )
        return {
            "current_step_id": back.id,
            "user_id": handler.id,
            "department_id": (
                handler.employee_id.department_id or back.department_id
            ).id,
            "step_due_at": due,
        }

    def action_open_bundle(self):
        """Open the group of the dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.bundle",
            "res_id": self.bundle_id.id,
            "view_mode": "form",
        }
