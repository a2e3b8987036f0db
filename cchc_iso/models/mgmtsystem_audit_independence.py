from datetime import UTC, datetime, time, timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    def _cchc_audit_departments(self):
        """Return the departments these persons belong to, for the independence rule.

        Those of every post they hold, in every agency, those they head, and the
        units above their own: a member of a team belongs to the audited office too.
        """
        employees = self.env["hr.employee"].sudo().search([("user_id", "in", self.ids)])
        headed = (
            self.env["hr.department"]
            .sudo()
            .search([("manager_id", "in", employees.ids)])
        )
        own = employees.department_id | headed
        return (
            self.env["hr.department"]
            .sudo()
            .with_context(active_test=False)
            .search([("id", "parent_of", own.ids)])
            if own
            else own
        )

    def _cchc_is_independent(self, department):
        """Return whether one person may audit ``department``."""
        self.ensure_one()
        return department.sudo() not in self._cchc_audit_departments()

    def _cchc_check_independent(self, departments):
        """Raise when one of these persons would audit his own department.

        ISO 9001 9.2.2 c, ISO 19011: auditors do not audit their own work.
        """
        if not departments:
            return
        for user in self:
            if own := user._cchc_audit_departments() & departments.sudo():
                raise ValidationError(
                    self.env._(
                        "%(user)s belongs to %(department)s and cannot audit it; "
                        "choose an auditor of another department.",
                        user=user.name,
                        department=own[:1].name,
                    )
                )


class MgmtsystemAudit(models.Model):
    # One file per subject.
    _inherit = "mgmtsystem.audit"  # pylint: disable=consider-merging-classes-inherited

    independence_warning = fields.Text(
        compute="_compute_independence_warning",
        help="Members of the team who worked on what is audited; the departments "
        "themselves are refused, this is for the lead auditor to weigh",
    )

    @api.depends("auditor_user_ids", "process_ids", "period_from", "period_to")
    def _compute_independence_warning(self):
        for audit in self:
            involved = audit._cchc_involved(audit.process_ids, audit.auditor_user_ids)
            audit.independence_warning = "\n".join(
                self.env._(
                    "%(user)s handled dossiers of %(processes)s in the period audited.",
                    user=user.name,
                    processes=", ".join(processes.mapped("display_name")),
                )
                for user, processes in involved.items()
            )

    def _cchc_involved(self, processes, users):
        """Return ``{person: processes}``: who of ``users`` finished steps of dossiers
        of ``processes`` within the period audited.

        One statement over the steps of these few persons (an index of its own), not
        over those of all dossiers: it is asked whenever the form of an audit opens.
        """
        self.ensure_one()
        persons = users._origin
        if not (processes and persons):
            return {}
        domain = (
            Domain("done_by_id", "in", persons.ids)
            & Domain("ended_at", "!=", False)
            & Domain("dossier_id.process_id", "in", processes.ids)
        )
        start, end = self._cchc_period_moments()
        if start:
            domain &= Domain("ended_at", ">=", start)
        if end:
            domain &= Domain("ended_at", "<", end)
        involved = {}
        for user, process in (
            self.env["cchc.dossier.step"]
            .sudo()
            ._read_group(domain, ["done_by_id", "dossier_id.process_id"])
        ):
            involved.setdefault(user.sudo(False), process.browse())
            involved[user.sudo(False)] |= process.sudo(False)
        return involved

    def _cchc_period_moments(self):
        """Return the naive UTC moments that bound the period: local days."""
        self.ensure_one()
        zone = (self.company_id or self.env.company)._cchc_tz()

        def begin(day):
            at = datetime.combine(day, time.min, zone)
            return at.astimezone(UTC).replace(tzinfo=None)

        return (
            self.period_from and begin(self.period_from),
            self.period_to and begin(self.period_to + timedelta(days=1)),
        )

    def _cchc_candidates(self, department, processes):
        """Return the auditors of the agency who may audit ``department``, best first.

        Cross audit (đánh giá chéo): not of the department, who did not work on the
        processes, with the fewest rows of this plan so far; the team goes first.
        """
        self.ensure_one()
        group = self.env.ref("cchc_iso.group_auditor")
        auditors = self.auditor_user_ids | self.env["res.users"].sudo().search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ]
        ).sudo(False)
        free = auditors.filtered(
            lambda user: not department or user._cchc_is_independent(department)
        )
        load = {user: 0 for user in free}
        for row in self.plan_line_ids:
            for user in row.auditor_ids & free:
                load[user] += 1
        involved = self._cchc_handlers(processes, free)
        team = self.auditor_user_ids
        return free.sorted(
            lambda user: (user in involved, user not in team, load[user], user.name)
        )

    def _cchc_handlers(self, processes, users):
        """Return who of ``users`` handled dossiers of ``processes`` in the period."""
        involved = self._cchc_involved(processes, users)
        return self.env["res.users"].union(*involved)

    def action_suggest_auditors(self):
        """Give each row of the plan without an auditor one who is independent."""
        for audit in self:
            audit._cchc_check_planning()
            rows = audit.plan_line_ids.filtered(lambda row: not row.auditor_ids)
            if not rows:
                raise UserError(
                    self.env._("Every row of the plan has its auditors already.")
                )
            for row in rows:
                best = audit._cchc_candidates(row.department_id, row.process_ids)[:1]
                if not best:
                    raise UserError(
                        self.env._(
                            "Nobody of the auditors may audit %s: all belong to it; "
                            "name an auditor of another department first.",
                            row.display_name,
                        )
                    )
                audit.write({"auditor_user_ids": [Command.link(best.id)]})
                row.auditor_ids = best
        return True


class CchcDossierStep(models.Model):
    # One file per subject.
    _inherit = "cchc.dossier.step"  # pylint: disable=consider-merging-classes-inherited

    # Who did what in a period: see ``MgmtsystemAudit._cchc_involved``.
    _iso_done_idx = models.Index("(done_by_id, ended_at) WHERE done_by_id IS NOT NULL")
