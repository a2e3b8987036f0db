from datetime import date

from odoo.fields import Domain
from odoo.tests import tagged

from ..tools.figure import vietnamese
from .common import ReformCase

CUT = "TTHC được rút ngắn thời gian giải quyết"
LATE = "Hồ sơ trễ hạn trên số tiếp nhận"
PHASES = ["convert", "apply", "maintain", "improve"]


@tagged("post_install", "-at_install")
class TestFiveReports(ReformCase):
    """Every figure printed in the five reports can be read back from a screen.

    The reports are loaded by the loader of the demo, whether there is demo data or not.
    Each test is a table of one agency: what the report prints, what the screen shows.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # only with the data of the reports
        from ..demo import cchc_reform_demo_agencies as agencies  # noqa: PLC0415

        agencies.tell(cls.env)
        cls.agency = {
            company.cchc_unit_code[3:]: company
            for company in cls.env["res.company"].search(
                [("cchc_unit_code", "=like", "BC.%")]
            )
        }
        cls.env.invalidate_all()

    def _of(self, model, agency, *domain):
        return self.env[model].search(
            Domain("company_id", "=", self.agency[agency].id) & Domain(list(domain))
        )

    def _plan(self, agency, number):
        return self._of("cchc.reform.plan", agency, ("number", "=", number))

    def _tasks(self, agency, year, key=None):
        """Return the tile of the leader's page, or the block of areas."""
        company = self.agency[agency]
        leader = self.env["res.users"].search(
            [("company_id", "=", company.id), ("login", "like", "%_ld")]
        )
        data = (
            self.env["cchc.reform.overview"]
            .with_user(leader)
            .with_context(allowed_company_ids=company.ids)
            .get_data(year=year)
        )
        for block in data["blocks"]:
            if block["key"] == (key or "tasks"):
                return {row["key"]: row for row in block["rows"]}
        return {}

    def _measured(self, agency, year, key):
        """Return a figure as reports measure it."""
        company = self.agency[agency]
        found = self.env["cchc.reform.metric"]._measure(
            [key], company.ids, date(year, 1, 1), date(year, 12, 31)
        )
        return found[company.id, key].value

    def _stated(self, agency):
        """Return what the report of an agency prints: ``{key or name: value}``."""
        report = self._of("cchc.reform.report", agency)
        self.assertEqual(len(report), 1)
        self.assertEqual(report.state, "submitted")
        self.assertTrue(report._is_intact(), "frozen with its PDF")
        return {
            figure.name if figure.key == "typed" else figure.key: figure
            for figure in report.figure_ids
        }

    def _printed(self, rows):
        for what, shown, printed in rows:
            with self.subTest(figure=what):
                self.assertEqual(shown, printed)

    def _documents(self, agency):
        return {
            (document.reference, document.date.strftime("%d/%m/%Y"))
            for document in self._of("cchc.issued.document", agency)
        }

    def test_thuong_loc(self):
        period = self._of("cchc.reform.plan", "TL", ("level", "=", "period"))
        areas = self._tasks("TL", 2018, "areas")
        kept_up = self._tasks("TL", 2018)["regular"]
        self._printed(
            [
                (
                    "giai đoạn",
                    (period.date_from.year, period.date_to.year),
                    (2016, 2020),
                ),
                ("sáu nhiệm vụ của giai đoạn", period.task_count, 6),
                (
                    "kế hoạch hằng năm",
                    sorted(period.child_ids.mapped("year")),
                    [2016, 2017, 2018, 2019, 2020],
                ),
                ("sáu lĩnh vực trong năm", len(areas), 6),
                ("chương trình", period.programme_id.number, "30c/NQ-CP"),
                ("duy trì trong năm", kept_up["note"][:3], "6/6"),
            ]
        )
        for text in ("kiêm nhiệm", "truyền thanh", "CPNet", "phần mềm một cửa"):
            self.assertIn(text, period.note)

    def test_hai_truong(self):
        remedy = self._plan("HT", "99/KH-UBND")
        self._printed(
            [
                (
                    "văn bản",
                    self._documents("HT"),
                    {
                        ("19-QĐ/ĐU", "03/06/2021"),
                        ("34/KH-UBND", "25/01/2022"),
                        ("96/KH-UBND", "03/03/2023"),
                        ("47/KH-UBND", "10/02/2023"),
                        ("324/KH-UBND", "22/07/2022"),
                        ("17/KH-UBND", "23/03/2022"),
                        ("99/KH-UBND", "03/03/2022"),
                        ("97/QĐ-UBND", "11/09/2023"),
                    },
                ),
                (
                    "kế hoạch giai đoạn 2021-2025",
                    self._plan("HT", "34/KH-UBND").level,
                    "period",
                ),
                ("07/07 nhiệm vụ", (remedy.done_count, remedy.counted_count), (7, 7)),
                ("07/07 duy trì", remedy.remedy_text.split()[0], "07/07"),
                (
                    "chỉ số năm 2021, năm 2022",
                    {
                        (plan.number, plan.name.split()[-1])
                        for plan in self._of(
                            "cchc.reform.plan", "HT", ("plan_type", "=", "remedy")
                        )
                    },
                    {("17/KH-UBND", "2021"), ("99/KH-UBND", "2022")},
                ),
                ("thường xuyên", set(remedy.task_ids.mapped("status")), {"regular"}),
            ]
        )
        self.assertIn(
            "2023",
            remedy.env["cchc.issued.document"]
            .search([("plan_id", "=", remedy.id)])
            .confirm_reason,
        )

    def test_nghia_lo(self):
        iso = self._of("cchc.reform.plan", "NL", ("plan_type", "=", "iso"))
        phases = iso.task_ids.mapped("iso_phase")
        inspection = self._of("cchc.reform.inspection", "NL")
        posts = self._of("cchc.reform.appointment", "NL")
        offices = self._of("cchc.reform.task", "NL", ("name", "like", "chức năng"))
        letter = self._of("cchc.reform.task", "NL", ("name", "like", "tự đánh giá"))
        told = self._plan("NL", "156/KH-UBND")
        parts = [
            posts[f"{part}_count"] for part in ("new", "again", "extended", "rotated")
        ]
        self._printed(
            [
                ("KH 156/KH-UBND", told.plan_type, "index"),
                ("ngày của KH 156 là giả định", "giả định" in told.note, True),
                ("chuyển đổi, áp dụng, duy trì, cải tiến", phases, PHASES),
                (
                    "Chỉ thị 26/CT-TTg",
                    inspection.criteria[:21],
                    "26/CT-TTg (05/09/2016",
                ),
                ("18 lượt kiểm tra", inspection.visit_count, 18),
                (
                    "18 lượt trong báo cáo",
                    self._measured("NL", 2023, "inspection_visits"),
                    18,
                ),
                (
                    "28 trong báo cáo",
                    self._measured("NL", 2023, "appointment_total"),
                    28,
                ),
                ("0 vi phạm", inspection.violator_count, 0),
                ("28 lượt bổ nhiệm", posts.total, 28),
                ("7 mới, 18 lại, 2 kéo dài, 1 luân chuyển", parts, [7, 18, 2, 1]),
                (
                    "28 = 7 + 18 + 2 + 1",
                    (posts.is_balanced, posts.warning),
                    (True, False),
                ),
                (
                    "chức năng của 3 phòng",
                    ("3 phòng" in offices.name, offices.status),
                    (True, "done"),
                ),
                ("văn bản đề nghị tự chấm điểm", letter.is_maintained, True),
            ]
        )

    def test_ben_cat(self):
        inspection = self._of("cchc.reform.inspection", "BC")
        signature = self._of("cchc.reform.task", "BC", ("name", "like", "chữ ký số"))
        training = self._of("cchc.reform.training", "BC")
        stated = self._stated("BC")
        self._printed(
            [
                ("tiếp nhận 31.000", stated["dossier_received"].shown, "31.000"),
                ("đang giải quyết 1.110", stated["dossier_open"].shown, "1.110"),
                ("đã trả 29.000", stated["dossier_settled"].shown, "29.000"),
                ("trễ hạn 336", stated[LATE].detail, "336/31.000"),
                (
                    "1,1 % trên số tiếp nhận",
                    vietnamese(stated["dossier_late_received"].value, 1),
                    "1,1",
                ),
                ("210 người", self._measured("BC", 2019, "training_persons"), 210),
                ("kiểm tra chuyên đề ISO", inspection.state, "planned"),
                ("tiêu chuẩn ISO", "ISO" in inspection.criteria, True),
                ("Đề án 05-ĐA/TU", self._documents("BC"), {("05-ĐA/TU", "28/08/2018")}),
                (
                    "210 người tập huấn thi đua",
                    (training.persons, training.topic),
                    (210, "emulation"),
                ),
                ("tập huấn chữ ký số", signature.plan_id.year, 2019),
            ]
        )

    def test_kim_long(self):
        monthly = self._of("cchc.reform.task", "KL", ("name", "like", "hằng tháng"))
        letters = self._of("cchc.issued.document", "KL", ("symbol", "=", "UBND-VP"))
        cut = self._of("cchc.issued.document", "KL", ("number", "=", "291"))
        rank = self._of("cchc.external.index.result", "KL")
        stated = self._stated("KL")
        told = {
            entry.channel_id.key: (entry.quantity1, entry.quantity2)
            for entry in self._of("cchc.reform.communication", "KL")
        }
        self._printed(
            [
                (
                    "ngày của năm văn bản là giả định",
                    ["giả định" in letter.note for letter in letters],
                    [True] * 5,
                ),
                (
                    "QĐ 291/QĐ-UBND",
                    (cut.reference, cut.date.strftime("%d/%m/%Y")),
                    ("291/QĐ-UBND", "24/08/2016"),
                ),
                (
                    "36 TTHC thuộc 12 lĩnh vực",
                    "36 TTHC thuộc 12 lĩnh vực" in cut.subject,
                    True,
                ),
                (
                    "văn bản",
                    {int(letter.number) for letter in letters},
                    {63, 101, 102, 220, 339},
                ),
                (
                    "36 TTHC",
                    stated["TTHC được rút ngắn thời gian giải quyết"].value,
                    36,
                ),
                ("12 lĩnh vực", stated["Lĩnh vực có TTHC được rút ngắn"].value, 12),
                ("123 TTHC", stated["TTHC áp dụng tại xã"].value, 123),
                (
                    "24 lĩnh vực",
                    stated["Lĩnh vực của các TTHC áp dụng tại xã"].value,
                    24,
                ),
                ("đúng hạn 100%", stated["dossier_on_time_settled"].shown, "100%"),
                ("30 bài viết", told["article"], (30, 0)),
                ("263 tin", told["news"], (263, 0)),
                ("89 buổi, 72 giờ", told["broadcast"], (89, 72)),
                ("50 mét băng rôn", told["banner"], (0, 50)),
                ("20 mét pa nô", told["panel"], (0, 20)),
                ("hạng 2/16", (rank.rank, rank.rank_of), (2, 16)),
                ("thiết bị kiểm tra hằng tháng", len(monthly.progress_ids), 12),
            ]
        )

    def test_what_was_typed_says_where_it_comes_from(self):
        """A figure that no record gives has its source, or a reason beside what the
        records give."""
        figures = self.env["cchc.reform.report.figure"].search(
            [("report_id.company_id", "in", [c.id for c in self.agency.values()])]
        )
        for figure in figures.filtered("is_overridden"):
            self.assertIn("báo cáo đã in", figure.override_reason)
            self.assertEqual(figure.measured, 0, "nothing of the time is here")
        typed = figures.filtered(lambda figure: figure.is_typed and figure.is_known)
        self.assertGreater(len(typed), 4)
        for figure in typed:
            self.assertIn("Báo cáo CCHC của UBND", figure.source)
