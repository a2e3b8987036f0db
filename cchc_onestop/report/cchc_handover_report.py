from odoo import api, models

from ..tools.paper import long_day, short_day

#: Words of the printed record; official, the same in every interface language.
_STATES = {
    "planned": "",
    "open": "Đang giải quyết",
    "done": "Đã giải quyết",
    "given": "Đã chuyển giao",
    "other": "Đã chuyển bước khác",
    "back": "Chưa xong, đã trả lại",
}


class ReportHandover(models.AbstractModel):
    """Biên bản bàn giao: what is handed over, by whom, to whom, until when."""

    _name = "report.cchc_onestop.report_handover"
    _description = "Record of a Hand-over (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.handover"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        day = (
            agency._cchc_local_date(doc.confirmed_at)
            if doc.confirmed_at
            else doc.date_from
        )
        return {
            "doc": doc,
            "agency": agency,
            "number": doc.decision_number or "",
            "place_and_date": self._get_place_and_date(agency, day),
            "watermark": "" if doc.confirmed_at else "DỰ THẢO",
            "day": long_day(day),
            "giver": self._get_person(doc.user_id, agency),
            "takers": [
                {**self._get_person(taker, agency), "count": len(lines)}
                for taker, lines in doc.line_ids.grouped("taker_id").items()
                if taker
            ],
            "stand_in": doc.substitute_id.name or "",
            "signer": doc.sign_substitute_id.name or "",
            "period": self._get_period(doc),
            "reason": doc.reason or "",
            "note": doc.note or "",
            "rows": [self._get_row(line, agency) for line in doc.line_ids],
            "show_state": doc.state == "ended" and doc.kind == "absence",
        }

    @api.model
    def _get_period(self, doc):
        if doc.kind == "leave":
            return f"kể từ ngày {short_day(doc.date_from)}"
        return (
            f"từ ngày {short_day(doc.date_from)} đến hết ngày {short_day(doc.date_to)}"
        )

    @api.model
    def _get_person(self, user, agency):
        post = user.sudo().with_company(agency)._cchc_posts()[user.id]
        return {"name": user.name, "post": post.title, "body": post.department}

    @api.model
    def _get_row(self, line, agency):
        def moment(at):
            return f"{agency._cchc_local_time(at):%H:%M %d/%m/%Y}" if at else ""

        return {
            "code": line.dossier_id.display_name or line._review_subject(),
            "owner": line.applicant_name or "",
            "procedure": line.procedure_id.name or "",
            "step": line.name or "",
            "step_due": moment(line.due_at),
            "due": moment(line.dossier_due_at),
            "taker": line.taker_id.name or "",
            "note": line.note or "",
            "state": _STATES[line.state],
        }
