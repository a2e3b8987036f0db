from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CchcIsoMember(models.Model):
    """Who does what in the quality system of an agency (Ban Chỉ đạo ISO).

    A role begins and ends with a decision; the rows of the past stay, so that a paper
    of then is read with the board of then.
    """

    _name = "cchc.iso.member"
    _description = "Role in the Quality System"
    _order = "system_id, role, valid_from desc, id"
    _rec_name = "user_id"
    _check_company_auto = True

    system_id = fields.Many2one(
        "mgmtsystem.system", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users", "Person", required=True, index=True, ondelete="restrict"
    )
    post = fields.Char(help="Post in the agency, e.g. chairman")
    role = fields.Selection(
        [
            ("1_head", "Head of the Board"),
            ("2_deputy", "Deputy Head"),
            ("3_secretary", "ISO Secretary"),
            ("4_member", "Board Member"),
            ("5_auditor", "Internal Auditor"),
        ],
        required=True,
        default="4_member",
    )
    decision = fields.Char(help="Number of the decision that appoints, e.g. 12/QĐ-UBND")
    decided_on = fields.Date()
    valid_from = fields.Date("From", required=True, default=fields.Date.context_today)
    valid_to = fields.Date("To", help="Last day; empty: still in the role")

    _role_uniq = models.UniqueIndex(
        "(system_id, company_id, user_id, role) WHERE valid_to IS NULL",
        "This person holds this role already; end the role before.",
    )

    @api.constrains("valid_from", "valid_to")
    def _check_days(self):
        for member in self:
            if member.valid_to and member.valid_to < member.valid_from:
                raise ValidationError(
                    self.env._(
                        "The role of %s ends before it begins.", member.user_id.name
                    )
                )

    @api.constrains("company_id", "system_id")
    def _check_system(self):
        for member in self:
            if member.system_id.company_id not in (
                member.company_id,
                self.env["res.company"],
            ):
                raise ValidationError(
                    self.env._(
                        "%(system)s belongs to %(agency)s: enter its members there.",
                        system=member.system_id.name,
                        agency=member.system_id.company_id.name,
                    )
                )

    @api.model
    def _on(self, system, company, day):
        """Return the members of the agency's board on ``day``."""
        return self.search(
            Domain("system_id", "=", system.id)
            & Domain("company_id", "=", company.id)
            & Domain("valid_from", "<=", day)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )
