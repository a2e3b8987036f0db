from odoo import fields, models


class ResPartner(models.Model):
    """Applicants: identity data, visible only to those who handle dossiers."""

    _inherit = "res.partner"

    cchc_identity_type = fields.Selection(
        [
            ("personal", "Personal identification number"),
            ("old", "Old identity card (9 digits)"),
            ("passport", "Passport"),
            ("tax", "Tax code"),
            ("other", "Other paper"),
        ],
        string="Identity Paper",
        default="personal",
        groups="cchc_onestop.group_identity",
    )
    cchc_identity = fields.Char(
        string="Identity Number",
        index="btree_not_null",
        copy=False,
        groups="cchc_onestop.group_identity",
    )
    cchc_old_identity = fields.Char(
        string="Old Identity Number",
        index="btree_not_null",
        copy=False,
        groups="cchc_onestop.group_identity",
        help="9-digit CMND, kept as an alias for old records",
    )
    cchc_birth_date = fields.Date(
        string="Date of Birth", groups="cchc_onestop.group_identity"
    )
    cchc_sex = fields.Selection(
        [("male", "Male"), ("female", "Female")],
        string="Sex",
        groups="cchc_onestop.group_identity",
    )
    cchc_dossier_ids = fields.One2many("cchc.dossier", "partner_id", string="Dossiers")
    cchc_dossier_count = fields.Integer(compute="_compute_cchc_dossier_count")

    def _compute_cchc_dossier_count(self):
        counts = dict(
            self.env["cchc.dossier"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.cchc_dossier_count = counts.get(partner, 0)

    cchc_payment_count = fields.Integer(compute="_compute_cchc_payment_count")

    def _compute_cchc_payment_count(self):
        counts = dict(
            self.env["cchc.payment"]._read_group(
                [("payer_id", "in", self.ids)], ["payer_id"], ["__count"]
            )
        )
        for partner in self:
            partner.cchc_payment_count = counts.get(partner, 0)

    def action_cchc_payments(self):
        """Open the payments of this person."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_payment_action"
        )
        action["domain"] = [("payer_id", "in", self.ids)]
        action["context"] = {"default_payer_id": self.id}
        return action

    def action_cchc_collect(self):
        """Collect in one payment all that this person still owes."""
        self.ensure_one()
        dossiers = self.env["cchc.dossier"].search(
            [
                "|",
                ("partner_id", "=", self.id),
                ("submitter_id", "=", self.id),
                ("fee_state", "in", ["due", "partly"]),
                ("state", "not in", ["draft", "pre_supplement", "refused", "void"]),
            ]
        )
        return dossiers.action_collect_fees()

    def _cchc_address(self):
        """Return the address in one line, without the name."""
        self.ensure_one()
        return ", ".join(
            part
            for part in (self.street, self.street2, self.city, self.state_id.name)
            if part
        )

    def action_cchc_dossiers(self):
        """Open the dossiers of this owner."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action"
        )
        action["domain"] = [("partner_id", "in", self.ids)]
        action["context"] = {"default_partner_id": self.id}
        return action
