from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_unlocked, unlocked
from .cchc_approval_mixin import OPEN_REVIEW

#: What people type on a line of a draft.
_TYPED = frozenset({"taker_id", "note"})


class CchcHandoverLine(models.Model):
    """One open step or approval of a hand-over, and who takes it."""

    _name = "cchc.handover.line"
    _description = "Line of a Hand-over"
    _order = "handover_id, due_at, id"

    handover_id = fields.Many2one(
        "cchc.handover", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    user_id = fields.Many2one(
        related="handover_id.user_id", store=True, string="Person Handing Over"
    )
    date_from = fields.Date(related="handover_id.date_from", store=True)
    date_to = fields.Date(related="handover_id.date_to", store=True)
    step_id = fields.Many2one("cchc.dossier.step", readonly=True, ondelete="restrict")
    review_id = fields.Many2one("tier.review", readonly=True, ondelete="set null")
    dossier_id = fields.Many2one("cchc.dossier", readonly=True, ondelete="restrict")
    name = fields.Char(string="Matter", compute="_compute_name", store=True)
    applicant_name = fields.Char(related="dossier_id.applicant_name", string="Owner")
    procedure_id = fields.Many2one(related="dossier_id.procedure_id")
    due_at = fields.Datetime(string="Step Due", readonly=True)
    dossier_due_at = fields.Datetime(related="dossier_id.due_at", string="Appointment")
    is_overdue = fields.Boolean(related="dossier_id.is_overdue")
    taker_id = fields.Many2one(
        "res.users",
        string="Taken by",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
    )
    note = fields.Char(help="What the taker has to know")
    in_force = fields.Boolean(
        readonly=True, help="Handed over for the days, and not ended yet"
    )
    done_at = fields.Datetime(readonly=True, help="Given to a new owner for good")
    returned_at = fields.Datetime(readonly=True, string="Came Back")
    done_by_id = fields.Many2one(
        "res.users", string="Done by", compute="_compute_state"
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("open", "Not Done Yet"),
            ("done", "Done"),
            ("given", "New Owner"),
            ("other", "Gone Another Way"),
            ("back", "Came Back"),
        ],
        compute="_compute_state",
    )

    _taker_idx = models.Index("(taker_id) WHERE in_force IS TRUE")
    _absent_idx = models.Index("(user_id) WHERE in_force IS TRUE")
    _once = models.UniqueIndex(
        "(handover_id, step_id) WHERE step_id IS NOT NULL",
        "A step stands on a hand-over once.",
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("step_id", "review_id")
    def _compute_name(self):
        for line in self:
            line.name = line.step_id.sudo().name or line.review_id.sudo().name

    @api.depends("name", "dossier_id")
    def _compute_display_name(self):
        for line in self:
            subject = line.dossier_id.display_name or line._review_subject()
            line.display_name = ": ".join(part for part in (subject, line.name) if part)

    def _review_subject(self):
        """Return the name of the document that an approval is about."""
        review = self.review_id.sudo()
        if not review or review.model not in self.env:
            return ""
        return self.env[review.model].browse(review.res_id).exists().display_name or ""

    @api.depends("in_force", "returned_at", "done_at", "step_id", "review_id")
    def _compute_state(self):
        for line in self:
            step, review = line.step_id.sudo(), line.review_id.sudo()
            since = line.handover_id.confirmed_at
            done = since and (
                (step.state == "done" and step.ended_at and step.ended_at >= since)
                or review.status in ("approved", "rejected")
            )
            line.done_by_id = (step.done_by_id or review.done_by) if done else False
            if not since:
                line.state = "planned"
            elif line.returned_at:
                line.state = "back"
            elif line.done_at:
                line.state = "given"
            elif done:
                line.state = "done"
            elif line._is_pending():
                line.state = "open"
            else:
                line.state = "other"

    def _is_pending(self):
        """Whether the matter still waits for the person who handed it over."""
        self.ensure_one()
        step, review = self.step_id.sudo(), self.review_id.sudo()
        if review:
            return review.status in OPEN_REVIEW
        return step.state == "current" and step.user_id == self.user_id

    def _key(self):
        self.ensure_one()
        return (self.step_id.id, self.review_id.id)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("Lines come from “List Open Work”, not from the keyboard.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            if vals.keys() - _TYPED:
                raise UserError(
                    self.env._("Of a line only who takes it and the note are typed.")
                )
            self.handover_id._check_decider()
            for line in self:
                line._check_change(vals)
        return super().write(vals)

    def _check_change(self, vals):
        """Refuse changes of what is over; while it runs another taker may come in."""
        self.ensure_one()
        state = self.handover_id.state
        if state == "draft" or "taker_id" not in vals:
            return
        if state != "confirmed" or self.state != "open" or self.review_id:
            raise UserError(
                self.env._(
                    "%s: who took it stays on record.",
                    self.display_name,
                )
            )
        unlocked(self).taker_id = vals["taker_id"]
        self._check_taker()

    @api.ondelete(at_uninstall=False)
    def _unlink_with_the_list(self):
        if not is_unlocked(self.env) and any(
            line.handover_id.state not in ("draft", "cancelled") for line in self
        ):
            raise UserError(self.env._("What was handed over stays on record."))

    def _check_taker(self):
        """Refuse a taker who cannot do the work."""
        self.ensure_one()
        handover = self.handover_id
        taker = self.taker_id
        if taker == handover.user_id:
            raise UserError(
                self.env._("%s cannot hand over to himself.", taker.name),
            )
        if self.review_id and handover.kind == "leave":
            self.review_id.sudo().with_env(self.env)._cchc_check_forward(taker)
            return
        domain = handover._workers_domain(handover.company_id)
        if not taker.sudo().active or not taker.sudo().filtered_domain(domain):
            raise UserError(
                self.env._(
                    "%(taker)s does not work on dossiers of %(agency)s: give "
                    "%(line)s to somebody who does.",
                    taker=taker.name,
                    agency=handover.company_id.name,
                    line=self.display_name,
                )
            )

    # ------------------------------------------------------------------
    # Proposing and giving
    # ------------------------------------------------------------------
    def _proposal(self, load, given, near):
        """Return who should take this line, see ``cchc.handover._propose``.

        :param load: ``{user: open dossiers}`` of those who are present
        :param given: ``{user: lines given here}``
        :param near: colleagues of the same department
        """
        self.ensure_one()
        handover = self.handover_id
        if self.review_id:
            return self._signer_proposal()
        named = self.step_id.sudo().process_step_id.user_ids
        for pool in (
            [user for user in named if user in load],
            list(handover.substitute_id) if handover.kind == "absence" else [],
            [user for user in near if user in load],
            list(load),
        ):
            if pool:
                return min(
                    pool, key=lambda user: (load.get(user, 0) + given[user], user.id)
                )
        return self.env["res.users"]

    def _signer_proposal(self):
        handover = self.handover_id
        if handover.kind == "absence":
            return handover.sign_substitute_id
        takers = self.review_id.sudo().with_env(self.env)._cchc_takers()
        return (takers - handover.user_id)[:1].with_env(self.env)

    def _give_for_good(self):
        """Give the steps and approvals to their new owners."""
        now = fields.Datetime.now()
        for line in self:
            taker = line.taker_id
            department = taker.sudo().employee_id.department_id
            if line.review_id:
                line._forward_for_good()
            else:
                unlocked(line.step_id.sudo()).write({"user_id": taker.id})
            if line.step_id and line.step_id.sudo().state == "current":
                unlocked(line.dossier_id.sudo()).write(
                    {
                        "user_id": taker.id,
                        "department_id": (
                            department or line.step_id.sudo().department_id
                        ).id,
                    }
                )
            line.write({"done_at": now})

    def _forward_for_good(self):
        review = self.review_id.sudo()
        unlocked(review).write(
            {"forwarded_to_id": self.taker_id.id, "forwarded_by_id": self.env.uid}
        )
        record = self.env[review.model].sudo().browse(review.res_id)
        record._cchc_log_approval(
            review,
            "forwarded",
            self.env.user,
            self.env["res.users"],
            self.handover_id.reason or self.env._("Handed over for good"),
        )

    # ------------------------------------------------------------------
    # Who has what today
    # ------------------------------------------------------------------
    @api.model
    def _in_force_at(self, at, domain):
        """Return the lines (sudo) that hold at the UTC moment ``at``; one query."""
        day = at.date()
        lines = self.sudo().search(
            [
                ("in_force", "=", True),
                ("step_id", "!=", False),
                ("date_from", "<=", day + timedelta(days=1)),
                ("date_to", ">=", day - timedelta(days=1)),
                *domain,
            ]
        )
        days = {company: company._cchc_local_date(at) for company in lines.company_id}
        return lines.filtered(
            lambda line: line.date_from <= days[line.company_id] <= line.date_to
        )

    @api.model
    def _moved_for(self, users, at):
        """Return ids of dossiers given away by ``users`` and those taken by them.

        :return: ``(given away to somebody else, taken)`` as two sets
        """
        lines = self._in_force_at(
            at,
            ["|", ("taker_id", "in", users.ids), ("user_id", "in", users.ids)],
        )
        taken = {
            line.dossier_id.id
            for line in lines
            if line.taker_id in users and line._is_pending()
        }
        given = {line.dossier_id.id for line in lines if line._is_pending()} - taken
        return given, taken

    @api.model
    def _takers_of(self, dossiers, at):
        """Return ``{dossier id: (absent person, taker)}`` of what is handed over."""
        result = {}
        if dossiers:
            lines = self._in_force_at(at, [("dossier_id", "in", dossiers.ids)])
            for line in lines.filtered(lambda line: line._is_pending()):
                result[line.dossier_id.id] = (line.user_id, line.taker_id)
        return result

    @api.model
    def _given_by(self, users, at):
        """Return ``{taker: dossier ids}`` of what these absent people handed over."""
        result = defaultdict(set)
        if not users:
            return result
        lines = self._in_force_at(at, [("user_id", "in", users.ids)])
        for line in lines.filtered(lambda line: line._is_pending()):
            result[line.taker_id].add(line.dossier_id.id)
        return result

    def action_open_dossier(self):
        """Open the dossier of the line."""
        self.ensure_one()
        return self.dossier_id.action_open_dossier()
