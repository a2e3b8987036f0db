import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReformCase
from .plan_files import HEADING, Cell, docx, xlsx

ROWS = [
    HEADING,
    ["I", Cell("CẢI CÁCH THỂ CHẾ", span=6)],
    ["1", "Rà soát văn bản", "Báo cáo", "PHONG KINH TE", "Văn phòng", "Quý II", ""],
    ["2", "Sắp xếp", "", "", "", "", ""],
    ["2.1", "Đề án", "Đề án", "Phòng Kinh tế", "", "30/6/2026", "5.000.000"],
    ["VII", Cell("CHỈ ĐẠO ĐIỀU HÀNH", span=6)],
    [
        "1",
        "Tuyên truyền",
        "Tin, bài",
        "UBND xã - Phòng Kinh tế",
        "Các đoàn thể",
        "Thường xuyên",
        "",
    ],
]


@tagged("post_install", "-at_install")
class TestPlanImport(ReformCase):
    """An existing plan is taken over from its table, all of it or nothing."""

    def _import(self, content=None, name="ke-hoach.docx", **values):
        record = (
            self.env["cchc.reform.plan.import"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.commune.id,
                    "year": 2026,
                    "file": base64.b64encode(content or docx(ROWS)),
                    "file_name": name,
                    **values,
                }
            )
        )
        record.action_preview()
        return record

    def test_year_of_the_file(self):
        """The name of the file says the year, where it says one."""
        imports = self.env["cchc.reform.plan.import"].with_user(self.officer)
        for name, year in (
            ("Phụ lục kế hoạch CCHC 2027.docx", 2027),
            ("05-KH-UBND.xlsx", 2026),
            ("2026-2030.xlsx", 2026),
            ("20275.xlsx", 2026),
        ):
            with self.subTest(name=name):
                record = imports.new({"year": 2026, "file_name": name})
                record._onchange_file_name()
                self.assertEqual(record.year, year)

    def test_preview_then_import(self):
        record = self._import()
        self.assertEqual((record.new_count, record.faulty_count), (4, 0))
        self.assertFalse(record.plan_id)
        record.action_import()
        plan = record.plan_id
        self.assertEqual(
            (plan.name, plan.state, plan.year),
            ("Kế hoạch cải cách hành chính năm 2026", "draft", 2026),
        )
        found = {task.name: task for task in plan.task_ids}
        self.assertEqual(found["Rà soát văn bản"].code, "I.1")
        self.assertEqual(
            (found["Đề án"].code, found["Đề án"].parent_id),
            ("I.2.a", found["Sắp xếp"]),
        )
        self.assertEqual(str(found["Rà soát văn bản"].date_deadline), "2026-06-30")
        self.assertEqual(found["Đề án"].budget, 5_000_000)
        task = found["Tuyên truyền"]
        self.assertEqual(
            (task.area_key, task.deadline_type, task.lead_department_id),
            ("direction", "regular", self.other_department),
        )
        self.assertEqual(task.note, "Phối hợp: Các đoàn thể")
        self.assertTrue(plan.action_submit())

    def test_the_same_file_again_changes_nothing(self):
        self._import().action_import()
        before = self.env["cchc.reform.task"].search_count([])
        again = self._import()
        self.assertEqual((again.new_count, again.unchanged_count), (0, 4))
        with self._refused(UserError, "nothing to import"):
            again.action_import()
        self.assertEqual(self.env["cchc.reform.task"].search_count([]), before)

    def test_a_later_file_changes_what_differs(self):
        first = self._import()
        first.action_import()
        rows = [list(row) for row in ROWS]
        rows[2][5] = "Quý III"
        again = self._import(docx(rows))
        self.assertEqual((again.changed_count, again.unchanged_count), (1, 3))
        line = again.line_ids.filtered(lambda line: line.status == "changed")
        self.assertEqual(line.changes, "Deadline")
        again.action_import()
        self.assertEqual(again.plan_id, first.plan_id)
        task = again.plan_id.task_ids.filtered(lambda t: t.name == "Rà soát văn bản")
        self.assertEqual(str(task.date_deadline), "2026-09-30")

    def test_what_is_wrong_is_said_in_a_sentence(self):
        rows = [
            HEADING,
            ["1", "Không lĩnh vực", "", "Phòng Kinh tế", "", "Quý I", ""],
            ["I", "CẢI CÁCH THỂ CHẾ", "", "", "", "", ""],
            ["1", "Không ai làm", "", "Sở Nội vụ", "", "Quý I", ""],
            ["2", "Không biết khi nào", "", "Phòng Kinh tế", "", "sớm", ""],
            ["3", "Đúng", "", "Phòng Kinh tế", "", "Quý I", ""],
        ]
        record = self._import(xlsx(rows), "ke-hoach.xlsx")
        reasons = {
            line.title: line.reason
            for line in record.line_ids.filtered(lambda line: line.status == "faulty")
        }
        self.assertIn("stands below no area", reasons["Không lĩnh vực"])
        self.assertIn(
            "Row 4, column “Cơ quan chủ trì”: “Sở Nội vụ” is no department",
            reasons["Không ai làm"],
        )
        self.assertIn("“sớm” is no deadline", reasons["Không biết khi nào"])
        before = self.env["cchc.reform.plan"].search_count([])
        with self._refused(UserError, "3 rows are faulty"):
            record.action_import()
        self.assertEqual(self.env["cchc.reform.plan"].search_count([]), before)
        self.assertTrue(record.error_file)
        record.without_faulty = True
        record.action_import()
        self.assertEqual(record.plan_id.task_ids.mapped("name"), ["Đúng"])

    def test_an_approved_plan_is_not_added_to(self):
        first = self._import()
        first.action_import()
        self._approve(first.plan_id)
        rows = [*ROWS, ["2", "Việc mới", "", "Phòng Kinh tế", "", "Quý IV", ""]]
        again = self._import(docx(rows))
        self.assertEqual((again.unchanged_count, again.faulty_count), (4, 1))
        line = again.line_ids.filtered(lambda line: line.status == "faulty")
        self.assertIn("add it by an adjustment", line.reason)

    def test_what_is_no_plan_is_refused(self):
        for content, name, sentence in (
            (b"%PDF", "a.pdf", "cannot be read"),
            (docx([["Họ tên"], ["A"]]), "a.docx", "No table has a heading"),
            (docx([HEADING]), "a.docx", "no tasks"),
            (b"abc", "a.docx", "cannot be read"),
        ):
            with self.subTest(name=name), self._refused(UserError, sentence):
                self._import(content, name)

    def test_members_do_not_import(self):
        with self._refused(AccessError, "."):
            self.env["cchc.reform.plan.import"].with_user(self.member).create(
                {"company_id": self.commune.id, "year": 2026}
            )
