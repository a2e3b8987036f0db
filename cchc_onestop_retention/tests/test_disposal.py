import io

from freezegun import freeze_time
from lxml.html import document_fromstring
from openpyxl import load_workbook
from pypdf import PdfReader

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.cchc_onestop.tools.guard import unlocked

from .common import RetentionCase


@tagged("post_install", "-at_install")
class TestDisposal(RetentionCase):
    """Nothing is destroyed but what an approved list names."""

    def _drawn(self, disposal):
        return disposal.line_ids.dossier_id

    def test_list_draws_what_is_over(self):
        over = self._ended_on("10/03/2020 10:00")
        with freeze_time("2026-11-23 03:00:00"):
            # the last day of the term is still in it
            today = self._ended_on("23/11/2024 10:00")
            yesterday = self._ended_on("22/11/2024 10:00")
            held = self._ended_on("10/03/2020 10:00")
            self._hold(held)
            drawn = self._drawn(self._list())
        self.assertEqual(drawn, over | yesterday)
        self.assertNotIn(today, drawn)

    def _hold(self, dossier, user=None):
        return (
            self.env["cchc.retention.hold"]
            .with_user(user or self.archivist)
            .create(
                {
                    "dossier_id": dossier.id,
                    "kind": "inspection",
                    "reason": "Thanh tra tỉnh đang kiểm tra",
                    "user_id": self.manager.id,
                    "date_to": fields.Datetime.now(),
                }
            )
        )

    def test_hold_is_set_and_lifted_with_reasons(self):
        dossier = self._ended_on("10/03/2020 10:00")
        hold = self._hold(dossier, self.leader)
        # who and when are not chosen by the one who sets it
        self.assertEqual(hold.user_id, self.leader)
        self.assertFalse(hold.date_to)
        self.assertTrue(dossier.retention_hold)
        with self._refused(UserError, "why the hold is lifted"):
            hold.action_lift()
        with self._refused(UserError, "cannot be changed"):
            hold.reason = "khác"
        with self._refused((UserError, AccessError), "."):
            hold.unlink()
        hold.lift_reason = "Đã kết luận"
        hold.action_lift()
        self.assertFalse(dossier.retention_hold)
        with self._refused(UserError, "lifted already"):
            hold.action_lift()
        for user in (self.desk, self.handler):
            with self._refused(AccessError, "."):
                self._hold(dossier, user)

    def test_keeping_back_takes_a_reason(self):
        self._ended_on("10/03/2020 10:00")
        line = self._list().line_ids
        with self._refused(ValidationError, "is kept back"):
            line.keep = True
        line.write({"keep": True, "keep_reason": "Có giá trị lịch sử"})
        with self._refused(UserError, "no dossier to be destroyed"):
            line.list_id.action_submit()

    def test_form_of_the_archivist(self):
        self._ended_on("10/03/2020 10:00")
        view = "cchc_onestop_retention.cchc_disposal_list_view_form"
        with Form(
            self.env["cchc.disposal.list"].with_user(self.archivist), view
        ) as form:
            form.name = "Danh mục 2026"
            with form.member_ids.new() as member:
                member.name = "Nguyễn Văn A"
                member.role = "chair"
        disposal = form.record
        disposal.action_draw()
        self.assertEqual(disposal.line_count, 1)
        disposal.action_draw()
        self.assertEqual(disposal.line_count, 1)

    def test_approval_is_the_leaders(self):
        self._ended_on("10/03/2020 10:00")
        disposal = self._list()
        with self._refused(UserError, "has approved"):
            disposal.action_carry_out()
        disposal.action_submit()
        with self._refused((AccessError, UserError), "."):
            disposal.with_user(self.archivist).validate_tier()
        with self._refused(UserError, "approved or waits"):
            disposal.line_ids.write({"keep": True, "keep_reason": "muộn"})
        disposal.with_user(self.leader).validate_tier()
        self.assertEqual(disposal.state, "approved")
        self.assertEqual(disposal.approved_by_id, self.leader)
        with self._refused(UserError, "number and date of the decision"):
            disposal.action_carry_out()
        with self._refused(AccessError, "."):
            disposal.with_user(self.leader).action_carry_out()

    def test_files_are_gone_and_the_rest_stays(self):
        dossier = self._ended_on("10/03/2020 10:00", files=2)
        dossier._file_to_dms()
        own = self._file(dossier, b"only of this dossier")
        twin = self._file(dossier, b"same bytes elsewhere")
        other = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"same bytes elsewhere"}
        )
        paper = self.env["cchc.dossier.paper"].with_user(self.desk).issue(dossier, "01")
        issued = paper.sudo().attachment_id
        dossier._file_to_dms()
        paths = [file._full_path(file.store_fname) for file in own | issued]
        self.env.flush_all()
        kept = self._list()
        self._approve(kept)
        self.assertEqual(self._carry_out(kept), [(1, 1)])
        self.assertEqual(kept.state, "done")
        self.assertEqual(kept.line_ids.outcome, "destroyed")
        self.assertEqual(kept.line_ids.file_count, 5)
        self.assertFalse((own | twin | issued).exists())
        self.assertFalse(dossier.sudo().dms_file_ids)
        self.assertFalse(dossier.document_ids.attachment_ids)
        # the cleaning of Odoo takes the bytes from the disk
        self.env["ir.attachment"]._gc_file_store_unsafe()
        for path in paths:
            with self.assertRaises(FileNotFoundError):
                open(path, "rb")
        self.env.invalidate_all()
        self.assertEqual(other.raw, b"same bytes elsewhere")
        # what happened stays
        self.assertTrue(dossier.destroyed_at)
        self.assertEqual(dossier.disposal_list_id, kept)
        event = dossier.event_ids.sorted("sequence")[-1]
        self.assertEqual(event.kind, "destroy")
        self.assertIn("15/QĐ-UBND", event.content)
        self.assertEqual(len(event.data["files"]), 5)
        self.assertEqual(event.user_id, self.archivist)
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(dossier.ids))
        self.assertEqual(paper.integrity, "destroyed")
        self.assertFalse(paper._verify())
        with self._refused(UserError, "was destroyed by decision"):
            paper.with_user(self.desk)._get_content()
        self.assertIn("already", dossier._retention_obstacles()[dossier])

    def test_file_that_another_dossier_shows_stays(self):
        over = self._ended_on("10/03/2020 10:00", files=0)
        young = self._ended_on("10/03/2026 10:00", files=0)
        file = self._file(over, b"shown twice")
        young.document_ids[:1].attachment_ids = [Command.link(file.id)]
        disposal = self._list()
        self._approve(disposal)
        self._carry_out(disposal)
        self.assertTrue(over.destroyed_at)
        self.assertEqual(young.document_ids[:1].attachment_ids, file)
        self.assertEqual(file.raw, b"shown twice")
        self.assertFalse(over.document_ids.attachment_ids)

    def test_hold_after_the_approval(self):
        held, free = (
            self._ended_on("10/03/2020 10:00"),
            self._ended_on("11/03/2020 10:00"),
        )
        disposal = self._list()
        self._approve(disposal)
        self._hold(held, self.leader)
        self._carry_out(disposal)
        self.assertEqual(disposal.line_ids.mapped("outcome"), ["skipped", "destroyed"])
        self.assertIn("on hold: Thanh tra", disposal.line_ids[0].message)
        self.assertTrue(held.document_ids.attachment_ids)
        self.assertFalse(held.destroyed_at)
        self.assertTrue(free.destroyed_at)

    def test_rule_that_grew_after_the_approval(self):
        dossier = self._ended_on("10/03/2020 10:00")
        disposal = self._list()
        self._approve(disposal)
        self.rule.permanent = True
        self._carry_out(disposal)
        self.assertFalse(dossier.destroyed_at)
        self.assertIn("kept for good", disposal.line_ids.message)

    def test_kept_back_is_not_touched(self):
        dossier = self._ended_on("10/03/2020 10:00")
        self._ended_on("11/03/2020 10:00")
        disposal = self._list()
        disposal.line_ids[0].write({"keep": True, "keep_reason": "Lịch sử"})
        self._approve(disposal)
        self._carry_out(disposal)
        self.assertFalse(dossier.destroyed_at)
        self.assertTrue(dossier.document_ids.attachment_ids)
        self.assertFalse(dossier.disposal_list_id)
        self.assertEqual((disposal.destroyed_count, disposal.keep_count), (1, 1))

    def test_hold_keeps_a_list_from_being_submitted(self):
        dossier = self._ended_on("10/03/2020 10:00")
        disposal = self._list()
        self._hold(dossier)
        with self._refused(UserError, "Keep it back with a reason"):
            disposal.action_submit()

    def test_no_way_round_over_rpc(self):
        young = self._ended_on("10/03/2026 10:00")
        disposal = self._list()
        lines = disposal.line_ids
        archivist = self.env(user=self.archivist)
        with self._refused(AccessError, "cannot be written directly|kept by"):
            disposal.state = "approved"
        with self._refused(AccessError, "later state|kept by|cannot be"):
            archivist["cchc.disposal.list"].create({"name": "x", "state": "approved"})
        with self._refused((AccessError, UserError), "."):
            archivist["cchc.disposal.list"].create(
                {"name": "x", "approved_by_id": self.leader.id}
            )
        with self._refused(UserError, "recorded by the system"):
            lines.create(
                {
                    "list_id": disposal.id,
                    "dossier_id": young.id,
                    "outcome": "destroyed",
                }
            )
        # a dossier that is added by hand does not get through
        lines.create({"list_id": disposal.id, "dossier_id": young.id})
        with self._refused(UserError, "kept until"):
            disposal.action_submit()
        with self._refused(UserError, "has approved"):
            disposal._batch_destroy({"list": disposal.id}, lambda done, total: None)
        with self._refused(ValidationError, "another agency"):
            foreign = self._ended_on(
                "10/03/2020 10:00",
                company_id=self.neighbour.id,
                receiving_company_id=self.commune.id,
            )
            lines.create({"list_id": disposal.id, "dossier_id": foreign.id})
        self.assertTrue(young.document_ids.attachment_ids)

    def test_carried_out_stays(self):
        self._ended_on("10/03/2020 10:00")
        disposal = self._list()
        self._approve(disposal)
        self._carry_out(disposal)
        for action in (
            lambda: disposal.write({"decision_number": "16"}),
            disposal.action_amend,
            disposal.unlink,
            disposal.line_ids.unlink,
            disposal.action_carry_out,
        ):
            with self._refused((UserError, AccessError), "."):
                action()
        self.assertEqual(disposal.decision_number, "15/QĐ-UBND")

    def test_second_list_does_not_draw_what_the_first_takes(self):
        dossier = self._ended_on("10/03/2020 10:00")
        first = self._list()
        self._approve(first)
        first.with_user(self.archivist).action_carry_out()
        self.assertNotIn(dossier, self._drawn(self._list()))

    def test_second_list_does_not_draw_what_waits_in_the_first(self):
        dossier, kept = (self._ended_on("10/03/2020 10:00") for _number in "12")
        first = self._list()
        line = first.line_ids.filtered(lambda line: line.dossier_id == kept)
        line.write({"keep": True, "keep_reason": "Còn cần tra cứu"})
        drawn = self._drawn(self._list())
        self.assertNotIn(dossier, drawn)
        self.assertIn(kept, drawn, "what was kept back is looked at again")

    def test_decision_is_not_of_the_future(self):
        self._ended_on("10/03/2020 10:00")
        disposal = self._list()
        self._approve(disposal)
        disposal.with_user(self.archivist).decision_date = fields.Date.add(
            fields.Date.today(), days=2
        )
        with self._refused(UserError, "lies in the future"):
            disposal.with_user(self.archivist).action_carry_out()
        self.assertEqual(disposal.state, "approved")

    def test_digitised_files_go_and_their_log_stays(self):
        if "cchc.digitise.file" not in self.env:
            self.skipTest("cchc_onestop_digitise is not installed")
        dossier = self._ended_on("10/03/2020 10:00")
        file = dossier.document_ids.attachment_ids[:1]
        part = dossier.document_ids.filtered("attachment_ids")[:1]
        log = unlocked(self.env["cchc.digitise.file"]).create(
            {
                "document_id": part.id,
                "attachment_id": file.id,
                "number": 7,
                "stage": "reception",
                "origin": "upload",
                "sha256": "0" * 64,
                "at": fields.Datetime.now(),
                "user_id": self.desk.id,
            }
        )
        disposal = self._list()
        self._approve(disposal)
        self._carry_out(disposal)
        self.assertFalse(file.exists())
        self.assertFalse(log.attachment_id)
        self.assertFalse(log.integrity)
        self.assertEqual(log.sha256, "0" * 64)

    def test_many_go_in_batches(self):
        for _number in range(23):
            self._ended_on("10/03/2020 10:00", files=0)
        disposal = self._list()
        self._approve(disposal)
        self.assertEqual(self._carry_out(disposal), [(20, 23), (23, 23)])

    def test_work_that_stopped_goes_on(self):
        for day in range(10, 32):
            self._ended_on(f"{day}/03/2020 10:00", files=0)
        disposal = self._list()
        self._approve(disposal)
        archivist = disposal.with_user(self.archivist)
        archivist.action_carry_out()
        first = archivist.job_id
        with self._refused(UserError, "not waiting to be carried on"):
            archivist.action_go_on()
        self.env["cchc.disposal.list"].with_user(self.archivist)._batch_destroy(
            {"list": disposal.id}, lambda done, total: None
        )
        first.with_user(self.archivist).action_cancel()
        self.env.invalidate_all()
        self.assertEqual((archivist.is_stopped, archivist.left_count), (True, 2))
        # whoever may not see the job still sees how the list stands
        self.assertTrue(disposal.with_user(self.leader).is_stopped)
        with self._refused(AccessError, "."):
            disposal.with_user(self.leader).action_go_on()
        archivist.action_go_on()
        self.assertFalse(archivist.is_stopped)
        self.assertNotEqual(archivist.job_id, first)
        self.assertEqual(archivist.action_open_job()["res_id"], archivist.job_id.id)
        self.assertFalse(
            archivist._batch_destroy({"list": disposal.id}, lambda done, total: None)
        )
        self.env.invalidate_all()
        self.assertEqual(
            (disposal.state, disposal.destroyed_count, disposal.left_count),
            ("done", 22, 0),
        )
        self.assertFalse(disposal.is_stopped)

    def test_minutes_of_destruction_tell_the_figures(self):
        held = self._ended_on("10/03/2020 10:00")
        self._ended_on("11/03/2020 10:00", files=2)
        disposal = self._list()
        self._approve(disposal)
        self._hold(held, self.leader)
        self._carry_out(disposal)
        self.assertEqual(disposal.file_count, 2)
        self.assertTrue(disposal.finished_at)
        html = (
            self.env["ir.actions.report"]
            .with_user(self.archivist)
            ._render_qweb_html(
                "cchc_onestop_retention.destruction_minutes", disposal.ids
            )[0]
            .decode()
        )
        cells = document_fromstring(html).xpath("//table[@class='cchc-table']//td")
        self.assertEqual(
            [" ".join(cell.text_content().split()) for cell in cells][1::2],
            ["2", "0", "1", "1", f"2 ({disposal.size_text})"],
        )
        for text in ("15/QĐ-UBND", held.name, "on hold", self.archivist.name):
            self.assertIn(text, html)

    def test_printed(self):
        dossier = self._ended_on("10/03/2020 10:00")
        disposal = self._list(minutes_on="2026-11-20")
        self._approve(disposal)
        reports = self.env["ir.actions.report"].with_user(self.archivist)
        for name, words in (
            ("disposal_list_report", (dossier.name, "Hết thời hạn bảo quản")),
            ("disposal_minutes_report", ("Chủ tịch hội đồng", "20 tháng 11")),
            ("disposal_decision_report", ("15/QĐ-UBND", "Điều 2")),
        ):
            content, _kind = reports.with_context(
                force_report_rendering=True
            )._render_qweb_pdf(f"cchc_onestop_retention.{name}", disposal.ids)
            text = " ".join(
                page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
            )
            for word in words:
                self.assertIn(word, text, name)
        content, _kind = reports._render_xlsx(
            "cchc_onestop_retention.disposal_xlsx", disposal.ids, {}
        )
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        self.assertEqual(sheet.cell(4, 2).value, dossier.name)

    def test_running_audit_holds(self):
        if "cchc.iso.sample.line" not in self.env:
            self.skipTest("cchc_iso is not installed")
        dossier = self._ended_on("10/03/2020 10:00")
        audit = self.env["mgmtsystem.audit"].create(
            {"name": "Đánh giá", "company_id": self.commune.id}
        )
        sample = self._unlocked(self.env["cchc.iso.sample"]).create(
            {
                "audit_id": audit.id,
                "period_from": "2020-01-01",
                "period_to": "2020-12-31",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO cchc_iso_sample_line (sample_id, dossier_id, draw_no) "
            "VALUES (%s, %s, 1)",
            (sample.id, dossier.id),
        )
        self.env.cr.execute(
            "UPDATE cchc_iso_sample SET state = 'drawn' WHERE id = %s", (sample.id,)
        )
        self.env.invalidate_all()
        self.assertIn("running audit", dossier._retention_obstacles()[dossier])
        self.assertNotIn(dossier, self._drawn(self._list()))
