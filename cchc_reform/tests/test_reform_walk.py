from odoo import Command
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_walk import LANG, WalkCase

from .common import ReformCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestReformWalk(ReformCase, WalkCase):
    """All of reform opens, and nobody meets English that is ours or OCA's."""

    def test_every_menu_opens_in_vietnamese(self):
        self._load_vietnamese()
        self.env = self.env(context={**self.env.context, "lang": LANG})
        # Records keep the names of who did what: before they are made.
        for user in self.officer + self.chief + self.member:
            user.name = f"Nguyễn Văn {user.login}"
        self._own_records()
        manager = self._new_reform_user("both", "group_manager")
        manager.name = "Cán bộ kiêm nhiệm"
        self._walk(manager, "cchc_reform", known=["Plans"])

    @classmethod
    def _own_records(cls):
        """A record behind every menu that an officer opens."""
        plan = cls._new_plan("Ban hành báo cáo quý")
        cls._approve(plan)
        cls._report(plan.task_ids, day=plan.date_from, text="Đã thực hiện")
        officer = plan.env
        officer["cchc.reform.committee"].create(
            {"name": "Ban Chỉ đạo CCHC", "company_id": cls.commune.id}
        )
        officer["cchc.issued.document"].create(
            {
                "company_id": cls.commune.id,
                "reference": "34/KH-UBND",
                "date": "2026-01-25",
                "subject": "Kế hoạch cải cách hành chính",
            }
        )
        inspection = officer["cchc.reform.inspection"].create(
            {
                "name": "Kiểm tra CCHC",
                "company_id": cls.commune.id,
                "date_from": "2026-05-04",
                "visit_ids": [
                    Command.create(
                        {"department_id": cls.department.id, "day": "2026-05-05"}
                    )
                ],
            }
        )
        officer["cchc.reform.inspection.finding"].create(
            {"visit_id": inspection.visit_ids.id, "weakness": "Niêm yết chưa đầy đủ"}
        )
        report = officer["cchc.reform.report"].create(
            {
                "company_id": cls.commune.id,
                "rule_id": cls.env.ref("cchc_reform.report_rule_q1").id,
            }
        )
        report.action_collect()
