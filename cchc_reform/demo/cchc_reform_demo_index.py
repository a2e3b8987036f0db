"""The index of the demo commune: last year as it was published among its neighbours,
with the remedy of its lost points, and the self-score of the running year.

The set of criteria, the scores and the ranks are invented (MẪU THỬ).
"""

from datetime import date, timedelta

from odoo import Command

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import criterion_row
from .cchc_index_demo_rows import NAME, ROWS
from .cchc_reform_demo_plan import CENTRE, CULTURE, ECONOMY, OFFICE, Story

#: What is declared where nothing else is told: everything reached.
USUAL = {
    "boolean": "có",
    "ratio": "10/10",
    "ratio_threshold": "100/100",
    "survey": "88,5",
}
#: The commune last year: seven criteria lost points.
LAST_YEAR = {
    "I.1.2": "46/50",
    "I.2.1": "2; 1; 1",
    "I.4.2": "1; 0; 1",
    "II.3": "KAD",
    "III.2.2": "20/25",
    "III.3.1": "4120/4265",
    "V.4": "0; 0",
    "VII.2.1": "71%",
    "VII.4.2": "1; 1",
}
#: What the province took away: points, and why.
DEDUCTED = {
    "VII.3": (0, "Tỷ lệ số hóa kiểm tra trên hệ thống đạt 52%, dưới ngưỡng 60%"),
}
#: Criterion -> what is to be done, who leads, who helps, why the points were lost.
REMEDIES = {
    "I.1.2": (
        "Giao chỉ tiêu, đôn đốc hằng tháng các nhiệm vụ chậm tiến độ",
        OFFICE,
        [ECONOMY, CULTURE],
        "Bốn nhiệm vụ hoàn thành sau ngày 31/12",
    ),
    "I.4.2": (
        "Đăng tin, bài cải cách hành chính trên trang thông tin và mạng xã hội",
        CULTURE,
        [OFFICE],
        "Chưa tuyên truyền trên trang thông tin, mạng xã hội",
    ),
    "III.2.2": (
        "Mở rộng các nhóm TTHC thực hiện liên thông",
        CENTRE,
        [CULTURE],
        "Phần mềm liên thông chưa kết nối đồng bộ",
    ),
    "III.3.1": (
        "Kiểm soát thời hạn, cảnh báo trước khi hồ sơ quá hạn",
        CENTRE,
        [ECONOMY, CULTURE],
        "145 hồ sơ quá hạn, chủ yếu lĩnh vực đất đai, xây dựng",
    ),
    "VII.2.1": (
        "Hướng dẫn người dân nộp hồ sơ trực tuyến tại Trung tâm và các thôn",
        CENTRE,
        [CULTURE],
        "Người dân quen nộp trực tiếp",
    ),
    "VII.3": (
        "Số hóa thành phần hồ sơ ngay khi tiếp nhận",
        CENTRE,
        [OFFICE],
        "Thiếu máy quét, chưa số hóa kết quả còn hiệu lực",
    ),
    "VIII.1": (
        "Nâng cao thái độ phục vụ, lấy ý kiến người dân sau mỗi lần giải quyết",
        CENTRE,
        [OFFICE],
        "Người dân chưa hài lòng về thời gian chờ và hướng dẫn hồ sơ",
    ),
}
#: Agency, its share of what can be reached last year.
OTHERS = (
    ("UBND xã Hải Định", "H50.52", 0.95),
    ("UBND xã Nam Hải Lăng", "H50.53", 0.88),
    ("UBND xã Vĩnh Định", "H50.54", 0.88),
    ("UBND xã Mỹ Thủy", "H50.55", 0.74),
)
#: The running year so far: what is entered, and the document that proves it.
THIS_YEAR = {
    "I.1.1": ("có", "plan"),
    "I.2.1": ("2; 1; 0", "report"),
    "I.2.2": ("có", "report"),
    "I.4.2": ("1; 1; 1", "plan"),
    "I.5": ("1", "initiative"),
    "II.1": ("có", "plan"),
    "II.2": ("có", "plan"),
    "II.3": ("KAD", ""),
    "III.1.1": ("có", "report"),
    "III.1.2": ("122/123", "report"),
    "III.2.1": ("", "report"),
    "III.2.2": ("22/25", ""),
    "IV.1": ("có", "plan"),
    "IV.2": ("có", ""),
    "IV.3": ("có", ""),
    "VI.2": ("có", "plan"),
    "VII.4.1": ("có", "report"),
    "VII.4.2": ("1; 0", "report"),
}


class Index:
    """Tells with the persons of the demo.

    :param story: persons and departments of the plan's story
    """

    def __init__(self, story):
        self.story = story
        self.env = story.env
        self.today = story.today
        self.province = self.env.ref("base.main_company")
        self.commune = story.commune
        self.neighbour = self.env.ref("cchc_onestop.demo_neighbour")

    def user(self, login):
        return self.story.user(login)

    def as_(self, login, model, company):
        return (
            self.env[model]
            .with_user(self.user(login))
            .with_context(allowed_company_ids=company.ids)
        )

    def make_set(self):
        """Publish the invented set, kept by the province."""
        record = self.as_("tinh", "cchc.index.set", self.province).create(
            {
                "name": NAME,
                "code": "MAU-THU",
                "company_id": self.province.id,
                "decision_number": "00/MẪU THỬ",
                "decision_date": date(self.today.year - 1, 1, 10),
                "issuer": "Dữ liệu mẫu, không phải văn bản của cơ quan nào",
                "level": "commune",
                "year_from": self.today.year - 1,
                "class_ids": [
                    Command.create({"name": name, "threshold": start, "color": color})
                    for name, start, color in (
                        ("Xuất sắc", 90, 10),
                        ("Tốt", 80, 4),
                        ("Khá", 65, 3),
                        ("Trung bình", 0, 1),
                    )
                ],
            }
        )
        add_criteria(record)
        record.action_publish()
        return record

    def make_round(self, index_set, year, companies):
        group = self.as_("tinh", "cchc.index.group", self.province)
        found = group.search([("name", "=", "Xã, phường")])
        group = found or group.create(
            {
                "name": "Xã, phường",
                "company_id": self.province.id,
                "member_ids": [Command.set(companies.ids)],
            }
        )
        record = self.as_("tinh", "cchc.index.round", self.province).create(
            {
                "name": f"Chấm điểm Chỉ số CCHC cấp xã năm {year} (MẪU THỬ)",
                "company_id": self.province.id,
                "year": year,
                "set_id": index_set.id,
                "group_ids": [Command.set(group.ids)],
                "date_from": date(year, 9, 1),
                "date_to": date(year, 12, 31),
            }
        )
        record.action_open_round()
        return record

    def fill(self, assessment, entries, share=1):
        """Enter everything; of ratios a share is reached where nothing is told."""
        for line in assessment._leaves():
            text = entries.get(line.code) or USUAL.get(line.rule)
            if not text and line.rule == "penalty":
                text = "0; 0"
            elif not text:
                text = "; ".join("2" for _item in line.criterion_id.item_ids)
            if share < 1 and line.code not in entries and line.rule == "ratio":
                text = f"{round(1000 * share)}/1000"
            elif share < 1 and line.rule in ("ratio_threshold", "survey"):
                text = f"{round(100 * share, 1)}%".replace(".", ",")
            line.write({"entry": text, "evidence_note": "Hồ sơ lưu tại cơ quan"})

    def appraise(self, assessment, deducted=None):
        """Both appraisals of the province, with an explanation between."""
        judged = assessment.with_user(self.user("tinh")).with_context(
            allowed_company_ids=self.province.ids
        )
        for line in judged._leaves():
            if line.code in (deducted or {}):
                points, why = deducted[line.code]
                line.write({"appraised_1": points, "comment_1": why})
        judged.action_appraise_1()
        for line in assessment._leaves():
            if line.code in (deducted or {}):
                line.write(
                    {"explanation": "Đã bổ sung máy quét, đề nghị xem xét lại số liệu"}
                )
        assessment.action_explain()
        judged.action_appraise_2()

    def last_year(self, index_set):
        """The round of last year, published: ranks with a tie, classes, a remedy."""
        year = self.today.year - 1
        companies = self.commune | self.neighbour | self.others()
        record = self.make_round(index_set, year, companies)
        rows = record.sudo().assessment_ids
        mine = rows.filtered(lambda row: row.company_id == self.commune)
        mine = mine.with_user(self.user("vanphong")).with_context(
            allowed_company_ids=self.commune.ids
        )
        self.fill(mine, LAST_YEAR)
        mine.action_submit()
        mine.with_user(self.user("lanhdao")).validate_tier()
        mine.action_send()
        self.appraise(mine, DEDUCTED)
        shares = {self.neighbour.id: 0.91}
        shares |= {
            company.id: row[2]
            for company, row in zip(self.others(), OTHERS, strict=True)
        }
        for row in rows - mine.sudo():
            told = row.sudo()
            self.fill(told, {}, shares[row.company_id.id])
            told._freeze()
            told.action_appraise_1()
            told.action_explain()
            told.action_appraise_2()
        record.write(
            {
                "decision_number": "88/QĐ-UBND",
                "decision_date": date(year, 12, 29),
            }
        )
        record.action_publish()
        return mine

    def others(self):
        """Return further communes of the province, made once."""
        companies = self.env["res.company"].sudo()
        codes = [code for _name, code, _share in OTHERS]
        found = companies.search([("cchc_unit_code", "in", codes)], order="id")
        return found or companies.create(
            [
                {
                    "name": name,
                    "parent_id": self.province.id,
                    "cchc_unit_code": code,
                    "cchc_level": "commune",
                }
                for name, code, _share in OTHERS
            ]
        )

    def remedy(self, assessment):
        """The remedy plan of the running year, approved and kept up."""
        action = assessment.action_remedy()
        plan = assessment.env["cchc.reform.plan"].browse(action["res_id"])
        plan.write(
            {
                "name": "Kế hoạch khắc phục các tiêu chí bị trừ điểm Chỉ số CCHC năm "
                f"{assessment.year}",
                "number": "17/KH-UBND",
                "date": date(self.today.year, 1, 20),
            }
        )
        for task in plan.task_ids:
            text, lead, helping, cause = REMEDIES[task.assessment_line_id.code]
            task.write(
                {
                    "name": text,
                    "lead_department_id": self.story.department(lead).id,
                    "coordinating_department_ids": [
                        Command.set([self.story.department(d).id for d in helping])
                    ],
                    "lost_cause": cause,
                }
            )
        self.story.approve(plan)
        for task in plan.task_ids:
            self.story.report(
                task,
                self.story.day(-0.5),
                "Duy trì thực hiện thường xuyên",
                percent=50,
                product_text="Báo cáo tháng của bộ phận",
                evidence_kind="report",
                evidence_place="Văn phòng UBND xã",
            )
        return plan

    def this_year(self, index_set):
        """The open round of the running year: the commune scores along."""
        year = self.today.year
        record = self.make_round(
            index_set, year, self.commune | self.neighbour | self.others()
        )
        unlocked(record.sudo()).write(
            {
                "deadline_self": max(date(year, 12, 15), self.today),
                "deadline_explain": date(year + 1, 1, 20),
            }
        )
        rows = record.sudo().assessment_ids
        mine = rows.filtered(lambda row: row.company_id == self.commune)
        mine = mine.with_user(self.user("vanphong")).with_context(
            allowed_company_ids=self.commune.ids
        )
        documents = self.documents()
        lines = mine._leaves().filtered(lambda line: line.code in THIS_YEAR)
        for number, line in enumerate(lines.sorted("path")):
            # three criteria a week: what stood on each Monday was worked out then
            if number % 3 == 0:
                weeks = (len(lines) - number + 2) // 3
                mine._write_preview(self.today - timedelta(weeks=weeks))
            text, proof = THIS_YEAR[line.code]
            vals = {"entry": text} if text else {}
            if documents.get(proof):
                vals["evidence_document_ids"] = [Command.set(documents[proof].ids)]
            line.write(vals)
        mine.action_measure()
        mine._write_preview(self.today)
        return mine

    def documents(self):
        """Return the documents of the running year that prove criteria."""
        register = self.as_("vanphong", "cchc.issued.document", self.commune)
        first = date(self.today.year, 1, 1)
        rows = (
            ("plan", "12/KH-UBND", "Kế hoạch cải cách hành chính năm", "KH", 0),
            ("report", "45/BC-UBND", "Báo cáo công tác cải cách hành chính", "BC", 60),
            ("initiative", "97/QĐ-UBND", "Quyết định công nhận sáng kiến", "QĐ", 90),
        )
        found = {}
        for key, reference, subject, _kind, days in rows:
            there = register.search([("reference", "=", reference)], limit=1)
            found[key] = there or register.create(
                {
                    "reference": reference,
                    "date": min(first + timedelta(days=days), self.today),
                    "subject": f"{subject} {self.today.year}"
                    if key == "plan"
                    else subject,
                    "direction": "outgoing",
                    "company_id": self.commune.id,
                }
            )
            self.attach(found[key])
        return found

    def attach(self, document):
        """Give a document a file, so that the package of evidence holds it."""
        if document.attachment_ids:
            return
        name = f"{document.reference} - {document.subject}".replace("/", "-")
        document.attachment_ids = [
            Command.create(
                {
                    "name": f"{name}.txt",
                    "raw": f"(MẪU THỬ) {document.reference}\n{document.subject}\n",
                }
            )
        ]


def add_criteria(record):
    """Write the criteria of the invented table into a draft set."""
    metrics = {row.key: row for row in record.env["cchc.reform.metric"].search([])}
    codes = {row[0] for row in ROWS}
    nodes = {}
    order = sorted(range(len(ROWS)), key=lambda place: ROWS[place][0].count("."))
    for place in order:
        code, name, maximum, rule, parameters, hint, metric = ROWS[place]
        parsed = criterion_row.parse(rule, parameters)
        above = nodes.get(criterion_row.parent_of(code, codes))
        nodes[code] = record.env["cchc.index.criterion"].create(
            {
                "set_id": record.id,
                "parent_id": above.id if above else False,
                "sequence": 10 * place,
                "code": code,
                "name": name,
                "maximum": maximum,
                "rule": False if rule == criterion_row.SUM else rule,
                "evidence_hint": hint or False,
                "metric_id": metrics[metric].id if metric in metrics else False,
                **criterion_row.values(parsed),
            }
        )


def tell(env):
    """Tell the index of the demo commune."""
    index = Index(Story(env))
    index_set = index.make_set()
    published = index.last_year(index_set)
    index.remedy(published)
    index.this_year(index_set)
