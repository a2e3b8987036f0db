from odoo import api, models

from .cchc_iso_look import KIND_KEY


class CchcIsoLookedMixin(models.AbstractModel):
    """Data of dossiers: when an auditor reads them, the look is logged.

    The log is written where rows are fetched from the database, so that it does not
    matter by which way they were asked for (form, list, export, print, remote call).
    """

    _name = "cchc.iso.looked.mixin"
    _description = "Read by Auditors under Log"

    @api.model
    def _look_dossiers(self, records):
        """Hook: ids of the dossiers that these records tell of."""
        return records.sudo().dossier_id.ids

    def _fetch_query(self, query, fields):
        fetched = super()._fetch_query(query, fields)
        self._log_look(fetched)
        return fetched

    def _log_look(self, records, kind=None):
        looks = self.env["cchc.iso.look"]
        if records and looks._is_watched():
            looks._log(self._name, self._look_dossiers(records), kind)

    def export_data(self, fields_to_export):
        """Export rows; an auditor's export is logged as such."""
        self._log_look(self, "export")
        return super(
            CchcIsoLookedMixin, self.with_context(**{KIND_KEY: "export"})
        ).export_data(fields_to_export)

    @api.model
    def _read_group(self, domain, *args, **kwargs):
        self._log_group(domain)
        return super()._read_group(domain, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, *args, **kwargs):
        self._log_group(domain)
        return super()._read_grouping_sets(domain, *args, **kwargs)

    @api.model
    def _log_group(self, domain):
        """Figures of an auditor are a look at the dossiers behind them."""
        if self.env["cchc.iso.look"]._is_watched():
            self._log_look(self.search(domain), "group")
