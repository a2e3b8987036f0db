from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.cchc_onestop.tests.common import OnestopCase


class IsoCase(OnestopCase):
    """The commune of :class:`OnestopCase` with a quality system and its people.

    ``secretary`` (thư ký ISO), ``head`` (Trưởng ban), ``iso_auditor`` (of another
    department than the commune's first one), ``member`` (reads only).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_department = cls.env["hr.department"].create(
            {"name": "Phòng Kinh tế", "company_id": cls.commune.id}
        )
        cls.system = cls.env["mgmtsystem.system"].create(
            {"name": "HTQLCL xã Hải Trường", "company_id": cls.commune.id}
        )
        cls.secretary = cls._new_iso_user("secretary", "group_officer")
        cls.head = cls._new_iso_user("head", "group_leader")
        cls.iso_auditor = cls._new_iso_user("auditor", "group_auditor")
        cls._put_into(cls.other_department, cls.iso_auditor)
        cls.member = cls._new_iso_user("member", "group_viewer")

    @classmethod
    def _new_iso_user(cls, login, *groups, company=None):
        company = company or cls.commune
        user = new_test_user(
            cls.env,
            f"iso_{login}",
            groups=",".join(f"cchc_iso.{group}" for group in groups),
            name=f"ISO {login}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
            tz="Asia/Ho_Chi_Minh",
        )
        cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "job_title": f"Chức vụ {login}",
                "department_id": cls.department.id if company == cls.commune else False,
            }
        )
        return user

    @classmethod
    def _put_into(cls, department, user):
        """Move the person to a department, whatever agency the reader is in."""
        cls._employee_of(user).department_id = department

    @classmethod
    def _employee_of(cls, user):
        return cls.env["hr.employee"].search([("user_id", "=", user.id)], limit=1)
