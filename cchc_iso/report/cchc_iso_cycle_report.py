from odoo import api, models

from odoo.addons.cchc_onestop.tools.paper import long_day, short_day

#: Words of the printed paper; official, the same in every interface language.
STATES = {
    "todo": "Chưa đến hạn",
    "soon": "Sắp đến hạn",
    "late": "Quá hạn",
    "done": "Hoàn thành",
}


class CchcIsoCycleReport(models.AbstractModel):
    """What the plan of a year and the report on it share."""

    _name = "cchc.iso.cycle.report"
    _description = "Base of the Papers of the Yearly Cycle"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.iso.cycle"

    @api.model
    def _get_sheet(self, cycle):
        agency = cycle.company_id.sudo()
        system = cycle.system_id.with_company(cycle.company_id)
        return {
            "doc": cycle,
            "agency": agency,
            "number": cycle.plan_number or "",
            "watermark": "" if cycle.plan_number else "DỰ THẢO",
            "place_and_date": self._get_place_and_date(agency, cycle.plan_date),
            "plan_day": long_day(cycle.plan_date),
            "edition": system.edition_id.code or "",
            "signer": system.head_id.sudo()._cchc_signature(),
            "purpose": self._get_lines(cycle.plan_purpose),
            "arrangement": self._get_lines(
                f"{(cycle.plan_arrangement or '').strip().rstrip('.')}./."
            ),
            "effect": self._get_lines(cycle.effect_note),
            "steps": [self._get_step(step, system) for step in cycle.step_ids],
            "done": cycle.done_count,
            "total": cycle.step_count,
            "late": cycle.late_count,
        }

    @api.model
    def _get_step(self, step, system):
        person = (step.user_id or system.secretary_id).sudo()
        proof = step.fact_text or step.note or ""
        files = ", ".join(step.sudo().evidence_ids.mapped("name"))
        return {
            "name": step.name,
            "person": person.name or "Thư ký ISO",
            "due": short_day(step.due_on),
            "done": short_day(step.settled_on),
            "state": STATES.get(step.state, ""),
            "proof": "; ".join(filter(None, [proof, files])),
        }

    @api.model
    def _get_lines(self, text):
        """Return the paragraphs of a text."""
        return [line.strip() for line in (text or "").splitlines() if line.strip()]


class CchcIsoCyclePlan(models.AbstractModel):
    """Kế hoạch áp dụng, duy trì và cải tiến hệ thống quản lý chất lượng của năm."""

    _name = "report.cchc_iso.report_cycle_plan"
    _description = "Plan of the Year (paper)"
    _inherit = "cchc.iso.cycle.report"


class CchcIsoCycleResults(models.AbstractModel):
    """Báo cáo kết quả thực hiện kế hoạch của năm."""

    _name = "report.cchc_iso.report_cycle_results"
    _description = "Report on the Year (paper)"
    _inherit = "cchc.iso.cycle.report"

    @api.model
    def _get_sheet(self, cycle):
        agency = cycle.company_id.sudo()
        today = agency._cchc_local_date(self.env.cr.now())
        return {
            **super()._get_sheet(cycle),
            "number": "",
            "watermark": "",
            "place_and_date": self._get_place_and_date(agency, today),
            "effect_day": short_day(cycle.effect_confirmed_on),
        }
