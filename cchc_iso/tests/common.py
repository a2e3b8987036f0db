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
        cls.secretary, cls.head, cls.iso_auditor, cls.member = cls._create_users(
            [
                cls._iso_person("secretary", "group_officer"),
                cls._iso_person("head", "group_leader"),
                cls._iso_person("auditor", "group_auditor"),
                cls._iso_person("member", "group_viewer"),
            ]
        )
        cls._put_into(cls.other_department, cls.iso_auditor)

    @classmethod
    def _new_iso_user(cls, login, *groups, company=None):
        return cls._create_users([cls._iso_person(login, *groups, company=company)])

    @classmethod
    def _iso_person(cls, login, *groups, company=None):
        return {
            "login": f"iso_{login}",
            "name": f"ISO {login}",
            "groups": [f"cchc_iso.{group}" for group in groups],
            "company": company,
            "job_title": f"Chức vụ {login}",
        }

    @classmethod
    def _put_into(cls, department, user):
        """Move the person to a department, whatever agency the reader is in."""
        cls._employee_of(user).department_id = department

    @classmethod
    def _employee_of(cls, user):
        return cls.env["hr.employee"].search([("user_id", "=", user.id)], limit=1)
