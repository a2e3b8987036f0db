from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.paper import short_day
from odoo.addons.cchc_onestop.tools.qr import picture

from ..tools import aggregate

DIMENSIONS = (
    ("criterion", "Theo tiêu chí", "Tiêu chí"),
    ("sector", "Theo lĩnh vực", "Lĩnh vực"),
    ("procedure", "Theo thủ tục", "Thủ tục hành chính"),
)
REST_NAME = "Các nhóm còn lại gộp chung"


def shown(percent):
    """Return a percentage as it is printed: ``92,5``; a dash where nothing is known."""
    return "–" if percent is None else f"{percent:.1f}".replace(".", ",")


class CchcEvaluationResult(models.Model):
    _inherit = "cchc.evaluation.result"

    def _get_tables(self):
        """Return the tables of the board, as the page and the paper show them."""
        self.ensure_one()
        tables = []
        for dimension, title, head in DIMENSIONS:
            lines = self.line_ids.filtered(
                lambda line, own=dimension: line.dimension == own
            )
            if not lines:
                continue
            tables.append(
                {
                    "title": title,
                    "head": head,
                    "rows": [
                        {
                            "name": REST_NAME if line.is_rest else line.name,
                            "number": line.number,
                            "very_satisfied": line.very_satisfied,
                            "satisfied": line.satisfied,
                            "dissatisfied": line.dissatisfied,
                            "percent": shown(aggregate.percent(line._cell())),
                        }
                        for line in lines
                    ],
                }
            )
        return tables


class EvaluationForm(models.AbstractModel):
    """The empty slip of a form, to lie at the desk."""

    _name = "report.cchc_onestop_voice.report_evaluation_form"
    _description = "Form of Evaluation (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.evaluation.form"

    @api.model
    def _get_sheet(self, doc):
        agency = (doc.company_id or self.env.company).sudo()
        return slip_texts(doc, agency)


class EvaluationSlip(models.AbstractModel):
    """The slip of a dossier, with the code that opens the page for it."""

    _name = "report.cchc_onestop_voice.report_evaluation_slip"
    _description = "Slip of Evaluation (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.dossier"

    @api.model
    def _get_report_values(self, docids, data=None):
        self.env["cchc.dossier"].browse(docids)._check_inviting()
        return super()._get_report_values(docids, data)

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        form = self.env["cchc.evaluation"]._form_of("counter", agency)
        return {
            **slip_texts(form, agency),
            **invitation_texts(doc),
        }


class EvaluationInvitation(models.AbstractModel):
    """The small slip that invites to evaluate by telephone."""

    _name = "report.cchc_onestop_voice.report_evaluation_invitation"
    _description = "Invitation to Evaluate (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.dossier"

    @api.model
    def _get_report_values(self, docids, data=None):
        self.env["cchc.dossier"].browse(docids)._check_inviting()
        return super()._get_report_values(docids, data)

    @api.model
    def _get_sheet(self, doc):
        return {"agency": doc.company_id.sudo(), **invitation_texts(doc)}


class EvaluationResult(models.AbstractModel):
    """Kết quả đánh giá, as it is hung up and published."""

    _name = "report.cchc_onestop_voice.report_evaluation_result"
    _description = "Results of Evaluation (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.evaluation.result"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = agency._cchc_local_date(doc.published_at or fields.Datetime.now())
        return {
            "agency": agency,
            "place_and_date": self._get_place_and_date(agency, day),
            "watermark": "" if doc.state == "published" else "DỰ THẢO",
            "name": doc.name,
            "from": short_day(doc.date_from),
            "to": short_day(doc.date_to),
            "number": doc.number,
            "percent": shown(doc.percent if doc.is_known else None),
            "minimum": doc.minimum,
            "note": doc.note or "",
            "tables": doc._get_tables(),
        }


def slip_texts(form, agency):
    """Return the texts of an empty slip."""
    return {
        "agency": agency,
        "code": form.code,
        "title": form.title,
        "intro": form.intro or "",
        "questions": form.line_ids.mapped("question"),
        "reasons": form.env["cchc.evaluation.reason"].search([]).mapped("name"),
        "dossier": "",
        "qr": "",
    }


def invitation_texts(dossier):
    """Return the texts of an invitation, which is issued by printing it."""
    invitations = dossier.env["cchc.evaluation.invitation"]
    secret = invitations._issue(dossier, "paper")[dossier]
    link = invitations._address(secret)
    return {
        "dossier": dossier.name,
        "procedure": dossier.procedure_id.name,
        "returned": bool(dossier.returned_at),
        "last_day": short_day(invitations._last_day(dossier.sudo())),
        "days": dossier.company_id.sudo().cchc_evaluation_days,
        "qr": f"data:image/png;base64,{picture(link).decode()}",
    }
