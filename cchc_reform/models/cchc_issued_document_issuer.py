from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.document_text import body_key


class CchcIssuedDocumentIssuer(models.Model):
    """Body that issues documents: an agency here, or any other by its name.

    “UBND xã” and “Ủy ban nhân dân xã” are one; typing a new name makes a new body.
    """

    _name = "cchc.issued.document.issuer"
    _description = "Issuing Body"
    _order = "name"

    name = fields.Char(required=True)
    key = fields.Char(compute="_compute_key", store=True, index="trigram")
    agency_id = fields.Many2one(
        "res.company", "Agency Here", ondelete="restrict", index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="restrict")
    active = fields.Boolean(default=True)

    _agency_uniq = models.UniqueIndex(
        "(agency_id) WHERE agency_id IS NOT NULL",
        "This agency is an issuing body already.",
    )

    @api.depends("name")
    def _compute_key(self):
        for body in self:
            body.key = body_key(body.name)

    @api.constrains("name")
    def _check_name(self):
        for body in self:
            twin = self.with_context(active_test=False).search(
                [("key", "=", body.key), ("id", "!=", body.id)], limit=1
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” stands in the list already as “%(twin)s”; use that "
                        "one.",
                        name=body.name,
                        twin=twin.name,
                    )
                )

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like", "=ilike") and isinstance(value, str):
            return [("key", "like", body_key(value))]
        return super()._search_display_name(operator, value)

    @api.model
    def _of_agency(self, company):
        """Return the body that an agency is, made when it is needed first."""
        bodies = self.sudo().with_context(active_test=False)
        body = bodies.search([("agency_id", "=", company.id)], limit=1)
        if not body:
            same = bodies.search(
                [("key", "=", body_key(company.name)), ("agency_id", "=", False)],
                limit=1,
            )
            if same:
                same.agency_id = company
                body = same
            else:
                body = bodies.create(
                    {"name": self._free_name(company), "agency_id": company.id}
                )
        return self.browse(body.id)

    @api.model
    def _free_name(self, company):
        """Return the name of an agency; with its place where a namesake stands."""
        key = body_key(company.name)
        if self.sudo().search_count([("key", "=", key)], limit=1):
            above = company.sudo().parent_id.name or company.cchc_unit_code or ""
            return f"{company.name} ({above or company.id})"
        return company.name

    @api.model
    def _find_or_create(self, name):
        """Return the body of this name."""
        key = body_key(name)
        body = self.with_context(active_test=False).search(
            [("key", "=", key)], order="id", limit=1
        )
        return body or self.create({"name": " ".join(name.split())})
