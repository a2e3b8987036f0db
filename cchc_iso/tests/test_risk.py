from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from .common import IsoCase


@tagged("post_install", "-at_install")
class TestRisk(IsoCase):
    """Rủi ro và cơ hội (TCVN ISO 9001 6.1)."""

    def _risk(self, **vals):
        return (
            self.env["cchc.iso.risk"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Hồ sơ dồn khi người thụ lý nghỉ phép",
                    "company_id": self.commune.id,
                    "system_id": self.system.id,
                    "department_id": self.department.id,
                    **vals,
                }
            )
        )

    def test_level_comes_from_the_table(self):
        risk = self._risk()
        with Form(
            self.env["cchc.iso.risk.assess"]
            .with_user(self.secretary)
            .with_context(default_risk_id=risk.id)
        ) as form:
            form.likelihood = "4"
            form.impact = "4"
            self.assertEqual(form.level_id.name, "High")
        form.save().action_confirm()
        self.assertEqual((risk.score, risk.level_id.name), (16, "High"))
        self.env["cchc.iso.risk.level"].search([("name", "=", "High")]).name = "Cao"
        self.assertEqual(risk.assessment_ids.level_name, "High")

    def test_every_assessment_is_kept(self):
        risk = self._risk()
        risk._cchc_assess("before", 4, 4, "Quý I")
        risk._cchc_assess("before", 3, 4)
        risk._cchc_assess("after", 1, 4)
        self.assertEqual((risk.score, risk.residual_score), (12, 4))
        self.assertEqual(len(risk.assessment_ids), 3)
        with self._refused(UserError, "cannot be changed"):
            risk.assessment_ids[:1].write({"score": 1})
        with self._refused(UserError, "closed, not deleted"):
            risk.unlink()
        with self._refused(UserError, "before its treatment first"):
            self._risk()._cchc_assess("after", 1, 1)

    def test_high_risk_is_not_just_accepted(self):
        risk = self._risk(treatment="accept")
        risk._cchc_assess("before", 5, 4)
        with self._refused(UserError, "cannot just be accepted"):
            risk.action_treated()
        risk.treatment = "reduce"
        with self._refused(UserError, "after its treatment first"):
            risk.action_treated()
        risk._cchc_assess("after", 2, 2)
        risk.action_treated()
        self.assertEqual(risk.state, "treated")
        with self._refused(UserError, "by its buttons"):
            risk.state = "closed"

    def test_action_of_a_risk(self):
        risk = self._risk(responsible_id=self.member.id, review_date="2026-12-15")
        with Form(
            self.env["cchc.iso.action.new"]
            .with_user(self.secretary)
            .with_context(**risk.action_new_action()["context"])
        ) as form:
            form.name = "Phân công người thay"
            self.assertEqual(form.user_id, self.member)
        form.save().action_add()
        self.assertEqual(risk.action_ids.department_id, self.department)
        self.assertEqual(risk.action_ids.type_action, "prevention")

    def test_levels_do_not_overlap(self):
        with self._refused(ValidationError, "share scores"):
            self.env["cchc.iso.risk.level"].create(
                {"name": "X", "score_from": 4, "score_to": 5}
            )

    def test_told_once_when_due(self):
        risk = self._risk(review_date="2026-12-01")
        with freeze_time(local("02/12/2026 08:00")):
            for _run in range(2):
                self.env["cchc.iso.risk"]._cron_tell_due()
            self.assertEqual(len(risk.activity_ids), 1)
            self.assertIn(risk, risk.search([("is_due", "=", True)]))

    def test_numbers_follow_each_other_and_members_only_read(self):
        with freeze_time(local("02/03/2026 08:00")):
            first, second = self._risk(), self._risk()
        self.assertEqual((first.code, second.code), ("RR-2026-01", "RR-2026-02"))
        with self.assertRaises(AccessError):
            first.with_user(self.member).write({"name": "X"})
        with self.assertRaises(AccessError):
            first.with_user(self.iso_auditor)._cchc_assess("before", 1, 1)

    def test_register_is_printed(self):
        risk = self._risk(cause="Một người làm một việc")
        risk._cchc_assess("before", 4, 4)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.member)
            ._render_qweb_html("cchc_iso.report_risks", self.system.ids)[0]
        )
        self.assertIn("Một người làm một việc", html.decode())
        action = risk.with_user(self.member).action_print_register()
        self.assertEqual(action["report_name"], "cchc_iso.report_risks")

    def test_map_shows_each_risk_where_it_stands_before_and_after(self):
        risk = self._risk(name="Dồn hồ sơ")
        risk._cchc_assess("before", 4, 5)
        risk._cchc_assess("after", 2, 3)
        fresh = self._risk(name="Chưa xử lý")
        fresh._cchc_assess("before", 4, 5)
        closed = self._risk(name="Đã đóng")
        domain = [("id", "in", (risk | fresh | closed).ids)]
        data = self.env["cchc.iso.risk"].with_user(self.member).get_map(domain)
        self.assertEqual(data["count"], 3)
        before, after = data["cells"]["before"], data["cells"]["after"]
        self.assertEqual(len(before), 25)
        cell = before["4-5"]
        self.assertEqual((cell["score"], cell["level"]), (20, "Very High"))
        self.assertEqual({row["id"] for row in cell["risks"]}, {risk.id, fresh.id})
        self.assertEqual([row["code"] for row in after["2-3"]["risks"]], [risk.code])
        self.assertEqual(after["2-3"]["level"], "Medium")
        self.assertEqual(data["not_assessed"]["before"], closed.ids)
        self.assertEqual(set(data["not_assessed"]["after"]), {fresh.id, closed.id})
        colors = {cell["color"] for cell in before.values()}
        self.assertEqual(colors, {level["color"] for level in data["levels"]})

    def test_map_of_a_neighbour_is_empty(self):
        risk = self._risk()
        risk._cchc_assess("before", 4, 5)
        foreign = self._new_iso_user("foreign", "group_officer", company=self.neighbour)
        data = (
            self.env["cchc.iso.risk"].with_user(foreign).get_map([("id", "=", risk.id)])
        )
        self.assertFalse(data["count"])
        self.assertFalse(any(c["risks"] for c in data["cells"]["before"].values()))
