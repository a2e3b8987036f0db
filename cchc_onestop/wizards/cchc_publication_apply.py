import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_publication_decision import TRANSITIONS
from ..models.cchc_publication_term import PATHS
from ..tools.catalogue_diff import summarise

#: What the wizard enters into a decision that is not recorded yet.
_HEADER = (
    "number",
    "issuer",
    "date",
    "name",
    "text_issued_on",
    "text_effective_on",
    "transition_basis",
)


class CchcPublicationApply(models.TransientModel):
    """Applies a publication decision with its whole list in one step.

    The decision is recorded, its versions published, procedures repealed and linked to
    those that replace them: all of it or nothing. Unlike an ordinary import no row may
    be faulty. The same decision applied twice changes nothing the second time.
    """

    _name = "cchc.publication.apply"
    _inherit = "cchc.procedure.import"
    _description = "Apply a Publication Decision"

    number = fields.Char(
        compute="_compute_header", store=True, readonly=False, help="E.g. 1234/QĐ-UBND"
    )
    issuer = fields.Char(compute="_compute_header", store=True, readonly=False)
    date = fields.Date(
        "Signed on", compute="_compute_header", store=True, readonly=False
    )
    name = fields.Char("Subject", compute="_compute_header", store=True, readonly=False)
    path = fields.Selection(
        PATHS, "Published by", compute="_compute_path", store=True, readonly=False
    )
    text_issued_on = fields.Date(compute="_compute_header", store=True, readonly=False)
    text_effective_on = fields.Date(
        "Text in Force from", compute="_compute_header", store=True, readonly=False
    )
    transition = fields.Selection(
        TRANSITIONS,
        "Running Dossiers of Abolished Procedures",
        compute="_compute_transition",
        store=True,
        readonly=False,
    )
    transition_basis = fields.Char(
        compute="_compute_header", store=True, readonly=False
    )
    legal_basis_ids = fields.Many2many("cchc.legal.basis", string="Legal Bases")
    document = fields.Binary("Signed Decision", attachment=False)
    document_name = fields.Char()
    valid_from = fields.Date(
        default=None,
        compute="_compute_valid_from",
        store=True,
        readonly=False,
        required=False,
        help="Empty: the signing date",
    )
    official = fields.Boolean(default=True)
    line_ids = fields.One2many("cchc.publication.apply.line", "wizard_id", "Rows")
    replaced_count = fields.Integer("To Be Replaced", compute="_compute_counts")
    open_count = fields.Integer("Running Dossiers", compute="_compute_counts")
    warning = fields.Text(compute="_compute_terms")
    term_table = fields.Html(compute="_compute_terms", sanitize=False)

    @api.depends("number")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = wizard.number or self._get_title()

    def _get_title(self):
        return self.env._("Apply a Decision")

    @api.depends("decision_id")
    def _compute_header(self):
        """Show the header of a decision that is recorded already."""
        for wizard in self:
            for name in _HEADER:
                wizard[name] = (wizard.decision_id or wizard)[name]

    @api.depends("decision_id")
    def _compute_path(self):
        for wizard in self:
            wizard.path = wizard.decision_id.path or wizard.path or "province"

    @api.depends("decision_id")
    def _compute_transition(self):
        for wizard in self:
            known = wizard.decision_id.transition or wizard.transition
            wizard.transition = known or "keep"

    @api.depends("decision_id", "date")
    def _compute_valid_from(self):
        for wizard in self:
            wizard.valid_from = (
                wizard.decision_id.effective_date or wizard.valid_from or wizard.date
            )

    @api.depends("line_ids.status", "line_ids.open_count")
    def _compute_counts(self):
        result = super()._compute_counts()
        for wizard in self:
            replaced = wizard.line_ids.mapped("status").count("replaced")
            wizard.replaced_count = replaced
            wizard.repealed_count -= replaced
            wizard.open_count = sum(wizard.line_ids.mapped("open_count"))
        return result

    @api.depends(
        "date",
        "valid_from",
        "path",
        "text_issued_on",
        "text_effective_on",
        "company_id",
        "decision_id",
    )
    @api.depends_context("company")
    def _compute_terms(self):
        for wizard in self:
            decision = wizard.decision_id or self.env["cchc.publication.decision"].new(
                wizard._prepare_decision()
            )
            wizard.warning = decision.warning
            wizard.term_table = decision.term_table

    def _prepare_decision(self):
        self.ensure_one()
        return {
            **{name: self[name] for name in (*_HEADER, "path", "transition")},
            "issuer": self.issuer or "",
            "effective_date": self.valid_from or self.date,
            "company_id": self.company_id.id,
            "legal_basis_ids": [fields.Command.set(self.legal_basis_ids.ids)],
            "file": self.document,
            "file_name": self.document_name,
            "kind": "amended",
        }

    def _make_plan(self):
        for name in ("number", "date"):
            if not self[name]:
                raise UserError(
                    self.env._("Enter the number and the signing date of the decision.")
                )
        self.valid_from = self.valid_from or self.date
        return super()._make_plan()

    def action_preview(self):
        result = super().action_preview()
        if applied := self._find_applied():
            self.message = self.env._(
                "The decision %s has been applied: the same list changes nothing.",
                applied.display_name,
            )
        return result

    def _find_decision(self):
        return self.decision_id or self.env["cchc.publication.decision"]._find(
            {"number": self.number, "issuer": self.issuer, "date": self.date}
        )

    def _find_applied(self):
        return self._find_decision().filtered(lambda row: row.state == "applied")

    def action_import(self):
        """Apply the decision; with an applied one nothing changes.

        :raise UserError: when a row is faulty, or the decision was applied with a list
            that says something else
        """
        self.ensure_one()
        if decision := self._find_applied():
            self._check_same_list(decision)
            self.write({"decision_id": decision.id, "state": "done"})
            self.message = self.env._(
                "The decision %s had been applied before; nothing has changed.",
                decision.display_name,
            )
            return True
        super().action_import()
        self.message = self.env._(
            "Applied: %(procedures)s procedures, %(versions)s new versions, "
            "%(postings)s things to post or take down at the desks.",
            procedures=self.decision_id.line_count,
            versions=self.decision_id.version_count,
            postings=self.decision_id.sudo().posting_count,
        )
        return True

    def _check_same_list(self, decision):
        if decision.checksum == self._get_checksum():
            return
        plan = self._make_plan()
        if any(entry["status"] not in ("unchanged", "confirmed") for entry in plan):
            raise UserError(
                self.env._(
                    "The decision %s has been applied with another list; record the "
                    "decision that corrects it.",
                    decision.display_name,
                )
            )

    def _get_checksum(self):
        return hashlib.sha256(self._get_bytes()).hexdigest()

    def _apply(self, plan):
        decision = self._find_decision()
        if not decision:
            decision = decision.create(self._prepare_decision())
        self.decision_id = decision
        return decision._apply_plan(
            plan,
            self._get_checksum(),
            step=lambda done, total: self._send_progress("write", done, total),
        )

    def _prepare_line(self, entry):
        vals = super()._prepare_line(entry)
        changes = entry["changes"]
        if entry["status"] == "new":
            version_model = self.env["cchc.procedure.version"]
            changes = version_model._describe_differences({}, entry["content"])
        vals["table"] = (
            self.env["cchc.procedure.compare"]._render_table(changes)
            if changes
            else False
        )
        return vals

    def action_open_decision(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.publication.decision",
            "res_id": self.decision_id.id,
            "view_mode": "form",
        }


class CchcPublicationApplyLine(models.TransientModel):
    """One row of the list with what applying it does, field by field."""

    _name = "cchc.publication.apply.line"
    _inherit = "cchc.procedure.import.line"
    _description = "Row of a Publication Decision"

    wizard_id = fields.Many2one("cchc.publication.apply")
    table = fields.Html("Differences", sanitize=False)
    open_count = fields.Integer("Running Dossiers", compute="_compute_dossiers")
    draft_count = fields.Integer("Drafts", compute="_compute_dossiers")
    fate = fields.Text("What Happens to Them", compute="_compute_dossiers")
    summary = fields.Text("What Changed", compute="_compute_summary")

    @api.depends("changes")
    def _compute_summary(self):
        for line in self:
            line.summary = summarise(line.changes)

    @api.depends("procedure_id", "status", "wizard_id.transition")
    def _compute_dossiers(self):
        line_model = self.env["cchc.publication.line"]
        changes = {"changed": "amended", "repealed": "repealed", "replaced": "replaced"}
        touched = self.filtered(lambda line: line.status in changes)
        (self - touched).update({"open_count": 0, "draft_count": 0, "fate": False})
        decision_model = self.env["cchc.publication.decision"]
        for wizard, lines in touched.grouped("wizard_id").items():
            decision = decision_model.new({"transition": wizard.transition})
            shown = line_model.browse()
            for line in lines:
                shown |= line_model.new(
                    {
                        "decision_id": decision,
                        "procedure_id": line.procedure_id.id,
                        "change": changes[line.status],
                        "valid_from": wizard.valid_from,
                    }
                )
            shown._compute_dossier_counts()
            shown._compute_fate()
            for line, row in zip(lines, shown, strict=True):
                line.update(
                    {
                        "open_count": row.open_count,
                        "draft_count": row.draft_count,
                        "fate": row.fate,
                    }
                )
