from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common import local
from odoo.addons.cchc_onestop.tests.common_fees import FeeCase

from ..tools.figure import Figure
from .common import ReformCase

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
MAY = date(2026, 5, 1), date(2026, 5, 31)


@tagged("post_install", "-at_install")
class TestServiceMetric(FeeCase, ReformCase):
    """How dossiers are served, counted by hand: paid online, digitised, apologies."""

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(local("30/11/2026 09:00")))

    def _figure(self, key, period=NOVEMBER, company=None):
        company = company or self.commune
        metrics = self.env["cchc.reform.metric"].with_user(self.officer).sudo()
        return metrics._measure([key], company.ids, *period)[company.id, key]

    def _opened(self, key, period=NOVEMBER):
        """Return what is behind a figure, as a leader of both addons opens it."""
        user = self._new_reform_user("both", "group_officer")
        user.group_ids += self.env.ref("cchc_onestop.group_leader")
        metric = self.env["cchc.reform.metric"].search([("key", "=", key)])
        action = metric.with_user(user)._action(self.commune.ids, *period)
        return self.env[action["res_model"]].with_user(user).search(action["domain"])

    def test_paid_online(self):
        owing = self._owing(4)
        self._paid(owing[0], method="online", reference="GD-1")
        self._paid(owing[1])
        back = self._paid(owing[2], method="online", reference="GD-2")
        self._reverse(back, back.line_ids)
        key = "dossier_paid_online_share"
        # of four dossiers one is not paid, one got its fee back: 1 of 2
        self.assertEqual(self._figure(key), Figure(1, 2))
        self.assertEqual(self._opened(key), owing[0])
        self.assertEqual(self._figure(key, MAY), Figure(0, 0))
        self.assertIsNone(self._figure(key, MAY).share)
        self.assertEqual(self._figure(key, company=self.neighbour), Figure(0, 0))

    def test_parts_with_a_file(self):
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._draft()
            parts = self.env["cchc.dossier.document"].with_user(self.desk)
            rows = parts.create(
                [
                    {"dossier_id": dossier.id, "name": name, **values}
                    for name, values in (
                        ("Tờ khai", {"received": True}),
                        ("Giấy tờ quét", {"received": True}),
                        ("Tệp điện tử", {"received": True, "source": "efile"}),
                        ("Dữ liệu dân cư", {"received": True, "source": "database"}),
                        ("Không nộp", {"source": "efile", "required": False}),
                        ("Kết quả", {"received": True, "is_result": True}),
                    )
                ]
            )
            values = {"name": "quet.pdf", "raw": b"%PDF", "res_model": rows._name}
            file = self.env["ir.attachment"].with_user(self.desk).create(values)
            rows[1].attachment_ids = [Command.set(file.ids)]
            dossier.action_accept()
        key = "document_digitised_share"
        others = dossier.document_ids - rows
        self.assertFalse(others.attachment_ids)
        self.assertEqual(self._figure(key), Figure(3, 4 + len(others)))
        self.assertEqual(self._opened(key), rows[1:4])
        self.assertIsNone(self._figure(key, MAY).share)

    def test_apologies_for_late_dossiers(self):
        """Three working days from 2 November: late on the 5th at the end of office."""
        with freeze_time(local("02/11/2026 08:00")):
            kept, late, sorry = (self._accepted() for _number in range(3))
        with freeze_time(local("04/11/2026 08:00")):
            kept.with_user(self.handler).action_pass_step()
            kept.with_user(self.leader).action_sign()
            kept.with_user(self.desk).action_pass_step()
        with freeze_time(local("10/11/2026 08:00")):
            sorry.with_user(self.leader).action_extend(
                local("12/11/2026 16:00"), "Xin lỗi", self.delay
            )
        key = "dossier_apology_share"
        late_figure = self._figure("dossier_late")
        self.assertEqual(late_figure, Figure(2, None))
        self.assertEqual(self._figure(key), Figure(1, 2))
        self.assertEqual(self._opened(key), sorry)
        self.assertEqual(late.extension_count, 0)
        self.assertIsNone(self._figure(key, MAY).share)

    def test_procedures_at_the_desk(self):
        """Counted as the report II.07b counts them, of the agency's level."""
        key = "procedure_one_stop_share"
        before = self._figure(key)
        new = self._new_procedure("9.800077", "Thủ tục nhận tại một cửa")
        elsewhere = self._new_procedure("9.800078", "Chưa có quy trình", process=False)
        after = self._figure(key)
        self.assertEqual(after, Figure(before.numerator + 1, before.denominator + 2))
        opened = self._opened(key)
        self.assertEqual(len(opened), after.numerator)
        self.assertIn(new, opened)
        self.assertNotIn(elsewhere, opened)
        (new | elsewhere).repealed_from = "2026-11-20"
        self.assertEqual(self._figure(key), before)
