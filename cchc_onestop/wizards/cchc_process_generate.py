from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_process_step import ROLES
from ..tools.term import shorten


class CchcProcessGenerate(models.TransientModel):
    """Makes the processes of an agency for many procedures in one go."""

    _name = "cchc.process.generate"
    _description = "Generate Processes"

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, default=lambda self: self.env.company
    )
    template_id = fields.Many2one(
        "cchc.process.template",
        required=True,
        default=lambda self: self.env["cchc.process.template"].search([], limit=1),
    )
    sector_ids = fields.Many2many(
        "cchc.sector", string="Fields", help="Empty: procedures of all fields"
    )
    procedure_ids = fields.Many2many(
        "cchc.procedure",
        string="Only These Procedures",
        default=lambda self: self._default_procedure_ids(),
    )
    valid_from = fields.Date(required=True, default=fields.Date.context_today)
    publish = fields.Boolean("Publish at Once", default=True)
    decision_id = fields.Many2one("cchc.publication.decision", "Approved by")
    cut_percent = fields.Float(
        "Shorten by (%)",
        help="Commit to a time shorter than the statutory one by this share, as a "
        "decision on shortened times says",
    )
    replace_existing = fields.Boolean(
        "Replace Processes in Force",
        help="Also make a new process where the agency has one; the earlier one ends",
    )
    mapping_ids = fields.One2many(
        "cchc.process.generate.line",
        "wizard_id",
        "Who Does What",
        compute="_compute_mapping_ids",
        store=True,
        readonly=False,
    )
    todo_count = fields.Integer("Processes to Make", compute="_compute_todo_count")

    def _default_procedure_ids(self):
        if self.env.context.get("active_model") != "cchc.procedure":
            return False
        return self.env["cchc.procedure"].browse(self.env.context.get("active_ids"))

    @api.depends("template_id")
    def _compute_mapping_ids(self):
        for wizard in self:
            roles = dict.fromkeys(wizard.template_id.step_ids.mapped("role"))
            wizard.mapping_ids = [
                fields.Command.clear(),
                *[fields.Command.create({"role": role}) for role in roles],
            ]

    _cut_percent_range = models.Constraint(
        "CHECK (cut_percent >= 0 AND cut_percent < 100)",
        "The time can be shortened by 0 to 99 percent.",
    )

    @api.depends(
        "company_id", "sector_ids", "procedure_ids", "valid_from", "replace_existing"
    )
    def _compute_todo_count(self):
        for wizard in self:
            wizard.todo_count = len(wizard._get_versions())

    def _get_versions(self):
        """Return the versions in force for which a process is to be made."""
        self.ensure_one()
        domain = [("level", "in", [self.company_id.cchc_level, False])]
        if self.procedure_ids:
            domain = [("id", "in", self.procedure_ids.ids)]
        elif self.sector_ids:
            domain.append(("sector_id", "in", self.sector_ids.ids))
        procedures = self.env["cchc.procedure"].search(domain)
        found = procedures._versions_at(
            self.valid_from or fields.Date.context_today(self), self.company_id
        )
        versions = self.env["cchc.procedure.version"].union(*found.values())
        taken = self.env["cchc.process"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("version_id", "in", versions.ids),
                ("state", "=", "draft")
                if self.replace_existing
                else ("state", "!=", "superseded"),
            ]
        )
        return versions - taken.version_id

    def _find_actors(self, sector, role):
        """Return department and users of ``role`` for the procedures of ``sector``."""
        lines = self.mapping_ids.filtered(lambda line: line.role == role)
        own = lines.filtered(lambda line: sector in line.sector_ids)
        line = (own or lines.filtered(lambda line: not line.sector_ids))[:1]
        return line.department_id, line.user_ids

    def _prepare_commitment(self, version):
        """Return the shortened time of ``version`` as values of a process."""
        statutory = version._pick_time_limit()._get_term()
        if not statutory or not self.cut_percent:
            return {}
        committed = shorten(statutory, self.cut_percent / 100)
        return {"committed_amount": committed.amount, "committed_unit": committed.unit}

    def action_generate(self):
        """Make the processes, their step times scaled to the statutory time."""
        self.ensure_one()
        versions = self._get_versions()
        if not versions:
            raise UserError(
                self.env._(
                    "Every chosen procedure already has a process of %s.",
                    self.company_id.name,
                )
            )
        process_model = self.env["cchc.process"]
        processes = process_model.create(
            [
                {
                    "company_id": self.company_id.id,
                    "version_id": version.id,
                    "name": version.name,
                    "valid_from": max(version.valid_from, self.valid_from),
                    "decision_id": self.decision_id.id,
                    **self._prepare_commitment(version),
                }
                for version in versions
            ]
        )
        for process in processes:
            sector = process.sector_id
            process.step_ids = self.template_id._prepare_steps(
                process.committed_hours,
                lambda role, sector=sector: self._find_actors(sector, role),
            )
        if self.publish:
            processes._publish_or_explain()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generated Processes"),
            "res_model": "cchc.process",
            "view_mode": "list,form",
            "domain": [("id", "in", processes.ids)],
        }


class CchcProcessGenerateLine(models.TransientModel):
    """Department and people that take the steps of one role."""

    _name = "cchc.process.generate.line"
    _description = "Who Does What"

    wizard_id = fields.Many2one(
        "cchc.process.generate", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id")
    role = fields.Selection(ROLES, required=True)
    sector_ids = fields.Many2many(
        "cchc.sector", string="For Fields", help="Empty: for all other fields"
    )
    department_id = fields.Many2one("hr.department")
    user_ids = fields.Many2many("res.users", string="People")
