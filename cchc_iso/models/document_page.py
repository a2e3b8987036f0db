from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools import document_code

#: What stays as it is once an issue of the document was approved.
FIXED = frozenset(
    {"code", "company_id", "doc_type_id", "procedure_id", "system_id", "type"}
)
_CHATTER = ("message_", "activity_")
OFFICER = "cchc_iso.group_officer"
LEADER = "cchc_iso.group_leader"


class DocumentPage(models.Model):
    """A page with a document type is a controlled document (ISO 9001 7.5).

    Its text lives in issues (``document.page.history``) that are drafted, reviewed
    and approved; code, system and procedure stay once an issue was approved. Pages
    without a type are OCA's plain pages, for which nothing changes.
    """

    _inherit = "document.page"
    _check_company_auto = True

    content = fields.Html(sanitize=True, sanitize_form=True)
    doc_type_id = fields.Many2one(
        "cchc.iso.document.type", "Document Type", index=True, ondelete="restrict"
    )
    doc_key = fields.Selection(related="doc_type_id.key", store=True, string="Kind")
    is_generated = fields.Boolean(related="doc_type_id.is_generated")
    code = fields.Char(
        "Document Code",
        index="btree_not_null",
        copy=False,
        tracking=True,
        help="Mã hiệu, without the issue number; empty: the next code of the type",
    )
    system_id = fields.Many2one(
        "mgmtsystem.system",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        "Owner Department",
        check_company=True,
        index="btree_not_null",
        help="Keeps the document and the records that it asks for",
    )
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_page_clause_rel",
        "page_id",
        "clause_id",
        "Clauses",
        help="Clauses of the standard that the document maintains",
    )
    procedure_id = fields.Many2one(
        "cchc.procedure", index="btree_not_null", ondelete="restrict"
    )
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", store=True, string="Field"
    )
    process_id = fields.Many2one(
        "cchc.process",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('procedure_id', '=', procedure_id)]",
        help="The live process that the next issue is made from",
    )
    document_parent_id = fields.Many2one(
        "document.page",
        "Belongs to",
        domain="[('doc_type_id', '!=', False), ('system_id', '=', system_id)]",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The process or procedure that a form belongs to",
    )
    form_ids = fields.One2many("document.page", "document_parent_id", "Forms (BM)")
    retention = fields.Char(
        "Records Kept for", help="Empty: as the procedure or the document type says"
    )
    kept_ids = fields.One2many(
        "cchc.iso.document.kept", "page_id", "Further Records Kept", copy=True
    )
    recipient_ids = fields.One2many(
        "cchc.iso.document.recipient", "page_id", "Distribution List", copy=True
    )
    change_ids = fields.One2many("cchc.iso.document.change", "page_id", "Changes")
    open_change_count = fields.Integer(compute="_compute_open_change_count")
    issue_ids = fields.One2many(
        "document.page.history",
        "page_id",
        "Issues",
        domain=[("issue_no", ">", 0), ("state", "!=", "cancelled")],
        readonly=True,
    )
    issue_id = fields.Many2one(
        "document.page.history", "Issue in Force", compute="_compute_issue_id"
    )
    issue_no = fields.Integer(compute="_compute_issue_id", string="Issue No.")
    effective_from = fields.Date(compute="_compute_issue_id", string="In Force from")
    draft_issue_id = fields.Many2one(
        "document.page.history", "Issue in Preparation", compute="_compute_issue_id"
    )
    document_state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("to_come", "To Come"),
            ("in_force", "In Force"),
            ("withdrawn", "Out of Force"),
        ],
        "Status",
        compute="_compute_issue_id",
        search="_search_document_state",
    )
    task_ids = fields.One2many("cchc.iso.update.task", "page_id", "Update Tasks")
    to_update = fields.Boolean(
        compute="_compute_to_update",
        search="_search_to_update",
        help="The procedure or its process has changed since the last issue",
    )
    unread_count = fields.Integer(compute="_compute_unread_count")

    _system_code_uniq = models.UniqueIndex(
        "(system_id, COALESCE(company_id, 0), code) "
        "WHERE active AND doc_type_id IS NOT NULL AND code IS NOT NULL",
        "The system has another document in use with this code: choose another one.",
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("name", "code", "doc_type_id")
    def _compute_display_name(self):
        controlled = self.filtered("doc_type_id")
        for page in controlled:
            page.display_name = " ".join(filter(None, [page.code, page.name]))
        return super(DocumentPage, self - controlled)._compute_display_name()

    def _compute_has_changes_pending_approval(self):
        """Ask only of saved pages: OCA searches with the id of a new one."""
        self.has_changes_pending_approval = False
        return super(
            DocumentPage, self.filtered("id")
        )._compute_has_changes_pending_approval()

    def _compute_user_has_drafts(self):
        self.user_has_drafts = False
        return super(DocumentPage, self.filtered("id"))._compute_user_has_drafts()

    @api.depends(
        "issue_ids.state", "issue_ids.effective_from", "issue_ids.effective_to"
    )
    def _compute_issue_id(self):
        for page in self:
            today = page._cchc_today()
            approved = page.sudo().issue_ids.filtered(lambda i: i.state == "approved")
            current = approved.filtered(
                lambda issue, day=today: issue._cchc_is_valid_on(day)
            )
            current = current.sorted("effective_from")[-1:]
            drafts = page.sudo().issue_ids.filtered(
                lambda issue: issue.state in ("draft", "to approve")
            )
            page.issue_id = current.with_env(self.env)
            page.draft_issue_id = drafts[:1].with_env(self.env)
            page.issue_no = current.issue_no
            page.effective_from = current.effective_from
            if current:
                page.document_state = "in_force"
            elif any(
                issue.effective_from > today and not issue._cchc_is_void()
                for issue in approved
            ):
                page.document_state = "to_come"
            else:
                page.document_state = "withdrawn" if approved else "draft"

    def _cchc_today(self):
        """Return today by the clocks of the agency, whatever the zone of the user."""
        company = self[:1].company_id.sudo() or self.env.company
        return company._cchc_local_date(replay.now(self.env))

    @api.model
    def _search_document_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.browse()._cchc_today()
        approved = Domain("state", "=", "approved") & Domain("issue_no", ">", 0)
        valid = (
            approved
            & Domain("effective_from", "<=", today)
            & (Domain("effective_to", "=", False) | Domain("effective_to", ">=", today))
        )
        later = (
            approved
            & Domain("effective_from", ">", today)
            & (Domain("effective_to", "=", False) | Domain("effective_to", ">", today))
        )
        in_force = Domain("issue_ids", "any", valid)
        to_come = Domain("issue_ids", "any", later) & ~in_force
        ever = Domain("issue_ids", "any", approved)
        domains = {
            "in_force": in_force,
            "to_come": to_come,
            "withdrawn": ever & ~in_force & ~to_come,
            "draft": ~ever,
        }
        return Domain("doc_type_id", "!=", False) & Domain.OR(
            domains[state] for state in value if state in domains
        )

    def _compute_open_change_count(self):
        counts = dict(
            self.env["cchc.iso.document.change"]._read_group(
                [("page_id", "in", self.ids), ("state", "=", "open")],
                ["page_id"],
                ["__count"],
            )
        )
        for page in self:
            page.open_change_count = counts.get(page, 0)

    @api.depends("task_ids.state")
    def _compute_to_update(self):
        for page in self:
            page.to_update = any(task.state == "open" for task in page.sudo().task_ids)

    @api.model
    def _search_to_update(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain("task_ids", "any", [("state", "=", "open")])
        return Domain.OR(found if wanted else ~found for wanted in value)

    @api.depends_context("uid")
    def _compute_unread_count(self):
        counts = dict(
            self.env["cchc.iso.document.ack"]._read_group(
                [("page_id", "in", self.ids), ("read_at", "=", False)],
                ["page_id"],
                ["__count"],
            )
        )
        for page in self:
            page.unread_count = counts.get(page, 0)

    @api.depends("history_ids")
    def _compute_history_head(self):
        """Of a controlled document what is in force, else what was in force last."""
        controlled = self.filtered("doc_type_id")
        for page in controlled:
            today = page._cchc_today()
            issues = page.sudo().history_ids.filtered(lambda i: i.state == "approved")
            begun = issues.filtered(
                lambda i, day=today: not i.effective_from or i.effective_from <= day
            )
            latest = (begun or issues).sorted(
                lambda i: (i.effective_from or fields.Date.from_string("1900-01-01"),)
            )
            page.history_head = latest[-1:].with_env(self.env)
        return super(DocumentPage, self - controlled)._compute_history_head()

    # ------------------------------------------------------------------
    # Code and system
    # ------------------------------------------------------------------
    @api.constrains("doc_type_id", "system_id", "code")
    def _check_controlled(self):
        for page in self.filtered("doc_type_id"):
            if not page.system_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is a controlled document: choose its quality system.",
                        page.name,
                    )
                )
            if not page.code:
                raise ValidationError(
                    self.env._(
                        "“%(page)s” needs a code (mã hiệu): write one, or give the "
                        "type “%(type)s” a pattern of codes.",
                        page=page.name,
                        type=page.doc_type_id.name,
                    )
                )

    @api.constrains("document_parent_id")
    def _check_document_parent(self):
        if self._has_cycle("document_parent_id"):
            raise ValidationError(
                self.env._("A document cannot belong to itself; choose another one.")
            )

    @api.constrains("process_id", "procedure_id")
    def _check_process(self):
        for page in self.sudo():
            if page.process_id and page.process_id.procedure_id != page.procedure_id:
                raise ValidationError(
                    self.env._(
                        "The process %(process)s does not belong to %(procedure)s.",
                        process=page.process_id.display_name,
                        procedure=page.procedure_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    def _cchc_check_officer(self):
        """Refuse changes of controlled documents by OCA's editors."""
        if self.env.su or is_unlocked(self.env) or self.env.user.has_group(OFFICER):
            return
        raise AccessError(
            self.env._(
                "%s is a controlled document: only the ISO secretary changes it. Send "
                "a request for a change instead.",
                self[:1].display_name,
            )
        )

    def _cchc_was_issued(self):
        """Return the documents of which an issue was approved at any time."""
        issued = (
            self.env["document.page.history"]
            .sudo()
            ._read_group(
                [
                    ("page_id", "in", self.ids),
                    ("state", "=", "approved"),
                    ("doc_type_id", "!=", False),
                ],
                ["page_id"],
            )
        )
        ids = {page.id for (page,) in issued}
        return self.filtered(lambda page: page.id in ids)

    @api.model_create_multi
    def create(self, vals_list):
        controlled = [vals for vals in vals_list if vals.get("doc_type_id")]
        if controlled and not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(
                self.env._("Controlled documents are made by the ISO secretary.")
            )
        for vals in controlled:
            self._cchc_prepare(vals)
        self._cchc_prepare_codes(controlled)
        # OCA's inverse of the text needs the code for the draft that it makes
        contents = [
            vals.pop("content", None) if vals.get("doc_type_id") else None
            for vals in vals_list
        ]
        pages = super().create(vals_list)
        for page, content in zip(pages, contents, strict=True):
            if content and not page.is_generated:
                page._cchc_draft_issue().content = content
        return pages

    def _cchc_prepare(self, vals):
        """Complete the values of a new controlled document."""
        vals.setdefault("type", "content")
        company = self.env["res.company"].browse(
            vals.get("company_id", self.env.company.id)
        )
        if not vals.get("system_id"):
            vals["system_id"] = self.env["mgmtsystem.system"]._cchc_for(company).id
        if vals.get("process_id") and not vals.get("procedure_id"):
            process = self.env["cchc.process"].browse(vals["process_id"])
            vals["procedure_id"] = process.procedure_id.id

    def _cchc_prepare_codes(self, vals_list):
        """Give new controlled documents the next codes of their types."""
        groups = {}
        for vals in vals_list:
            if not vals.get("code"):
                key = (
                    vals["doc_type_id"],
                    vals.get("system_id"),
                    vals.get("company_id", self.env.company.id),
                )
                groups.setdefault(key, []).append(vals)
        for (type_id, system_id, company_id), rows in groups.items():
            company = self.env["res.company"].browse(company_id)
            codes = (
                self.env["cchc.iso.document.type"]
                .browse(type_id)
                ._next_codes(
                    self.env["mgmtsystem.system"].browse(system_id),
                    company,
                    [self._cchc_code_values(company, vals) for vals in rows],
                )
            )
            for vals, code in zip(rows, codes, strict=True):
                vals["code"] = code

    @api.model
    def _cchc_code_values(self, company, vals):
        """Return what patterns of codes may name, of the values of a document."""
        procedure = self.env["cchc.procedure"].browse(vals.get("procedure_id") or ())
        parent = self.browse(vals.get("document_parent_id") or ())
        return {
            "unit": company.sudo().cchc_unit_code or "",
            "sector": procedure.sector_id.code or "",
            "parent": document_code.stem(parent.code or ""),
        }

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_CHATTER)}
        if names and not is_unlocked(self.env):
            controlled = self.filtered("doc_type_id")
            if controlled or vals.get("doc_type_id"):
                (controlled or self)._cchc_check_officer()
            self._cchc_check_fixed(controlled, names, vals)
        return super().write(vals)

    def _cchc_check_fixed(self, controlled, names, vals):
        """Refuse to change what the approved issues rest on."""
        fixed = names & FIXED
        if fixed and (issued := controlled._cchc_was_issued()):
            for page in issued:
                for name in sorted(fixed):
                    field = page._fields[name]
                    value = field.convert_to_cache(vals[name], page, validate=False)
                    if field.convert_to_cache(page[name], page) != value:
                        raise UserError(
                            self.env._(
                                "%(page)s has an approved issue: its “%(field)s” does "
                                "not change any more. Withdraw it and make another "
                                "document.",
                                page=page.display_name,
                                field=field._description_string(self.env),
                            )
                        )
        if vals.get("active") is False:
            running = controlled.filtered(
                lambda page: page.document_state in ("in_force", "to_come")
            )
            if running:
                raise UserError(
                    self.env._(
                        "%s is in force: withdraw it by its button, with the day from "
                        "which it no longer applies.",
                        running[0].display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if issued := self.with_context(active_test=False)._cchc_was_issued():
            raise UserError(
                self.env._(
                    "%s has an approved issue and cannot be deleted: dossiers were "
                    "settled under it. Withdraw it instead.",
                    issued[0].display_name,
                )
            )

    def copy(self, default=None):
        """A copy of a controlled document begins with a draft of the same text."""
        if self.doc_type_id:
            default = {"draft_name": False, "draft_summary": False, **(default or {})}
        return super().copy(default)

    def _inverse_content(self):
        """The text of a controlled document goes into its issue in preparation."""
        controlled = self.filtered("doc_type_id")
        for page in controlled:
            content = page.content
            if content == page.history_head.content:
                continue
            if page.is_generated:
                raise UserError(
                    self.env._(
                        "The text of %s is made from its process: change the process, "
                        "or the office's own sections in a new issue.",
                        page.display_name,
                    )
                )
            (page.draft_issue_id or page._cchc_draft_issue()).content = content
        result = super(DocumentPage, self - controlled)._inverse_content()
        # what is shown stays what is in force
        controlled.invalidate_recordset(["content"])
        return result

    # ------------------------------------------------------------------
    # Issues
    # ------------------------------------------------------------------
    def _cchc_draft_issue(self):
        """Return a new draft issue of each of these documents."""
        self.check_access("write")
        self._cchc_check_officer()
        for page in self:
            if not page.doc_type_id:
                raise UserError(
                    self.env._(
                        "%s is no controlled document: give it a document type first.",
                        page.display_name,
                    )
                )
            if page.draft_issue_id:
                raise UserError(
                    self.env._(
                        "%(page)s already has an issue in preparation: %(issue)s.",
                        page=page.display_name,
                        issue=page.draft_issue_id.display_name,
                    )
                )
        issues = unlocked(self.env["document.page.history"]).create(
            [page._cchc_issue_values() for page in self]
        )
        issues = self.env["document.page.history"].browse(issues.ids)
        issues._cchc_make_blocks()
        self.invalidate_recordset(["issue_ids", "draft_issue_id"])
        return issues

    def _cchc_issue_values(self):
        """Return the values of the next issue of this document."""
        self.ensure_one()
        issues = (
            self.env["document.page.history"]
            .sudo()
            .search(
                [("page_id", "=", self.id), ("issue_no", ">", 0)],
                order="issue_no desc, id desc",
            )
        )
        issued = issues.filtered(lambda issue: issue.state == "approved")
        latest = issued[:1]
        number = latest.issue_no + 1
        system = self.system_id.sudo().with_company(self.company_id)
        today = issues._cchc_today()
        return {
            "page_id": self.id,
            "state": "draft",
            "issue_no": number,
            "name": f"{number:02d}",
            "summary": False,
            "code": self.code,
            "title": self.name,
            "agency_name": (self.company_id or self.env.company).sudo().name,
            "process_id": self.process_id.id,
            "version_id": self.process_id.sudo().version_id.id,
            "edition_id": system.edition_id.id,
            "previous_issue_id": latest.id,
            "drafter_id": self.env.uid,
            "reviewer_id": (
                system._cchc_people("2_deputy", day=today)[:1] or latest.reviewer_id
            ).id,
            "approver_id": (
                system._cchc_people("1_head", day=today)[:1] or latest.approver_id
            ).id,
            "content": False if latest.block_ids else latest.content,
        }

    def get_formview_id(self, access_uid=None):
        """Controlled documents have a form of their own."""
        if self[:1].doc_type_id:
            return self.env.ref("cchc_iso.document_page_view_form").id
        return super().get_formview_id(access_uid)

    def action_draft_issue(self):
        """Begin a new issue and open it; one in preparation is opened."""
        self.ensure_one()
        issue = self.draft_issue_id or self._cchc_draft_issue()
        return issue._cchc_open()

    def action_open_issue(self):
        """Open the issue in force."""
        self.ensure_one()
        issue = self.issue_id or self.draft_issue_id
        if not issue:
            raise UserError(self.env._("%s has no issue yet.", self.display_name))
        return issue._cchc_open()

    def action_print(self):
        """Print the issue in force, else the draft."""
        issues = self.env["document.page.history"].union(
            *(page.issue_id or page.draft_issue_id for page in self)
        )
        if not issues:
            raise UserError(self.env._("There is no issue to print yet."))
        return issues.action_print()

    def action_print_distribution(self):
        """Print who got the documents and who has read them."""
        return self.env.ref("cchc_iso.document_distribution_report").report_action(self)

    def action_open_task(self):
        """Open what has to be updated."""
        self.ensure_one()
        task = self.task_ids.filtered(lambda task: task.state == "open")[:1]
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.iso.update.task",
            "res_id": task.id,
            "view_mode": "form",
        }

    def action_withdraw(self):
        """Ask from which day the document no longer applies."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw"),
            "res_model": "cchc.iso.document.withdraw",
            "view_mode": "form",
            "target": "new",
            "context": {"default_page_id": self.id},
        }

    def _cchc_withdraw(self, day, reason):
        """End the issues in force on ``day``, which is the last one they apply.

        :raises AccessError: for who neither leads nor manages the system
        """
        self.check_access("read")
        if not self.env.user.has_group(LEADER):
            raise AccessError(self.env._("Only a leader withdraws a document."))
        pages = self.sudo()
        issues = pages.issue_ids.filtered(
            lambda issue: (
                issue.state == "approved"
                and (not issue.effective_to or issue.effective_to > day)
                and not issue._cchc_is_void()
            )
        )
        if not issues:
            raise UserError(self.env._("%s is not in force.", self[:1].display_name))
        for issue in issues:
            unlocked(issue).write(
                {
                    "effective_to": max(
                        day, fields.Date.subtract(issue.effective_from, days=1)
                    )
                }
            )
        drafts = pages.draft_issue_id
        drafts._cchc_cancel()
        pages.issue_ids.ack_ids._cchc_drop_open()
        unlocked(pages).write({"active": False})
        for page in pages:
            page._message_log(
                body=self.env._(
                    "Withdrawn, last day in force %(day)s: %(reason)s",
                    day=format_date(self.env, day),
                    reason=reason,
                )
            )
        pages.task_ids._close_done()
        pages._compute_history_head()

    @api.model
    def _cron_daily(self):
        """Show what came into force today, and tell of tasks that became pressing."""
        # by the clocks of the agencies, whatever the zone of the cron's user
        self = self.with_context(tz=str(self.env.company._cchc_tz()))
        today = fields.Date.context_today(self)
        issues = (
            self.env["document.page.history"]
            .sudo()
            .search(
                [
                    ("state", "=", "approved"),
                    ("issue_no", ">", 0),
                    ("effective_from", "<=", today),
                    ("effective_from", ">=", fields.Date.subtract(today, days=31)),
                ]
            )
        )
        pages = issues.page_id
        pages._compute_history_head()
        self.env["cchc.iso.update.task"]._make_activities()

    @api.model
    def _cchc_open_of(self, domain, defaults):
        """Open the process documents that match, or offer to make one."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.document_page_action"
        )
        pages = self.search([*domain, ("doc_key", "=", "procedure_process")])
        doc_type = self.env["cchc.iso.document.type"]._of("procedure_process")
        action |= {
            "domain": [*domain, ("doc_key", "=", "procedure_process")],
            "context": {
                "default_doc_type_id": doc_type.id,
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }
        if len(pages) == 1:
            action |= {
                "res_id": pages.id,
                "views": [
                    (self.env.ref("cchc_iso.document_page_view_form").id, "form")
                ],
            }
        return action

    def action_open_acks(self):
        """Open who has read the issues and who has not."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_document_ack_action"
        )
        return {
            **action,
            "domain": [("page_id", "=", self.id)],
            "context": {"search_default_unread": 1},
        }

    def action_open_changes(self):
        """Open the requests for changes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_iso.cchc_iso_document_change_action"
        )
        return {
            **action,
            "domain": [("page_id", "=", self.id)],
            "context": {"default_page_id": self.id},
        }
