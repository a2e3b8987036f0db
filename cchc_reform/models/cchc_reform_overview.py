from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .cchc_reform_task import RUNNING

#: Days that “what comes” looks ahead, and rows of it that are shown.
AHEAD = 30
ROWS = 12


class CchcReformOverview(models.AbstractModel):
    """The reform work of an agency in a year on one page, for its leader.

    What waits for the reader, how far the plans are by area, which department is late,
    the index against last year, late dossiers, what comes next; for a superior also by
    agency below. One call with a bounded number of statements, whatever the number of
    tasks; each figure comes with the list behind it. What the reader may not read is
    left out.
    """

    _name = "cchc.reform.overview"
    _inherit = ["cchc.tiles.mixin"]
    _description = "Reform Overview"

    @api.model
    def get_data(self, year=None):
        """Return everything that the page shows of the agency in use.

        :param int year: the year whose plans are told; this year by default
        """
        self.env["cchc.reform.plan"].check_access("read")
        company = self.env.company
        today = company._cchc_local_date(fields.Datetime.now())
        year = int(year or today.year)
        blocks = [
            self._block_mine(company),
            self._block_tasks(company, year),
            self._block_index(company),
            self._block_dossiers(company, today),
            self._block_areas(company, year),
            self._block_departments(company, year),
            self._block_deadlines(company, today),
            self._block_agencies(company, year),
        ]
        return {
            "agency": company.name,
            "year": year,
            "this_year": today.year,
            "years": self._years(company, today.year),
            "blocks": [block for block in blocks if block and block["rows"]],
        }

    @api.model
    def _years(self, company, this_year):
        """Return the years that the page can show: those of plans, and this one."""
        found = self.env["cchc.reform.plan"]._read_group(
            [("company_id", "=", company.id)], ["year"]
        )
        return sorted({year for (year,) in found} | {this_year}, reverse=True)

    @api.model
    def _domain_tasks(self, year):
        """Return what the plans in force of a year have to be done, each once.

        A plan of a quarter or a month counts where no plan above tells the same work; a
        plan of several years is carried out by those of its years.
        """
        return (
            Domain("year", "=", year)
            & Domain("plan_id.state", "in", ("approved", "closed"))
            & (
                Domain("plan_id.level", "=", "year")
                | (
                    Domain("plan_id.level", "in", ("quarter", "month"))
                    & Domain("plan_id.parent_id", "=", False)
                )
            )
        )

    @api.model
    def _domain_own(self, company):
        return Domain("company_id", "=", company.id)

    # --- Blocks

    @api.model
    def _block_mine(self, company):
        """What waits for the reader himself."""
        tiles = self._tiles_mine(company)
        return self._block("mine", self.env._("For You"), "tiles", _told(tiles))

    @api.model
    def _tiles_mine(self, company):
        own = [("company_id", "=", company.id)]
        mine = [*own, *self._domain_mine(company)]
        tiles = [
            self._tile(
                "my_late",
                self.env._("My Late Tasks"),
                "cchc.reform.task",
                [*mine, ("status", "=", "overdue")],
                "danger",
            ),
            self._tile(
                "my_open",
                self.env._("My Open Tasks"),
                "cchc.reform.task",
                [*mine, ("progress_state", "in", list(RUNNING))],
                "primary",
            ),
        ]
        if self.env.user.has_group("cchc_reform.group_leader"):
            tiles += [
                self._tile(
                    f"approve_{model}",
                    label,
                    model,
                    [*own, ("can_review", "=", True)],
                    "warning",
                )
                for model, label in self._approvals().items()
            ]
        return tiles

    @api.model
    def _approvals(self):
        """Return ``{model: label}`` of what leaders approve."""
        return {
            "cchc.reform.plan": self.env._("Plans to Approve"),
            "cchc.reform.plan.adjustment": self.env._("Adjustments to Approve"),
            "cchc.reform.report": self.env._("Reports to Approve"),
            "cchc.index.assessment": self.env._("Self-Scores to Approve"),
        }

    @api.model
    def _domain_mine(self, company):
        """Return the tasks in force that the reader or his department leads."""
        department = self.env.user.with_company(company).employee_id.department_id
        lead = Domain("lead_user_id", "=", self.env.uid)
        if department:
            lead |= Domain("lead_user_id", "=", False) & Domain(
                "lead_department_id", "=", department.id
            )
        return list(Domain("plan_id.state", "=", "approved") & lead)

    @api.model
    def _block_tasks(self, company, year):
        """How far the plans of the year are, in one line."""
        domain = self._domain_tasks(year) & self._domain_own(company)
        figures = self.env["cchc.reform.task"]._figures(domain, "company_id")
        found = figures.get(company)
        tiles = []
        if found:
            tiles = [
                self._figure(
                    "done",
                    self.env._("Tasks Done"),
                    found["done"],
                    "success" if found["done"] == found["counted"] else "primary",
                    note=self._of(found["done"], found["counted"]),
                    action=self._list(
                        self.env._("Tasks of %s", year), "cchc.reform.task", domain
                    ),
                ),
                self._figure(
                    "overdue",
                    self.env._("Tasks Overdue"),
                    found["overdue"],
                    "danger" if found["overdue"] else "success",
                    action=self._list(
                        self.env._("Tasks Overdue"),
                        "cchc.reform.task",
                        domain & Domain("status", "=", "overdue"),
                    ),
                ),
                self._figure(
                    "regular",
                    self.env._("Regular Tasks Kept Up"),
                    found["maintained"],
                    "success" if found["maintained"] == found["regular"] else "warning",
                    note=self._of(found["maintained"], found["regular"]),
                    action=self._list(
                        self.env._("Regular Tasks"),
                        "cchc.reform.task",
                        domain & Domain("progress_state", "=", "regular"),
                    ),
                ),
            ]
            tiles += _told(self._late_tiles(company))
        return self._block("tasks", self.env._("Plans of %s", year), "tiles", tiles)

    @api.model
    def _late_tiles(self, company):
        """What else is late: reports, remedies that inspections asked for."""
        own = [("company_id", "=", company.id)]
        return [
            self._tile(
                "reports_late",
                self.env._("Reports Not Sent in Time"),
                "cchc.reform.report",
                [*own, ("is_late", "=", True), ("state", "in", ["draft", "approved"])],
                "danger",
            ),
            self._tile(
                "findings_late",
                self.env._("Remedies Overdue"),
                "cchc.reform.inspection.finding",
                [*own, ("status", "=", "overdue")],
                "danger",
            ),
        ]

    @api.model
    def _block_areas(self, company, year):
        """How far the plans of the year are, by area."""
        domain = self._domain_tasks(year) & self._domain_own(company)
        figures = self.env["cchc.reform.task"]._figures(domain, "area_id")
        rows = []
        for area in sorted(figures, key=lambda a: (not a, a.sequence, a.id)):
            rows.append(
                self._progress_row(
                    f"area_{area.id or 0}",
                    area.display_name if area else self.env._("Without an area"),
                    figures[area],
                    domain & Domain("area_id", "=", area.id),
                )
            )
        return self._block(
            "areas",
            self.env._("Progress by Area, %s", year),
            "progress",
            rows,
            "left",
        )

    @api.model
    def _block_departments(self, company, year):
        """Which department has how many late tasks."""
        domain = (
            self._domain_tasks(year)
            & self._domain_own(company)
            & Domain("status", "=", "overdue")
        )
        found = self.env["cchc.reform.task"]._read_group(
            domain, ["lead_department_id"], ["__count"], order="__count desc"
        )
        most = max((count for _department, count in found), default=0)
        rows = [
            {
                "key": f"department_{department.id or 0}",
                "label": department.name or self.env._("No department"),
                "value": count,
                "share": count / most,
                "action": self._list(
                    self.env._("Late Tasks"),
                    "cchc.reform.task",
                    domain & Domain("lead_department_id", "=", department.id),
                ),
            }
            for department, count in found
        ]
        return self._block(
            "departments",
            self.env._("Late Tasks by Department"),
            "bars",
            rows,
            "right",
        )

    @api.model
    def _block_dossiers(self, company, today):
        """How the dossiers of the one-stop shop stand."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        own = [
            ("company_id", "=", company.id),
            ("parent_id", "=", False),
            ("state", "!=", "void"),
        ]
        tiles = [
            self._tile(
                "dossiers_late",
                self.env._("Dossiers Overdue"),
                "cchc.dossier",
                [*own, ("is_open", "=", True), ("overdue_from", "<", now)],
                "danger",
            ),
            self._tile(
                "dossiers_open",
                self.env._("Dossiers in Process"),
                "cchc.dossier",
                [*own, ("is_open", "=", True)],
                "primary",
            ),
            self._tile(
                "dossiers_ended_late",
                self.env._("Ended Late in %s", today.year),
                "cchc.dossier",
                [
                    *own,
                    ("timeliness", "=", "late"),
                    ("ended_at", ">=", self._year_begins(company, today.year)),
                ],
                "warning",
            ),
        ]
        if not any(tile and tile["value"] for tile in tiles):
            return None
        return self._block(
            "dossiers", self.env._("One-Stop Shop"), "tiles", _told(tiles, False)
        )

    @api.model
    def _block_deadlines(self, company, today):
        """What falls due next, whatever it is, the earliest first."""
        until = today + timedelta(days=AHEAD)
        rows = sorted(
            self._deadlines(company, today, until),
            key=lambda row: (row["date"], row["label"]),
        )[:ROWS]
        return self._block(
            "deadlines",
            self.env._("Due within %s Days", AHEAD),
            "dates",
            rows,
            "right",
        )

    @api.model
    def _deadlines(self, company, today, until):
        """Return the rows of what falls due from ``today`` to ``until``."""
        tasks = self.env["cchc.reform.task"].search(
            Domain("company_id", "=", company.id)
            & Domain("plan_id.state", "=", "approved")
            & Domain("progress_state", "in", RUNNING)
            & Domain("next_due", ">=", today)
            & Domain("next_due", "<=", until),
            order="next_due, id",
            limit=ROWS,
        )
        rows = [
            self._deadline(
                task,
                task.next_due,
                self._task_kind(task),
                task.lead_department_id.name or "",
            )
            for task in tasks
        ]
        reports = self.env["cchc.reform.report"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("draft", "approved"))
            & Domain("due_date", ">=", today)
            & Domain("due_date", "<=", until),
            order="due_date, id",
            limit=ROWS,
        )
        rows += [
            self._deadline(
                report,
                report.due_date,
                self.env._("Report"),
                report.responsible_id.name or "",
            )
            for report in reports
        ]
        findings = self.env["cchc.reform.inspection.finding"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("date_due", ">=", today)
            & Domain("date_due", "<=", until),
            order="date_due, id",
            limit=ROWS,
        )
        rows += [
            self._deadline(
                finding,
                finding.date_due,
                self.env._("Remedy of an Inspection"),
                finding.responsible_department_id.name or finding.unit or "",
            )
            for finding in findings
        ]
        return rows

    @api.model
    def _task_kind(self, task):
        """Return what kind of deadline a task is."""
        if task.origin_document_id:
            return self.env._("Task from a Document")
        if task.plan_type == "remedy":
            return self.env._("Remedy of Lost Points")
        return self.env._("Task")

    @api.model
    def _block_agencies(self, company, year):
        """How far the agencies below are; one row each."""
        agencies = (
            self.env["res.company"]
            .sudo()
            .search([("parent_id", "=", company.id)], order="name, id")
        )
        if not agencies:
            return None
        domain = self._domain_tasks(year) & Domain("company_id", "in", agencies.ids)
        figures = self.env["cchc.reform.task"]._figures(domain, "company_id")
        figures = {agency.id: found for agency, found in figures.items()}
        notes = self._agency_notes(agencies)
        rows = []
        for agency in agencies:
            found = figures.get(agency.id, {})
            row = self._progress_row(
                f"agency_{agency.id}",
                agency.name,
                found,
                domain & Domain("company_id", "=", agency.id),
            )
            row["notes"] = notes.get(agency.id, [])
            if not found:
                no_plan = self.env._("No approved plan of %s yet", year)
                row["notes"].insert(0, {"text": no_plan})
            rows.append(row)
        return self._block(
            "agencies",
            self.env._("Agencies Below, %s", year),
            "progress",
            rows,
            "left",
        )

    @api.model
    def _agency_notes(self, agencies):
        """Return ``{agency id: notes}``: what is said of agencies below beside their
        tasks."""
        notes = {}
        for agency_id, count in self._late_dossiers(agencies).items():
            if not count:
                continue
            text = self.env._("%s dossiers overdue", int(count))
            note = {
                "text": text,
                "danger": True,
                "action": self._list(
                    text,
                    "cchc.dossier.stat",
                    [("company_id", "=", agency_id), ("overdue", ">", 0)],
                ),
            }
            notes.setdefault(agency_id, []).append(note)
        return notes

    @api.model
    def _late_dossiers(self, agencies):
        """Return ``{agency id: overdue dossiers}`` of what the reader may know."""
        totals = self.env["cchc.dossier.stat"]
        if not totals.has_access("read"):
            return {}
        found = totals._read_group(
            [("company_id", "in", agencies.ids)], ["company_id"], ["overdue:sum"]
        )
        return {agency.id: count for agency, count in found}

    # --- Parts

    @api.model
    def _year_begins(self, company, year):
        """Return the first moment of a year by the clocks of the agency, as text."""
        moment = fields.Datetime.to_datetime(date(year, 1, 1))
        shift = company._cchc_tz().utcoffset(moment)
        return fields.Datetime.to_string(moment - shift)

    @api.model
    def _block(self, key, title, kind, rows, side="top"):
        """Return a block; ``side`` is where it stands on a wide screen."""
        return {"key": key, "title": title, "kind": kind, "rows": rows, "side": side}

    @api.model
    def _progress_row(self, key, label, found, domain):
        """Return a bar of tasks done of those counted, with what is late of it."""
        counted = found.get("counted", 0)
        done = found.get("done", 0)
        overdue = found.get("overdue", 0)
        return {
            "key": key,
            "label": label,
            "done": done,
            "counted": counted,
            "share": done / counted if counted else 0.0,
            "overdue": overdue,
            "action": self._list(label, "cchc.reform.task", domain),
            "overdue_action": self._list(
                label, "cchc.reform.task", domain & Domain("status", "=", "overdue")
            ),
        }

    @api.model
    def _deadline(self, record, day, kind, who):
        """Return the row of something due, which opens its record."""
        return {
            "key": f"{record._name}_{record.id}",
            "date": fields.Date.to_string(day),
            "label": record.display_name,
            "kind": kind,
            "who": who,
            "action": {"res_model": record._name, "res_id": record.id},
        }

    @api.model
    def _of(self, part, whole):
        """Return “31/75 (41.33 %)”: numerator and denominator beside the share."""
        if not whole:
            return ""
        share = self.env["ir.qweb.field.float"].value_to_html(
            100 * part / whole, {"precision": 2}
        )
        return f"{part}/{whole} ({share} %)"


def _told(tiles, hide_zero=True):
    """Return the tiles that say something."""
    return [tile for tile in tiles if tile and (tile["value"] or not hide_zero)]
