from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common_fees import FeeCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestBundleTour(FeeCase, HttpCase):
    """A national group in a real browser: received once, paid once, returned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._new_user("clerk", "group_desk", "group_cashier")
        # The commune's own police settle residence here, as in many communes.
        cls.residence = cls.env.ref("cchc_onestop.bundle_birth_residence")
        cls.residence.agency_ids = [
            Command.create({"company_id": cls.commune.id, "agency_id": cls.commune.id})
        ]
        for code, name, amount, collector in (
            ("1_001193", "Lệ phí đăng ký quá hạn", 8000, None),
            ("1_004222", "Lệ phí cư trú", 20000, None),
            ("1_004222", "Lệ phí khác", 5000, cls.neighbour),
        ):
            procedure = cls.env.ref(f"cchc_onestop.procedure_{code}")
            cls._new_rule(
                procedure,
                code=f"LT_{amount}",
                name=name,
                kind="fee",
                unit="case",
                amount=amount,
                collector_id=collector and collector.id,
            )

    def _settle(self, part):
        """Bring a part of the commune to its result, whatever steps it has."""
        while part.state not in ("to_sign", "done"):
            part.with_user(self.handler).action_pass_step()
        part.with_user(self.leader).action_sign()
        while part.state == "to_sign":
            part.with_user(self.clerk).action_pass_step()

    def test_national_group_received_and_paid_once_and_returned(self):
        today = self.commune._cchc_local_date(fields.Datetime.now())
        if today.year != 2026:
            self.book.active = False
            self._new_book(self.commune, f"{today.year % 100:02d}TAB", today.year)
        kind = self.env.ref("cchc_onestop.bundle_birth")
        self.start_tour(
            "/odoo/cchc-receive", "cchc_desk_receives_group", login=self.clerk.login
        )
        self.env.invalidate_all()
        group = self.env["cchc.dossier"].search(
            [
                ("bundle_type_id", "=", kind.id),
                ("receiving_company_id", "=", self.commune.id),
            ]
        )
        self.assertEqual(len(group), 1)
        self.assertEqual(group.state, "accepted")
        self.assertEqual(group.partner_id, self.partner)
        payment = self.env["cchc.payment"].search(
            [("line_ids.dossier_id", "in", (group | group.child_ids).ids)]
        )
        self.assertEqual((len(payment), payment.state), (1, "paid"))
        self.assertEqual(payment.company_id, self.commune)
        receipt = payment.receipt_ids
        self.assertEqual((len(receipt), receipt.total), (1, 28000))
        self.assertEqual(
            receipt.line_ids.mapped("name"),
            [
                "Đăng ký khai sinh: Lệ phí đăng ký quá hạn",
                "Đăng ký thường trú: Lệ phí cư trú",
            ],
        )
        self.assertEqual(group.fee_paid, 28000)
        left = group.fee_ids.filtered("outstanding")
        self.assertEqual(left.collector_id, self.neighbour)
        self.assertEqual(left.outstanding, 5000)
        lines = {line.type_line_id: line for line in group.group_line_ids}
        self._settle(lines[kind.line_ids[0]].dossier_id)
        self._settle(lines[self.residence].dossier_id)
        self.start_tour(
            "/odoo/cchc-groups", "cchc_desk_follows_group", login=self.clerk.login
        )
        self.env.invalidate_all()
        whole = group | group.child_ids
        self.assertEqual(len(whole), 4)
        self.assertEqual(set(whole.mapped("state")), {"returned"})
        insurance = self.env.ref("cchc_onestop.bundle_birth_insurance")
        self.assertEqual(lines[insurance].external_code, "BH-2026-1")
