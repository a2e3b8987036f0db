from odoo import models

#: Models whose files are data of a dossier → where the dossier stands in them.
_DOSSIER_OF = {
    "cchc.dossier": "id",
    "cchc.dossier.document": "dossier_id",
    "cchc.dossier.paper": "dossier_id",
    "cchc.iso.record": "dossier_id",
}


class IrAttachment(models.Model):
    """Downloads of an auditor are logged like his other looks."""

    # One file per subject: see docs/architecture.md.
    _inherit = "ir.attachment"  # pylint: disable=consider-merging-classes-inherited

    def _to_http_stream(self):
        self._cchc_log_download()
        return super()._to_http_stream()

    def _compute_raw(self):
        self._cchc_log_download()
        return super()._compute_raw()

    def _compute_datas(self):
        self._cchc_log_download()
        return super()._compute_datas()

    def _cchc_log_download(self):
        # A download by the controller has the rights of the system by then.
        looks = self.env["cchc.iso.look"].sudo(False)
        if not looks._is_watched():
            return
        attachments = self.sudo().filtered(lambda file: file.res_model in _DOSSIER_OF)
        for model, files in attachments.grouped("res_model").items():
            owners = self.env[model].sudo().browse(files.mapped("res_id")).exists()
            ids = owners.ids if model == "cchc.dossier" else owners.dossier_id.ids
            looks._log("ir.attachment", ids, "download")


class IrActionsReport(models.Model):
    """Prints of an auditor are logged like his other looks."""

    _inherit = "ir.actions.report"

    def _render(self, report_ref, res_ids, data=None):
        self._cchc_log_print(report_ref, res_ids)
        return super()._render(report_ref, res_ids, data=data)

    def _cchc_log_print(self, report_ref, res_ids):
        looks = self.env["cchc.iso.look"]
        if not looks._is_watched() or not res_ids:
            return
        model = self._get_report(report_ref).model
        if model not in _DOSSIER_OF and model != "cchc.iso.sample.line":
            return
        ids = [res_ids] if isinstance(res_ids, int) else res_ids
        records = self.env[model].sudo().browse(ids).exists()
        dossiers = records if model == "cchc.dossier" else records.dossier_id
        looks._log(model, dossiers.ids, "report")
