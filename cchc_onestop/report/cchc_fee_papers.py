from odoo import api, fields, models

from ..tools import fee

METHOD_NAMES = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "online": "Thanh toán trực tuyến",
    "postal": "Qua bưu chính",
}


class ReportFeePaper(models.AbstractModel):
    """What the papers of payments share; the wording is official Vietnamese."""

    _name = "cchc.fee.paper"
    _description = "Paper of a Payment"

    @api.model
    def _place_and_date(self, company, moment):
        return self.env["report.cchc_onestop.report_receipt"]._get_place_and_date(
            company, moment
        )

    @api.model
    def _qr(self, text):
        return text and self.env["report.cchc_onestop.report_receipt"]._get_qr(text)

    @api.model
    def _dong(self, amount):
        return fee.dong(fee.whole(amount))

    @api.model
    def _values(self, model, docids, **values):
        """Return what every paper gets, with ``values`` of its own."""
        return {
            "doc_ids": docids,
            "doc_model": model,
            "docs": self.env[model].browse(docids),
            "dong": self._dong,
            "methods": METHOD_NAMES,
            **values,
        }


class ReportPaymentSlip(models.AbstractModel):
    """Payment slip (phiếu thanh toán phí, lệ phí): what is owed, and how to pay it."""

    _name = "report.cchc_onestop.report_payment_slip"
    _description = "Payment Slip"
    _inherit = ["cchc.fee.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        values = self._values("cchc.payment", docids)
        return {**values, "sheets": [self._sheet(doc) for doc in values["docs"]]}

    @api.model
    def _sheet(self, payment):
        """Return what the slip of one payment shows beside the payment itself."""
        agency = payment.company_id.sudo()
        return {
            "doc": payment,
            "agency": agency,
            "bank": agency.cchc_fee_bank_id,
            "place_and_date": self._place_and_date(
                agency, payment.paid_at or fields.Datetime.now()
            ),
            "qr": payment.state == "draft" and self._qr(payment._payment_qr_text()),
        }


class ReportFeeReceipt(models.AbstractModel):
    """Face of a receipt (bản thể hiện của biên lai điện tử)."""

    _name = "report.cchc_onestop.report_fee_receipt"
    _description = "Face of a Receipt"
    _inherit = ["cchc.fee.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        return self._values("cchc.receipt", docids)


class ReportCashClosing(models.AbstractModel):
    """The closed day of a collector (sổ quỹ ngày)."""

    _name = "report.cchc_onestop.report_cash_closing"
    _description = "Daily Cash Closing (print)"
    _inherit = ["cchc.fee.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        values = self._values("cchc.cash.closing", docids)
        return {
            **values,
            "moment": self._place_and_date,
            "now": fields.Datetime.now(),
            "by_kind": {
                closing.id: self._by_kind(closing.receipt_ids)
                for closing in values["docs"]
            },
        }

    @api.model
    def _by_kind(self, receipts):
        """Return ``[(name of the fee, number, amount)]`` of receipts that count."""
        lines = receipts.filtered(
            lambda receipt: receipt.state not in ("cancelled", "replaced")
        ).line_ids
        return [
            (name, len(own), sum(own.mapped("amount")))
            for name, own in lines.grouped("name").items()
        ]


class ReportFeeList(models.AbstractModel):
    """The lists of fees on paper."""

    _name = "report.cchc_onestop.report_fee_list"
    _description = "Lists of Fees (print)"
    _inherit = ["cchc.fee.paper"]

    @api.model
    def _get_report_values(self, docids, data=None):
        values = self._values("cchc.fee.report", docids)
        return {
            **values,
            "tables": [report._make_table() for report in values["docs"]],
            "place_and_date": self._place_and_date(
                values["docs"][:1].company_id, fields.Datetime.now()
            ),
        }
