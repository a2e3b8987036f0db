from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CchcReformCountedMixin(models.AbstractModel):
    """Records behind a measured figure, found by the statement that counts them.

    A source adds ``_ids_<source>(key, scope)`` to ``cchc.reform.metric``: the statement
    for the ids of what a numerator counts.
    """

    _name = "cchc.reform.counted.mixin"
    _description = "Counted by Figures of Reform"

    cchc_counted_in = fields.Char(
        "Counted in the Figure",
        compute="_compute_cchc_counted_in",
        search="_search_cchc_counted_in",
        help="Used by the lists behind the figures of reports and of the index",
    )

    def _compute_cchc_counted_in(self):
        self.cchc_counted_in = False

    @api.model
    def _search_cchc_counted_in(self, operator, value):
        """Find what a figure counts: ``key/agencies/from/to``.

        Which of it a reader finds is up to his own access.
        """
        if operator != "in":
            return NotImplemented
        self.env.flush_all()
        return Domain.OR(map(self._counted_domain, value))

    @api.model
    def _counted_domain(self, text):
        metrics = self.env["cchc.reform.metric"]
        metric, companies, *days = self._read_figure(text)
        scope = metrics._scope([metric.key], metrics._visible(companies), *days)
        source = getattr(metrics.sudo(), f"_ids_{metric.source_key}")
        statement = source(metric.key, scope)
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), statement
            )
        )

    @api.model
    def _read_figure(self, text):
        """Return metric, ids of agencies, first and last day of a figure.

        :raises UserError: when the text names none
        """
        metrics = self.env["cchc.reform.metric"].sudo()
        try:
            key, companies, first, last = str(text).split("/")
            companies = [int(id_) for id_ in companies.split(",")]
            days = fields.Date.to_date(first), fields.Date.to_date(last)
            metric = metrics.search([("key", "=", key)])
            if not metric or not hasattr(metrics, f"_ids_{metric.source_key}"):
                raise ValueError(key)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%s” names no figure; open the list from the figure itself.", text
                )
            ) from error
        return metric, companies, *days
