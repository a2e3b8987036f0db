from collections import defaultdict
from datetime import date, datetime, time
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cchc_dossier_clock import naive
from ..tools import fee

#: The words of the official tables; the same in every interface language.
TITLES = {
    "receipts": "BẢNG TỔNG HỢP DỮ LIỆU BIÊN LAI ĐIỆN TỬ (Mẫu 01/TH-BLĐT)",
    "wrong": "THÔNG BÁO CHỨNG TỪ ĐIỆN TỬ CÓ SAI SÓT (Mẫu 04/SS-CTĐT)",
    "day": "BẢNG KÊ THU PHÍ, LỆ PHÍ",
    "remittance": "BẢNG KÊ NỘP PHÍ, LỆ PHÍ VÀO NGÂN SÁCH NHÀ NƯỚC",
    "exemptions": "DANH SÁCH MIỄN, GIẢM PHÍ, LỆ PHÍ",
}
NATURES = {
    "original": "Mới",
    "adjustment": "Điều chỉnh",
    "replacement": "Thay thế",
}
ENDS = {"cancelled": "Hủy", "replaced": "Bị thay thế", "adjusted": "Bị điều chỉnh"}
METHOD_NAMES = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "online": "Trực tuyến",
    "postal": "Bưu chính",
}
KIND_NAMES = {"fee": "Phí", "charge": "Lệ phí", "other": "Khác"}
BUDGETS = {
    "commune": "Ngân sách cấp xã",
    "province": "Ngân sách cấp tỉnh",
    "central": "Ngân sách trung ương",
}


class Column(NamedTuple):
    """Column of a table: heading, width in characters, whether it holds đồng, and
    whether its cells are centred on paper."""

    title: str
    width: int
    money: bool = False
    centred: bool = False


class CchcFeeReport(models.TransientModel):
    """The lists of fees: for the tax office, the treasury, the cashier, the leader."""

    _name = "cchc.fee.report"
    _description = "Lists of Fees"

    kind = fields.Selection(
        [
            ("day", "List of receipts by collector"),
            ("remittance", "Remittance to the budget"),
            ("exemptions", "Exemptions and reductions"),
            ("receipts", "Summary of e-receipts (01/TH-BLĐT)"),
            ("wrong", "Wrong e-receipts (04/SS-CTĐT)"),
        ],
        string="List",
        required=True,
        default="day",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Collecting Body",
        required=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    cashier_id = fields.Many2one(
        "res.users",
        string="Collected by",
        help="Empty: all collectors",
    )

    _period = models.Constraint(
        "CHECK (date_to >= date_from)", "The period ends before it begins."
    )

    def action_xlsx(self):
        """Make the list as a spreadsheet."""
        self._check_may_read()
        return self.env.ref("cchc_onestop.fee_report_xlsx_action").report_action(
            self, config=False
        )

    def action_pdf(self):
        """Print the list."""
        self._check_may_read()
        return self.env.ref("cchc_onestop.fee_report_pdf_action").report_action(
            self, config=False
        )

    def _check_may_read(self):
        self.env["cchc.receipt"].check_access("read")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._("Choose one of the agencies you are working for.")
            )

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------
    def _make_table(self):
        """Return the list: ``title``, ``subtitle``, ``columns``, ``rows``, ``total``
        (a row or None) and ``notes``; amounts are whole đồng."""
        self.ensure_one()
        columns, rows, total, notes = getattr(self, f"_table_{self.kind}")()
        return {
            "title": TITLES[self.kind],
            "agency": self.company_id,
            "subtitle": f"Từ ngày {self.date_from:%d/%m/%Y} đến ngày "
            f"{self.date_to:%d/%m/%Y}",
            "columns": columns,
            "rows": rows,
            "total": total,
            "notes": notes,
        }

    def _in_period(self, name):
        return [(name, ">=", self.date_from), (name, "<=", self.date_to)]

    def _receipts(self, *domain):
        own = [("company_id", "=", self.company_id.id), *self._in_period("issued_on")]
        if self.cashier_id:
            own.append(("cashier_id", "=", self.cashier_id.id))
        return self.env["cchc.receipt"].search([*own, *domain], order="book_id, number")

    def _table_receipts(self):
        columns = [
            Column("STT", 6, centred=True),
            Column("Ký hiệu mẫu số", 10),
            Column("Ký hiệu", 9),
            Column("Số", 11),
            Column("Ngày lập", 12),
            Column("Tên loại thuế, phí, lệ phí", 34),
            Column("Số tiền", 14, True),
            Column("Tỷ giá", 8),
            Column("Trạng thái", 14),
            Column("Kỳ điều chỉnh", 11),
            Column("Thông tin biên lai liên quan", 24),
            Column("Giải trình", 24),
            Column("Ghi chú", 16),
        ]
        receipts = self._receipts(("form", "=", "electronic"))
        rows = []
        for number, receipt in enumerate(receipts, start=1):
            related = receipt.related_id
            rows.append(
                [
                    number,
                    receipt.template_symbol,
                    receipt.symbol,
                    receipt.number_text,
                    f"{receipt.issued_on:%d/%m/%Y}",
                    "; ".join(dict.fromkeys(receipt.line_ids.mapped("name"))),
                    fee.whole(receipt.total),
                    "",
                    self._status(receipt),
                    f"{related.issued_on:%m/%Y}" if related else "",
                    f"{related.template_symbol} {related.code}" if related else "",
                    receipt.reason or receipt.end_reason or "",
                    "",
                ]
            )
        standing = receipts.filtered(
            lambda receipt: receipt.state not in ("cancelled", "replaced")
        )
        total = ["", "", "", "", "", "Tổng số tiền của biên lai còn hiệu lực"]
        total += [fee.whole(sum(standing.mapped("total"))), *[""] * 6]
        return columns, rows, total, []

    def _status(self, receipt):
        if receipt.state in ("cancelled", "replaced"):
            return ENDS[receipt.state]
        return NATURES[receipt.nature]

    def _table_wrong(self):
        columns = [
            Column("STT", 6, centred=True),
            Column("Ký hiệu mẫu chứng từ", 12),
            Column("Ký hiệu chứng từ", 11),
            Column("Số chứng từ", 12),
            Column("Ngày lập", 12),
            Column("Loại chứng từ", 22),
            Column("Hủy/Điều chỉnh/Thay thế/Giải trình", 20),
            Column("Chứng từ liên quan", 24),
            Column("Lý do", 36),
        ]
        receipts = self._receipts(
            ("form", "=", "electronic"), ("state", "!=", "issued")
        )
        kinds = {"cancelled": "Hủy", "replaced": "Thay thế", "adjusted": "Điều chỉnh"}
        rows = [
            [
                number,
                receipt.template_symbol,
                receipt.symbol,
                receipt.number_text,
                f"{receipt.issued_on:%d/%m/%Y}",
                receipt.title,
                kinds[receipt.state],
                "; ".join(receipt.follower_receipt_ids.mapped("code")),
                receipt.end_reason
                or "; ".join(
                    reason
                    for reason in receipt.follower_receipt_ids.mapped("reason")
                    if reason
                ),
            ]
            for number, receipt in enumerate(receipts, start=1)
        ]
        return columns, rows, None, []

    def _table_day(self):
        columns = [
            Column("STT", 6, centred=True),
            Column("Người thu", 22),
            Column("Biên lai", 18),
            Column("Ngày lập", 12),
            Column("Người nộp", 26),
            Column("Tên khoản thu", 34),
            Column("Mã hồ sơ", 22),
            Column("Hình thức", 14),
            Column("Số tiền", 14, True),
            Column("Trạng thái", 14),
        ]
        receipts = self._receipts().sorted(
            lambda r: (r.cashier_id.name or "", r.book_id.id, r.number)
        )
        rows, by_kind = [], defaultdict(int)
        for receipt in receipts:
            counts = receipt.state not in ("cancelled", "replaced")
            for line in receipt.line_ids:
                amount = fee.whole(line.amount) if counts else 0
                by_kind[KIND_NAMES[line.kind or "charge"], line.name] += amount
                rows.append(
                    [
                        len(rows) + 1,
                        receipt.cashier_id.name,
                        receipt.code,
                        f"{receipt.issued_on:%d/%m/%Y}",
                        receipt.payer_name,
                        line.name,
                        line.dossier_code or "",
                        METHOD_NAMES[receipt.method],
                        amount,
                        self._status(receipt),
                    ]
                )
        grand = sum(fee.whole(receipt.collected) for receipt in receipts)
        total = ["", "Tổng cộng", *[""] * 6, grand, ""]
        notes = [
            f"{kind} – {name}: {fee.dong(amount)} đồng"
            for (kind, name), amount in sorted(by_kind.items())
        ]
        for (cashier, book), own in receipts.grouped(
            lambda receipt: (receipt.cashier_id, receipt.book_id)
        ).items():
            void = own.filtered(lambda r: r.state in ("cancelled", "replaced"))
            notes.append(
                f"{cashier.name}: biên lai {book.symbol} số {_ranges(own)}; {len(own)} "
                f"biên lai, trong đó hủy hoặc bị thay thế {len(void)}; số tiền "
                f"{fee.dong(fee.whole(sum(own.mapped('collected'))))} đồng"
            )
        return columns, rows, total, notes

    def _table_remittance(self):
        columns = [
            Column("STT", 6, centred=True),
            Column("Tháng", 10, centred=True),
            Column("Khoản thu", 40),
            Column("Loại", 9),
            Column("Nộp vào", 22),
            Column("Số tiền thu", 16, True),
            Column("Tỷ lệ để lại (%)", 12, centred=True),
            Column("Số tiền để lại", 16, True),
            Column("Số phải nộp ngân sách", 18, True),
            Column("Hạn nộp", 12),
        ]
        sums = defaultdict(int)
        for receipt in self._receipts():
            if receipt.state in ("cancelled", "replaced"):
                continue
            month = date(receipt.issued_on.year, receipt.issued_on.month, 1)
            for line in receipt.line_ids:
                rule = line.sudo().payment_line_id.fee_id.rule_id
                budget = rule.budget or line.payment_line_id.budget or "commune"
                key = (
                    month,
                    budget,
                    line.kind or "charge",
                    line.name,
                    rule.share_kept,
                    rule.remit_day or 5,
                )
                sums[key] += fee.whole(line.amount)
        rows = []
        for (month, budget, kind, name, share, day), amount in sorted(sums.items()):
            kept = fee.percent_of(amount, share)
            due = (month + relativedelta(months=1)).replace(day=day)
            rows.append(
                [
                    len(rows) + 1,
                    f"{month:%m/%Y}",
                    name,
                    KIND_NAMES[kind],
                    BUDGETS[budget],
                    amount,
                    share,
                    kept,
                    amount - kept,
                    f"{due:%d/%m/%Y}",
                ]
            )
        total = ["", "", "Tổng cộng", "", "", *self._sums(rows, (5,)), ""]
        total += [*self._sums(rows, (7, 8)), ""]
        return columns, rows, total, []

    @api.model
    def _sums(self, rows, places):
        return [sum(row[place] for row in rows) for place in places]

    def _table_exemptions(self):
        columns = [
            Column("STT", 6, centred=True),
            Column("Mã hồ sơ", 22),
            Column("Ngày tiếp nhận", 12),
            Column("Người được miễn, giảm", 26),
            Column("Khoản thu", 34),
            Column("Đối tượng", 26),
            Column("Mức giảm (%)", 9, centred=True),
            Column("Mức thu", 14, True),
            Column("Số tiền miễn, giảm", 14, True),
            Column("Giấy tờ chứng minh", 24),
            Column("Căn cứ", 30),
        ]
        start, end = (
            naive(datetime.combine(day, time(), self.company_id._cchc_tz()))
            for day in (self.date_from, self.date_to + relativedelta(days=1))
        )
        lines = self.env["cchc.dossier.fee"].search(
            [
                ("exemption_percent", ">", 0),
                ("dossier_id.company_id", "=", self.company_id.id),
                ("dossier_id.accepted_at", ">=", start),
                ("dossier_id.accepted_at", "<", end),
                ("dossier_id.state", "!=", "void"),
            ],
            order="dossier_id, id",
        )
        rows = []
        for number, line in enumerate(lines, start=1):
            dossier, exemption = line.dossier_id, line.exemption_id.sudo()
            result = line._charge()
            rows.append(
                [
                    number,
                    dossier.name,
                    f"{self.company_id._cchc_local_date(dossier.accepted_at):%d/%m/%Y}",
                    dossier.applicant_name or "",
                    line.name,
                    exemption.group_id.name or "",
                    line.exemption_percent,
                    result.gross if result else 0,
                    result.exempted if result else 0,
                    line.exemption_evidence or "",
                    exemption.legal_basis or "",
                ]
            )
        total = ["", "Tổng cộng", *[""] * 5, *self._sums(rows, (7, 8)), "", ""]
        return columns, rows, total, []


def _ranges(receipts):
    """Return the numbers of receipts of one book as ranges without holes."""
    ranges = []
    for receipt in receipts.sorted("number"):
        if ranges and receipt.number == ranges[-1][-1].number + 1:
            ranges[-1][1:] = [receipt]
        else:
            ranges.append([receipt])
    return ", ".join(
        " đến ".join(receipt.number_text for receipt in pair) for pair in ranges
    )
