from odoo import api, fields, models
from odoo.exceptions import UserError

_FIXED = frozenset(
    {
        "dossier_id",
        "partner_id",
        "company_id",
        "request_id",
        "name",
        "returned",
        "on_paper",
    }
)


class CchcLookupDiscrepancy(models.Model):
    """A register and the papers of a citizen disagree.

    Recorded with the field, what the register returned, what the paper says and the
    evidence; never settled by overwriting one of them silently. Discrepancies about one
    person go to the body that keeps the register as one correction request.
    """

    _name = "cchc.lookup.discrepancy"
    _description = "Discrepancy with a Register"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char("Data", required=True)
    request_id = fields.Many2one(
        "cchc.lookup.request",
        "Look-up",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True, precompute=True
    )
    service_id = fields.Many2one(
        related="request_id.service_id", store=True, precompute=True
    )
    dossier_id = fields.Many2one(
        related="request_id.dossier_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        related="request_id.partner_id", store=True, precompute=True, index=True
    )
    returned = fields.Char(
        "In the Register", groups="cchc_onestop.group_identity", readonly=True
    )
    on_paper = fields.Char(
        required=True, groups="cchc_onestop.group_identity", tracking=False
    )
    evidence = fields.Char(
        required=True,
        help="Paper that shows it: kind, number, day, who issued it",
        groups="cchc_onestop.group_identity",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", groups="cchc_onestop.group_identity"
    )
    state = fields.Selection(
        [
            ("open", "To Be Requested"),
            ("requested", "Correction Requested"),
            ("corrected", "Corrected"),
            ("kept", "Not Corrected"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    correction_id = fields.Many2one(
        "cchc.lookup.correction",
        "Correction Request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for row in self:
            names = (row.name, row.partner_id.name)
            row.display_name = " – ".join(name for name in names if name)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("state", None)
            vals.pop("correction_id", None)
            if not self.env.su:
                vals["user_id"] = self.env.uid
            if not all(
                (vals.get(name) or "").strip() for name in ("on_paper", "evidence")
            ):
                raise UserError(
                    self.env._(
                        "“%s”: say what the paper reads and which paper it is.",
                        vals.get("name") or "",
                    )
                )
        rows = super().create(vals_list)
        rows._adopt_files()
        return rows

    def write(self, vals):
        if not self.env.su:
            if {"state", "correction_id", "user_id"} & vals.keys():
                raise UserError(
                    self.env._(
                        "The state of a discrepancy follows its correction request."
                    )
                )
            if {*_FIXED, "evidence"} & vals.keys() and self.filtered(
                lambda row: row.state != "open"
            ):
                raise UserError(
                    self.env._(
                        "The correction was requested with these data: record a "
                        "further discrepancy instead."
                    )
                )
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_files()
        return result

    def _adopt_files(self):
        """Make files that were added before the row was saved belong to it."""
        for row in self:
            loose = row.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": row.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_before_request(self):
        if self.filtered(lambda row: row.state != "open"):
            raise UserError(
                self.env._("A discrepancy whose correction was requested stays.")
            )

    def action_request_correction(self):
        """Make one correction request per register and person from the open rows."""
        rows = self.filtered(lambda row: row.state == "open" and not row.correction_id)
        if not rows:
            raise UserError(
                self.env._("A correction was requested for all of these already.")
            )
        requests = self.env["cchc.lookup.correction"]
        groups = rows.grouped(
            lambda row: (row.company_id, row.service_id, row.partner_id)
        )
        for (company, service, partner), members in groups.items():
            request = requests.create(
                {
                    "company_id": company.id,
                    "service_id": service.id,
                    "partner_id": partner.id,
                    "authority_name": service.authority_name,
                }
            )
            members.sudo().correction_id = request
            requests |= request
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_lookup.cchc_lookup_correction_action"
        )
        if len(requests) == 1:
            return {**action, "views": [(False, "form")], "res_id": requests.id}
        return {**action, "domain": [("id", "in", requests.ids)]}
