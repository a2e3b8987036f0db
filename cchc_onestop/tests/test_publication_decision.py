import base64
import io
from datetime import date

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from . import catalogue_data as sample
from .common import OnestopCase, local


class PublicationCase(OnestopCase):
    """An agency with procedures, and decisions that arrive as spreadsheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amended = cls._new_procedure("9.810001", "Thủ tục sẽ sửa")
        cls.repealed = cls._new_procedure("9.810002", "Thủ tục sẽ bãi bỏ")
        cls.replaced = cls._new_procedure("9.810003", "Cấp giấy cũ")
        (cls.amended | cls.repealed | cls.replaced).level = "commune"

    def _row(self, code, name, **values):
        row = {
            "sector": "Hộ tịch thử",
            "fee": "",
            "legal": "",
            "online": "",
            "place": "",
        }
        return sample.row(code, name, **{**row, **values})

    def _list(self, *extra):
        """Return the spreadsheet of a decision with all four kinds."""
        return sample.xlsx(
            [
                self._row(
                    "9.810001",
                    "Thủ tục sẽ sửa",
                    time="02 ngày làm việc",
                    channels="",
                    note="Sửa đổi, bổ sung",
                ),
                self._row("9.810002", "Thủ tục sẽ bãi bỏ", note="Bãi bỏ"),
                self._row("9.810004", "Cấp giấy mới", note="Thay thế 9.810003"),
                self._row("9.810005", "Thủ tục mới tinh", note="Mới ban hành"),
                *extra,
            ]
        )

    def _wizard(self, data, user=None, name="danh-muc.xlsx", **values):
        values = {
            "number": "900/QĐ-UBND",
            "date": "2026-11-16",
            "issuer": "Chủ tịch UBND tỉnh",
            "name": "Công bố danh mục thử",
            **values,
        }
        return (
            self.env["cchc.publication.apply"]
            .with_user(user or self.catalogue)
            .with_context(cchc_no_progress=True)
            .create({"file": base64.b64encode(data), "file_name": name, **values})
        )

    def _apply(self, data=None, **values):
        wizard = self._wizard(data or self._list(), **values)
        wizard.action_preview()
        wizard.action_import()
        return wizard.decision_id

    def _procedure(self, code):
        return self.env["cchc.procedure"].search([("code_key", "=", code)])


@tagged("post_install", "-at_install")
@freeze_time(local("18/11/2026 09:00"))
class TestPublicationDecision(PublicationCase):
    """NĐ 63/2010 Đ.13-15: one decision, one step, all of it or nothing."""

    def test_all_kinds_in_one_step(self):
        wizard = self._wizard(self._list())
        wizard.action_preview()
        statuses = {line.code: line.status for line in wizard.line_ids}
        self.assertEqual(
            statuses,
            {
                "9.810001": "changed",
                "9.810002": "repealed",
                "9.810003": "replaced",
                "9.810004": "new",
                "9.810005": "new",
            },
        )
        self.assertFalse(self._procedure("9.810005"))
        amended = wizard.line_ids.filtered(lambda line: line.status == "changed")
        self.assertIn("3 working days", amended.table)
        self.assertIn("2 working days", amended.table)
        replaced = wizard.line_ids.filtered(lambda line: line.status == "replaced")
        self.assertIn("9.810004 Cấp giấy mới", replaced.changes)
        self.assertEqual((wizard.replaced_count, wizard.repealed_count), (1, 1))
        wizard.action_import()
        decision = wizard.decision_id
        self.assertEqual(decision.state, "applied")
        self.assertEqual(decision.kind, "mixed")
        self.assertEqual(decision.applied_by_id, self.catalogue)
        self.assertEqual(decision.effective_date, date(2026, 11, 16))
        self.assertEqual(
            sorted(decision.line_ids.mapped("change")),
            ["amended", "new", "new", "repealed", "replaced"],
        )
        self.assertEqual(decision.version_count, 3)
        version = self.amended._version_at("2026-11-16", self.commune)
        self.assertEqual(version.decision_id, decision)
        self.assertEqual(version._pick_time_limit().amount, 2)
        line = decision.line_ids.filtered(lambda row: row.change == "amended")
        self.assertEqual(line.version_id, version)
        self.assertEqual(line.old_version_id, version.amended_version_id)
        self.assertIn("2 working days", line.changes)
        self.assertEqual(self.repealed.repealed_from, date(2026, 11, 16))
        self.assertEqual(self.repealed.repeal_decision_id, decision)

    def test_the_old_procedure_leads_to_the_new_one(self):
        self._apply()
        new = self._procedure("9.810004")
        self.assertEqual(self.replaced.replaced_by_id, new)
        procedures = self.env["cchc.procedure"].with_user(self.desk)
        for text in ("9.810003", "cap giay cu"):
            found = procedures.browse([row[0] for row in procedures.name_search(text)])
            self.assertIn(new, found, text)
        in_force = [("state", "=", "in_force")]
        found = procedures.search([("display_name", "ilike", "9.810003"), *in_force])
        self.assertEqual(found, new)
        self.assertIn(new, procedures.search([("display_name", "=", "9.810003")]))
        with self._refused(
            UserError, "is replaced from .*choose 9.810004 Cấp giấy mới"
        ):
            self._draft(procedure=self.replaced).action_accept()

    def test_replacement_may_stand_with_the_old_procedure(self):
        rows = [
            self._row("9.810003", "Cấp giấy cũ", note="Được thay thế bằng 9.810009"),
            self._row("9.810009", "Cấp giấy sau", note="Mới"),
        ]
        decision = self._apply(sample.xlsx(rows))
        self.assertEqual(self.replaced.replaced_by_id, self._procedure("9.810009"))
        self.assertEqual(decision.kind, "replaced")

    def test_json_of_the_national_service(self):
        record = sample.record("9.810021", "Thủ tục từ CSDL", THAYTHE="9.810003")
        decision = self._apply(sample.to_json([record]), name="tthc.json")
        self.assertEqual(self.replaced.replaced_by_id, self._procedure("9.810021"))
        self.assertEqual(decision.line_count, 2)

    def test_the_same_decision_again_changes_nothing(self):
        decision = self._apply()
        counts = self._counts()
        wizard = self._wizard(self._list())
        wizard.action_preview()
        self.assertEqual(set(wizard.line_ids.mapped("status")), {"unchanged"})
        self.assertIn("has been applied", wizard.message)
        wizard.action_import()
        self.assertEqual(wizard.decision_id, decision)
        self.assertEqual(self._counts(), counts)
        self.assertIn("nothing has changed", wizard.message)

    def _counts(self):
        return [
            self.env[name].search_count([])
            for name in (
                "cchc.publication.decision",
                "cchc.publication.line",
                "cchc.procedure.version",
                "cchc.posting",
                "cchc.procedure",
                "cchc.process",
            )
        ]

    def test_another_list_for_an_applied_decision_is_refused(self):
        self._apply()
        other = self._wizard(self._list(self._row("9.810006", "Thêm")))
        other.action_preview()
        counts = self._counts()
        with self._refused(UserError, "applied with another list"):
            other.action_import()
        self.assertEqual(self._counts(), counts)

    def test_one_faulty_row_and_nothing_is_applied(self):
        counts = self._counts()
        wizard = self._wizard(self._list(self._row("sai mã", "Dòng lỗi")))
        wizard.action_preview()
        self.assertEqual(wizard.faulty_count, 1)
        self.assertTrue(wizard.error_file)
        with self._refused(UserError, "1 rows of the list cannot be used"):
            wizard.action_import()
        self.assertEqual(self._counts(), counts)
        self.assertFalse(self.repealed.repealed_from)

    def test_unknown_replacement_is_faulty(self):
        rows = [self._row("9.810004", "Cấp giấy mới", note="Thay thế 9.810999")]
        wizard = self._wizard(sample.xlsx(rows))
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.status, "faulty")
        self.assertIn("9.810999", wizard.line_ids.reason)
        itself = [self._row("9.810004", "Cấp giấy mới", note="Thay thế 9.810004")]
        wizard = self._wizard(sample.xlsx(itself))
        wizard.action_preview()
        self.assertIn("cannot replace itself", wizard.line_ids.reason)

    def test_trial_run_keeps_nothing(self):
        counts = self._counts()
        wizard = self._wizard(self._list())
        wizard.action_preview()
        wizard.action_dry_run()
        self.assertEqual(self._counts(), counts)
        self.assertIn("3 versions", wizard.message)

    def test_decision_recorded_before(self):
        decision = (
            self.env["cchc.publication.decision"]
            .with_user(self.catalogue)
            .create(
                {
                    "number": "901/QĐ-UBND",
                    "date": "2026-11-10",
                    "issuer": "Chủ tịch UBND tỉnh",
                    "effective_date": "2026-12-01",
                    "transition": "stop_on_request",
                }
            )
        )
        action = decision.action_apply()
        form = Form(
            self.env["cchc.publication.apply"]
            .with_user(self.catalogue)
            .with_context(**action["context"], cchc_no_progress=True)
        )
        self.assertEqual(form.number, "901/QĐ-UBND")
        self.assertEqual(form.valid_from, date(2026, 12, 1))
        form.file = base64.b64encode(self._list())
        wizard = form.save()
        wizard.action_preview()
        wizard.action_import()
        self.assertEqual(decision.state, "applied")
        self.assertEqual(decision.transition, "stop_on_request")
        self.assertEqual(self.repealed.repealed_from, date(2026, 12, 1))

    def test_what_is_applied_stays(self):
        decision = self._apply()
        manager = decision.with_user(self.manager)
        for vals in ({"number": "1"}, {"effective_date": "2026-01-01"}):
            with self._refused(UserError, "is applied and cannot be changed"):
                manager.write(vals)
        with self._refused(UserError, "by importing its list"):
            manager.write({"state": "recorded", "applied_at": "2026-01-01"})
        with self._refused(UserError, "is applied and cannot be changed"):
            manager.unlink()
        for method in ("write", "create"):
            with self._refused(UserError, "stays as it is"):
                getattr(
                    manager.line_ids[:1] if method == "write" else manager.line_ids,
                    method,
                )(
                    {"changes": "khác"}
                    if method == "write"
                    else [{"decision_id": decision.id}]
                )
        with self._refused(UserError, "is applied and cannot be changed"):
            manager.with_context(cchc_guard=True).write({"number": "1"})
        fresh = self.env["cchc.publication.decision"].with_user(self.manager)
        with self._refused(UserError, "by importing its list"):
            fresh.create({"number": "2", "date": "2026-01-01", "state": "applied"})
        manager.write({"entered_on": "2026-11-18"})

    def test_only_catalogue_administrators_apply(self):
        for user in (self.desk, self.handler, self.leader, self.auditor):
            with self._refused(AccessError, "."):
                self._wizard(self._list(), user=user)
        decision = self._apply()
        for user in (self.desk, self.handler, self.leader, self.auditor):
            own = decision.with_user(user)
            self.assertEqual(own.line_count, 5)
            with self._refused(AccessError, "."):
                own.entered_on = "2026-11-18"

    def test_queries_do_not_grow_with_the_list(self):
        decision = self._apply()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            decision.mapped("dossier_count")
            decision.mapped("draft_count")

    # --- Legal terms

    def test_terms_of_a_province(self):
        decision = self._apply(valid_from="2026-12-01")
        due = {
            row["kind"]: row["due"]
            for row in decision.with_user(self.desk)._check_terms()
        }
        self.assertEqual(due["notice"], date(2026, 11, 26))
        # five working days after Monday the 16th
        self.assertEqual(due["entry"], date(2026, 11, 23))
        self.assertEqual(due["posting"], date(2026, 12, 1))
        self.assertFalse(decision.warning)
        with freeze_time(local("30/11/2026 09:00")):
            decision.invalidate_recordset()
            self.assertIn("Not yet entered", decision.warning)
            self.assertIn("23/11/2026", decision.warning)
            decision.with_user(self.catalogue).entered_on = "2026-11-20"
            self.assertFalse(decision.warning)

    def test_entry_goes_round_the_new_holiday(self):
        # Tuesday 24 November is a day off since 2026
        self.commune.resource_calendar_id = self.env.ref(
            "cchc_onestop.resource_calendar_office"
        )
        decision = self.env["cchc.publication.decision"].create(
            {"number": "5", "date": "2026-11-20", "path": "province"}
        )
        self.assertEqual(
            decision.with_company(self.commune).entry_due_on, date(2026, 11, 30)
        )

    def test_terms_of_ministry_and_shortened_drafting(self):
        decision = self.env["cchc.publication.decision"].create(
            {
                "number": "6",
                "date": "2026-11-16",
                "path": "ministry",
                "text_effective_on": "2026-12-01",
            }
        )
        rows = {row["kind"]: row for row in decision._check_terms()}
        self.assertEqual(rows["notice"]["due"], date(2026, 11, 11))
        self.assertIn("should have been signed by", rows["notice"]["sentence"])
        self.assertEqual(rows["entry"]["term"].amount, 10)
        decision.write({"path": "shortened", "text_issued_on": "2026-11-12"})
        rows = {row["kind"]: row for row in decision._check_terms()}
        self.assertNotIn("notice", rows)
        self.assertEqual(rows["issue"]["due"], date(2026, 11, 15))
        self.assertTrue(rows["issue"]["sentence"])
        self.assertEqual(rows["entry"]["term"].amount, 2)
        decision.text_issued_on = "2026-11-13"
        rows = {row["kind"]: row for row in decision._check_terms()}
        self.assertFalse(rows["issue"]["sentence"])

    def test_terms_are_data(self):
        term = self.env.ref("cchc_onestop.publication_term_entry_province")
        term.valid_to = "2025-12-31"
        term.copy({"amount": 3, "valid_from": "2026-01-01", "valid_to": False})
        terms = self.env["cchc.publication.term"]._for("province", date(2026, 11, 16))
        self.assertEqual(terms["entry"].amount, 3)

    def test_warning_in_the_preview(self):
        wizard = self._wizard(self._list())
        wizard.action_preview()
        self.assertIn("Signed on", wizard.warning)
        self.assertIn("11/11/2026", wizard.warning)


@tagged("post_install", "-at_install")
@freeze_time(local("18/11/2026 09:00"))
class TestPublicationDossier(PublicationCase):
    """Accepted before: the old rules; drafts: the new ones (NQ 66.18/2026 Đ.6)."""

    def test_running_dossiers_keep_the_old_version(self):
        with freeze_time(local("12/11/2026 09:00")):
            running = self._accepted(procedure=self.amended)
        old, due = running.version_id, running.due_at
        decision = self._apply()
        self.assertEqual(running.version_id, old)
        self.assertEqual(running.due_at, due)
        own = decision.with_user(self.catalogue)
        line = own.line_ids.filtered(lambda row: row.change == "amended")
        self.assertEqual(line.open_count, 1)
        self.assertIn("keep the old version", line.fate)
        self.assertEqual(own.dossier_count, 1)
        action = own.action_open_dossiers()
        self.assertEqual(self.env["cchc.dossier"].search(action["domain"]), running)
        after = self._accepted(procedure=self.amended)
        self.assertEqual(after.version_id, line.version_id)
        self.assertNotIn(after, self.env["cchc.dossier"].search(action["domain"]))

    def test_preview_counts_the_dossiers(self):
        with freeze_time(local("12/11/2026 09:00")):
            self._accepted(procedure=self.repealed)
            self._draft(procedure=self.repealed)
        wizard = self._wizard(self._list(), transition="stop_on_request")
        wizard.action_preview()
        line = wizard.line_ids.filtered(lambda row: row.status == "repealed")
        self.assertEqual((line.open_count, line.draft_count), (1, 1))
        self.assertIn("on request", line.fate)
        self.assertEqual(wizard.open_count, 1)

    def test_draft_of_a_repealed_procedure_is_refused(self):
        with freeze_time(local("12/11/2026 09:00")):
            draft = self._draft(procedure=self.repealed)
        self._apply()
        with self._refused(UserError, "is repealed from .* receives no new dossier"):
            draft.with_user(self.desk).action_accept()
        draft.invalidate_recordset()
        self.assertIn("is repealed", draft.preview_problem)

    def test_draft_of_an_amended_procedure_takes_the_new_version(self):
        with freeze_time(local("12/11/2026 09:00")):
            draft = self._draft(procedure=self.amended)
        extra = draft.with_user(self.desk).document_ids.create(
            {"dossier_id": draft.id, "name": "Giấy nộp thêm", "received": True}
        )
        record = sample.record("9.810001", "Thủ tục sẽ sửa")
        record["LINHVUCTHUCHIEN"] = [{"TENLINHVUC": "Hộ tịch thử"}]
        record["THANHPHANHOSO"][0]["GIAYTO"] = [
            {"TENGIAYTO": "Tờ khai", "SOBANCHINH": 2},
            {"TENGIAYTO": "Giấy mới phải nộp", "SOBANCHINH": 1},
        ]
        decision = self._apply(sample.to_json([record]), name="a.json")
        version = decision.version_ids
        self.assertEqual(draft.state, "draft")
        rows = {row.name: row for row in draft.document_ids}
        self.assertEqual(rows["Tờ khai"].part_id.version_id, version)
        self.assertTrue(rows["Tờ khai"].received)
        self.assertEqual(rows["Tờ khai"].originals, 2)
        self.assertFalse(rows["Giấy mới phải nộp"].received)
        self.assertIn(extra, draft.document_ids)
        # handed in though no longer asked for: kept, not demanded
        self.assertFalse(rows["Bản sao giấy tờ"].required)
        self.assertIn("follows the version", draft.message_ids[:1].body)
        self.assertIn("900/QĐ-UBND", draft.message_ids[:1].body)
        messages = len(draft.message_ids)
        self.env["cchc.dossier"]._renew_drafts(self.amended)
        self.assertEqual(len(draft.message_ids), messages)
        with self._refused(UserError, "Giấy mới phải nộp"):
            draft.with_user(self.desk).action_accept()
        rows["Giấy mới phải nộp"].with_user(self.desk).received = True
        draft.with_user(self.desk).action_accept()
        self.assertEqual(draft.version_id, version)

    def test_draft_waits_for_the_day_of_the_change(self):
        draft = self._draft(procedure=self.amended)
        old = draft.document_ids.part_id.version_id
        self._apply(valid_from="2026-12-01")
        self.assertEqual(draft.document_ids.part_id.version_id, old)
        with freeze_time(local("01/12/2026 09:00")):
            self.env["cchc.procedure"]._cron_refresh_current()
        self.assertNotEqual(draft.document_ids.part_id.version_id, old)
        self.assertIn("follows the version", draft.message_ids[:1].body)

    def test_stop_is_offered_on_request_once_and_nothing_by_itself(self):
        with freeze_time(local("12/11/2026 09:00")):
            running = self._accepted(procedure=self.repealed)
            other = self._accepted(procedure=self.amended)
        decision = self._apply(
            transition="stop_on_request",
            transition_basis="NQ 66.18/2026/NQ-CP Đ.6",
        ).with_user(self.catalogue)
        self.assertFalse(running.activity_ids)
        self.assertTrue(decision.can_offer_stop)
        action = decision.action_offer_stop()
        self.assertIn("1", action["params"]["message"])
        self.assertEqual(running.state, "accepted")
        activity = running.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, running.user_id or running.receiver_id)
        self.assertIn("NQ 66.18/2026", activity.note)
        self.assertFalse(other.sudo().activity_ids)
        decision.action_offer_stop()
        self.assertEqual(len(running.sudo().activity_ids), 1)
        # the handler stops it with the reason that the law gives
        running.with_user(self.leader).action_stop(
            "Người nộp đề nghị trả lại hồ sơ",
            self.env.ref("cchc_onestop.reason_stop_abolished"),
        )
        self.assertEqual(running.state, "stopped")

    def test_no_offer_under_the_default_rule(self):
        with freeze_time(local("12/11/2026 09:00")):
            self._accepted(procedure=self.repealed)
        decision = self._apply().with_user(self.catalogue)
        self.assertFalse(decision.can_offer_stop)
        with self._refused(UserError, "choose the transition rule first"):
            decision.action_offer_stop()
        decision.transition = "stop_on_request"
        self.assertTrue(decision.can_offer_stop)
        with self._refused(AccessError, "."):
            decision.with_user(self.desk).action_offer_stop()


@tagged("post_install", "-at_install")
@freeze_time(local("18/11/2026 09:00"))
class TestPosting(PublicationCase):
    """NĐ 63/2010 Đ.17: what changed is posted anew, what is repealed comes down."""

    def _own(self, decision, user=None):
        return (
            self.env["cchc.posting"]
            .with_user(user or self.catalogue)
            .search([("decision_id", "=", decision.id)])
        )

    def test_each_desk_has_its_list(self):
        decision = self._apply(valid_from="2026-12-01")
        own = self._own(decision)
        self.assertEqual(own.company_id, self.commune)
        by_code = {row.procedure_id.code: row.action for row in own}
        self.assertEqual(
            by_code,
            {
                "9.810001": "post",
                "9.810002": "remove",
                "9.810003": "remove",
                "9.810004": "post",
                "9.810005": "post",
            },
        )
        self.assertEqual(set(own.mapped("due_on")), {date(2026, 12, 1)})
        theirs = (
            self.env["cchc.posting"]
            .with_user(self.outsider)
            .search([("decision_id", "=", decision.id)])
        )
        self.assertEqual(theirs.company_id, self.neighbour)
        self.assertFalse(
            self.province
            & self.env["cchc.posting"]
            .search([("decision_id", "=", decision.id)])
            .company_id
        )

    def test_tick_says_who_and_when(self):
        decision = self._apply()
        posting = self._own(decision)[:1]
        self.assertEqual(posting.state, "late")
        posting.place = "Bảng niêm yết tại Trung tâm"
        posting.action_done()
        self.assertEqual(posting.done_by_id, self.catalogue)
        self.assertEqual(posting.done_at, local("18/11/2026 09:00"))
        self.assertEqual(posting.state, "done")
        self.assertEqual(decision.with_user(self.catalogue).posting_open_count, 4)
        with self._refused(UserError, "Tick off the posting"):
            posting.done_by_id = self.manager
        with self._refused(UserError, "follows from the decision"):
            posting.with_user(self.manager).copy({"company_id": self.province.id})
        with self._refused(AccessError, "."):
            posting.with_user(self.desk).action_done()
        posting.action_undo()
        self.assertFalse(posting.done_at)

    def test_filters(self):
        decision = self._apply(valid_from="2026-12-01")
        own = self._own(decision)
        own[:1].action_done()
        model = self.env["cchc.posting"].with_user(self.catalogue)
        domain = [("decision_id", "=", decision.id)]
        self.assertEqual(model.search([*domain, ("state", "=", "done")]), own[:1])
        self.assertEqual(
            len(model.search([*domain, ("state", "in", ("todo", "late"))])), 4
        )
        self.assertFalse(model.search([*domain, ("state", "=", "late")]))

    def test_agency_that_came_later(self):
        decision = self._apply()
        late = self._new_company("UBND xã Mới", "H50.29", parent=self.province)
        officer = self._new_user("late", "group_catalogue", company=late)
        own = decision.with_user(officer).with_context(allowed_company_ids=late.ids)
        self.assertFalse(own.posting_count)
        own.action_make_postings()
        own.invalidate_recordset()
        self.assertEqual(own.posting_count, 5)
        own.action_make_postings()
        own.invalidate_recordset()
        self.assertEqual(own.posting_count, 5)

    def test_spreadsheet_writes_text_only(self):
        decision = self._apply()
        posting = self._own(decision)[:1]
        posting.place = "=cmd()"
        for sign in ("+1", "-1", "@a"):
            posting.note = sign
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.catalogue)
            ._render_xlsx("cchc_onestop.posting_xlsx_report", decision.ids, {})
        )
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        wanted = [cell for cell in cells if cell.value == "=cmd()"]
        self.assertEqual([cell.data_type for cell in wanted], ["s"])
        texts = [cell.value for cell in cells if cell.value]
        self.assertIn("Gỡ bỏ", texts)
        self.assertIn("Được thay thế (1)", texts)
        self.assertIn("16/11/2026", texts)

    def test_printed_list(self):
        decision = self._apply()
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.catalogue)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop.posting_list", decision.ids)
        )
        self.assertEqual(kind, "pdf")
        text = sample.pdf_text(content)
        for wanted in (
            "900/QĐ-UBND",
            "16/11/2026",
            "9.810002",
            "Thủ tục sẽ bãi bỏ",
            "Gỡ bỏ",
            "Mới ban hành (2)",
            "Nơi niêm yết",
        ):
            self.assertIn(wanted, text)
