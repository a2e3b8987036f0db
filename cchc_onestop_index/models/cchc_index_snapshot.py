from datetime import timedelta
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import points

#: Agencies whose week is written in one transaction.
BATCH = 25
#: Weeks on which the forecast rests.
TREND_WEEKS = 6


class CchcIndexSnapshot(models.Model):
    """The index of service quality of an agency in a week, as far as it is known.

    From the first day of the period up to the moment of counting. One row per agency
    and week: a later preview of the same week replaces it.
    """

    _name = "cchc.index.snapshot"
    _description = "Weekly Preview of the Index"
    _inherit = ["cchc.guarded.mixin"]
    _order = "week desc, points desc, id desc"

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    week = fields.Date(required=True, readonly=True, help="Monday of the week")
    counted_at = fields.Datetime("Counted on", required=True, readonly=True)
    date_from = fields.Date("Period from", required=True, readonly=True)
    date_to = fields.Date("Period to", required=True, readonly=True)
    period_name = fields.Char("Period", readonly=True)
    points = fields.Float(
        readonly=True, digits=(6, 2), aggregator="avg", help="Of what is known"
    )
    known_maximum = fields.Float(
        "Known of 100",
        readonly=True,
        digits=(6, 2),
        aggregator="avg",
        help="Most points of the components that are known",
    )
    maximum = fields.Float(
        "Most Points", readonly=True, digits=(6, 2), aggregator="avg"
    )
    percent = fields.Float(
        "Reached of What Is Known (%)",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
    )
    has_change = fields.Boolean(readonly=True)
    change = fields.Float(
        "Since the Week before",
        readonly=True,
        digits=(6, 2),
        aggregator=None,
        help="Of the components known in both weeks",
    )
    has_forecast = fields.Boolean(readonly=True)
    forecast = fields.Float(
        readonly=True,
        digits=(6, 2),
        aggregator=None,
        help="At the end of the period, when the trend of the last weeks goes on",
    )
    grade = fields.Char(readonly=True, help="At least; more when the rest is known")
    line_ids = fields.One2many("cchc.index.snapshot.line", "snapshot_id", readonly=True)

    _week_uniq = models.UniqueIndex(
        "(company_id, week)", "There is one preview per agency and week."
    )

    @api.depends("company_id", "week")
    def _compute_display_name(self):
        for snapshot in self:
            day = f"{snapshot.week:%d/%m/%Y}" if snapshot.week else ""
            snapshot.display_name = f"{snapshot.company_id.sudo().name} - {day}"

    def _guarded_sentence(self):
        return self.env._("The preview of the index is counted by the system.")

    # -- counting
    @api.model
    def _cron_take(self):
        """Write the preview of the agencies whose hour of the week has come."""
        progress = self.env["ir.cron"]._commit_progress
        now = fields.Datetime.now()
        due = self._due_agencies(now)
        while due:
            batch, due = due[:BATCH], due[BATCH:]
            self._take(batch, now)
            if not progress(len(batch), remaining=len(due)):
                return
        progress(remaining=0)

    @api.model
    def _due_agencies(self, now):
        """Return the agencies with dossiers that wait for the preview of this week."""
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("cchc_index_day", "!=", "off")], order="id")
        )
        waiting = companies.filtered(lambda company: company._cchc_index_waits(now))
        if not waiting:
            return waiting
        rows = self.env.execute_query(
            SQL(
                "SELECT c.id FROM res_company c WHERE c.id = ANY(%s) AND EXISTS "
                "(SELECT 1 FROM cchc_dossier d WHERE d.company_id = c.id)",
                waiting.ids,
            )
        )
        return waiting.browse(sorted(row[0] for row in rows))

    @api.model
    def _take(self, companies, now=None):
        """Count the index of agencies and write the preview of this week."""
        now = now or fields.Datetime.now()
        periods = {}
        for company in companies.sudo():
            day = company._cchc_local_date(now)
            rule = company._cchc_index_rule()
            period = rule._period_of(day)
            key = period.start, period.end, rule._period_name(period)
            periods.setdefault(key, []).append((company, day))
        snapshots = self.browse()
        for (start, end, name), members in periods.items():
            agencies = companies.browse(company.id for company, _day in members)
            measures = self.env["cchc.index.component"]._measure(
                agencies, start, end, now
            )
            vals_list = [
                {
                    **self._figures(measures[company.id]),
                    "company_id": company.id,
                    "week": company._cchc_monday(day),
                    "counted_at": now,
                    "date_from": start,
                    "date_to": end,
                    "period_name": name,
                }
                for company, day in members
            ]
            snapshots |= self._replace(vals_list)
        for company in companies.sudo():
            company.cchc_index_week = company._cchc_monday(
                company._cchc_local_date(now)
            )
        return snapshots

    @api.model
    def _figures(self, measures):
        """Return the values of a preview with its lines."""
        known = {c: m for c, m in measures.items() if m.value is not None}
        reached = sum((m.value for m in known.values()), Fraction(0))
        most = sum(points.exact(c.maximum) for c in known)
        return {
            "points": float(points.rounded(reached)),
            "known_maximum": float(points.rounded(Fraction(most))),
            "maximum": sum(c.maximum for c in measures),
            "percent": float(points.rounded(100 * reached / most, 1)) if most else 0.0,
            "line_ids": [
                fields.Command.create(
                    {
                        "component_id": component.id,
                        "state": measure.state,
                        "is_counted": measure.numerator is not None,
                        "numerator": measure.numerator or 0,
                        "denominator": measure.denominator or 0,
                        "points": float(points.rounded(measure.value or Fraction(0))),
                        "maximum": component.maximum,
                        "lost": float(
                            points.rounded(
                                points.exact(component.maximum) - measure.value
                            )
                        )
                        if measure.value is not None
                        else 0.0,
                        "unit": float(points.rounded(measure.unit, 6)),
                    }
                )
                for component, measure in measures.items()
            ],
        }

    @api.model
    def _replace(self, vals_list):
        """Write previews in place of earlier ones of the same week."""
        own = unlocked(self.sudo())
        companies = [vals["company_id"] for vals in vals_list]
        same = Domain.OR(
            Domain("company_id", "=", vals["company_id"])
            & Domain("week", "=", vals["week"])
            for vals in vals_list
        )
        own.search(same).unlink()
        history = {}
        for row in own.search(
            Domain("company_id", "in", companies)
            & Domain("date_to", "=", vals_list[0]["date_to"])
            & Domain("date_from", "=", vals_list[0]["date_from"]),
            order="week",
        ):
            history.setdefault(row.company_id.id, []).append(row)
        bands = self.env["cchc.settlement.rule"]._bands("service", vals_list[0])
        fresh = own.create(vals_list)
        for snapshot in fresh:
            snapshot._compare(history.get(snapshot.company_id.id, ()), bands)
        return fresh.with_env(self.env)

    def _compare(self, history, bands):
        """Write change, forecast and grade beside the earlier weeks of the period."""
        self.ensure_one()
        before = [row for row in history if row.week < self.week]
        values = {"grade": points.band(points.exact(self.points), bands) or False}
        last = before[-1] if before else None
        if last and last.week == self.week - timedelta(days=7):
            known = {
                row.component_id: row.points
                for row in last.line_ids
                if row.state != "unknown"
            }
            common = [
                row.points - known[row.component_id]
                for row in self.line_ids
                if row.state != "unknown" and row.component_id in known
            ]
            values["has_change"] = bool(common)
            values["change"] = round(sum(common), 2)
        trend = [*before, self][-TREND_WEEKS:]
        trend = [row for row in trend if row.known_maximum == self.known_maximum]
        ahead = points.forecast(
            [(row.week, points.exact(row.points)) for row in trend],
            self.date_to,
            points.exact(self.known_maximum),
        )
        if ahead is not None:
            values["has_forecast"] = True
            values["forecast"] = float(points.rounded(ahead))
        self.write(values)

    # -- buttons
    @api.model
    def action_refresh(self):
        """Count the preview of the agency in use anew."""
        if not self.env.user.has_group("cchc_onestop.group_leader"):
            raise AccessError(self.env._("Leaders have the index counted anew."))
        self._take(self.env.company)
        return True

    def action_open_losses(self):
        """Open what costs points, in the period of this preview."""
        self.ensure_one()
        return self.env["cchc.index.loss"]._open_list(
            self.company_id, Domain.TRUE, self.env._("What Costs Points"), self
        )
