from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import local
from .common_bundle import BundleCase

CARD = "045190000123|191234567|NGUYỄN THỊ HOA|08031990|Nữ|Thôn Trường Xuân|01052021"


@tagged("post_install", "-at_install")
class TestBundleReception(BundleCase):
    """One reception of a group: everything entered once, accepted at once."""

    def _form(self):
        return Form(
            self.env["cchc.dossier"].with_user(self.desk),
            "cchc_onestop.cchc_dossier_view_form_reception",
        )

    @freeze_time(local("09/11/2026 09:15"))
    def test_nothing_is_typed_twice(self):
        """A group of four takes as many inputs as one dossier, and one for the choice.

        Singly each of its procedures is chosen, its applicant scanned, its parts
        ticked and the dossier accepted: four inputs each. The parts that begin later
        are followed to the last: none of them asks for anything of this again.
        """
        inputs = {"group": 0, "single": 0}

        def enter(kind, form, name, value):
            setattr(form, name, value)
            inputs[kind] += 1

        form = self._form()
        enter("group", form, "procedure_id", self.whole)
        enter("group", form, "scan", CARD)
        with form.group_line_ids.edit(3) as line:
            self.assertEqual(line.name, "Thẻ căn cước")
            enter("group", line, "chosen", True)
        enter("group", form, "all_received", True)
        group = form.save()
        group.action_accept()
        inputs["group"] += 1
        for procedure in (self.birth, self.residence, self.procedure, self.procedure):
            form = self._form()
            enter("single", form, "procedure_id", procedure)
            enter("single", form, "scan", CARD)
            enter("single", form, "all_received", True)
            form.save().action_accept()
            inputs["single"] += 1
        self.assertEqual(inputs, {"group": 5, "single": 16})
        self._settle(self._part(group, self.first))
        self._settle_neighbour(self._part(group, self.second))
        self._result(group, self.third)
        self.assertEqual(len(group.child_ids), 4)
        whole = group | group.child_ids
        for name in (
            *("applicant_name", "applicant_identity", "applicant_phone"),
            *("applicant_birth_date", "applicant_sex", "applicant_address"),
            "partner_id",
        ):
            with self.subTest(name):
                self.assertTrue(group[name])
                self.assertEqual(len({part[name] for part in whole}), 1)
        names = group.document_ids.mapped("name")
        self.assertEqual(len(names), len(set(names)))
        papers = group.child_ids.document_ids.filtered(lambda row: not row.is_result)
        self.assertTrue(all(papers.mapped("received")))
        self.assertTrue(all(row.shared_from_id for row in papers))
        self.assertEqual(papers.shared_from_id, group.document_ids)

    @freeze_time(local("09/11/2026 09:15"))
    def test_screen_shows_agency_process_and_due_date_before_acceptance(self):
        form = self._form()
        form.procedure_id = self.whole
        lines = {row["name"]: row for row in form.group_line_ids._records}
        self.assertEqual(len(lines), 4)
        self.assertEqual(
            [row["agency_name"] for row in lines.values()],
            ["UBND xã Hải Trường", "UBND xã Hải Lăng", "BHXH cơ sở", "Công an"],
        )
        self.assertEqual(lines["Thường trú"]["after_text"], "Khai sinh")
        for name, due in (
            ("Khai sinh", "10/11/2026 17:00"),
            ("Thường trú", "12/11/2026 17:00"),
            ("Thẻ BHYT", "12/11/2026 17:00"),
        ):
            with self.subTest(name):
                self.assertEqual(str(lines[name]["planned_due_at"]), str(local(due)))
        self.assertEqual(form.preview_due_at, local("12/11/2026 17:00"))
        self.assertNotIn("Ảnh", [d["name"] for d in self._required(form)])
        with form.group_line_ids.edit(3) as line:
            line.chosen = True
        # 1 + 2 + 5 working days: the card reaches beyond the time for the whole.
        self.assertEqual(form.preview_due_at, local("19/11/2026 17:00"))
        self.assertIn("Ảnh chân dung", [d["name"] for d in self._required(form)])
        with form.group_line_ids.edit(1) as line:
            line.verify = True
        self.assertEqual(form.preview_due_at, local("24/11/2026 17:00"))

    def _required(self, form):
        return [row for row in form.document_ids._records if row["required"]]

    @freeze_time(local("09/11/2026 09:15"))
    def test_one_acceptance_opens_the_group_and_its_first_parts(self):
        group = self._received()
        self.assertEqual(group.state, "accepted")
        self.assertEqual(group.due_at, local("12/11/2026 17:00"))
        self.assertFalse(group.step_ids)
        self.assertEqual(group.user_id, self.desk)
        first = self._part(group, self.first)
        self.assertEqual(group.child_ids, first)
        self.assertEqual(first.state, "accepted")
        self.assertEqual(first.due_at, local("10/11/2026 17:00"))
        self.assertEqual(first.step_ids[1].user_id, self.handler)
        self.assertEqual(
            (group.name, first.name), ("H50.21-261109-0001", "H50.21-261109-0002")
        )
        self.assertEqual(
            group.group_line_ids.mapped("state"),
            ["running", "waiting", "waiting", "left_out"],
        )
        self.assertEqual(group.bundle_id.part_count, 3)
        group.action_accept()
        self.assertEqual(len(group.child_ids), 1)
        self.assertEqual(len(group.event_ids), 1)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify((group | first).ids))

    def test_received_after_fifteen_counts_from_the_next_working_day(self):
        for moment, first, whole in (
            ("09/11/2026 15:00", "10/11/2026 17:00", "12/11/2026 17:00"),
            ("09/11/2026 15:01", "11/11/2026 17:00", "13/11/2026 17:00"),
            # Friday afternoon: taken as received on Monday.
            ("13/11/2026 16:00", "17/11/2026 17:00", "19/11/2026 17:00"),
        ):
            with self.subTest(moment), freeze_time(local(moment)):
                group = self._received()
                self.assertEqual(self._part(group, self.first).due_at, local(first))
                self.assertEqual(group.due_at, local(whole))

    @freeze_time(local("09/11/2026 09:15"))
    def test_papers_are_shared_not_copied(self):
        group = self._draft(procedure=self.whole)
        scan = (
            self.env["ir.attachment"]
            .with_user(self.desk)
            .create(
                {
                    "name": "chung-sinh.pdf",
                    "raw": b"%PDF-1.4 once",
                    "res_model": "cchc.dossier.document",
                }
            )
        )
        paper = group.document_ids.filtered(lambda row: row.name == "Giấy chứng sinh")
        paper.attachment_ids = [Command.link(scan.id)]
        group.action_accept()
        first = self._part(group, self.first)
        self.assertEqual(
            first.document_ids.mapped("name"), ["Tờ khai liên thông", "Giấy chứng sinh"]
        )
        self.assertEqual(first.document_ids[1].attachment_ids, scan)
        later = (
            self.env["ir.attachment"]
            .with_user(self.desk)
            .create(
                {
                    "name": "them.pdf",
                    "raw": b"%PDF-1.4 later",
                    "res_model": "cchc.dossier.document",
                }
            )
        )
        declaration = group.document_ids[0]
        declaration.attachment_ids = [Command.link(later.id)]
        self._settle(first)
        second = self._part(group, self.second)
        self.assertEqual(first.document_ids[0].attachment_ids, later)
        self.assertEqual(second.document_ids.mapped("name"), ["Tờ khai liên thông"])
        with self.subTest("another agency reads the same file in its own part"):
            row = second.with_user(self.outsider).document_ids
            self.assertEqual(row.attachment_ids.raw, b"%PDF-1.4 later")
        with self.subTest("but not the papers that its part does not need"):
            with self.assertRaises(AccessError):
                scan.with_user(self.outsider).read(["raw"])

    def test_nobody_reads_foreign_papers_by_a_forged_share(self):
        mine = self._draft()
        scan = (
            self.env["ir.attachment"]
            .with_user(self.desk)
            .create(
                {
                    "name": "x.pdf",
                    "raw": b"%PDF-1.4 x",
                    "res_model": "cchc.dossier.document",
                }
            )
        )
        mine.document_ids[0].attachment_ids = [Command.link(scan.id)]
        forged = (
            self.env["cchc.dossier"]
            .with_user(self.neighbour_desk)
            .create(
                {
                    "procedure_id": self.procedure.id,
                    "applicant_name": "A",
                    "document_ids": [
                        Command.create(
                            {"name": "B", "shared_from_id": mine.document_ids[0].id}
                        )
                    ],
                }
            )
        )
        forged.document_ids.write({"shared_from_id": mine.document_ids[0].id})
        row = forged.env["cchc.dossier.document"].create(
            {
                "dossier_id": forged.id,
                "name": "C",
                "shared_from_id": mine.document_ids[0].id,
            }
        )
        self.assertFalse((forged.document_ids | row).shared_from_id)
        with self.assertRaises(AccessError):
            scan.with_user(self.neighbour_desk).read(["raw"])

    @freeze_time(local("09/11/2026 09:15"))
    def test_fees_of_all_parts_stand_once_on_the_group(self):
        group = self._received()
        self.assertEqual(
            group.fee_ids.mapped("name"), ["Khai sinh: Lệ phí", "Thường trú: Lệ phí"]
        )
        self.assertFalse(group.child_ids.fee_ids)

    @freeze_time(local("09/11/2026 09:15"))
    def test_a_group_needs_its_papers(self):
        group = self._draft(procedure=self.whole)
        group.document_ids[1].received = False
        with self._refused(UserError, "Giấy chứng sinh"):
            group.action_accept()
        self.assertFalse(group.child_ids)
        self.assertFalse(
            self.env["cchc.bundle"].search([("dossier_id", "=", group.id)])
        )

    @freeze_time(local("09/11/2026 09:15"))
    def test_a_draft_sent_by_another_program_becomes_a_whole_group(self):
        group = (
            self.env["cchc.dossier"]
            .with_user(self.desk)
            .create(
                {
                    "procedure_id": self.whole.id,
                    "applicant_name": "Lê Văn An",
                    "draft_token": "group1",
                    "group_line_ids": [
                        Command.create(
                            {"type_line_id": self.fourth.id, "chosen": True}
                        ),
                        Command.create({"type_line_id": self.first.id, "chosen": True}),
                    ],
                }
            )
        )
        self.assertEqual(len(group.group_line_ids), 4)
        self.assertTrue(all(group.group_line_ids.mapped("chosen")))
        again = (
            self.env["cchc.dossier"]
            .with_user(self.desk)
            .create(
                {
                    "procedure_id": self.whole.id,
                    "applicant_name": "Lê Văn An",
                    "draft_token": "group1",
                }
            )
        )
        self.assertEqual(again, group)
        self.assertEqual(len(group.group_line_ids), 4)
        with self._refused(ValidationError, "cannot be left out"):
            self._line(group, self.first).chosen = False
        group.procedure_id = self.procedure
        self.assertFalse(group.bundle_type_id)
        self.assertFalse(group.group_line_ids)

    def test_before_it_is_valid_a_group_is_an_ordinary_dossier(self):
        with freeze_time(local("31/08/2026 09:00")):
            draft = self._draft(procedure=self.whole)
            self.assertFalse(draft.bundle_type_id)
            draft.action_accept()
        self.assertFalse(draft.bundle_id)

    def test_acceptance_in_bounded_queries(self):
        """Twelve groups cost little more than two; a single dossier costs nothing."""

        def accept(count, procedure):
            drafts = self.env["cchc.dossier"].union(
                *(self._draft(procedure=procedure) for _index in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts.action_accept()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        accept(1, self.whole)
        with self.assertLogs("odoo.sql_db", "DEBUG") as caught:
            accept(1, self.procedure)
        self.assertFalse(
            [
                line
                for line in caught.output
                if "cchc_bundle" in line.partition("FROM")[2]
            ]
        )
        one, many = accept(1, self.whole), accept(8, self.whole)
        self.assertLessEqual(one, 80)
        self.assertLessEqual((many - one) / 7, 8, (one, many))


@tagged("post_install", "-at_install")
class TestBundleLife(BundleCase):
    """The parts follow each other, each with its own agency, clock and state."""

    def test_parts_follow_in_their_order_and_the_group_ends_with_the_last(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received(card=True)
        with freeze_time(local("09/11/2026 16:00")):
            self._settle(self._part(group, self.first))
            self.assertEqual(group.state, "processing")
            second, third = (
                self._part(group, kind) for kind in (self.second, self.third)
            )
            # Begun after 15:00: counted from the next working day.
            self.assertEqual(second.due_at, local("12/11/2026 17:00"))
            self.assertEqual(second.company_id, self.neighbour)
            self.assertEqual(second.receiving_company_id, self.commune)
            self.assertEqual(third.state, "accepted")
            self.assertFalse(third.step_ids)
            self.assertFalse(self._part(group, self.fourth))
        with freeze_time(local("10/11/2026 09:00")):
            with self.subTest("each result is returned as soon as it exists"):
                self._part(group, self.first).with_user(
                    self.desk
                ).action_return_result()
                self.assertEqual(self._part(group, self.first).state, "returned")
                self.assertTrue(group.is_open)
            self._settle_neighbour(second)
            self.assertFalse(self._part(group, self.fourth))
            self._line(group, self.third).with_user(self.desk).external_code = "BH-77"
            self._result(group, self.third, content="Đã cấp thẻ")
            self.assertEqual(third.state, "done")
            self.assertEqual(third.external_code, "BH-77")
            self.assertEqual(self._line(group, self.fourth).state, "running")
        with freeze_time(local("16/11/2026 09:00")):
            self._result(group, self.fourth)
            self.assertEqual(group.state, "done")
            # 8 working days from the 9th are the 19th: in time.
            self.assertEqual(group.timeliness, "early")
            group.bundle_id.with_user(self.desk).action_return_results()
        self.assertEqual(group.state, "returned")
        self.assertEqual(group.bundle_id.state, "returned")
        self.assertEqual(set(group.child_ids.mapped("state")), {"returned"})
        whole = group | group.child_ids
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(sorted(whole.ids)))
        self.assertEqual(
            group.event_ids.mapped("kind"),
            ["accept"] + ["group_progress"] * 4 + ["group_finish", "return_result"],
        )

    def test_late_group_is_late_by_its_one_appointment(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
        with freeze_time(local("16/11/2026 09:00")):
            self._explain(self._part(group, self.first))
            self._settle(self._part(group, self.first))
            self._settle_neighbour(self._part(group, self.second))
            self._result(group, self.third)
        self.assertEqual(group.state, "done")
        self.assertEqual(group.timeliness, "late")
        self.assertEqual(group.late_reason_note, "Mất điện")
        self.assertEqual(self._part(group, self.second).timeliness, "early")

    @freeze_time(local("09/11/2026 09:00"))
    def test_next_agency_acknowledges_within_two_working_hours(self):
        group = self._received()
        first = self._line(group, self.first)
        self.assertEqual(first.acknowledged_at, local("09/11/2026 09:00"))
        with freeze_time(local("09/11/2026 10:30")):
            self._settle(first.dossier_id)
        line = self._line(group, self.second)
        self.assertEqual(line.acknowledge_due_at, local("09/11/2026 14:30"))
        with freeze_time(local("09/11/2026 14:31")):
            line.invalidate_recordset()
            self.assertTrue(line.is_acknowledge_late)
            late = [("is_acknowledge_late", "=", True), ("group_id", "=", group.id)]
            self.assertEqual(line.search(late), line | self._line(group, self.third))
            line.with_user(self.outsider).action_acknowledge()
            self.assertEqual(line.acknowledged_by_id, self.outsider)
            self.assertEqual(line.search(late), self._line(group, self.third))
        self.assertIn("acknowledge", line.dossier_id.event_ids.mapped("kind"))

    def _sweep(self, at, kind):
        """Sweep at a local time; return the alerts of a kind that were given then."""
        alerts = self.env["cchc.alert"].search([])
        with freeze_time(local(at)):
            while self.env["cchc.alert.replan"]._batch():
                pass
            while alerts._sweep_batch(local(at), 100):
                pass
        self.env.invalidate_all()
        fresh = self.env["cchc.alert"].search([("kind", "=", kind)]) - alerts
        return fresh.sorted("id")

    def test_late_acknowledgement_is_told_and_climbs(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
        with freeze_time(local("09/11/2026 10:30")):
            self._settle(self._part(group, self.first))
        second, third = (self._part(group, kind) for kind in (self.second, self.third))
        self.assertFalse(self._sweep("09/11/2026 14:30", "not_acknowledged"))
        told = self._sweep("09/11/2026 14:31", "not_acknowledged")
        self.assertEqual(told.dossier_id, second | third)
        of_neighbour = told.filtered(lambda alert: alert.dossier_id == second)
        self.assertEqual(of_neighbour.user_ids, self.neighbour_leader | self.desk)
        self.assertEqual((told - of_neighbour).user_ids, self.desk)
        # The desk that received the group reads what it was told of the neighbour.
        self.assertEqual(of_neighbour.with_user(self.desk).dossier_id, second)
        self.assertFalse(of_neighbour.with_user(self.handler).has_access("read"))
        self.assertFalse(self._sweep("09/11/2026 16:00", "not_acknowledged"))
        with freeze_time(local("09/11/2026 16:10")):
            line = self._line(group, self.second)
            line.with_user(self.outsider).action_acknowledge()
        self.assertEqual(of_neighbour.state, "closed")
        climbed = self._sweep("10/11/2026 09:01", "not_acknowledged")
        self.assertEqual((climbed.dossier_id, climbed.level), (third, 2))
        self.assertEqual(climbed.user_ids, self.leader | self.deputy)
        with freeze_time(local("10/11/2026 10:00")):
            self._result(group, self.third)
        self.assertEqual(climbed.state, "closed")

    def test_outage_of_more_than_a_day_is_told_once_for_the_group(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            self._settle(self._part(group, self.first))
        with freeze_time(local("10/11/2026 09:00")):
            group.bundle_id.with_user(self.manager).action_outage("Mất kết nối")
        self.assertFalse(self._sweep("11/11/2026 09:00", "outage_long"))
        alert = self._sweep("11/11/2026 09:01", "outage_long")
        self.assertEqual(alert.dossier_id, group)
        self.assertEqual(alert.base_at, local("11/11/2026 09:00"))
        self.assertEqual(alert.user_ids, self.manager | self.desk)
        self.assertFalse(self._sweep("11/11/2026 10:00", "outage_long"))
        with freeze_time(local("11/11/2026 11:00")):
            group.bundle_id.with_user(self.manager).action_outage_end("Đã khắc phục")
        self.assertEqual(alert.state, "closed")
        self.assertFalse(self._sweep("12/11/2026 16:00", "outage_long"))

    @freeze_time(local("09/11/2026 09:00"))
    def test_external_codes_are_unique_within_a_system(self):
        groups = [self._received(), self._received()]
        for group in groups:
            self._settle(self._part(group, self.first))
        lines = [self._line(group, self.third).with_user(self.desk) for group in groups]
        lines[0].external_code = "BH-1"
        with (
            mute_logger("odoo.sql_db"),
            self._refused(UniqueViolation, "external_code_uniq"),
        ):
            lines[1].external_code = "BH-1"
            self.env.flush_all()
        lines[1].external_code = "BH-2"
        self.assertEqual(lines[1].dossier_id.external_code, "BH-2")

    @freeze_time(local("09/11/2026 09:00"))
    def test_what_follows_a_refused_part_is_asked_and_recorded(self):
        group = self._received(card=True)
        self._settle(self._part(group, self.first))
        self._settle_neighbour(self._part(group, self.second))
        with self._refused(UserError, "why the agency refused"):
            self._result(group, self.third, outcome="refused")
        self._result(group, self.third, outcome="refused", content="Đã có thẻ")
        bundle = group.bundle_id
        self.assertEqual(bundle.state, "decide")
        self.assertIn("Thẻ căn cước", bundle.problem)
        self.assertTrue(group.activity_ids)
        self.assertTrue(group.is_open)
        with self.env.cr.savepoint() as savepoint:
            bundle.with_user(self.desk).action_decide("go_on", "Không cần thẻ BHYT")
            self.assertEqual(self._line(group, self.fourth).state, "running")
            self.assertEqual(bundle.state, "running")
            savepoint.rollback()
        self.env.invalidate_all()
        with self._refused(UserError, "reason"):
            bundle.with_user(self.desk).action_decide("leave_out", "")
        bundle.with_user(self.desk).action_decide("leave_out", "Gia đình thôi làm thẻ")
        self.assertEqual(self._line(group, self.fourth).state, "left_out")
        self.assertEqual(group.state, "done")
        decided = group.event_ids.filtered(lambda event: event.kind == "group_decide")
        self.assertIn("Gia đình thôi làm thẻ", decided.content)
        self.assertFalse(group.activity_ids)

    def test_one_supplement_for_the_whole_group_with_seven_working_days(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            first = self._part(group, self.first)
            self._settle(first)
        second, third = (self._part(group, kind) for kind in (self.second, self.third))
        with freeze_time(local("10/11/2026 09:00")):
            second.with_user(self.outsider).action_request_supplement("Thiếu chữ ký")
            self.assertEqual(
                (group | second | third).mapped("state"), ["supplement"] * 3
            )
            self.assertEqual(group.bundle_id.state, "supplement")
            self.assertEqual(group.supplement_expires_at, local("19/11/2026 17:00"))
            self.assertFalse(second.supplement_expires_at)
            self.assertEqual(first.state, "done")
        due = group.due_at
        with freeze_time(local("12/11/2026 09:00")):
            group.bundle_id.with_user(self.desk).action_supplement_complete()
            self.assertEqual(
                (group | second | third).mapped("state"), ["processing"] * 3
            )
            # The whole days of waiting, the 11th and 12th, are taken out.
            self.assertEqual((group.due_at - due).days, 4)
            with self._refused(UserError, "the most"):
                third.with_user(self.manager).action_request_supplement("Lần nữa")

    def test_unanswered_supplement_stops_the_whole(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            self._part(group, self.first).with_user(
                self.handler
            ).action_request_supplement("Thiếu giấy chứng sinh")
        with freeze_time(local("19/11/2026 09:00")):
            group.with_user(self.leader).action_stop("Quá hạn bổ sung")
        self.assertEqual(set((group | group.child_ids).mapped("state")), {"stopped"})
        self.assertEqual(
            group.group_line_ids.mapped("state"),
            ["failed", "left_out", "left_out", "left_out"],
        )
        self.assertEqual(group.bundle_id.state, "ended")

    def test_outage_stops_and_starts_all_running_parts(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            self._settle(self._part(group, self.first))
        second, third = (self._part(group, kind) for kind in (self.second, self.third))
        bundle = group.bundle_id
        with freeze_time(local("10/11/2026 09:00")):
            with self._refused(AccessError, "Manager"):
                bundle.with_user(self.leader).action_outage("Mất kết nối")
            with self._refused(UserError, "reason"):
                bundle.with_user(self.manager).action_outage("")
            bundle.with_user(self.manager).action_outage("Mất kết nối trục liên thông")
            self.assertEqual((group | second | third).mapped("state"), ["outage"] * 3)
            self.assertEqual(bundle.outage_limit_at, local("11/11/2026 09:00"))
            with self._refused(UserError, "System Outage"):
                second.with_user(self.outsider).action_pass_step()
        due = group.due_at
        with freeze_time(local("11/11/2026 10:00")):
            self.assertTrue(bundle.is_outage_long)
            self.assertIn(bundle, bundle.search([("is_outage_long", "=", True)]))
            self.assertFalse(group.is_overdue)
            bundle.with_user(self.manager).action_outage_end("Đã khắc phục")
        self.assertEqual(group.state, "processing")
        self.assertEqual((second | third).mapped("state"), ["accepted"] * 2)
        self.assertEqual((group.due_at - due).days, 1)
        self.assertIn("longer", group.event_ids[-1].content)
        self.assertEqual(bundle.state, "running")

    def test_error_found_downstream_goes_back_to_the_first_body(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            first = self._part(group, self.first)
            self._settle(first)
            first.with_user(self.desk).action_return_result()
        second = self._part(group, self.second)
        due = group.due_at
        with freeze_time(local("10/11/2026 09:00")):
            with self._refused(UserError, "reason"):
                second.with_user(self.outsider).action_report_error("")
            asked = second.with_user(self.outsider).action_report_error()
            form = Form(
                self.env["cchc.dossier.move"]
                .with_user(self.outsider)
                .with_context(**asked["context"])
            )
            self.assertEqual(
                form.first_body, f"Khai sinh (UBND xã Hải Trường, {first.name})"
            )
            second.with_user(self.outsider).action_report_error("Sai tên đệm của mẹ")
            self.assertEqual(second.state, "consulting")
            self.assertEqual(first.state, "processing")
            self.assertEqual(first.user_id, self.handler)
            self.assertEqual(first.due_at, local("11/11/2026 17:00"))
            self.assertEqual(first.first_due_at, local("10/11/2026 17:00"))
            self.assertEqual(group.due_at, due)
            self.assertEqual(self._line(group, self.first).state, "running")
            reopened = first.event_ids[-1]
            self.assertEqual(reopened.kind, "reopen")
            self.assertIn("Sai tên đệm của mẹ", reopened.content)
            self.assertIn("begins anew", reopened.content)
            self.assertEqual(reopened.data["first_timeliness"], "early")
        with freeze_time(local("11/11/2026 09:00")):
            self._settle(first)
            self.assertEqual(second.state, "processing")
            self.assertFalse(self._line(group, self.second).correction_line_id)
        self.assertEqual(first.timeliness, "early")
        whole = group | group.child_ids
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(sorted(whole.ids)))

    def test_what_ended_late_stays_late_after_a_correction(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
        with freeze_time(local("12/11/2026 09:00")):
            first = self._part(group, self.first)
            self._explain(first)
            self._settle(first)
            self.assertEqual(first.timeliness, "late")
            self._part(group, self.second).with_user(self.outsider).action_report_error(
                "Sai ngày sinh"
            )
            self.assertTrue(first.late_at)
            self._settle(first)
        self.assertEqual(first.timeliness, "late")

    @freeze_time(local("09/11/2026 09:00"))
    def test_withdrawn_group_takes_its_parts_along(self):
        group = self._received()
        group.with_user(self.desk).action_withdraw("Gia đình rút hồ sơ")
        self.assertEqual(set((group | group.child_ids).mapped("state")), {"withdrawn"})
        self.assertEqual(group.bundle_id.state, "ended")

    @freeze_time(local("09/11/2026 09:00"))
    def test_voided_group_is_issued_anew_as_a_group(self):
        group = self._received(card=True)
        part = group.child_ids
        with self._refused(UserError, "void the dossier of the group"):
            part.with_user(self.desk).action_void("Sai chủ hồ sơ")
        group.with_user(self.desk).action_void("Sai chủ hồ sơ")
        self.assertEqual((group | part).mapped("state"), ["void", "void"])
        fresh = group.replaced_by_id
        self.assertEqual(fresh.bundle_type_id, self.kind)
        self.assertTrue(self._line(fresh, self.fourth).chosen)
        fresh.with_user(self.desk).action_accept()
        self.assertEqual(len(fresh.child_ids), 1)

    @freeze_time(local("09/11/2026 09:00"))
    def test_groups_and_parts_are_not_moved_by_hand(self):
        group = self._received()
        first = group.child_ids
        line = self._line(group, self.first)
        manager = self.manager
        with self._refused(UserError, "moves with its parts"):
            group.with_user(manager).action_pass_step()
        with self._refused(UserError, "opened by the group"):
            self._draft(parent_id=group.id)
        other = self._draft()
        for values in (
            {"parent_id": group.id},
            {"bundle_id": group.bundle_id.id},
            {"bundle_line_id": line.id},
        ):
            with self._refused(UserError, "opened by the group"):
                other.with_user(manager).write(values)
        with self._refused(UserError, "own actions"):
            group.bundle_id.sudo().write({"state": "done"})
        with self._refused(UserError, "own actions"):
            self.env["cchc.bundle"].sudo().create(
                {
                    "dossier_id": other.id,
                    "type_id": self.kind.id,
                    "company_id": self.commune.id,
                }
            )
        with self._refused(UserError, "own actions"):
            line.with_user(manager).write({"state": "done"})
        with self._refused(UserError, "own actions"):
            line.with_user(manager).write({"chosen": False})
        with self._refused(UserError, "own actions"):
            line.with_user(manager).unlink()
        with self._refused(UserError, "no part of the group|own actions"):
            self.env["cchc.bundle.line"].with_user(manager).create(
                {"group_id": group.id, "type_line_id": self.second.id}
            )
        self._settle(first)
        third = self._part(group, self.third)
        with self._refused(UserError, "outside this database"):
            third.with_user(manager).action_pass_step()
        with self._refused(UserError, "result comes from there"):
            self._line(group, self.second).with_user(manager).take_external_result(
                False
            )

    @freeze_time(local("09/11/2026 09:00"))
    def test_who_follows_and_who_handles(self):
        group = self._received()
        self._settle(self._part(group, self.first))
        second = self._part(group, self.second)
        for user in (self.desk, self.handler, self.leader, self.auditor):
            bundle = group.bundle_id.with_user(user)
            self.assertEqual(
                bundle.line_ids.mapped("dossier_state"),
                ["done", "accepted", "accepted", False],
            )
            self.assertEqual(second.with_user(user).state, "accepted")
        other = self.outsider
        dossiers = self.env["cchc.dossier"].with_user(other)
        self.assertEqual(dossiers.search([("bundle_id", "!=", False)]), second)
        self.assertFalse(group.bundle_id.with_user(other).has_access("read"))
        lines = self.env["cchc.bundle.line"].with_user(other).search([])
        self.assertEqual(lines, self._line(group, self.second))
        self.assertEqual(
            second.with_user(other).action_open_dossier()["res_id"], second.id
        )

    @freeze_time(local("09/11/2026 09:00"))
    def test_progress_of_the_whole(self):
        group = self._received()
        bundle = group.bundle_id.with_user(self.desk)
        self.assertEqual(bundle.progress, 0)
        self._settle(self._part(group, self.first))
        self.env.invalidate_all()
        self.assertAlmostEqual(bundle.progress, 100 / 3)
        chips = {part["name"]: part for part in bundle.progress_data}
        self.assertEqual(chips["Khai sinh"]["color"], "success")
        self.assertEqual(chips["Thẻ BHYT"]["holder"], "BHXH cơ sở")
        self.assertEqual(chips["Thường trú"]["due"], "11/11")
        self.assertEqual(group.group_chip, "Interlinked")
        self.assertEqual(group.child_ids[0].group_chip, "Part of a Group")
        self.assertFalse(self._draft().group_chip)


@tagged("post_install", "-at_install")
class TestBundleType(BundleCase):
    """The definition is data with validity, and refuses what could never work."""

    def test_circle_is_refused(self):
        with self._refused(ValidationError, "wait for each other.*Khai sinh"):
            self.first.after_ids = [Command.link(self.fourth.id)]
            self.env.flush_all()

    def test_two_editions_on_one_day_are_refused(self):
        with self._refused(ValidationError, "defined twice"):
            self.kind.copy({"active": True})
        self.kind.valid_to = "2026-12-31"
        fresh = self.kind.copy({"valid_from": "2027-01-01", "valid_to": False})
        fresh.active = True
        self.assertEqual(
            [line.after_ids.mapped("name") for line in fresh.line_ids],
            [[], ["Khai sinh"], ["Khai sinh"], ["Thường trú", "Thẻ BHYT"]],
        )
        self.assertEqual(fresh.part_ids[1].line_ids.type_id, fresh)

    def test_rule_of_counting_is_shown_by_its_name(self):
        form = Form(self.kind.with_user(self.catalogue))
        self.assertEqual(form.deadline_rule, "interlinked")
        shown = dict(
            self.kind._fields["deadline_rule"]._description_selection(self.env)
        )
        rule = self.env.ref("cchc_onestop.cchc_deadline_rule_interlinked")
        self.assertEqual(shown["interlinked"], rule.name)
        with self._refused(ValidationError, "no_such_rule"):
            self.kind.deadline_rule = "no_such_rule"

    def test_used_definition_is_not_deleted(self):
        with freeze_time(local("09/11/2026 09:00")):
            self._received()
        with self._refused(UserError, "end it with a date"):
            self.kind.unlink()

    def test_new_edition_changes_nothing_of_a_group_in_progress(self):
        with freeze_time(local("09/11/2026 09:00")):
            group = self._received()
            self.second.write({"amount": 9, "name": "Khác"})
            self._settle(self._part(group, self.first))
        self.assertEqual(self._line(group, self.second).name, "Thường trú")
        self.assertEqual(
            self._part(group, self.second).due_at, local("11/11/2026 17:00")
        )

    def test_national_groups_as_shipped(self):
        birth = self.env.ref("cchc_onestop.bundle_birth")
        death = self.env.ref("cchc_onestop.bundle_death")
        for group in birth | death:
            self.assertEqual(str(group.valid_from), "2026-09-01")
            self.assertEqual(group.supplement_days, 7)
            self.assertEqual(group.acknowledge_hours, 2)
            self.assertEqual(group.outage_hours, 24)
        rule = self.env["cchc.deadline.rule"]._get_rule(
            "interlinked", local("09/11/2026 09:00").date()
        )
        self.assertEqual((rule.cutoff_mode, rule.cutoff_hour), ("next_day", 15.0))
        for code, ticked, verify, due in (
            ("3.000722", (), (), "12/11/2026 17:00"),
            ("3.000722", (), (1,), "16/11/2026 17:00"),
            ("3.000722", (3,), (), "19/11/2026 17:00"),
            # 1 + 1 + 8 working days; with people of merit 1 + 1 + 18.
            ("2.002913", (), (), "23/11/2026 17:00"),
            ("2.002913", (5,), (), "07/12/2026 17:00"),
            ("2.002913", (), (0,), "25/11/2026 17:00"),
        ):
            with self.subTest(code=code, ticked=ticked, verify=verify):
                with freeze_time(local("09/11/2026 09:00")):
                    procedure = self.env.ref(
                        f"cchc_onestop.procedure_{code.replace('.', '_')}"
                    )
                    draft = self._draft(procedure=procedure)
                    for index in ticked:
                        draft.group_line_ids[index].chosen = True
                    for index in verify:
                        draft.group_line_ids[index].verify = True
                    draft.action_accept()
                    self.assertEqual(draft.due_at, local(due))
                    self.assertEqual(len(draft.child_ids), 1)
