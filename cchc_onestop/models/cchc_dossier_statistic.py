from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CchcDossier(models.Model):
    """Dossiers behind a figure of a report."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    statistic_cell = fields.Char(
        string="Counted in",
        compute="_compute_statistic_cell",
        search="_search_statistic_cell",
        help="Used by the lists behind the figures of a report",
    )

    def _compute_statistic_cell(self):
        self.statistic_cell = False

    @api.model
    def _search_statistic_cell(self, operator, value):
        """Find the dossiers behind a figure: ``report/row/column``.

        Whoever may read the report may ask; which of the dossiers he finds is up to
        his own access.
        """
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        domains = []
        for text in value:
            report_id, row_id, key = str(text).split("/")
            report = self.env["cchc.statistic"].browse(int(report_id)).exists()
            report.check_access("read")
            column = next((c for c in report._stored_columns() if c.key == key), None)
            if column is None or report.form == "07b":
                continue
            statement = report.sudo()._cell_statement(int(row_id), column)
            domains.append(
                Domain.custom(
                    to_sql=lambda _model, alias, _query, statement=statement: SQL(
                        "%s IN (%s)", SQL.identifier(alias, "id"), statement
                    )
                )
            )
        return Domain.OR(domains)
