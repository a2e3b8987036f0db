from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import guard
from ..tools import statistic as tables
from .cchc_statistic import AGENCY_TITLE, ROW_TITLES, TOTAL, midnight


class CchcStatistic(models.Model):
    """The figures of a report: counted by one statement, checked against the
    identities, laid out as a table, and opened down to the dossiers behind each."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.statistic"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------
    def action_compute(self):
        """Count the drafts from the dossiers as they are now."""
        self.check_access("write")
        self._check_draft()
        for report in self:
            report.sudo()._count()
        return True

    def _agencies(self):
        """Return the agencies that the report covers."""
        self.ensure_one()
        if self.scope == "own":
            return self.company_id
        return (
            self.env["res.company"]
            .sudo()
            .search([("id", "child_of", self.company_id.id)])
        )

    def _bounds(self, now=None):
        """Return the period in the time of each agency; it never reaches beyond now."""
        self.ensure_one()
        now = now or self.counted_to or fields.Datetime.now()
        agencies = {}
        for company in self._agencies().sudo():
            agencies.setdefault(company._cchc_tz(), []).append(company.id)
        return [
            tables.Bounds(
                tuple(ids),
                midnight(self.date_from, zone),
                min(midnight(self.date_to + timedelta(days=1), zone), now),
            )
            for zone, ids in agencies.items()
        ]

    def _period_end(self):
        """Return the moment at which the period is over in the reporting agency."""
        self.ensure_one()
        return midnight(
            self.date_to + timedelta(days=1), self.company_id.sudo()._cchc_tz()
        )

    def _classified(self, now=None):
        """Return the statement that puts each dossier (II.07b: procedure) into its
        cell, as it is counted up to ``now``."""
        self.ensure_one()
        if self.form == "07b":
            company = self.company_id.sudo()
            ancestors = [int(id_) for id_ in company.parent_path.split("/")[:-1]]
            return tables.procedures(company.id, ancestors, self.date_to)
        return tables.classified(
            self._table_kind(), self._bounds(now), self.regime_id.sudo()._choices()
        )

    def _table_kind(self):
        return "06" if self.form in ("06a", "06b") else self.form

    def _by_agency(self):
        return self.scope == "all"

    def _columns(self):
        """Return the columns of figures; those of II.07a depend on the reasons."""
        self.ensure_one()
        if self.form == "07a":
            reasons = self.env["cchc.reason"].search([("kind", "=", "late")])
            return tables.columns_07a([(r.id, r.code or r.name) for r in reasons])
        return {
            "07b": tables.COLUMNS_07B,
            "766": tables.COLUMNS_766,
        }.get(self.form, tables.COLUMNS_06)

    def _count(self):
        """Count the report and write its lines, checks and footnotes."""
        self.ensure_one()
        now = min(fields.Datetime.now(), self._period_end())
        self.env.flush_all()
        remedy = self.form == "07a"
        statement = tables.counted(self._classified(now), self._by_agency(), remedy)
        self.env.cr.execute(statement)
        rows, totals, texts = {}, {}, {}
        for row_id, cell, number, remedies, is_total in self.env.cr.fetchall():
            target = totals if is_total else rows.setdefault(row_id, {})
            target[cell] = target.get(cell, 0) + number
            if not is_total:
                texts.setdefault(row_id, set()).update(filter(None, remedies or ()))
        columns = self._columns()
        lines = self._line_vals(columns, rows, totals, texts)
        report = guard.unlocked(self)
        report.line_ids.unlink()
        report.write(
            {
                "line_ids": [fields.Command.create(vals) for vals in lines],
                "layout": [_column_vals(column) for column in columns],
                "notes": "\n".join(self._footnotes()),
                "computed_at": fields.Datetime.now(),
                "counted_to": now,
            }
        )
        report.checks = self._check(rows, totals)

    def _line_vals(self, columns, rows, totals, texts):
        model = "res.company" if self._by_agency() else "cchc.sector"
        found = self.env[model].sudo().with_context(active_test=False)
        if self._by_agency():
            owners = self._agencies().sorted(
                lambda c: (c.cchc_unit_code or "~", c.name)
            )
            if self.company_id.id not in rows:
                owners -= self.company_id
        else:
            owners = found.search([("id", "in", list(rows))])
        lines = [
            {
                "sequence": index,
                "row_id": owner.id,
                "name": owner.with_context(lang="vi_VN").name,
                "figures": tables.figures(columns, rows.get(owner.id, {})),
                "remedy": "; ".join(sorted(texts.get(owner.id, ()))),
            }
            for index, owner in enumerate(owners, start=1)
        ]
        lines.append(
            {
                "sequence": len(lines) + 1,
                "row_id": 0,
                "name": TOTAL,
                "figures": tables.figures(columns, totals),
            }
        )
        return lines

    def _footnotes(self):
        notes = self.regime_id.sudo()._notes(self.form)
        if self.form == "07a":
            reasons = self.env["cchc.reason"].sudo().search([("kind", "=", "late")])
            causes = "; ".join(
                f"{reason.code}) {reason.with_context(lang='vi_VN').name}"
                for reason in reasons
                if reason.code
            )
            notes.append(f"Nguyên nhân quá hạn: {causes}.")
        if self.form != "07b" and not self._is_over():
            notes.insert(0, "Kỳ báo cáo chưa kết thúc: số liệu đến thời điểm lập biểu.")
        return notes

    def _is_over(self):
        return self._period_end() <= fields.Datetime.now()

    # ------------------------------------------------------------------
    # Identities
    # ------------------------------------------------------------------
    def _check(self, rows, totals):
        """Return the identities of the report with whether they hold.

        :return: list of ``{key, title, hard, state, faults}``; a fault names the row
            and both numbers
        """
        lines = self.line_ids.sorted("sequence")
        numbers = {
            column["key"]: str(index)
            for index, column in enumerate(self.layout, start=3)
        }
        checks = []
        for left, right in tables.IDENTITIES.get(self._table_kind(), ()):
            title = f"({numbers[left]}) = " + " + ".join(
                f"({numbers[key]})" for key in right
            )
            faults = [
                _fault(line.name, line.figures[left], sum(map(line.figures.get, right)))
                for line in lines
                if line.figures[left] != sum(map(line.figures.get, right))
            ]
            checks.append(_result(f"{left}_{right[0]}", title, faults))
        checks.append(self._check_totals(lines))
        unclear = sum(
            number
            for cell, number in totals.items()
            if self.form != "07b" and cell % 10 == tables.UNKNOWN
        )
        checks.append(
            _result(
                "one_cell",
                "one_cell",
                [_fault(TOTAL, unclear, 0)] if unclear else [],
            )
        )
        if self._table_kind() == "06":
            checks.append(self._check_carried(lines))
        if self.form == "06b":
            checks.append(self._check_bodies(lines))
        return checks

    def _check_totals(self, lines):
        *bodies, total = lines
        faults = [
            _fault(
                " – ".join(column["path"]),
                total.figures[column["key"]],
                sum(line.figures[column["key"]] for line in bodies),
            )
            for column in self.layout
            if total.figures[column["key"]]
            != sum(line.figures[column["key"]] for line in bodies)
        ]
        return _result("totals", "totals", faults)

    def _check_carried(self, lines):
        """Carried over equals what the closed period before left open."""
        before = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("form", "=", self.form),
                ("scope", "=", self.scope),
                ("state", "=", "closed"),
                ("date_to", "=", self.date_from - timedelta(days=1)),
            ],
            limit=1,
            order="closed_at desc",
        )
        if not before:
            return _result("carried", "carried", [], state="none")
        left = {line.row_id: line for line in before.line_ids}
        now = {line.row_id: line for line in lines}
        faults = []
        for row_id in sorted({*left, *now}):
            carried = row_id in now and now[row_id].figures["c6"] or 0
            remaining = row_id in left and left[row_id].figures["c11"] or 0
            if carried != remaining:
                line = now.get(row_id) or left[row_id]
                faults.append(_fault(line.name, carried, remaining))
        return _result("carried", "carried", faults, hard=False)

    def _check_bodies(self, lines):
        """The row of a body equals the total of that body's closed II.06a."""
        closed = {
            report.company_id.id: report
            for report in self.sudo().search(
                [
                    ("company_id", "in", [line.row_id for line in lines]),
                    ("form", "=", "06a"),
                    ("state", "=", "closed"),
                    ("date_from", "=", self.date_from),
                    ("date_to", "=", self.date_to),
                ]
            )
        }
        faults = []
        for line in lines:
            report = closed.get(line.row_id)
            if not report:
                continue
            own = report.line_ids.filtered(lambda row: not row.row_id).figures
            for column in self.layout:
                key = column["key"]
                if line.figures[key] != own[key]:
                    where = f"{line.name} – {' – '.join(column['path'])}"
                    faults.append(_fault(where, line.figures[key], own[key]))
        state = None if closed else "none"
        return _result("bodies", "bodies", faults, hard=False, state=state)

    @api.depends("checks")
    def _compute_check_table(self):
        titles = {
            "totals": self.env._("The total row equals the sum of the rows"),
            "one_cell": self.env._("Every dossier stands in exactly one cell"),
            "carried": self.env._(
                "Carried over = left open by the closed period before"
            ),
            "bodies": self.env._("Each row equals the closed II.06a of that agency"),
        }
        for report in self:
            checks = report.checks or []
            report.check_table = [
                {**check, "title": titles.get(check["title"], check["title"])}
                for check in checks
            ]
            report.has_error = any(check["state"] == "broken" for check in checks)

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------
    @api.depends("layout", "line_ids.figures", "correction_ids")
    def _compute_table(self):
        for report in self:
            report.table = report._table_vals() if report.layout else False

    def _table_vals(self):
        """Return the table as screens, workbooks and printed pages show it."""
        self.ensure_one()
        own = self.layout
        title = AGENCY_TITLE if self._by_agency() else ROW_TITLES.get(self.form)
        paths = [("TT",), (title,), *(tuple(column["path"]) for column in own)]
        remedies = self.form == "07a"
        if remedies:
            paths += [("Biện pháp khắc phục",), ("Ghi chú",)]
        corrected = self._corrected_cells()
        return {
            "columns": [column["key"] for column in own],
            "head": tables.headings(paths),
            "numbers": [str(index) for index in range(1, len(paths) + 1)],
            "remedies": remedies,
            "rows": [
                {
                    "id": line.row_id,
                    "name": line.name,
                    "total": not line.row_id,
                    "figures": [line.figures[column["key"]] for column in own],
                    "corrections": [
                        corrected.get((line.row_id, column["key"]), 0) for column in own
                    ],
                    "remedy": line.remedy or "",
                }
                for line in self.line_ids.sorted("sequence")
            ],
        }

    def _corrected_cells(self):
        """Return ``{(row, column): difference}`` by the later corrections."""
        changes = {}
        for row in self.sudo().correction_ids:
            for row_id, cell, sign in (
                (row.row_before, row.cell_before, -1),
                (row.row_after, row.cell_after, 1),
            ):
                for column in self._stored_columns() if row_id else ():
                    if column.counts(cell):
                        for where in (row_id, 0):
                            key = where, column.key
                            changes[key] = changes.get(key, 0) + sign
        return {key: change for key, change in changes.items() if change}

    def _stored_columns(self):
        return [
            tables.Column(
                column["key"],
                tuple(column["path"]),
                _codes(column["received"]),
                _codes(column["standing"]),
            )
            for column in self.layout or ()
        ]

    @api.depends("line_ids.figures")
    def _compute_headline(self):
        for report in self:
            total = report.line_ids.filtered(lambda line: not line.row_id)[:1]
            found = total.figures or {}
            kind = report.form and report._table_kind()
            report.received = found.get("c3", found.get("total", 0))
            report.settled = found.get({"766": "c9"}.get(kind, "c7"), 0)
            report.late = found.get({"766": "c12", "07a": "total"}.get(kind, "c10"), 0)
            if kind == "07b":
                report.settled = report.late = 0

    # ------------------------------------------------------------------
    # What is behind a figure
    # ------------------------------------------------------------------
    def open_cell(self, row_id, key):
        """Open the dossiers (II.07b: procedures) that a figure counts.

        :param int row_id: field or agency of the row; 0 for the total
        :param str key: column
        :raises UserError: when the reader sees only totals of this agency
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "draft":
            self.sudo()._count()
        line = self.line_ids.filtered(lambda line: line.row_id == row_id)
        figure = line.figures.get(key, 0) if line else 0
        column = next((c for c in self._stored_columns() if c.key == key), None)
        if column is None:
            raise UserError(self.env._("The report has no such column any more."))
        action = {
            "type": "ir.actions.act_window",
            "name": f"{self._form_code()} – {line.name or TOTAL} – "
            f"{', '.join(column.path)}",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False, "active_test": False},
        }
        if self.form == "07b":
            self.env.cr.execute(self._cell_statement(row_id, column))
            ids = [row[0] for row in self.env.cr.fetchall()]
            return {
                **action,
                "res_model": "cchc.procedure",
                "domain": [("id", "in", ids)],
            }
        domain = [("statistic_cell", "=", f"{self.id}/{row_id}/{key}")]
        if figure and not self.env["cchc.dossier"].search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "You see the totals of %(agency)s, not its dossiers: ask that "
                    "agency, or an administrator for the right to see details.",
                    agency=line.name if self._by_agency() else self.company_id.name,
                )
            )
        return {
            **action,
            "res_model": "cchc.dossier",
            "domain": domain,
            "views": [
                (self.env.ref("cchc_onestop.cchc_dossier_view_list").id, "list"),
                (self.env.ref("cchc_onestop.cchc_dossier_view_form").id, "form"),
            ],
        }

    def _cell_statement(self, row_id, column):
        """Return the statement for the ids behind a figure, of the snapshot when the
        period is closed."""
        self.ensure_one()
        if self.state == "closed":
            rows = SQL(
                "SELECT res_id, row_id, cell FROM cchc_statistic_entry "
                "WHERE statistic_id = %s",
                self.id,
            )
        else:
            rows = tables.by_row(self._classified(self.counted_to), self._by_agency())
        return SQL(
            "SELECT res_id FROM (%s) cells WHERE %s AND %s AND %s",
            rows,
            SQL("row_id = %s", row_id) if row_id else SQL("TRUE"),
            _has_code(SQL("cell / 10"), column.received),
            _has_code(SQL("cell %% 10"), column.standing),
        )


def _column_vals(column):
    return {
        "key": column.key,
        "path": list(column.path),
        "received": None if column.received is None else sorted(column.received),
        "standing": None if column.standing is None else sorted(column.standing),
    }


def _codes(codes):
    return None if codes is None else frozenset(codes)


def _has_code(expression, codes):
    if codes is None:
        return SQL("TRUE")
    return SQL("%s = ANY(%s)", expression, sorted(codes))


def _result(key, title, faults, hard=True, state=None):
    """Return one identity as the panel shows it; at most ten faults are named."""
    return {
        "key": key,
        "title": title,
        "hard": hard,
        "state": state or ("broken" if faults else "holds"),
        "faults": faults[:10],
    }


def _fault(where, left, right):
    return {"where": where, "left": left, "right": right}
