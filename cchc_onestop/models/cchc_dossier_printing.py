from odoo import api, fields, models
from odoo.exceptions import UserError

#: Form 01: receipt of the dossier and appointment for the result.
RECEIPT = "01"


class CchcDossier(models.Model):
    """The statutory papers of a dossier: issued once, kept, voided openly."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    paper_ids = fields.One2many(
        "cchc.dossier.paper",
        "dossier_id",
        readonly=True,
        groups="cchc_onestop.group_identity",
    )
    receipt_id = fields.Many2one(
        "cchc.dossier.paper",
        compute="_compute_receipt_id",
        groups="cchc_onestop.group_identity",
        help="The receipt (Mẫu 01) in force",
    )

    paper_count = fields.Integer(
        compute="_compute_paper_count", groups="cchc_onestop.group_identity"
    )

    def _compute_paper_count(self):
        counts = dict(
            self.env["cchc.dossier.paper"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.paper_count = counts.get(dossier._origin, 0)

    @api.depends("paper_ids.state", "paper_ids.code")
    def _compute_receipt_id(self):
        for dossier in self:
            dossier.receipt_id = dossier.paper_ids.filtered(
                lambda paper: paper.code == RECEIPT and paper.state == "issued"
            )[:1]

    def _issue_paper(self, code):
        """Papers of form ``code`` in force, one per dossier; missing ones are issued.

        :raises UserError: a dossier has not been accepted yet
        """
        paper_model = self.env["cchc.dossier.paper"]
        valid = {
            paper.dossier_id.id: paper
            for paper in paper_model.search(
                [
                    ("dossier_id", "in", self.ids),
                    ("code", "=", code),
                    ("state", "=", "issued"),
                ]
            )
        }
        missing = self.filtered(lambda dossier: dossier.id not in valid)
        missing._check_may_print(code)
        replaced = {
            dossier.id: paper
            for dossier in missing
            if (paper := dossier._replaced_paper(code))
        }
        for paper in paper_model.issue(missing, code, replaced):
            valid[paper.dossier_id.id] = paper
        return paper_model.union(*(valid[dossier.id] for dossier in self))

    def _check_may_print(self, code):
        """A receipt belongs to a dossier that was accepted and stands."""
        if code != RECEIPT:
            return
        for dossier in self:
            if not dossier.name or not dossier.accepted_at:
                raise UserError(
                    self.env._(
                        "%(dossier)s has not been accepted: accept it, then print the "
                        "receipt.",
                        dossier=dossier.display_name,
                    )
                )
            if dossier.state == "void":
                raise UserError(
                    self.env._(
                        "%(dossier)s is void; print the receipt of the dossier that "
                        "replaces it.",
                        dossier=dossier.name,
                    )
                )

    def _replaced_paper(self, code):
        """Void paper that a new one of this dossier stands for, if there is one."""
        self.ensure_one()
        return self.env["cchc.dossier.paper"].search(
            [
                ("dossier_id", "in", (self | self.replaces_id).ids),
                ("code", "=", code),
                ("state", "=", "void"),
                ("replaced_by_id", "=", False),
            ],
            order="id desc",
            limit=1,
        )

    def action_print_receipt(self):
        """Open the receipts; a missing one is issued by the request that shows it.

        The PDF is drawn after the acceptance is committed, so that no other desk waits
        for the drawing before it gets its next dossier code.
        """
        self._check_may_print(RECEIPT)
        if len(self) > 1:
            edition = self.env["cchc.form.edition"]._for(
                RECEIPT, self.env.company, fields.Date.context_today(self)
            )
            return edition.report_id.report_action(self, config=False)
        return {
            "type": "ir.actions.act_url",
            "url": f"/cchc_onestop/dossier/{self.id}/paper/{RECEIPT}",
            "target": "new",
        }

    def action_view_papers(self):
        """Open the papers of the dossiers, void ones included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_paper_action"
        )
        action["domain"] = [("dossier_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _void_papers_of(self, voided):
        papers = voided.sudo().paper_ids.filtered(lambda paper: paper.state == "issued")
        if papers:
            papers.with_env(self.env).void(
                self.env._("The dossier was voided and issued anew.")
            )
        return super()._void_papers_of(voided)
