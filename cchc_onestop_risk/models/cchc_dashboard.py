from odoo import api, fields, models


class CchcDashboard(models.AbstractModel):
    """Tiles of the leader's page: dossiers at risk, officers with too much in hand."""

    _inherit = "cchc.dashboard"

    @api.model
    def get_risk(self, sector_id=False):
        """Return what is at risk now, whatever the period.

        :return: dict of the two figures and of the domain behind each
        """
        dossiers = self.env["cchc.dossier"]
        risk = [
            *dossiers._cchc_at_risk_domain(),
            ("risk_level", "=", "high"),
            ("parent_id", "=", False),
            ("company_id", "in", self.env.companies.ids),
        ]
        if sector_id:
            risk.append(("procedure_id.sector_id", "=", sector_id))
        today = self.env.company._cchc_local_date(fields.Datetime.now())
        load = [
            ("company_id", "in", self.env.companies.ids),
            ("week_end", ">=", str(today)),
            ("is_too_much", "=", True),
        ]
        officers = self.env["cchc.risk.workload"]._read_group(
            load, aggregates=["user_id:count_distinct"]
        )
        return {
            "risk": dossiers.search_count(risk),
            "load": officers[0][0],
            "domains": {"risk": risk, "load": load},
        }
