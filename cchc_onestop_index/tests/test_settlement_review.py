import io

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import IndexCase


@tagged("post_install", "-at_install")
class TestSettlementReview(IndexCase):
    """Nine indices of TT 01/2018/TT-VPCP, scored, appraised, approved, published."""

    def _score(self, at="02/12/2026 09:00", **kwargs):
        review = self._review(**kwargs)
        with self._at(at):
            review.action_compute()
        return review

    def _settle(self, start, end, **values):
        """Return a dossier accepted at one moment and returned at another."""
        with self._at(start):
            dossier = self._accepted(**values)
        with self._at(end):
            if dossier.overdue_from and dossier.overdue_from < local(end):
                self._explain(dossier)
            dossier.with_user(self.handler).action_pass_step()
            dossier.with_user(self.leader).action_sign()
            dossier.with_user(self.desk).action_pass_step()
            dossier.with_user(self.desk).action_return_result()
        return dossier

    def _value(self, review, number):
        line = self._line(review, number)
        return line.own_points if line.is_known else None

    # -- per dossier
    def test_index_1_total_time(self):
        """Three working days from Mon 9-11: due Thu 12-11 end of the office day."""
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        self.assertEqual(self._value(review, 1), 2.0)
        self._settle("09/11/2026 08:00", "12/11/2026 16:00")
        with self._at("02/12/2026 09:00"):
            review.action_compute()
        self.assertEqual(self._value(review, 1), 1.5)

    def test_index_1_longer(self):
        self._settle("09/11/2026 08:00", "13/11/2026 16:00")
        review = self._score()
        self.assertEqual(self._value(review, 1), 0.0)
        self.assertEqual(self._value(review, 7), 0.0)

    def test_index_2_units_taken_together(self):
        dossier = self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        self.assertEqual(self._value(self._score(), 2), 2.0)
        step = dossier.step_ids.filtered(lambda step: step.role == "handle")
        self.env.cr.execute(
            "UPDATE cchc_dossier_step SET ended_at = due_at + interval '9 days' "
            "WHERE id = %s",
            step.ids,
        )
        review = self.env["cchc.settlement.review"].search([], limit=1)
        with self._at("02/12/2026 09:00"):
            review.action_compute()
        self.assertEqual(self._value(review, 2), 0.0)

    def test_index_3_contacts(self):
        reason = self.env["cchc.reason"].search([("kind", "=", "supplement")], limit=2)
        for times, mine, expected in ((0, False, 2), (1, False, 1), (1, True, 2)):
            with self.subTest(times=times, mine=mine):
                reason[0].by_applicant = mine
                with self._at("09/11/2026 08:00"):
                    dossier = self._accepted()
                    if times:
                        handled = dossier.with_user(self.handler)
                        handled.action_request_supplement("Thiếu", reason[0].id)
                        handled.action_resume(content="Đã đủ")
                    dossier.with_user(self.handler).action_pass_step()
                    dossier.with_user(self.leader).action_sign()
                    dossier.with_user(self.desk).action_pass_step()
                self.assertEqual(self._points_of(dossier, 3), expected)

    def _points_of(self, dossier, number):
        """Return the points of one dossier in an index, ``None`` when not known."""
        review = self.env["cchc.settlement.review"].search(
            [("company_id", "=", self.commune.id)], limit=1
        )
        review = review or self._review()
        with self._at("02/12/2026 09:00"):
            review.action_compute()
        for score in ("0", "1", "2", "unknown"):
            cell = f"{review.id}/{number}/{score}/0"
            found = (
                self.env["cchc.dossier"]
                .with_user(self.auditor)
                .search([("settlement_cell", "=", cell)])
            )
            if dossier.id in found.ids:
                return None if score == "unknown" else int(score)
        self.fail("the dossier stands in no cell")

    def test_text_that_names_no_score(self):
        for text in ("", "1", "1/2/3", "1/1//0", "x/1/lost/0", "1/1/lost/-1"):
            with self.subTest(text), self._refused(UserError, "names no score"):
                self.env["cchc.dossier"].search([("settlement_cell", "=", text)])

    def test_excused_contacts_are_not_typed(self):
        dossier = self._accepted()
        with self._refused(UserError, "not typed"):
            dossier.excused_contact_count = 3

    def test_index_6_posting(self):
        dossier = self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        self.assertIsNone(self._points_of(dossier, 6))
        decision = self.env["cchc.publication.decision"].create(
            {
                "number": "77/QĐ-UBND",
                "date": "2026-10-01",
                "issuer": "UBND tỉnh",
                "company_id": self.province.id,
            }
        )
        self.env.cr.execute(
            "INSERT INTO cchc_publication_line (decision_id, procedure_id, change, "
            "valid_from) VALUES (%s, %s, 'amended', '2026-10-05') RETURNING id",
            [decision.id, self.procedure.id],
        )
        line_id = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "INSERT INTO cchc_posting (line_id, decision_id, procedure_id, company_id, "
            "action, due_on) VALUES (%s, %s, %s, %s, 'post', '2026-10-08')",
            [line_id, decision.id, self.procedure.id, self.commune.id],
        )
        self.assertEqual(self._points_of(dossier, 6), 0)
        self.env.cr.execute(
            "UPDATE cchc_posting SET done_at = '2026-10-08 03:00' WHERE line_id = %s",
            [line_id],
        )
        self.assertEqual(self._points_of(dossier, 6), 1)
        self.env.cr.execute(
            "UPDATE cchc_publication_decision SET entered_on = '2026-10-06' "
            "WHERE id = %s",
            [decision.id],
        )
        self.assertEqual(self._points_of(dossier, 6), 2)

    def test_index_7_petition_counts_unless_untrue(self):
        dossier = self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        self.assertEqual(self._points_of(dossier, 7), 2)
        petition = self._petition(dossier_id=dossier.id, subject_kind="attitude")
        self.assertIsNone(self._points_of(dossier, 7))
        petition.upheld = "upheld"
        self.assertEqual(self._points_of(dossier, 7), 0)
        petition.upheld = "unfounded"
        self.assertEqual(self._points_of(dossier, 7), 2)

    def test_index_7_list_hides_petitions_that_one_may_not_read(self):
        dossier = self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        petition = self._petition(dossier_id=dossier.id, subject_kind="attitude")
        petition.write(
            {
                "upheld": "upheld",
                "concerned_user_ids": [Command.link(self.leader.id)],
            }
        )
        review = self._score()
        cell = [("settlement_cell", "=", f"{review.id}/7/lost/0")]
        dossiers = self.env["cchc.dossier"]
        self.assertEqual(dossiers.with_user(self.auditor).search(cell), dossier)
        self.assertFalse(dossiers.with_user(self.leader).search(cell))

    # -- per body
    def test_index_5_is_known_once_the_departments_are(self):
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        self.assertIsNone(self._value(review, 5))
        self.assertTrue(self._line(review, 5).reason)
        self._working_departments()
        with self._at("02/12/2026 09:00"):
            review.action_compute()
        self.assertEqual(self._value(review, 5), 2.0)

    def test_index_8_petitions(self):
        self.assertEqual(self._value(self._score(), 8), 2.0)
        self._answered_petition()
        review = self._score(day="2026-11-20", rule="quarter", at="05/01/2027 09:00")
        self.assertEqual(self._value(review, 8), 2.0)
        petition = self._petition(at="09/10/2026 09:00")
        with self._at("09/10/2026 10:00"):
            petition.action_accept()
        with self._at("05/01/2027 09:00"):
            review.action_compute()
        self.assertEqual(self._value(review, 8), 0.0)  # it drags on

    def test_index_9_online(self):
        self.env.cr.execute(
            "UPDATE cchc_procedure SET online_level = 'full' WHERE id = %s",
            [self.procedure.id],
        )
        self._settle("09/11/2026 08:00", "10/11/2026 09:00", channel="online")
        review = self._score()
        self.assertEqual(self._value(review, 9), 2.0)

    # -- slips
    def _published_november(self, satisfied=6, dissatisfied=0):
        question = self.env["cchc.evaluation.criterion"].search([("code", "=", "b")])
        slips = self.env["cchc.evaluation"].with_user(self.env.ref("base.public_user"))
        for level, number in (
            ("very_satisfied", satisfied),
            ("dissatisfied", dissatisfied),
        ):
            for _number in range(number):
                dossier = self._returned("10/11/2026 08:00")
                with self._at("10/11/2026 09:00"):
                    slips.sudo().create(
                        {
                            "dossier_id": dossier.id,
                            "level": level,
                            "source": "online",
                            "answer_ids": [
                                Command.create(
                                    {"criterion_id": question.id, "level": level}
                                )
                            ],
                        }
                    )
        with self._at("02/12/2026 08:00"):
            result = (
                self.env["cchc.evaluation.result"]
                .with_user(self.leader)
                .create(
                    {
                        "company_id": self.commune.id,
                        "period": "month",
                        "date_from": "2026-11-01",
                    }
                )
            )
            result.action_publish()

    def test_slips_are_known_once_published(self):
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        self.assertIsNone(self._value(review, 4))
        self.assertFalse(review.is_satisfaction_known)
        self._published_november(satisfied=5, dissatisfied=1)
        with self._at("02/12/2026 09:00"):
            review.action_compute()
        self.assertEqual(self._value(review, 4), 1.7)  # 10 / 6
        self.assertEqual((review.percent, review.slip_count), (83.3, 6))
        row = review.officer_ids
        self.assertEqual(row.user_id, self.handler)
        self.assertEqual(row.text_4, "1,7")
        self.assertEqual(row.known_indices, "12347")
        self.assertTrue(row.band)

    def test_few_slips_of_an_officer_are_left_out(self):
        """Neither his own sum nor that of the others tells of them."""
        self._published_november(satisfied=6)
        dossier = self._returned("11/11/2026 08:00")
        self.env.cr.execute(
            "UPDATE cchc_dossier_step SET done_by_id = %s WHERE dossier_id = %s "
            "AND role = 'handle'",
            [self.colleague.id, dossier.id],
        )
        question = self.env["cchc.evaluation.criterion"].search([("code", "=", "b")])
        with self._at("11/11/2026 09:00"):
            self.env["cchc.evaluation"].create(
                {
                    "dossier_id": dossier.id,
                    "level": "dissatisfied",
                    "source": "online",
                    "answer_ids": [
                        Command.create(
                            {"criterion_id": question.id, "level": "dissatisfied"}
                        )
                    ],
                }
            )
        review = self._score()
        self.assertEqual(review.officer_ids.user_id, self.handler | self.colleague)
        self.assertEqual(set(review.officer_ids.mapped("text_4")), {"–"})

    # -- life
    def test_life(self):
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        line = self._line(review, 6)
        with self._at("02/12/2026 10:00"):
            form = Form(
                self.env["cchc.settlement.appraise"]
                .with_user(self.manager)
                .with_context(default_line_id=line.id)
            )
            form.value, form.reason = 1.5, "Đã kiểm tra bảng niêm yết"
            form.save().action_apply()
        self.assertEqual((line.is_known, line.final_points), (False, 1.5))
        self.assertEqual(line.appraised_by_id, self.manager)
        with self._at("02/12/2026 11:00"):
            review.action_compute()  # the appraisal stays
        self.assertEqual(line.final_points, 1.5)
        with self._at("03/12/2026 09:00"):
            review.action_submit()
            self.assertFalse(review.is_editable)
            with self._refused(UserError, "waits for approval"):
                line._appraise(2, "Thêm")
            review.with_user(self.leader).validate_tier()
        self.assertEqual(
            (review.state, review.approved_by_id), ("approved", self.leader)
        )
        for vals in ({"day": "2026-10-01"}, {"state": "published"}):
            with self._refused(UserError, "."):
                review.write(vals)
        with self._refused(UserError, "approved"):
            review.action_compute()
        desk = review.with_user(self.desk)
        self.assertFalse(desk.search([("id", "=", review.id)]))
        review.action_publish()
        self.assertTrue(desk.search([("id", "=", review.id)]))
        with self._refused(UserError, "stays"):
            review.action_amend()

    def test_appraisal_needs_reason_and_range(self):
        line = self._line(self._score(), 4)
        with self._refused(UserError, "Say why"):
            line._appraise(1, " ")
        with self._refused(UserError, "between 0 and 2,0"):
            line._appraise(2.1, "Cao")
        with self._refused(UserError, "scored by the system"):
            line.own_points = 2
        line._appraise(0, "Thấp")
        self.assertTrue(line.is_final_known)
        line.action_withdraw_appraisal()
        self.assertFalse(line.is_final_known)

    def test_running_period_is_not_approved(self):
        review = self._review()
        with self._at("20/11/2026 09:00"):
            with self._refused(UserError, "score the period"):
                review.action_submit()
            review.action_compute()
            with self._refused(UserError, "not over"):
                review.action_submit()

    def test_scores_cannot_be_typed(self):
        review = self._score()
        for vals in (
            {"percent": 100},
            {"slip_count": 5},
            {"state": "approved"},
            {"line_ids": [Command.clear()]},
        ):
            with self._refused(UserError, "."):
                review.write(vals)
        with self._refused(AccessError, "."):
            review.with_user(self.desk).action_compute()

    def test_officer_reads_his_own_row_once_it_is_published(self):
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        rows = self.env["cchc.settlement.review.officer"]
        self.assertFalse(rows.with_user(self.handler).search([]))
        with self._at("03/12/2026 09:00"):
            review.action_submit()
            review.with_user(self.leader).validate_tier()
            review.action_publish()
        own = rows.with_user(self.handler).search([("review_id", "=", review.id)])
        self.assertEqual(own.user_id, self.handler)
        colleague = rows.with_user(self.colleague)
        self.assertFalse(colleague.search([("review_id", "=", review.id)]))
        self.assertEqual(len(rows.with_user(self.auditor).search([])), 1)

    def test_bands_at_their_edges(self):
        review = self._score()
        lines = review.line_ids
        for total, band in ((15, "Xuất sắc"), (14.9, "Tốt"), (12, "Tốt"), (5.9, "Yếu")):
            for line in lines:
                line._appraise(0, "Thử")
            left = total
            for line in lines:
                line._appraise(min(left, 2), "Thử")
                left = round(left - min(left, 2), 1)
            self.assertEqual((review.final_points, review.band), (total, band))

    def test_lists_add_up(self):
        """Cells of an index hold each dossier of the evaluation once."""
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        self._settle("09/11/2026 08:00", "12/11/2026 16:00")
        self._settle("09/11/2026 08:00", "13/11/2026 16:00")
        review = self._score()
        self.assertEqual(review.dossier_count, 3)
        dossiers = self.env["cchc.dossier"].with_user(self.auditor)
        for number in (1, 2, 3, 6, 7):
            counts = [
                dossiers.search_count(
                    [("settlement_cell", "=", f"{review.id}/{number}/{score}/0")]
                )
                for score in ("0", "1", "2", "unknown")
            ]
            self.assertEqual(sum(counts), 3, number)
            line = self._line(review, number)
            self.assertEqual(
                (counts[1] + 2 * counts[2], sum(counts[:3])),
                (line.total_points, line.known_count),
            )

    # -- papers
    def test_paper(self):
        self._settle("09/11/2026 08:00", "10/11/2026 09:00")
        review = self._score()
        papers = self.env["report.cchc_onestop_index.report_settlement_review"]
        sheet = papers.with_user(self.manager)._get_sheet(
            review.with_context(lang="vi_VN")
        )
        self.assertEqual(len(sheet["rows"]), 9)
        self.assertEqual(sheet["rows"][0][2:5], ("2,0", "2,0", "2,0"))
        self.assertEqual(sheet["rows"][3][3:], ("–", "–", "Chưa xác định"))
        self.assertEqual(sheet["satisfaction"], "Chưa xác định")
        self.assertEqual(sheet["watermark"], "DỰ THẢO")

    def test_workbook(self):
        review = self._score()
        self._line(review, 1)._appraise(1, "=1+1")
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.manager)
            ._render("cchc_onestop_index.settlement_review_xlsx", review.ids)
        )
        book = load_workbook(io.BytesIO(content))
        page = book["Bảng đánh giá"]
        self.assertEqual(
            [cell.value for cell in page[5]],
            [
                "Chỉ số",
                "Tên chỉ số",
                "Điểm chuẩn",
                "Điểm tự chấm",
                "Điểm thẩm định",
                "Ghi chú",
            ],
        )
        self.assertEqual(page["F6"].data_type, "s")
