import os
from datetime import timedelta
from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged
from .common import local
from .common_forms import FormCase

@tagged("post_install", "-at_install")
class TestLook(FormCase):
    def _save(self, name, content):
        open(f"/tmp/look/{name}.pdf", "wb").write(content)

    def test_look(self):
        os.makedirs("/tmp/look", exist_ok=True)
        self.leader.write({"name": "Trần Đình Trường Sơn", "cchc_sign_mode": "tm_kt", "cchc_sign_body": "Ủy ban nhân dân", "cchc_sign_post": "Chủ tịch", "cchc_sign_title": "Phó Chủ tịch"})
        self.desk.name = "Lê Thị Thanh Nhàn"
        self.handler.name = "Cáp Hữu Minh"
        with freeze_time(local("09/11/2026 09:00")):
            d = self._accepted(applicant_address="Thôn Trường Xuân, xã Hải Trường", applicant_phone="0912345678", summary="Nguyễn Văn A")
            self._save("01", d._issue_paper("01")._get_content())
        with freeze_time(local("10/11/2026 14:05")):
            self._save("06_open", d._form_contents("06")[d.id][0])
            d.with_user(self.leader).action_extend(local("20/11/2026 17:00"), "xác minh nguồn gốc tại thực địa", self.env.ref("cchc_onestop.reason_late_dd"))
            self._save("04", self._last_paper(d, "04")._get_content())
            d.with_user(self.handler).action_request_supplement("Bản sao đã mờ, không đọc được", self.env.ref("cchc_onestop.reason_supplement_missing"), {"parts": [{"name": "Tờ khai theo mẫu", "originals": 1}, {"name": "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất", "certified": 2, "copies": 1, "note": "còn thời hạn"}]})
            self._save("02", self._last_paper(d, "02")._get_content())
        with freeze_time(local("12/11/2026 08:30")):
            d.with_user(self.desk).action_resume()
            d.with_user(self.handler).action_pass_step()
        with freeze_time(local("13/11/2026 08:30")):
            d.with_user(self.leader).action_send_back("Sai căn cứ pháp lý")
            d.with_user(self.handler).action_consult("Chi nhánh Văn phòng đăng ký đất đai")
            d.with_user(self.handler).action_consulted("Thống nhất")
            d.with_user(self.handler).action_pass_step()
            d.with_user(self.leader).action_sign()
        with freeze_time(local("16/11/2026 10:00")):
            d.with_user(self.desk).action_pass_step()
            self._save("06", d._issue_paper("06")._get_content())
        with freeze_time(local("16/11/2026 10:00")):
            e = self._accepted()
            e.with_user(self.leader).action_stop("Không bổ sung bản vẽ", self.env.ref("cchc_onestop.reason_stop_expired"))
            self._save("05", self._last_paper(e, "05")._get_content())
            f = self._draft()
            f.action_refuse("Chỗ ở hợp pháp thuộc địa bàn xã khác", self.env.ref("cchc_onestop.reason_refuse_authority"))
            self._save("03", self._last_paper(f, "03")._get_content())
        with freeze_time(local("12/09/2025 10:00")):
            e = self._accepted()
            self._save("01_2018", e._issue_paper("01")._get_content())
            e.with_user(self.leader).action_extend(local("25/09/2025 17:00"), "chờ ý kiến", self.env.ref("cchc_onestop.reason_late_d"))
            self._save("04_2018", self._last_paper(e, "04")._get_content())
            e.with_user(self.handler).action_request_supplement("Thiếu", None, {"parts": [{"name": "Tờ khai theo mẫu", "originals": 1}]})
            self._save("02_2018", self._last_paper(e, "02")._get_content())
            self._save("06_2018", e._form_contents("06")[e.id][0])
