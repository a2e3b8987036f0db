from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestFirstSteps(OnestopCase):
    """A new agency sees what is missing before its first dossier."""

    def _page(self, company, user=None):
        steps = self.env["cchc.first.steps"].with_user(user or self.manager)
        return steps.with_company(company).new({"company_id": company.id})

    def test_a_new_agency_begins_with_nothing(self):
        company = self._new_company("UBND xã Tân Lập", False, parent=self.province)
        manager = self._new_user("tanlap", "group_manager", company=company)
        page = self._page(company, manager)
        self.assertEqual(
            (page.agency_done, page.process_count, page.dossier_count, page.book_count),
            (False, 0, 0, 0),
        )
        # a manager holds every role himself
        self.assertEqual((page.desk_count, page.leader_count), (1, 1))
        company.write({"cchc_unit_code": "H50.99", "cchc_place": "Tân Lập"})
        self._new_user("tanlap_desk", "group_desk", company=company)
        page = self._page(company, manager)
        self.assertTrue(page.agency_done)
        self.assertEqual(page.desk_count, 2)
        self.assertGreater(page.procedure_count, 0)

    def test_an_agency_at_work_has_its_ticks(self):
        self._accepted()
        page = self._page(self.commune)
        self.assertTrue(page.people_done)
        self.assertGreaterEqual(page.dossier_count, 1)
        self.assertGreaterEqual(page.process_count, 1)

    def test_the_page_of_the_manager(self):
        with Form(
            self.env["cchc.first.steps"]
            .with_user(self.manager)
            .with_company(self.commune)
        ) as page:
            self.assertEqual(page.company_id, self.commune)
            self.assertTrue(page.people_done)
        action = page.record.action_agency()
        self.assertEqual(action["res_id"], self.commune.id)
        with self.assertRaises(AccessError):
            self.env["cchc.first.steps"].with_user(self.desk).create({})

    def test_fees_are_in_dong_where_nothing_was_taken(self):
        dollar, dong = self.env.ref("base.USD"), self.env.ref("base.VND")
        root = self._new_company("UBND tỉnh Mới", "H98", level="province")
        root.currency_id = dollar
        below = self._new_company("UBND xã Mới", "H98.01", parent=root)
        self.assertEqual(below.currency_id, dollar)
        self.env["res.company"]._cchc_use_dong()
        self.assertEqual(root.currency_id | below.currency_id, dong)
        self.assertTrue(dong.active)
