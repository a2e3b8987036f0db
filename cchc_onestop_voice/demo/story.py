"""What citizens of the demo commune said: all of it is invented."""

import random
from datetime import date, timedelta

from odoo import fields

from odoo.addons.cchc_onestop.tools import replay

#: Slips told of at most.
MOST = 56
COMMENTS = {
    "very_satisfied": (
        "Làm nhanh, hướng dẫn tận tình.",
        "Cán bộ niềm nở.",
        "Trả sớm hơn hẹn, cảm ơn.",
        "",
        "",
    ),
    "satisfied": ("", "", "Được.", "Nên có thêm ghế chờ."),
    "dissatisfied": (
        "Hẹn ngày trả nhưng phải quay lại lần nữa.",
        "Chờ lâu, không được báo trước.",
        "Hướng dẫn nộp trực tuyến khó hiểu.",
    ),
}
REASONS = (("reason_1", "reason_2"), ("reason_1",), ("reason_6", "reason_8"))


def tell(env):
    """Tell the slips, the published results and the petitions."""
    commune = env.ref("cchc_onestop.demo_commune")
    rng = random.Random(31)
    _slips(env, commune, rng)
    _results(env, commune)
    Petitions(env, commune).tell()


def _as(env, login):
    user = env.ref(f"cchc_onestop.demo_user_{login}")
    context = {
        "allowed_company_ids": user.company_id.ids,
        "lang": "vi_VN",
        "tz": user.tz,
        "tracking_disable": True,
        "mail_notify_force_send": False,
    }
    return env(user=user, context=context)


def _slips(env, commune, rng):
    dossiers = env["cchc.dossier"].search(
        [
            ("company_id", "=", commune.id),
            ("returned_at", "!=", False),
            ("parent_id", "=", False),
        ],
        order="returned_at desc, id",
    )
    told = env["cchc.evaluation"].search([]).dossier_id
    dossiers -= told
    now = fields.Datetime.now()
    public = env.ref("base.public_user")
    for dossier in dossiers[:MOST]:
        level = rng.choices(
            ("very_satisfied", "satisfied", "dissatisfied"), (58, 35, 7)
        )[0]
        source = rng.choices(("counter", "device", "online", "phone"), (30, 35, 30, 5))[
            0
        ]
        at = min(dossier.returned_at + timedelta(minutes=rng.randrange(1, 300)), now)
        by_hand = source in ("counter", "phone")
        slips = (
            _as(env, "motcua")["cchc.evaluation"]
            if by_hand
            else env(user=public, su=True)["cchc.evaluation"]
        )
        form = slips._form_of(source, commune)
        levels = {
            line.criterion_id.id: _answer(rng, level)
            for line in form.line_ids
            if source != "device" or line.on_kiosk
        }
        vals = {
            "dossier_id": dossier.id,
            "source": source,
            "level": level,
            "evaluated_at": at,
            "comment": rng.choice(COMMENTS[level]) or False,
            "answer_ids": slips._answer_rows(form, levels),
        }
        if source == "device":
            vals["kiosk_id"] = env.ref("cchc_onestop_voice.demo_kiosk").id
        if level == "dissatisfied":
            vals["reason_ids"] = [
                fields.Command.set(
                    [
                        env.ref(f"cchc_onestop_voice.{name}").id
                        for name in rng.choice(REASONS)
                    ]
                )
            ]
        slips.create(vals)


def _answer(rng, level):
    """Return an answer near the overall one; one in eight says nothing."""
    if rng.random() < 0.12:
        return False
    if level == "dissatisfied":
        return rng.choice(("dissatisfied", "satisfied"))
    return rng.choice((level, level, "satisfied", "very_satisfied"))


def _results(env, commune):
    """Publish the months that are over and have enough slips."""
    today = commune._cchc_local_date(fields.Datetime.now())
    results = _as(env, "lanhdao")["cchc.evaluation.result"]
    for back in (2, 1):
        count = today.year * 12 + today.month - 1 - back
        result = results.create(
            {
                "company_id": commune.id,
                "period": "month",
                "date_from": date(count // 12, count % 12 + 1, 1),
            }
        )
        result.action_compute()
        if result.is_known:
            result.note = (
                "Trung tâm đã bố trí thêm ghế chờ và phân công người hướng dẫn nộp "
                "hồ sơ trực tuyến."
            )
            result.action_publish()


class Petitions:
    """Petitions at every point of their life, one of them late."""

    def __init__(self, env, commune):
        self.env = env
        self.commune = commune
        self.now = fields.Datetime.now()
        self.clock = replay.Clock(self.now)
        self.dossiers = env["cchc.dossier"].search(
            [("company_id", "=", commune.id), ("returned_at", "!=", False)],
            order="returned_at",
            limit=1,
        )

    def _at(self, days, login="vanthu"):
        """Set the clock back and return the petitions as a demo user holds them."""
        self.clock.set(self.now - timedelta(days=days))
        petitions = _as(self.env, login)["cchc.petition"]
        return replay.replayed(petitions, self.clock)

    def _receive(self, days, **vals):
        return self._at(days).create(
            {
                "company_id": self.commune.id,
                "received_at": self.now - timedelta(days=days),
                **vals,
            }
        )

    def _then(self, petition, days, login="vanthu"):
        return self._at(days, login).browse(petition.id)

    def _answer(self, petition, days, upheld, answer):
        self._then(petition, days + 1).write({"answer": answer, "upheld": upheld})
        self._then(petition, days + 1).action_submit_answer()
        self._then(petition, days, "lanhdao").validate_tier()

    def tell(self):
        self._published()
        self._late()
        self._dissatisfied()
        self._to_approve()
        self._waiting()
        self._transferred()
        self._refused()
        self._new()

    def _published(self):
        petition = self._receive(
            38,
            subject="Thời gian nhận hồ sơ buổi chiều",
            subject_kind="regulation",
            source="paper",
            sender_name="Lê Văn Thành",
            sender_phone="0905111222",
            sender_address="Thôn Trường Sanh",
            content="Đề nghị niêm yết rõ giờ nhận hồ sơ buổi chiều tại trung tâm, "
            "bà con ở xa đến hay gặp lúc đã thôi nhận.",
            concerned_agency="UBND xã Hải Trường",
        )
        self._then(petition, 37).action_accept()
        self._answer(
            petition,
            30,
            "upheld",
            "Trung tâm đã niêm yết giờ làm việc tại cửa và trên trang của xã: sáng "
            "7 giờ 30 đến 11 giờ 30, chiều 13 giờ 30 đến 17 giờ.",
        )
        petition = self._then(petition, 29)
        petition.write(
            {
                "answer_number": "118/UBND-VP",
                "public_subject": "Giờ nhận hồ sơ buổi chiều",
                "public_content": "Người dân đề nghị niêm yết rõ giờ nhận hồ sơ buổi "
                "chiều tại trung tâm.",
                "public_answer": "Trung tâm đã niêm yết giờ làm việc: sáng 7 giờ 30 "
                "đến 11 giờ 30, chiều 13 giờ 30 đến 17 giờ.",
            }
        )
        petition.action_publish()
        self._then(petition, 27).action_rate("satisfied")

    def _late(self):
        petition = self._receive(
            34,
            subject="Chậm trả kết quả hồ sơ",
            subject_kind="delay",
            source="phone",
            sender_name="Trần Thị Mận",
            sender_phone="0914333444",
            content="Hồ sơ đã quá hẹn, tôi đến hỏi hai lần đều được bảo chờ "
            "thêm mà không có giấy xin lỗi.",
            concerned_agency="UBND xã Hải Trường",
            dossier_id=self.dossiers.id,
        )
        self._then(petition, 33).action_accept()
        self._then(petition, 33).action_assign(
            self.env.ref("cchc_onestop.demo_user_vanphong")
        )

    def _dissatisfied(self):
        petition = self._receive(
            26,
            subject="Thái độ khi hướng dẫn nộp trực tuyến",
            subject_kind="attitude",
            source="online",
            sender_name="Phạm Quốc Dũng",
            sender_email="dung@example.com",
            content="Người hướng dẫn nộp hồ sơ trực tuyến nói nhanh, không trả lời "
            "câu hỏi và bảo tự xem trên mạng.",
            concerned_agency="Trung tâm Phục vụ hành chính công xã Hải Trường",
        )
        self._then(petition, 25).action_accept()
        self._answer(
            petition,
            18,
            "partly",
            "Trung tâm xin lỗi Ông về việc hướng dẫn chưa đầy đủ, đã nhắc nhở và in "
            "tờ hướng dẫn từng bước đặt tại quầy.",
        )
        self._then(petition, 16).action_keep("Người gửi đề nghị không công khai")
        self._then(petition, 15).action_rate("dissatisfied")

    def _to_approve(self):
        petition = self._receive(
            8,
            subject="Thu tiền chụp giấy tờ tại quầy",
            subject_kind="harassment",
            source="portal",
            portal_number="PAKN.20261115.0042",
            sender_kind="anonymous",
            content="Tại quầy thu 5.000 đồng tiền chụp giấy tờ mà không có biên lai.",
            concerned_agency="UBND xã Hải Trường",
        )
        self._then(petition, 7).action_accept()
        petition = self._then(petition, 1)
        petition.write(
            {
                "upheld": "unfounded",
                "answer": "Máy chụp do hộ kinh doanh đặt cạnh trung tâm phục vụ theo "
                "yêu cầu. Trung tâm không thu khoản này, đã đặt biển báo rõ.",
            }
        )
        petition.action_submit_answer()

    def _waiting(self):
        petition = self._receive(
            5,
            subject="Hồ sơ khai sinh phải bổ sung nhiều lần",
            subject_kind="behaviour",
            source="online",
            sender_name="Nguyễn Thị Bình",
            sender_phone="0977000111",
            content="Tôi nộp hồ sơ khai sinh cho con mà bị yêu cầu bổ sung ba lần, "
            "mỗi lần một giấy khác nhau.",
            concerned_agency="UBND xã Hải Trường",
        )
        self._then(petition, 4).action_ask_more(
            "Đề nghị cho biết mã hồ sơ và ngày nộp để xác minh."
        )

    def _transferred(self):
        petition = self._receive(
            12,
            subject="Khiếu nại quyết định xử phạt",
            subject_kind="behaviour",
            source="paper",
            sender_name="Võ Văn Hùng",
            sender_address="Thôn Trường Xuân",
            content="Tôi khiếu nại quyết định xử phạt vi phạm hành chính của Chủ tịch "
            "UBND xã, đề nghị hủy bỏ.",
            concerned_agency="UBND xã Hải Trường",
        )
        self._then(petition, 11).action_transfer(
            "Là khiếu nại, không phải phản ánh, kiến nghị",
            "complaint",
            "Ban Tiếp công dân xã Hải Trường",
        )

    def _refused(self):
        petition = self._receive(
            20,
            subject="Nội dung không rõ",
            subject_kind="behaviour",
            source="online",
            sender_kind="anonymous",
            content="Xã làm ăn chán quá, đề nghị xem lại toàn bộ.",
            concerned_agency="UBND xã Hải Trường",
        )
        self._then(petition, 19).action_refuse(
            "Không nêu quy định, hành vi cụ thể; không có địa chỉ để hỏi thêm"
        )

    def _new(self):
        self._receive(
            1,
            subject="Đề nghị nhận hồ sơ sáng thứ Bảy",
            subject_kind="regulation",
            source="online",
            sender_name="Hồ Thị Lý",
            sender_phone="0935222333",
            content="Nhiều người đi làm ca cả tuần, đề nghị trung tâm nhận hồ sơ thêm "
            "sáng thứ Bảy.",
            concerned_agency="UBND xã Hải Trường",
        )
