from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tests.common import local

from ..tools import sampling
from .common_sample import SampleCase


@tagged("post_install", "-at_install")
class TestSample(SampleCase):
    """A sample of dossiers is drawn so that anybody can draw it again (A.6)."""

    def test_the_population_is_shown_before_the_draw(self):
        self._recorded(3)
        audit = self._running_audit()
        with Form(
            self.env["cchc.iso.sample"]
            .with_user(self.iso_auditor)
            .with_context(default_audit_id=audit.id)
        ) as form:
            form.period_from = date(2026, 5, 4)
            form.period_to = date(2026, 5, 4)
            self.assertEqual(form.population_count, 2)
            form.period_to = date(2026, 5, 31)
            self.assertEqual(form.population_count, 3)
            form.size = 2
            self.assertEqual(form.planned_size, 2)
            form.method = "all_late"
            self.assertEqual(form.planned_size, 0)

    def test_the_period_is_of_local_days(self):
        with freeze_time(local("04/05/2026 08:00")):
            dossier = self._accepted()
        sample = self._sample(self._running_audit(), period_field="accepted_at")
        sample.states = "all"
        # 01:00 UTC: on the 4th in Việt Nam
        for day, count in ((3, 0), (4, 1), (5, 0)):
            sample.write(
                {"period_to": date(2026, 5, day), "period_from": date(2026, 5, day)}
            )
            self.assertEqual(sample.population_count, count, dossier.accepted_at)

    def test_the_same_seed_draws_the_same(self):
        self._recorded(6)
        audit = self._running_audit()
        first = self._sample(audit, size=3)
        first.action_draw()
        self.assertEqual(first.state, "drawn")
        self.assertTrue(first.seed)
        self.assertEqual(first.drawn_count, 6)
        self.assertEqual(len(first.line_ids), 3)
        second = self._sample(audit, size=3)
        second._draw(first.seed)
        self.assertEqual(first.line_ids.mapped("code"), second.line_ids.mapped("code"))
        self.assertEqual(first.fingerprint, second.fingerprint)
        # By hand, from the codes in the order of their ends.
        codes = (
            self.env["cchc.dossier"]
            .search([("company_id", "=", self.commune.id)], order="ended_at")
            .sorted(lambda dossier: (dossier.ended_at, dossier.name))
            .mapped("name")
        )
        self.assertEqual(first.fingerprint, sampling.fingerprint(codes))
        self.assertEqual(
            first.line_ids.mapped("code"),
            [codes[place] for place in sampling.positions(first.seed, 6, 3)],
        )

    def test_two_draws_have_two_seeds(self):
        self._recorded(2)
        audit = self._running_audit()
        seeds = set()
        for _number in range(2):
            sample = self._sample(audit)
            sample.action_draw()
            seeds.add(sample.seed)
        self.assertEqual(len(seeds), 2)

    def test_drawn_again_and_compared(self):
        dossiers = self._recorded(4)
        sample = self._sample(self._running_audit())
        sample.action_draw()
        sample.action_verify()
        self.assertEqual(sample.verified, "same")
        # another dossier changed into the sample behind the ORM
        other = dossiers - sample.line_ids.sudo().dossier_id
        self.env.cr.execute(
            "UPDATE cchc_iso_sample_line SET dossier_id = %s WHERE id = %s",
            (other[0].id, sample.line_ids[0].id),
        )
        self.env.invalidate_all()
        sample.action_verify()
        self.assertEqual(sample.verified, "differs")
        # one more dossier of that month, e.g. imported later
        self._lived(day=6)
        sample.action_verify()
        self.assertEqual(sample.verified, "changed")

    def test_strata(self):
        second = self._new_procedure("9.800002", "Thủ tục hiếm")
        audit = self._running_audit(process_ids=False)
        self._recorded(4)
        rare = self._recorded(1, procedure=second)
        sample = self._sample(
            audit, method="stratified", stratify_by="procedure", size=3
        )
        sample.action_draw()
        lines = sample.line_ids
        self.assertEqual(len(lines), 3)
        self.assertIn(rare.name, lines.mapped("code"))
        self.assertEqual(len(set(lines.mapped("stratum"))), 2)
        by_unit = self._sample(
            audit, method="stratified", stratify_by="department", size=2
        )
        by_unit.action_draw()
        self.assertEqual(
            set(by_unit.line_ids.mapped("stratum")), {self.department.name}
        )

    def test_all_late_ones(self):
        late = self._recorded(1, late=True)
        self._recorded(2)
        sample = self._sample(self._running_audit(), method="all_late")
        self.assertEqual(sample.population_count, 1)
        sample.action_draw()
        self.assertEqual(sample.line_ids.mapped("code"), late.mapped("name"))
        self.assertTrue(sample.line_ids.is_late)
        self.assertEqual(sample.late_count, 1)

    def test_filters_of_the_population(self):
        self._recorded(2)
        audit = self._running_audit()
        sample = self._sample(audit)
        self.assertEqual(sample.population_count, 2)
        for values, count in (
            ({"department_ids": self.other_department.ids}, 0),
            ({"department_ids": self.department.ids}, 2),
            ({"sector_ids": self.sector.ids}, 2),
            ({"timeliness": "late"}, 0),
            ({"timeliness": "early"}, 2),
            ({"states": "open"}, 0),
            ({"states": "broken_off"}, 0),
            ({"states": "settled"}, 2),
        ):
            sample = self._sample(audit, **values)
            self.assertEqual(sample.population_count, count, values)

    def test_an_audit_of_certain_processes_samples_no_others(self):
        second = self._new_procedure("9.800002", "Thủ tục khác")
        self._recorded(1, procedure=second)
        sample = self._sample(self._running_audit())
        self.assertEqual(sample.population_count, 0)
        with self._refused(UserError, "No dossier fits the population"):
            sample.action_draw()

    def test_another_agency_is_not_sampled(self):
        self._recorded(1)
        self.env.cr.execute(
            "UPDATE cchc_dossier SET company_id = %s", (self.neighbour.id,)
        )
        self.env.invalidate_all()
        self.assertEqual(self._sample(self._running_audit()).population_count, 0)

    def test_size_by_the_table(self):
        self._recorded(3)
        audit = self._running_audit()
        sample = self._sample(audit, size_rule="table")
        self.assertEqual(sample.planned_size, 2)
        own = self.env["cchc.iso.sample.size"].with_user(self.secretary)
        own.create({"company_id": self.commune.id, "population_from": 3, "size": 3})
        self.assertEqual(self._sample(audit, size_rule="table").planned_size, 3)
        with self._refused(ValidationError, "overlap"):
            own.create({"company_id": self.commune.id, "population_from": 9, "size": 3})

    def test_the_period_of_the_audit(self):
        audit = self._running_audit(
            period_from=date(2026, 5, 1), period_to=date(2026, 5, 31)
        )
        self.assertTrue(self._sample(audit))
        with self._refused(ValidationError, "the period of a sample lies within"):
            self._sample(audit, period_to=date(2026, 6, 30))

    def test_by_judgement_with_a_reason(self):
        dossiers = self._recorded(3)
        sample = self._sample(self._running_audit(), method="judgement")
        action = sample.action_draw()
        pick = (
            self.env["cchc.iso.sample.pick"]
            .with_user(self.iso_auditor)
            .with_context(**action["context"])
        )
        form = Form(pick)
        wizard = form.save()
        self.assertEqual(
            set(wizard.line_ids.mapped("code")), set(dossiers.mapped("name"))
        )
        # nothing of the applicant is shown while choosing
        self.assertFalse(
            {"applicant_name", "partner_id"} & set(wizard.line_ids._fields)
        )
        wizard.line_ids[0].chosen = True
        with self._refused(UserError, "why it was chosen"):
            wizard.action_apply()
        wizard.line_ids[0].reason = "Có đơn phản ánh"
        code = wizard.line_ids[0].code
        wizard.action_apply()
        self.assertEqual(sample.state, "drawn")
        self.assertEqual(sample.line_ids.mapped("code"), [code])
        self.assertEqual(sample.line_ids.reason, "Có đơn phản ánh")
        self.assertEqual(sample.drawn_count, 3)
        # one more later, the same not twice
        ids = {dossier.id: "Bổ sung" for dossier in dossiers}
        sample._pick(ids)
        self.assertEqual(len(sample.line_ids), 3)
        self.assertEqual(sample.line_ids.mapped("draw_no"), [1, 2, 3])

    def test_by_judgement_only_of_the_population(self):
        stranger = self._lived(procedure=self._new_procedure("9.800002", "Khác"))
        sample = self._sample(self._running_audit(), method="judgement")
        with self._refused(UserError, "Only dossiers of the population"):
            sample._pick({stranger.id: "Tò mò"})

    def test_a_drawn_sample_is_fixed(self):
        self._recorded(3)
        sample = self._sample(self._running_audit())
        sample.action_draw()
        with self._refused(UserError, "is drawn already"):
            sample.action_draw()
        with self._refused(UserError, "is drawn already"):
            sample.size = 3
        with self._refused(UserError, "is drawn already"):
            sample.unlink()
        for values in ({"seed": "1"}, {"state": "draft"}, {"fingerprint": "x"}):
            with self._refused(AccessError, "Of a sample only its population"):
                sample.write(values)
        with self._refused(UserError, "written by the actions"):
            sample.line_ids.write({"code": "H50"})
        with self._refused(AccessError, r"cchc\.iso\.sample\.line"):
            sample.line_ids.unlink()

    def test_the_seed_is_not_chosen(self):
        sample = self._sample(self._running_audit(), seed="1", state="drawn")
        self.assertEqual((sample.seed, sample.state), (False, "draft"))

    def test_set_aside_with_a_reason(self):
        self._recorded(2)
        sample = self._sample(self._running_audit())
        sample.action_draw()
        wizard = (
            self.env["cchc.iso.sample.cancel"]
            .with_user(self.iso_auditor)
            .create({"sample_id": sample.id, "reason": "Chọn nhầm kỳ"})
        )
        wizard.action_apply()
        self.assertEqual(sample.state, "cancelled")
        self.assertEqual(sample._unanswered(), [])
        with self._refused(UserError, "is set aside"):
            sample.line_ids.check_ids[0].write({"finding": "conform"})

    def test_too_many_at_once(self):
        self._recorded(2)
        sample = self._sample(self._running_audit())
        path = "odoo.addons.cchc_iso.models.cchc_iso_sample.MOST"
        with patch(path, 1), self._refused(UserError, "narrow the period"):
            sample.action_draw()

    def test_who_draws(self):
        self._recorded(2)
        draft = self._new_audit()
        with self._refused(AccessError, "drawn by its auditors"):
            self._sample(draft)
        audit = self._running_audit()
        self._sample(audit, user=self.secretary).action_draw()
        for user in (self.second, self.member, self.head, self.handler):
            with self._refused(AccessError, r"cchc\.iso\.sample"):
                self._sample(audit, user=user)


@tagged("post_install", "-at_install")
class TestSampleAnswer(SampleCase):
    """What the record proposes is answered by a person, each question of it."""

    def setUp(self):
        super().setUp()
        self.sample = self._drawn(self._recorded(1))
        self.audit = self.sample.audit_id
        self.line = self.sample.line_ids
        self.checks = {check.type_id.code: check for check in self.line.check_ids}

    def test_the_questions_are_pre_filled(self):
        self.assertEqual(self.line.record_id.sudo().code, self.line.code)
        self.assertEqual(len(self.checks), 14)
        self.assertEqual(self.checks["step_times"].proposal, "met")
        self.assertEqual(self.checks["ledger_consistent"].proposal, "met")
        self.assertEqual(self.checks["right_issue"].proposal, "unknown")
        self.assertEqual(
            self.checks["step_times"].clause_id,
            self.env.ref("cchc_iso.clause_9001_2015_8_5_1"),
        )
        self.assertIn(
            "within its planned time", self.checks["step_times"].proposal_text
        )
        self.assertTrue(all(check.proposal_text for check in self.checks.values()))
        for check in self.checks.values():
            self.assertTrue(check.clause_id, check.name)

    def test_a_late_step_is_said(self):
        line = self._drawn(self._recorded(1, late=True), self.audit, name="Mẫu 2")
        check = line.line_ids.check_ids.filtered(
            lambda check: check.type_id.code == "step_times" and check.line_id.is_late
        )
        self.assertEqual(check.proposal, "not_met")
        self.assertRegex(check.proposal_text, r"Step 3 late by \d+ min: Ký duyệt")

    def test_a_proposal_is_no_answer(self):
        self.assertEqual(set(self.line.check_ids.mapped("finding")), {"not_checked"})
        self.assertEqual(self.line.finding, "not_checked")
        self.assertEqual(len(self.sample._unanswered()), 1)
        self.assertIn("14 question", self.sample._unanswered()[0])
        with self._refused(UserError, "cannot be closed"):
            self.audit.sudo()._cchc_check_answered()

    def test_an_override_needs_evidence(self):
        check = self.checks["right_issue"]
        with self._refused(ValidationError, "write the evidence"):
            check.write({"finding": "conform"})
        check.write({"finding": "conform", "evidence": "Đã xem bản giấy"})
        self.assertEqual(check.answered_by_id, self.iso_auditor)
        with self._refused(ValidationError, "write the evidence"):
            self.checks["step_times"].write({"finding": "nc_minor"})
        # what the record says needs nothing more
        self.checks["step_times"].write({"finding": "conform"})
        file = (
            self.env["ir.attachment"]
            .with_user(self.iso_auditor)
            .create({"name": "anh.png", "raw": b"x"})
        )
        self.checks["parts_complete"].write(
            {"finding": "observation", "evidence_file_ids": file.ids}
        )

    def test_the_worst_answer_is_that_of_the_dossier(self):
        self.line.check_ids.write({"finding": "not_applicable", "evidence": "–"})
        self.assertEqual(self.line.finding, "not_applicable")
        for finding in ("conform", "ofi", "observation", "nc_minor", "nc_major"):
            self.checks["supplement"].write({"finding": finding})
            self.assertEqual(self.line.finding, finding)
        self.checks["fee_right"].write({"finding": "not_checked"})
        self.assertEqual(self.line.finding, "not_checked")
        self.assertFalse(self.checks["fee_right"].answered_by_id)

    def test_confirm_what_is_met(self):
        self.line.action_confirm_met()
        for check in self.line.check_ids:
            expected = "conform" if check.proposal == "met" else "not_checked"
            self.assertEqual(check.finding, expected, check.name)

    def test_progress(self):
        self.assertEqual((self.sample.check_count, self.sample.progress), (14, 0.0))
        self.checks["step_times"].write({"finding": "conform"})
        self.env.invalidate_all()
        self.assertEqual(self.sample.open_check_count, 13)
        self.assertAlmostEqual(self.sample.progress, 100 / 14, 3)
        self.assertEqual(self.line.open_count, 13)

    def test_a_nonconformity_in_one_click(self):
        check = self.checks["parts_complete"]
        check.write({"finding": "nc_minor", "evidence": "Thiếu tờ khai bản gốc"})
        self.assertIn("no nonconformity", "".join(self._all_answered()))
        check.action_nonconform()
        raised = check.nonconformity_id.sudo()
        self.assertEqual(raised.dossier_id, self.line.sudo().dossier_id)
        self.assertEqual(raised.record_id, self.line.sudo().record_id)
        self.assertEqual(raised.clause_ids, check.clause_id)
        self.assertEqual(raised.audit_ids, self.audit)
        self.assertEqual(raised.category, "minor")
        self.assertEqual(raised.sample_line_id, self.line)
        self.assertEqual(raised.department_id, self.department)
        self.assertIn("Thiếu tờ khai bản gốc", raised.evidence)
        self.assertEqual(self.line.nonconformity_count, 1)
        self.assertEqual(self.sample._unanswered(), [])
        with self._refused(UserError, "withdraw it first"):
            check.write({"finding": "conform", "evidence": "Nhầm"})
        with self._refused(UserError, "it is evidence and stays"):
            self.sample._cancel("Thử")

    def _all_answered(self):
        for check in self.line.check_ids:
            if check.finding == "not_checked":
                check.write({"finding": "conform", "evidence": "Đã xem"})
        return self.sample._unanswered()

    def test_one_click_on_what_the_record_says(self):
        late = self._drawn(self._recorded(1, late=True), self.audit, name="Mẫu 2")
        line = late.line_ids.filtered("is_late")
        check = line.check_ids.filtered(lambda one: one.type_id.code == "step_times")
        check.action_nonconform()
        self.assertEqual(check.finding, "nc_minor")
        raised = check.nonconformity_id.sudo()
        self.assertRegex(raised.evidence, "Step 3 late by")
        # what is wrong is described, by what it was seen is the evidence
        self.assertIn(line.code, raised.description)
        self.assertIn(check.name, raised.description)
        self.assertNotIn("Step 3", raised.description)
        # the others of this dossier together
        rest = line.check_ids.filtered(
            lambda one: one.proposal == "not_met" and not one.nonconformity_id
        )
        self.assertTrue(rest)
        rest.write({"finding": "nc_major"})
        line.action_raise_nonconformity()
        self.assertEqual(len(rest.nonconformity_id), 1)
        self.assertEqual(rest.nonconformity_id.sudo().category, "major")
        with self._refused(UserError, "as not conforming first"):
            line.action_raise_nonconformity()

    def test_who_answers(self):
        check = self.checks["step_times"]
        for user in (self.second, self.secretary, self.head, self.member, self.desk):
            with self._refused(AccessError, "."):
                check.with_user(user).write({"finding": "conform"})
        with self._refused(UserError, "written by the actions"):
            check.write({"proposal": "not_met"})
        with self._refused(UserError, "written by the actions"):
            check.write({"finding": "conform", "answered_by_id": self.head.id})

    def test_nobody_audits_what_he_handled_himself(self):
        self.handler.group_ids += self.env.ref("cchc_iso.group_auditor")
        # in another department since
        self._put_into(self.other_department, self.handler)
        self.env.cr.execute(
            "INSERT INTO mgmtsystem_auditor_user_rel (user_id, mgmtsystem_audit_id) "
            "VALUES (%s, %s)",
            (self.audit.id, self.handler.id),
        )
        self.env.invalidate_all()
        check = self.checks["step_times"].with_user(self.handler)
        with self._refused(AccessError, "You handled dossier"):
            check.write({"finding": "conform"})

    def test_closed_with_the_audit(self):
        self._all_answered()
        self.audit.with_user(self.iso_auditor).line_ids.finding = "conform"
        self._close(self.audit)
        with self._refused(UserError, "closed"):
            self.checks["step_times"].write({"finding": "ofi", "evidence": "x"})
        with self._refused(AccessError, "drawn by its auditors"):
            self._sample(self.audit)

    def test_the_record_comes_later(self):
        dossier = self._lived()
        sample = self._sample(self.audit, method="judgement")
        sample._pick({dossier.id: "Chưa có hồ sơ quá trình"})
        line = sample.line_ids
        self.assertEqual(set(line.check_ids.mapped("proposal")), {"unknown"})
        self._record(dossier)
        sample.action_read_records_again()
        self.assertIn("met", line.check_ids.mapped("proposal"))
        self.assertTrue(line.record_id)

    def test_planned_beside_actual(self):
        html = str(self.line.steps_html)
        self.assertIn("Thụ lý", html)
        self.assertIn("480 min", html)

    def test_the_next_unanswered(self):
        sample = self._drawn(self._recorded(2), self.audit, name="Mẫu 2")
        first, second = sample.line_ids[:2]
        self.assertEqual(sample.action_next()["res_id"], first.id)
        self.assertEqual(first.action_next()["res_id"], second.id)
