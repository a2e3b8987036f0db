from ast import literal_eval

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: Counting stops here: whether there are records is what the page asks.
MOST = 10000
#: Live counts look back this far.
MONTHS = 12


class CchcIsoClauseRecord(models.Model):
    """Kind of record that proves clauses: which data of the system, or kept elsewhere.

    The mapping is data that an office amends: a model with a domain and the field of
    its date, counted live over the last twelve months, or a place where the records of
    one quality system are kept on paper or in other software.
    """

    _name = "cchc.iso.clause.record"
    _description = "Record That Proves a Clause"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    clause_ids = fields.Many2many(
        "cchc.iso.clause",
        "cchc_iso_clause_record_rel",
        "record_id",
        "clause_id",
        "Clauses",
        required=True,
    )
    source = fields.Selection(
        [("live", "Data of This System"), ("kept", "Kept Elsewhere")],
        required=True,
        default="kept",
    )
    model_name = fields.Char("Model", help="E.g. cchc.dossier")
    domain = fields.Char(default="[]")
    date_field = fields.Char(help="Date or moment of the record, e.g. ended_at")
    company_field = fields.Char("Agency Field", default="company_id")
    system_id = fields.Many2one(
        "mgmtsystem.system", index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(related="system_id.company_id", store=True)
    place = fields.Char("Kept at", help="Folder, cabinet or software, and who keeps it")
    seen_on = fields.Date("Last Seen on", help="When somebody last saw them there")
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "cchc_iso_clause_record_evidence_rel",
        "record_id",
        "attachment_id",
        "Files",
    )

    _source_check = models.Constraint(
        "CHECK (source = 'live' AND model_name IS NOT NULL AND date_field IS NOT NULL "
        "OR source = 'kept' AND system_id IS NOT NULL AND place IS NOT NULL)",
        "Live records name a model and its date, others a system and a place.",
    )

    @api.constrains("source", "model_name", "domain", "date_field", "company_field")
    def _check_live(self):
        for row in self.filtered(lambda row: row.source == "live"):
            model = self.env.get(row.model_name)
            if model is None or model._abstract:
                raise ValidationError(
                    self.env._(
                        "%(name)s: there is no data called %(model)s.",
                        name=row.name,
                        model=row.model_name,
                    )
                )
            for name in filter(None, (row.date_field, row.company_field)):
                if name not in model._fields:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: %(model)s has no field %(field)s.",
                            name=row.name,
                            model=row.model_name,
                            field=name,
                        )
                    )
            try:
                Domain(literal_eval(row.domain or "[]")).validate(model.sudo())
            except (ValueError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the domain cannot be read (%(error)s).",
                        name=row.name,
                        error=error,
                    )
                ) from None

    def _domain(self, company):
        """Return the domain of the records of an agency of the last twelve months."""
        self.ensure_one()
        field = self.env[self.model_name]._fields[self.date_field]
        since = fields.Datetime.now() - relativedelta(months=MONTHS)
        if field.type == "date":
            since = company._cchc_local_date(since)
        domain = Domain(literal_eval(self.domain or "[]"))
        domain &= Domain(self.date_field, ">=", since)
        if self.company_field:
            domain &= Domain(self.company_field, "=", company.id)
        return domain

    def _count(self, company):
        """Return how many records there are, at most :data:`MOST`.

        The figure holds nothing personal and is shown to everybody; the list behind it
        opens only for those who may read the records.
        """
        self.ensure_one()
        return (
            self.env[self.model_name]
            .sudo()
            .search_count(self._domain(company), limit=MOST)
        )

    def _is_proved(self, company, today):
        """Return ``(whether there are records, count or None)``."""
        self.ensure_one()
        if self.source == "live":
            count = self._count(company)
            return bool(count), count
        since = fields.Date.subtract(today, months=MONTHS)
        return bool(self.seen_on and self.seen_on >= since), None

    def action_open(self):
        """Open the list of these records, as far as the reader may read them."""
        self.ensure_one()
        company = self.env.company
        self.env[self.model_name].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.model_name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._domain(company)),
            "context": {"create": False},
        }
