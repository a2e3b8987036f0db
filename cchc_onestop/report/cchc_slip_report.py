import textwrap

from odoo import api, models

from ..tools import forms, hand_over
from .cchc_form_report import DOTS, FORM_A4

RESULTS = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}
NO_LIMIT = "Không tính thời hạn"
#: Longest note of the log in a row; the log itself holds all of it.
NOTE_LENGTH = 140


class ReportSlip(models.AbstractModel):
    """Form 06 (05 of 2018): control slip, one row for each hand-over.

    Drawn from the event log: it can be printed at any time as it stands, and is issued
    with a number once the result has reached the desk.
    """

    _name = "report.cchc_onestop.report_slip"
    _description = "Control Slip (form 06)"
    _inherit = "cchc.form.report"
    _cchc_form = forms.SLIP

    @api.model
    def _get_page_class(self, edition):
        if edition.wording == forms.EDITION_2018:
            return super()._get_page_class(edition)
        return FORM_A4

    @api.model
    def _get_form_values(self, sheet, values):
        dossier, agency = sheet.dossier, values["agency"]
        departments = (
            dossier.sudo()
            .step_ids.filtered(
                lambda step: step.role in ("handle", "coordinate", "review")
            )
            .department_id.mapped("name")
        )
        bodies = [dossier.company_id.sudo().name, *dict.fromkeys(departments)]
        lines = dossier._hand_over_lines()
        return {
            "subject_code": dossier.name or "……",
            "no_number": not sheet.paper,
            "bodies": " – ".join(bodies),
            "partners": "; ".join(self._get_partners(dossier)) or "Không có",
            "as_of": not sheet.paper and self._get_moment(agency, sheet.at),
            "rows": [self._get_row(line, agency) for line in lines],
        }

    @api.model
    def _get_partners(self, dossier):
        """Bodies that were asked for an opinion, as the handler named them."""
        return dict.fromkeys(
            event.content
            for event in dossier.event_ids.sorted("sequence")
            if event.kind == "consult" and event.content
        )

    @api.model
    def _get_row(self, line, agency):
        """Texts of one hand-over."""
        return {
            "giver": self._join(line.giver_body, agency),
            "taker": self._join(line.taker_body, agency),
            "at": self._get_moment(agency, line.at),
            "giver_name": line.giver or DOTS,
            "taker_name": line.taker or DOTS,
            "result": RESULTS.get(line.result, NO_LIMIT),
            "notes": [self._get_note(note, agency) for note in line.notes],
        }

    @api.model
    def _join(self, body, agency):
        return body or agency.cchc_desk_name or agency.name

    @api.model
    def _get_note(self, note, agency):
        """A note of the log in the words of the form."""
        at = agency._cchc_local_time(note.at)
        label = hand_over.NOTES.get(note.kind, "")
        text = f"{label} {at:%H:%M %d/%m/%Y}".strip()
        content = textwrap.shorten(note.content, NOTE_LENGTH, placeholder=" …")
        return f"{text}: {content}" if content else text
