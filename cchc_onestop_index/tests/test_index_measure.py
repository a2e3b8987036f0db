from fractions import Fraction

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import FIRST, LAST, NOW, IndexCase


@tagged("post_install", "-at_install")
class TestIndexMeasure(IndexCase):
    """What the components count (QĐ 766/QĐ-TTg), and what it lacks."""

    def test_period_is_that_of_acceptance(self):
        with self._at("30/09/2026 16:00"):
            self._accepted()
        with self._at("01/10/2026 08:00"):
            self._accepted()
        self.assertEqual(
            self._figure("DOSSIER_ON_TIME", now="01/10/2026 16:00"), (1, 1)
        )

    def test_on_time_until_the_term_is_missed(self):
        with self._at("09/11/2026 08:00"):
            dossier = self._accepted()
        self.assertEqual(
            self._figure("DOSSIER_ON_TIME", now="12/11/2026 16:00"), (1, 1)
        )
        self.assertEqual(self._figure("DOSSIER_ON_TIME"), (0, 1))
        self.assertEqual(self._losses("DOSSIER_ON_TIME").dossier_id, dossier)

    def test_fetched_late_is_on_time(self):
        with self._at("09/11/2026 08:00"):
            dossier = self._ready()
        with self._at("20/11/2026 08:00"):
            dossier.with_user(self.desk).action_return_result()
        self.assertEqual(self._figure("DOSSIER_ON_TIME"), (1, 1))
        self.assertFalse(self._losses("DOSSIER_ON_TIME"))

    def test_void_dossiers_do_not_count(self):
        with self._at("09/11/2026 08:00"):
            dossier = self._accepted()
            dossier.with_user(self.manager).action_void(content="Nhập nhầm")
        self.assertEqual(self._figure("DOSSIER_ON_TIME"), (0, 0))
        self.assertIsNone(self._measure()["DOSSIER_ON_TIME"].value)

    def test_online_needs_an_e_result_once_there_is_one(self):
        with self._at("09/11/2026 08:00"):
            self._accepted(channel="counter")
            self._accepted(channel="online")
            given = self._ready(channel="online")
        self.assertEqual(self._figure("DOSSIER_ONLINE"), (1, 3))
        self._result_file(given)
        self.assertEqual(self._figure("DOSSIER_ONLINE"), (2, 3))
        # min(6; 6 × (2/3) / 0,5)
        self.assertEqual(self._measure()["DOSSIER_ONLINE"].value, 6)

    def test_digitised_needs_part_and_result(self):
        with self._at("09/11/2026 08:00"):
            dossier = self._ready()
        self.assertEqual(self._figure("ORIGINAL_RESULT_AVAILABLE"), (0, 1))
        self._result_file(dossier)
        self.assertEqual(self._figure("ORIGINAL_RESULT_AVAILABLE"), (1, 1))
        self.assertEqual(self._figure("SO_HOA_GIAY_TO_GIAI_QUYET"), (0, 1))
        losses = self._losses("SO_HOA_GIAY_TO_GIAI_QUYET", self.desk)
        self.assertEqual(losses.mend, "digitise")
        action = losses.action_open()
        self.assertEqual(action["res_id"], dossier.id)
        self.assertEqual(self._first_page(action, self.desk), "digitisation")

    def _first_page(self, action, user):
        """Return the page of the notebook that the form of an action opens on."""
        view, kind = action["views"][0]
        arch = self.env[action["res_model"]].with_user(user).get_view(view, kind)
        return etree.fromstring(arch["arch"]).find(".//page[@autofocus]").get("name")

    def test_an_open_fee_opens_at_the_fees(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        loss = self._losses("DOSSIER_PAYMENT", self.desk)[:1]
        self.assertEqual(loss.mend, "pay")
        self.assertEqual(self._first_page(loss.action_open(), self.desk), "fees")

    def test_payment_counts_dossiers_with_a_fee(self):
        with self._at("09/11/2026 08:00"):
            dossier = self._accepted()
        lines = dossier.sudo().fee_ids
        due = int(any(line.due_amount for line in lines))
        self.assertEqual(self._figure("DOSSIER_PAYMENT"), (0, due))
        self.assertEqual(len(self._losses("DOSSIER_PAYMENT")), due)

    def test_petitions(self):
        self.assertEqual(self._figure("PETITION_PROCESSING_ON_TIME"), (0, 0))
        self.assertEqual(self._measure()["PETITION_PROCESSING_ON_TIME"].value, 6)
        petition = self._answered_petition()
        self._petition(at="20/10/2026 09:00")  # nobody accepts it
        at = "13/11/2026 09:00"
        code = "PETITION_PROCESSING_ON_TIME"
        self.assertEqual(self._figure(code, now=at), (1, 2))
        self.assertEqual(self._figure("PETITION_HANDLING_SATISFACTION", now=at), (1, 1))
        # the answer has to be published within two working days
        self.assertEqual(self._figure(code), (0, 2))
        late = self._losses(code, now=at)
        self.assertEqual(len(late), 1)
        self.assertNotEqual(late.petition_id, petition)
        self.assertEqual(late.mend, "answer")

    def test_petition_about_somebody_is_not_listed_for_him(self):
        petition = self._petition(at="20/10/2026 09:00")
        petition.concerned_user_ids = [Command.link(self.leader.id)]
        code = "PETITION_PROCESSING_ON_TIME"
        self.assertEqual(self._figure(code), (0, 1))
        self.assertEqual(len(self._losses(code)), 1)
        self.assertFalse(self._losses(code, self.leader))

    def test_slips_count_only_once_they_are_published(self):
        self._slips(4, at="14/10/2026 09:00", at_return="14/10/2026 08:00")
        slip = self._slips(
            1, "dissatisfied", at="14/10/2026 09:00", at_return="14/10/2026 08:00"
        )
        code = "DOSSIER_RECEIVING_SATISFACTION"
        self.assertEqual(self._figure(code), (5, 5))
        self._publish_october()
        self.assertEqual(self._figure(code), (4, 5))
        # min(6; 6 × 0,8 / 0,9)
        self.assertEqual(self._measure()[code].value, Fraction(16, 3))
        self.assertEqual(self._losses(code).evaluation_id, slip)

    def test_slips_stay_hidden_from_who_settled(self):
        """The list of what costs points shows no slip to the handler."""
        self._slips(4, at="14/10/2026 09:00", at_return="14/10/2026 08:00")
        self._slips(
            1, "dissatisfied", at="14/10/2026 09:00", at_return="14/10/2026 08:00"
        )
        self._publish_october()
        for user in (self.handler, self.desk):
            self.assertFalse(
                self._losses("DOSSIER_RECEIVING_SATISFACTION", user), user.name
            )

    def _publish_october(self):
        with self._at("02/11/2026 09:00"):
            result = (
                self.env["cchc.evaluation.result"]
                .with_user(self.leader)
                .create(
                    {
                        "company_id": self.commune.id,
                        "period": "month",
                        "date_from": "2026-10-01",
                    }
                )
            )
            result.action_publish()
        return result

    def test_losses_are_denominator_minus_numerator(self):
        """The list has exactly as many rows as the figure lacks, for each component."""
        with self._at("09/11/2026 08:00"):
            self._accepted()
            self._ready(channel="online")
            self._result_file(self._ready(channel="online"))
        self._petition(at="20/10/2026 09:00")
        self._answered_petition()
        checked = 0
        for code, measure in self._measure().items():
            if measure.state == "known":
                with self.subTest(code=code):
                    lacks = measure.denominator - measure.numerator
                    self.assertEqual(len(self._losses(code)), lacks)
                    checked += lacks
        self.assertGreater(checked, 5)

    def test_losses_of_another_agency_are_not_listed(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self.assertTrue(self._losses("DOSSIER_ON_TIME", self.handler))
        losses = self.env["cchc.index.loss"].with_user(self.outsider)
        with self._at(NOW):
            found = losses.with_context(
                allowed_company_ids=self.neighbour.ids,
                cchc_index_from="2026-10-01",
                cchc_index_to="2026-12-31",
            ).search([("kind", "=", "dossier")])
        self.assertFalse(found)

    # -- known and not known
    def test_what_the_portal_knows_is_not_zero(self):
        measure = self._measure()["DOSSIER_SYNC"]
        self.assertEqual((measure.state, measure.value), ("unknown", None))

    def test_policy_gives_communes_all_points(self):
        self.assertEqual(self._measure()["PUBLISH_ON_TIME"].state, "policy")
        self.assertEqual(self._measure()["PUBLISH_ON_TIME"].value, 6)
        province = self._measure(company=self.province)["PUBLISH_ON_TIME"]
        self.assertEqual((province.state, province.value), ("unknown", None))

    def test_figure_by_hand_goes_before_and_keeps_both(self):
        with self._at("09/11/2026 08:00"):
            self._accepted()
        with self._at(NOW):
            form = Form(
                self.env["cchc.index.input"]
                .with_user(self.leader)
                .with_context(
                    default_company_id=self.commune.id,
                    default_date_from=FIRST,
                    default_date_to=LAST,
                )
            )
            form.component_id = self.env.ref("cchc_onestop_index.component_progress")
            form.numerator, form.denominator = 9, 10
            form.source = "Cổng Dịch vụ công quốc gia"
            form.reason = "Cổng tính cả hồ sơ của Công an xã"
            row = form.save()
        self.assertEqual(row.entered_by_id, self.leader)
        self.assertEqual(
            (row.is_system_known, row.system_numerator, row.system_denominator),
            (True, 0, 1),
        )
        measure = self._measure()["DOSSIER_ON_TIME"]
        self.assertEqual((measure.state, measure.value), ("hand", 18))
        with self._refused(UserError, "withdraw"):
            row.numerator = 10
        with self._refused(UserError, "withdraw"):
            row.sudo().unlink()
        row.action_withdraw()
        self.assertEqual(row.withdrawn_by_id, self.leader)
        self.assertEqual(self._measure()["DOSSIER_ON_TIME"].state, "known")

    def test_figure_by_hand_is_not_for_officers(self):
        with self._refused(AccessError, "."):
            self.env["cchc.index.input"].with_user(self.desk).create({})

    def test_components_of_a_code_do_not_overlap(self):
        component = self.env.ref("cchc_onestop_index.component_progress")
        with self._refused(ValidationError, "overlap"):
            component.copy({"valid_from": "2026-01-01"})
        component.valid_to = "2026-12-30"
        component.copy({"valid_from": "2026-12-31", "valid_to": False, "maximum": 10})
        self.assertEqual(self._measure()["DOSSIER_ON_TIME"].value, None)
        with self._at("09/11/2026 08:00"):
            self._accepted()
        self.assertEqual(
            self._measure(now="10/11/2026 08:00")["DOSSIER_ON_TIME"].value, 10
        )

    # -- cost
    def test_statements_do_not_grow_with_the_agencies(self):
        """A province with five communes costs as many statements as one commune."""
        communes = self.commune | self.neighbour
        for number in range(3):
            communes |= self._new_company(
                f"UBND xã {number}", f"H50.9{number}", parent=self.province
            )
        components = self.env["cchc.index.component"]

        def count(companies):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            components._measure(companies, FIRST, LAST, local(NOW))
            return self.env.cr.sql_log_count - before

        count(communes)
        self.assertEqual(count(self.commune), count(communes))
