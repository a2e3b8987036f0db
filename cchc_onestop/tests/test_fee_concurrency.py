from uuid import uuid4

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

from .common_process import run_apart

DESKS, EACH = 8, 15


@tagged("post_install", "-at_install", "cchc_concurrency")
class TestConcurrentPayments(BaseCase):
    """Desks collect at once: no number twice, none missing, no fee paid twice."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(
                cr,
                SUPERUSER_ID,
                {"tracking_disable": True, "no_reset_password": True},
            )
            # what is committed stays, archived: each run has names of its own
            self.token = uuid4().hex
            self._make(env)
        self.addCleanup(self._clean)

    def _make(self, env):
        company = env["res.company"].create(
            {
                "name": f"UBND xã {self.token}",
                "cchc_unit_code": "H99.02",
                "resource_calendar_id": env.ref(
                    "cchc_onestop.resource_calendar_office"
                ).id,
            }
        )
        self.company_id = company.id
        year = company._cchc_local_date(fields.Datetime.now()).year
        env["cchc.receipt.book"].create(
            {
                "company_id": company.id,
                "year": year,
                "symbol": f"{year % 100:02d}TAB",
            }
        )
        users = env["res.users"].create(
            [
                {
                    "name": f"Thủ quỹ {number}",
                    "login": f"cashier_{number}_{self.token}",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.link(env.ref("cchc_onestop.group_cashier").id)
                    ],
                }
                for number in range(DESKS)
            ]
        )
        self.user_ids = users.ids
        partner = env["res.partner"].create({"name": "Người nộp đồng thời"})
        procedure = env.ref("cchc_onestop.procedure_2_000884")
        dossiers = env["cchc.dossier"].create(
            [
                {
                    "procedure_id": procedure.id,
                    "company_id": company.id,
                    "receiving_company_id": company.id,
                    "applicant_name": partner.name,
                    "partner_id": partner.id,
                    "fee_ids": [Command.create({"name": "Phí", "amount": 10000})],
                }
                for _index in range(DESKS * EACH)
            ]
        )
        dossiers.action_accept()
        self.dossier_ids = dossiers.ids

    def _clean(self):
        """Remove by SQL what was committed: the ORM rightly refuses."""
        with self.registry.cursor() as cr:
            company = (self.company_id,)
            cr.execute(
                "DELETE FROM ir_attachment WHERE res_model = 'cchc.receipt.outbox' "
                "AND company_id = %s",
                company,
            )
            cr.execute("DELETE FROM cchc_receipt_outbox WHERE company_id = %s", company)
            cr.execute(
                "DELETE FROM cchc_receipt_line WHERE receipt_id IN "
                "(SELECT id FROM cchc_receipt WHERE company_id = %s)",
                company,
            )
            for table in ("receipt", "payment_line", "payment", "cash_closing"):
                cr.execute(f"DELETE FROM cchc_{table} WHERE company_id = %s", company)
            cr.execute(
                "UPDATE cchc_dossier SET current_step_id = NULL WHERE company_id = %s",
                company,
            )
            for table in ("event", "step", "document", "fee"):
                cr.execute(
                    f"DELETE FROM cchc_dossier_{table} WHERE dossier_id = ANY(%s)",
                    (self.dossier_ids,),
                )
            cr.execute("DELETE FROM cchc_dossier WHERE company_id = %s", company)
            cr.execute(
                "DELETE FROM cchc_number WHERE series LIKE %s",
                (f"%/{self.company_id}/%",),
            )
            cr.execute(
                "DELETE FROM cchc_number WHERE series = %s",
                (f"dossier/{self.company_id}",),
            )
            cr.execute("DELETE FROM cchc_receipt_book WHERE company_id = %s", company)
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.users"].browse(self.user_ids).active = False
            env["res.company"].browse(self.company_id).active = False

    def _collect(self, dossiers):
        return run_apart(
            "concurrent_payments.py",
            {
                "agency": self.company_id,
                "users": self.user_ids[: len(dossiers)],
                "dossiers": dossiers,
            },
        )

    def _numbers(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT number FROM cchc_receipt WHERE company_id = %s ORDER BY number",
                (self.company_id,),
            )
            return [row[0] for row in cr.fetchall()]

    def test_no_number_twice_and_none_missing(self):
        shares = [self.dossier_ids[start::DESKS] for start in range(DESKS)]
        results = self._collect(shares)
        given = [number for own in results for number, _refusal in own]
        self.assertNotIn(None, given, results)
        everything = list(range(1, DESKS * EACH + 1))
        self.assertEqual(sorted(map(int, given)), everything)
        self.assertEqual(self._numbers(), everything)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tills = env["cchc.cash.closing"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(sum(tills.mapped("total")), 10000 * DESKS * EACH)
            self.assertEqual(set(tills.mapped("receipt_count")), {EACH})

    def test_one_fee_at_two_desks_is_paid_once(self):
        same = self.dossier_ids[1:5]
        results = self._collect([same, same, same])
        paid = [number for own in results for number, _refusal in own if number]
        self.assertEqual(len(paid), len(same), results)
        self.assertEqual(self._numbers(), list(range(1, len(same) + 1)))
