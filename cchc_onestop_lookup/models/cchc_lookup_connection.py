from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ADAPTERS = [
    ("manual", "By hand"),
    ("ndxp", "Data platform (NDXP, LGSP)"),
]


class CchcLookupConnection(models.Model):
    """How an agency reaches a register: over a line, or honestly by hand.

    Communes without a line to the platform look things up in another program; the
    officer then states which one, and what it showed at which time. What was entered
    by hand never looks like an answer of the register.
    """

    _name = "cchc.lookup.connection"
    _description = "Connection to a Register"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    service_ids = fields.Many2many("cchc.lookup.service", string="Services")
    adapter = fields.Selection(ADAPTERS, "Way", required=True, default="manual")
    url = fields.Char("Address", groups="base.group_system")
    unit_code = fields.Char(help="Code of the agency at the platform")
    login = fields.Char("User Name", groups="base.group_system")
    secret = fields.Char("Password", groups="base.group_system", copy=False)
    timeout = fields.Integer(
        "Patience (Seconds)", default=10, help="An officer waits no longer than this"
    )

    _patience = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 60)", "Wait between 1 and 60 seconds."
    )

    @api.constrains("adapter", "url")
    def _check_url(self):
        for connection in self.sudo():
            if connection.adapter != "manual" and not (connection.url or "").startswith(
                ("https://", "http://")
            ):
                raise ValidationError(
                    self.env._(
                        "%s goes over a line: give its address, beginning with "
                        "https://.",
                        connection.name,
                    )
                )

    @api.constrains("company_id", "service_ids", "active")
    def _check_one_way(self):
        for connection in self.filtered("active"):
            others = self.search(
                [
                    ("id", "!=", connection.id),
                    ("company_id", "=", connection.company_id.id),
                    ("service_ids", "in", connection.service_ids.ids),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(service)s is asked through “%(other)s” already: archive "
                        "that one first.",
                        service=(others.service_ids & connection.service_ids)[
                            :1
                        ].display_name,
                        other=others.name,
                    )
                )

    @api.model
    def _for(self, company, service):
        """Return the connection of an agency to a service; may be none."""
        return self.search(
            [("company_id", "=", company.id), ("service_ids", "in", service.ids)],
            limit=1,
        )

    def _adapter(self):
        """Return the model of the line.

        :raises UserError: when the addon of the platform is gone
        """
        self.ensure_one()
        name = f"cchc.lookup.adapter.{self.adapter}"
        if name not in self.env:
            raise UserError(
                self.env._(
                    "The addon for “%s” is not installed: choose another way for this "
                    "connection.",
                    self.adapter,
                )
            )
        return self.env[name]
