from odoo import api, models
from odoo.tools import format_amount

from ..tools.figure import vietnamese
from .cchc_reform_plan_adjustment import CHANGED
from .cchc_reform_task import LEFT_OUT


class CchcReformTask(models.Model):
    """The row of a task in words and as plain values: adjustments, papers, copies."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.reform.task"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _comparable(self, record, name):
        """Return the value of a field that is the same after a way through JSON."""
        field, value = record._fields[name], record[name]
        if field.type == "many2many":
            return sorted(value.ids)
        if field.type == "many2one":
            return value.id
        if field.type == "date":
            return value.isoformat() if value else False
        return value or False

    @api.model
    def _in_words(self, record, name):
        """Return the value of a field as people read it; empty for none."""
        field, value = record._fields[name], record[name]
        if not value:
            return ""
        if field.type == "many2many":
            return ", ".join(value.mapped("display_name"))
        if field.type == "many2one":
            return value.display_name
        if field.type == "date":
            return f"{value:%d/%m/%Y}"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "monetary":
            return format_amount(self.env, value, record.currency_id)
        if field.type == "float":
            return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
        return str(value)

    def _raw(self, name):
        return self._comparable(self, name)

    def _words(self, name):
        return self._in_words(self, name)

    def _adjustable(self):
        """Return what an adjustment can change, as plain values."""
        self.ensure_one()
        return {name: self._raw(name) for name in CHANGED}

    def _paper_rows(self):
        """Return the rows of the annex of the plan, in its order, as texts.

        The words are those of the language of the context; papers are Vietnamese.
        """
        tasks = self.sorted(lambda t: (t.area_sequence, t.sequence, t.id))
        return [task._paper_row() for _above, task in self._in_order(tasks)]

    def _paper_row(self):
        self.ensure_one()
        area = self.area_id
        return {
            "id": self.id,
            "area": area.display_name or "",
            "area_name": area.name or "",
            "is_left_out": self.progress_state in LEFT_OUT,
            "code": self.code or "",
            "depth": self.depth,
            "heading": self.has_parts,
            "name": self.name or "",
            "product": self.product or "",
            "lead": self.lead_department_id.name or "",
            "coordinating": ", ".join(self.coordinating_department_ids.mapped("name")),
            "deadline": "" if self.has_parts else self._deadline_words(),
            "budget": int(self.budget),
            "budget_text": vietnamese(int(self.budget)) if self.budget else "",
            "budget_source": self.budget_source or "",
            "basis": ", ".join(self.basis_ids.mapped("display_name")),
            "note": "; ".join(
                filter(None, [self.note, self._left_out_words(self.progress_state)])
            ),
        }

    @api.model
    def _left_out_words(self, state):
        return {"cancelled": "Không thực hiện", "adjusted": "Điều chỉnh"}.get(state)

    def _deadline_words(self):
        """Return the deadline as an annex prints it."""
        self.ensure_one()
        if self.deadline_type == "regular":
            return "Thường xuyên trong năm"
        if self.deadline_type == "quarterly":
            return "Hằng quý"
        if self.deadline_type == "yearly":
            return f"Trong năm {self.year}"
        return f"{self.date_deadline:%d/%m/%Y}" if self.date_deadline else ""
