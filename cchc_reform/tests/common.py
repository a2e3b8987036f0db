from odoo.addons.cchc_onestop.tests.common import OnestopCase


class ReformCase(OnestopCase):
    """The commune of :class:`OnestopCase` with its reform officer and leader.

    ``officer`` drafts plans, ``chief`` approves them, ``member`` works in
    ``department`` and reports on its tasks, ``stranger`` works elsewhere.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_department = cls.env["hr.department"].create(
            {"name": "Phòng Kinh tế", "company_id": cls.commune.id}
        )
        cls.officer, cls.chief, cls.member, cls.stranger = cls._create_users(
            [
                cls._reform_person("officer", "group_officer"),
                cls._reform_person("chief", "group_leader"),
                cls._reform_person("member", "group_viewer"),
                cls._reform_person(
                    "stranger", "group_viewer", department=cls.other_department
                ),
            ]
        )
        cls.programme = cls.env.ref("cchc_reform.programme_2021_2030")
        cls.area = {area.key: area for area in cls.programme.own_area_ids}

    @classmethod
    def _new_reform_user(cls, login, *groups, company=None, department=None):
        return cls._create_users(
            [cls._reform_person(login, *groups, company=company, department=department)]
        )

    @classmethod
    def _reform_person(cls, login, *groups, company=None, department=None):
        return {
            "login": f"reform_{login}",
            "name": f"Reform {login}",
            "groups": [f"cchc_reform.{group}" for group in groups],
            "company": company,
            "department": department,
        }

    @classmethod
    def _new_plan(cls, *names, **values):
        """A draft plan of 2026 by the officer, its tasks led by the department."""
        plan = (
            cls.env["cchc.reform.plan"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Kế hoạch CCHC năm 2026",
                    "company_id": cls.commune.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    **values,
                }
            )
        )
        for name in names:
            cls._new_task(plan, name=name)
        return plan

    @classmethod
    def _new_task(cls, plan, **values):
        return plan.env["cchc.reform.task"].create(
            {
                "plan_id": plan.id,
                "name": "Báo cáo CCHC",
                "area_id": cls.area["direction"].id,
                "lead_department_id": cls.department.id,
                "date_deadline": "2026-06-30",
                **values,
            }
        )

    @classmethod
    def _approve(cls, plan):
        plan.with_user(cls.officer).action_submit()
        plan.with_user(cls.chief).validate_tier()
        return plan

    @classmethod
    def _report(cls, task, user=None, **values):
        if values.get("outcome") == "done" and "attachment_ids" not in values:
            values.setdefault("product_text", "Báo cáo số 15/BC-UBND")
        return (
            cls.env["cchc.reform.progress"]
            .with_user(user or cls.member)
            .create({"task_id": task.id, "text": "Đã thực hiện", **values})
        )


def check_page(case, sheet, head):
    """A sheet prints on A4 as wide as the page, row ``head`` on every page and in
    sight while scrolling."""
    page = sheet.page_setup
    case.assertEqual((page.orientation, int(page.paperSize)), ("landscape", 9))
    case.assertEqual((page.fitToWidth or 1, page.fitToHeight), (1, 0))
    case.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
    case.assertEqual(sheet.print_title_rows, f"${head}:${head}")
    case.assertIn("Trang", sheet.oddFooter.right.text)
    case.assertEqual(int(sheet.freeze_panes[-1]), head + 1)
    heights = [row.height or 0 for row in sheet.row_dimensions.values()]
    case.assertLessEqual(max(heights), 409)
