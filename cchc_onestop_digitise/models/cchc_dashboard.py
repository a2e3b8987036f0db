from odoo import api, models


class CchcDashboard(models.AbstractModel):
    """The share of digitised dossiers among those received in the period."""

    _inherit = "cchc.dashboard"

    @api.model
    def get_digitised(self, date_from, date_to, sector_id=False):
        """Return numerator and denominator of a period, with the domains behind them.

        :param date_from: first day, ``YYYY-MM-DD``
        :param date_to: last day
        :param sector_id: only this field
        """
        dossiers = self.env["cchc.dossier"]
        dossiers.check_access("read")
        start, end = self._moments(date_from, date_to)
        received = self._domains(start, end, sector_id)["received"]
        known = {}
        domains = {}
        for key, states in (("digitised", ["done"]), ("missing", ["missing"])):
            domain = [*received, ("digitise_state", "in", states)]
            domains[key] = [
                (leaf[0], leaf[1], str(leaf[2])) if leaf[0] == "accepted_at" else leaf
                for leaf in domain
            ]
            known[key] = dossiers.search_count(domain)
        required = known["digitised"] + known["missing"]
        return {
            **known,
            "required": required,
            "percent": 100 * known["digitised"] / required if required else None,
            "domains": domains,
        }
