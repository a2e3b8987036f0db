from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.cchc_onestop.tools import guard


class CchcDossierDocument(models.Model):
    _inherit = "cchc.dossier.document"

    lookup_id = fields.Many2one(
        "cchc.lookup.request",
        "Looked Up",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Answer of a register that stands for this part",
    )
    lookup_text = fields.Char("From the Register", compute="_compute_lookup_text")
    paper_reason_kind = fields.Selection(
        [
            ("outage", "The register gave no answer"),
            ("wrong", "The data of the register are wrong"),
        ],
        "Paper Asked for because",
        help="A paper that a register replaces is asked for on these two grounds only "
        "(NĐ 118/2025/NĐ-CP Đ.4 k.2a)",
    )

    @api.depends("lookup_id")
    def _compute_lookup_text(self):
        for part in self:
            request = part.lookup_id.sudo()
            at = request and request._data_at()
            local = at and fields.Datetime.context_timestamp(part, at)
            part.lookup_text = (
                f"{request.source}, {local:%d/%m/%Y %H:%M}" if local else ""
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            for vals in vals_list:
                vals.pop("lookup_id", None)
        return super().create(vals_list)

    def write(self, vals):
        if "lookup_id" in vals and not guard.is_unlocked(self.env):
            vals = {name: vals[name] for name in vals if name != "lookup_id"}
        return super().write(vals)

    def _take_lookup(self, request):
        """Let the answer of a register stand for these parts of its dossier."""
        parts = self.filtered(lambda part: part.dossier_id == request.dossier_id)
        guard.unlocked(parts.sudo()).write(
            {"lookup_id": request.id, "kind": "database", "received": True}
        )

    @api.constrains("kind", "received", "paper_reason", "paper_reason_kind")
    def _check_paper_reason(self):
        """A citizen is not asked for what a register holds, without a ground."""
        for part in self:
            if (
                part.part_id.source != "database"
                or part.kind == "database"
                or not part.received
            ):
                continue
            if not part.paper_reason_kind:
                raise ValidationError(
                    self.env._(
                        "A register holds “%s”: look it up instead of asking for the "
                        "paper, or choose why the paper is asked for (no answer of the "
                        "register, or wrong data).",
                        part.name,
                    )
                )
            part._check_paper_ground()

    def _check_paper_ground(self):
        """The ground is one that happened: a failed look-up, or a discrepancy."""
        self.ensure_one()
        requests = self.dossier_id.sudo().lookup_ids
        if self.paper_reason_kind == "outage" and not requests.filtered(
            lambda request: request.state in ("failed", "not_found")
        ):
            raise ValidationError(
                self.env._(
                    "“%s”: no look-up of this dossier failed; look it up first, then "
                    "ask for the paper.",
                    self.name,
                )
            )
        if self.paper_reason_kind == "wrong" and not requests.discrepancy_ids:
            raise ValidationError(
                self.env._(
                    "“%s”: record in the answer of the register what is wrong, then "
                    "ask for the paper.",
                    self.name,
                )
            )
