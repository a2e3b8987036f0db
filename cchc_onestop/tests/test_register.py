import io
import re
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.cchc_job import JobCancelled
from ..tools import register
from ..wizards import cchc_register
from .common import local
from .common_statistic import NOW, StatisticCase

START, END = date(2026, 3, 15), date(2026, 6, 14)
#: What a spreadsheet would take for a formula.
DANGEROUS = (
    *("=1+1", "+84912", "-2", "@SUM(A1)", "\t=1", "\r=2", "\x0b=3"),
    *('=HYPERLINK("http://x")', "<b>&amp;"),
)


@tagged("post_install", "-at_install")
class TestRegister(StatisticCase):
    """Register of dossiers (form 07) and the other books."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _book(self, book="main", user=None, **values):
        return (
            self.env["cchc.register"]
            .with_user(user or self.desk)
            .with_context(allowed_company_ids=(user or self.desk).company_id.ids)
            .create({"book": book, "date_from": START, "date_to": END, **values})
        )

    def _sheet(self, content):
        return load_workbook(io.BytesIO(content)).active

    def _numbers(self, sheet):
        """Return the rows of a sheet that carry a number of the book."""
        return [
            row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)
        ]

    def test_register_and_report_agree_line_by_line(self):
        self._generate(400, [self.commune, self.neighbour])
        report = self._report(start=START, end=END)
        for sector in self.sectors:
            line = report.line_ids.filtered(lambda row, s=sector: row.row_id == s.id)
            rows = self._numbers(
                self._sheet(self._book(sector_id=sector.id)._workbook())
            )
            self.assertEqual(len(rows), line.figures["c4"] + line.figures["c5"])
            self.assertEqual([row[0] for row in rows], list(range(1, len(rows) + 1)))
            found = self.env["cchc.dossier"].search(
                [
                    (
                        "statistic_cell",
                        "in",
                        [f"{report.id}/{sector.id}/{key}" for key in ("c4", "c5")],
                    ),
                ]
            )
            self.assertEqual({row[1] for row in rows}, set(found.mapped("name")))

    def test_chunks_neither_lose_nor_repeat(self):
        self._generate(300)
        self.patch(register, "CHUNK", 7)
        book = self._book(date_from=date(2025, 9, 1), date_to=date(2026, 12, 20))
        numbered = [row for row in book._rows() if isinstance(row[0], int)]
        self.assertEqual(len({row[1] for row in numbered}), len(numbered))
        count = self.env["cchc.dossier"].search_count(
            [
                ("company_id", "=", self.commune.id),
                ("accepted_at", "!=", False),
                ("parent_id", "=", False),
                ("state", "!=", "void"),
            ]
        )
        self.assertEqual(len(numbered), count)
        codes = [row[1] for row in book._rows()]
        self.assertTrue([code for code in codes if code.endswith("-1")])
        for index, code in enumerate(codes):
            if code.endswith("-1"):
                self.assertEqual(codes[index - 1], code[:-2], "beneath its parent")

    def test_cells_are_text_whatever_they_begin_with(self):
        for index, text in enumerate(DANGEROUS):
            with freeze_time(local(f"1{index}/05/2026 09:00")):
                self._accepted(applicant_name=text, applicant_address=text)
        sheet = self._sheet(self._book()._workbook())
        cells = [
            cell
            for row in sheet.iter_rows()
            if isinstance(row[0].value, int)
            for cell in (row[4], row[5])
        ]
        self.assertEqual(len(cells), 2 * len(DANGEROUS))
        for cell in cells:
            self.assertNotEqual(cell.data_type, "f", cell.value)
        # A workbook writes control characters as _x000D_.
        values = [
            re.sub("_x00[01][0-9A-F]_", "", cell.value).strip() for cell in cells[::2]
        ]
        self.assertEqual(values, [text.strip() for text in DANGEROUS])

    def test_official_columns(self):
        with freeze_time(local("04/05/2026 09:00")):
            dossier = self._ready()
            dossier.with_user(self.desk).action_return_result()
        sheet = self._sheet(self._book()._workbook())
        text = [row for row in sheet.iter_rows(values_only=True)]
        self.assertIn("SỔ THEO DÕI HỒ SƠ", text[1])
        headings = [cell for row in text[3:5] for cell in row if cell]
        for label in (
            *("TT", "Mã hồ sơ", "Tên thủ tục hành chính", "Số lượng hồ sơ (bộ)"),
            *("Tên cá nhân, tổ chức", "Địa chỉ, số điện thoại", "Nhận hồ sơ"),
            *("Cơ quan chủ trì giải quyết", "Hẹn trả kết quả", "Trả kết quả"),
            *("Phương thức nhận kết quả", "Ký nhận", "Ghi chú"),
        ):
            self.assertIn(label, headings)
        row = self._numbers(sheet)[0]
        self.assertEqual(row[1], dossier.name)
        self.assertEqual(row[7], "04/05/2026 09:00")
        self.assertEqual(row[9], "04/05/2026 09:00")
        self.assertEqual(row[10], "Trực tiếp")

    def test_identity_numbers_only_for_who_may_see_them(self):
        with freeze_time(local("04/05/2026 09:00")):
            self._accepted()
        rows = self._numbers(self._sheet(self._book(with_identity=True)._workbook()))
        self.assertIn("045190000123", rows[0])
        book = self._book(user=self.auditor, with_identity=True)
        rows = self._numbers(self._sheet(book._workbook()))
        self.assertEqual(len(rows), 1)
        self.assertNotIn("045190000123", rows[0])

    def test_only_the_own_agency(self):
        with freeze_time(local("04/05/2026 09:00")):
            self._accepted()
        book = self._book(user=self.outsider, company_id=self.commune.id)
        self.assertEqual(book._count(), 0)

    def test_the_other_books(self):
        reason = self.env.ref("cchc_onestop.reason_late_dd")
        with freeze_time(local("04/05/2026 09:00")):
            asked, extended, ready = (
                self._accepted(),
                self._accepted(),
                self._to_sign(),
            )
            refused = self._draft()
            withdrawn = self._accepted()
        with freeze_time(local("05/05/2026 09:00")):
            asked.with_user(self.handler).action_request_supplement("Thiếu tờ khai")
            extended.with_user(self.leader).action_extend(
                local("20/05/2026 17:00"), "Chờ xác minh", reason
            )
            ready.with_user(self.leader).action_sign()
            ready.with_user(self.desk).action_pass_step()
            refused.action_refuse("Không thuộc thẩm quyền")
            withdrawn.action_withdraw("Không còn nhu cầu")
        expected = {
            "supplement": (asked.name, "Thiếu tờ khai"),
            "extension": (
                extended.name,
                f"{reason.name}: Chờ xác minh",
                "20/05/2026 17:00",
            ),
            "handover": (ready.name, "Trước hạn"),
            "refusal": ("Nguyễn Thị Hoa", "Không thuộc thẩm quyền", "Desk"),
            "stopped": (withdrawn.name, "Người nộp rút hồ sơ", "Không còn nhu cầu"),
        }
        for book, values in expected.items():
            rows = list(self._book(book)._rows())
            self.assertEqual(len(rows), 1, book)
            for value in values:
                self.assertIn(value, rows[0], book)
        self.assertFalse(list(self._book("non_territorial")._rows()))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET company_id = %s WHERE id = %s",
            (self.neighbour.id, asked.id),
        )
        self.env.invalidate_all()
        rows = list(self._book("non_territorial")._rows())
        self.assertEqual([row[1] for row in rows], [asked.name])
        self.assertIn(self.neighbour.name, rows[0])

    def test_screen(self):
        with freeze_time(local("04/05/2026 09:00")):
            self._accepted()
        wizard = self.env["cchc.register"].with_user(self.desk)
        with Form(wizard) as form:
            form.period_rule_id = self.period_rule
            self.assertEqual(form.date_from, date(2026, 12, 15))
            form.date_from, form.date_to = START, END
            self.assertEqual(form.row_count, 1)
            form.date_from = date(2026, 5, 5)
            self.assertEqual(form.row_count, 0)

    # -- in the background -----------------------------------------------------
    def test_a_long_book_is_a_job(self):
        self._generate(60)
        self.patch(cchc_register, "AT_ONCE", 5)
        book = self._book(date_from=date(2025, 9, 1), date_to=date(2026, 12, 20))
        action = book.action_xlsx()
        self.assertEqual(action["res_model"], "cchc.job")
        job = self.env["cchc.job"].with_user(self.desk).browse(action["res_id"])
        self.assertEqual((job.state, job.user_id), ("queued", self.desk))
        self.assertFalse(job.with_user(self.handler).has_access("read"))
        with self._refused(UserError, "not by hand"):
            job.sudo().write({"method": "x"})
        steps = []
        self.patch(
            self.registry["cchc.job"],
            "_step",
            lambda _self, done, total: steps.append((done, total)),
        )
        self.patch(register, "CHUNK", 20)
        job.sudo()._finish(job.sudo()._run())
        self.assertEqual(job.state, "done")
        self.assertEqual(steps[0][0], 20)
        self.assertIn(
            f"/web/content/{job.sudo().attachment_id.id}", job.action_download()["url"]
        )
        sheet = self._sheet(job.sudo().attachment_id.raw)
        self.assertEqual(len(self._numbers(sheet)) > 5, True)
        with self.assertRaises(AccessError):
            job.with_user(self.handler).action_download()

    def test_a_cancelled_job_stops(self):
        book = self._book()
        job = (
            self.env["cchc.job"]
            .with_user(self.desk)
            ._enqueue("Sổ", "cchc.register", "workbook", book._params())
        )
        job.action_cancel()
        self.assertEqual(job.state, "cancelled")

        def cancelled(_self, _done, _total):
            raise JobCancelled

        self.patch(self.registry["cchc.job"], "_step", cancelled)
        self.patch(register, "CHUNK", 1)
        with freeze_time(local("04/05/2026 09:00")):
            self._accepted()
        job.sudo()._finish(job.sudo()._run())
        self.assertEqual(job.state, "cancelled")
        self.assertFalse(job.sudo().attachment_id)

    def test_a_job_fails_with_its_sentence(self):
        job = (
            self.env["cchc.job"]
            .with_user(self.desk)
            ._enqueue("Sổ", "cchc.register", "workbook", {"date_from": "2026-05-01"})
        )
        self.patch(
            self.registry["cchc.register"],
            "_job_workbook",
            lambda *_args: (_ for _ in ()).throw(UserError("Không có dữ liệu")),
        )
        job.sudo()._finish(job.sudo()._run())
        self.assertEqual((job.state, job.message), ("failed", "Không có dữ liệu"))

    def test_a_job_that_meets_a_fault_says_so_and_lets_others_go_on(self):
        """The person is told, the log keeps it, nothing is half done."""
        job, other = (
            self.env["cchc.job"]
            .with_user(self.desk)
            ._enqueue(name, "cchc.register", "workbook", self._book()._params())
            for name in ("Sổ", "Sổ sau")
        )
        faults = iter((True, False))
        work = type(self.env["cchc.register"])._job_workbook

        def broken(record, params, step):
            if next(faults):
                record.env.cr.execute("UPDATE cchc_job SET message = 'nửa chừng'")
                record.env.cr.execute("INSERT INTO cchc_job (id) VALUES (%s)", [job.id])
            return work(record, params, step)

        self.patch(self.registry["cchc.register"], "_job_workbook", broken)
        self.patch(self.registry["cchc.job"], "_step", lambda *_args: None)
        with (
            self.enter_registry_test_mode(),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.cchc_onestop.models.cchc_job", "ERROR") as log,
        ):
            self.env.ref("cchc_onestop.cron_job").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((job.state, other.state), ("failed", "done"))
        self.assertIn(f"job no. {job.id}", job.message)
        self.assertIn("not-null", log.output[0])
        self.assertFalse(other.message)

    def test_a_job_runs_with_the_rights_of_who_asked(self):
        with freeze_time(local("04/05/2026 09:00")):
            self._accepted()
        params = {**self._book()._params(), "company_id": self.commune.id}
        job = (
            self.env["cchc.job"]
            .with_user(self.outsider)
            .with_context(allowed_company_ids=self.neighbour.ids)
            ._enqueue("Sổ", "cchc.register", "workbook", params)
        )
        self.patch(self.registry["cchc.job"], "_step", lambda *_args: None)
        job.sudo()._finish(job.sudo()._run())
        self.assertFalse(self._numbers(self._sheet(job.sudo().attachment_id.raw)))
