from collections import defaultdict
from typing import NamedTuple

from odoo import Command, api, fields, models, modules
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

#: How a letter is signed (NĐ 30/2020/NĐ-CP Đ.13), with the official abbreviations.
SIGN_MODES = [
    ("head", "In the own post"),
    ("tm", "TM. (for the body)"),
    ("kt", "KT. (for the head)"),
    ("tm_kt", "TM. and KT. (deputy, for the body)"),
    ("tl", "TL. (by order)"),
    ("tuq", "TUQ. (by authorisation)"),
    ("q", "Q. (acting)"),
]
#: Title on the forms of who has no settings of his own.
HEAD_TITLE = "Thủ trưởng cơ quan, đơn vị"


class Post(NamedTuple):
    """Post of a person in an agency; empty for somebody who is not employed there."""

    title: str = ""
    department_id: int | bool = False
    department: str = ""


class ResUsers(models.Model):
    _inherit = "res.users"

    cchc_role_ids = fields.Many2many(
        "res.groups",
        string="Roles at the One-Stop Shop",
        compute="_compute_cchc_role_ids",
        inverse="_inverse_cchc_role_ids",
        domain=lambda self: [
            ("privilege_id", "=", self.env.ref("cchc_onestop.privilege_onestop").id)
        ],
        groups="base.group_erp_manager",
        help="One person may hold several: Odoo's own access tab offers only one of "
        "the groups of a privilege",
    )

    cchc_sign_mode = fields.Selection(
        SIGN_MODES,
        string="Signs Letters",
        groups="base.group_erp_manager",
        help="How the person signs letters; empty: with the title of the form, "
        "“Thủ trưởng cơ quan, đơn vị”",
    )
    cchc_sign_body = fields.Char(
        string="For the Body",
        groups="base.group_erp_manager",
        help="Body after TM., e.g. ỦY BAN NHÂN DÂN",
    )
    cchc_sign_post = fields.Char(
        string="For the Post",
        groups="base.group_erp_manager",
        help="Post after KT., TL. or TUQ., e.g. CHỦ TỊCH",
    )
    cchc_sign_title = fields.Char(
        string="Title of the Signer",
        groups="base.group_erp_manager",
        help="E.g. PHÓ CHỦ TỊCH; empty: the job title of the employee",
    )

    def _cchc_signature(self, mode=None):
        """Lines above the signature of this person, and the name below it.

        :param mode: another way of signing than that of the person's settings
        :return: dict with ``lines`` and ``name``; the title of the form without a name
            when nobody is known, to be signed by hand
        """
        user = self[:1].sudo()
        mode = mode if mode in dict(SIGN_MODES) else user.cchc_sign_mode
        title = user.cchc_sign_title or user.employee_id.job_title or HEAD_TITLE
        post = user.cchc_sign_post or HEAD_TITLE
        body = user.cchc_sign_body or user.company_id.name or ""
        lines = {
            "tm": [f"TM. {body}", title],
            "kt": [f"KT. {post}", title],
            "tm_kt": [f"TM. {body}", f"KT. {post}", title],
            "tl": [f"TL. {post}", title],
            "tuq": [f"TUQ. {post}", title],
            "q": [f"Q. {title}"],
            "head": [title],
        }.get(mode, [HEAD_TITLE])
        return {"lines": lines, "name": user.name or ""}

    @api.depends("group_ids")
    def _compute_cchc_role_ids(self):
        privilege = self.env.ref("cchc_onestop.privilege_onestop")
        for user in self:
            user.cchc_role_ids = user.group_ids.filtered(
                lambda group: group.privilege_id == privilege
            )

    def _inverse_cchc_role_ids(self):
        roles = self.env.ref("cchc_onestop.privilege_onestop").group_ids
        for user in self:
            wanted = user.cchc_role_ids & roles
            held = user.group_ids & roles
            user.group_ids = [
                *(Command.unlink(group.id) for group in held - wanted),
                *(Command.link(group.id) for group in wanted - held),
            ]

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        self.env["tier.review"]._cchc_refresh_group_reviewers()
        return users

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"group_ids", "active", "company_ids"}:
            self.env["tier.review"]._cchc_refresh_group_reviewers()
        return result

    @api.model
    def review_user_count(self):
        """Count the approvals that wait for the user now, stand-ins included.

        For hardened models the answer comes from one counting query per model; an
        absent reviewer's work is counted with his stand-in until he is back.
        """
        Review = self.env["tier.review"]
        counts = [
            entry
            for entry in super().review_user_count()
            if not Review._cchc_is_hardened(entry["model"])
        ]
        for name, model_class in self.env.registry.items():
            if model_class._abstract or not Review._cchc_is_hardened(name):
                continue
            Model = self.env[name]
            domain = Model._cchc_pending_domain(self.env.user, hide_when_absent=True)
            domain &= Domain(Model._state_field, "!=", Model._cancel_state)
            try:
                records = Model.search(domain, limit=1)
                count = records and Model.search_count(domain)
            except AccessError:
                # No right to read the model: nothing to decide there.
                continue
            if count:
                counts.append(
                    {
                        "id": records.id,
                        "name": self.env["ir.model"]._get(name).name,
                        "model": name,
                        "active_field": "active" in Model._fields,
                        "icon": modules.module.get_module_icon(Model._original_module),
                        "type": "tier_review",
                        "pending_count": count,
                    }
                )
        return counts

    def _cchc_posts(self):
        """Return ``{user id: Post}`` of the active users in the current agency.

        The same as title and department of ``employee_id``, in one query and without
        reading the whole employee, which every move of a dossier would do. Who is not
        employed there has an empty post, as has who is not among the keys.
        """
        posts = defaultdict(Post)
        if not self.ids:
            return posts
        employees, versions = self.env["hr.employee"], self.env["hr.version"]
        departments = self.env["hr.department"]
        employees.flush_model(["user_id", "company_id", "active", "current_version_id"])
        self.flush_model(["active"])
        versions.flush_model(["job_title", "department_id"])
        departments.flush_model(["name"])
        self.env.cr.execute(
            SQL(
                """
                SELECT person.id, version.job_title, version.department_id,
                       (SELECT %s FROM hr_department department
                         WHERE department.id = version.department_id)
                  FROM res_users person
             LEFT JOIN hr_employee employee
                    ON employee.user_id = person.id
                   AND employee.active
                   AND employee.company_id = %s
             LEFT JOIN hr_version version
                    ON version.id = employee.current_version_id
                 WHERE person.active AND person.id = ANY(%s)
                """,
                departments._field_to_sql("department", "name"),
                self.env.company.id,
                list(self.ids),
            )
        )
        for user_id, title, department_id, department in self.env.cr.fetchall():
            posts[user_id] = Post(title or "", department_id or False, department or "")
        return posts
