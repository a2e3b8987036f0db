from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import local
from .common_fees import FeeCase


@tagged("post_install", "-at_install")
class TestFeeRule(FeeCase):
    """What a dossier costs: by rule, by channel, by day, by who applies."""

    def _fee(self, at="09/11/2026 09:00", **values):
        with freeze_time(local(at)):
            dossier = self._draft(
                procedure=values.pop("procedure", self.copies), **values
            )
        return dossier.fee_ids

    def test_tiers_cap_and_how_it_was_worked_out(self):
        line = self._fee()
        self.assertEqual(line.rule_id, self.rule)
        self.assertEqual(line.name, "Phí chứng thực thử")
        line.quantity = 5
        self.assertEqual(line.subtotal, 7000)
        self.assertEqual(line.explanation, "2 page × 2.000 + 3 page × 1.000")
        self.assertEqual(line.legal_text, "2.000 đồng/trang")
        line.write({"quantity": 300, "items": 2})
        self.assertEqual(line.subtotal, 400000)
        self.assertEqual(line.due_amount, 400000)

    def test_screen_shows_what_the_rule_says(self):
        with freeze_time(local("09/11/2026 09:00")):
            form = Form(
                self.env["cchc.dossier"].with_user(self.desk),
                "cchc_onestop.cchc_dossier_view_form_reception",
            )
            form.procedure_id = self.copies
            form.applicant_name = "Trần Văn Nghèo"
            with form.fee_ids.edit(0) as line:
                line.quantity = 4
                self.assertEqual(line.subtotal, 6000)
                self.assertEqual(line.explanation, "2 page × 2.000 + 2 page × 1.000")
            form.fee_group_ids.add(self.env.ref("cchc_onestop.fee_group_poor"))
            form.fee_evidence = "GCN hộ nghèo 12/2026"
            with form.fee_ids.edit(0) as line:
                self.assertEqual(line.subtotal, 0)
            self.assertEqual(form.fee_total, 0)
            dossier = form.save()
        line = dossier.fee_ids
        self.assertEqual((line.due_amount, line.gross), (0, 6000))
        self.assertEqual(line.exemption_evidence, "GCN hộ nghèo 12/2026")
        self.assertEqual(line.state, "exempt")
        self.assertEqual(dossier.fee_state, "exempt")

    def test_a_draft_with_fees_costs_one_statement_for_them(self):
        self._fee()
        with freeze_time(local("09/11/2026 09:00")):
            values = {
                "procedure_id": self.copies.id,
                "applicant_name": "Lê Văn Đếm",
                "partner_id": self.partner.id,
            }
            dossiers = self.env["cchc.dossier"].with_user(self.desk)
            dossiers.create(dict(values))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            dossiers.create(dict(values))
            self.env.flush_all()
            without = self.env.cr.sql_log_count - before
            lines = [
                Command.create(vals)
                for vals in [
                    self.rule._line_vals("counter"),
                    {"name": "Lệ phí", "amount": 8000},
                ]
            ]
            before = self.env.cr.sql_log_count
            dossiers.create({**values, "fee_ids": lines})
            self.env.flush_all()
            self.assertLessEqual(self.env.cr.sql_log_count - before, without + 1)

    def test_province_goes_before_the_published_not_stated(self):
        procedure = self._new_procedure("9.800003", "Đăng ký quá hạn thử")
        published = procedure._version_at().fee_ids
        self.env.cr.execute(
            "UPDATE cchc_procedure_fee SET is_stated = FALSE, amount = 0 "
            "WHERE id = ANY(%s)",
            (published.ids,),
        )
        published.invalidate_recordset()
        line = self._fee(procedure=procedure)
        self.assertEqual(line.state, "not_stated")
        self.assertEqual(line.dossier_id.fee_state, "not_stated")
        rule = self._new_rule(
            procedure,
            code="HT_QUAHAN",
            name="Lệ phí hộ tịch",
            amount=8000,
            company_id=self.province.id,
        )
        line = self._fee(procedure=procedure)
        self.assertEqual((line.rule_id, line.subtotal), (rule, 8000))
        self.assertEqual(line.legal_text, "8.000 đồng/bản")
        own = self._new_rule(
            procedure,
            code="HT_QUAHAN",
            name="Lệ phí hộ tịch",
            amount=5000,
            company_id=self.commune.id,
        )
        self.assertEqual(self._fee(procedure=procedure).rule_id, own)
        foreign = self._new_rule(
            procedure,
            code="HT_QUAHAN",
            name="Lệ phí",
            amount=1,
            company_id=self.neighbour.id,
        )
        self.assertNotEqual(self._fee(procedure=procedure).rule_id, foreign)

    def test_what_is_published_as_free_stays_free(self):
        procedure = self._new_procedure("9.800004", "Đăng ký đúng hạn thử")
        self.env.cr.execute(
            "UPDATE cchc_procedure_fee SET amount = 0 WHERE id = ANY(%s)",
            (procedure._version_at().fee_ids.ids,),
        )
        self.env["cchc.procedure.fee"].invalidate_model()
        self._new_rule(procedure, code="X", name="Lệ phí", amount=9000)
        line = self._fee(procedure=procedure)
        self.assertEqual((line.state, line.dossier_id.fee_state), ("free", "none"))

    def test_rules_hold_by_the_day_of_submission(self):
        self.rule.valid_to = "2026-08-07"
        later = self._new_rule(
            code="CT_THU",
            name="Phí chứng thực thử",
            unit="page",
            amount=0,
            valid_from="2026-08-08",
        )
        self.assertEqual(self._fee(at="07/08/2026 23:00").rule_id, self.rule)
        self.assertEqual(self._fee(at="08/08/2026 00:30").rule_id, later)
        line = self._fee(
            at="09/08/2026 09:00",
            channel="online",
            submitted_at=local("07/08/2026 22:00"),
        )
        self.assertEqual(line.rule_id, self.rule)

    def test_channels(self):
        self.rule.channel_ids = [
            Command.create({"channel": "online", "method": "factor", "factor": 50})
        ]
        line = self._fee(channel="online")
        line.quantity = 5
        self.assertEqual(line.subtotal, 3500)
        self.rule.channel_ids.write({"method": "amount", "amount": 500})
        line = self._fee(channel="online")
        line.quantity = 5
        self.assertEqual(line.subtotal, 2500)
        self.assertEqual(self._fee(channel="counter").amount, 2000)

    def test_a_dossier_keeps_the_tariff_of_its_day(self):
        dossier = self._owing()
        self.rule.write({"amount": 9000, "cap_amount": 10})
        self.rule.tier_ids.unlink()
        dossier.fee_ids.invalidate_recordset()
        self.assertEqual(dossier.fee_ids.subtotal, 7000)

    def test_most_favourable_and_only_one(self):
        groups = self.env["cchc.fee.group"].create(
            [{"code": "a", "name": "Nhóm A"}, {"code": "b", "name": "Nhóm B"}]
        )
        self.env["cchc.fee.exemption"].create(
            [
                {
                    "group_id": group.id,
                    "percent": percent,
                    "rule_ids": [Command.set(self.rule.ids)],
                    "valid_from": "2026-01-01",
                    "valid_to": "2026-12-31",
                }
                for group, percent in zip(groups, (30, 50), strict=True)
            ]
        )
        line = self._fee(fee_group_ids=[Command.set(groups.ids)])
        line.quantity = 2
        self.assertEqual((line.exemption_percent, line.subtotal), (50, 2000))
        line = self._fee(at="02/01/2027 09:00", fee_group_ids=[Command.set(groups.ids)])
        self.assertFalse(line.exemption_id)

    def test_digital_citizen_has_dates(self):
        digital = self.env.ref("cchc_onestop.fee_group_digital")
        for at, percent in (
            ("14/08/2026 09:00", 0),
            ("15/08/2026 09:00", 100),
            ("28/02/2027 09:00", 100),
            ("01/03/2027 09:00", 0),
        ):
            line = self._fee(at=at, fee_group_ids=[Command.set(digital.ids)])
            self.assertEqual(line.exemption_percent, percent, at)

    def test_fees_closed_to_general_exemptions(self):
        self.rule.general_exemptions = False
        poor = self.env.ref("cchc_onestop.fee_group_poor")
        self.assertFalse(self._fee(fee_group_ids=[Command.set(poor.ids)]).exemption_id)

    def test_not_stated_exempt_is_exempt_not_zero(self):
        self.rule.is_stated = False
        poor = self.env.ref("cchc_onestop.fee_group_poor")
        line = self._fee(fee_group_ids=[Command.set(poor.ids)])
        self.assertIsNone(line._charge())
        self.assertEqual(line.state, "exempt")

    def test_percent_is_not_typed_in(self):
        line = self._fee()
        line.write({"exemption_percent": 100})
        self.assertFalse(line.exemption_percent)
        made = (
            self.env["cchc.dossier.fee"]
            .with_user(self.desk)
            .create(
                {
                    "dossier_id": line.dossier_id.id,
                    "name": "Lệ phí",
                    "amount": 5000,
                    "exemption_percent": 100,
                }
            )
        )
        self.assertEqual((made.exemption_percent, made.due_amount), (0, 5000))

    def test_what_was_paid_is_written_by_payments(self):
        line = self._fee()
        for vals in ({"paid_amount": 7000}, {"due_amount": 0}, {"waived_amount": 1}):
            with self._refused(UserError, "written by payments"):
                line.write(vals)
            with self._refused(UserError, "written by payments"):
                self.env["cchc.dossier.fee"].with_user(self.desk).create(
                    {"dossier_id": line.dossier_id.id, "name": "x", **vals}
                )
        with self._refused(UserError, "cannot be worked out"):
            line.write({"tariff": '{"nonsense": 1}'})

    @mute_logger("odoo.sql_db")
    def test_tiers_that_cannot_be(self):
        for unit in (1, 3):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.rule.tier_ids = [Command.create({"from_unit": unit, "amount": 1})]

    def test_shipped_rules(self):
        copies = self.env.ref("cchc_onestop.procedure_2_000815")
        rules = self.env["cchc.fee.rule"]
        day = local("09/11/2026 09:00").date()
        rule = rules._for(copies, rules.env["cchc.procedure.case"], day, self.commune)
        self.assertEqual(rule.code, "CT_BANSAO")
        self.assertEqual(rule.example, "2 page × 2.000 + 3 page × 1.000 = 7.000 đ")
        for code, amounts in (
            ("2.000884", [10000]),
            ("2.001035", [50000, 0]),
            ("2.000927", [25000]),
            ("2.000635", [8000]),
        ):
            procedure = self.env.ref(f"cchc_onestop.procedure_{code.replace('.', '_')}")
            lines = self._fee(procedure=procedure)
            self.assertEqual(lines.mapped("subtotal"), amounts, code)

    def test_financial_state_is_searched_as_it_is_shown(self):
        dossiers = self._owing(3)
        exempt = self._owing(
            fee_group_ids=[Command.set(self.env.ref("cchc_onestop.fee_group_poor").ids)]
        )
        self._paid(dossiers[0])
        half = self._paid(dossiers[1])
        self._reverse(half, half.line_ids, mode="refund", still_owed=False)
        bare = self._owing(fee_ids=False)
        bare.fee_ids.unlink()
        everything = dossiers | exempt | bare
        self.assertEqual(
            everything.mapped("fee_state"),
            ["paid", "refunded", "due", "exempt", "none"],
        )
        for state in set(everything.mapped("fee_state")):
            found = self.env["cchc.dossier"].search(
                [("fee_state", "=", state), ("id", "in", everything.ids)]
            )
            self.assertEqual(
                found,
                everything.filtered(lambda d, s=state: d.fee_state == s).sorted(
                    "id", reverse=True
                ),
                state,
            )
