from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import guard
from ..wizards import cchc_dossier_move_batch
from . import qr_reader
from .common import local
from .common_forms import FormCase

LONG_NAME = (
    "Công ty trách nhiệm hữu hạn một thành viên Xuất nhập khẩu Nông lâm thủy sản và "
    "Dịch vụ tổng hợp Trường Sơn Đông – Chi nhánh xã Hải Trường, tỉnh Quảng Trị"
)
HEAD = (
    "Chữ ký số của Tổ chức (nếu là biểu mẫu điện tử)",
    "UBND XÃ HẢI TRƯỜNG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
)
DESK = "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
PARTS = [
    {"name": "Tờ khai theo mẫu", "originals": 1},
    {"name": "Trích lục bản đồ địa chính", "certified": 2, "copies": 3, "note": "mới"},
]


class IssuedCase(FormCase):
    """A dossier of the commune with all that the forms print."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.name = "Lê Thị Thanh Nhàn"
        cls.handler.name = "Cáp Hữu Minh"
        cls.leader.write(
            {
                "name": "Trần Đình Sơn",
                "cchc_sign_mode": "tm_kt",
                "cchc_sign_body": "Ủy ban nhân dân",
                "cchc_sign_post": "Chủ tịch",
                "cchc_sign_title": "Phó Chủ tịch",
            }
        )
        cls.missing = cls.env.ref("cchc_onestop.reason_supplement_missing")
        cls.expired = cls.env.ref("cchc_onestop.reason_stop_expired")
        cls.no_authority = cls.env.ref("cchc_onestop.reason_refuse_authority")

    def _given(self, **values):
        return {
            "applicant_address": "Thôn Đông, xã Hải Trường",
            "applicant_phone": "0905 123 456",
            "applicant_email": "uong@example.vn",
            "summary": "khai sinh đúng hạn",
            **values,
        }

    def _accepted_at(self, moment, **values):
        with freeze_time(local(moment)):
            return self._accepted(**self._given(**values))

    def _content(self, dossier, code):
        paper = self._last_paper(dossier, code)
        self.assertTrue(paper, f"no form {code}")
        return paper._get_content()

    def _qr(self, content):
        return qr_reader.read(self._pages(content)[0].images[0].image).split("\n")


@tagged("post_install", "-at_install")
class TestForms(IssuedCase):
    """Mẫu 02 to 06 of edition 2025: every label and value, size, pages, QR code."""

    # -- 02
    def _supplement(self, dossier=None, paper=None, moment="10/11/2026 14:05"):
        dossier = dossier or self._accepted_at("09/11/2026 09:00")
        with freeze_time(local(moment)):
            dossier.with_user(self.handler).action_request_supplement(
                "Bản sao mờ", self.missing, paper or {"parts": PARTS}
            )
        return dossier

    def test_02_after_acceptance(self):
        dossier = self._supplement(
            paper={
                "parts": PARTS,
                "contact": "Lê Thị Thanh Nhàn",
                "phone": "0233 3873 111",
            }
        )
        content = self._content(dossier, "02")
        self._assert_texts(
            content,
            [
                *HEAD,
                DESK,
                "Hải Trường, ngày 10 tháng 11 năm 2026",
                "Số: 01/HDHS",
                "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
                f"Mã hồ sơ: {dossier.name}",
                "Yêu cầu lần thứ 1, sau khi thẩm định",
                "Hồ sơ của: Nguyễn Thị Hoa",
                "Nội dung yêu cầu giải quyết: Xác nhận thử nghiệm – khai sinh đúng hạn",
                "Địa chỉ: Thôn Đông, xã Hải Trường",
                "Số điện thoại: 0905 123 456",
                "Email: uong@example.vn",
                "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:",
                "Thành phần hồ sơ",
                "Số lượng",
                "Bản chính",
                "Bản chứng thực",
                "Bản photo",
                "Tờ khai theo mẫu",
                "Trích lục bản đồ địa chính",
                "Lý do: Thiếu thành phần hồ sơ: Bản sao mờ",
                "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc",
                "liên hệ với Lê Thị Thanh Nhàn, số điện thoại 0233 3873 111",
                "NGƯỜI HƯỚNG DẪN",
                "(Ký và ghi rõ họ tên)",
                "Cáp Hữu Minh",
            ],
        )
        rows = self._pdf_text(content, layout=True).split("\n")
        counts = [
            row.split()[-3:] for row in rows if row.strip().startswith(("1 ", "2 "))
        ]
        self.assertIn(["1", "–", "–"], counts)
        self.assertIn(["–", "2", "3"], counts)
        self._assert_size(content, 148, 210)
        self.assertEqual(len(self._pages(content)), 1)
        self.assertIn("Tờ khai theo mẫu; Trích lục", dossier.event_ids[-1].content)

    def test_02_before_acceptance(self):
        """Without a code: the desk asks, and the counter must be 1."""
        draft = self._draft(**self._given())
        with freeze_time(local("10/11/2026 14:05")):
            draft.action_ask_completion("Ảnh mờ", self.missing, {"parts": PARTS})
        self._assert_texts(
            self._content(draft, "02"),
            [
                *HEAD,
                DESK,
                "Yêu cầu lần thứ 1, trước khi tiếp nhận",
                "Hồ sơ của: Nguyễn Thị Hoa",
                "Tờ khai theo mẫu",
                "Lê Thị Thanh Nhàn",
                "0233 3873 999",
            ],
        )
        self.assertEqual(self._qr(self._content(draft, "02"))[0], "Mã hồ sơ: chưa cấp")

    def test_02_time_for_the_supplement(self):
        rule = self.env.ref("cchc_onestop.cchc_deadline_rule_working_day")
        rule.supplement_limit_days = 7
        content = self._content(self._supplement(), "02")
        self._assert_texts(
            content, ["Thời hạn bổ sung, hoàn thiện: trước 17 giờ 00 phút, ngày 19"]
        )

    def test_02_thirty_parts_repeat_the_head(self):
        parts = [{"name": f"Giấy tờ thứ {number}", "copies": 1} for number in range(30)]
        content = self._content(self._supplement(paper={"parts": parts}), "02")
        pages = [page.extract_text() for page in self._pages(content)]
        self.assertGreater(len(pages), 1)
        for page in pages:
            if "Giấy tờ thứ" in page:
                self.assertIn("photo", page)
        self.assertIn("Giấy tờ thứ 29", " ".join(pages))
        # The signature does not stand alone on the last page.
        self.assertIn("liên hệ với", pages[-1].replace("\n", " "))
        self.assertIn("NGƯỜI HƯỚNG DẪN", pages[-1])

    def test_02_counts_the_requests(self):
        rule = self.env.ref("cchc_onestop.cchc_deadline_rule_working_day")
        rule.supplement_max = 2
        dossier = self._supplement()
        with freeze_time(local("11/11/2026 08:00")):
            dossier.with_user(self.desk).action_resume()
        self._supplement(dossier, moment="11/11/2026 10:00")
        papers = dossier.sudo().paper_ids.filtered(lambda p: p.code == "02")
        self.assertEqual(sorted(papers.mapped("occasion")), [1, 2])
        self.assertEqual(set(papers.mapped("state")), {"issued"})
        second = papers.filtered(lambda p: p.occasion == 2)
        self._assert_texts(second._get_content(), ["Yêu cầu lần thứ 2"])

    # -- 03
    def test_03(self):
        draft = self._draft(**self._given())
        with freeze_time(local("10/11/2026 14:05")):
            draft.action_refuse("Thuộc thẩm quyền của Tòa án", self.no_authority)
        content = self._content(draft, "03")
        self._assert_texts(
            content,
            [
                *HEAD,
                DESK,
                "Số: 01/TTPVHCC",
                "Hải Trường, ngày 10 tháng 11 năm 2026",
                "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
                "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công",
                "Tiếp nhận hồ sơ của: Nguyễn Thị Hoa",
                "Địa chỉ: Thôn Đông, xã Hải Trường",
                "Số điện thoại: 0905 123 456",
                "Email: uong@example.vn",
                "Nội dung yêu cầu giải quyết: Xác nhận thử nghiệm – khai sinh đúng hạn",
                "Qua xem xét, Trung tâm Phục vụ hành chính công thông báo không tiếp",
                "với lý do cụ thể như sau: Không thuộc thẩm quyền giải quyết: Thuộc "
                "thẩm quyền của Tòa án",
                "được biết và thực hiện",
                "NGƯỜI NỘP HỒ SƠ",
                "NGƯỜI TIẾP NHẬN HỒ SƠ",
                "(Ký và ghi rõ họ tên)",
                "Lê Thị Thanh Nhàn",
            ],
        )
        self._assert_size(content, 148, 210)

    # -- 04
    def _extended(self, **values):
        dossier = self._accepted_at("09/11/2026 09:00", **values)
        with freeze_time(local("10/11/2026 14:05")):
            dossier.with_user(self.desk)._issue_paper("01")
            dossier.with_user(self.leader).action_extend(
                local("20/11/2026 17:00"), "nguồn gốc đất", self.delay
            )
        return dossier

    def test_04(self):
        dossier = self._extended()
        content = self._content(dossier, "04")
        self._assert_texts(
            content,
            [
                *HEAD,
                "Số: 01/PXL",
                "Hải Trường, ngày 10 tháng 11 năm 2026",
                "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
                "Kính gửi: Nguyễn Thị Hoa",
                "Ngày 09 tháng 11 năm 2026, UBND xã Hải Trường tiếp nhận giải quyết "
                "hồ sơ của Nguyễn Thị Hoa về việc Xác nhận thử nghiệm – khai sinh",
                f"số biên nhận: 01/TTPVHCC; mã hồ sơ: {dossier.name}.",
                "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 12 tháng 11 năm 2026",
                "chưa trả được kết quả",
                "Lý do: Chờ xác minh thực địa: nguồn gốc đất.",
                "xin lỗi Nguyễn Thị Hoa về sự chậm trễ này",
                "đề nghị gia hạn thời gian giải quyết hồ sơ",
                "17 giờ 00 phút, ngày 20 tháng 11 năm 2026.",
                "Nơi nhận: - Như trên;",
                f"- Lưu: VT, hồ sơ {dossier.name}.",
                "TM. ỦY BAN NHÂN DÂN",
                "KT. CHỦ TỊCH",
                "PHÓ CHỦ TỊCH",
                "(Ký, đóng dấu)",
                "Trần Đình Sơn",
            ],
        )
        self.assertNotIn(DESK, self._pdf_text(content))
        self._assert_size(content, 210, 297)
        self.assertEqual(len(self._pages(content)), 1)

    def test_04_and_05_with_the_title_of_the_form(self):
        """A signer without settings signs as the form has it."""
        self.leader.cchc_sign_mode = False
        self._assert_texts(
            self._content(self._extended(), "04"),
            ["THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ (Ký, đóng dấu)"],
        )

    def test_signing_modes(self):
        for mode, lines in {
            "head": ["Phó Chủ tịch"],
            "tm": ["TM. Ủy ban nhân dân", "Phó Chủ tịch"],
            "kt": ["KT. Chủ tịch", "Phó Chủ tịch"],
            "tl": ["TL. Chủ tịch", "Phó Chủ tịch"],
            "tuq": ["TUQ. Chủ tịch", "Phó Chủ tịch"],
            "q": ["Q. Phó Chủ tịch"],
        }.items():
            self.assertEqual(self.leader._cchc_signature(mode)["lines"], lines)
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            dossier.with_user(self.leader).action_stop(
                "x", self.expired, {"sign_mode": "kt"}
            )
        text = self._pdf_text(self._content(dossier, "05"))
        self.assertIn("KT. CHỦ TỊCH PHÓ CHỦ TỊCH", text)
        self.assertNotIn("TM.", text)

    # -- 05
    def test_05(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("16/11/2026 10:00")):
            dossier.with_user(self.leader).action_stop("Không bổ sung", self.expired)
        content = self._content(dossier, "05")
        self._assert_texts(
            content,
            [
                *HEAD,
                "Số: 01/TB",
                "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
                "Kính gửi: Nguyễn Thị Hoa",
                f"Mã hồ sơ: {dossier.name}",
                "Thủ tục hành chính: Xác nhận thử nghiệm – khai sinh đúng hạn",
                "Ngày tiếp nhận: 09 tháng 11 năm 2026",
                "thông báo dừng giải quyết hồ sơ nêu trên kể từ 10 giờ 00 phút, ngày",
                "Lý do: Quá thời hạn bổ sung hồ sơ: Không bổ sung.",
                "Căn cứ pháp lý: Nghị định số 118/2025/NĐ-CP",
                "Nhận lại giấy tờ, phí, lệ phí (nếu có): đề nghị mang theo Giấy tiếp",
                "Trung tâm Phục vụ hành chính công (điện thoại: 0233 3873 999)",
                "Nơi nhận: - Như trên;",
                "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH (Ký, đóng dấu)",
                "Trần Đình Sơn",
            ],
        )
        self._assert_size(content, 210, 297)

    def test_05_of_a_withdrawal_bears_the_head_of_the_agency(self):
        self.commune.cchc_signer_id = self.leader
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 10:00")):
            dossier.with_user(self.desk).action_withdraw(
                "Không còn nhu cầu",
                paper={"basis": "Luật Hộ tịch", "give_back": "nhận tại quầy 2"},
            )
        self._assert_texts(
            self._content(dossier, "05"),
            [
                "Lý do: Không còn nhu cầu.",
                "Căn cứ pháp lý: Luật Hộ tịch.",
                "Nhận lại giấy tờ, phí, lệ phí (nếu có): nhận tại quầy 2.",
                "Trần Đình Sơn",
            ],
        )

    # -- 06
    def _handled(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("09/11/2026 15:00")):
            dossier.with_user(self.handler).action_pass_step()
        with freeze_time(local("10/11/2026 08:00")):
            dossier.with_user(self.leader).action_send_back("Sai căn cứ")
        with freeze_time(local("16/11/2026 08:30")):
            dossier.with_user(self.handler).action_pass_step()
        with freeze_time(local("16/11/2026 09:00")):
            dossier.with_user(self.leader).action_sign()
        return dossier

    def test_06_one_row_for_each_hand_over(self):
        dossier = self._handled()
        with freeze_time(local("16/11/2026 09:15")):
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
            content = dossier.with_user(self.desk)._issue_paper("06")._get_content()
        self._assert_texts(
            content,
            [
                *HEAD,
                DESK,
                "Số: 01/PKS",
                "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
                f"Mã hồ sơ: {dossier.name}",
                "Cơ quan (bộ phận) giải quyết hồ sơ: UBND xã Hải Trường – Văn phòng - "
                "Thống kê",
                "Cơ quan phối hợp giải quyết hồ sơ: Không có",
                "TÊN CƠ QUAN",
                "THỜI GIAN GIAO, NHẬN HỒ SƠ",
                "(Trước hạn/đúng hạn/",
                "GHI CHÚ",
                "1. Giao: Trung tâm Phục vụ hành chính công",
                "2. Nhận: Văn phòng - Thống kê",
                "09 giờ 00 phút, ngày 09 tháng 11 năm 2026",
                "Người giao: Lê Thị Thanh Nhàn",
                "Người nhận: Cáp Hữu Minh",
                "Người giao: Trần Đình Sơn",
                "Trả lại để hoàn chỉnh 08:00 10/11/2026: Sai căn cứ",
                "2. Nhận: Trung tâm Phục vụ hành chính công",
                "Có kết quả 09:15 16/11/2026",
            ],
        )
        self._assert_size(content, 210, 297)
        lines = dossier._hand_over_lines()
        people = [(line.giver, line.taker, line.result) for line in lines]
        desk, handler, leader = self.desk.name, self.handler.name, self.leader.name
        self.assertEqual(
            people,
            [
                (desk, handler, ""),
                (handler, leader, "early"),
                (leader, handler, "late"),
                (handler, leader, "late"),
                (leader, desk, "on_time"),
                (desk, desk, "on_time"),
            ],
        )

    def test_06_as_it_stands(self):
        """Printed at any time, without a number; nothing is kept."""
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("09/11/2026 15:00")):
            contents = dossier.with_user(self.desk)._form_contents("06")
        text = self._pdf_text(contents[dossier.id][0])
        self.assertIn("Tình trạng đến 15 giờ 00 phút, ngày 09", text)
        self.assertNotIn("Số:", text)
        self.assertFalse(dossier.sudo().paper_ids)

    def test_06_is_kept_once_the_result_is_there(self):
        dossier = self._handled()
        with freeze_time(local("16/11/2026 09:15")):
            self._explain(dossier)
            dossier.with_user(self.desk).action_pass_step()
        dossier.sudo()._issue_closed_slips()
        slip = self._last_paper(dossier, "06")
        self.assertEqual(slip.issued_by_id, self.desk)
        self.assertEqual(len(slip), 1)
        contents = dossier.with_user(self.desk)._form_contents("06")
        self.assertEqual(contents[dossier.id][0], slip._get_content())
        dossier.sudo()._issue_closed_slips()
        self.assertEqual(
            len(dossier.sudo().paper_ids.filtered(lambda p: p.code == "06")), 1
        )

    def _queries(self, size, action, content):
        """Return how many queries ``action`` takes for ``size`` dossiers, pages not
        drawn, and what it returned."""
        dossiers = self.env["cchc.dossier"].union(
            *(self._accepted(**self._given()) for _number in range(size))
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_cchc_render_pdf",
            return_value=content,
        ):
            result = action(dossiers.with_user(self.desk))
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, result

    def test_06_queries_do_not_grow_with_the_list(self):
        few, many = (
            self._queries(size, lambda found: found._form_contents("06"), b"")[0]
            for size in (3, 50)
        )
        self.assertLessEqual(many, few + 5)

    def test_issuing_a_batch_takes_a_fixed_number_of_queries(self):
        counts = []
        for size in (3, 20):
            count, papers = self._queries(
                size, lambda found: found._issue_paper("01"), b"x"
            )
            counts.append(count)
            self.assertEqual(len(papers), size)
        self.assertLessEqual(counts[1], counts[0] + 10, counts)

    # -- many at once
    def _run_job(self, job):
        """Do the work as the scheduler does, but in this transaction."""
        with (
            patch.object(
                self.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
            ),
            patch.object(self.registry["cchc.job"], "_step", lambda *a: None),
        ):
            job._finish(job._run())
        self.env.invalidate_all()

    def test_many_are_moved_in_the_background_each_with_its_form(self):
        self.patch(cchc_dossier_move_batch, "AT_ONCE", 2)
        self.patch(cchc_dossier_move_batch, "BATCH", 2)
        dossiers = self.env["cchc.dossier"].union(
            *(self._accepted_at("09/11/2026 09:00") for _number in range(5))
        )
        wizards = self.env["cchc.dossier.move"].with_user(self.leader)
        values = {"dossier_ids": [Command.set(dossiers.ids)], "move": "stop"}
        with freeze_time(local("16/11/2026 10:00")):
            with self.assertRaisesRegex(UserError, "reason"):
                wizards.create(values).action_confirm()
            wizard = wizards.create(
                {**values, "reason_id": self.expired.id, "content": "Không bổ sung"}
            )
            action = wizard.action_confirm()
            self.assertEqual(action["res_model"], "cchc.job")
            self.assertNotIn("stopped", dossiers.mapped("state"))
            # Meanwhile one of them goes another way.
            lost = dossiers[1]
            lost.with_user(self.desk).action_withdraw("Không còn nhu cầu")
            job = self.env["cchc.job"].browse(action["res_id"]).sudo()
            self._run_job(job)
        others = dossiers - lost
        self.assertEqual(set(others.mapped("state")), {"stopped"})
        self.assertEqual(lost.state, "withdrawn")
        papers = others.sudo().paper_ids
        self.assertEqual(papers.mapped("code"), ["05"] * 4)
        self.assertEqual(len(set(papers.mapped("name"))), 4)
        self.assertEqual(papers.issued_by_id, self.leader)
        self.assertFalse(papers._verify())
        self._assert_texts(papers[0]._get_content(), ["Lý do: Quá thời hạn bổ sung"])
        self.assertEqual(job.state, "failed")
        self.assertIn("4 of 5 dossiers were moved", job.message)
        self.assertIn(lost.name, job.message)
        shown = job.with_user(self.leader).action_outcome()
        self.assertEqual(self.env["cchc.dossier.paper"].search(shown["domain"]), papers)

    # -- all of them
    def test_qr_code_of_every_form(self):
        """TT 01/2023/TT-VPCP Đ.26, read back from the printed picture."""
        dossier = self._extended()
        self._supplement(dossier, moment="10/11/2026 16:00")
        with freeze_time(local("11/11/2026 09:00")):
            dossier.with_user(self.leader).action_stop("Dừng", self.expired)
            slip = dossier.with_user(self.desk)._form_contents("06")[dossier.id][0]
        for code, title, moment in (
            ("01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "14:05 10/11/2026"),
            ("02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "16:00 10/11/2026"),
            (
                "04",
                "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
                "14:05 10/11/2026",
            ),
            ("05", "Thông báo dừng giải quyết hồ sơ", "09:00 11/11/2026"),
            ("06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "09:00 11/11/2026"),
        ):
            content = slip if code == "06" else self._content(dossier, code)
            expected = [
                f"Mã hồ sơ: {dossier.name}",
                "Mã TTHC: 9.800001",
                "Mã định danh: 045190000123",
                f"Giấy tờ: {title}",
                "Hệ thống: Hệ thống thông tin giải quyết thủ tục hành chính",
                f"Xuất bản: {moment}",
            ]
            if code == "01":
                expected.append("Hẹn trả: 17:00 12/11/2026")
            with self.subTest(code=code):
                self.assertEqual(self._qr(content), expected)

    def test_long_names_wrap(self):
        dossier = self._extended(applicant_name=LONG_NAME)
        for code in ("01", "04"):
            content = self._content(dossier, code)
            self._assert_texts(content, [LONG_NAME])
            [*_rest, last] = self._pages(content)
            self.assertEqual(
                len(self._pages(content)), 2 if code == "01" else 1, "one page a copy"
            )
            self.assertTrue(last.extract_text().strip())

    def test_no_mandatory_field_is_empty(self):
        """Without phone, e-mail and address dots are printed, to be filled by hand."""
        draft = self._draft(applicant_address=False, applicant_phone=False)
        draft.action_refuse("Sai thẩm quyền")
        text = self._pdf_text(self._content(draft, "03"))
        for label in ("Địa chỉ:", "Số điện thoại:", "Email:"):
            self.assertRegex(text, rf"{label} …")

    def test_form_of_the_agency_that_settles(self):
        """02 after acceptance, 04 and 05 come from the competent agency."""
        dossier = self._settled(receiving_company_id=self.neighbour.id)
        self.assertEqual(dossier._form_agency("04"), self.commune)
        self.assertEqual(dossier._form_agency("02"), self.commune)
        self.assertEqual(dossier._form_agency("01"), self.neighbour)

    # -- 2018
    def test_edition_of_2018(self):
        """Papers dated before 15-9-2025 bear the words of TT 01/2018/TT-VPCP, on A5."""
        dossier = self._accepted_at("11/09/2025 09:00")
        with freeze_time(local("11/09/2025 10:00")):
            dossier.with_user(self.desk)._issue_paper("01")
            dossier.with_user(self.leader).action_extend(
                local("25/09/2025 17:00"), "nguồn gốc đất", self.delay
            )
            dossier.with_user(self.handler).action_request_supplement(
                "Thiếu", self.missing, {"parts": PARTS}
            )
            slip = dossier.with_user(self.desk)._form_contents("06")[dossier.id][0]
        expected = {
            "01": [
                "Bộ phận tiếp nhận và trả kết quả: Trung tâm Phục vụ hành chính công",
                "Nội dung yêu cầu giải quyết: Xác nhận thử nghiệm",
                "1. Thành phần hồ sơ nộp gồm: 1. Tờ khai",
                "2. Số lượng hồ sơ: 1 (bộ)",
                "3. Thời gian giải quyết hồ sơ theo quy định là: 3 ngày làm việc",
                "4. Thời gian nhận hồ sơ: 09 giờ 00 phút, ngày 11 tháng 09 năm 2025",
                "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 16",
                "6. Đăng ký nhận kết quả tại: Trung tâm",
                "Vào Sổ theo dõi hồ sơ, Quyển số: 01/2025, Số thứ tự: ",
            ],
            "02": [
                "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
                "1. Tờ khai theo mẫu (1 bản chính)",
                "2. Trích lục bản đồ địa chính (2 bản chứng thực, 3 bản photo): mới",
            ],
            "04": [
                "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
                "và hẹn lại ngày trả kết quả: 17 giờ 00 phút, ngày 25 tháng 09",
                "TM. ỦY BAN NHÂN DÂN",
            ],
            "06": ["PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "TÊN CƠ QUAN"],
        }
        for code, texts in expected.items():
            content = slip if code == "06" else self._content(dossier, code)
            with self.subTest(code=code):
                self._assert_texts(content, [*HEAD, *texts])
                self._assert_size(content, 148, 210)
        receipt = self._pdf_text(self._content(dossier, "01"))
        for absent in ("CCCD/MST", "Phí, lệ phí"):
            self.assertNotIn(absent, receipt)

    def test_receipt_drawn_anew_for_a_dossier_taken_over(self):
        dossier = self._settled(accepted_at=local("02/06/2025 09:00"), imported=True)
        paper = dossier.with_user(self.desk)._issue_paper("01")
        self.assertEqual(paper.edition_id, self.env.ref("cchc_onestop.form_01_2018"))
        self.assertEqual(paper.year, 2025)

    def test_the_slip_of_2018_was_number_five(self):
        day = local("01/08/2024 09:00").date()
        editions = self.env["cchc.form.edition"]
        self.assertEqual(editions._for("06", self.commune, day).code, "05")
        self.assertEqual(self.env.ref("cchc_onestop.form_06_2018").form, "07")
        with self._refused(UserError, "No edition of form 05"):
            editions._for("05", self.commune, day)


@tagged("post_install", "-at_install")
class TestFormsAndMoves(IssuedCase):
    """The move and its paper are one: neither is there without the other."""

    def test_each_move_issues_its_form(self):
        draft = self._draft()
        draft.action_ask_completion("Thiếu giấy tờ")
        draft.action_refuse("Sai thẩm quyền")
        dossier, other = self._accepted(), self._accepted()
        dossier.with_user(self.leader).action_extend(
            local("20/12/2027 17:00"), "x", self.delay
        )
        dossier.with_user(self.handler).action_request_supplement("Thiếu")
        dossier.with_user(self.leader).action_stop("Dừng")
        other.with_user(self.desk).action_withdraw("Rút")
        for record, codes in (
            (draft, ["02", "03"]),
            (dossier, ["02", "04", "05"]),
            (other, ["05"]),
        ):
            papers = record.sudo().paper_ids
            self.assertEqual(sorted(papers.mapped("code")), codes)
            for paper in papers:
                self.assertEqual(paper.event_id.dossier_id, record)
                self.assertFalse(paper._verify())
        stop = dossier.sudo().paper_ids.filtered(lambda p: p.code == "05")
        self.assertEqual(stop.event_id.kind, "stop")
        self.assertEqual(stop.signer_id, self.leader)

    def test_no_layout_no_move(self):
        self.env.ref("cchc_onestop.form_03_2025").report_id = False
        draft = self._draft()
        with self._refused(UserError, "has no printed layout"):
            draft.action_refuse("Sai thẩm quyền")
        self.assertEqual(draft.state, "draft")
        self.assertFalse(draft.event_ids)

    def test_no_drawing_no_move(self):
        view = self.env.ref("cchc_onestop.report_stop_body")
        view.arch_db = view.arch_db.replace(
            '<p class="cchc-to">', '<img src="http://127.0.0.1/x"/><p class="cchc-to">'
        )
        dossier = self._accepted()
        with self._refused(UserError, "127.0.0.1"):
            dossier.with_user(self.leader).action_stop("Dừng")
        self.assertEqual(dossier.state, "accepted")

    def test_acceptance_draws_nothing(self):
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_cchc_render_pdf",
            side_effect=AssertionError,
        ):
            dossier = self._ready()
        self.assertEqual(dossier.state, "done")

    def test_forms_of_moves_are_not_issued_by_printing(self):
        dossier = self._accepted()
        for code in ("02", "03", "04", "05"):
            with self._refused(UserError, "together with the move"):
                dossier.with_user(self.desk)._issue_paper(code)

    def test_voided_paper_is_issued_anew_with_what_was_typed(self):
        dossier = self._accepted(**self._given())
        dossier.with_user(self.handler).action_request_supplement(
            "Thiếu", self.missing, {"parts": PARTS}
        )
        old = self._last_paper(dossier, "02")
        dossier.sudo().applicant_phone = "0999 888 777"
        new = old.with_user(self.desk).reissue("Sai số điện thoại")
        self.assertEqual((old.state, new.occasion, new.name), ("void", 1, "02/HDHS"))
        self.assertEqual(new.sudo().event_id, old.sudo().event_id)
        self._assert_texts(
            new._get_content(),
            [
                "Thay thế phiếu số 01/HDHS",
                "0999 888 777",
                "Trích lục bản đồ địa chính",
                "Lý do: Thiếu thành phần hồ sơ: Thiếu",
            ],
        )
        self._assert_texts(old._get_content(), ["ĐÃ HỦY"])

    def test_letters_are_voided_by_leaders_and_keep_their_signer(self):
        dossier = self._accepted()
        dossier.with_user(self.leader).action_stop("Dừng")
        letter = self._last_paper(dossier, "05")
        with self._refused(AccessError, "ask a leader"):
            letter.with_user(self.desk).reissue("Sai")
        new = letter.with_user(self.deputy).reissue("Sai địa chỉ")
        self.assertEqual(new.signer_id, self.leader)

    def test_what_is_typed_is_only_text_and_numbers(self):
        dossier = self._accepted()
        dossier.with_user(self.handler).action_request_supplement(
            "Thiếu",
            self.missing,
            {
                "parts": [
                    {"name": "<b>x</b>", "originals": "9" * 40, "copies": "abc"},
                    "junk",
                    {"originals": 1},
                ],
                "number": "99/GIẢ",
                "sign_mode": {"a": 1},
            },
        )
        paper = self._last_paper(dossier, "02")
        [part] = paper.data["parts"]
        self.assertEqual((part["originals"], part["copies"]), (9999, 0))
        self.assertNotIn("number", paper.data)
        self._assert_texts(paper._get_content(), ["<b>x</b>", "Số: 01/HDHS"])

    # -- the wizard
    def _wizard(self, dossier, user, move):
        action = getattr(dossier.with_user(user), f"action_{move}")()
        return Form(
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )

    def test_wizard_offers_the_missing_parts(self):
        draft = self._draft()
        draft.document_ids[0].received = False
        with self._wizard(draft, self.desk, "ask_completion") as wizard:
            rows = [
                wizard.part_ids.edit(index) for index in range(len(wizard.part_ids))
            ]
            self.assertEqual([row.asked for row in rows], [True, False, False])
            with wizard.part_ids.edit(0) as row:
                row.note = "có chữ ký"
            wizard.reason_id = self.missing
        action = wizard.record.action_confirm()
        self.assertEqual(action["type"], "ir.actions.act_url")
        paper = self._last_paper(draft, "02")
        self.assertIn(str(paper.id), action["url"])
        self._assert_texts(paper._get_content(), ["Tờ khai", "có chữ ký"])
        self.assertNotIn("Bản sao giấy tờ", self._pdf_text(paper._get_content()))

    def test_preview_keeps_nothing(self):
        dossier = self._accepted(**self._given())
        with self._wizard(dossier, self.leader, "stop") as wizard:
            wizard.reason_id = self.expired
            wizard.content = "chưa bổ sung bản vẽ"
        self.env["cchc.number"].flush_model()
        before = self.env["cchc.number"].search_count([])
        [content] = wizard.record._preview()
        self._assert_texts(
            content,
            [
                "BẢN XEM TRƯỚC",
                "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
                "Lý do: Quá thời hạn bổ sung hồ sơ: chưa bổ sung bản vẽ.",
                "Số: ……",
            ],
        )
        self.assertEqual(dossier.state, "accepted")
        self.assertFalse(dossier.sudo().paper_ids)
        self.assertEqual(self.env["cchc.number"].search_count([]), before)

    # -- filing
    def test_filed_without_waiting_for_the_settlement(self):
        dossier = self._accepted()
        cron = self.env.ref("cchc_onestop.cron_filing_papers")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        dossier.with_user(self.handler).action_request_supplement("Thiếu")
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers,
        )
        self.assertFalse(
            self.env["dms.file"].search([("cchc_dossier_id", "=", dossier.id)])
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        paper = self._last_paper(dossier, "02")
        [file] = self.env["dms.file"].search([("cchc_dossier_id", "=", dossier.id)])
        self.assertEqual(file.attachment_id, paper.attachment_id)
        self.assertEqual(file.checksum, paper.attachment_id.checksum)
        self.assertTrue(paper.filed_at)
        self.assertIn("_M02", file.name)
        self.assertFalse(paper._file_to_dms())

    def test_papers_of_a_refused_draft_are_filed(self):
        draft = self._draft()
        draft.action_refuse("Sai thẩm quyền")
        paper = self._last_paper(draft, "03")
        [file] = paper._file_to_dms()
        self.assertEqual(file.cchc_dossier_id.id, draft.id)

    def test_settlement_files_no_paper_twice(self):
        dossier = self._ended()
        paper = dossier.with_user(self.desk)._issue_paper("01")
        paper.sudo()._file_to_dms()
        files = dossier._file_to_dms()
        self.assertNotIn(paper.sudo().attachment_id, files.attachment_id)

    # -- e-mail
    def test_applicant_is_told(self):
        dossier = self._accepted(**self._given())
        dossier.with_user(self.leader).action_extend(
            local("20/12/2027 17:00"), "x", self.delay
        )
        paper = self._last_paper(dossier, "04")
        message = dossier.message_ids.filtered("outgoing_email_to")
        self.assertEqual(message.outgoing_email_to, "uong@example.vn")
        self.assertEqual(message.sudo().attachment_ids, paper.attachment_id)

    def test_without_address_a_note_says_to_call(self):
        dossier = self._accepted(applicant_phone="0905 123 456")
        dossier.with_user(self.leader).action_extend(
            local("20/12/2027 17:00"), "x", self.delay
        )
        self.assertFalse(dossier.message_ids.filtered("outgoing_email_to"))
        self.assertIn("0905 123 456", " ".join(dossier.message_ids.mapped("body")))

    # -- auditors
    def test_auditor_verifies_but_does_not_read(self):
        dossier = self._accepted()
        paper = dossier.with_user(self.desk)._issue_paper("01")
        own = dossier.with_user(self.auditor)
        self.assertEqual(own.paper_ids.sha256, paper.sha256)
        self.assertEqual(own.action_verify_papers()["params"]["type"], "success")
        # as the web client reads it: with sizes in place of contents
        sized = own.with_context(bin_size=True).paper_ids
        self.assertEqual(sized.integrity, "whole")
        sized.invalidate_recordset()
        with self._refused(AccessError, "those who handle"):
            own.paper_ids._get_content()
        with self._refused(AccessError, "."):
            own.paper_ids.read(["data"])
        self.env.cr.execute(
            "UPDATE ir_attachment SET db_datas = %s, store_fname = NULL WHERE id = %s",
            (b"%PDF forged", paper.sudo().attachment_id.id),
        )
        self.env.invalidate_all()
        answer = own.action_verify_papers()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn(paper.name, answer["message"])
        self.assertEqual(own.paper_ids.integrity, "broken")
        with self._refused(AccessError, "."):
            paper.with_user(self.outsider).action_verify()

    # -- an agency's own layout
    def test_own_layout_of_an_agency(self):
        edition = self.env.ref("cchc_onestop.form_03_2025")
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.commune
        with self._refused(UserError, "ask its administrator"):
            edition.with_user(self.manager).action_adjust_layout()
        action = (
            edition.with_user(admin).with_company(self.commune).action_adjust_layout()
        )
        view = self.env[action["res_model"]].browse(action["res_id"])
        view.arch_db = view.arch_db.replace("NGƯỜI TIẾP NHẬN HỒ SƠ", "CÁN BỘ MỘT CỬA")
        again = (
            edition.with_user(admin).with_company(self.commune).action_adjust_layout()
        )
        self.assertEqual(again["res_id"], view.id)
        draft = self._draft()
        draft.action_refuse("Sai thẩm quyền")
        self._assert_texts(
            self._content(draft, "03"), ["CÁN BỘ MỘT CỬA", "với lý do cụ thể như sau"]
        )
        officer = self._new_user("desk_hl", "group_desk", company=self.neighbour)
        other = self._draft(
            user=officer,
            company_id=self.neighbour.id,
            receiving_company_id=self.neighbour.id,
        )
        other.action_refuse("Sai thẩm quyền")
        self._assert_texts(self._content(other, "03"), ["NGƯỜI TIẾP NHẬN HỒ SƠ"])

    def test_note_at_the_foot_needs_no_layout(self):
        self.env.ref(
            "cchc_onestop.form_03_2025"
        ).foot_note = "Giờ làm việc: 7h30 - 17h00"
        draft = self._draft()
        draft.action_refuse("Sai thẩm quyền")
        self._assert_texts(self._content(draft, "03"), ["Giờ làm việc: 7h30 - 17h00"])


@tagged("post_install", "-at_install")
class TestApology(IssuedCase):
    """Drafted by the handler, approved by a leader, given once and before the date."""

    def _draft_apology(self, dossier, user=None, **values):
        return dossier.with_user(user or self.handler).action_draft_apology(
            values.get("due_at", local("18/11/2026 17:00")),
            values.get("content", "chờ trích đo"),
            values.get("reason", self.delay),
        )

    def test_handler_drafts_leader_approves(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            apology = self._draft_apology(dossier)
            self.assertEqual(apology.state, "to_approve")
            self.assertFalse(dossier.extension_ids)
            self.assertFalse(self._last_paper(dossier, "04"))
            self.assertIn(
                apology,
                self.env["cchc.dossier.apology"]
                .with_user(self.leader)
                .search([("can_review", "=", True)]),
            )
        with freeze_time(local("10/11/2026 15:00")):
            apology.with_user(self.leader).validate_tier()
        self.assertEqual(apology.state, "approved")
        self.assertEqual(dossier.due_at, local("18/11/2026 17:00"))
        self.assertEqual(dossier.extension_ids.user_id, self.leader)
        self.assertTrue(dossier.extension_ids.in_time)
        self.assertTrue(dossier.extension_ids.notice_kept)
        paper = self._last_paper(dossier, "04")
        self.assertEqual(apology.sudo().paper_id, paper)
        self.assertEqual(paper.signer_id, self.leader)
        self._assert_texts(
            paper._get_content(),
            [
                "Lý do: Chờ xác minh thực địa: chờ trích đo.",
                "17 giờ 00 phút, ngày 18 tháng 11 năm 2026",
                "Trần Đình Sơn",
            ],
        )

    def test_requester_does_not_approve_himself(self):
        self.handler.group_ids += self.env.ref("cchc_onestop.group_leader")
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            apology = self._draft_apology(dossier)
            with self._refused(AccessError, "."):
                apology.with_user(self.handler).validate_tier()

    def test_leader_sends_the_draft_back(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            apology = self._draft_apology(dossier)
            leading = apology.with_user(self.leader)
            leading._cchc_decide(leading._cchc_reviews_to_decide(), "rejected", "Gấp")
            self.assertEqual(apology.state, "rejected")
            self.assertFalse(dossier.extension_ids)
            self.assertTrue(self._draft_apology(dossier))

    def test_given_once(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            apology = self._draft_apology(dossier)
            with self._refused(UserError, "waits for approval already"):
                self._draft_apology(dossier)
            apology.with_user(self.leader).validate_tier()
            with self._refused(UserError, "the most that its deadline rule"):
                self._draft_apology(dossier, due_at=local("30/11/2026 17:00"))
            with self._refused(UserError, "the most that its deadline rule"):
                dossier.with_user(self.leader).action_extend(
                    local("30/11/2026 17:00"), "x", self.delay
                )

    def test_reason_of_the_delay_is_compulsory(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            for reason in (None, self.missing):
                with self._refused(UserError, "reason of the delay"):
                    dossier.with_user(self.leader).action_extend(
                        local("18/11/2026 17:00"), "x", reason
                    )
                with self._refused(UserError, "reason of the delay"):
                    self._draft_apology(dossier, reason=reason)

    def test_late_notice_is_warned_of_and_recorded(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("12/11/2026 09:00")):
            apology = self._draft_apology(dossier)
            self.assertIn("1 day(s) before", apology.short_notice)
            apology.with_user(self.leader).validate_tier()
        self.assertTrue(dossier.extension_ids.in_time)
        self.assertFalse(dossier.extension_ids.notice_kept)

    def test_drafts_are_dropped_when_the_dossier_ends_or_is_extended(self):
        first = self._accepted_at("09/11/2026 09:00")
        second = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            drafts = self._draft_apology(first) | self._draft_apology(second)
            first.with_user(self.desk).action_withdraw("Rút")
            second.with_user(self.leader).action_extend(
                local("18/11/2026 17:00"), "x", self.delay
            )
        self.assertEqual(set(drafts.mapped("state")), {"cancelled"})

    def test_nobody_writes_a_draft(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            apology = self._draft_apology(dossier)
        for user in (self.handler, self.leader, self.manager):
            own = apology.with_user(user)
            with self._refused((UserError, AccessError), "."):
                own.write({"due_at": local("30/12/2026 17:00")})
            with self._refused((UserError, AccessError), "."):
                own.write({"state": "approved"})
            with self._refused((UserError, AccessError), "."):
                own.create({"dossier_id": dossier.id})
            with self._refused((UserError, AccessError), "."):
                own.unlink()
        for user in (self.desk, self.auditor):
            with self._refused((UserError, AccessError), "."):
                self._draft_apology(dossier, user=user)

    def test_wizard_of_a_handler_sends_for_approval(self):
        dossier = self._accepted_at("09/11/2026 09:00")
        with freeze_time(local("10/11/2026 09:00")):
            action = dossier.with_user(self.handler).action_extend()
            wizard = Form(
                self.env[action["res_model"]]
                .with_user(self.handler)
                .with_context(**action["context"])
            )
            self.assertFalse(wizard.may_decide)
            wizard.reason_id = self.delay
            wizard.content = "chờ trích đo"
            record = wizard.save()
            [preview] = record._preview()
            self._assert_texts(preview, ["BẢN XEM TRƯỚC", "chờ trích đo"])
            record.action_confirm()
        self.assertEqual(dossier.apology_ids.state, "to_approve")
        self.assertFalse(dossier.extension_ids)


@tagged("post_install", "-at_install")
class TestFormsOverHttp(IssuedCase, HttpCase):
    """Printing and previews in the browser, with the rights of the person."""

    def setUp(self):
        super().setUp()
        for user in (self.desk, self.leader, self.outsider, self.auditor):
            user.password = user.login

    def test_slips_of_a_list_in_one_pdf(self):
        dossiers = self._accepted() | self._accepted()
        self.authenticate(self.desk.login, self.desk.login)
        answer = self.url_open(dossiers.with_user(self.desk).action_print_slip()["url"])
        self.assertEqual(answer.status_code, 200)
        pages = self._pages(answer.content)
        self.assertEqual(len(pages), 2)
        for page, dossier in zip(pages, dossiers, strict=True):
            self.assertIn(dossier.name, page.extract_text())
        for user in (self.outsider, self.auditor):
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/cchc_onestop/dossier/{dossiers[0].id}/paper/06"
                )
            self.assertIn(answer.status_code, (403, 404))

    def test_preview_belongs_to_who_types(self):
        dossier = self._accepted()
        wizard = (
            self.env["cchc.dossier.move"]
            .with_user(self.leader)
            .create(
                {
                    "dossier_ids": [Command.set(dossier.ids)],
                    "move": "stop",
                    "reason_id": self.expired.id,
                }
            )
        )
        self.authenticate(self.leader.login, self.leader.login)
        answer = self.url_open(wizard.action_preview()["url"])
        self.assertEqual(answer.status_code, 200)
        self._assert_texts(answer.content, ["BẢN XEM TRƯỚC"])
        self.authenticate(self.outsider.login, self.outsider.login)
        with mute_logger("odoo.http"):
            answer = self.url_open(wizard.action_preview()["url"])
        self.assertEqual(answer.status_code, 403)

    def test_no_number_is_forged_through_the_context(self):
        """A report asked for over HTTP gives the papers, whatever the context says."""
        dossier = self._accepted()
        paper = dossier.with_user(self.desk)._issue_paper("01")
        dossier.sudo().applicant_address = "Nơi khác"
        self.authenticate(self.desk.login, self.desk.login)
        answer = self.url_open(
            f"/report/pdf/cchc_onestop.report_receipt/{dossier.id}"
            f'?context={{"cchc_paper_id": {paper.id}, "{guard.KEY_NAME}": true, '
            '"force_report_rendering": true}'
        )
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Nơi khác", self._pdf_text(answer.content))
