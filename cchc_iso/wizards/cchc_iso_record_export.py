from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CchcIsoRecordExport(models.TransientModel):
    """Asks for a package of the process records of a period."""

    _name = "cchc.iso.record.export"
    _description = "Export Process Records"

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "Ended from",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1),
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: fields.Date.context_today(self)
    )
    procedure_ids = fields.Many2many("cchc.procedure", string="Procedures")
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        domain="[('company_id', '=', company_id)]",
    )
    with_pdf = fields.Boolean(
        "With a PDF of Each Record", help="At most 500 records; it takes longer"
    )
    record_count = fields.Integer("Records", compute="_compute_record_count")

    @api.depends(
        "company_id", "date_from", "date_to", "procedure_ids", "department_ids"
    )
    def _compute_record_count(self):
        records = self.env["cchc.iso.record"]
        for wizard in self:
            wizard.record_count = (
                records.search_count(records._package_domain(wizard._params()))
                if wizard.date_from and wizard.date_to and wizard.company_id
                else 0
            )

    def _params(self):
        return {
            "company_id": self.company_id.id,
            "date_from": fields.Date.to_string(self.date_from),
            "date_to": fields.Date.to_string(self.date_to),
            "procedure_ids": self.procedure_ids.ids,
            "department_ids": self.department_ids.ids,
            "with_pdf": self.with_pdf,
        }

    def action_export(self):
        """Have the package made in the background and show how far it is."""
        self.ensure_one()
        self.env["cchc.iso.record"].check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("Choose an agency whose process records you may read.")
            )
        if self.date_from > self.date_to:
            raise UserError(
                self.env._("The period ends before it begins: change the dates.")
            )
        if not self.record_count:
            raise UserError(
                self.env._("No process record ended in this period: choose another.")
            )
        job = self.env["cchc.job"]._enqueue(
            self.env._("Process records %s", self.company_id.name),
            "cchc.iso.record",
            "package",
            self._params(),
        )
        return job.action_open()
