from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATUSES = [
    ("current", "Covered and Current"),
    ("outdated", "Covered, Document Outdated"),
    ("missing", "Not Covered"),
    ("excluded", "Excluded with Reason"),
]


def in_force(day):
    """Return the domain of the issues of documents in force on ``day``."""
    return (
        Domain("state", "=", "approved")
        & Domain("issue_no", ">", 0)
        & Domain("effective_from", "<=", day)
        & (Domain("effective_to", "=", False) | Domain("effective_to", ">=", day))
    )


class CchcIsoProcedureCoverage(models.Model):
    """Which procedures in force have a process document, one row each, one statement.

    The day is ``cchc_date`` of the context, else today; the agency is the one in use:
    procedures and processes of its own and of its parent agencies, documents of its
    own. A document is outdated when it was made from another version or process than
    the ones in force, or a change waits for its new issue.
    """

    _name = "cchc.iso.procedure.coverage"
    _description = "Coverage of the Catalogue"
    _auto = False
    _order = "sector_id, procedure_id"
    _rec_name = "procedure_id"
    _depends = {
        "cchc.procedure": ["active", "level", "repealed_from", "sector_id"],
        "cchc.procedure.version": [
            "company_id",
            "procedure_id",
            "state",
            "valid_from",
            "valid_to",
        ],
        "cchc.process": [
            "company_id",
            "procedure_id",
            "state",
            "valid_from",
            "valid_to",
            "version_id",
        ],
        "document.page": ["active", "company_id", "procedure_id"],
        "document.page.history": [
            "effective_from",
            "effective_to",
            "issue_no",
            "page_id",
            "process_id",
            "state",
            "version_id",
        ],
        "cchc.iso.update.task": ["effective_date", "page_id", "state"],
        "cchc.iso.procedure.exclusion": ["company_id", "procedure_id", "reason"],
        "cchc.iso.declaration": ["company_id", "state"],
        "cchc.iso.declaration.line": ["declaration_id", "procedure_id"],
    }

    procedure_id = fields.Many2one("cchc.procedure", readonly=True)
    code = fields.Char("National Code", readonly=True)
    sector_id = fields.Many2one("cchc.sector", string="Field", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    page_id = fields.Many2one("document.page", "Document", readonly=True)
    issue_id = fields.Many2one("document.page.history", readonly=True)
    issued_from = fields.Date("Issue in Force from", readonly=True)
    process_id = fields.Many2one("cchc.process", readonly=True)
    in_force_since = fields.Date("Version since", readonly=True)
    is_declared = fields.Boolean("Declared", readonly=True)
    reason = fields.Char("Why Excluded", readonly=True)
    procedure_count = fields.Integer("Procedures", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        company = self.env.company.sudo()
        return SQL(
            """
            SELECT procedure.id, procedure.id AS procedure_id, procedure.code,
                   procedure.sector_id, version.since AS in_force_since,
                   page.id AS page_id, issue.id AS issue_id,
                   issue.effective_from AS issued_from, process.id AS process_id,
                   exclusion.reason, declared.procedure_id IS NOT NULL AS is_declared,
                   CASE WHEN exclusion.id IS NOT NULL THEN 'excluded'
                        WHEN issue.id IS NULL THEN 'missing'
                        WHEN issue.version_id <> version.id
                          OR issue_process.valid_to < %(day)s
                          OR task.id IS NOT NULL
                          THEN 'outdated'
                        ELSE 'current' END AS status,
                   1 AS procedure_count
              FROM cchc_procedure procedure
              JOIN (SELECT DISTINCT ON (procedure_id) procedure_id, id,
                           valid_from AS since
                      FROM cchc_procedure_version
                     WHERE state = 'published'
                       AND valid_from <= %(day)s
                       AND (valid_to IS NULL OR valid_to >= %(day)s)
                       AND (company_id IS NULL OR company_id = ANY(%(lineage)s))
                     ORDER BY procedure_id,
                              array_position(%(lineage)s, company_id) DESC NULLS LAST,
                              valid_from DESC, id DESC) version
                ON version.procedure_id = procedure.id
         LEFT JOIN (SELECT DISTINCT ON (page.procedure_id) page.procedure_id, page.id,
                           issue.id AS issue_id
                      FROM document_page page
                      JOIN document_page_history issue ON issue.page_id = page.id
                     WHERE page.active AND page.company_id = %(company)s
                       AND page.procedure_id IS NOT NULL
                       AND issue.state = 'approved' AND issue.issue_no > 0
                       AND issue.effective_from <= %(day)s
                       AND (issue.effective_to IS NULL
                            OR issue.effective_to >= %(day)s)
                     ORDER BY page.procedure_id, issue.effective_from DESC,
                              issue.id DESC) page
                ON page.procedure_id = procedure.id
         LEFT JOIN document_page_history issue ON issue.id = page.issue_id
         LEFT JOIN cchc_process issue_process ON issue_process.id = issue.process_id
         LEFT JOIN cchc_iso_update_task task
                ON task.page_id = page.id AND task.state = 'open'
               AND task.effective_date <= %(day)s
         LEFT JOIN (SELECT DISTINCT ON (version_id) version_id, id
                      FROM cchc_process
                     WHERE state = 'published'
                       AND valid_from <= %(day)s
                       AND (valid_to IS NULL OR valid_to >= %(day)s)
                       AND company_id = ANY(%(lineage)s)
                     ORDER BY version_id,
                              array_position(%(lineage)s, company_id) DESC,
                              valid_from DESC, id DESC) process
                ON process.version_id = version.id
         LEFT JOIN cchc_iso_procedure_exclusion exclusion
                ON exclusion.procedure_id = procedure.id
               AND exclusion.company_id = %(company)s
         LEFT JOIN (SELECT DISTINCT line.procedure_id
                      FROM cchc_iso_declaration_line line
                      JOIN cchc_iso_declaration declaration
                        ON declaration.id = line.declaration_id
                     WHERE declaration.state = 'published'
                       AND declaration.company_id = %(company)s) declared
                ON declared.procedure_id = procedure.id
             WHERE procedure.active
               AND (procedure.repealed_from IS NULL
                    OR procedure.repealed_from > %(day)s)
            """,
            day=self._day(),
            company=company.id,
            lineage=[int(key) for key in (company.parent_path or "").split("/") if key],
        )

    @api.model
    def _day(self):
        """Return the day that is asked for, else today in the agency."""
        if self.env.context.get("cchc_date"):
            return self.env["cchc.procedure"]._get_catalogue_date()
        return self.env.company._cchc_local_date(fields.Datetime.now())

    @api.model
    def _figures(self, company=None):
        """Return the number of procedures per status, their total and the share that
        is covered, in per cent with one decimal (``None`` without procedures).

        Excluded procedures take no part in the share. One statement.
        """
        coverage = self.with_company(company or self.env.company)
        figures = {key: 0 for key, _label in STATUSES}
        for status, count in coverage.sudo()._read_group([], ["status"], ["__count"]):
            figures[status] = count
        figures["total"] = sum(figures.values())
        whole = figures["total"] - figures["excluded"]
        covered = figures["current"] + figures["outdated"]
        figures["covered"] = covered
        figures["percent"] = round(100 * covered / whole, 1) if whole else None
        return figures

    def action_open_procedure(self):
        """Open the procedure."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.procedure",
            "res_id": self.procedure_id.id,
            "view_mode": "form",
        }

    def action_open_document(self):
        """Open the process document of the procedure."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "document.page",
            "res_id": self.page_id.id,
            "view_mode": "form",
        }

    def action_exclude(self):
        """Ask why these procedures are left out of the system."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exclude from the System"),
            "res_model": "cchc.iso.procedure.exclusion",
            "view_mode": "form",
            "target": "new",
            "context": {"default_procedure_id": self[:1].procedure_id.id},
        }
