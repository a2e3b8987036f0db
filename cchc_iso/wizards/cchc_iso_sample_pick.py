from odoo import Command, api, fields, models

#: Most dossiers that the list of candidates shows at once.
SHOWN = 80


class CchcIsoSamplePick(models.TransientModel):
    """Choice of dossiers by the judgement of the auditor.

    The candidates show what is needed to choose: code, procedure, dates, timeliness;
    nothing of the applicant.
    """

    _name = "cchc.iso.sample.pick"
    _description = "Choose Dossiers of a Sample"

    sample_id = fields.Many2one("cchc.iso.sample", required=True, readonly=True)
    code = fields.Char("Code Contains")
    only_late = fields.Boolean("Late Only")
    population_count = fields.Integer(related="sample_id.population_count")
    line_ids = fields.One2many("cchc.iso.sample.pick.line", "pick_id", "Candidates")

    @api.onchange("code", "only_late", "sample_id")
    def _onchange_search(self):
        if not self.sample_id:
            return
        self.line_ids = [
            Command.clear(),
            *(Command.create(vals) for vals in self._candidates()),
        ]

    def _candidates(self):
        """Return values of the candidates that fit, newest first."""
        sample = self.sample_id._origin or self.sample_id
        sample.check_access("read")
        self.env.flush_all()
        population = sample._population()
        ids = population.page(self.env.cr, SHOWN, self.code or "", self.only_late)
        taken = set(sample.sudo().line_ids.dossier_id.ids)
        return [
            {
                "dossier": dossier.id,
                "code": dossier.name,
                "procedure": dossier.procedure_id.display_name,
                "accepted_at": dossier.accepted_at,
                "due_at": dossier.due_at,
                "ended_at": dossier.ended_at,
                "timeliness": dossier.timeliness,
            }
            for dossier in self.env["cchc.dossier"].sudo().browse(ids)
            if dossier.id not in taken
        ]

    def action_search(self):
        """Show the candidates that fit what was typed; the chosen ones stay."""
        self.ensure_one()
        kept = self.line_ids.filtered(lambda line: line.chosen or line.reason)
        (self.line_ids - kept).unlink()
        known = set(kept.mapped("dossier"))
        self.line_ids = [
            Command.create(vals)
            for vals in self._candidates()
            if vals["dossier"] not in known
        ]
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose Dossiers"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "res_id": self.id,
        }

    def action_apply(self):
        """Take the chosen dossiers into the sample."""
        self.ensure_one()
        chosen = self.line_ids.filtered("chosen")
        self.sample_id._pick({line.dossier: line.reason for line in chosen})
        return {"type": "ir.actions.act_window_close"}


class CchcIsoSamplePickLine(models.TransientModel):
    _name = "cchc.iso.sample.pick.line"
    _description = "Candidate of a Sample"
    _order = "chosen desc, id"

    pick_id = fields.Many2one("cchc.iso.sample.pick", required=True, ondelete="cascade")
    chosen = fields.Boolean()
    reason = fields.Char()
    dossier = fields.Integer(required=True)
    code = fields.Char("Dossier Code")
    procedure = fields.Char()
    accepted_at = fields.Datetime("Received")
    due_at = fields.Datetime("Appointment")
    ended_at = fields.Datetime("Ended")
    timeliness = fields.Selection(
        [("early", "Early"), ("on_time", "On Time"), ("late", "Late")]
    )

    @api.onchange("reason")
    def _onchange_reason(self):
        self.chosen = self.chosen or bool(self.reason)
