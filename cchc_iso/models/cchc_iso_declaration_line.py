from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked

from .cchc_iso_procedure_coverage import in_force


class CchcIsoDeclarationLine(models.Model):
    """Process that a declaration covers, with the issue of its document on that day."""

    _name = "cchc.iso.declaration.line"
    _description = "Declared Process"
    _order = "declaration_id, kind desc, sector_id, code, id"
    _rec_name = "name"

    declaration_id = fields.Many2one(
        "cchc.iso.declaration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, index=True
    )
    state = fields.Selection(related="declaration_id.state")
    kind = fields.Selection(
        [("procedure", "Administrative Procedure"), ("internal", "Internal Process")],
        default="procedure",
        required=True,
    )
    procedure_id = fields.Many2one("cchc.procedure", index=True, ondelete="restrict")
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", store=True, precompute=True
    )
    process_id = fields.Many2one("cchc.process", ondelete="restrict")
    issue_id = fields.Many2one(
        "document.page.history", index="btree_not_null", ondelete="restrict"
    )
    page_id = fields.Many2one(related="issue_id.page_id", string="Document")
    code = fields.Char(compute="_compute_text", store=True, readonly=False)
    name = fields.Char(compute="_compute_text", store=True, readonly=False)
    issue_no = fields.Integer(
        "Issue No.", compute="_compute_text", store=True, readonly=False
    )
    issued_from = fields.Date(
        "Issue in Force from", compute="_compute_text", store=True, readonly=False
    )
    present_issue_id = fields.Many2one(
        "document.page.history", "Issue Today", compute="_compute_present"
    )
    is_changed = fields.Boolean("Changed Since", compute="_compute_present")

    _procedure_uniq = models.UniqueIndex(
        "(declaration_id, procedure_id) WHERE procedure_id IS NOT NULL",
        "This procedure is declared already.",
    )

    @api.depends("issue_id", "procedure_id")
    def _compute_text(self):
        """Copied, so that the declaration still says what it said."""
        for line in self:
            issue, page = line.issue_id, line.issue_id.page_id
            line.code = page.code or line.process_id.code or line.procedure_id.code
            line.name = line.procedure_id.name or page.name or line.name
            line.issue_no = issue.issue_no
            line.issued_from = issue.effective_from

    @api.depends("issue_id")
    def _compute_present(self):
        """Which issue of the same document is in force today: one query for all."""
        Issue = self.env["document.page.history"]
        issues = Issue.search(
            Domain("page_id", "in", self.issue_id.page_id.ids)
            & in_force(self.env.company._cchc_local_date(fields.Datetime.now()))
        )
        present = {issue.page_id: issue for issue in issues}
        for line in self:
            line.present_issue_id = present.get(line.page_id, Issue)
            line.is_changed = bool(
                line.issue_id and line.present_issue_id != line.issue_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        if "declaration_id" in vals:
            self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_open()

    def _check_open(self):
        if not is_unlocked(self.env):
            self.declaration_id._check_open({"line_ids"})
