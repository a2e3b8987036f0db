from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked


class CchcIndexInput(models.Model):
    """A figure of a component that was read elsewhere, e.g. on the national portal.

    It goes before what the system counts, and keeps what the system counted then: both
    values, from where and of when, who entered it and why. It is never changed; a newer
    one for the same component and period goes before it, and one that was wrong is
    withdrawn with the reason.
    """

    _name = "cchc.index.input"
    _description = "Figure Entered by Hand"
    _order = "source_date desc, id desc"
    _rec_name = "component_id"

    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    component_id = fields.Many2one(
        "cchc.index.component", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    numerator = fields.Integer(required=True, aggregator=None)
    denominator = fields.Integer(required=True, aggregator=None)
    source = fields.Char(
        required=True, help="Where the figure was read, e.g. a page of the portal"
    )
    source_date = fields.Date(
        "Read on", required=True, default=fields.Date.context_today
    )
    reason = fields.Char(required=True, help="Why it goes before the system's figure")
    entered_by_id = fields.Many2one("res.users", "Entered by", readonly=True)
    is_system_known = fields.Boolean("The System Knew", readonly=True)
    system_numerator = fields.Integer(
        "Numerator of the System", readonly=True, aggregator=None
    )
    system_denominator = fields.Integer(
        "Denominator of the System", readonly=True, aggregator=None
    )
    active = fields.Boolean(default=True)
    withdrawn_by_id = fields.Many2one("res.users", "Withdrawn by", readonly=True)
    withdrawn_at = fields.Datetime("Withdrawn on", readonly=True)

    _figure_valid = models.Constraint(
        "CHECK (numerator >= 0 AND denominator >= numerator)",
        "The numerator lies between 0 and the denominator.",
    )
    _dates_valid = models.Constraint(
        "CHECK (date_to >= date_from)", "A period cannot end before it begins."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env["res.company"].browse(values.get("company_id"))
        if company and {"date_from", "date_to"} & set(fields_list):
            today = fields.Date.context_today(self)
            period = company._cchc_index_period(today)
            values.setdefault("date_from", period.start)
            values.setdefault("date_to", period.end)
        return values

    @api.constrains("source_date")
    def _check_source_date(self):
        for row in self:
            if row.source_date > fields.Date.context_today(row):
                raise ValidationError(
                    self.env._("A figure cannot have been read in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        kept = {"entered_by_id", "withdrawn_by_id", "withdrawn_at", "is_system_known"}
        kept |= {"system_numerator", "system_denominator"}
        rows = super().create(
            [
                {name: vals[name] for name in vals if name not in kept}
                | {"entered_by_id": self.env.uid}
                for vals in vals_list
            ]
        )
        for row in rows:
            row._keep_system_figure()
        return rows

    def _keep_system_figure(self):
        """Write down what the system counts at this moment."""
        self.ensure_one()
        scope = self.component_id._scope(self.company_id, self.date_from, self.date_to)
        word = self.component_id.source.split("_")[0]
        if word == "portal":
            return
        self.env.flush_all()
        figures = getattr(self.component_id.sudo(), f"_figures_{word}")(scope)
        found = figures.get((self.company_id.id, self.component_id.source))
        if found is not None:
            unlocked(self).write(
                {
                    "is_system_known": True,
                    "system_numerator": found[0],
                    "system_denominator": found[1],
                }
            )

    def write(self, vals):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "A figure that was entered is not changed: withdraw it and enter "
                    "it again."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A figure is never deleted: withdraw it."))

    def action_withdraw(self):
        """Let the figures of the system count again."""
        self.check_access("write")
        unlocked(self).write(
            {
                "active": False,
                "withdrawn_by_id": self.env.uid,
                "withdrawn_at": fields.Datetime.now(),
            }
        )
        return True

    @api.model
    def _in_force(self, companies, date_from, date_to):
        """Return ``{(company_id, component_id): input}`` for exactly this period."""
        rows = self.sudo().search(
            Domain("company_id", "in", companies.ids)
            & Domain("date_from", "=", date_from)
            & Domain("date_to", "=", date_to),
            order="source_date, id",
        )
        return {(row.company_id.id, row.component_id.id): row for row in rows}
