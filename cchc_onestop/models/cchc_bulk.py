from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.guard import is_unlocked, unlocked

#: Up to this many dossiers are moved while the person waits.
AT_ONCE = 40
#: Dossiers that a job moves before it commits.
BATCH = 20
#: Days after which the outcome of a bulk move is dropped; the ledger keeps the moves.
KEPT_DAYS = 30
_TYPED = frozenset({"taker_id", "content"})


class CchcBulk(models.Model):
    """One move of many dossiers, with what became of each.

    Before anything moves each line says whether its dossier can be moved, and why
    not. Each dossier moves in its own savepoint, so that one that fails takes nothing
    with it; what failed can be opened, mended and tried again.
    """

    _name = "cchc.bulk"
    _description = "Move of Many Dossiers"
    _order = "id desc"

    move = fields.Selection(selection="_selection_move", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, default=lambda self: self.env.company
    )
    taker_id = fields.Many2one(
        "res.users",
        string="Hand to",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    content = fields.Text(string="Details")
    state = fields.Selection(
        [("draft", "Checked"), ("running", "Running"), ("done", "Carried Out")],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("cchc.bulk.line", "bulk_id", readonly=True)
    job_id = fields.Many2one("cchc.job", readonly=True, ondelete="set null")
    total_count = fields.Integer(compute="_compute_counts")
    possible_count = fields.Integer(compute="_compute_counts")
    impossible_count = fields.Integer(compute="_compute_counts")
    done_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    report = fields.Text(
        compute="_compute_report", help="What was not done, to copy into a message"
    )

    @api.model
    def _selection_move(self):
        labels = {
            "accept": self.env._("Accept"),
            "assign": self.env._("Assign"),
            "pass_step": self.env._("Pass on"),
            "sign": self.env._("Sign"),
            "return_result": self.env._("Return Result"),
        }
        return [(key, labels[key]) for key in self.env["cchc.dossier"]._bulk_moves()]

    @api.depends("move", "line_ids")
    def _compute_display_name(self):
        moves = dict(self._fields["move"]._description_selection(self.env))
        for bulk in self:
            bulk.display_name = self.env._(
                "%(move)s: %(count)s dossiers",
                move=moves.get(bulk.move, ""),
                count=len(bulk.line_ids),
            )

    @api.depends("line_ids.status")
    def _compute_counts(self):
        for bulk in self:
            statuses = bulk.line_ids.mapped("status")
            bulk.total_count = len(statuses)
            for name in ("possible", "impossible", "done", "failed"):
                bulk[f"{name}_count"] = statuses.count(name)

    @api.depends("line_ids.message")
    def _compute_report(self):
        for bulk in self:
            bulk.report = "\n".join(
                "\t".join((line.dossier_id.display_name, line.message or ""))
                for line in bulk.line_ids
                if line.status in ("impossible", "failed")
            )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("Choose dossiers in a list and press the button there.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env) and (
            vals.keys() - _TYPED or any(bulk.state != "draft" for bulk in self)
        ):
            raise UserError(self.env._("What was carried out stays as it was."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------
    @api.model
    def _prepare(self, move, dossiers, **values):
        """Return the bulk move of these dossiers with what is possible for each."""
        bulk = unlocked(self).create(
            {
                "move": move,
                "company_id": (dossiers.company_id[:1] or self.env.company).id,
                "line_ids": [
                    Command.create({"dossier_id": dossier.id})
                    for dossier in dossiers.sorted(
                        lambda d: (d.due_at or fields.Datetime.now(), d.id)
                    )
                ],
                **values,
            }
        )
        bulk = bulk.with_env(self.env)
        bulk.line_ids._check_lines()
        return bulk

    def _open(self):
        """Return the action that shows this bulk move in a dialog."""
        self.ensure_one()
        moves = dict(self._fields["move"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": moves[self.move],
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("cchc_onestop.cchc_bulk_view_form").id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------
    # Carrying out
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Move the dossiers for which it is possible; many of them in the background.

        A second request, after a double click or a lost answer, moves nothing again.
        """
        self.ensure_one()
        self.check_access("write")
        self.env.cr.execute(
            "SELECT state FROM cchc_bulk WHERE id = %s FOR NO KEY UPDATE", (self.id,)
        )
        if self.state == "running" and self.job_id:
            return self.job_id.action_open()
        if self.state != "draft":
            return self._open()
        if self.move == "assign" and not self.taker_id:
            raise UserError(self.env._("Choose the person who takes the dossiers."))
        if not self.possible_count:
            raise UserError(
                self.env._("None of these dossiers can be moved: see the reasons.")
            )
        if self.possible_count > AT_ONCE:
            return self._carry_out_later()
        self._carry_out(self._left())
        unlocked(self).state = "done"
        return self._open()

    def _left(self):
        """Return the lines that are still to be moved."""
        return self.line_ids.filtered(lambda line: line.status == "possible")

    def _carry_out(self, lines):
        for line in lines:
            line._carry_out()

    def _carry_out_later(self):
        job = self.env["cchc.job"]._enqueue_batches(
            self.display_name, self._name, "carry", {"bulk_id": self.id}
        )
        unlocked(self).write({"state": "running", "job_id": job.id})
        return job.action_open()

    @api.model
    def _batch_carry(self, params, step):
        """Work of a background job: move some of the dossiers that are left."""
        bulk = self.browse(params["bulk_id"]).exists()
        companies = bulk.line_ids.sudo().dossier_id.company_id
        bulk = bulk.with_context(
            allowed_company_ids=(
                (self.env.company | companies) & self.env.user.company_ids
            ).ids
        )
        left = bulk._left()
        total = bulk.total_count - bulk.impossible_count
        step(total - len(left), total)
        bulk._carry_out(left[:BATCH])
        if len(left) > BATCH:
            return True
        unlocked(bulk).state = "done"
        step(total, total)
        return False

    @api.model
    def _outcome_carry(self, params):
        """Return the action that shows what became of each dossier."""
        return self.browse(params["bulk_id"])._open()

    # ------------------------------------------------------------------
    # What went wrong
    # ------------------------------------------------------------------
    def _failing(self):
        return self.line_ids.filtered(
            lambda line: line.status in ("impossible", "failed")
        )

    def action_open_lines(self):
        """Open the lines as a list, to filter and to export."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_bulk_line_action"
        )
        action["domain"] = [("bulk_id", "=", self.id)]
        return action

    def action_open_failing(self):
        """Open the dossiers that were not moved, to mend them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action"
        )
        action["name"] = self.env._("Not Done: %s", self.display_name)
        action["domain"] = [("id", "in", self._failing().dossier_id.ids)]
        action["context"] = {}
        action["path"] = False
        return action

    def action_try_again(self):
        """Check the dossiers that were not moved once more, in a new bulk move."""
        self.ensure_one()
        failing = self._failing()
        if not failing:
            raise UserError(self.env._("Nothing is left to try again."))
        return self._prepare(
            self.move,
            failing.dossier_id,
            taker_id=self.taker_id.id,
            content=self.content,
        )._open()

    def action_print_receipts(self):
        """Print the receipts of the dossiers that were accepted."""
        self.ensure_one()
        done = self.line_ids.filtered(lambda line: line.status == "done").dossier_id
        return done.action_print_receipt()

    @api.autovacuum
    def _gc_old(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEPT_DAYS)
        self.sudo().search([("create_date", "<", limit)], limit=1000).unlink()
