from odoo import api, fields, models
from odoo.tools import format_datetime

#: Days that “what comes” looks ahead.
AHEAD = 30
#: Ages of open nonconformities, in days: (key, from, to).
AGES = (("young", 0, 30), ("middle", 31, 90), ("old", 91, None))
AUDIT_OPEN = ("draft", "approved", "in_progress")


class CchcIsoOverview(models.AbstractModel):
    """The quality system of an agency on one page, for whoever reads it.

    What is late, what comes, what waits for the reader, how far the system covers the
    catalogue and the standard. One call with a bounded number of queries; each figure
    comes with the list behind it. A block is a method that returns its tiles; tiles
    about data that the reader may not read are left out.
    """

    _name = "cchc.iso.overview"
    _inherit = ["cchc.tiles.mixin"]
    _description = "ISO Overview"

    @api.model
    def get_data(self):
        """Return everything that the page shows, for the agency in use."""
        company = self.env.company
        system = self.env["mgmtsystem.system"]._cchc_for(company)
        user = self.env.user
        leads = any(
            user.has_group(f"cchc_iso.group_{role}") for role in ("officer", "leader")
        )
        blocks = [self._block_mine(company)]
        if system:
            blocks.append(self._block_late(company))
            blocks.append(self._block_next(company))
            blocks.append(self._block_conformity(system, company))
            blocks.append(self._block_objectives(system, company))
            blocks.append(self._block_findings(company))
            blocks.append(self._block_chain(company))
        return {
            "agency": company.name,
            "system": bool(system)
            and {
                "id": system.id,
                "name": system.name,
                "edition": system.edition_id.code,
            },
            "may_create": user.has_group("cchc_iso.group_manager"),
            "leads": leads,
            "blocks": [block for block in blocks if block["tiles"]],
            "cycle": system and self._cycle(system, company),
            "reasons": [
                reason["text"] for reason in system._cchc_redeclare_reasons(company)
            ]
            if system
            else [],
        }

    # --- Blocks

    @api.model
    def _block_mine(self, company):
        """What waits for the reader himself."""
        uid = self.env.uid
        own = [("company_id", "=", company.id)]
        return self._block(
            "mine",
            self.env._("For You"),
            [
                self._tile(
                    "unread",
                    self.env._("Documents to Read"),
                    "cchc.iso.document.ack",
                    [("user_id", "=", uid), ("read_at", "=", False)],
                    "warning",
                ),
                self._tile(
                    "my_findings",
                    self.env._("Findings to Answer"),
                    "mgmtsystem.nonconformity",
                    [
                        *own,
                        ("responsible_user_id", "=", uid),
                        ("state", "not in", ("done", "cancel")),
                    ],
                    "warning",
                ),
                self._tile(
                    "my_actions",
                    self.env._("Actions to Do"),
                    "mgmtsystem.action",
                    [
                        *own,
                        ("user_id", "=", uid),
                        ("stage_id.is_ending", "=", False),
                    ],
                    "warning",
                ),
                self._tile(
                    "my_audits",
                    self.env._("Audits of Yours"),
                    "mgmtsystem.audit",
                    [
                        *own,
                        ("auditor_user_ids", "in", [uid]),
                        ("edition_id", "!=", False),
                        ("plan_state", "in", AUDIT_OPEN),
                    ],
                    "primary",
                ),
                *self._approvals(own),
            ],
            hide_zero=True,
        )

    @api.model
    def _approvals(self, own):
        """What waits for the reader's approval."""
        if not self.env.user.has_group("cchc_iso.group_leader"):
            return []
        names = {
            "document.page.history": self.env._("Documents to Approve"),
            "cchc.iso.document.set": self.env._("Document Sets to Approve"),
            "cchc.iso.audit.programme": self.env._("Audit Programmes to Approve"),
            "cchc.iso.objective": self.env._("Objectives to Approve"),
            "cchc.iso.declaration": self.env._("Declarations to Approve"),
            "mgmtsystem.audit": self.env._("Audit Plans to Approve"),
        }
        return [
            self._tile(
                f"approve_{model}",
                name,
                model,
                [*own, ("can_review", "=", True)],
                "warning",
            )
            for model, name in names.items()
        ]

    @api.model
    def _block_late(self, company):
        """What is late, all over the agency."""
        own = [("company_id", "=", company.id)]
        now = fields.Datetime.to_string(fields.Datetime.now())
        today = fields.Date.to_string(company._cchc_local_date(fields.Datetime.now()))
        return self._block(
            "late",
            self.env._("Late"),
            [
                self._tile(
                    "update_tasks",
                    self.env._("Documents to Update"),
                    "cchc.iso.update.task",
                    [*own, ("urgency", "=", "overdue")],
                ),
                self._tile(
                    "unread_late",
                    self.env._("Not Read in Time"),
                    "cchc.iso.document.ack",
                    [*own, ("read_at", "=", False), ("due_date", "<", today)],
                ),
                self._tile(
                    "steps_late",
                    self.env._("Steps of the Year"),
                    "cchc.iso.cycle.step",
                    [*own, ("state", "=", "late")],
                ),
                self._tile(
                    "audits_late",
                    self.env._("Audits"),
                    "mgmtsystem.audit",
                    [
                        *own,
                        ("edition_id", "!=", False),
                        ("plan_state", "in", AUDIT_OPEN),
                        ("date", "<", now),
                        "|",
                        ("date_end", "=", False),
                        ("date_end", "<", now),
                    ],
                ),
                self._tile(
                    "findings_late",
                    self.env._("Nonconformities"),
                    "mgmtsystem.nonconformity",
                    [*own, ("is_late", "=", True)],
                ),
                self._tile(
                    "actions_late",
                    self.env._("Corrective Actions"),
                    "mgmtsystem.action",
                    [*own, ("is_late", "=", True)],
                ),
                self._tile(
                    "postings_late",
                    self.env._("Postings"),
                    "cchc.iso.posting",
                    [*own, ("state", "=", "late")],
                ),
            ],
        )

    @api.model
    def _block_next(self, company):
        """What comes within the next days."""
        own = [("company_id", "=", company.id)]
        now = fields.Datetime.now()
        until = fields.Datetime.to_string(fields.Datetime.add(now, days=AHEAD))
        now = fields.Datetime.to_string(now)
        return self._block(
            "next",
            self.env._("Coming Up"),
            [
                self._tile(
                    "update_tasks_soon",
                    self.env._("Documents to Update"),
                    "cchc.iso.update.task",
                    [*own, ("urgency", "in", ["pressing", "open"])],
                    "warning",
                ),
                self._tile(
                    "steps_soon",
                    self.env._("Steps of the Year"),
                    "cchc.iso.cycle.step",
                    [*own, ("state", "=", "soon")],
                    "warning",
                ),
                self._tile(
                    "audits_soon",
                    self.env._("Audits within %s Days", AHEAD),
                    "mgmtsystem.audit",
                    [
                        *own,
                        ("edition_id", "!=", False),
                        ("plan_state", "in", AUDIT_OPEN),
                        ("date", ">=", now),
                        ("date", "<", until),
                    ],
                    "primary",
                ),
                self._tile(
                    "issues_coming",
                    self.env._("Documents in Approval"),
                    "document.page.history",
                    [*own, ("state", "=", "to approve"), ("issue_no", ">", 0)],
                    "primary",
                ),
                self._tile(
                    "postings_open",
                    self.env._("Postings"),
                    "cchc.iso.posting",
                    [*own, ("state", "=", "todo")],
                    "primary",
                ),
            ],
        )

    @api.model
    def _block_conformity(self, system, company):
        """How far the system reaches: procedures, clauses, declaration."""
        figures = self.env["cchc.iso.procedure.coverage"]._figures(company)
        clauses = self.env["cchc.iso.coverage"]
        proved = clauses._figures(clauses._rows(system))
        declaration = self.env["cchc.iso.declaration"]._in_force(system, company)
        coverage = "cchc.iso.procedure.coverage"
        return self._block(
            "conformity",
            self.env._("Conformity"),
            [
                self._figure(
                    "covered",
                    self.env._("Procedures with a Document"),
                    figures["percent"],
                    "success" if figures["percent"] == 100.0 else "warning",
                    unit="%",
                    note=self.env._(
                        "%(covered)s of %(total)s",
                        covered=figures["covered"],
                        total=figures["total"] - figures["excluded"],
                    ),
                    action=self._list(
                        self.env._("Procedures with a Document"),
                        coverage,
                        [("status", "in", ["current", "outdated"])],
                    ),
                ),
                self._figure(
                    "uncovered",
                    self.env._("Procedures without a Document"),
                    figures["missing"],
                    "danger" if figures["missing"] else "success",
                    action=self._list(
                        self.env._("Procedures without a Document"),
                        coverage,
                        [("status", "=", "missing")],
                    ),
                ),
                self._figure(
                    "clauses",
                    self.env._("Clauses Proved"),
                    proved["percent"],
                    "success" if proved["percent"] == 100.0 else "warning",
                    unit="%",
                    note=self.env._(
                        "%(missing)s missing, %(partly)s partly",
                        missing=proved["missing"],
                        partly=proved["partly"],
                    ),
                    action={"tag": "cchc_iso_coverage"},
                ),
                self._figure(
                    "declaration",
                    self.env._("Declaration in Force"),
                    declaration.number or None,
                    "success" if declaration else "danger",
                    note=self.env._("%s processes", declaration.line_count)
                    if declaration
                    else "",
                    action={
                        "res_model": "cchc.iso.declaration",
                        "res_id": declaration.id,
                    }
                    if declaration
                    else self._list(
                        self.env._("Declarations"),
                        "cchc.iso.declaration",
                        [("company_id", "=", company.id)],
                    ),
                ),
            ],
        )

    @api.model
    def _block_objectives(self, system, company):
        """Objectives of the year by their last closed measure."""
        year = company._cchc_local_date(fields.Datetime.now()).year
        own = [
            ("company_id", "=", company.id),
            ("year", "=", year),
            ("is_current", "=", True),
            ("is_final", "=", True),
        ]
        names = {
            "fail": self.env._("Missed"),
            "pass": self.env._("Met"),
            "no_data": self.env._("Nothing to Measure"),
        }
        colours = {"fail": "danger", "pass": "success", "no_data": "muted"}
        return self._block(
            "objectives",
            self.env._("Quality Objectives of %s (periods measured)", year),
            [
                self._tile(
                    f"objectives_{verdict}",
                    name,
                    "cchc.iso.objective.measure",
                    [*own, ("verdict", "=", verdict)],
                    colours[verdict],
                )
                for verdict, name in names.items()
            ],
        )

    @api.model
    def _block_chain(self, company):
        """What the last check of the process records found."""
        checks = self.env["cchc.iso.record.check"]
        if not checks.has_access("read"):
            return self._block("chain", self.env._("Process Records"), [])
        domain = [("company_id", "in", [company.id, False])]
        last = checks.search(domain, order="checked_at desc, id desc", limit=1)
        names = dict(checks._fields["state"]._description_selection(self.env))
        colours = {"whole": "success", "behind": "warning", "touched": "danger"}
        return self._block(
            "chain",
            self.env._("Process Records"),
            [
                self._figure(
                    "chain",
                    self.env._("Last Check"),
                    names.get(last.state),
                    colours.get(last.state, "warning"),
                    note=format_datetime(self.env, last.checked_at)
                    if last
                    else self.env._("Never checked"),
                    action=self._list(
                        self.env._("Checks"), "cchc.iso.record.check", domain
                    ),
                ),
                self._tile(
                    "records",
                    self.env._("Records"),
                    "cchc.iso.record",
                    [("company_id", "=", company.id)],
                    "primary",
                ),
            ],
        )

    @api.model
    def _block_findings(self, company):
        """Open nonconformities by their age."""
        today = company._cchc_local_date(fields.Datetime.now())
        names = {
            "young": self.env._("Up to 30 Days"),
            "middle": self.env._("31 to 90 Days"),
            "old": self.env._("Over 90 Days"),
        }
        colours = {"young": "primary", "middle": "warning", "old": "danger"}
        tiles = []
        for key, first, last in AGES:
            domain = [
                ("company_id", "=", company.id),
                ("state", "not in", ("done", "cancel")),
                (
                    "create_date",
                    "<",
                    fields.Date.to_string(fields.Date.subtract(today, days=first - 1)),
                ),
            ]
            if last is not None:
                domain.append(
                    (
                        "create_date",
                        ">=",
                        fields.Date.to_string(fields.Date.subtract(today, days=last)),
                    )
                )
            tiles.append(
                self._tile(
                    f"findings_{key}",
                    names[key],
                    "mgmtsystem.nonconformity",
                    domain,
                    colours[key],
                )
            )
        return self._block("findings", self.env._("Open Nonconformities by Age"), tiles)

    @api.model
    def _cycle(self, system, company):
        """Return the year of the system: its steps with their states."""
        year = company._cchc_local_date(fields.Datetime.now()).year
        cycle = self.env["cchc.iso.cycle"].search(
            [
                ("system_id", "=", system.id),
                ("company_id", "=", company.id),
                ("year", "<=", year),
            ],
            order="year desc",
            limit=1,
        )
        if not cycle:
            return False
        names = dict(
            self.env["cchc.iso.cycle.step"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        return {
            "id": cycle.id,
            "title": self.env._(
                "Year %(year)s: %(done)s of %(total)s steps done",
                year=cycle.year,
                done=cycle.done_count,
                total=cycle.step_count,
            ),
            "steps": [
                {
                    "id": step.id,
                    "name": step.name,
                    "state": step.state,
                    "label": names[step.state],
                    "due": fields.Date.to_string(step.due_on),
                    "done": fields.Date.to_string(step.settled_on) or "",
                }
                for step in cycle.step_ids
            ],
        }

    # --- Parts

    @api.model
    def _block(self, key, title, tiles, hide_zero=False):
        return {
            "key": key,
            "title": title,
            "tiles": [
                tile for tile in tiles if tile and (tile["value"] or not hide_zero)
            ],
        }
