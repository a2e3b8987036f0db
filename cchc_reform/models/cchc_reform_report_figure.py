from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools.figure import Figure, vietnamese
from ..tools.report_text import Value
from .cchc_reform_metric import UNITS

#: What a person writes of a measured figure, and of one that nothing measures.
_OVERRIDE = frozenset({"is_overridden", "override_value", "override_reason"})
_TYPED = frozenset({"name", "unit", "unit_label", "numerator", "denominator", "source"})
_PLACE = frozenset({"sequence", "section_id"})
#: Columns of a figure of an earlier period.
_EARLIER = ("previous", "last_year")
#: What tells whether the values of a group can be added up.
_ADDABLE = (
    "name:count_distinct",
    "period_name:count_distinct",
    "is_share:bool_or",
    "__count",
)


class CchcReformReportFigure(models.Model):
    """Figure of a report: measured or typed, with its source and its time.

    A measured figure keeps numerator and denominator. Who overrides it gives the
    reason; both values stay. Shares are in percent.
    """

    _name = "cchc.reform.report.figure"
    _description = "Figure of a Report"
    _inherit = "cchc.reform.report.part"
    _order = "report_id, sequence, id"

    section_id = fields.Many2one(
        "cchc.reform.report.section", ondelete="cascade", index=True
    )
    key = fields.Char(required=True, readonly=True, default="typed")
    name = fields.Char("Figure", required=True)
    metric_id = fields.Many2one(
        "cchc.reform.metric", "Measured Figure", readonly=True, ondelete="restrict"
    )
    is_share = fields.Boolean(compute="_compute_is_share", store=True)
    is_typed = fields.Boolean("Typed by Hand", compute="_compute_is_typed", store=True)
    unit = fields.Selection(UNITS, "Kind", required=True, default="count")
    unit_label = fields.Char("Measured in")
    in_agencies = fields.Boolean(readonly=True)
    numerator = fields.Float(digits=(16, 4), aggregator=None)
    denominator = fields.Float(digits=(16, 4), aggregator=None)
    is_known = fields.Boolean(readonly=True, help="It was measured or typed")
    source = fields.Char(help="Where the figure comes from")
    as_of = fields.Datetime("As of", readonly=True)
    measured = fields.Float(
        "As Measured",
        compute="_compute_value",
        store=True,
        digits=(16, 2),
        aggregator=None,
    )
    is_overridden = fields.Boolean("Overridden")
    override_value = fields.Float(
        "Stated Instead", digits=(16, 2), aggregator=None, help="Of a share in percent"
    )
    override_reason = fields.Char("Reason")
    override_by_id = fields.Many2one("res.users", "Overridden by", readonly=True)
    override_at = fields.Datetime("Overridden at", readonly=True)
    value = fields.Float(
        compute="_compute_value",
        store=True,
        digits=(16, 2),
        aggregator="sum",
        help="As stated in the report; of a share in percent",
    )
    has_value = fields.Boolean(compute="_compute_value", store=True)
    previous_value = fields.Float(
        "Value of the Period Before", readonly=True, digits=(16, 2), aggregator=None
    )
    has_previous = fields.Boolean(readonly=True)
    last_year_value = fields.Float(
        "Value of the Year Before", readonly=True, digits=(16, 2), aggregator=None
    )
    has_last_year = fields.Boolean(readonly=True)
    shown = fields.Char("This Period", compute="_compute_shown")
    shown_measured = fields.Char("Measured Value", compute="_compute_shown")
    detail = fields.Char("Part / Whole", compute="_compute_shown")
    shown_previous = fields.Char("Period Before", compute="_compute_shown")
    shown_last_year = fields.Char("Year Before", compute="_compute_shown")
    change = fields.Char(compute="_compute_shown", help="Against the period before")
    change_year = fields.Char(
        "Change in a Year", compute="_compute_shown", help="Against a year before"
    )
    # What the pivot of figures is grouped by.
    period_name = fields.Char(related="report_id.period_name", store=True)
    date_to = fields.Date(related="report_id.date_to", store=True, string="Period End")
    report_state = fields.Selection(related="report_id.state")
    can_override = fields.Boolean(compute="_compute_can_override")

    _key_uniq = models.UniqueIndex(
        "(report_id, key) WHERE key <> 'typed'", "A report has each figure once."
    )

    # --- Values

    @api.depends("metric_id")
    def _compute_is_typed(self):
        for figure in self:
            figure.is_typed = not figure.metric_id

    @api.depends("unit")
    def _compute_is_share(self):
        for figure in self:
            figure.is_share = figure.unit == "share"

    @api.depends(
        *("numerator", "denominator", "unit", "is_known", "is_overridden"),
        "override_value",
    )
    def _compute_value(self):
        for figure in self:
            found = figure._figure().value if figure.is_known else None
            measured = 0.0 if found is None else float(found)
            if figure.unit == "share":
                measured *= 100
            figure.measured = measured
            figure.value = figure.override_value if figure.is_overridden else measured
            figure.has_value = figure.is_overridden or found is not None

    def _figure(self):
        """Return the figure as it was measured or typed."""
        self.ensure_one()
        over = Fraction(self.denominator) if self.unit == "share" else None
        return Figure(Fraction(self.numerator), over)

    @api.depends(
        *("value", "measured", "has_value", "unit", "numerator", "denominator"),
        *("previous_value", "has_previous", "last_year_value", "has_last_year"),
        *("is_known", "unit_label"),
    )
    def _compute_shown(self):
        for figure in self:
            figure.shown = figure._print(figure.value) if figure.has_value else "–"
            figure.shown_measured = (
                figure._print(figure.measured) if figure.is_known else "–"
            )
            figure.detail = (
                f"{vietnamese(figure.numerator, 2)}/{vietnamese(figure.denominator, 2)}"
                if figure.unit == "share" and figure.is_known
                else False
            )
            for name, label in zip(_EARLIER, ("change", "change_year"), strict=True):
                earlier = figure[f"{name}_value"]
                known = figure[f"has_{name}"]
                figure[f"shown_{name}"] = figure._print(earlier) if known else "–"
                figure[label] = (
                    figure._difference(figure.value - earlier)
                    if known and figure.has_value
                    else False
                )

    def _print(self, value):
        """Return a value as papers write it."""
        self.ensure_one()
        if self.unit == "share":
            return f"{vietnamese(value, 2)}%"
        return vietnamese(value, 2)

    def _difference(self, value):
        sign = "+" if value > 0 else ""
        text = vietnamese(value, 2)
        if text == "0":
            return "0"
        return f"{sign}{text}{' điểm %' if self.unit == 'share' else ''}"

    def _to_value(self):
        """Return the figure as the sentences of a section print it."""
        self.ensure_one()
        share = self.unit == "share"
        return Value(
            self.shown,
            self.value if self.has_value else None,
            vietnamese(self.numerator, 2) if share else self.shown,
            vietnamese(self.denominator, 2) if share else "",
        )

    # --- Who writes what

    @api.constrains("is_overridden", "override_reason")
    def _check_reason(self):
        for figure in self:
            if figure.is_overridden and not (figure.override_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%s” was measured: say why the report states another value.",
                        figure.name,
                    )
                )

    @api.depends("report_id.state", "metric_id")
    def _compute_can_override(self):
        for figure in self:
            figure.can_override = figure.report_id.state == "draft" and bool(
                figure.metric_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            for vals in vals_list:
                vals.update(key="typed", metric_id=False, is_known=True)
                for name in ("override_by_id", "override_at", "has_previous"):
                    vals.pop(name, None)
                vals["as_of"] = fields.Datetime.now()
        figures = super().create(vals_list)
        figures.filtered("is_overridden")._note_override()
        return figures

    def write(self, vals):
        if is_unlocked(self.env):
            return super().write(vals)
        for figure in self:
            allowed = _PLACE | (_OVERRIDE if figure.metric_id else _TYPED)
            if wrong := set(vals) - allowed:
                raise AccessError(
                    self.env._(
                        "“%(figure)s” is measured: state another value with its "
                        "reason instead of writing %(fields)s.",
                        figure=figure.name,
                        fields=", ".join(sorted(wrong)),
                    )
                )
        if set(vals) & {"numerator", "denominator"}:
            vals = {**vals, "is_known": True, "as_of": fields.Datetime.now()}
        before = {figure: figure.shown for figure in self}
        result = super().write(vals)
        if set(vals) & _OVERRIDE:
            self._note_override(before)
        return result

    def _note_override(self, before=None):
        """Keep who overrode a figure and when, and tell it beside the report."""
        now = fields.Datetime.now()
        for figure in self:
            values = {"override_by_id": False, "override_at": False}
            if figure.is_overridden:
                values = {"override_by_id": self.env.uid, "override_at": now}
            unlocked(figure).write(values)
            figure.report_id._message_log(
                body=self.env._(
                    "%(figure)s: %(before)s → %(after)s (%(reason)s)",
                    figure=figure.name,
                    before=(before or {}).get(figure, figure.shown_measured),
                    after=figure.shown,
                    reason=figure.override_reason
                    if figure.is_overridden
                    else self.env._("as measured"),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_typed_only(self):
        if is_unlocked(self.env):
            return
        if kept := self.filtered("metric_id")[:1]:
            raise UserError(
                self.env._(
                    "“%s” belongs to the outline of the report; leave it out of the "
                    "outline for the next one.",
                    kept.name,
                )
            )

    @api.model
    @api.readonly
    def formatted_read_grouping_sets(
        self, domain, grouping_sets, aggregates=(), *, order=None
    ):
        """Add up only what can be added: counts of one figure and one period.

        Totals over different figures, over periods that overlap or over shares stay
        empty in the pivot.
        """
        if "value:sum" not in aggregates:
            return super().formatted_read_grouping_sets(
                domain, grouping_sets, aggregates, order=order
            )
        added = [one for one in _ADDABLE if one not in aggregates]
        found = super().formatted_read_grouping_sets(
            domain, grouping_sets, [*aggregates, *added], order=order
        )
        for row in (row for rows in found for row in rows):
            names, periods, shares, number = (row[one] for one in _ADDABLE)
            if number > 1 and (names > 1 or periods > 1 or shares):
                row["value:sum"] = False
            for one in added:
                del row[one]
        return found

    # --- What is behind it

    def action_open(self):
        """Open what the figure counts."""
        self.ensure_one()
        self.check_access("read")
        report = self.report_id
        action = self.metric_id._action(
            report._companies().ids, report.date_from, report.date_to
        )
        if not action:
            raise UserError(
                self.env._(
                    "There are no records behind “%(figure)s”: %(source)s",
                    figure=self.name,
                    source=self.source or self.env._("it was typed by hand."),
                )
            )
        if self.numerator and not self.env[action["res_model"]].search_count(
            action["domain"], limit=1
        ):
            raise UserError(
                self.env._(
                    "You see the figures of %s, not the records behind them: ask that "
                    "agency, or an administrator for the right to see details.",
                    report.company_id.sudo().name,
                )
            )
        return {**action, "name": self.name}

    def action_override(self):
        """Open the dialog to state another value."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cchc.reform.report.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_figure_id": self.id},
        }

    def action_remove(self):
        """Remove figures that were typed by hand."""
        self.unlink()
