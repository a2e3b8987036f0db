from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcRetentionHold(models.Model):
    """Why a dossier must not be destroyed for now: inspection, audit, complaint, court.

    A hold is set with its reason and lifted with another one; it is never rewritten.
    """

    _name = "cchc.retention.hold"
    _description = "Hold on a Dossier"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_kept = True
    _order = "id desc"
    _rec_name = "reason"

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    kind = fields.Selection(
        [
            ("inspection", "Inspection"),
            ("audit", "Audit"),
            ("complaint", "Complaint or denunciation"),
            ("court", "Court case or investigation"),
            ("other", "Other"),
        ],
        required=True,
        default="inspection",
    )
    reason = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Set by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_from = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(string="Lifted", readonly=True)
    lifted_by_id = fields.Many2one("res.users", readonly=True)
    lift_reason = fields.Char(string="Why It Is Lifted")

    _open_idx = models.Index("(dossier_id) WHERE date_to IS NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """A person sets a hold by saving it; who and when are not his to choose."""
        holds = unlocked(self)
        clean = [
            {
                name: vals[name]
                for name in ("dossier_id", "kind", "reason")
                if name in vals
            }
            for vals in vals_list
        ]
        self.check_access("create")
        made = super(CchcRetentionHold, holds).create(clean).with_env(self.env)
        made.dossier_id.check_access("read")
        return made

    def write(self, vals):
        if set(vals) == {"lift_reason"} and not any(self.mapped("date_to")):
            return super(CchcRetentionHold, unlocked(self)).write(vals)
        return super().write(vals)

    def action_lift(self):
        """Lift these holds; the reason was written before."""
        self.check_access("write")
        for hold in self:
            if hold.date_to:
                raise UserError(self.env._("This hold has been lifted already."))
            if not (hold.lift_reason or "").strip():
                raise UserError(self.env._("Write why the hold is lifted."))
        unlocked(self.sudo()).write(
            {"date_to": fields.Datetime.now(), "lifted_by_id": self.env.uid}
        )
        return True
