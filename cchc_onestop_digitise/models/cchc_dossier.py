from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools import guard

from ..tools import part_name


class CchcDossier(models.Model):
    """The parts of a dossier as digital copies."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    scan_file_ids = fields.One2many("cchc.digitise.file", "dossier_id", string="Scans")
    digitise_missing = fields.Integer(
        "Parts to Be Scanned",
        compute="_compute_digitise_missing",
        help="Parts that must be digitised and have no checked file",
    )

    digitise_state = fields.Selection(
        [
            ("none", "Nothing Required"),
            ("missing", "To Be Scanned"),
            ("done", "Digitised"),
        ],
        string="Digitisation",
        compute="_compute_digitise_state",
        search="_search_digitise_state",
        help="Digitised: all parts that must be have a checked file",
    )

    def _compute_digitise_state(self):
        for dossier in self:
            required = dossier.document_ids.filtered("digitise_required")
            dossier.digitise_state = (
                "none"
                if not required
                else "done"
                if all(required.mapped("digitised_at"))
                else "missing"
            )

    @api.model
    def _search_digitise_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        required = fields.Domain(
            "document_ids", "any!", [("digitise_required", "=", True)]
        )
        missing = fields.Domain(
            "document_ids",
            "any!",
            [("digitise_required", "=", True), ("digitised_at", "=", False)],
        )
        domains = {"none": ~required, "missing": missing, "done": required & ~missing}
        return fields.Domain.OR([domains[key] for key in value if key in domains])

    def _compute_digitise_missing(self):
        counts = dict(
            self.env["cchc.dossier.document"]._read_group(
                [
                    ("dossier_id", "in", self.ids),
                    ("digitise_required", "=", True),
                    ("digitised_at", "=", False),
                ],
                ["dossier_id"],
                ["__count"],
            )
        )
        for dossier in self:
            dossier.digitise_missing = counts.get(dossier._origin, 0)

    def _part_keys(self):
        """Return ``{id of the part: its key}``, see :mod:`..tools.part_name`."""
        self.ensure_one()
        return part_name.part_keys(
            [(document.id, document.code) for document in self.sudo().document_ids]
        )

    def _file_code(self):
        """Return what stands for the dossier in file names; drafts have no code."""
        self.ensure_one()
        return self.name or f"NHAP{self.id}"

    def _accept(self, now, heads, missing):
        result = super()._accept(now, heads, missing)
        self.document_ids._digitise_settle()
        scanned = self.document_ids.filtered("digitised_at")
        for file in scanned.sudo().scan_file_ids:
            dossier = file.dossier_id
            # Scanned before there was a code.
            name = file.name.replace(f"NHAP{dossier.id}", dossier.name, 1)
            if name != file.name:
                guard.unlocked(file.attachment_id).write({"name": name})
        return result

    def action_view_scans(self):
        """Open the log of digital copies of the dossiers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_digitise.cchc_digitise_file_action"
        )
        action["domain"] = [("dossier_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_print_separators(self):
        """Print a separator sheet for each part."""
        self._check_separators()
        return self.env.ref("cchc_onestop_digitise.report_separators").report_action(
            self
        )
