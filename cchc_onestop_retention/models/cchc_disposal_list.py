from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, formatLang

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: Dossiers whose files are destroyed between two commits.
_BATCH = 20


class CchcDisposalList(models.Model):
    """List of dossiers without further value (danh mục tài liệu hết giá trị).

    Drawn from the dossiers whose term is over, looked through by a council that keeps
    back what it wants with a reason, approved by a leader, and then carried out with
    the number of the decision. Nothing is destroyed in any other way.
    """

    _name = "cchc.disposal.list"
    _description = "Disposal List"
    _inherit = ["cchc.approved.mixin"]
    _order = "date desc, id desc"
    _cchc_free = frozenset({"decision_number", "decision_date", "minutes_on"})

    name = fields.Char(string="Title", required=True)
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("running", "Being Carried out"),
            ("done", "Carried out"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    minutes_on = fields.Date(string="Minutes of")
    decision_number = fields.Char(
        string="Decision on Disposal", copy=False, tracking=True
    )
    decision_date = fields.Date(string="Decided on", copy=False, tracking=True)
    member_ids = fields.One2many("cchc.disposal.member", "list_id", "Council")
    line_ids = fields.One2many("cchc.disposal.line", "list_id", "Dossiers")
    line_count = fields.Integer(compute="_compute_counts")
    keep_count = fields.Integer(string="Kept Back", compute="_compute_counts")
    destroyed_count = fields.Integer(string="Destroyed", compute="_compute_counts")
    skipped_count = fields.Integer(string="Not Destroyed", compute="_compute_counts")
    file_count = fields.Integer(string="Files Destroyed", compute="_compute_counts")
    size_text = fields.Char(string="Size of the Files", compute="_compute_counts")
    finished_at = fields.Datetime(compute="_compute_counts")
    job_id = fields.Many2one("cchc.job", readonly=True, copy=False)
    job_user_id = fields.Many2one(related="job_id.user_id", string="Begun by")
    job_state = fields.Selection(related="job_id.state", string="State of the Work")
    job_done = fields.Integer(related="job_id.done")
    job_total = fields.Integer(related="job_id.total")
    job_message = fields.Char(related="job_id.message", string="Why It Failed")
    is_stopped = fields.Boolean(compute="_compute_is_stopped")
    left_count = fields.Integer(string="Dossiers Left", compute="_compute_counts")
    carried_out_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    carried_out_at = fields.Datetime(readonly=True, copy=False)

    def _compute_counts(self):
        counts = {}
        if self.ids:
            self.env["cchc.disposal.line"].flush_model()
            rows = self.env.execute_query(
                SQL(
                    "SELECT list_id, count(*), count(*) FILTER (WHERE keep), "
                    "count(*) FILTER (WHERE outcome = 'destroyed'), "
                    "count(*) FILTER (WHERE outcome = 'skipped'), "
                    "count(*) FILTER (WHERE NOT coalesce(keep, false) "
                    "AND outcome IS NULL), "
                    "coalesce(sum(file_count), 0), "
                    "coalesce(sum(file_size), 0)::bigint, max(done_at) "
                    "FROM cchc_disposal_line WHERE list_id = ANY(%s) GROUP BY 1",
                    self.ids,
                )
            )
            counts = {row[0]: row[1:] for row in rows}
        for record in self:
            (
                record.line_count,
                record.keep_count,
                record.destroyed_count,
                record.skipped_count,
                record.left_count,
                record.file_count,
                size,
                record.finished_at,
            ) = counts.get(record._origin.id, (0, 0, 0, 0, 0, 0, 0, False))
            unit, power = ("MB", 20) if size >= 1 << 20 else ("KB", 10)
            amount = formatLang(self.env, size / (1 << power), digits=1)
            record.size_text = f"{amount} {unit}"

    @api.depends("state", "job_state")
    def _compute_is_stopped(self):
        for record in self:
            record.is_stopped = record.state == "running" and record.job_state not in (
                "queued",
                "running",
            )

    # ------------------------------------------------------------------
    # Drafting
    # ------------------------------------------------------------------
    def action_draw(self):
        """Add the dossiers of the agency whose term is over to this draft."""
        self.ensure_one()
        self.check_access("write")
        self._cchc_check_open()
        dossiers = self.env["cchc.dossier"]
        dossiers._retention_refresh()
        # what another list proposes is decided there
        elsewhere = self.env["cchc.disposal.line"].search(
            [
                ("list_id", "!=", self.id),
                ("list_id.state", "in", ["draft", "approved"]),
                ("keep", "=", False),
            ]
        )
        known = (self.line_ids | elsewhere).dossier_id
        found = dossiers.search(
            [
                *dossiers._retention_past(self.company_id),
                ("id", "not in", known.ids),
            ],
            order="ended_at, id",
        )
        audited = found._retention_audits()
        found = found.filtered(lambda dossier: dossier.id not in audited)
        self.env["cchc.disposal.line"].create(
            [
                {
                    "list_id": self.id,
                    "dossier_id": dossier.id,
                    "retention_until": dossier.retention_until,
                    "rule_text": dossier.sudo().retention_rule_id.name,
                }
                for dossier in found
            ]
        )
        return True

    def _cchc_check_submission(self):
        self.ensure_one()
        if not self.line_ids.filtered(lambda line: not line.keep):
            raise UserError(
                self.env._("The list names no dossier to be destroyed: draw it first.")
            )
        if not self.member_ids.filtered(lambda member: member.role == "chair"):
            raise UserError(self.env._("Name the council and who chairs it."))
        self._check_obstacles()

    def _check_obstacles(self):
        lines = self.line_ids.filtered(lambda line: not line.keep)
        obstacles = lines.dossier_id._retention_obstacles()
        for line in lines:
            if line.dossier_id in obstacles:
                raise UserError(
                    self.env._(
                        "%(code)s cannot be destroyed: %(reason)s. Keep it back with a "
                        "reason.",
                        code=line.dossier_id.display_name,
                        reason=obstacles[line.dossier_id],
                    )
                )

    def _cchc_check_amend(self):
        if self.state != "approved":
            raise UserError(
                self.env._("%s has been carried out and stays as it is.", self.name)
            )

    def write(self, vals):
        late = self._cchc_free & set(vals)
        if late and any(record.state in ("running", "done") for record in self):
            self._check_key()
        return super().write(vals)

    def _check_key(self):
        if not is_unlocked(self.env):
            raise UserError(self.env._("A list that is carried out stays as it is."))

    # ------------------------------------------------------------------
    # Carrying out
    # ------------------------------------------------------------------
    def action_carry_out(self):
        """Destroy the files of this approved list, in the background."""
        self.ensure_one()
        self._check_may_carry_out()
        if self.state != "approved":
            raise UserError(
                self.env._("Only a list that a leader has approved is carried out.")
            )
        if not (self.decision_number or "").strip() or not self.decision_date:
            raise UserError(
                self.env._("Enter number and date of the decision on disposal.")
            )
        if self.decision_date > self.company_id._cchc_local_date(fields.Datetime.now()):
            raise UserError(
                self.env._(
                    "The date of the decision lies in the future: nothing is destroyed "
                    "before it is signed."
                )
            )
        self._begin(
            state="running",
            carried_out_by_id=self.env.uid,
            carried_out_at=fields.Datetime.now(),
        )
        self.sudo().line_ids._take()
        return True

    def action_go_on(self):
        """Go on with a list whose work was cancelled or failed."""
        self.ensure_one()
        self._check_may_carry_out()
        if not self.is_stopped:
            raise UserError(
                self.env._("%s is not waiting to be carried on.", self.name)
            )
        self._begin()
        return True

    def action_open_job(self):
        """Open the page of the work in the background."""
        self.ensure_one()
        return self.job_id.action_open()

    def _begin(self, **values):
        """Have the files destroyed in the background."""
        job = (
            self.env["cchc.job"]
            .with_company(self.company_id)
            ._enqueue_batches(self.name, self._name, "destroy", {"list": self.id})
        )
        unlocked(self.sudo()).write({**values, "job_id": job.id})

    def _check_may_carry_out(self):
        self.check_access("write")
        if not self.env.user.has_group("cchc_onestop_retention.group_archive"):
            raise AccessError(
                self.env._("Only an archivist carries out a disposal list.")
            )

    @api.model
    def _batch_destroy(self, params, step):
        """Destroy the files of the next dossiers of a list (``cchc.job``).

        Right, approval and every obstacle are looked at again: between approval and
        this moment an inspection may have begun.

        :return: whether any is left
        """
        disposal = self.browse(params["list"])
        disposal._check_may_carry_out()
        if disposal.state != "running" or not disposal.approved_by_id:
            raise UserError(
                self.env._("Only a list that a leader has approved is carried out.")
            )
        waiting = disposal.sudo().line_ids.filtered(
            lambda line: not line.keep and not line.outcome
        )
        lines = waiting[:_BATCH]
        obstacles = lines.dossier_id._retention_obstacles()
        for line in lines:
            line._carry_out(obstacles.get(line.dossier_id))
        left = len(waiting) - len(lines)
        done = disposal.line_count - disposal.keep_count - left
        step(done, disposal.line_count - disposal.keep_count)
        if not left:
            unlocked(disposal.sudo()).write({"state": "done"})
            # The bytes leave the disk with Odoo's own cleaning, which keeps what
            # another attachment with the same content still needs.
            self.env.ref("base.autovacuum_job").sudo()._trigger()
        return bool(left)

    @api.model
    def _outcome_destroy(self, params):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": params["list"],
            "views": [(False, "form")],
        }
