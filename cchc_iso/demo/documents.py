"""The controlled documents of the demo commune, written, approved and outdated.

Everything goes through the product's own methods, at the times at which it happened
(``cchc_onestop/tools/replay.py``): drafted by the chief of the office, reviewed by the
deputy chairwoman, approved by the chairman.
"""

from datetime import datetime, time, timedelta

from odoo import Command, fields

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import naive
from odoo.addons.cchc_onestop.tools import replay

#: Fields of administration whose processes are documented.
SECTORS = ("Hộ tịch", "Chứng thực")
OTHERS = ("Thành lập và hoạt động hộ kinh doanh", "Bảo trợ xã hội")
#: Days before the installation.
AMENDED = ((100, "overdue"), (75, "pressing"))
SECOND_ISSUE = 40
POLICY = """
<p>UBND xã Hải Trường cam kết:</p>
<ol>
<li>Giải quyết thủ tục hành chính đúng pháp luật, đúng hạn, công khai, minh bạch.</li>
<li>Lấy sự hài lòng của tổ chức, cá nhân làm thước đo hiệu quả công việc.</li>
<li>Đào tạo, bồi dưỡng để cán bộ, công chức đủ năng lực, tận tụy với công việc.</li>
<li>Duy trì và cải tiến thường xuyên hệ thống quản lý theo TCVN ISO 9001.</li>
</ol>
"""
OBJECTIVES = """
<table class="table table-bordered cchc-table"><thead><tr><th>TT</th><th>Mục tiêu</th>
<th>Chỉ tiêu</th></tr></thead><tbody>
<tr><td>1</td><td>Hồ sơ giải quyết đúng hạn và trước hạn</td><td>≥ 98%</td></tr>
<tr><td>2</td><td>Tổ chức, cá nhân hài lòng</td><td>≥ 95%</td></tr>
<tr><td>3</td><td>Hồ sơ phải yêu cầu bổ sung quá một lần</td><td>0</td></tr>
<tr><td>4</td><td>Kết quả giải quyết được số hóa</td><td>≥ 90%</td></tr>
</tbody></table>
"""
#: Kind, title, clause, text.
SYSTEM = (
    ("policy", "Chính sách chất lượng", "5.2", POLICY),
    ("objectives", "Mục tiêu chất lượng năm {year}", "6.2", OBJECTIVES),
    ("manual", "Sổ tay chất lượng", "4.4", None),
    ("system_procedure", "Quy trình kiểm soát thông tin dạng văn bản", "7.5", None),
    ("system_procedure", "Quy trình quản lý rủi ro và cơ hội", "6.1", None),
    ("system_procedure", "Quy trình đánh giá nội bộ", "9.2", None),
    (
        "system_procedure",
        "Quy trình kiểm soát sự không phù hợp và hành động khắc phục",
        "10.2",
        None,
    ),
    ("system_procedure", "Quy trình xem xét của lãnh đạo", "9.3", None),
)
#: Forms by the title of their procedure.
FORMS = {
    "Quy trình đánh giá nội bộ": (
        "Chương trình đánh giá nội bộ",
        "Kế hoạch đánh giá nội bộ",
        "Phiếu câu hỏi kiểm tra",
        "Báo cáo tổng hợp kết quả đánh giá nội bộ",
    ),
    "Quy trình kiểm soát thông tin dạng văn bản": (
        "Danh mục tài liệu",
        "Phiếu yêu cầu sửa đổi tài liệu",
        "Danh sách phân phối tài liệu",
    ),
    "Quy trình xem xét của lãnh đạo": (
        "Thông báo họp xem xét của lãnh đạo",
        "Báo cáo xem xét của lãnh đạo",
    ),
}
TEXTS = {
    "Mục đích": "<p>Quy định cách thực hiện thống nhất trong toàn cơ quan.</p>",
    "Nội dung": (
        "<ol><li>Thư ký ISO lập kế hoạch và trình Trưởng Ban Chỉ đạo ISO.</li>"
        "<li>Các bộ phận thực hiện và lưu hồ sơ theo mục cuối của quy trình.</li>"
        "<li>Kết quả được báo cáo tại cuộc họp xem xét của lãnh đạo.</li></ol>"
    ),
    "Giới thiệu chung": (
        "<p>UBND xã Hải Trường thực hiện chức năng quản lý nhà nước trên địa bàn xã; "
        "Trung tâm Phục vụ hành chính công tiếp nhận và trả kết quả.</p>"
    ),
    "Phạm vi áp dụng": (
        "<p>Toàn bộ thủ tục hành chính thuộc thẩm quyền giải quyết của UBND xã.</p>"
    ),
    "Ngoại lệ áp dụng và lý giải": (
        "<p>Điều 8.3 và 7.1.5: cơ quan không thiết kế sản phẩm và không dùng phương "
        "tiện đo.</p>"
    ),
    "Mô tả sự tương tác giữa các quá trình": (
        "<p>Tiếp nhận → phân công → thụ lý → ký duyệt → đóng dấu → trả kết quả → "
        "lưu hồ sơ, đo lường và cải tiến.</p>"
    ),
    "Danh mục tài liệu trong hệ thống quản lý chất lượng": (
        "<p>Theo danh mục ban hành kèm theo quyết định hằng năm.</p>"
    ),
    "Giới thiệu khái quát": "<p>Hệ thống được công bố theo QĐ 19/2014/QĐ-TTg.</p>",
}


def tell(env):
    """Tell how the documents came about.

    :param env: environment of the manager of the demo
    """
    Documents(env).tell()


class Documents:
    """The people and the clock of the story."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.context_today(env.user)
        self.company = env.company
        self.system = env.ref("cchc_iso.demo_system")
        self.clock = replay.Clock(fields.Datetime.now())

    def tell(self):
        self._board()
        begin = self._begin()
        documents = self._system_documents(begin)
        processes = self._process_documents(begin + timedelta(days=1))
        self._set((documents | processes).exists(), begin + timedelta(days=3))
        self._second_issue(processes)
        self._outdate(processes)
        self._read()
        self._in_work(processes)
        self.env["cchc.iso.update.task"].sudo()._make_activities()

    # -- people and time ---------------------------------------------------------
    def _board(self):
        roles = {
            "lanhdao": ("1_head", "Chủ tịch UBND xã"),
            "phochutich": ("2_deputy", "Phó Chủ tịch UBND xã"),
            "vanphong": ("3_secretary", "Chánh Văn phòng"),
            "kinhte": ("4_member", "Trưởng phòng Kinh tế"),
            "vanxa": ("4_member", "Trưởng phòng Văn hóa - Xã hội"),
        }
        held = self.env["cchc.iso.member"].search([("system_id", "=", self.system.id)])
        self.env["cchc.iso.member"].create(
            [
                {
                    "system_id": self.system.id,
                    "company_id": self.company.id,
                    "user_id": self._user(login).id,
                    "role": role,
                    "post": post,
                    "decision": "58/QĐ-UBND",
                    "decided_on": "2025-07-10",
                    "valid_from": "2025-07-10",
                }
                for login, (role, post) in roles.items()
                if role not in held.mapped("role")
            ]
        )

    def _user(self, login):
        return self.env.ref(f"cchc_onestop.demo_user_{login}")

    def _at(self, day, hour=9):
        """Set the clock to an hour of ``day`` in the commune, or to now before it."""
        zone = self.company._cchc_tz()
        local = datetime.combine(day, time(hour), tzinfo=zone)
        self.clock.set(min(naive(local), fields.Datetime.now()))

    def _as(self, login, records):
        return replay.replayed(records.with_user(self._user(login)), self.clock)

    def _begin(self):
        """Return the day after the processes of the commune began."""
        process = self.env["cchc.process"].search(
            [("company_id", "=", self.company.id), ("state", "=", "published")],
            order="valid_from",
            limit=1,
        )
        return max(process.valid_from, self.today - timedelta(days=150))

    def _approve(self, issues, day):
        """Submit, review and approve, within one day."""
        self._at(day, 8)
        self._as("vanphong", issues).action_to_approve()
        self._at(day, 10)
        self._as("phochutich", issues).action_approve()
        self._at(day, 15)
        self._as("lanhdao", issues).action_approve()

    # -- documents -----------------------------------------------------------------
    def _system_documents(self, day):
        pages = self.env["document.page"]
        everybody = self._departments()
        for key, title, clause, text in SYSTEM:
            page = self._page(key, title.format(year=self.today.year), clause)
            page.recipient_ids = [
                Command.create({"department_id": department.id})
                for department in everybody
            ]
            for name in FORMS.get(title, ()):
                self._page("form", name, clause, parent=page)
            issue = self._as("vanphong", page)._cchc_draft_issue()
            if text:
                issue.content = text
            for block in issue.block_ids:
                block.content = TEXTS.get(block.title, False)
            pages |= page
            self._approve(issue, day)
        return pages

    def _page(self, key, name, clause, parent=None):
        page = self._as("vanphong", self.env["document.page"]).create(
            {
                "name": name,
                "doc_type_id": self.env["cchc.iso.document.type"]._of(key).id,
                "system_id": self.system.id,
                "company_id": self.company.id,
                "department_id": self.env.ref("cchc_onestop.demo_department_office").id,
                "document_parent_id": parent.id if parent else False,
                "clause_ids": [
                    Command.set(
                        self.env["cchc.iso.clause"]
                        .search(
                            [
                                ("edition_id", "=", self.system.edition_id.id),
                                ("code", "=", clause),
                            ]
                        )
                        .ids
                    )
                ],
            }
        )
        return self.env["document.page"].browse(page.id)

    def _departments(self):
        return self.env["hr.department"].search([("company_id", "=", self.company.id)])

    def _process_documents(self, day):
        processes = self.env["cchc.process"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "published"),
                ("sector_id.name", "in", SECTORS + OTHERS),
            ]
        )
        chosen = processes.browse()
        for sector, found in processes.grouped("sector_id").items():
            chosen |= found if sector.name in SECTORS else found[:3]
        self._at(day, 7)
        wizard = self._as("vanphong", self.env["cchc.iso.document.generate"]).create(
            {
                "company_id": self.company.id,
                "system_id": self.system.id,
                "process_ids": [Command.set(chosen.ids)],
            }
        )
        action = wizard.action_generate()
        issues = self.env["document.page.history"].search(action["domain"])
        clauses = self.env["cchc.iso.clause"].search(
            [
                ("edition_id", "=", self.system.edition_id.id),
                ("code", "in", ["8.1", "8.2.2", "8.5.1"]),
            ]
        )
        self._as("vanphong", issues.page_id).write(
            {"clause_ids": [Command.set(clauses.ids)]}
        )
        # two of them have not been approved yet
        late = issues.sorted("code")[-2:]
        self._approve(issues - late, day)
        self._at(self.today - timedelta(days=2), 8)
        self._as("vanphong", late[:1]).action_to_approve()
        return (issues - late).page_id

    def _set(self, pages, day):
        self._at(day)
        record = self._as("vanphong", self.env["cchc.iso.document.set"]).create(
            {
                "name": "Ban hành hệ thống tài liệu theo TCVN ISO 9001:2015",
                "number": "412/QĐ-UBND",
                "date": day,
                "signer_id": self._user("lanhdao").id,
                "system_id": self.system.id,
                "company_id": self.company.id,
                "line_ids": [Command.create({"page_id": page.id}) for page in pages],
            }
        )
        record.action_submit()
        self._at(day, 11)
        self._as("lanhdao", record).validate_tier()
        self._at(day, 16)
        self._as("vanphong", record).action_issue()

    # -- what came later -------------------------------------------------------------
    def _second_issue(self, pages):
        """A request of the registrar leads to the second issue of his process."""
        page = pages.filtered(lambda p: p.name == "Đăng ký khai sinh")[:1] or pages[:1]
        day = self.today - timedelta(days=SECOND_ISSUE)
        self._at(day - timedelta(days=5))
        request = self._as("tuphap", self.env["cchc.iso.document.change"]).create(
            {
                "page_id": page.id,
                "request": "Bổ sung chữ viết tắt CSDL, hướng dẫn nộp trực tuyến",
                "part": "Mục 4, mục 5.8",
            }
        )
        self._at(day - timedelta(days=1))
        self._as("vanphong", request).action_take()
        request = self._as("vanphong", request)
        request.description = (
            "Thêm chữ viết tắt CSDL; thêm mục 5.8 hướng dẫn nộp hồ sơ trực tuyến"
        )
        issue = self._as("vanphong", page).draft_issue_id
        issue.summary = "Bổ sung hướng dẫn nộp trực tuyến"
        texts = {
            "Định nghĩa/Viết tắt": (
                "<ul><li>TTHC: thủ tục hành chính</li><li>CSDL: cơ sở dữ liệu</li>"
                "<li>DVC: dịch vụ công</li></ul>"
            ),
            "Lưu đồ, cách thức thực hiện": (
                "<p>Nộp trực tuyến tại Cổng Dịch vụ công quốc gia bằng tài khoản định "
                "danh điện tử; công chức hướng dẫn tại bộ phận một cửa khi cần.</p>"
            ),
        }
        for block in issue.block_ids:
            if block.title in texts:
                block.content = texts[block.title]
        self._approve(self.env["document.page.history"].browse(issue.id), day)
        self._at(self.today - timedelta(days=4))
        self._as("motcua", self.env["cchc.iso.document.change"]).create(
            {
                "page_id": page.id,
                "request": "Thời gian bước tiếp nhận ghi rõ giờ làm việc",
                "part": "Mục 5.7",
            }
        )

    def _outdate(self, pages):
        """Two processes without dossiers change; nobody has updated their papers."""
        used = (
            self.env["cchc.dossier"]
            .sudo()
            ._read_group([("process_id", "in", pages.process_id.ids)], ["process_id"])
        )
        free = pages.filtered(
            lambda page: (
                page.process_id not in [process for (process,) in used]
                and len(page.issue_ids) == 1
            )
        ).sorted("code")
        for page, (days, _urgency) in zip(free, AMENDED, strict=False):
            draft = page.process_id._amend(self.today - timedelta(days=days))
            handle = draft.step_ids.filtered(lambda step: step.role == "handle")[:1]
            handle.content = "Đối chiếu với cơ sở dữ liệu quốc gia trước khi dự thảo"
            draft.action_publish()

    def _read(self):
        """What is older has been read; of the newest issue some have not yet."""
        acks = self.env["cchc.iso.document.ack"].search([("read_at", "=", False)])
        old = self.today - timedelta(days=60)
        behind = self._user("motcua2") | self._user("diachinh")
        for user, rows in acks.grouped("user_id").items():
            older = rows.filtered(lambda row: row.issue_id.effective_from < old)
            older = older.sorted("id")
            self._at(self.today - timedelta(days=50))
            self._as(user.login, older[2:] if user in behind else older).action_read()
            if user.login in ("tuphap", "vanphong"):
                self._at(self.today - timedelta(days=30))
                self._as(user.login, rows - older).action_read()

    def _in_work(self, pages):
        """A new issue is being drafted of one of the documents to update."""
        page = pages.filtered("to_update").sorted("code")[1:2]
        if page:
            self._at(self.today - timedelta(days=3))
            self._as("vanphong", page)._cchc_draft_issue()
