from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .cchc_index_component import GROUPS

#: Agencies shown in the ranking.
RANKED = 200


class CchcIndexOverview(models.AbstractModel):
    """The index of service quality of the agency in use on one page.

    Read from the last preview: a bounded number of queries, whatever the number of
    dossiers.
    """

    _name = "cchc.index.overview"
    _inherit = ["cchc.tiles.mixin"]
    _description = "Overview of the Index"

    @api.model
    def get_data(self):
        """Return everything that the page shows.

        :raises AccessError: for who may not read the index
        """
        snapshots = self.env["cchc.index.snapshot"]
        snapshots.check_access("read")
        company = self.env.company
        last = snapshots.search([("company_id", "=", company.id)], limit=1)
        data = {
            "agency": company.name,
            "may_refresh": self.env.user.has_group("cchc_onestop.group_leader"),
            "ranking": self._ranking(company),
            "week": None,
        }
        if not last:
            return data
        return {
            **data,
            "id": last.id,
            "week": fields.Date.to_string(last.week),
            "counted_at": fields.Datetime.to_string(last.counted_at),
            "period": last.period_name,
            "points": last.points,
            "known_maximum": last.known_maximum,
            "maximum": last.maximum,
            "grade": last.grade or "",
            "tiles": self._tiles(last),
            "groups": self._groups(last),
            "lines": self._lines(last),
            "trend": self._trend(last),
        }

    @api.model
    def _tiles(self, last):
        losses = self.env["cchc.index.loss"]
        mend = losses.with_context(
            cchc_index_from=last.date_from, cchc_index_to=last.date_to
        ).search_count(
            [("company_id", "=", last.company_id.id), ("can_mend", "=", True)]
        )
        unknown = last.line_ids.filtered(lambda line: line.state == "unknown")
        change = last.change if last.has_change else None
        return [
            self._figure(
                "points",
                self.env._("Points so Far"),
                last.points,
                "primary",
                self.env._("of %s that are known", _plain(last.known_maximum)),
            ),
            self._figure(
                "change",
                self.env._("Since Last Week"),
                change,
                "body" if not change else "success" if change > 0 else "danger",
            ),
            self._figure(
                "forecast",
                self.env._("Forecast"),
                last.forecast if last.has_forecast else None,
                "body",
                self.env._("at the end of the period"),
            ),
            self._figure(
                "mend",
                self.env._("Can Still Be Mended"),
                mend,
                "warning" if mend else "success",
                action={"method": "losses", "mend": True},
            ),
            self._figure(
                "unknown",
                self.env._("Not Known"),
                len(unknown),
                "warning" if unknown else "success",
                self.env._("%s points", _plain(last.maximum - last.known_maximum)),
            ),
        ]

    @api.model
    def _groups(self, last):
        labels = dict(
            self.env["cchc.index.component"]
            ._fields["group"]
            ._description_selection(self.env)
        )
        rows = []
        for key, _label in GROUPS:
            lines = last.line_ids.filtered(lambda line, key=key: line.group == key)
            if not lines:
                continue
            known = lines.filtered(lambda line: line.state != "unknown")
            most = sum(lines.mapped("maximum"))
            rows.append(
                {
                    "key": key,
                    "label": labels[key],
                    "points": round(sum(known.mapped("points")), 2) if known else None,
                    "maximum": most,
                    "percent": 100 * sum(known.mapped("points")) / most,
                    "lost": 100 * sum(known.mapped("lost")) / most,
                }
            )
        return rows

    @api.model
    def _lines(self, last):
        """Return the components, what brings most first, what is not known last."""
        states = dict(last.line_ids._fields["state"]._description_selection(self.env))
        lines = last.line_ids.sorted(
            lambda line: (line.state == "unknown", -line.lost, line.sequence, line.id)
        )
        return [
            {
                "id": line.id,
                "code": line.code,
                "name": line.component_id.name,
                "state": line.state,
                "label": states[line.state],
                "figure": line.figure if line.is_counted else "",
                "points": None if line.state == "unknown" else line.points,
                "maximum": line.maximum,
                "lost": line.lost,
                "listed": line.lost > 0 and line.component_id.source != "portal",
                "reason": line.reason or "",
            }
            for line in lines
        ]

    @api.model
    def _trend(self, last):
        """Return the weeks of the period, oldest first."""
        rows = self.env["cchc.index.snapshot"].search(
            [
                ("company_id", "=", last.company_id.id),
                ("date_from", "=", last.date_from),
                ("date_to", "=", last.date_to),
            ],
            order="week",
        )
        return [
            {"week": fields.Date.to_string(row.week), "points": row.points}
            for row in rows
        ]

    @api.model
    def _ranking(self, company):
        """Return the agencies below by their last preview: totals only."""
        snapshots = self.env["cchc.index.snapshot"]
        below = Domain("company_id", "child_of", company.id) & Domain(
            "company_id", "!=", company.id
        )
        weeks = snapshots.search(below, limit=1)
        if not weeks:
            return []
        rows = snapshots.search(
            below & Domain("week", "=", weeks.week), order="points desc", limit=RANKED
        )
        return [
            {
                "id": row.id,
                "agency": row.company_id.sudo().name,
                "points": row.points,
                "known_maximum": row.known_maximum,
                "change": row.change if row.has_change else None,
            }
            for row in rows
        ]

    @api.model
    def open_losses(self, line_id=None, mend=False):
        """Return the action that lists what costs points.

        :param line_id: of this component of the preview only
        :param mend: what can still be mended only
        :raises AccessError: for a preview that the reader may not read
        """
        if line_id:
            line = self.env["cchc.index.snapshot.line"].browse(int(line_id)).exists()
            line.check_access("read")
            if not line:
                raise AccessError(self.env._("This preview was counted anew: reload."))
            return line.action_open_losses()
        last = self.env["cchc.index.snapshot"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        action = last.action_open_losses()
        if mend:
            action["context"]["search_default_can_mend"] = 1
        return action


def _plain(value):
    """Return points without needless zeros: ``78``, ``61,5``."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
