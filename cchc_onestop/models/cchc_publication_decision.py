from odoo import api, fields, models
from odoo.tools import format_date


class CchcPublicationDecision(models.Model):
    """Decision that publishes procedures (quyết định công bố, NĐ 63/2010 Đ.13-15)."""

    _name = "cchc.publication.decision"
    _description = "Publication Decision"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "name"]

    number = fields.Char(
        required=True,
        index="trigram",
        tracking=True,
        help="Number and notation, e.g. 1234/QĐ-UBND",
    )
    name = fields.Char("Subject", help="What the decision is about (trích yếu)")
    date = fields.Date("Signed on", required=True, tracking=True)
    issuer = fields.Char(required=True, default="", tracking=True)
    kind = fields.Selection(
        [
            ("new", "Newly Issued"),
            ("amended", "Amended"),
            ("replaced", "Replaced"),
            ("repealed", "Repealed"),
            ("process", "Internal Process"),
            ("time", "Shortened Time"),
        ],
        default="amended",
        required=True,
        help="Kind of publication (NĐ 63/2010 Đ.14) or approval of processes",
    )
    effective_date = fields.Date(
        compute="_compute_effective_date",
        store=True,
        readonly=False,
        tracking=True,
        help="The signing date when the decision names no other",
    )
    file = fields.Binary("Document", attachment=True)
    file_name = fields.Char()
    version_ids = fields.One2many(
        "cchc.procedure.version", "decision_id", "Versions", readonly=True
    )
    version_count = fields.Integer(compute="_compute_version_count")

    _number_uniq = models.UniqueIndex(
        "(number, issuer, date)",
        "This decision (number, issuer, date) is already recorded.",
    )

    @api.depends("date")
    def _compute_effective_date(self):
        for decision in self:
            decision.effective_date = decision.effective_date or decision.date

    @api.depends("number", "date")
    def _compute_display_name(self):
        for decision in self:
            parts = [decision.number or ""]
            if decision.date:
                parts.append(f"({format_date(self.env, decision.date)})")
            decision.display_name = " ".join(parts)

    def _compute_version_count(self):
        counts = dict(
            self.env["cchc.procedure.version"]._read_group(
                [("decision_id", "in", self.ids)], ["decision_id"], ["__count"]
            )
        )
        for decision in self:
            decision.version_count = counts.get(decision, 0)

    @api.model
    def _find_or_create(self, values):
        """Return the decision with the number, issuer and date of ``values``."""
        values = {**values, "issuer": values.get("issuer") or ""}
        found = self.search(
            [
                ("number", "=", values["number"]),
                ("issuer", "in", [values["issuer"], False]),
                ("date", "=", values["date"]),
            ],
            limit=1,
        )
        return found or self.create(values)

    def action_open_versions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_procedure_version_action"
        )
        action["domain"] = [("decision_id", "=", self.id)]
        return action
