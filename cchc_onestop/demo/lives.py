"""About 200 lives of dossiers, told by the product's own actions at past times.

Nothing here writes a state or a date: each event is an action of a demo user under the
clock of ``tools/replay.py``, so the ledger says of every line that it was replayed.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields

from ..models.cchc_dossier_clock import aware, naive
from ..tools import replay
from . import payments, people

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
_DAYS = 92
#: How many dossiers of each procedure, beside those with a story of their own.
_COMMON = {
    "2.000815": 18,  # chứng thực bản sao
    "2.000884": 7,
    "2.001035": 3,
    "1.001193": 11,  # khai sinh
    "2.000635": 9,
    "1.000894": 4,
    "1.000656": 4,
    "1.004873": 7,
    "1.004859": 3,
    "1.004222": 6,  # thường trú
    "1.004194": 4,
    "1.010041": 4,
    "1.014027": 4,  # hưu trí xã hội
    "1.001776": 3,
    "1.001731": 2,
    "1.001612": 5,  # hộ kinh doanh
    "2.000720": 2,
    "1.013831": 9,  # đất đai
    "1.013978": 4,
    "1.012784": 3,
    "1.013225": 6,  # xây dựng
    "1.013229": 2,
    "1.010833": 2,
    "2.002854": 2,
}
#: What was done about a cause of delay, for II.07a.
_REMEDIES = {
    "reason_late_a": "Bố trí thêm người thụ lý, làm thêm ngày thứ Bảy",
    "reason_late_d": "Đôn đốc cơ quan phối hợp bằng văn bản",
    "reason_late_dd": "Lập lịch xác minh thực địa hằng tuần",
}
_BUSINESS = ("1.001612", "2.000720", "2.000181")
_LAND = ("1.013831", "1.013978", "1.012784", "1.013225", "1.013229")
#: Who acts on a step that the process leaves to a department or a group.
_BY_ROLE = {
    "receive": ("motcua",),
    "assign": ("vanphong",),
    "handle": ("tuphap",),
    "review": ("vanphong",),
    "sign": ("lanhdao", "phochutich", "phochutich"),
    "clerk": ("vanthu",),
    "return": ("motcua", "motcua2"),
}


@dataclass
class Story:
    """What happens to one dossier.

    :param ago: working days before today on which it is received
    :param plot: what is special (a method ``_plot_…`` of :class:`Lives`)
    :param stay: role of the step that is not done yet
    :param late: working hours after the due date at which the result is ready
    """

    procedure: str
    ago: int
    plot: str = ""
    stay: str = ""
    late: float = 0.0
    reason: str = ""
    note: str = ""
    channel: str = ""
    hour: float = 0.0
    at: datetime = field(default=None)


#: Stories so that every state is there, whatever the day of installation.
_STORIES = (
    # Result late, with the reason.
    Story(
        "1.013831", 46, late=9, reason="reason_late_a", note="Biến động đất đai tăng"
    ),
    Story("1.013831", 38, late=20, reason="reason_late_a"),
    Story(
        "1.013978", 58, late=30, reason="reason_late_dd", note="Đo đạc lại ranh giới"
    ),
    Story(
        "1.012784", 52, late=15, reason="reason_late_d", note="Chờ trích đo địa chính"
    ),
    Story("1.012783", 44, late=6, reason="reason_late_b"),
    Story("1.013225", 40, late=14, reason="reason_late_dd", note="Kiểm tra lộ giới"),
    Story("1.013225", 33, late=7.5, reason="reason_late_b"),
    Story("1.013229", 50, late=22, reason="reason_late_d"),
    Story("1.012786", 47, late=11, reason="reason_late_d", note="Niêm yết kéo dài"),
    Story("1.001776", 36, late=8, reason="reason_late_b", note="Cán bộ kiêm nhiệm"),
    # Open and overdue.
    Story("1.013831", 13, stay="handle", reason="reason_late_a"),
    Story("1.013831", 11, stay="review", reason="reason_late_b"),
    Story("1.012784", 20, stay="handle", reason="reason_late_d"),
    Story("1.013978", 29, stay="handle", reason="reason_late_dd"),
    Story("1.013225", 18, stay="sign", reason="reason_late_dd"),
    Story("1.001653", 6, stay="review", reason="reason_late_b"),
    # Open, at each step.
    Story("1.013978", 3, stay="assign"),
    Story("1.013225", 2, stay="assign"),
    Story("1.004222", 1, stay="handle"),
    Story("1.014027", 5, stay="handle"),
    Story("1.013831", 4, stay="handle"),
    Story("1.004859", 1, stay="handle"),
    Story("2.000181", 8, stay="review"),
    Story("1.012783", 5, stay="review"),
    Story("1.001612", 1, stay="sign"),
    Story("1.004873", 1, stay="sign"),
    Story("1.013225", 9, stay="sign"),
    Story("1.014027", 6, stay="sign"),
    Story("1.013831", 5, stay="clerk"),
    Story("1.001776", 7, stay="return"),
    Story("1.004194", 2, stay="return"),
    Story("1.013229", 10, stay="return"),
    Story("1.004845", 2, stay="return"),
    Story("2.000815", 0, stay="handle", hour=16.6),
    Story("1.001193", 0, stay="assign", hour=16.2),
    Story("1.004222", 0, stay="assign", hour=15.1),
    # Other bodies and agencies.
    Story("1.013831", 5, "consult", note="Chi nhánh Văn phòng đăng ký đất đai"),
    Story("1.013225", 7, "consult", note="Phòng Quản lý đô thị: chỉ giới xây dựng"),
    Story("1.014027", 4, "consult", note="Bảo hiểm xã hội cơ sở: mức đang hưởng"),
    Story("1.004873", 1, "for_neighbour", stay="arrive"),
    Story("1.004873", 3, "for_neighbour", stay="handle"),
    Story("1.004873", 1, "from_neighbour", stay="arrive"),
    Story("1.000656", 12, "from_neighbour"),
    Story("1.004873", 2, "from_neighbour", stay="handle"),
    # The clock stands still.
    Story("1.013978", 12, "supplement", stay="resume", note="Bản vẽ tách thửa"),
    Story("1.013225", 8, "supplement", stay="resume", note="Bản vẽ thiết kế mặt đứng"),
    Story("1.001612", 3, "supplement", stay="resume", note="Giấy tờ về địa điểm"),
    Story("1.014027", 14, "supplement", stay="resume", note="Quyết định nghỉ hưu"),
    Story("1.012784", 30, "supplement", note="Thiếu chữ ký của người đồng sử dụng đất"),
    Story("1.004222", 22, "supplement", note="Văn bản đồng ý của chủ hộ"),
    Story("1.013831", 9, "finance", stay="resume", note="Thông báo lệ phí trước bạ"),
    Story("1.013831", 7, "finance", stay="resume", note="Thuế thu nhập cá nhân"),
    Story("1.013978", 15, "finance", stay="resume", note="Tiền sử dụng đất"),
    Story("1.013831", 26, "finance", note="Lệ phí trước bạ"),
    # Ends without the result that was asked for.
    Story("1.013978", 21, "refusal", note="Đất nằm trong quy hoạch giao thông"),
    Story("1.001776", 16, "refusal", stay="return", note="Không thuộc đối tượng"),
    Story("1.013225", 24, "refusal", stay="return", note="Không phù hợp quy hoạch"),
    Story("1.013831", 17, "withdraw", note="Hai bên không chuyển nhượng nữa"),
    Story("1.001612", 10, "withdraw", note="Đổi địa điểm kinh doanh"),
    Story("2.001263", 12, "withdraw", note="Gia đình rút đơn"),
    Story("1.013225", 30, "stop", note="Không bổ sung bản vẽ"),
    Story("1.001699", 34, "stop", note="Không bổ sung hồ sơ bệnh án"),
    # The procedure was abolished meanwhile: one goes on, one is stopped on request.
    Story("9.100004", 5, stay="handle"),
    Story("9.100004", 6, "abolished", note="Thủ tục bị bãi bỏ, đề nghị trả hồ sơ"),
    # Mended, extended, sent back by the signer.
    # Late in the day, so that no other is received before it is issued anew.
    Story("1.004873", 8, "void", note="Nhập nhầm số định danh", hour=15.9),
    Story("1.013831", 12, "extend", reason="reason_late_d", stay="handle"),
    Story("1.013978", 45, "extend", reason="reason_late_dd"),
    Story("1.013229", 8, "apology", stay="handle", reason="reason_late_dd"),
    Story("1.004859", 9, "send_back", note="Dự thảo ghi sai ngày sinh"),
    Story("1.013229", 6, "send_back", stay="handle", note="Chưa ghi cao độ nền"),
    # Not accepted.
    Story("1.013831", 2, "ask_completion", note="Thiếu hợp đồng công chứng"),
    Story("1.001612", 1, "ask_completion", channel="online", note="Ảnh giấy tờ mờ"),
    Story("1.014027", 1, "ask_completion", note="Thiếu tờ khai"),
    Story("1.013967", 6, "refuse", note="Thuộc thẩm quyền của Tòa án"),
    Story("2.000181", 4, "refuse", note="Địa điểm ngoài quy hoạch mạng lưới bán lẻ"),
    Story("1.004222", 15, "refuse", channel="online", note="Chỗ ở tại xã khác"),
    # Submitted, nobody looked yet.
    Story("1.001193", 0, "submitted", channel="online"),
    Story("2.000635", 0, "submitted", channel="online"),
    Story("1.001612", 0, "submitted", channel="online"),
    Story("1.013225", 0, "submitted"),
    Story("1.014027", 0, "submitted"),
)


class Lives:
    """Tells the stories in the order in which the dossiers were received."""

    def __init__(self, env):
        self.env = env
        self.rng = random.Random(118)
        self.now = fields.Datetime.now()
        self.commune = env.ref("cchc_onestop.demo_commune")
        self.neighbour = env.ref("cchc_onestop.demo_neighbour")
        self.working = self.commune.resource_calendar_id._cchc_working_time()
        self.clock = replay.Clock(self.now - timedelta(days=2 * _DAYS))
        self.procedures = {}
        self.users = {}
        self.days = self._working_days()

    def _working_days(self):
        """Return the last working days, today not among them, latest first."""
        today = self.now.replace(tzinfo=ZoneInfo("UTC")).astimezone(_LOCAL).date()
        before = (today - timedelta(days=back) for back in range(1, _DAYS + 1))
        return [day for day in before if self.working.is_working_day(day)]

    def tell(self):
        """Tell all stories."""
        stories = list(_STORIES) + [
            Story(code, self.rng.randrange(len(self.days)))
            for code, count in _COMMON.items()
            for _number in range(count)
        ]
        # Fees collected: the last of the last working day, so that codes stay in order.
        stories.append(Story("2.000815", 0, plot="till", hour=16))
        years = {self.days[-1].year, self.now.year}
        payments.open_books(self.env, self.commune, years)
        for story in stories:
            story.at = self._moment(story)
        for story in sorted(stories, key=lambda story: (story.at, story.procedure)):
            self._live(story)
        payments.close_days(self)

    def explain_the_rest(self):
        """Leave no late dossier without a reason, whatever the day of installation."""
        late = self.env["cchc.dossier"].search(
            [
                ("company_id", "in", (self.commune | self.neighbour).ids),
                ("late_reason_id", "=", False),
                "|",
                ("is_overdue", "=", True),
                ("late_at", "!=", False),
            ]
        )
        for dossier in late:
            login = "hailang" if dossier.company_id == self.neighbour else "vanphong"
            self._as(login, dossier).write(
                {"late_reason_id": self._reason("reason_late_b").id}
            )

    # -- time and people -------------------------------------------------------
    def _moment(self, story):
        hour = story.hour or self.rng.choice((7.6, 8, 8.5, 9, 9.5, 10, 13.6, 14, 15))
        minutes = int(hour * 60) + self.rng.randrange(25)
        day = self.days[min(story.ago, len(self.days) - 1)]
        local = datetime.combine(day, time(*divmod(minutes, 60)), _LOCAL)
        return naive(local)

    def _after(self, moment, hours):
        return naive(self.working.add(aware(moment), hours, "working_hour"))

    def _hours(self, start, end):
        return self.working.elapsed(aware(start), aware(end))

    def _as(self, login, records):
        """Return ``records`` as the demo user ``login`` would hold them."""
        user = self.users.get(login)
        if not user:
            user = self.env.ref(f"cchc_onestop.demo_user_{login}")
            self.users[login] = user
        return replay.replayed(
            records.with_user(user).with_context(
                allowed_company_ids=user.company_id.ids,
                lang="vi_VN",
                tz=user.tz,
                tracking_disable=True,
                mail_notify_force_send=False,
            ),
            self.clock,
        )

    def _procedure(self, code):
        if code not in self.procedures:
            shipped = self.env.ref(
                f"cchc_onestop.procedure_{code.replace('.', '_')}",
                raise_if_not_found=False,
            )
            self.procedures[code] = shipped or self.env["cchc.procedure"].search(
                [("code_key", "=", code)]
            )
        return self.procedures[code]

    def _reason(self, name):
        return self.env.ref(f"cchc_onestop.{name}")

    def _do(self, moment, login, dossier, action, **values):
        """Let ``login`` take ``action`` at ``moment``, unless it has not come yet."""
        if moment >= self.now:
            return False
        self.clock.set(moment)
        getattr(self._as(login, dossier), action)(**values)
        return True

    # -- a life ----------------------------------------------------------------
    def _live(self, story):
        plot = getattr(self, f"_plot_{story.plot or 'plain'}")
        plot(story)

    def _draft(self, story, login="motcua", **values):
        """Return the draft of a story, its parts ticked as received."""
        self.clock.set(story.at)
        channel = story.channel or self._channel(story)
        make = people.household if story.procedure in _BUSINESS else people.citizen
        if story.procedure == "1.013225" and self.rng.random() < 0.25:
            make = people.enterprise
        vals = {
            **make(self.rng),
            "procedure_id": self._procedure(story.procedure).id,
            "channel": channel,
            "result_channel": "online"
            if channel == "online" and self.rng.random() < 0.6
            else "counter",
            **values,
        }
        if channel != "counter":
            vals["submitted_at"] = story.at - timedelta(
                minutes=self.rng.randrange(30, 900)
            )
        dossiers = self._as(login, self.env["cchc.dossier"])
        if story.plot == "submitted":
            # It waits to be received, so it lives here and now.
            dossiers = replay.replayed(dossiers, None)
        dossier = dossiers.create(vals)
        dossier._onchange_procedure_id()
        dossier.document_ids.received = True
        return dossier

    def _channel(self, story):
        version = self._procedure(story.procedure)._version_at(company=self.commune)
        channels = version.channel_ids.mapped("channel")
        picked = self.rng.choices(("counter", "online", "post"), (55, 38, 7))[0]
        return picked if picked in channels else "counter"

    def _accept(self, story, login=None, **values):
        login = login or self.rng.choice(("motcua", "motcua", "motcua2", "tuphap"))
        dossier = self._draft(story, login, **values)
        dossier.action_accept()
        if not story.plot:
            self._collect(dossier, login)
        return dossier.with_env(self.env)

    def _collect(self, dossier, login):
        """Collect the fee at reception, but for a few who pay with the result."""
        if not dossier.fee_due or dossier.id % 6 == 0:
            return
        cashier = login if login.startswith("motcua") else "motcua"
        made = self._as(cashier, self.env["cchc.payment"])
        online = dossier.channel == "online"
        made.prepare(
            dossier.with_env(made.env),
            method="online" if online else "cash",
            reference=online and f"DVCQG{dossier.id:08d}",
        ).action_pay()

    def _plot_plain(self, story):
        dossier = self._accept(story)
        self._work(dossier, story)

    def _work(self, dossier, story, before_handling=None, start=None):
        """Do the steps one after the other, as far as time and story go.

        :param before_handling: told at the start of the step of handling; returns
            whether the life goes on
        """
        start, end = self._span(dossier, story, start)
        steps = dossier.step_ids.filtered(
            lambda step: step.state in ("waiting", "current") and step.role != "return"
        )
        shares = self._shares(len(steps))
        moment = start
        for step, share in zip(steps, shares, strict=True):
            if step.role == "handle" and before_handling:
                moment = before_handling(self._after(moment, 0.4))
                if not moment:
                    return
                start, end = self._span(dossier, story, moment)
                before_handling = None
            if story.stay == step.role:
                break
            hours = max(self._hours(start, end), 0.2)
            moment = max(self._after(start, hours * share), moment)
            if not self._step(dossier, step, moment):
                return
        self._explain_delay(dossier, story)
        if story.stay:
            return
        self._return(dossier, moment)

    def _span(self, dossier, story, start=None):
        """Return from when to when the dossier is worked on."""
        start = start or dossier.clock_start_at
        due = dossier.due_at or self._after(start, 40)
        if story.late:
            return start, self._after(due, story.late)
        hours = max(self._hours(start, due), 0.3)
        return start, self._after(start, hours * self.rng.uniform(0.35, 0.97))

    def _shares(self, count):
        cuts = sorted(self.rng.uniform(0.05, 0.9) for _step in range(count - 1))
        return [*cuts, 1.0]

    def _actor(self, step):
        login = step.user_id.login
        return login or self.rng.choice(_BY_ROLE[step.role])

    def _step(self, dossier, step, moment):
        if step.role == "sign":
            return self._do(moment, self._actor(step), dossier, "action_sign")
        return self._do(moment, self._actor(step), dossier, "action_pass_step")

    def _explain_delay(self, dossier, story):
        """State why a dossier is late, as its handler would."""
        if story.reason:
            self._as("diachinh", dossier).write(
                {
                    "late_reason_id": self._reason(story.reason).id,
                    "late_reason_note": story.note,
                    "late_remedy": _REMEDIES.get(story.reason, False),
                }
            )

    def _return(self, dossier, moment):
        fetched = self._after(moment, self.rng.choice((0.1, 0.5, 2, 5, 9, 16)))
        desk = self.rng.choice(_BY_ROLE["return"])
        self._do(fetched, desk, dossier, "action_return_result")

    # -- special plots ---------------------------------------------------------
    def _plot_submitted(self, story):
        self._draft(story)

    def _plot_till(self, story):
        payments.Payments(self, story.at).tell()

    def _plot_ask_completion(self, story):
        dossier = self._draft(story)
        self._do(
            self._after(story.at, 0.2),
            "motcua",
            dossier,
            "action_ask_completion",
            content=story.note,
            reason=self._reason("reason_supplement_missing"),
        )

    def _plot_refuse(self, story):
        dossier = self._draft(story)
        self._do(
            self._after(story.at, 0.3),
            "motcua",
            dossier,
            "action_refuse",
            content=story.note,
            reason=self._reason("reason_refuse_authority"),
        )

    def _plot_consult(self, story):
        dossier = self._accept(story)

        def consult(moment):
            self._do(
                moment,
                dossier.current_step_id.user_id.login,
                dossier,
                "action_consult",
                content=story.note,
            )

        self._work(dossier, story, consult)

    def _plot_supplement(self, story):
        self._held(story, "action_request_supplement", "reason_supplement_missing", 17)

    def _plot_finance(self, story):
        self._held(story, "action_request_finance", "reason_finance_tax", 25)

    def _held(self, story, action, reason, hours):
        """The clock stands still until the applicant has done his part."""
        dossier = self._accept(story)

        def hold(moment):
            handler = dossier.current_step_id.user_id.login
            done = self._do(
                moment,
                handler,
                dossier,
                action,
                content=story.note,
                reason=self._reason(reason),
            )
            back = self._after(moment, hours)
            if not done or story.stay == "resume":
                return False
            return self._do(back, "motcua", dossier, "action_resume") and back

        self._work(dossier, story, hold)

    def _plot_stop(self, story):
        dossier = self._accept(story)

        def stop(moment):
            self._do(
                moment,
                dossier.current_step_id.user_id.login,
                dossier,
                "action_request_supplement",
                content=story.note,
                reason=self._reason("reason_supplement_missing"),
            )
            self._do(
                self._after(moment, 62),
                "lanhdao",
                dossier,
                "action_stop",
                content=story.note,
                reason=self._reason("reason_stop_expired"),
            )

        self._work(dossier, story, stop)

    def _plot_abolished(self, story):
        """The applicant has a dossier of an abolished procedure stopped."""
        dossier = self._accept(story)

        def stop(moment):
            repeal = dossier.procedure_id.repealed_from
            morning = naive(datetime.combine(repeal, time(8), _LOCAL))
            self._do(
                self._after(max(morning, moment), 5),
                "lanhdao",
                dossier,
                "action_stop",
                content=story.note,
                reason=self._reason("reason_stop_abolished"),
            )

        self._work(dossier, story, stop)

    def _plot_withdraw(self, story):
        dossier = self._accept(story)

        def withdraw(moment):
            self._do(
                self._after(moment, 3),
                "motcua",
                dossier,
                "action_withdraw",
                content=story.note,
                reason=self._reason("reason_withdraw_need"),
            )

        self._work(dossier, story, withdraw)

    def _plot_refusal(self, story):
        dossier = self._accept(story)

        def refuse(moment):
            handler = dossier.current_step_id.user_id.login
            self._as(handler, dossier).write(
                {"is_refusal": True, "refusal_content": story.note}
            )
            return moment

        self._work(dossier, story, refuse)

    def _plot_send_back(self, story):
        dossier = self._accept(story)
        steps = dossier.step_ids
        moment = dossier.clock_start_at
        for role in ("assign", "handle", "review"):
            moment = self._after(moment, 1.5)
            if not self._step(
                dossier, steps.filtered(lambda s, role=role: s.role == role), moment
            ):
                return
        moment = self._after(moment, 1)
        if self._do(
            moment,
            "lanhdao",
            dossier,
            "action_send_back",
            content=story.note,
            reason=self._reason("reason_send_back_content"),
        ):
            self._work(dossier, story, start=moment)

    def _plot_extend(self, story):
        dossier = self._accept(story)

        def extend(moment):
            asked = self._after(dossier.clock_start_at, 30)
            done = self._do(
                max(moment, asked),
                "lanhdao",
                dossier,
                "action_extend",
                due_at=self._after(dossier.due_at, 37.5),
                content=story.note or "Chờ kết quả trích đo",
                reason=self._reason(story.reason),
            )
            return done and max(moment, asked)

        self._work(dossier, story, extend)

    def _plot_apology(self, story):
        """The handler asks a leader, here and now, for more time."""
        dossier = self._accept(story)
        self._work(dossier, Story(story.procedure, story.ago, stay=story.stay))
        if not dossier.is_open or dossier.is_overdue:
            return
        handler = dossier.current_step_id.user_id.login or "diachinh"
        live = replay.replayed(self._as(handler, dossier), None)
        live.action_draft_apology(
            live._proposed_extension(),
            "chờ kết quả đo đạc, kiểm tra thực địa",
            self._reason(story.reason),
        )

    def _plot_void(self, story):
        dossier = self._accept(story, "motcua")
        moment = self._after(story.at, 0.3)
        self._do(
            moment,
            "motcua",
            dossier,
            "action_void",
            content=story.note,
            reason=self._reason("reason_void_owner"),
        )
        replacement = dossier.replaced_by_id
        moment = self._after(moment, 0.1)
        if self._do(moment, "motcua", replacement, "action_accept"):
            self._work(replacement, story)

    def _plot_for_neighbour(self, story):
        """Received here, settled by the neighbour."""
        dossier = self._accept(story, "motcua", company_id=self.neighbour.id)
        sent = self._after(story.at, 1)
        if not self._do(sent, "motcua", dossier, "action_transfer"):
            return
        if story.stay != "arrive":
            self._do(self._after(sent, 3), "hailang", dossier, "action_arrive")

    def _plot_from_neighbour(self, story):
        """Received by the neighbour, settled here."""
        dossier = self._accept(
            story,
            "hailang",
            company_id=self.commune.id,
            receiving_company_id=self.neighbour.id,
        )
        sent = self._after(story.at, 1)
        if not self._do(sent, "hailang", dossier, "action_transfer"):
            return
        came = self._after(sent, 2)
        if story.stay == "arrive" or not self._do(
            came, "tuphap", dossier, "action_arrive"
        ):
            return
        self._work(dossier, story)
