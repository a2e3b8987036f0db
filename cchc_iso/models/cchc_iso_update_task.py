from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import unlocked


class Slot(NamedTuple):
    """What a process is for: a later one in the same slot takes its place."""

    procedure: int
    company: int
    channel: str | bool
    case: str | bool


def _slot(process):
    return Slot(
        process.procedure_id.id,
        process.company_id.id,
        process.channel,
        process.case_id.name,
    )


class CchcIsoUpdateTask(models.Model):
    """Duty to issue a process document anew because what it describes has changed.

    Counted from the day on which the change takes effect, as many days as the quality
    system says (90 by default); one task per document, which keeps the earliest day
    when more changes come. It closes itself once an issue of the present process and
    version is approved, or the document of an abolished procedure is withdrawn.
    """

    _name = "cchc.iso.update.task"
    _description = "Update of a Document"
    _inherit = ["cchc.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "due_date, id"
    _rec_name = "page_id"
    _guarded_free = frozenset({"user_id", "note"})

    page_id = fields.Many2one(
        "document.page",
        "Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="page_id.company_id", store=True, index=True, string="Agency"
    )
    department_id = fields.Many2one(related="page_id.department_id", store=True)
    procedure_id = fields.Many2one(related="page_id.procedure_id", store=True)
    sector_id = fields.Many2one(related="page_id.sector_id", store=True, string="Field")
    reason = fields.Selection(
        [
            ("process", "New Process"),
            ("version", "New Version of the Procedure"),
            ("ended", "Process Ended"),
            ("repealed", "Procedure Repealed"),
        ],
        required=True,
        readonly=True,
    )
    process_id = fields.Many2one(
        "cchc.process", readonly=True, index="btree_not_null", ondelete="set null"
    )
    version_id = fields.Many2one(
        "cchc.procedure.version",
        "Procedure Version",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    effective_date = fields.Date("Change in Force from", required=True, readonly=True)
    due_date = fields.Date(required=True, readonly=True, index=True)
    warning_date = fields.Date("Pressing from", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    done_at = fields.Datetime(readonly=True)
    done_issue_id = fields.Many2one("document.page.history", "Done by", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible")
    note = fields.Text("Notes")
    urgency = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("pressing", "Pressing"),
            ("open", "Open"),
            ("done", "Done"),
        ],
        compute="_compute_urgency",
        search="_search_urgency",
    )
    days_left = fields.Integer(compute="_compute_urgency")
    draft_state = fields.Selection(
        [("none", "Not Begun"), ("draft", "In Preparation"), ("review", "In Approval")],
        "New Issue",
        compute="_compute_draft_state",
    )

    _one_open = models.UniqueIndex(
        "(page_id) WHERE state = 'open'", "The document is to be updated already."
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("page_id", "due_date")
    def _compute_display_name(self):
        for task in self:
            task.display_name = task.page_id.display_name or ""

    @api.depends("state", "due_date", "warning_date")
    def _compute_urgency(self):
        today = fields.Date.context_today(self)
        for task in self:
            task.days_left = (task.due_date - today).days if task.due_date else 0
            if task.state == "done":
                task.urgency = "done"
            elif task.due_date and task.due_date < today:
                task.urgency = "overdue"
            elif task.warning_date and task.warning_date <= today:
                task.urgency = "pressing"
            else:
                task.urgency = "open"

    @api.model
    def _search_urgency(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        is_open = Domain("state", "=", "open")
        overdue = is_open & Domain("due_date", "<", today)
        pressing = is_open & Domain("warning_date", "<=", today) & ~overdue
        domains = {
            "overdue": overdue,
            "pressing": pressing,
            "open": is_open & Domain("warning_date", ">", today) & ~overdue,
            "done": Domain("state", "=", "done"),
        }
        return Domain.OR(domains[name] for name in value if name in domains)

    def _compute_draft_state(self):
        for task in self:
            issue = task.page_id.draft_issue_id
            names = {"draft": "draft", "to approve": "review"}
            task.draft_state = names.get(issue.state, "none")

    @api.model
    def _figures(self, company=None):
        """Return the figures of the dashboard as of today.

        :param company: agency, by default the one in use
        :return: dict of ``open``, ``pressing``, ``overdue`` (counts, each task in one
            of them) and ``next_due`` (date or False)
        """
        company = company or self.env.company
        today = fields.Date.context_today(self)
        figures = {"open": 0, "pressing": 0, "overdue": 0, "next_due": False}
        tasks = self.search_fetch(
            [("company_id", "=", company.id), ("state", "=", "open")],
            ["state", "due_date", "warning_date"],
        )
        for task in tasks:
            figures[task.urgency] += 1
            if task.due_date >= today:
                figures["next_due"] = min(
                    filter(None, [figures["next_due"], task.due_date])
                )
        return figures

    # ------------------------------------------------------------------
    # What happened in the catalogue
    # ------------------------------------------------------------------
    @api.model
    def _note_processes(self, processes):
        """Point the documents to newly published processes, and ask for new issues.

        A document follows the process of its procedure in the same agency, channel and
        case. The number of queries does not depend on how many processes there are.
        """
        processes = processes.sudo()
        pages = self._pages_of(processes.procedure_id)
        if not pages:
            return self.browse()
        wanted = []
        moved = {}
        by_slot = {_slot(process): process for process in processes}
        for page in pages:
            slot = _slot(page.process_id)._replace(procedure=page.procedure_id.id)
            # the agency's own process takes the place of its province's
            process = by_slot.get(slot) or by_slot.get(
                slot._replace(company=page.company_id.id)
            )
            if process and process != page.process_id:
                moved.setdefault(process, self.env["document.page"])
                moved[process] |= page
                wanted.append((page, "process", process, process.valid_from))
        for process, found in moved.items():
            unlocked(found.sudo()).write({"process_id": process.id})
        return self._want(wanted)

    @api.model
    def _note_ended(self, processes):
        """Ask to withdraw or rewrite documents of processes that ended."""
        processes = processes.sudo()
        pages = self._pages_of(processes.procedure_id)
        return self._want(
            [
                (page, "ended", page.process_id, page.process_id.valid_to)
                for page in pages
                if page.process_id in processes
            ]
        )

    @api.model
    def _note_versions(self, versions):
        """Ask for new issues where a version of a procedure was published."""
        versions = versions.sudo()
        by_procedure = {version.procedure_id: version for version in versions}
        wanted = []
        for page in self._pages_of(versions.procedure_id):
            version = by_procedure[page.procedure_id]
            lineage = f"/{page.company_id.parent_path}"
            if version.company_id and f"/{version.company_id.id}/" not in lineage:
                continue
            wanted.append((page, "version", version, version.valid_from))
        return self._want(wanted)

    @api.model
    def _note_repealed(self, procedures):
        """Ask to withdraw the documents of procedures that were repealed."""
        procedures = procedures.sudo()
        return self._want(
            [
                (page, "repealed", page.procedure_id, page.procedure_id.repealed_from)
                for page in self._pages_of(procedures)
                if page.procedure_id.repealed_from
            ]
        )

    @api.model
    def _pages_of(self, procedures):
        """Return the documents in use of these procedures (sudo)."""
        return (
            self.env["document.page"]
            .sudo()
            .search(
                [
                    ("procedure_id", "in", procedures.ids),
                    ("doc_key", "=", "procedure_process"),
                ]
            )
        )

    @api.model
    def _want(self, wanted):
        """Make or amend the tasks of documents that no longer say what applies.

        :param wanted: ``(document, reason, process or version, effective day)``
        """
        if not wanted:
            return self.browse()
        pages = self.env["document.page"].union(*(row[0] for row in wanted))
        known = {
            task.page_id: task
            for task in self.sudo().search(
                [("page_id", "in", pages.ids), ("state", "=", "open")]
            )
        }
        outdated = self._outdated(pages)
        vals_list = []
        for page, reason, source, day in wanted:
            if page not in outdated and reason not in ("ended", "repealed"):
                continue
            if not self._issued(page):
                continue
            values = self._values(page, reason, source, day)
            task = known.get(page)
            if not task:
                vals_list.append(values)
                known[page] = True
            elif task is not True:
                task._amend(values)
        quiet = self.sudo().with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        tasks = unlocked(quiet).create(vals_list)
        if tasks:
            self.env.ref("cchc_iso.cron_documents")._trigger()
        return self.browse(tasks.ids)

    def _amend(self, values):
        """Take a further change into an open task; the earliest day stays."""
        self.ensure_one()
        if values["due_date"] >= self.due_date:
            for name in ("effective_date", "due_date", "warning_date"):
                values.pop(name)
        values.pop("page_id")
        if values["reason"] == "version" and self.reason == "process":
            values.pop("reason")
        unlocked(self).write(values)

    @api.model
    def _values(self, page, reason, source, day):
        """Return the values of the task that a change asks for."""
        system = page.system_id
        days = max(system.update_days, 0)
        day = day or fields.Date.context_today(self)
        values = {
            "page_id": page.id,
            "reason": reason,
            "effective_date": day,
            "due_date": day + timedelta(days=days),
            "warning_date": day + timedelta(days=days * system.warning_percent // 100),
            "user_id": system.with_company(page.company_id)
            ._cchc_people("3_secretary")[:1]
            .id,
        }
        if source._name == "cchc.process":
            values |= {"process_id": source.id, "version_id": source.version_id.id}
        elif source._name == "cchc.procedure.version":
            values["version_id"] = source.id
        return values

    @api.model
    def _issued(self, page):
        """Return the latest approved issue that is not ended (sudo page)."""
        return page.issue_ids.filtered(
            lambda issue: issue.state == "approved" and not issue.effective_to
        ).sorted("issue_no")[-1:]

    @api.model
    def _outdated(self, pages):
        """Return the documents whose latest issue describes another process or
        version than the one that applies from now on (sudo)."""
        result = self.env["document.page"].sudo()
        for page in pages.sudo():
            issue = self._issued(page)
            if issue and not self._is_current(page, issue):
                result |= page
        return result

    @api.model
    def _is_current(self, page, issue):
        """Return whether ``issue`` describes the process and version of ``page``."""
        if issue.process_id != page.process_id:
            return False
        version = issue.version_id
        lineage = f"/{page.company_id.parent_path or ''}"
        return not any(
            other.state == "published"
            and (other.valid_from, other.id) > (version.valid_from, version.id)
            and (
                other.company_id == version.company_id
                or f"/{other.company_id.id}/" in lineage
            )
            for other in page.procedure_id.version_ids
        )

    # ------------------------------------------------------------------
    # End of a task
    # ------------------------------------------------------------------
    def _close_done(self):
        """Close what is done: the document is withdrawn, or issued anew."""
        for task in self.sudo().filtered(lambda task: task.state == "open"):
            page = task.page_id
            issue = self._issued(page)
            if not issue or (
                task.reason != "repealed"
                and issue.effective_from >= task.effective_date
                and self._is_current(page, issue)
            ):
                unlocked(task).write(
                    {
                        "state": "done",
                        "done_at": replay.now(self.env),
                        "done_issue_id": issue.id,
                    }
                )
                task.activity_unlink(["cchc_iso.mail_activity_type_update"])

    # ------------------------------------------------------------------
    # Telling people
    # ------------------------------------------------------------------
    @api.model
    def _make_activities(self):
        """Give whoever is responsible one activity for each open task."""
        activity_type = self.env.ref("cchc_iso.mail_activity_type_update")
        told = Domain(
            "activity_ids", "any", [("activity_type_id", "=", activity_type.id)]
        )
        tasks = self.sudo().search(Domain("state", "=", "open") & ~told)
        secretaries = self._secretaries(tasks)
        vals_list = []
        model = self.env["ir.model"]._get_id(self._name)
        for task in tasks:
            user = task.user_id or secretaries.get(task.company_id)
            if user:
                vals_list.append(
                    {
                        "res_model_id": model,
                        "res_id": task.id,
                        "activity_type_id": activity_type.id,
                        "user_id": user.id,
                        "date_deadline": task.due_date,
                        "summary": task.page_id.display_name,
                        "automated": True,
                    }
                )
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(vals_list)

    @api.model
    def _secretaries(self, tasks):
        """Return ``{company: first ISO secretary}`` for tasks nobody is named for."""
        companies = tasks.filtered(lambda task: not task.user_id).company_id
        if not companies:
            return {}
        group = self.env.ref("cchc_iso.group_officer")
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", companies.ids),
                    ("share", "=", False),
                ],
                order="id",
            )
        )
        # administrators hold every role; those of the agency itself go first
        ranked = users.sorted(
            lambda user: (user.has_group("base.group_system"), user.id)
        )
        return {
            company: ranked.filtered(lambda u, c=company: c in u.company_ids)[:1]
            for company in companies
        }

    def action_draft_issue(self):
        """Begin the new issue, or open the one in preparation."""
        self.ensure_one()
        return self.page_id.action_draft_issue()

    def action_draft_issues(self):
        """Begin the new issues of these documents where none is in preparation."""
        pages = self.filtered(lambda task: task.state == "open").page_id
        todo = pages.filtered(lambda page: not page.draft_issue_id)
        todo._cchc_draft_issue()

    def action_withdraw(self):
        """Withdraw the document of a procedure that no longer exists."""
        self.ensure_one()
        return self.page_id.action_withdraw()

    def action_open_page(self):
        """Open the document."""
        self.ensure_one()
        return self.page_id.issue_ids[:1].action_open_page()
