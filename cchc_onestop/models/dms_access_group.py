from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

#: Relations that give access to directories; the form shows them read-only, but dms
#: leaves them open to remote calls of any documents user.
GRANTING_FIELDS = frozenset({"directory_ids", "complete_directory_ids", "users"})
MANAGED_FIELDS = frozenset({"cchc_company_id", "cchc_department_id"})


class DmsAccessGroup(models.Model):
    """Groups that open the filed dossiers to an agency or to one department.

    Who belongs to such a group is not a list that somebody keeps: it follows, at each
    look, from the person's roles, agencies and department of today.
    """

    _inherit = "dms.access.group"

    cchc_company_id = fields.Many2one(
        "res.company",
        string="Filed Dossiers of Agency",
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The members are the officers of this agency, as their roles say today",
    )
    cchc_department_id = fields.Many2one(
        "hr.department",
        string="Filed Dossiers of Department",
        readonly=True,
        ondelete="restrict",
    )
    cchc_member_ids = fields.Many2many(
        "res.users", string="Members Today", compute="_compute_cchc_member_ids"
    )

    _cchc_agency_uniq = models.UniqueIndex(
        "(cchc_company_id, coalesce(cchc_department_id, 0)) "
        "WHERE cchc_company_id IS NOT NULL",
        "This agency or department has its group already.",
    )

    # ------------------------------------------------------------------
    # Members
    # ------------------------------------------------------------------
    @api.model
    def _cchc_groups_of(self, user):
        """Managed groups a user belongs to today, through roles and department.

        Filed papers bear identity numbers: only those who handle dossiers may read
        them. Desk, leaders and auditors cleared for identity numbers see the agency,
        handlers their own department.
        """
        companies = user.sudo().company_ids
        domain = [("cchc_company_id", "in", companies.ids)]
        if not self._cchc_sees_agency(user):
            if not user.has_group("cchc_onestop.group_handler"):
                return self.browse()
            departments = self._cchc_departments_of(user)
            domain.append(("cchc_department_id", "in", departments.ids))
        return self.search(domain)

    @api.model
    def _cchc_sees_agency(self, user):
        return (
            user.has_group("cchc_onestop.group_desk")
            or user.has_group("cchc_onestop.group_leader")
            or (
                user.has_group("cchc_onestop.group_auditor")
                and user.has_group("cchc_onestop.group_identity")
            )
        )

    @api.model
    def _cchc_departments_of(self, user):
        """Departments in which a person works today, in any of the agencies."""
        return (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", user.id)])
            .department_id
        )

    @api.depends("cchc_company_id", "cchc_department_id")
    def _compute_cchc_member_ids(self):
        users = self.env["res.users"].sudo()
        for group in self:
            members = users.browse()
            if group.cchc_company_id:
                members = group.cchc_company_id.sudo().user_ids.filtered(
                    lambda user, group=group: group in group._cchc_groups_of(user)
                )
            group.cchc_member_ids = members

    @api.model
    def _cchc_get(self, company, departments):
        """The agency's group and ``{department: group}``, made when missing."""
        known = self.sudo().search([("cchc_company_id", "=", company.id)])
        by_department = {group.cchc_department_id: group for group in known}
        missing = [
            department
            for department in [self.env["hr.department"], *departments]
            if department not in by_department
        ]
        created = self.sudo().create(
            [
                {
                    "name": self._cchc_group_name(company, department),
                    "cchc_company_id": company.id,
                    "cchc_department_id": department.id,
                    # dms would make whoever files a member for ever.
                    "explicit_user_ids": [Command.clear()],
                }
                for department in missing
            ]
        )
        by_department.update({group.cchc_department_id: group for group in created})
        return by_department

    @api.model
    def _cchc_group_name(self, company, department):
        name = self.env._("One-stop dossiers: %(agency)s", agency=company.name)
        if department:
            name = f"{name} / {department.sudo().name}"
        if self.sudo().search_count([("name", "=", name)], limit=1):
            name = f"{name} ({company.id}-{department.id or 0})"
        return name

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cchc_check_grant(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._cchc_check_grant(vals)
        return super().write(vals)

    @api.model
    def _cchc_check_grant(self, vals):
        """A group is given to a directory on the directory, by who may write it."""
        granted = {name for name in GRANTING_FIELDS | MANAGED_FIELDS if vals.get(name)}
        if granted and not self.env.su:
            raise AccessError(
                self.env._(
                    "Access groups are given to a directory on the directory's own "
                    "form, by somebody who may change the directory."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_managed(self):
        if not self.env.su and any(self.mapped("cchc_company_id")):
            raise AccessError(
                self.env._(
                    "This group opens the filed dossiers to their agency and cannot "
                    "be deleted."
                )
            )
