from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked


class CchcReformInspectionFinding(models.Model):
    """Finding of an inspection that goes through the quality system.

    One click makes a nonconformity of it. From then on cause, action and effect are
    told there; when its effect is verified, the remedy is reported here, for a leader
    to confirm as any other.
    """

    _inherit = "cchc.reform.inspection.finding"

    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", readonly=True, copy=False, index="btree_not_null"
    )
    nonconformity_state = fields.Selection(
        selection=lambda self: self.env["mgmtsystem.nonconformity.stage"]._get_states(),
        string="Nonconformity is",
        compute="_compute_nonconformity",
        compute_sudo=True,
    )
    nonconformity_due = fields.Date(compute="_compute_nonconformity", compute_sudo=True)
    nonconformity_late = fields.Boolean(
        compute="_compute_nonconformity", compute_sudo=True
    )

    @api.depends(
        "nonconformity_id.state",
        "nonconformity_id.due_date",
        "nonconformity_id.is_late",
    )
    def _compute_nonconformity(self):
        for finding in self:
            found = finding.nonconformity_id
            finding.nonconformity_state = found.state
            finding.nonconformity_due = found.due_date
            finding.nonconformity_late = found.is_late

    def action_raise_nonconformity(self):
        """Make nonconformities of findings, and open the last one.

        :raises AccessError: for others than reform officers, leaders and the ISO
            secretary
        :raises UserError: for a finding that has one or is remedied already
        """
        self.check_access("read")
        user = self.env.user
        if not any(
            user.has_group(group)
            for group in (
                "cchc_reform.group_officer",
                "cchc_reform.group_leader",
                "cchc_iso.group_officer",
            )
        ):
            raise AccessError(
                self.env._(
                    "The reform officer, a leader or the ISO secretary makes a "
                    "nonconformity of a finding."
                )
            )
        for finding in self:
            finding._check_no_nonconformity()
            nonconformity = self.env["mgmtsystem.nonconformity"]._cchc_raise(
                finding._nonconformity_values()
            )
            values = {"inspection_finding_id": finding.id}
            if finding.date_due:
                values["due_date"] = finding.date_due
            unlocked(nonconformity.sudo()).write(values)
            unlocked(finding.sudo()).nonconformity_id = nonconformity
            finding.sudo()._message_log(
                body=self.env._(
                    "Nonconformity %(nonconformity)s was made of it by %(user)s.",
                    nonconformity=nonconformity.sudo().display_name,
                    user=user.name,
                )
            )
        return self.action_open_nonconformity()

    def _check_no_nonconformity(self):
        self.ensure_one()
        if self.nonconformity_id:
            raise UserError(
                self.env._(
                    "“%(finding)s” is nonconformity %(nonconformity)s already.",
                    finding=self.weakness,
                    nonconformity=self.nonconformity_id.sudo().ref,
                )
            )
        if self.state == "confirmed":
            raise UserError(
                self.env._("“%s” is remedied and confirmed already.", self.weakness)
            )

    def _nonconformity_values(self):
        """Return what the quality system is told of the finding."""
        self.ensure_one()
        visit = self.visit_id
        seen = [
            self.inspection_id.name,
            visit.display_name,
            visit.minutes_number,
            self.inspection_id.conclusion_number,
        ]
        return {
            "name": self.weakness,
            "description": "\n".join(
                filter(None, [self.weakness, self.recommendation])
            ),
            "evidence": "; ".join(filter(None, seen)),
            "company": self.company_id,
            "department": self.responsible_department_id or visit.department_id,
            "auditor": self.env.user,
        }

    def action_open_nonconformity(self):
        """Open the nonconformity made of the finding."""
        found = self[-1:].nonconformity_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "mgmtsystem.nonconformity",
            "res_id": found.id,
            "views": [(False, "form")],
        }

    def _nonconformity_closed(self, nonconformity):
        """Report the remedy of open findings: the effect was verified."""
        for finding in self.filtered(lambda finding: finding.state == "open"):
            unlocked(finding).write(
                {
                    "state": "reported",
                    "remedied_on": fields.Date.context_today(self),
                    "result": "\n".join(
                        filter(
                            None,
                            [
                                self.env._(
                                    "Nonconformity %s is closed.", nonconformity.ref
                                ),
                                nonconformity.evaluation_comments,
                            ],
                        )
                    ),
                }
            )
            finding.activity_unlink(["mail.mail_activity_data_todo"])

    def _nonconformity_reopened(self):
        """Findings whose remedy nobody confirmed yet are open again."""
        reported = self.filtered(lambda finding: finding.state == "reported")
        unlocked(reported).write({"state": "open", "remedied_on": False})
