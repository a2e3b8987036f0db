from odoo import Command, api, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from .mgmtsystem_verification_line import NONCONFORM


class MgmtsystemVerificationLine(models.Model):
    # One file per subject.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "mgmtsystem.verification.line"

    def _cchc_key(self):
        """Return what makes two questions of an audit the same one."""
        self.ensure_one()
        return (
            self.template_line_id.id or self.name,
            self.clause_id.id,
            self.department_id.id,
            self.process_id.id,
            self.process_step_id.id,
        )

    def _cchc_copy_vals(self, audit):
        """Return the values of this question in another audit, without its answer.

        A clause of another edition is looked up by its code.
        """
        self.ensure_one()
        clause = self.clause_id
        if clause.edition_id != audit.edition_id:
            clause = audit.edition_id.clause_ids.filtered(
                lambda other: other.code == clause.code
            )[:1]
        return {
            "audit_id": audit.id,
            "company_id": audit.company_id.id,
            "seq": self.seq,
            "name": self.name,
            "section": self.section,
            "guidance": self.guidance,
            "clause_id": clause.id,
            "department_id": self.department_id.id,
            "process_id": self.process_id.id,
            "process_step_id": self.process_step_id.id,
            "procedure_id": self.procedure_id.id,
            "template_line_id": self.template_line_id.id,
        }

    def action_set_finding(self):
        """Answer with the finding named in the context (buttons of the checklist)."""
        self.write({"finding": self.env.context.get("cchc_finding")})
        return True

    def action_raise(self):
        """Raise the nonconformity of this finding, with clause and evidence."""
        self.ensure_one()
        if self.nonconformity_id:
            return self.action_open_nonconformity()
        self._cchc_check_answer()
        if self.finding not in NONCONFORM:
            raise UserError(
                self.env._(
                    "Choose major or minor nonconformity as the finding of “%s” first.",
                    self.name,
                )
            )
        if not self.evidence:
            raise UserError(
                self.env._(
                    "Write the evidence of “%s” first: a nonconformity is raised on "
                    "what was seen.",
                    self.name,
                )
            )
        self._cchc_raise()
        return self.action_open_nonconformity()

    def _cchc_raise(self):
        """Return the nonconformity raised from this line."""
        self.ensure_one()
        audit = self.audit_id
        nonconformity = self.env["mgmtsystem.nonconformity"]._cchc_raise(
            {
                "company": audit.company_id,
                "system": audit.system_id,
                "name": self.name,
                "description": self.evidence,
                "evidence": self.evidence,
                "category": "major" if self.finding == "nc_major" else "minor",
                "clause": self.clause_id,
                "department": self.department_id,
                "audit": audit,
                "verification_line": self,
                "auditor": self.env.user,
            }
        )
        unlocked(self.sudo()).write({"nonconformity_id": nonconformity.id})
        return nonconformity

    def action_open_nonconformity(self):
        """Open the nonconformity raised from this line."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mgmtsystem.nonconformity",
            "res_id": self.nonconformity_id.id,
            "view_mode": "form",
        }

    def action_improve(self):
        """Propose an improvement (khuyến nghị) from an opportunity found."""
        self.ensure_one()
        self._cchc_check_answer()
        if self.improvement_id:
            raise UserError(self.env._("The opportunity is proposed already."))
        if self.finding not in ("ofi", "observation"):
            raise UserError(
                self.env._(
                    "Only an opportunity or an observation becomes a proposal; a "
                    "nonconformity is raised instead."
                )
            )
        audit = self.audit_id.sudo()
        head = self.department_id.sudo().manager_id.user_id
        improvement = (
            self.env["mgmtsystem.action"]
            .sudo()
            .with_context(cchc_no_mail=True)
            .create(
                {
                    "name": self.evidence and self.evidence[:120] or self.name,
                    "description": self.evidence or "",
                    "type_action": "improvement",
                    "system_id": audit.system_id.id,
                    "company_id": audit.company_id.id,
                    "user_id": (head or audit.lead_auditor_id or self.env.user).id,
                }
            )
        )
        unlocked(self.sudo()).write({"improvement_id": improvement.id})
        unlocked(audit).write({"imp_opp_ids": [Command.link(improvement.id)]})
        return True


class MgmtsystemNonconformity(models.Model):
    # One file per subject.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "mgmtsystem.nonconformity"

    @api.model_create_multi
    def create(self, vals_list):
        nonconformities = super().create(vals_list)
        nonconformities.audit_ids._cchc_check_open()
        return nonconformities

    def write(self, vals):
        """The nonconformities of a closed audit are those it was closed with."""
        if "audit_ids" not in vals or is_unlocked(self.env):
            return super().write(vals)
        before = {nc: nc.sudo().audit_ids for nc in self}
        result = super().write(vals)
        for nonconformity, audits in before.items():
            after = nonconformity.sudo().audit_ids
            ((audits | after) - (audits & after))._cchc_check_open()
        return result

    def action_print_nc(self, file_type="pdf"):
        """Print the nonconformity as its form."""
        self.ensure_one()
        return self.env["cchc.iso.audit.paper"]._print("nc", self, file_type)

    def action_print_car(self, file_type="pdf"):
        """Print the request for corrective action."""
        self.ensure_one()
        return self.env["cchc.iso.audit.paper"]._print("car", self, file_type)
