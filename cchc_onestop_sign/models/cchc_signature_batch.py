from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import unlocked

#: More than so many are signed in the background.
_INLINE = 10
_SENTENCES = (AccessError, UserError, ValidationError)


class CchcSignatureBatch(models.Model):
    """Many dossiers signed or sealed at once: each by itself, failures named.

    What was signed stays signed when the next one fails.
    """

    _name = "cchc.signature.batch"
    _description = "Signing of Many Dossiers"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [("sign", "Sign"), ("seal", "Affix seal")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Agency", required=True, readonly=True
    )
    line_ids = fields.One2many("cchc.signature.batch.line", "batch_id", readonly=True)
    total = fields.Integer(compute="_compute_counts")
    done = fields.Integer(compute="_compute_counts")
    failed = fields.Integer(compute="_compute_counts")
    waiting = fields.Integer(compute="_compute_counts")

    @api.depends("kind", "create_date")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for batch in self:
            batch.name = f"{kinds[batch.kind]} {batch.id}"

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for batch in self:
            states = batch.line_ids.mapped("state")
            batch.total = len(states)
            batch.done = states.count("done")
            batch.failed = states.count("failed")
            batch.waiting = states.count("waiting")

    @api.model
    def _start(self, kind, dossiers):
        """Sign or seal the results of these dossiers; return the action that shows
        how each one went."""
        batch = (
            unlocked(self.sudo())
            .create(
                {
                    "kind": kind,
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "line_ids": [
                        fields.Command.create({"dossier_id": dossier.id})
                        for dossier in dossiers
                    ],
                }
            )
            .with_env(self.env)
        )
        if len(dossiers) > _INLINE:
            job = self.env["cchc.job"]._enqueue_batches(
                batch.name, self._name, "run", {"batch": batch.id}
            )
            return job.action_open()
        batch._run(len(dossiers))
        return batch.action_open()

    @api.model
    def _batch_run(self, params, step):
        """Do five lines of a batch (``cchc.job``); return whether any is left."""
        batch = self.browse(params["batch"])
        batch._run(5)
        step(batch.total - batch.waiting, batch.total)
        return bool(batch.waiting)

    @api.model
    def _outcome_run(self, params):
        return self.browse(params["batch"]).action_open()

    def _run(self, count):
        """Do the next ``count`` lines with the rights of the current person."""
        self.ensure_one()
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting")
        for line in waiting[:count]:
            dossier = line.dossier_id.with_env(self.env)
            try:
                with self.env.cr.savepoint():
                    if self.kind == "sign":
                        dossier._sign_result()
                    else:
                        dossier._seal_result()
            except _SENTENCES as error:
                self.env.invalidate_all()
                vals = {"state": "failed", "message": str(error.args[0])}
            else:
                vals = {"state": "done", "message": False}
            unlocked(line.sudo()).write(vals)

    def action_open(self):
        """Show how each dossier went."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_try_again(self):
        """Try again those that failed."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %s goes on with this.", self.user_id.name)
            )
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        return self._start(self.kind, failed.dossier_id)
