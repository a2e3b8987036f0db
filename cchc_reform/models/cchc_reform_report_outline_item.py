from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cchc_reform_metric import UNITS


class CchcReformReportOutlineItem(models.Model):
    """Figure that a section tells: measured by the system, or typed with its source."""

    _name = "cchc.reform.report.outline.item"
    _description = "Figure of an Outline"
    _order = "section_id, sequence, id"

    section_id = fields.Many2one(
        "cchc.reform.report.outline.section",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    metric_id = fields.Many2one(
        "cchc.reform.metric",
        "Measured",
        ondelete="cascade",
        help="Empty: a person types the figure and says where it comes from",
    )
    key = fields.Char(
        compute="_compute_from_metric",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="How sentences name the figure, e.g. task_done",
    )
    name = fields.Char(
        "Label",
        compute="_compute_from_metric",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="As printed",
    )
    unit = fields.Selection(
        UNITS,
        "Kind",
        compute="_compute_from_metric",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    unit_label = fields.Char(
        "Measured in",
        compute="_compute_from_metric",
        store=True,
        readonly=False,
        precompute=True,
        help="As printed, e.g. hồ sơ",
    )
    in_agencies = fields.Boolean(
        "By Agency",
        help="A column of the table of agencies below, in the report of their superior",
    )

    @api.depends("metric_id")
    def _compute_from_metric(self):
        for item in self:
            metric = item.metric_id.with_context(lang="vi_VN")
            item.key = metric.key or item.key
            item.name = item.name or metric.name
            item.unit = metric.unit or item.unit or "count"
            item.unit_label = item.unit_label or metric.unit_label

    @api.onchange("metric_id")
    def _onchange_metric_id(self):
        """Tell the figure that is chosen now by its own name, not by the former one."""
        if self.metric_id:
            metric = self.metric_id.with_context(lang="vi_VN")
            self.name, self.unit_label = metric.name, metric.unit_label

    @api.constrains("key", "section_id")
    def _check_key(self):
        for outline in self.section_id.outline_id:
            keys = outline.section_ids.item_ids.mapped("key")
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                raise ValidationError(
                    self.env._(
                        "“%(outline)s” tells %(keys)s twice; a figure stands in one "
                        "section.",
                        outline=outline.name,
                        keys=", ".join(twice),
                    )
                )
            if wrong := [key for key in keys if not key.isidentifier()]:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be named in a sentence: use letters, digits and "
                        "the underscore.",
                        wrong[0],
                    )
                )
