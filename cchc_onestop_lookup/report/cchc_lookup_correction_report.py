from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.paper import long_day


class CchcLookupCorrectionReport(models.AbstractModel):
    """Văn bản đề nghị điều chỉnh thông tin trong cơ sở dữ liệu."""

    _name = "report.cchc_onestop_lookup.report_correction"
    _description = "Correction Request (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.lookup.correction"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = doc.sent_on or agency._cchc_local_date(fields.Datetime.now())
        partner = doc.partner_id
        return {
            "agency": agency,
            "number": doc.number or "",
            "place_and_date": self._get_place_and_date(agency, day),
            "authority": doc.authority_name,
            "service": doc.service_id.name,
            "source": doc.service_id.source_name,
            "person": partner.name or "",
            "identity": partner.cchc_identity or "",
            "born": partner.cchc_birth_date and long_day(partner.cchc_birth_date),
            "address": partner._cchc_address() if partner else "",
            "rows": [self._get_row(agency, row) for row in doc.discrepancy_ids],
            "dossiers": ", ".join(
                dict.fromkeys(
                    row.dossier_id.name for row in doc.discrepancy_ids if row.dossier_id
                )
            ),
            "signer": doc.signer_id.sudo()._cchc_signature(),
            "recipients": [
                "Như trên",
                f"{agency.cchc_desk_name or agency.name} (để theo dõi)",
                f"Lưu: VT, {doc.name}",
            ],
        }

    @api.model
    def _get_row(self, agency, row):
        at = row.request_id._data_at()
        return {
            "name": row.name,
            "returned": row.returned or "(không có dữ liệu)",
            "on_paper": row.on_paper,
            "evidence": row.evidence,
            "at": f"{agency._cchc_local_time(at):%H:%M %d/%m/%Y}" if at else "",
        }
