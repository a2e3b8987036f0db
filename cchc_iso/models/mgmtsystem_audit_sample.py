from odoo import fields, models


class MgmtsystemAudit(models.Model):
    _inherit = "mgmtsystem.audit"

    sample_ids = fields.One2many("cchc.iso.sample", "audit_id", "Samples", copy=False)
    look_count = fields.Integer("Looks", compute="_compute_look_count")

    def _compute_look_count(self):
        counts = dict(
            self.env["cchc.iso.look"]
            .sudo()
            ._read_group([("audit_id", "in", self.ids)], ["audit_id"], ["__count"])
        )
        for audit in self:
            audit.look_count = counts.get(audit.sudo(), 0)

    def action_open_samples(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Samples"),
            "res_model": "cchc.iso.sample",
            "view_mode": "list,form",
            "domain": [("audit_id", "=", self.id)],
            "context": {"default_audit_id": self.id},
        }

    def action_open_looks(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Looks of Auditors"),
            "res_model": "cchc.iso.look",
            "view_mode": "list",
            "domain": [("audit_id", "=", self.id)],
        }

    def _cchc_may_sample(self, user):
        """Return whether ``user`` draws samples of this audit now.

        Its team and the ISO secretary, from the approval of the plan to the report.
        """
        self.ensure_one()
        if self.locked or self.plan_state not in ("approved", "in_progress"):
            return False
        return (
            user in self.auditor_user_ids
            or user._is_superuser()
            or user.has_group("cchc_iso.group_officer")
        )
