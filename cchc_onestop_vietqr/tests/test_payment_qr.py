import io

import zxingcpp
from pypdf import PdfReader

from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_fees import FeeCase


def read_emv(text):
    """Return ``{tag: value}`` of an EMV text."""
    values = {}
    while text:
        tag, size = text[:2], int(text[2:4])
        values[tag], text = text[4 : 4 + size], text[4 + size :]
    return values


@tagged("post_install", "-at_install")
class TestPaymentQr(FeeCase):
    """VietQR on the payment slip, read from the printed page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partner = cls.commune.partner_id
        partner.write({"country_id": cls.env.ref("base.vn").id, "city": "Hải Trường"})
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": "3511000123456",
                "partner_id": partner.id,
                "bank_id": cls.env["res.bank"]
                .create({"name": "Ngân hàng thử", "bic": "970436"})
                .id,
                "proxy_type": "bank_acc",
                "proxy_value": "3511000123456",
            }
        )
        cls.commune.cchc_fee_bank_id = cls.bank

    def _codes(self, payment):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.cashier)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop.report_payment_slip_action", payment.ids)
        )
        pages = PdfReader(io.BytesIO(content)).pages
        return [
            code.text
            for page in pages
            for image in page.images
            for code in zxingcpp.read_barcodes(image.image.convert("L"))
        ]

    def test_the_printed_code_pays_the_payment(self):
        payment = self._payment(self._owing(2))
        (text,) = self._codes(payment)
        values = read_emv(text)
        self.assertEqual(values["00"], "01")
        self.assertEqual(values["53"], "704")
        self.assertEqual(values["54"], "14000")
        self.assertEqual(values["58"], "VN")
        account = read_emv(values["38"])
        self.assertEqual(account["00"], "A000000727")
        self.assertEqual(
            read_emv(account["01"]), {"00": "970436", "01": "3511000123456"}
        )
        self.assertEqual(account["02"], "QRIBFTTA")
        reference = read_emv(values["62"])["08"]
        self.assertTrue(reference.startswith(payment.name), reference)
        self.assertIn("Nguyen", reference)
        crc = self.bank._get_crc16(text[:-4].encode())
        self.assertEqual(values["63"], f"{crc:04X}")

    def test_no_code_where_none_can_be_made(self):
        payment = self._payment(self._owing())
        self.bank.bank_id.bic = False
        self.assertFalse(payment._payment_qr_text())
        self.bank.bank_id.bic = "970436"
        self.bank.proxy_value = False
        self.assertFalse(payment._payment_qr_text())
        self.commune.cchc_fee_bank_id = False
        self.assertFalse(payment._payment_qr_text())

    def test_a_slip_that_was_paid_asks_for_no_money(self):
        payment = self._paid(self._owing())
        self.assertEqual(self._codes(payment), [])
