import base64
import io
from datetime import date
from fractions import Fraction

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..tools import reduction as arithmetic
from . import catalogue_data as sample
from .common import OnestopCase, local

TITLES = (
    "STT",
    "Tên TTHC",
    "Thời gian theo quy định",
    "Thời gian cắt giảm",
    "Thời gian sau cắt giảm",
    "Tỷ lệ %",
    "Ghi chú",
)


@tagged("post_install", "-at_install")
class TestReductionArithmetic(TransactionCase):
    """(statutory - committed) / statutory, exact, one decimal printed."""

    def test_percent(self):
        for fraction, text in (
            (Fraction(1, 3), "33,3"),
            (Fraction(2, 3), "66,7"),
            (Fraction(1, 8), "12,5"),
            (Fraction(1, 2000), "0,1"),
            (Fraction(1, 2001), "0,0"),
            (Fraction(1), "100,0"),
        ):
            self.assertEqual(arithmetic.percent(fraction), text)

    def test_rate(self):
        self.assertEqual(arithmetic.rate(15, 10), Fraction(1, 3))
        self.assertEqual(arithmetic.rate(0.3, 0.1), Fraction(2, 3))
        self.assertEqual(arithmetic.rate(0, 0), 0)

    def test_steps(self):
        for hours, limit, scaled in (
            ([2, 3, 2, 1], 4, [1, 1, 1, 1]),
            ([4, 20, 8, 8], 28, [3, 14, 6, 5]),
            ([2, 3, 2, 1], 7.5, [2, 2.5, 2, 1]),
            ([0.5, 8, 2, 0.5, 0], 7.5, [0.5, 5.5, 1, 0.5, 0]),
            ([0.5, 8, 2, 0.5, 0], 8, [0.5, 5.5, 1.5, 0.5, 0]),
        ):
            result = arithmetic.scale_steps(hours, limit)
            self.assertEqual(sum(result), limit)
            self.assertEqual(sorted(result), sorted(scaled), (hours, limit))

    @settings(max_examples=200, deadline=None)
    @given(
        hours=st.lists(
            st.integers(0, 400).map(lambda n: n / 4), min_size=1, max_size=12
        ).filter(any),
        share=st.fractions(Fraction(1, 4), Fraction(99, 100)),
    )
    def test_scaled_steps_add_up(self, hours, share):
        whole = sum(arithmetic.exact(hour) for hour in hours)
        limit = float(round(whole * share, 2))
        result = arithmetic.scale_steps(hours, limit)
        self.assertEqual(
            sum(arithmetic.exact(hour) for hour in result), arithmetic.exact(limit)
        )
        for old, new in zip(hours, result, strict=True):
            self.assertEqual(bool(old), bool(new))
            self.assertLessEqual(new, old)


@tagged("post_install", "-at_install")
@freeze_time(local("18/11/2026 09:00"))
class TestTimeReduction(OnestopCase):
    """Quyết định cắt giảm thời gian: table, application, repeal, official print."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ten = cls._new_procedure("9.820001", "Thủ tục mười ngày", amount=10)
        cls.fifteen = cls._new_procedure("9.820002", "Thủ tục mười lăm ngày", amount=15)
        cls.calendar_days = cls._new_procedure(
            "9.820003", "Thủ tục ba mươi ngày", amount=30, unit="calendar_day"
        )
        (cls.ten | cls.fifteen | cls.calendar_days).level = "commune"

    def _decision(self, number="291/QĐ-UBND", day="2026-11-16"):
        return self.env["cchc.publication.decision"].create(
            {"number": number, "date": day, "issuer": "UBND xã", "kind": "time"}
        )

    def _reduction(self, *times, user=None, **values):
        """Return a draft for ``(procedure, days after the cut)``."""
        values.setdefault("decision_id", False)
        values["decision_id"] = values["decision_id"] or self._decision().id
        reduction = (
            self.env["cchc.time.reduction"]
            .with_user(user or self.catalogue)
            .create(values)
        )
        for procedure, amount in times:
            reduction.line_ids.create(
                {
                    "reduction_id": reduction.id,
                    "procedure_id": procedure.id,
                    "committed_amount": amount,
                }
            )
        return reduction

    def _process(self, procedure, day="2026-11-18"):
        version = procedure._version_at(day, self.commune)
        return self.env["cchc.process"]._for(version, self.commune, day)

    def test_rates(self):
        reduction = self._reduction((self.ten, 7), (self.fifteen, 10))
        self.assertEqual(reduction.line_ids.mapped("rate_text"), ["30,0", "33,3"])
        self.assertEqual(reduction.line_ids.mapped("cut_amount"), [3, 5])
        rates, whole = reduction._get_rates()
        self.assertEqual(rates, {self.sector: Fraction(8, 25)})
        self.assertEqual(whole, Fraction(8, 25))
        self.assertEqual(reduction.rate_text, "32,0")
        self.assertIn("32,0", reduction.rate_table)
        self.assertEqual((reduction.procedure_count, reduction.sector_count), (2, 1))

    def test_units_are_weighed_in_working_days(self):
        reduction = self._reduction((self.ten, 5), (self.calendar_days, 16))
        _rates, whole = reduction._get_rates()
        days = Fraction(5, 7)
        self.assertEqual(whole, (5 + 14 * days) / (10 + 30 * days))

    def test_apply_sets_the_committed_time_from_its_day(self):
        before = self._accepted(procedure=self.ten)
        old = self._process(self.ten)
        reduction = self._reduction(
            (self.ten, 7), (self.fifteen, 10), valid_from="2026-12-01"
        )
        reduction.action_apply()
        self.assertEqual(reduction.state, "applied")
        self.assertEqual(self._process(self.ten, "2026-11-30"), old)
        new = self._process(self.ten, "2026-12-01")
        self.assertEqual((new.committed_amount, new.committed_unit), (7, "working_day"))
        self.assertEqual(new.decision_id, reduction.decision_id)
        self.assertEqual(new.state, "published")
        self.assertEqual(old.valid_to, date(2026, 11, 30))
        self.assertEqual(reduction.process_count, 2)
        same_day = self._accepted(procedure=self.ten)
        self.assertEqual(same_day.due_at, before.due_at)
        with freeze_time(local("01/12/2026 09:00")):
            after = self._accepted(procedure=self.ten)
        self.assertEqual(
            (after.committed_amount, after.committed_unit), (7, "working_day")
        )
        self.assertEqual(after.statutory_amount, 10)
        self.assertEqual(before.committed_amount, 10)

    def test_steps_are_scaled_and_shown(self):
        reduction = self._reduction((self.ten, 1))
        line = reduction.line_ids
        self.assertEqual(
            line.steps_text,
            "0.5 + 8 + 2 + 0.5 + 0 = 11 → 0.5 + 5.5 + 1.5 + 0.5 + 0 = 8",
        )
        self.assertIn("10 working days", line.current_text)
        reduction.action_apply()
        process = self._process(self.ten)
        self.assertEqual(
            process.step_ids.mapped("planned_hours"), [0.5, 5.5, 1.5, 0.5, 0]
        )
        self.assertEqual(process.step_ids[1].user_ids, self.handler)
        self.assertFalse(process.slack_hours)

    def test_without_scaling_too_long_steps_are_refused(self):
        reduction = self._reduction((self.ten, 1), scale_steps=False)
        self.assertIn("steps add up to 11 hours", reduction.line_ids.problem)
        with self._refused(UserError, "shortened in proportion"):
            reduction.action_apply()
        self.assertEqual(reduction.state, "draft")
        longer = self._reduction(
            (self.fifteen, 10),
            scale_steps=False,
            decision_id=self._decision("292/QĐ-UBND").id,
        )
        self.assertFalse(longer.line_ids.problem)

    def test_repeal_restores(self):
        reduction = self._reduction((self.ten, 1))
        old = self._process(self.ten)
        steps = old.step_ids.mapped("planned_hours")
        reduction.action_apply()
        with freeze_time(local("18/11/2026 10:00")):
            promised = self._accepted(procedure=self.ten)
        with self._refused(UserError, "choose a later day"):
            reduction._repeal(date(2026, 11, 16))
        wizard = (
            self.env["cchc.time.reduction.repeal"]
            .with_user(self.catalogue)
            .with_context(**reduction.action_repeal()["context"])
            .create({"repealed_from": "2026-12-01"})
        )
        wizard.action_repeal()
        self.assertEqual(reduction.state, "repealed")
        self.assertEqual(self._process(self.ten, "2026-11-30").committed_amount, 1)
        back = self._process(self.ten, "2026-12-01")
        self.assertEqual(back.committed_amount, old.committed_amount)
        self.assertEqual(back.step_ids.mapped("planned_hours"), steps)
        self.assertFalse(back.decision_id)
        self.assertEqual(promised.committed_amount, 1)
        with freeze_time(local("01/12/2026 09:00")):
            after = self._accepted(procedure=self.ten)
        self.assertEqual(after.committed_amount, 10)

    def test_procedure_without_a_process_gets_one(self):
        bare = self._new_procedure(
            "9.820009", "Thủ tục chưa có quy trình", amount=10, process=False
        )
        reduction = self._reduction((bare, 6))
        self.assertIn("no process yet", reduction.line_ids.current_text)
        reduction.action_apply()
        process = self._process(bare)
        self.assertEqual(process.committed_amount, 6)
        self.assertEqual(process.state, "published")
        reduction._repeal(date(2026, 12, 1))
        self.assertFalse(self._process(bare, "2026-12-01").committed_amount)

    def test_later_version_with_the_same_time_is_shortened_too(self):
        later = self._process(self.ten).version_id._amend("2027-01-01")
        later.conditions = "Điều kiện mới"
        later.action_publish()
        reduction = self._reduction((self.ten, 7))
        reduction.action_apply()
        process = self._process(self.ten, "2027-01-05")
        self.assertEqual(process.version_id, later)
        self.assertEqual(process.committed_amount, 7)
        self.assertEqual(process.valid_from, date(2027, 1, 1))

    def test_refused_with_one_sentence(self):
        within = self._new_procedure(
            "9.820004", "Trong ngày", unit="same_day", process=False
        )
        for procedure, amount, unit, sentence in (
            (
                self.ten,
                7,
                "calendar_day",
                "10 working days and the decision 7 days; state both in the same unit",
            ),
            (self.ten, 10, "working_day", "less than 10 working days"),
            (self.ten, 12, "working_day", "less than 10 working days"),
            (within, 1, "same_day", "within the day by law"),
        ):
            with self.subTest(procedure=procedure.name, amount=amount, unit=unit):
                reduction = self._reduction(
                    decision_id=self._decision(f"{procedure.code}{amount}{unit}").id
                )
                line = reduction.line_ids.create(
                    {
                        "reduction_id": reduction.id,
                        "procedure_id": procedure.id,
                        "committed_amount": amount,
                        "committed_unit": unit,
                    }
                )
                self.assertIn(sentence, line.problem)
                self.assertEqual(reduction.problem_count, 1)
                with self._refused(UserError, sentence):
                    reduction.action_apply()

    def test_one_bad_line_and_nothing_is_applied(self):
        reduction = self._reduction((self.ten, 7), (self.fifteen, 15))
        old = self._process(self.ten)
        with self._refused(UserError, "less than 15 working days"):
            reduction.action_apply()
        self.assertEqual(self._process(self.ten), old)

    def test_what_is_applied_stays(self):
        reduction = self._reduction((self.ten, 7))
        with self._refused(UserError, "with its button"):
            reduction.state = "applied"
        reduction.action_apply()
        manager = reduction.with_user(self.manager)
        with self._refused(UserError, "cannot be changed any more"):
            manager.valid_from = "2026-12-01"
        with self._refused(UserError, "cannot be changed any more"):
            manager.line_ids.committed_amount = 5
        with self._refused(UserError, "cannot be changed any more"):
            manager.line_ids.unlink()
        with self._refused(UserError, "cannot be changed any more"):
            manager.unlink()
        with self._refused(UserError, "cannot be changed any more"):
            manager.line_ids.create(
                {"reduction_id": reduction.id, "procedure_id": self.fifteen.id}
            )
        with self._refused(UserError, "cannot be changed any more"):
            manager.action_apply()

    def test_only_the_catalogue_administrator_of_the_agency(self):
        reduction = self._reduction((self.ten, 7))
        for user in (self.desk, self.handler, self.leader, self.auditor):
            self.assertEqual(reduction.with_user(user).procedure_count, 1)
            with self._refused(AccessError, "."):
                reduction.with_user(user).action_apply()
        foreign = self._new_user("foreign", "group_catalogue", company=self.neighbour)
        with self._refused(AccessError, "."):
            reduction.with_user(foreign).action_apply()

    # --- Entering

    def test_form_and_picking(self):
        form = Form(self.env["cchc.time.reduction"].with_user(self.catalogue))
        form.decision_id = self._decision()
        self.assertEqual(form.valid_from, date(2026, 11, 16))
        with form.line_ids.new() as line:
            line.procedure_id = self.ten
            self.assertEqual(line.statutory_amount, 10)
            line.cut_amount = 4
            self.assertEqual(line.committed_amount, 6)
            self.assertEqual(line.rate_text, "40,0")
        reduction = form.save()
        wizard = (
            self.env["cchc.time.reduction.fill"]
            .with_user(self.catalogue)
            .with_context(**reduction.action_fill()["context"])
            .create({"procedure_ids": (self.ten | self.fifteen).ids, "cut_percent": 20})
        )
        wizard.action_fill()
        self.assertEqual(
            {row.procedure_id: row.committed_amount for row in reduction.line_ids},
            {self.ten: 6, self.fifteen: 12},
        )

    def test_whole_fields_without_what_cannot_be_shortened(self):
        within = self._new_procedure(
            "9.820004", "Trong ngày", unit="same_day", process=False
        )
        month = self._new_procedure(
            "9.820005", "Một tháng", amount=1, unit="month", process=False
        )
        (within | month).level = "commune"
        reduction = self._reduction()
        form = Form(
            self.env["cchc.time.reduction.fill"]
            .with_user(self.catalogue)
            .with_context(**reduction.action_fill()["context"])
        )
        form.sector_ids.add(self.sector)
        self.assertIn("Trong ngày: within the day", form.left_out)
        self.assertIn("Một tháng: 1 month", form.left_out)
        self.assertNotIn("Thủ tục mười ngày", form.left_out)
        wizard = form.save()
        self.assertNotIn(within, wizard.reducible_ids)
        wizard.action_fill()
        times = {row.procedure_id: row.committed_amount for row in reduction.line_ids}
        self.assertEqual(times[self.ten], 7)
        self.assertEqual(times[self.calendar_days], 21)
        self.assertFalse({within, month} & set(times))
        self.assertFalse(reduction.problem_count)

    def _import(self, reduction, rows, titles=TITLES):
        book = Workbook()
        sheet = book.active
        sheet.append(["", "DANH MỤC CẮT GIẢM"])
        sheet.append(list(titles))
        for row in rows:
            sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        wizard = (
            self.env["cchc.time.reduction.fill"]
            .with_user(self.catalogue)
            .create(
                {
                    "reduction_id": reduction.id,
                    "mode": "file",
                    "file": base64.b64encode(stream.getvalue()),
                }
            )
        )
        return wizard.action_fill()

    def _rows(self):
        return [
            ["I", "Lĩnh vực Hộ tịch thử", "", "", "", "", ""],
            [
                1,
                "Thủ tục mười ngày",
                "10 ngày làm việc",
                "03 ngày làm việc",
                "07 ngày làm việc",
                "30",
                "",
            ],
            [
                2,
                "Thủ tục mười lăm ngày",
                "15 ngày làm việc",
                "05 ngày làm việc",
                "10 ngày làm việc",
                "33,3",
                "Theo Chỉ thị 24",
            ],
        ]

    def test_import_of_the_table(self):
        reduction = self._reduction()
        self._import(reduction, self._rows())
        self.assertEqual(
            {row.procedure_id: row.committed_amount for row in reduction.line_ids},
            {self.ten: 7, self.fifteen: 10},
        )
        self.assertEqual(reduction.line_ids[1].note, "Theo Chỉ thị 24")
        self._import(reduction, self._rows())
        self.assertEqual(len(reduction.line_ids), 2)
        reduction.action_apply()

    def test_faulty_tables(self):
        reduction = self._reduction()
        row = self._rows()[1]
        for changed, sentence in (
            ({4: "07 ngày"}, r"Row 3: .* in the same unit"),
            ({2: "12 ngày làm việc"}, r"the table says 12 working days by law"),
            ({3: "04 ngày làm việc"}, r"10 working days less 4 working days is not 7"),
            ({1: "Không có"}, r"Row 3: Không có is not in the catalogue"),
            ({4: "=1+1"}, r"formula"),
            ({4: "xong sớm"}, r'"xong sớm" is not a time'),
        ):
            bad = [changed.get(index, cell) for index, cell in enumerate(row)]
            with self.subTest(changed=changed), self._refused(UserError, sentence):
                self._import(reduction, [bad, self._rows()[2]])
            self.assertFalse(reduction.line_ids)
        with self._refused(UserError, "already in row 3"):
            self._import(reduction, [row, row])
        with self._refused(UserError, "No sheet has the headings"):
            self._import(reduction, [row], titles=("A", "B"))

    def test_code_tells_procedures_of_one_name_apart(self):
        twin = self._new_procedure("9.820005", "Thủ tục mười ngày", amount=10)
        twin.level = "commune"
        reduction = self._reduction()
        with self._refused(UserError, "name of several procedures"):
            self._import(reduction, self._rows()[:2])
        self._import(
            reduction,
            [["9.820005", "Thủ tục mười ngày", "07 ngày làm việc"]],
            titles=("Mã TTHC", "Tên TTHC", "Thời gian sau cắt giảm"),
        )
        self.assertEqual(reduction.line_ids.procedure_id, twin)

    # --- Printing

    def test_spreadsheet_is_the_official_table_and_imports_again(self):
        self.ten.name = "=Thủ tục mười ngày"
        reduction = self._reduction((self.ten, 7), (self.fifteen, 10))
        reduction.line_ids[0].note = "@ghi chú"
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.catalogue)
            ._render_xlsx("cchc_onestop.time_reduction_xlsx_report", reduction.ids, {})
        )
        sheet = load_workbook(io.BytesIO(content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(tuple(rows[1]), TITLES)
        self.assertEqual(rows[2][:2], ["I", "Lĩnh vực Hộ tịch thử"])
        self.assertEqual(rows[2][5], "32,0")
        self.assertEqual(
            rows[3],
            [
                1,
                "=Thủ tục mười ngày",
                "10 ngày làm việc",
                "03 ngày làm việc",
                "07 ngày làm việc",
                "30,0",
                "@ghi chú",
            ],
        )
        self.assertEqual(sheet.cell(4, 2).data_type, "s")
        self.assertEqual(sheet.cell(4, 7).data_type, "s")
        self.assertEqual(rows[5][1], "Tổng số: 2 thủ tục hành chính, 1 lĩnh vực")
        self.ten.name = "Thủ tục mười ngày"
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "cchc_onestop.time_reduction_xlsx_report", reduction.ids, {}
        )
        again = self._reduction(decision_id=self._decision("293/QĐ-UBND").id)
        self.env["cchc.time.reduction.fill"].with_user(self.catalogue).create(
            {
                "reduction_id": again.id,
                "mode": "file",
                "file": base64.b64encode(content),
            }
        ).action_fill()
        self.assertEqual(again.line_ids.mapped("committed_amount"), [7, 10])

    def test_printed_table(self):
        reduction = self._reduction((self.ten, 7), (self.fifteen, 10))
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.desk)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop.time_reduction_table", reduction.ids)
        )
        self.assertEqual(kind, "pdf")
        text = sample.pdf_text(content)
        for wanted in (
            "291/QĐ-UBND",
            "Thời gian sau cắt giảm",
            "Lĩnh vực Hộ tịch thử",
            "Thủ tục mười lăm ngày",
            "07 ngày làm việc",
            "33,3",
            "Tổng số: 2 thủ tục hành chính, 1 lĩnh vực",
            "32,0",
        ):
            self.assertIn(wanted, text)

    def test_seed_36_procedures_in_12_fields(self):
        """QĐ 291/QĐ-UBND of a commune, 24-8-2016 (Chỉ thị 24/CT-UBND)."""
        sectors = self.env["cchc.sector"].create(
            [{"name": f"Lĩnh vực cắt giảm {index:02d}"} for index in range(12)]
        )
        times = []
        for index in range(36):
            procedure = self._new_procedure(
                f"9.83{index:04d}",
                f"Thủ tục cắt giảm {index}",
                amount=10 + index % 3 * 5,
                process=False,
                valid_from="2016-01-01",
            )
            procedure.sector_id = sectors[index % 12]
            times.append((procedure, 7 + index % 3 * 4))
        reduction = self._reduction(
            *times, decision_id=self._decision(day="2016-08-24").id
        )
        self.assertEqual(reduction.valid_from, date(2016, 8, 24))
        reduction.action_apply()
        self.assertEqual((reduction.procedure_count, reduction.sector_count), (36, 12))
        self.assertEqual(reduction.process_count, 36)
        rates, whole = reduction._get_rates()
        self.assertEqual(len(rates), 12)
        # 12 each of 10 → 7, 15 → 11, 20 → 15 working days
        self.assertEqual(whole, Fraction(12 * (3 + 4 + 5), 12 * (10 + 15 + 20)))
        self.assertEqual(reduction.rate_text, "26,7")
        self.assertIn("36 thủ tục hành chính, 12 lĩnh vực", reduction._get_total_text())
