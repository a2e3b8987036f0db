import base64
import io
import zipfile

from freezegun import freeze_time
from openpyxl import Workbook, load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..demo.cchc_index_demo_rows import ROWS, workbook_rows
from ..models import cchc_index_assessment_evidence
from ..tools import criterion_row
from .common import check_page
from .index_common import IndexCase


def workbook(rows):
    """Return a workbook with these rows below the headings of the template."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(criterion_row.HEADINGS.values()))
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestIndexImport(IndexCase):
    """A table of criteria comes in whole, judged row by row, and goes out the same."""

    def _import(self, rows, draft=None):
        draft = draft or self.env["cchc.index.set"].with_user(self.appraiser).create(
            {"name": "Nhập", "code": "NHAP", "company_id": self.province.id}
        )
        record = (
            self.env["cchc.index.set.import"]
            .with_user(self.appraiser)
            .create({"set_id": draft.id, "file_name": "a.xlsx"})
        )
        record.file = base64.b64encode(workbook(rows))
        record.action_preview()
        return draft, record

    def test_the_table_of_a_commune(self):
        draft, record = self._import(workbook_rows())
        self.assertEqual((record.faulty_count, record.mismatch_count), (0, 0))
        self.assertEqual(record.new_count, len(ROWS))
        record.action_import()
        self.assertFalse(draft.problem)
        areas = draft.criterion_ids.filtered(lambda node: not node.parent_id)
        self.assertEqual(
            areas.sorted("path").mapped("maximum"), [15, 6, 25, 6, 10, 8, 15, 15]
        )
        self.assertEqual(draft.leaf_count, len(ROWS) - 8)
        self.assertEqual(
            areas.sorted("path").mapped("area_key"),
            [
                "direction",
                "institution",
                "procedure",
                "organisation",
                "civil_service",
                "finance",
                "digital",
                "direction",
            ],
        )
        exported, kind = self.env["ir.actions.report"]._render(
            "cchc_reform.index_set_xlsx_report", draft.ids
        )
        self.assertEqual(kind, "xlsx")
        sheet = load_workbook(io.BytesIO(exported)).active
        rows = [
            [cell or "" for cell in row]
            for row in sheet.iter_rows(min_row=2, values_only=True)
        ]
        again, second = self._import(rows, draft.copy({"code": "LAI", "name": "Lại"}))
        second.action_import()
        self.assertEqual(
            [
                (n.code, n.name, n.maximum, n.rule, n._parameters_text(), n.na_allowed)
                for n in again.criterion_ids.sorted("path")
            ],
            [
                (n.code, n.name, n.maximum, n.rule, n._parameters_text(), n.na_allowed)
                for n in draft.criterion_ids.sorted("path")
            ],
        )

    def test_each_row_is_judged(self):
        rows = [
            ["I", "Chỉ đạo", 10, "", "", ""],
            ["I.1", "Kế hoạch", 4, "Có/Không", "", ""],
            ["I.2", "Tuyên truyền", "3,5", "Cộng theo mục", "", ""],
            ["I.3", "Khác", "ba", "Tỷ lệ", "", ""],
            ["I.4", "Ngưỡng", 1, "3", "cao: nhiều", ""],
            ["I.1", "Lặp lại", 1, "1", "", ""],
        ]
        _draft, record = self._import(rows)
        verdicts = {line.number: line.status for line in record.line_ids}
        self.assertEqual(
            verdicts,
            {
                2: "mismatch",
                3: "new",
                4: "faulty",
                5: "faulty",
                6: "faulty",
                7: "faulty",
            },
        )
        self.assertIn("name the parts", record.line_ids[2].reason)
        with self.assertRaisesRegex(UserError, "4 rows are faulty"):
            record.action_import()

    def test_sums_that_differ_come_in_but_are_not_published(self):
        draft, record = self._import(
            [["I", "Chỉ đạo", 10, "", "", ""], ["I.1", "Kế hoạch", 4, "1", "", ""]]
        )
        self.assertEqual(record.mismatch_count, 1)
        record.action_import()
        draft.write({"decision_number": "1", "decision_date": "2026-01-01"})
        with self.assertRaisesRegex(UserError, "make 4 points, but its maximum is 10"):
            draft.action_publish()

    def test_parameters_read_what_they_write(self):
        for rule, text in (
            ("ratio_threshold", "100%: 100%; 90%: tỷ lệ; 80%: 50%"),
            ("per_item", "Bảng điện tử = 0,25 (tối đa 1); Website = 0,5"),
            ("options", "A = 100%; B = 60%; C = 20%; D = 0%; KAD"),
            ("ratio", "không có việc: tối đa; KAD"),
        ):
            with self.subTest(rule=rule):
                self.assertEqual(
                    criterion_row.write(criterion_row.parse(rule, text)), text
                )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 03:00:00")
class TestIndexWork(IndexCase):
    """Evidence, figures of the system, what-if, forecast, remedies, surveys, papers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        metrics = cls.env["cchc.reform.metric"]
        cls.metric = metrics.search([("key", "=", "task_done_share")])
        cls._leaf("I.1").metric_id = cls.metric
        cls.before = cls._new_assessment(year=2025)
        cls.mine = cls._new_assessment()

    @classmethod
    def _leaf(cls, code):
        return cls.set.criterion_ids.filtered(lambda node: node.code == code)

    def _publish_before(self, **entries):
        self._fill(self.before, **entries)
        self._approve_and_send(self.before)
        self.before.action_appraise_1()
        self.before.action_explain()
        self.before.action_appraise_2()
        self.env["cchc.index.decide"].with_user(self.officer).create(
            {
                "assessment_id": self.before.id,
                "what": "publish",
                "number": "1/QĐ",
                "date": "2025-12-20",
            }
        ).action_apply()

    def _plan_of_the_year(self):
        plan = self._new_plan("Báo cáo 1", "Báo cáo 2")
        self._approve(plan)
        self._report(
            plan.task_ids[0],
            outcome="done",
            day="2026-06-01",
            product_text="Báo cáo",
            evidence_kind="report",
            evidence_place="Văn phòng",
        )
        return plan

    def test_measured_and_declared_otherwise(self):
        plan = self._plan_of_the_year()
        self.mine.action_measure()
        line = self._line(self.mine, "I.1")
        self.assertEqual((line.achieved, line.planned, line.is_filled), (1, 2, True))
        self.assertEqual(line.measured_text, "1/2")
        self.assertEqual(line.measured_at, self.mine.measured_at)
        self.assertIn("Measured", line.log_ids.reason)
        action = line.action_measured()
        counted = self.env[action["res_model"]].with_user(self.officer)
        counted = counted.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(counted, plan.task_ids[0])
        with self.assertRaisesRegex(ValidationError, "The system measured 1/2"):
            line.entry = "2/2"
        line.write({"entry": "2/2", "declared_reason": "Báo cáo nộp bản giấy"})
        self.assertTrue(line.differs)
        self.mine.action_measure()
        self.assertEqual((line.achieved, line.measured_achieved), (2, 1))
        line.action_use_measured()
        self.assertEqual((line.achieved, line.differs), (1, False))
        self._fill(self.mine, I_1="1/2")
        self._approve_and_send(self.mine)
        with self.assertRaises(UserError):
            self.mine.action_measure()

    def test_evidence_stays_as_it_was_sent(self):
        files = self.env["ir.attachment"].with_user(self.officer)
        file = files.create({"name": "../kế hoạch.pdf", "raw": b"%PDF mot"})
        body = self.env["cchc.issued.document"].with_user(self.officer)
        document = body.create(
            {
                "reference": "34/KH-UBND",
                "date": "2026-01-25",
                "subject": "Kế hoạch CCHC <2026>",
                "company_id": self.commune.id,
            }
        )
        self._fill(self.mine)
        plan = self._line(self.mine, "I.2")
        plan.write(
            {
                "attachment_ids": [Command.link(file.id)],
                "evidence_document_ids": [Command.link(document.id)],
                "evidence_note": False,
            }
        )
        other = self._line(self.mine, "I.3")
        other.evidence_document_ids = document
        self.assertEqual(document.index_line_count, 2)
        self.assertFalse(self.mine.no_evidence_count)
        self._approve_and_send(self.mine)
        self.assertEqual(len(self.mine.evidence_ids), 3)
        for change in (
            lambda: file.write({"raw": b"hai"}),
            lambda: file.sudo().unlink(),
            lambda: self.mine.evidence_ids.sudo().write({"sha256": "0"}),
        ):
            with self.assertRaises(UserError):
                change()
        action = self.mine.action_package()
        packed = files.browse(int(action["url"].split("/")[3].split("?")[0]))
        with zipfile.ZipFile(io.BytesIO(packed.raw)) as archive:
            names = archive.namelist()
            self.assertIn("I.2/kế hoạch.pdf", names)
            self.assertIn("muc-luc.xlsx", names)
            book = load_workbook(io.BytesIO(archive.read("muc-luc.xlsx")))
            check_page(self, book.active, 3)
            # what has no proof is listed all the same
            codes = {row[0] for row in book.active.iter_rows(4, values_only=True)}
            leaves = self.mine.line_ids.filtered("is_leaf")
            self.assertEqual(codes, set(leaves.mapped("code")))
            page = archive.read("muc-luc.html").decode()
            self.assertIn("34/KH-UBND", page)
            self.assertIn("&lt;2026&gt;", page)
            sums = archive.read("SHA256SUMS").decode()
            frozen = self.mine.evidence_ids.filtered("attachment_id")
            self.assertIn(f"{frozen.sha256}  I.2/kế hoạch.pdf", sums)
        # a big package is packed in the background, and is the same
        self.patch(cchc_index_assessment_evidence, "PACK_AT_ONCE", 4)
        action = self.mine.action_package()
        job = self.env["cchc.job"].browse(action["res_id"]).sudo()
        self.assertEqual(
            (action["res_model"], job.state, job.user_id),
            ("cchc.job", "queued", self.officer),
        )
        # a step commits, which a test does not
        steps = []
        self.patch(
            self.registry["cchc.job"],
            "_step",
            lambda _self, done, total: steps.append((done, total)),
        )
        job._finish(job._run())
        self.assertEqual((job.state, len(steps) > 0), ("done", True))
        with zipfile.ZipFile(io.BytesIO(job.attachment_id.raw)) as archive:
            self.assertEqual(archive.namelist(), names)

    def test_a_superior_reads_the_evidence_sent_in(self):
        index_round = self._new_round()
        mine = index_round.sudo().assessment_ids.filtered(
            lambda row: row.company_id == self.commune
        )
        mine = mine.with_user(self.officer)
        document = (
            self.env["cchc.issued.document"]
            .with_user(self.officer)
            .create(
                {
                    "reference": "35/KH-UBND",
                    "date": "2026-01-25",
                    "subject": "Kế hoạch",
                    "company_id": self.commune.id,
                }
            )
        )
        self._fill(mine)
        self._line(mine, "I.2").evidence_document_ids = document
        with self.assertRaises(AccessError):
            document.with_user(self.appraiser).read(["subject"])
        self._approve_and_send(mine)
        document.with_user(self.appraiser).read(["subject"])
        with self.assertRaises(AccessError):
            document.with_user(self.neighbour_officer).read(["subject"])
        mine.with_user(self.appraiser).action_package()

    def test_what_would_raise_it_most(self):
        self._fill(self.mine, I_1="88/100", I_2="không", I_4="2; 1")
        action = self.mine.action_what_if()
        page = self.env["cchc.index.what.if"].with_user(self.officer)
        page = page.browse(action["res_id"])
        page.invalidate_recordset()
        self.assertEqual(page.line_ids.mapped("code"), ["I.1", "I.2", "II.3", "I.4"])
        self.assertIn("2 more: +5.4", page.line_ids[0].ways)
        self.assertIn("12 more: +6", page.line_ids[0].ways)
        self.assertEqual(page.total_now, 47.5)
        with Form(page) as form, form.line_ids.edit(0) as row:
            row.entry = "90/100"
            self.assertEqual(row.score_then, 5.4)
        self.assertEqual((page.total_then, page.class_then), (74.5, "Khá"))
        self.assertEqual(self._line(self.mine, "I.1").self_score, 0)

    def test_forecast_takes_what_is_open_from_the_year_before(self):
        self._publish_before(I_1="95/100")
        mine = self._new_assessment(year=2026)
        self.assertEqual(mine.previous_id, self.before)
        self._line(mine, "I.2").entry = "không"
        self.assertEqual((mine.final_total, mine.forecast), (0, 78.5))
        found = self.env["cchc.index.assessment"]._forecast(self.commune)
        self.assertEqual(
            (found["assessment"], found["forecast"], found["previous"]),
            (mine, 78.5, 98.5),
        )
        with self.enter_registry_test_mode():
            self.env.ref("cchc_reform.cron_index_preview").method_direct_trigger()
        self.assertEqual(len(mine.preview_ids), 1)
        mine.action_preview_graph()
        self.assertEqual(len(mine.preview_ids), 1)
        self.assertEqual(mine.preview_ids.forecast, 78.5)
        line = self._line(mine, "I.2")
        self.assertEqual((line.previous_score, line.change), (4, -4))

    def test_forecast_is_of_this_year_though_the_next_is_begun(self):
        assessments = self.env["cchc.index.assessment"]
        with freeze_time("2026-11-20"):
            self._new_assessment(year=2027)
            found = assessments._forecast(self.commune)
            self.assertEqual(found["assessment"], self.mine)
            self.assertEqual(self._survey().assessment_id, self.mine)
        with freeze_time("2024-11-20"):
            self.assertEqual(assessments._forecast(self.commune)["year"], 2027)

    def test_remedy_of_each_line_that_lost_points(self):
        self._publish_before(I_1="95/100", I_2="không", I_4="1; 0")
        with Form(self.before.with_user(self.officer)):
            pass
        action = self.before.action_remedy()
        plan = self.env["cchc.reform.plan"].with_user(self.officer)
        plan = plan.browse(action["res_id"])
        self.assertEqual((plan.plan_type, plan.year), ("remedy", 2026))
        self.assertEqual(
            plan.task_ids.assessment_line_id.mapped("code"), ["I.1", "I.2", "I.4"]
        )
        self.assertEqual(plan.task_ids.mapped("lost_points"), [0.3, 4, 1.5])
        self.assertEqual(plan.remedy_text, "00/03 tasks are kept up")
        self.assertEqual(self.before.action_remedy()["res_id"], plan.id)
        self._check_printed_in_order(plan)
        plan.task_ids.write({"lead_department_id": self.department.id})
        self._approve(plan)
        for task in plan.task_ids:
            self._report(
                task,
                day="2026-05-01",
                product_text="Sổ",
                evidence_kind="report",
                evidence_place="Văn phòng",
            )
        self.assertEqual(plan.remedy_text, "03/03 tasks are kept up")
        mine = self._new_assessment(year=2026)
        self._fill(mine, I_1="100/100", I_2="không", I_4="2; 0")
        plan.invalidate_recordset()
        plan.task_ids.invalidate_recordset()
        self.assertEqual(
            plan.task_ids.mapped("recovery"), ["recovered", "not", "partly"]
        )
        for report in ("index_remedy", "index_remedy_xlsx"):
            content, _kind = self.env["ir.actions.report"]._render(
                f"cchc_reform.{report}_action", plan.ids
            )
            self.assertTrue(content)

    def _check_printed_in_order(self, plan):
        """As the criteria stand, whatever area the tasks belong to."""
        before = [(task, task.area_id) for task in plan.task_ids]
        for (task, _area), key in zip(
            before, ("digital", "procedure", "institution"), strict=True
        ):
            task.area_id = self.area[key]
        sheet = self.env["report.cchc_reform.index_remedy"]._get_sheet(plan)
        self.assertEqual(
            [row["criterion"].split()[0] for row in sheet["rows"]],
            ["I.1", "I.2", "I.4"],
        )
        for task, area in before:
            task.area_id = area

    def test_nothing_lost_no_plan(self):
        self._publish_before()
        with self.assertRaisesRegex(UserError, "lost no points"):
            self.before.action_remedy()

    def test_officers_of_the_agency_adapt_its_questionnaire(self):
        survey = (
            self.env["cchc.index.survey"]
            .with_user(self.officer)
            .create({"assessment_id": self.mine.id})
        )
        survey.action_make_questionnaire()
        action = survey.action_edit_questions()
        found = self.env[action["res_model"]].browse(action["res_id"])
        found.with_user(self.officer).question_ids[0].title = "Thời gian chờ"
        self.assertEqual(found.question_ids[0].title, "Thời gian chờ")
        self.assertIn(self.commune.name, found.description)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            found.with_user(self.neighbour_officer).read(["title"])
        with self.assertRaises(AccessError):
            found.with_user(self.chief).read(["title"])

    def _survey(self):
        """The survey of the officer, begun from the list of surveys."""
        survey = self.env["cchc.index.survey"].with_user(self.officer).create({})
        survey.action_make_questionnaire()
        return survey

    def _answered(self, survey, *places, test_entry=False):
        """A citizen chose these answers."""
        questionnaire = survey.survey_id.sudo()
        answer = questionnaire._create_answer(user=self.env.user)
        for question, place in zip(questionnaire.question_ids, places, strict=True):
            self.env["survey.user_input.line"].create(
                {
                    "user_input_id": answer.id,
                    "question_id": question.id,
                    "answer_type": "suggestion",
                    "suggested_answer_id": question.suggested_answer_ids[place].id,
                }
            )
        answer.write({"state": "done", "test_entry": test_entry})
        return answer

    def test_survey_scores_its_criterion(self):
        survey = self._survey()
        self.assertEqual(survey.assessment_id, self.mine)
        self.assertEqual(survey.criterion_id, self._leaf("II.2"))
        answers = self._answered(survey, 0, 0, 1, 2, 3)
        answers |= self._answered(survey, 0, 1, 1, 1, 1)
        self._answered(survey, 0, 0, 0, 0, 0, test_entry=True)
        survey.action_count()
        # 100+100+60+20+0 and 100+4×60: 620 of 1000
        self.assertEqual((survey.percent, survey.answer_count), (62, 2))
        line = self._line(self.mine, "II.2")
        self.assertEqual((line.percent, line.self_score), (62, 1.24))
        action = line.with_user(self.officer).action_surveys()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), survey)
        action = survey.action_answers()
        found = self.env[action["res_model"]].with_user(self.officer)
        self.assertEqual(found.search(action["domain"]), answers)

    def test_survey_without_answers_scores_nothing(self):
        survey = self._survey()
        with self.assertRaisesRegex(UserError, "nobody has answered"):
            survey.action_count()
        self._answered(survey, 0, 0, 0, 0, 0)
        survey.date_to = "2020-01-31"
        with self.assertRaisesRegex(UserError, "nobody has answered"):
            survey.action_count()
        self.assertFalse(self._line(self.mine, "II.2").is_filled)

    def test_questionnaire_speaks_to_citizens(self):
        questionnaire = self._survey().survey_id.sudo()
        self.assertEqual(questionnaire.questions_layout, "one_page")
        self.assertNotIn("Chỉ số", questionnaire.title)
        self.assertIn(self.commune.name, questionnaire.title)
        answer = questionnaire.question_ids[0].suggested_answer_ids[0]
        self.assertEqual(answer.value, "Rất hài lòng")

    def test_papers(self):
        self._publish_before(I_1="95/100")
        for report in ("index_table", "index_table_xlsx"):
            content, _kind = (
                self.env["ir.actions.report"]
                .with_user(self.officer)
                ._render(f"cchc_reform.{report}_action", self.before.ids)
            )
            self.assertTrue(content)
        sheet = load_workbook(io.BytesIO(content)).active
        check_page(self, sheet, 4)
        texts = [[cell for cell in row] for row in sheet.iter_rows(values_only=True)]
        plan = next(row for row in texts if row[0] == "I.1")
        self.assertEqual((plan[2], plan[6], plan[7]), (6, 5.7, 5.7))
