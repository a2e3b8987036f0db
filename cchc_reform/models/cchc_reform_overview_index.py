from odoo import api, models
from odoo.tools import formatLang


class CchcReformOverview(models.AbstractModel):
    """The index on the leader's page: what the year comes to, against last year."""

    _inherit = "cchc.reform.overview"

    @api.model
    def _block_index(self, company):
        """How the last assessment of the agency stands; “no assessment yet” without."""
        assessments = self.env["cchc.index.assessment"]
        found = assessments._forecast(company)
        title = self.env._("PAR Index")
        if not found:
            tile = self._figure(
                "index_none",
                self.env._("Forecast"),
                self.env._("No assessment yet"),
                "muted",
                action=self._list(
                    title, assessments._name, [("company_id", "=", company.id)]
                ),
            )
            return self._block("index", title, "tiles", [tile])
        action = {"res_model": assessments._name, "res_id": found["assessment"].id}
        published = found["state"] == "published"
        previous = found["previous"]
        tiles = [
            self._figure(
                "index_forecast",
                self.env._("Result of %s", found["year"])
                if published
                else self.env._("Forecast of %s", found["year"]),
                self._points(found["forecast"]),
                "primary"
                if previous is None
                else "success"
                if found["forecast"] >= previous
                else "danger",
                note=self._against(found),
                action=action,
            ),
            self._figure(
                "index_score",
                self.env._("Scored so Far"),
                self._points(found["score"]),
                "primary",
                note=self.env._("out of %s", self._points(found["maximum"])),
                action=action,
            ),
        ]
        if found["unfilled"]:
            tiles.append(
                self._figure(
                    "index_unfilled",
                    self.env._("Criteria Not Scored Yet"),
                    found["unfilled"],
                    "warning",
                    action=self._list(
                        self.env._("Criteria Not Scored Yet"),
                        "cchc.index.assessment.line",
                        [
                            ("assessment_id", "=", found["assessment"].id),
                            ("is_leaf", "=", True),
                            ("is_filled", "=", False),
                        ],
                    ),
                )
            )
        if found["rank"]:
            tiles.append(
                self._figure(
                    "index_rank",
                    self.env._("Place"),
                    found["rank"],
                    "primary",
                    action=action,
                )
            )
        return self._block("index", title, "tiles", tiles)

    @api.model
    def _points(self, value):
        return formatLang(self.env, value, digits=2)

    @api.model
    def _against(self, found):
        """Return how the forecast stands to the year before, in words."""
        if found["previous"] is None:
            return self.env._("No earlier year to compare with")
        change = found["forecast"] - found["previous"]
        return self.env._(
            "%(change)s against %(year)s",
            change=f"{'+' if change > 0 else ''}{self._points(change)}",
            year=found["previous_year"],
        )
