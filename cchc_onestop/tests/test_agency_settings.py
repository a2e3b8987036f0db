from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestAgencySettings(OnestopCase):
    """A manager sets what his agency needs without administering the system."""

    def _form(self, user):
        action = self.env["res.company"].with_user(user).action_cchc_agency()
        company = self.env["res.company"].with_user(user).browse(action["res_id"])
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        return company, Form(company, view=view)

    def test_the_manager_finds_and_sets_his_agency(self):
        company, form = self._form(self.manager)
        self.assertEqual(company, self.commune)
        form.cchc_hotline = "0233 3871 234"
        form.cchc_alert_hour = 6.5
        form.save()
        self.assertEqual(self.commune.cchc_hotline, "0233 3871 234")
        self.assertEqual(self.commune.cchc_alert_hour, 6.5)

    def test_pages_that_he_may_not_change_are_not_for_typing(self):
        _company, form = self._form(self.manager)
        for name in ("name", "cchc_level"):
            with self.assertRaises(AssertionError):
                setattr(form, name, "ministry")

    def test_the_company_itself_stays_the_systems(self):
        commune = self.commune.with_user(self.manager)
        for vals in (
            {"name": "Khác"},
            {"parent_id": False},
            {"cchc_level": "province"},
            {"cchc_hotline": "1", "currency_id": self.env.ref("base.USD").id},
            {"cchc_digest_date": "2026-01-01"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                commune.write(vals)
        with self.assertRaises(AccessError):
            self.env["res.company"].with_user(self.manager).create({"name": "Mới"})

    def test_not_another_agency_and_not_by_others(self):
        neighbour = self.neighbour.with_user(self.manager)
        with self.assertRaises(AccessError):
            neighbour.cchc_hotline = "1"
        for user in (self.desk, self.leader, self.catalogue, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.commune.with_user(user).cchc_hotline = "1"

    def test_an_agency_without_a_desk_is_not_shown_desk_work(self):
        officer = self._new_user("tinh", "group_auditor", company=self.province)
        menus = self.env["ir.ui.menu"]
        names = menus._cchc_desk_menus()
        desk = {self.env.ref(name).id for name in names}
        self.assertEqual(len(desk), len(names))

        def shown(user):
            return set(menus.with_user(user).load_menus(False)) & desk

        self.assertFalse(self.province.cchc_runs_desk)
        self.assertTrue(self.commune.cchc_runs_desk)
        self.assertFalse(shown(officer))
        self.assertIn(self.env.ref("cchc_onestop.menu_fees").id, shown(self.auditor))
        # a province with a desk of its own says so, and who is also of a commune sees
        self.province.cchc_runs_desk = True
        self.assertEqual(shown(officer), shown(self.auditor))
        self.province.cchc_runs_desk = False
        self.assertFalse(shown(officer))
        officer.company_ids += self.commune
        self.assertEqual(shown(officer), shown(self.auditor))
        officer.company_ids = self.province
        officer.group_ids += self.env.ref("cchc_onestop.group_subordinate")
        self.assertEqual(shown(officer), shown(self.auditor))

    def test_an_agency_with_dossiers_has_a_desk(self):
        self._accepted()
        self.commune.cchc_level = "province"
        self.assertTrue(self.commune.cchc_runs_desk)
