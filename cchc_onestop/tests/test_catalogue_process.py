from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_catalogue import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueProcess(CatalogueCase):
    """Steps fit the commitment, the commitment fits the law."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure = cls._new_procedure()
        cls.version = cls._publish(cls.procedure, "2026-01-01", amount=2)

    def test_steps_longer_than_committed_are_refused_with_the_sum(self):
        process = self._new_process(
            self.version, steps=(4, 6), committed_amount=1, committed_unit="working_day"
        )
        with self.assertRefused(UserError, r"4 \+ 6 = 10 hours.* 8 hours.*2 hours"):
            process.with_user(self.officer).action_publish()
        self.assertEqual(process.slack_hours, -2)
        process.step_ids[1].planned_amount = 4
        process.with_user(self.officer).action_publish()
        self.assertEqual(process.state, "published")
        self.assertEqual(process.cut_rate, 0.5)

    def test_committed_longer_than_statutory_is_refused(self):
        process = self._new_process(
            self.version, committed_amount=3, committed_unit="working_day"
        )
        with self.assertRefused(UserError, "longer than the statutory"):
            process.action_publish()

    def test_without_commitment_the_statutory_time_counts(self):
        process = self._new_process(self.version, steps=(8, 9))
        with self.assertRefused(UserError, "= 17 hours"):
            process.action_publish()

    def test_day_length_of_the_agency(self):
        calendar = self.env["resource.calendar"].create(
            {
                "name": "7 giờ",
                "company_id": self.commune.id,
                "cchc_hours_per_day": 7,
            }
        )
        self.commune.resource_calendar_id = calendar
        process = self._new_process(self.version, steps=(15,))
        with self.assertRefused(UserError, "14 hours"):
            process.action_publish()

    def test_process_of_a_draft_version_waits(self):
        draft = self._new_version(self.procedure, "2026-08-01")
        process = self._new_process(draft)
        with self.assertRefused(UserError, "publish the version"):
            process.action_publish()

    def test_published_process_is_immutable(self):
        process = self._new_process(self.version)
        process.action_publish()
        for record, vals in (
            (process, {"committed_amount": 9}),
            (process, {"state": "draft"}),
            (process.step_ids, {"planned_amount": 1}),
            (process, {"step_ids": [Command.clear()]}),
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                record.sudo().write(vals)
        with self.assertRaises(UserError):
            process.unlink()

    def test_amended_process_replaces_the_earlier_from_its_day(self):
        first = self._new_process(self.version, steps=(8,))
        first.action_publish()
        second = first._amend(date(2026, 7, 1))
        second.write({"committed_amount": 1})
        second.action_publish()
        self.assertEqual(first.state, "superseded")
        self.assertEqual(first.valid_to, date(2026, 6, 30))
        find = self.env["cchc.process"]._for
        self.assertEqual(find(self.version, self.commune, "2026-06-30"), first)
        self.assertEqual(find(self.version, self.commune, "2026-07-01"), second)
        limits = self.version._limits("counter", None, self.commune, "2026-07-01")
        self.assertEqual(limits.statutory[:2], (2, "working_day"))
        self.assertEqual(limits.committed[:2], (1, "working_day"))
        self.assertEqual(limits.process, second)
        before = self.version._limits("counter", None, self.commune, "2026-06-30")
        self.assertEqual(before.committed, before.statutory)

    def test_own_process_goes_before_that_of_the_province(self):
        province = self._new_process(self.version, self.province)
        province.action_publish()
        find = self.env["cchc.process"].with_user(self.reader)._for
        self.assertEqual(find(self.version, self.commune, "2026-05-01"), province)
        own = self._new_process(self.version, self.commune)
        own.action_publish()
        self.assertEqual(find(self.version, self.commune, "2026-05-01"), own)
        self.assertEqual(
            find(self.version, self.other_commune, "2026-05-01").id, province.id
        )
        online = self._new_process(self.version, self.commune, channel="online")
        online.action_publish()
        self.assertEqual(own.state, "published")
        self.assertEqual(
            find(self.version, self.commune, "2026-05-01", "online"), online
        )
        self.assertEqual(find(self.version, self.commune, "2026-05-01", "post"), own)

    def test_new_version_takes_the_processes_along(self):
        process = self._new_process(
            self.version, steps=(8,), committed_amount=1, committed_unit="working_day"
        )
        process.action_publish()
        draft = self.version._amend(date(2026, 9, 1))
        draft.channel_ids.time_limit_ids.amount = 4
        draft.action_publish()
        carried = draft.process_ids
        self.assertEqual(carried.state, "published")
        self.assertEqual(carried.valid_from, date(2026, 9, 1))
        self.assertEqual(carried.step_ids.mapped("planned_amount"), [8])
        # running dossiers keep theirs
        self.assertEqual(process.state, "published")

    def test_processes_of_other_agencies_are_taken_along_too(self):
        self._new_process(self.version, self.other_commune).action_publish()
        draft = self.version.with_user(self.officer)._amend(date(2026, 9, 1))
        draft.action_publish()
        self.assertEqual(draft.sudo().process_ids.company_id, self.other_commune)
        own = draft._amend(date(2026, 10, 1), company=self.commune)
        own.action_publish()
        self.assertFalse(own.sudo().process_ids)

    def test_process_that_no_longer_fits_stays_a_draft_and_says_why(self):
        process = self._new_process(self.version, steps=(16,))
        process.action_publish()
        draft = self.version._amend(date(2026, 9, 1))
        draft.channel_ids.time_limit_ids.amount = 1
        draft.action_publish()
        carried = draft.process_ids
        self.assertEqual(carried.state, "draft")
        self.assertIn("16 hours", carried.message_ids[0].body)

    def test_processes_of_all_procedures_in_one_go(self):
        for index, (amount, unit) in enumerate(
            ((1, "same_day"), (15, "calendar_day"), (0.5, "working_day"), (2, "month"))
        ):
            self._publish(
                self._new_procedure(f"9.92000{index}", f"TT {index}"),
                "2026-01-01",
                amount=amount,
                unit=unit,
            )
        department = self.env["hr.department"].create(
            {"name": "Phòng Kinh tế", "company_id": self.commune.id}
        )
        template = self.env.ref("cchc_onestop.process_template_commune")
        form = Form(
            self.env["cchc.process.generate"]
            .with_user(self.officer)
            .with_context(default_template_id=template.id)
        )
        form.sector_ids.add(self.sector)
        wizard = form.save()
        self.assertEqual(wizard.todo_count, 5)
        wizard.mapping_ids.filtered(
            lambda line: line.role == "handle"
        ).department_id = department
        action = wizard.action_generate()
        processes = self.env["cchc.process"].search(action["domain"])
        self.assertEqual(len(processes), 5)
        for process in processes:
            with self.subTest(limit=process.statutory_text):
                self.assertEqual(process.state, "published")
                self.assertAlmostEqual(
                    process.planned_hours, process.statutory_hours, 2
                )
                handle = process.step_ids.filtered(lambda step: step.role == "handle")
                self.assertEqual(handle.department_id, department)
                self.assertTrue(all(step.planned_amount for step in process.step_ids))
        wizard.invalidate_recordset()
        with self.assertRefused(UserError, "already has a process"):
            wizard.action_generate()

    def test_shortening_the_times_of_a_field_by_a_decision(self):
        process = self._new_process(self.version, steps=(16,))
        process.action_publish()
        decision = self.env["cchc.publication.decision"].create(
            {"number": "291/QĐ-UBND", "date": "2026-08-24", "kind": "time"}
        )
        wizard = (
            self.env["cchc.process.generate"]
            .with_user(self.officer)
            .create(
                {
                    "template_id": self.env.ref(
                        "cchc_onestop.process_template_commune"
                    ).id,
                    "sector_ids": self.sector.ids,
                    "valid_from": "2026-09-01",
                    "decision_id": decision.id,
                    "cut_percent": 25,
                    "replace_existing": True,
                }
            )
        )
        wizard.action_generate()
        self.assertEqual(process.state, "superseded")
        self.assertEqual(process.valid_to, date(2026, 8, 31))
        new = self.env["cchc.process"]._for(self.version, self.commune, "2026-09-01")
        self.assertEqual(new.committed_amount, 1.5)
        self.assertAlmostEqual(new.planned_hours, 12)
        self.assertEqual(new.cut_rate, 0.25)
        self.assertEqual(new.decision_id, decision)

    def test_agencies_change_only_their_own_processes(self):
        process = self._new_process(self.version)
        with self.assertRaises(AccessError):
            process.with_user(self.foreign_officer).read(["name"])
        province = self._new_process(self.version, self.province)
        province.with_user(self.officer).read(["name"])
        with self.assertRaises(AccessError):
            province.with_user(self.officer).write({"name": "x"})
        with self.assertRaises(AccessError):
            province.step_ids.with_user(self.officer).write({"name": "x"})
        with self.assertRaises(AccessError):
            process.with_user(self.reader).write({"name": "x"})
