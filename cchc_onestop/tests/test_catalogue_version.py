from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_catalogue import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueVersion(CatalogueCase):
    """A published version never changes; a dossier's day chooses its version."""

    def _new_full_version(self, procedure, valid_from):
        version = self._new_version(procedure, valid_from)
        version.write(
            {
                "case_ids": [Command.create({"name": "Phải xác minh"})],
                "document_ids": [Command.create({"name": "Tờ khai"})],
                "result_ids": [Command.create({"name": "Giấy xác nhận"})],
            }
        )
        version.channel_ids.time_limit_ids.fee_ids = [
            Command.create({"name": "Lệ phí", "amount": 8000})
        ]
        return version

    def test_published_version_refuses_every_change(self):
        version = self._new_full_version(self._new_procedure(), "2026-01-01")
        version.action_publish()
        limit = version.channel_ids.time_limit_ids
        changes = [
            (version, {"steps_text": "x"}),
            (version, {"valid_from": "2026-02-01"}),
            (version, {"state": "draft"}),
            (version, {"decision_id": False}),
            (version, {"subject_ids": [Command.clear()]}),
            (version, {"channel_ids": [Command.clear()]}),
            (version.channel_ids, {"note": "x"}),
            (limit, {"amount": 99}),
            (limit, {"to_confirm": True}),
            (limit.fee_ids, {"amount": 0}),
            (version.case_ids, {"name": "x"}),
            (version.document_ids, {"name": "x"}),
            (version.result_ids, {"name": "x"}),
        ]
        for user in (self.env.user, self.officer, self.env.ref("base.user_root")):
            for record, vals in changes:
                with (
                    self.subTest(user=user.login, model=record._name, vals=vals),
                    self.assertRaises(UserError),
                ):
                    record.with_user(user).write(vals)
        for record in (version, limit, limit.fee_ids, version.document_ids):
            with self.subTest(unlink=record._name), self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(UserError):
            self.env["cchc.procedure.document"].create(
                {"version_id": version.id, "name": "Thêm sau"}
            )
        with self.assertRaises(UserError):
            version.procedure_id.unlink()
        self.assertEqual(limit.amount, 5)

    def test_parts_of_a_draft_do_not_move_into_a_published_version(self):
        procedure = self._new_procedure()
        published = self._publish(procedure, "2026-01-01")
        draft = self._new_full_version(procedure, "2026-06-01")
        with self.assertRaises(UserError):
            draft.document_ids.version_id = published
            self.env.flush_all()

    def test_version_is_not_created_published(self):
        procedure = self._new_procedure()
        with self.assertRaises(UserError):
            self._new_version(procedure, "2026-01-01", state="published")
        draft = self._new_version(procedure, "2026-01-01")
        with self.assertRaises(UserError):
            draft.state = "published"

    def test_forged_context_does_not_unlock(self):
        version = self._publish(self._new_procedure(), "2026-01-01")
        for value in (True, 1, "key", {"cchc_guard": True}):
            with self.subTest(value=value), self.assertRaises(UserError):
                version.with_context(cchc_guard=value).write({"steps_text": "x"})

    def test_version_without_time_limit_is_not_published(self):
        procedure = self._new_procedure()
        version = self._new_version(procedure, "2026-01-01")
        version.channel_ids.unlink()
        with self.assertRefused(ValidationError, "no channel with a time limit"):
            version.action_publish()

    def test_version_of_the_day(self):
        procedure = self._new_procedure()
        first = self._publish(procedure, "2026-01-01")
        second = self._publish(procedure, "2026-07-01", amount=3)
        self.assertEqual(first.valid_to, date(2026, 6, 30))
        self.assertFalse(second.valid_to)
        self.assertFalse(procedure._version_at("2025-12-31"))
        self.assertEqual(procedure._version_at("2026-01-01"), first)
        self.assertEqual(procedure._version_at("2026-06-30"), first)
        self.assertEqual(procedure._version_at("2026-07-01"), second)
        shown = procedure.with_context(cchc_date="2026-03-01")
        self.assertEqual(shown.current_version_id, first)

    def test_correction_from_the_same_day_replaces_the_earlier_one(self):
        procedure = self._new_procedure()
        wrong = self._publish(procedure, "2026-01-01")
        right = wrong._amend(date(2026, 1, 1))
        right.channel_ids.time_limit_ids.amount = 4
        right.action_publish()
        self.assertEqual(procedure._version_at("2026-01-01"), right)
        self.assertEqual(wrong.valid_to, date(2025, 12, 31))

    def test_draft_does_not_end_the_version_in_force(self):
        procedure = self._new_procedure()
        version = self._publish(procedure, "2026-01-01")
        draft = self._new_version(procedure, "2026-07-01")
        self.assertFalse(version.valid_to)
        self.assertEqual(procedure._version_at("2026-08-01"), version)
        draft.unlink()
        self.assertTrue(version.exists())

    def test_own_version_goes_before_that_of_the_province_and_the_general(self):
        procedure = self._new_procedure()
        general = self._publish(procedure, "2026-01-01")
        province = self._publish(procedure, "2026-02-01", company_id=self.province.id)
        own = self._publish(procedure, "2026-03-01", company_id=self.commune.id)
        self.assertFalse(general.valid_to)
        find = procedure._version_at
        self.assertEqual(find("2026-01-15", self.commune), general)
        self.assertEqual(find("2026-02-15", self.commune), province)
        self.assertEqual(find("2026-03-15", self.commune), own)
        self.assertEqual(find("2026-03-15", self.other_commune), province)
        self.assertEqual(find("2026-03-15", self.province), province)
        self.assertEqual(find("2026-03-15", self.env.ref("base.main_company")), general)

    def test_versions_of_many_procedures_cost_one_query(self):
        procedures = self.env["cchc.procedure"].create(
            [
                {"code": f"9.91{i:04}", "name": f"TT {i}", "sector_id": self.sector.id}
                for i in range(30)
            ]
        )
        for procedure in procedures:
            self._publish(procedure, "2026-01-01")
        self.env.flush_all()
        self.env.invalidate_all()
        procedures.mapped("code")
        self.assertTrue(self.commune.parent_path)  # in cache, as at a desk
        with self.assertQueryCount(2):
            found = procedures._versions_at(date(2026, 5, 1), self.commune)
            self.assertEqual(len(found), 30)

    @freeze_time("2026-11-23")
    def test_repealed_procedure_refuses_new_dossiers_from_its_day(self):
        procedure = self._new_procedure()
        version = self._publish(procedure, "2026-01-01")
        wizard = self.env["cchc.procedure.repeal"].create(
            {"procedure_ids": procedure.ids, "repealed_from": "2026-12-01"}
        )
        wizard.action_repeal()
        self.assertEqual(version.valid_to, date(2026, 11, 30))
        self.assertEqual(procedure._check_receivable("2026-11-30"), version)
        with self.assertRefused(UserError, "repealed from"):
            procedure._check_receivable("2026-12-01")
        self.assertEqual(procedure.state, "in_force")
        with freeze_time("2026-12-01"):
            procedure.invalidate_recordset()
            self.assertEqual(procedure.state, "repealed")
            found = self.env["cchc.procedure"].search([("state", "=", "repealed")])
            self.assertIn(procedure, found)
            late = self._new_version(procedure, "2026-12-15")
            with self.assertRefused(ValidationError, "take back the repeal"):
                late.action_publish()
        procedure.action_reinstate()
        self.assertFalse(version.valid_to)

    def test_procedure_without_version_in_force_is_not_received(self):
        procedure = self._new_procedure()
        self._publish(procedure, "2026-07-01")
        with self.assertRefused(UserError, "no published version in force"):
            procedure._check_receivable("2026-06-30")

    @freeze_time("2026-11-23")
    def test_state_is_searchable(self):
        states = {}
        for code, state in enumerate(("draft", "to_come", "in_force", "repealed")):
            states[state] = self._new_procedure(f"9.90001{code}", state)
        self._publish(states["to_come"], "2027-01-01")
        self._publish(states["in_force"], "2026-01-01")
        self._publish(states["repealed"], "2026-01-01")
        states["repealed"].repealed_from = "2026-10-01"
        for state, procedure in states.items():
            with self.subTest(state=state):
                self.assertEqual(procedure.state, state)
                found = self.env["cchc.procedure"].search(
                    [("sector_id", "=", self.sector.id), ("state", "=", state)]
                )
                self.assertEqual(found, procedure)
        others = self.env["cchc.procedure"].search(
            [("sector_id", "=", self.sector.id), ("state", "!=", "draft")]
        )
        self.assertEqual(len(others), 3)

    def test_amending_copies_the_content_with_cases_and_forms(self):
        procedure = self._new_procedure()
        version = self._new_full_version(procedure, "2026-01-01")
        version.document_ids.write(
            {
                "case_id": version.case_ids.id,
                "template_file": b"VEVTVA==",
                "template_file_name": "to_khai.pdf",
            }
        )
        version.channel_ids.time_limit_ids = [
            Command.create(
                {"case_id": version.case_ids.id, "amount": 8, "sequence": 20}
            )
        ]
        version.action_publish()
        wizard = (
            self.env["cchc.procedure.amend"]
            .with_user(self.officer)
            .create({"version_id": version.id, "valid_from": "2026-07-01"})
        )
        action = wizard.action_amend()
        draft = self.env["cchc.procedure.version"].browse(action["res_id"])
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft._export_data(), version._export_data())
        self.assertEqual(draft.document_ids.case_id, draft.case_ids)
        self.assertEqual(draft.document_ids.template_file, b"VEVTVA==")
        self.assertNotEqual(draft.case_ids, version.case_ids)
        self.assertEqual(
            draft._describe_differences(version._export_data(), draft._export_data()),
            [],
        )

    @freeze_time("2026-11-23")
    def test_confirming_changes_the_marks_only_and_is_logged(self):
        procedure = self._new_procedure()
        version = self._new_full_version(procedure, "2026-01-01")
        version.channel_ids.time_limit_ids.to_confirm = True
        version.document_ids.to_confirm = True
        version.action_publish()
        self.assertTrue(version.to_confirm)
        self.assertTrue(procedure.to_confirm)
        before = version._export_data()
        with self.assertRaises(AccessError):
            version.with_user(self.reader).action_confirm()
        version.with_user(self.officer).action_confirm()
        self.assertFalse(version.to_confirm)
        self.assertFalse(procedure.to_confirm)
        message = version.message_ids[0]
        self.assertEqual(message.author_id, self.officer.partner_id)
        self.assertIn("Confirmed", message.body)
        after = version._export_data()
        self.assertEqual(version._describe_differences(before, after), [])

    def test_limit_of_channel_and_case(self):
        procedure = self._new_procedure()
        version = self._new_version(procedure, "2026-01-01", amount=3)
        version.case_ids = [Command.create({"name": "Phải xác minh"})]
        version.channel_ids.time_limit_ids = [
            Command.create(
                {"case_id": version.case_ids.id, "amount": 8, "sequence": 20}
            )
        ]
        version.channel_ids = [
            Command.create(
                {
                    "channel": "online",
                    "time_limit_ids": [
                        Command.create({"amount": 2, "unit": "working_day"})
                    ],
                }
            )
        ]
        pick = version._pick_time_limit
        self.assertEqual(pick("counter").amount, 3)
        self.assertEqual(pick("counter", version.case_ids).amount, 8)
        self.assertEqual(pick("post").amount, 3)
        self.assertEqual(pick("kiosk").amount, 2)
        self.assertEqual(pick("online", version.case_ids).amount, 2)
        self.assertEqual(pick().amount, 3)

    def test_not_stated_is_not_free(self):
        version = self._new_full_version(self._new_procedure(), "2026-01-01")
        fee = version.fee_ids
        self.assertEqual(fee._total_for(3), 24000)
        fee.write({"is_stated": False, "amount": 0})
        self.assertIsNone(fee._total_for(3))
        self.assertIn("not stated", fee.display_name)

    def test_tiers_and_cap_of_a_fee(self):
        version = self._new_full_version(self._new_procedure(), "2026-01-01")
        fee = version.fee_ids
        fee.write(
            {"amount": 2000, "tier_from": 3, "tier_amount": 1000, "cap_amount": 200000}
        )
        self.assertEqual(fee._total_for(1), 2000)
        self.assertEqual(fee._total_for(2), 4000)
        self.assertEqual(fee._total_for(5), 7000)
        self.assertEqual(fee._total_for(500), 200000)

    def test_a_version_is_written_and_published_on_screen(self):
        procedure = self._new_procedure()
        form = Form(
            self.env["cchc.procedure.version"]
            .with_user(self.officer)
            .with_context(default_procedure_id=procedure.id)
        )
        form.name = procedure.name
        form.valid_from = "2026-01-01"
        with form.channel_ids.new() as channel:
            channel.channel = "online"
            with channel.time_limit_ids.new() as limit:
                limit.amount = 2
                limit.unit = "working_day"
        with form.document_ids.new() as part:
            part.name = "Tờ khai"
        version = form.save()
        with Form(version.time_limit_ids) as limit, limit.fee_ids.new() as fee:
            fee.name = "Lệ phí"
            fee.amount = 8000
        version.action_publish()
        self.assertEqual(version.time_limit_ids.amount, 2)
        self.assertEqual(version.fee_ids.amount, 8000)
        self.assertEqual(procedure._version_at("2026-01-01"), version)

    def test_list_costs_the_same_queries_for_ten_and_for_sixty(self):
        procedures = self.env["cchc.procedure"].search([], limit=60)
        names = ["code", "name", "state", "time_summary", "online_level"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - before

        count(procedures)
        self.assertLessEqual(count(procedures), count(procedures[:10]) + 1)

    def test_agencies_change_only_what_is_theirs(self):
        procedure = self._new_procedure()
        draft = self._new_version(
            procedure, "2026-01-01", company_id=self.commune.id
        ).with_user(self.officer)
        draft.steps_text = "Của xã mình"
        with self.assertRaises(AccessError):
            draft.with_user(self.foreign_officer).read(["name"])
        with self.assertRaises(AccessError):
            draft.channel_ids.with_user(self.foreign_officer).write({"note": "x"})
        shared = self._new_version(procedure, "2026-01-01")
        shared.with_user(self.reader).read(["name"])
        with self.assertRaises(AccessError):
            shared.with_user(self.reader).write({"steps_text": "x"})
        with self.assertRaises(AccessError):
            shared.with_user(self.reader).action_publish()
