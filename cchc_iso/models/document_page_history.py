import hashlib
import json
from urllib.parse import quote as url_quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .document_page import LEADER

#: What the secretary writes in a draft; everything else is kept by the system.
FREE = frozenset(
    {
        "approver_id",
        "block_ids",
        "change_ids",
        "content",
        "effective_from",
        "file",
        "file_name",
        "reviewer_id",
        "summary",
    }
)
_CHATTER = ("message_", "activity_", "website_message_")
#: What only approvers may touch on the approved text of a plain page.
_APPROVED = frozenset({"content", "page_id", "state", "approved_date", "approved_uid"})


class DocumentPageHistory(models.Model):
    """Issue of a controlled document (lần ban hành): drafted, reviewed, approved.

    In preparation it is made from the live process each time it is shown; when it is
    approved, its text is kept with its SHA-256, the process and the version of the
    procedure that it was made from, and nobody changes it any more. Rows of plain
    pages keep OCA's own approval.
    """

    _name = "document.page.history"
    _inherit = ["document.page.history", "cchc.approval.mixin"]
    _state_from = ["to approve"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"
    _cchc_approval_required = True
    _cchc_signature_group = LEADER

    # lists and searches of issues do without the texts
    content = fields.Html(sanitize=True, sanitize_form=True, prefetch=False)
    doc_type_id = fields.Many2one(
        related="page_id.doc_type_id", store=True, index="btree_not_null"
    )
    doc_key = fields.Selection(related="page_id.doc_type_id.key")
    is_generated = fields.Boolean(related="page_id.is_generated")
    system_id = fields.Many2one(related="page_id.system_id", store=True)
    department_id = fields.Many2one(related="page_id.department_id")
    procedure_id = fields.Many2one(related="page_id.procedure_id", store=True)
    issue_no = fields.Integer(
        "Issue No.", readonly=True, copy=False, aggregator=None, help="Lần ban hành"
    )
    code = fields.Char(
        "Document Code", readonly=True, help="Code at the time of the issue"
    )
    title = fields.Char(readonly=True, help="Title at the time of the issue")
    agency_name = fields.Char("Agency", readonly=True)
    process_id = fields.Many2one(
        "cchc.process", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    version_id = fields.Many2one(
        "cchc.procedure.version",
        "Procedure Version",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    edition_id = fields.Many2one(
        "cchc.iso.edition",
        "Edition of the Standard",
        readonly=True,
        ondelete="restrict",
    )
    previous_issue_id = fields.Many2one(
        "document.page.history", "Replaces", readonly=True, ondelete="restrict"
    )
    effective_from = fields.Date(
        "In Force from",
        help="Empty or past: the day of approval, never before the process begins",
    )
    effective_to = fields.Date(
        "In Force until", readonly=True, copy=False, help="Last day in force"
    )
    issue_state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("review", "In Approval"),
            ("to_come", "To Come"),
            ("in_force", "In Force"),
            ("obsolete", "Obsolete"),
            ("cancelled", "Dropped"),
        ],
        "Status of the Issue",
        compute="_compute_issue_state",
    )
    drafter_id = fields.Many2one("res.users", "Drafted by", readonly=True)
    reviewer_id = fields.Many2one(
        "res.users",
        "Reviewed by",
        help="Leader who reviews the issue before it is approved (Xem xét)",
    )
    approver_id = fields.Many2one(
        "res.users", "To Be Approved by", help="Leader who approves it (Phê duyệt)"
    )
    block_ids = fields.One2many(
        "cchc.iso.document.block", "issue_id", "Texts of the Office"
    )
    change_ids = fields.One2many("cchc.iso.document.change", "issue_id", "Changes")
    signature_ids = fields.One2many(
        "cchc.iso.document.signature", "issue_id", "Signatures", readonly=True
    )
    ack_ids = fields.One2many("cchc.iso.document.ack", "issue_id", "Read by")
    unread_count = fields.Integer("Not Read Yet", compute="_compute_read_counts")
    read_count = fields.Integer("Have Read", compute="_compute_read_counts")
    my_ack_id = fields.Many2one("cchc.iso.document.ack", compute="_compute_my_ack_id")
    file = fields.Binary("Document File", attachment=True)
    file_name = fields.Char()
    is_pdf = fields.Boolean(compute="_compute_is_pdf")
    is_imported = fields.Boolean(
        "Taken Over",
        readonly=True,
        help="Issued before this system was used; the file shows what was issued",
    )
    source_sha256 = fields.Char(
        readonly=True, help="Of the text as it was submitted for approval"
    )
    content_sha256 = fields.Char("SHA-256", readonly=True, copy=False)
    is_intact = fields.Boolean(compute="_compute_is_intact")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    problem = fields.Char(compute="_compute_problem")

    _issue_uniq = models.UniqueIndex(
        "(page_id, issue_no) WHERE state = 'approved' AND issue_no > 0",
        "The document already has an approved issue with this number.",
    )
    _one_draft = models.UniqueIndex(
        "(page_id) WHERE issue_no > 0 AND state IN ('draft', 'to approve')",
        "The document already has an issue in preparation.",
    )
    _process_idx = models.Index(
        "(process_id, effective_from) WHERE state = 'approved' AND issue_no > 0"
    )

    # ------------------------------------------------------------------
    # Which issue applied
    # ------------------------------------------------------------------
    def _cchc_is_void(self):
        """Return whether the issue was replaced before it came into force."""
        return bool(self.effective_to and self.effective_to < self.effective_from)

    def _cchc_is_valid_on(self, day):
        """Return whether this approved issue is in force on ``day``."""
        return bool(
            self.state == "approved"
            and self.effective_from
            and self.effective_from <= day
            and (not self.effective_to or self.effective_to >= day)
        )

    @api.model
    def _cchc_in_force(self, process, day, company=None):
        """Return the approved issue in force for ``process`` on ``day``, or empty.

        :param company: agency whose document is meant, where agencies share the
            process of their province; by default that of the process
        """
        return self._cchc_in_force_by([(process.id, day)], company)[process.id, day]

    @api.model
    def _cchc_in_force_by(self, pairs, company=None):
        """Return ``{(process id, day): issue in force}`` in one query.

        Read with full rights, since whoever closes a dossier need not know the
        quality system; the issues come back with the rights of the caller. A pair
        without an issue has an empty one.

        :param pairs: ``(process id, date)``
        """
        pairs = [(process_id, fields.Date.to_date(day)) for process_id, day in pairs]
        ids = {process_id for process_id, _day in pairs if process_id}
        issues = (
            self.sudo().search_fetch(
                [
                    ("process_id", "in", list(ids)),
                    ("state", "=", "approved"),
                    ("issue_no", ">", 0),
                ],
                ["process_id", "company_id", "effective_from", "effective_to", "state"],
                order="effective_from desc, id desc",
            )
            if ids
            else self.sudo()
        )
        found = {}
        for issue in issues:
            found.setdefault(issue.process_id.id, []).append(issue)
        result = {}
        for process_id, day in pairs:
            valid = [
                issue
                for issue in found.get(process_id, ())
                if day and issue._cchc_is_valid_on(day)
            ]
            owner = company or (valid and valid[0].process_id.company_id)
            valid.sort(key=lambda issue, owner=owner: issue.company_id != owner)
            if company:
                valid = [
                    issue for issue in valid if issue.company_id in (company, False)
                ] or valid[:0]
            result[process_id, day] = (
                valid[0].with_env(self.env) if valid else self.browse()
            )
        return result

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("page_id", "issue_no", "code", "title")
    def _compute_display_name(self):
        """OCA gives a tuple here; its clients expect a text."""
        for issue in self:
            if issue.issue_no:
                issue.display_name = self.env._(
                    "%(code)s %(title)s (issue %(number)s)",
                    code=issue.code or "",
                    title=issue.title or "",
                    number=f"{issue.issue_no:02d}",
                ).strip()
            else:
                issue.display_name = f"{issue.page_id.name or ''} #{issue.id or ''}"

    @api.depends("state", "effective_from", "effective_to", "doc_type_id")
    def _compute_issue_state(self):
        names = {"draft": "draft", "to approve": "review", "cancelled": "cancelled"}
        for issue in self:
            today = issue._cchc_today()
            if not issue.issue_no:
                issue.issue_state = False
            elif issue.state != "approved":
                issue.issue_state = names.get(issue.state)
            elif issue._cchc_is_valid_on(today):
                issue.issue_state = "in_force"
            elif issue.effective_from > today and not issue._cchc_is_void():
                issue.issue_state = "to_come"
            else:
                issue.issue_state = "obsolete"

    def _compute_read_counts(self):
        counts = {
            (issue.id, done): count
            for issue, done, count in self.env["cchc.iso.document.ack"]._read_group(
                [("issue_id", "in", self.ids)], ["issue_id", "is_read"], ["__count"]
            )
        }
        for issue in self:
            issue.unread_count = counts.get((issue.id, False), 0)
            issue.read_count = counts.get((issue.id, True), 0)

    @api.depends_context("uid")
    @api.depends("ack_ids.read_at")
    def _compute_my_ack_id(self):
        acks = self.env["cchc.iso.document.ack"].search(
            [
                ("issue_id", "in", self.ids),
                ("user_id", "=", self.env.uid),
                ("read_at", "=", False),
            ]
        )
        mine = {ack.issue_id.id: ack for ack in acks}
        for issue in self:
            issue.my_ack_id = mine.get(issue.id, False)

    @api.depends("file_name")
    def _compute_is_pdf(self):
        for issue in self:
            issue.is_pdf = (issue.file_name or "").lower().endswith(".pdf")

    @api.depends("content_sha256")
    def _compute_is_intact(self):
        for issue in self:
            issue.is_intact = issue._cchc_is_untouched()

    @api.depends("state", "content", "block_ids.content", "process_id", "title")
    def _compute_preview(self):
        for issue in self:
            if issue.issue_no and issue.state == "draft" and issue.id:
                issue.preview = issue._origin._cchc_render()
            else:
                issue.preview = issue.content

    @api.depends("state", "process_id", "reviewer_id", "approver_id")
    def _compute_problem(self):
        for issue in self:
            open_issue = issue.issue_no and issue.state in ("draft", "to approve")
            issue.problem = open_issue and issue._origin._cchc_problem()

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model
    def _cchc_guarded_states(self):
        return {"to approve", "approved", "cancelled"}

    def _cchc_approval_subject(self):
        # rows of plain pages keep OCA's approval
        return self.filtered("doc_type_id")

    def _tier_validation_check_state_on_write(self, vals):
        return super(
            DocumentPageHistory, self._cchc_approval_subject()
        )._tier_validation_check_state_on_write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            pages = self.env["document.page"].browse(
                vals["page_id"] for vals in vals_list if vals.get("page_id")
            )
            if controlled := pages.filtered("doc_type_id"):
                raise UserError(
                    self.env._(
                        "%s is a controlled document: begin its new issue by the "
                        "button on the document.",
                        controlled[0].display_name,
                    )
                )
            if any(vals.get("issue_no") for vals in vals_list):
                raise UserError(
                    self.env._("Only controlled documents have issue numbers.")
                )
        return super().create(vals_list)

    def write(self, vals):
        names = {name for name in vals if not name.startswith(_CHATTER)}
        if names and not is_unlocked(self.env):
            controlled = self.filtered("doc_type_id")
            controlled._cchc_check_write(names)
            (self - controlled)._cchc_check_plain(names, vals)
        return super().write(vals)

    def _cchc_check_write(self, names):
        """Refuse what nobody, or not this user, may write on these issues."""
        if not self:
            return
        self._cchc_check_open()
        self.page_id._cchc_check_officer()
        kept = sorted(names - FREE)
        if "content" in names and any(self.mapped("is_generated")):
            kept = ["content"]
        if kept:
            raise UserError(
                self.env._(
                    "“%(field)s” of %(issue)s is kept by the system and cannot be "
                    "written.",
                    field=self._fields[kept[0]]._description_string(self.env),
                    issue=self[0].display_name,
                )
            )

    def _cchc_check_open(self):
        """Refuse to touch issues that are no longer in preparation, for everybody."""
        if is_unlocked(self.env):
            return
        closed = self.sudo().filtered(lambda i: i.doc_type_id and i.state != "draft")
        if not closed:
            return
        if closed[0].state == "to approve":
            raise UserError(
                self.env._(
                    "%s waits for its approval: take it back to change it.",
                    closed[0].display_name,
                )
            )
        raise UserError(
            self.env._(
                "%s is closed and is never changed: begin a new issue.",
                closed[0].display_name,
            )
        )

    def _cchc_check_plain(self, names, vals):
        """Refuse to rewrite the approved text of a plain page that needs approval."""
        if self.env.su or not names & _APPROVED:
            return
        for row in self:
            decided = row.state == "approved" or vals.get("state") == "approved"
            if decided and row.is_approval_required and not row.am_i_approver:
                raise AccessError(
                    self.env._(
                        "Only approvers change the approved text of %s.",
                        row.page_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_controlled(self):
        issued = self.sudo().filtered(lambda i: i.doc_type_id and i.state != "draft")
        if issued or self.sudo().signature_ids:
            raise UserError(
                self.env._(
                    "%s was submitted or approved and is never deleted.",
                    (issued or self)[0].display_name,
                )
            )

    # ------------------------------------------------------------------
    # Life of an issue
    # ------------------------------------------------------------------
    def action_to_approve(self):
        """Submit drafts of controlled documents; plain pages go OCA's way."""
        controlled = self.filtered("doc_type_id")
        controlled._cchc_submit()
        if plain := self - controlled:
            return super(DocumentPageHistory, plain).action_to_approve()
        return None

    def _cchc_submit(self):
        """Sign as drafter and ask the leaders for review and approval.

        :raises UserError: what keeps an issue from being submitted
        """
        if not self:
            return
        self.page_id._cchc_check_officer()
        for issue in self:
            if issue.state != "draft":
                raise UserError(
                    self.env._("%s has been submitted already.", issue.display_name)
                )
            if problem := issue._cchc_problem():
                raise UserError(problem)
        for issue in self:
            values = {"state": "to approve", "drafter_id": self.env.uid}
            content = issue._cchc_render()
            if issue._cchc_has_layout():
                values["content"] = content
            elif issue.block_ids:
                values["content"] = False
            values["source_sha256"] = _sha256(str(content))
            unlocked(issue.sudo()).write(values)
            issue._cchc_sign("drafted", self.env.user)
        self.request_validation()

    def action_approve(self):
        """Decide in one's turn on issues; plain pages go OCA's way."""
        controlled = self.filtered("doc_type_id")
        for issue in controlled:
            issue._cchc_decide(issue._cchc_reviews_to_decide(), "approved")
        plain = self - controlled
        for row in plain:
            # OCA words this sentence and then goes on
            if row.state not in ("draft", "to approve"):
                raise UserError(
                    self.env._(
                        "Can't approve page in '%(state)s' state.", state=row.state
                    )
                )
        if plain:
            return super(DocumentPageHistory, plain).action_approve()
        return None

    def _cchc_decide(self, reviews, status, comment=False):
        """After the last approval the issue is closed; sent back it is a draft."""
        result = super()._cchc_decide(reviews, status, comment)
        if not self.doc_type_id:
            return result
        if status == "rejected":
            self._cchc_back_to_draft()
        elif self.validation_status == "validated":
            self.sudo()._cchc_close()
        return result

    def restart_validation(self):
        """Taken back from its approval, an issue is a draft again."""
        result = super().restart_validation()
        for issue in self.filtered(lambda i: i.doc_type_id and i.state == "to approve"):
            issue._cchc_back_to_draft()
        return result

    def _cchc_back_to_draft(self):
        issue = self.sudo()
        issue._cchc_remove_reviews("removed")
        unlocked(issue.signature_ids).write({"valid": False})
        unlocked(issue).write({"state": "draft", "source_sha256": False})

    def _cchc_close(self):
        """Keep the text for good: the issue is approved (self is sudo).

        :raises UserError: when the procedure changed since the issue was submitted
        """
        self.ensure_one()
        if problem := self._cchc_problem(approving=True):
            raise UserError(problem)
        if _sha256(str(self._cchc_render())) != self.source_sha256:
            raise UserError(
                self.env._(
                    "The procedure or its process has changed since %s was submitted: "
                    "send it back, so that it is made anew and read again.",
                    self.display_name,
                )
            )
        page = self.page_id
        today = self._cchc_today()
        day = max(
            filter(None, [self.effective_from, today, self.process_id.valid_from])
        )
        self._cchc_end_earlier(day)
        unlocked(self).write(
            {
                "state": "approved",
                "approved_date": replay.now(self.env),
                "approved_uid": self.env.uid,
                "effective_from": day,
                "code": page.code,
                "title": page.name,
                "agency_name": page.company_id.name or self.agency_name,
            }
        )
        unlocked(self).write({"content_sha256": self._cchc_digest()})
        self._cchc_announce()

    def _cchc_end_earlier(self, day):
        """End the approved issues before this one on the day before ``day``."""
        before = fields.Date.subtract(day, days=1)
        earlier = self.search(
            [
                ("page_id", "=", self.page_id.id),
                ("state", "=", "approved"),
                ("issue_no", ">", 0),
                ("id", "!=", self.id),
                "|",
                ("effective_to", "=", False),
                ("effective_to", ">", before),
            ]
        )
        for issue in earlier:
            unlocked(issue).write(
                {
                    "effective_to": max(
                        before, fields.Date.subtract(issue.effective_from, days=1)
                    )
                }
            )
        earlier.ack_ids._cchc_drop_open()

    def _cchc_announce(self):
        """Bring up to date what follows from newly approved issues (self is sudo)."""
        self.page_id.invalidate_recordset()
        self.page_id._compute_history_head()
        self.page_id.task_ids._close_done()
        for issue in self:
            issue.page_id._message_log(
                body=self.env._("%s is approved.", issue.display_name)
            )
        self.env["cchc.iso.document.ack"]._cchc_ask(self)

    def _cchc_today(self):
        """Return today by the clocks of the agency, whatever the zone of the user."""
        company = self[:1].company_id.sudo() or self.env.company
        return company._cchc_local_date(replay.now(self.env))

    def action_cancel(self):
        """Drop drafts of controlled documents; plain pages go OCA's way."""
        controlled = self.filtered("doc_type_id")
        if controlled:
            controlled.page_id._cchc_check_officer()
            controlled._cchc_check_open()
            controlled.sudo()._cchc_cancel()
        if plain := self - controlled:
            return super(DocumentPageHistory, plain).action_cancel()
        return None

    def _cchc_cancel(self):
        """Drop issues in preparation (self is sudo); their requests are open again."""
        for issue in self:
            issue._cchc_remove_reviews("removed")
            unlocked(issue.change_ids).write({"issue_id": False, "state": "open"})
            unlocked(issue).write({"state": "cancelled"})

    def action_draft(self):
        if self.filtered("doc_type_id"):
            raise UserError(
                self.env._("A dropped issue stays dropped: begin a new one.")
            )
        return super().action_draft()

    # ------------------------------------------------------------------
    # Signatures and seal
    # ------------------------------------------------------------------
    def _cchc_log_approval(self, review, outcome, user, on_behalf_of, comment):
        super()._cchc_log_approval(review, outcome, user, on_behalf_of, comment)
        if not self.doc_type_id or outcome not in ("approved", "rejected", "forwarded"):
            return
        role = outcome
        if outcome == "approved":
            last = max(self.sudo().review_ids.mapped("sequence"))
            role = "approved" if review.sequence == last else "reviewed"
        self._cchc_sign(role, user, on_behalf_of, comment)

    def _cchc_sign(self, role, user, on_behalf_of=None, comment=False):
        """Keep that ``user`` did his part, with the post that he holds now."""
        self.ensure_one()
        company = self.company_id or self.env.company
        employee = user.sudo().with_company(company).employee_id
        absent = on_behalf_of.sudo().name if on_behalf_of else False
        unlocked(self.env["cchc.iso.document.signature"].sudo()).create(
            {
                "issue_id": self.id,
                "role": role,
                "user_id": user.id,
                "name": employee.name or user.name,
                "post": employee.job_title or employee.job_id.name or False,
                "on_behalf_of": absent,
                "signed_at": replay.now(self.env),
                "comment": comment or False,
            }
        )

    def _cchc_signature(self, role):
        """Return the signature of a role that counts, or empty."""
        return self.sudo().signature_ids.filtered(
            lambda row: row.role == role and row.valid
        )[-1:]

    def _cchc_digest(self):
        """Return the SHA-256 of everything an approved issue says."""
        self.ensure_one()
        issue = self.sudo()
        data = {
            "agency": issue.agency_name or "",
            "code": issue.code or "",
            "title": issue.title or "",
            "issue": issue.issue_no,
            "from": str(issue.effective_from or ""),
            "process": issue.process_id.id or 0,
            "version": issue.version_id.id or 0,
            "edition": issue.edition_id.code or "",
            "content": str(issue.content or ""),
            "file": issue._cchc_file_sha256(),
            "signatures": [
                [row.role, row.name, row.post or "", row.on_behalf_of or ""]
                + [fields.Datetime.to_string(row.signed_at)]
                for row in issue.signature_ids
                if row.valid
            ],
            "changes": [
                [row.request or "", row.part or "", row.description or ""]
                for row in issue.change_ids
            ],
        }
        return _sha256(
            json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )

    def _cchc_file_sha256(self):
        content = self.with_context(bin_size=False).file
        return hashlib.sha256(content).hexdigest() if content else ""

    def _cchc_is_untouched(self):
        """Return whether an approved issue still says what was approved."""
        self.ensure_one()
        return not self.content_sha256 or self.content_sha256 == self._cchc_digest()

    # ------------------------------------------------------------------
    # Pages and papers
    # ------------------------------------------------------------------
    def _cchc_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (self.env.ref("cchc_iso.document_page_history_view_form").id, "form")
            ],
        }

    def action_print(self):
        """Print the issues in the layout of the office; of one that was taken over,
        give the file that was issued."""
        if len(self) == 1 and self.is_imported and self.file_name:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self._name}/{self.id}/file/"
                f"{url_quote(self.file_name)}?download=true",
                "target": "self",
            }
        return self.env.ref("cchc_iso.document_issue_report").report_action(self)

    def action_open(self):
        """Open the issue; a row of a plain page in OCA's form."""
        if self.doc_type_id:
            return self._cchc_open()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def get_formview_id(self, access_uid=None):
        """Issues of controlled documents have a form of their own."""
        if self[:1].doc_type_id:
            return self.env.ref("cchc_iso.document_page_history_view_form").id
        return super().get_formview_id(access_uid)

    def action_read(self):
        """Confirm having read the issue."""
        return self.my_ack_id.action_read()

    def action_open_page(self):
        """Open the document of the issue."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "document.page",
            "res_id": self.page_id.id,
            "view_mode": "form",
            "views": [(self.env.ref("cchc_iso.document_page_view_form").id, "form")],
        }


def _sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()
