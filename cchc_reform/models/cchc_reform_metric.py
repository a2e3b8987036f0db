from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.figure import Figure, Scope

UNITS = [
    ("count", "Number"),
    ("share", "Share (%)"),
    ("amount", "Amount"),
    ("minutes", "Minutes"),
]
TOPICS = [
    ("task", "Tasks of Plans"),
    ("dossier", "Dossiers"),
    ("report", "Reports"),
    ("inspection", "Inspections"),
    ("communication", "Communications"),
    ("training", "Training"),
    ("appointment", "Appointments"),
    ("document", "Documents"),
    ("initiative", "Initiatives"),
    ("award", "Awards"),
    ("index", "PAR Index"),
    ("iso", "ISO 9001"),
    ("other", "Other"),
]


class CchcReformMetric(models.Model):
    """A figure that the system measures: for reports, targets and the index alike.

    A metric names its source; ``_source_<name>(scope)`` is one SQL statement grouped by
    agency, so a province with 150 communes costs one statement per source. It yields
    ``(company_id, key, numerator, denominator)`` for the keys of the scope, and the
    moment of the figure behind them where that is not now.
    ``_drill_<name>(key, scope)`` returns ``(model, domain)`` of what the numerator
    counted, or ``None`` where that are no records. Another addon adds a source by
    ``_inherit`` and records.

    Nothing is counted under the record rules of who asks (a figure of an agency is the
    same for everybody), but only for agencies that he sees; what stands behind a figure
    is opened under his own rules.
    """

    _name = "cchc.reform.metric"
    _description = "Measured Figure of Reform"
    _order = "sequence, id"
    _rec_names_search = ["name", "key"]

    key = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, translate=True)
    unit = fields.Selection(UNITS, required=True, default="count")
    unit_label = fields.Char(
        "Measured in", translate=True, help="E.g. dossiers, sessions, hours"
    )
    topic = fields.Selection(TOPICS, required=True, default="other")
    source_key = fields.Char(required=True, readonly=True, help="Method that counts it")
    source = fields.Text(
        "How It Is Counted",
        translate=True,
        help="Where the figure comes from and what is counted over what",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _key_uniq = models.Constraint("UNIQUE (key)", "There is a figure with this key.")

    @api.constrains("source_key")
    def _check_source_key(self):
        for metric in self:
            if not hasattr(self, f"_source_{metric.source_key}"):
                raise ValidationError(
                    self.env._(
                        "No source of figures is called “%(name)s” (%(metric)s).",
                        name=metric.source_key,
                        metric=metric.key,
                    )
                )

    # --- Measuring

    @api.model
    def _measure(self, keys, company_ids, date_from, date_to):
        """Measure figures of agencies in a period, both days included.

        :param keys: keys of metrics
        :param company_ids: ids of agencies that the reader sees
        :return: ``{(company_id, key): Figure}``, each asked for
        :raises AccessError: for an agency that he does not see
        :raises UserError: for a key that no metric has
        """
        companies = self._visible(company_ids)
        metrics = self.sudo().with_context(active_test=False)
        metrics = metrics.search([("key", "in", list(keys))])
        if missing := set(keys) - set(metrics.mapped("key")):
            raise UserError(
                self.env._("Nothing measures “%s”.", ", ".join(sorted(missing)))
            )
        self.env.flush_all()
        figures = {
            (company_id, metric.key): Figure(0, 0 if metric.unit == "share" else None)
            for company_id in companies.ids
            for metric in metrics
        }
        for source, group in metrics.grouped("source_key").items():
            scope = self._scope(group.mapped("key"), companies, date_from, date_to)
            rows = getattr(self.sudo(), f"_source_{source}")(scope)
            for company_id, key, *found in rows:
                figures[company_id, key] = Figure(*found)
        return figures

    @api.model
    def _visible(self, company_ids):
        """Return these agencies when the reader works in or above each of them."""
        companies = self.env["res.company"].sudo().browse(company_ids)
        if not self.env.su:
            own = set(self.env.user._get_company_ids())
            for company in companies:
                if own.isdisjoint(map(int, company.parent_path.split("/")[:-1])):
                    raise AccessError(
                        self.env._(
                            "You do not work in or above %s, so its figures are not "
                            "yours to measure.",
                            company.name,
                        )
                    )
        return companies

    @api.model
    def _scope(self, keys, companies, date_from, date_to):
        now = fields.Datetime.now()
        zones = {}
        for company in companies.sudo():
            zones.setdefault(company._cchc_tz(), []).append(company.id)
        return Scope(
            keys=tuple(keys),
            companies=tuple(companies.ids),
            date_from=date_from,
            date_to=date_to,
            today=fields.Date.context_today(self),
            bounds=tuple(
                (
                    tuple(ids),
                    midnight(date_from, zone),
                    min(midnight(date_to + timedelta(days=1), zone), now),
                )
                for zone, ids in zones.items()
            ),
        )

    @api.model
    def _rows(self, statement):
        """Return the rows of a statement."""
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    @api.model
    def _count_each(self, scope, rows, conditions):
        """Count rows per agency: a source made of conditions.

        :param rows: statement with ``id``, ``company_id`` and what conditions name
        :param conditions: ``{key: (condition, condition of the denominator or None)}``
        :return: rows as a source yields them
        """
        parts = []
        for key in scope.keys:
            counted, over = conditions[key]
            parts.append(SQL("count(*) FILTER (WHERE %s)", counted))
            if over is not None:
                parts.append(SQL("count(*) FILTER (WHERE %s)", over))
        found = self._rows(
            SQL(
                "SELECT company_id, %s FROM (%s) r GROUP BY company_id",
                SQL(", ").join(parts),
                rows,
            )
        )
        for company_id, *numbers in found:
            numbers = iter(numbers)
            for key in scope.keys:
                over = conditions[key][1] is not None
                yield company_id, key, next(numbers), next(numbers) if over else None

    # --- An addon that goes

    @api.model
    def _retire_of(self, addon):
        """Take the figures of an addon away from what they fill in, before it goes.

        Criteria, targets and figures of reports stay with what was counted; from now
        on people state them. To be called by the addon's ``uninstall_hook``.
        """
        names = self.env["ir.model.data"].search(
            [("module", "=", addon), ("model", "=", self._name)]
        )
        metrics = self.browse(names.mapped("res_id")).exists()
        for field in self.env["ir.model.fields"].search(
            [
                ("relation", "=", self._name),
                ("ttype", "=", "many2one"),
                ("store", "=", True),
            ]
        ):
            users = unlocked(self.env[field.model].with_context(active_test=False))
            users.search([(field.name, "in", metrics.ids)])[field.name] = False

    # --- What is behind a figure

    def _action(self, company_ids, date_from, date_to):
        """Return the window with exactly what the figure counts (its numerator), as
        far as the reader may open it; ``False`` where there is nothing to open.

        :param company_ids: ids of agencies that the reader sees
        """
        self.ensure_one()
        companies = self._visible(company_ids)
        scope = self._scope([self.key], companies, date_from, date_to)
        self.env.flush_all()
        drill = getattr(self, f"_drill_{self.source_key}", None)
        found = drill and drill(self.key, scope)
        if not found:
            return False
        model, domain = found
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(Domain(domain)),
            "context": {"create": False, "active_test": False},
        }

    @api.model
    def _counted_in(self, key, scope):
        """Return the domain for what a figure counts, to be used in ``_drill_``
        methods of models with ``cchc.reform.counted.mixin``."""
        companies = ",".join(map(str, scope.companies))
        value = f"{key}/{companies}/{scope.date_from}/{scope.date_to}"
        return [("cchc_counted_in", "=", value)]
