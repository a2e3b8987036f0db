from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CchcReformInspectionVisit(models.Model):
    """One unit visited once (lượt kiểm tra): what inspections are counted by."""

    _name = "cchc.reform.inspection.visit"
    _description = "Visit of an Inspection"
    _inherit = ["cchc.reform.entry.mixin"]
    _order = "day desc, planned_on, id"
    _rec_name = "unit"
    _check_company_auto = True

    inspection_id = fields.Many2one(
        "cchc.reform.inspection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id",
        store=True,
        precompute=True,
        default=None,
    )
    form = fields.Selection(related="inspection_id.form", store=True)
    inspector_type = fields.Selection(
        related="inspection_id.inspector_type", store=True
    )
    state = fields.Selection(
        related="inspection_id.state", string="State of the Inspection"
    )
    department_id = fields.Many2one(
        "hr.department", check_company=True, ondelete="restrict", index=True
    )
    agency_id = fields.Many2one(
        "res.company", "Agency Visited", ondelete="restrict", index="btree_not_null"
    )
    unit_name = fields.Char("Other Unit", help="A unit that has no place here")
    unit = fields.Char("Unit Visited", compute="_compute_unit", store=True)
    planned_on = fields.Date()
    day = fields.Date("Visited on", index=True, help="A visit counts from this day on")
    minutes_number = fields.Char("Minutes No.")
    strengths = fields.Text()
    weaknesses = fields.Text()
    finding_ids = fields.One2many(
        "cchc.reform.inspection.finding", "visit_id", "Findings"
    )
    finding_count = fields.Integer("Number of Findings", compute="_compute_finding")
    violator_count = fields.Integer("Officials in Breach", compute="_compute_finding")

    @api.depends("department_id.name", "agency_id.name", "unit_name")
    def _compute_unit(self):
        for visit in self:
            visit.unit = (
                visit.department_id.name
                or visit.agency_id.sudo().name
                or visit.unit_name
                or False
            )

    @api.depends("finding_ids.violator_count")
    def _compute_finding(self):
        for visit in self:
            visit.finding_count = len(visit.finding_ids)
            visit.violator_count = sum(visit.finding_ids.mapped("violator_count"))

    @api.depends("unit", "day")
    def _compute_display_name(self):
        for visit in self:
            day = visit.day and visit.day.strftime("%d/%m/%Y")
            visit.display_name = " - ".join(filter(None, [visit.unit, day]))

    @api.constrains("department_id", "agency_id", "unit_name")
    def _check_unit(self):
        for visit in self:
            named = [visit.department_id, visit.agency_id, visit.unit_name]
            if len(list(filter(None, named))) != 1:
                raise ValidationError(
                    self.env._(
                        "A visit is of one unit: name a department, an agency or "
                        "another unit, one of the three."
                    )
                )

    @api.constrains("day")
    def _check_day(self):
        today = fields.Date.context_today(self)
        for visit in self.filtered("day"):
            if visit.day > today:
                raise ValidationError(
                    self.env._(
                        "%(unit)s cannot have been visited on %(day)s, which lies in "
                        "the future; enter it as planned.",
                        unit=visit.unit or "",
                        day=visit.day.strftime("%d/%m/%Y"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        visits = super().create(vals_list)
        visits._check_inspection_open()
        return visits

    def write(self, vals):
        if any(not name.startswith(("message_", "activity_")) for name in vals):
            self._check_inspection_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_concluded(self):
        self._check_inspection_open()

    def _check_inspection_open(self):
        for inspection in self.inspection_id:
            if inspection.state in ("closed", "cancelled"):
                raise UserError(
                    self.env._(
                        "“%s” is closed or cancelled; reopen it to change its visits.",
                        inspection.name,
                    )
                )
