from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CchcIsoDocumentGenerate(models.TransientModel):
    """Makes the process documents of many procedures in one go.

    A process that has a document gets a new issue only when the document is to be
    updated; nothing is made twice.
    """

    _name = "cchc.iso.document.generate"
    _description = "Make Process Documents"

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, default=lambda self: self.env.company
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        required=True,
        compute="_compute_system_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    doc_type_id = fields.Many2one(
        "cchc.iso.document.type",
        "Document Type",
        required=True,
        domain=[("key", "=", "procedure_process")],
        default=lambda self: self.env["cchc.iso.document.type"]._of(
            "procedure_process"
        ),
    )
    sector_ids = fields.Many2many(
        "cchc.sector", string="Fields", help="Empty: processes of all fields"
    )
    process_ids = fields.Many2many(
        "cchc.process",
        string="Only These Processes",
        default=lambda self: self._default_process_ids(),
    )
    reissue = fields.Boolean(
        "Also Begin Outdated Ones Anew",
        default=True,
        help="Documents whose procedure or process has changed get a new issue",
    )
    distribute = fields.Boolean(
        "Distribute to the Departments of the Steps",
        default=True,
        help="They get the soft copy and confirm having read it",
    )
    submit = fields.Boolean(
        "Submit for Approval at Once",
        help="Issues with something to mend stay in preparation",
    )
    new_count = fields.Integer("New Documents", compute="_compute_counts")
    reissue_count = fields.Integer("To Begin Anew", compute="_compute_counts")

    def _default_process_ids(self):
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids")
        if model == "cchc.process":
            return self.env["cchc.process"].browse(ids)
        if model == "cchc.procedure":
            return self.env["cchc.process"].search(
                Domain("procedure_id", "in", ids)
                & Domain("state", "=", "published")
                & Domain("company_id", "parent_of", self.env.company.id)
            )
        return False

    @api.depends("company_id")
    def _compute_system_id(self):
        for wizard in self:
            wizard.system_id = self.env["mgmtsystem.system"]._cchc_for(
                wizard.company_id
            )

    @api.depends(
        "company_id", "system_id", "sector_ids", "process_ids", "reissue", "doc_type_id"
    )
    def _compute_counts(self):
        for wizard in self:
            new, outdated = wizard._get_work()
            wizard.new_count = len(new)
            wizard.reissue_count = len(outdated)

    def _get_work(self):
        """Return the processes without a document, and documents to begin anew."""
        self.ensure_one()
        company = self.company_id
        domain = Domain("company_id", "parent_of", company.id)
        if self.process_ids:
            domain &= Domain("id", "in", self.process_ids.ids)
        else:
            domain &= Domain("state", "=", "published")
        if self.sector_ids:
            domain &= Domain("sector_id", "in", self.sector_ids.ids)
        processes = self.env["cchc.process"].search(
            domain, order="sector_id, procedure_id, id"
        )
        pages = self.env["document.page"].search(
            Domain("doc_key", "=", "procedure_process")
            & Domain("company_id", "=", company.id)
            & Domain("procedure_id", "in", processes.procedure_id.ids)
        )
        documented = pages.process_id
        new = processes - documented
        # the agency's own process goes before that of its province
        own = {
            (process.version_id, process.channel, process.case_id): process
            for process in processes
            if process.company_id == company
        }
        new = new.filtered(
            lambda process: (
                own.get((process.version_id, process.channel, process.case_id), process)
                == process
            )
        )
        outdated = pages.filtered(
            lambda page: (
                page.process_id in processes
                and page.to_update
                and not page.draft_issue_id
            )
        )
        return new, outdated if self.reissue else outdated.browse()

    def action_generate(self):
        """Make the documents and their first issues, and open them."""
        self.ensure_one()
        new, outdated = self._get_work()
        if not new and not outdated:
            raise UserError(
                self.env._(
                    "Every process chosen has a document that is up to date: there is "
                    "nothing to make."
                )
            )
        pages = self.env["document.page"].create(self._pages_values(new))
        issues = (pages | outdated)._cchc_draft_issue()
        if self.submit:
            issues.filtered(lambda issue: not issue._cchc_problem())._cchc_submit()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.document_page_history_action_open"
        )
        return {**action, "domain": [("id", "in", issues.ids)]}

    def _pages_values(self, processes):
        """Return the values of the new documents, no code in them twice."""
        taken = set(
            self.env["document.page"]
            .with_context(active_test=False)
            .search_fetch(
                [
                    ("system_id", "=", self.system_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("code", "!=", False),
                ],
                ["code"],
            )
            .mapped("code")
        )
        vals_list = []
        for process in processes:
            vals = self._page_values(process)
            if vals["code"] in taken:
                vals["code"] = False
            taken.add(vals["code"])
            vals_list.append(vals)
        # codes of processes first: the next numbers come after them
        return sorted(vals_list, key=lambda vals: not vals["code"])

    def _page_values(self, process):
        """Return the values of the document of a process; its code follows."""
        steps = process.sudo().step_ids
        same = process.company_id == self.company_id
        departments = steps.department_id if same else steps.department_id.browse()
        handler = steps.filtered(lambda step: step.role == "handle").department_id
        return {
            "name": process.name,
            "doc_type_id": self.doc_type_id.id,
            "system_id": self.system_id.id,
            "company_id": self.company_id.id,
            "process_id": process.id,
            "procedure_id": process.procedure_id.id,
            "code": process.code or False,
            "department_id": same and handler[:1].id,
            "recipient_ids": [
                Command.create({"department_id": department.id, "sequence": number})
                for number, department in enumerate(departments, 1)
            ]
            if self.distribute
            else [],
        }
