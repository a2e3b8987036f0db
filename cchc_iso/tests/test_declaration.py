from datetime import date

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestDeclaration(DocumentCase):
    """Declaration of conformity: from draft to superseded (QĐ 19/2014/QĐ-TTg Đ.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uncovered = cls._new_procedure("9.800002", "Chưa có tài liệu")

    def setUp(self):
        super().setUp()
        self.page = self._issued()

    def _coverage(self):
        return self.env["cchc.iso.procedure.coverage"].with_company(self.commune)

    def _figures(self):
        return {
            key: value
            for key, value in self._coverage()._figures(self.commune).items()
            if key in ("current", "outdated", "missing", "excluded")
        }

    def _status(self, procedure):
        coverage = self._coverage()
        coverage.invalidate_model()
        return coverage.search([("procedure_id", "=", procedure.id)]).status

    def _draft(self, **values):
        """Return the draft that the secretary makes in the form."""
        form = Form(self.env["cchc.iso.declaration"].with_user(self.secretary))
        form.system_id = self.system
        for name, value in values.items():
            form[name] = value
        declaration = form.save()
        declaration.action_fill()
        return declaration

    def _publish(self, number="45/CB-UBND", day="2026-11-20"):
        declaration = self._draft()
        declaration.with_user(self.head).action_confirm_effect()
        declaration.write(
            {"number": number, "decided_on": day, "signer_id": self.head.id}
        )
        declaration.request_validation()
        declaration.with_user(self.deputy_head).validate_tier()
        declaration.action_publish()
        return declaration

    # --- Coverage of the catalogue

    def test_coverage_of_the_catalogue(self):
        before = self._figures()
        self.assertEqual(self._status(self.procedure), "current")
        self.assertEqual(self._status(self.uncovered), "missing")
        self.env["cchc.iso.procedure.exclusion"].with_user(self.secretary).create(
            {"procedure_id": self.uncovered.id, "reason": "Chưa từng phát sinh"}
        )
        self.assertEqual(self._status(self.uncovered), "excluded")
        self.assertEqual(
            self._figures(),
            {
                **before,
                "missing": before["missing"] - 1,
                "excluded": before["excluded"] + 1,
            },
        )

    def test_a_new_process_makes_the_document_outdated(self):
        self.process._amend(self.today).action_publish()
        self.assertEqual(self._status(self.procedure), "outdated")

    def test_a_procedure_is_left_out_with_a_reason_only(self):
        with self.assertRaisesRegex(ValidationError, "State why"):
            self.env["cchc.iso.procedure.exclusion"].create(
                {"procedure_id": self.uncovered.id, "reason": " "}
            )

    def test_the_figures_cost_one_statement(self):
        coverage = self.env["cchc.iso.procedure.coverage"]
        coverage._figures(self.commune)
        self.env.flush_all()
        with self.assertQueryCount(2):
            coverage._figures(self.commune)

    def test_the_documents_of_a_neighbour_cover_nothing_here(self):
        row = self._coverage().with_company(self.neighbour)
        self.assertEqual(
            row.search([("procedure_id", "=", self.procedure.id)]).status, "missing"
        )

    # --- Life

    def test_from_draft_to_in_force(self):
        declaration = self._publish()
        self.assertEqual(declaration.state, "published")
        self.assertEqual(declaration.effective_from, date(2026, 11, 20))
        self.assertEqual(declaration.line_ids.procedure_id, self.procedure)
        self.assertEqual(declaration.line_ids.issue_id, self.page.issue_id)
        self.assertEqual(declaration.line_ids.issue_no, 1)
        self.assertEqual(declaration.covered_count, 1)
        self.assertEqual(declaration.scope_change, "first")
        self.assertEqual(self.system.declaration_id, declaration)
        self.assertEqual(declaration.effect_confirmed_by_id, self.head)
        self.assertEqual(
            declaration.posting_ids.mapped("subject"),
            ["declaration", "objectives", "policy"],
        )
        self.assertEqual(
            set(declaration.posting_ids.mapped("due_on")), {date(2026, 11, 30)}
        )

    def test_only_the_head_confirms_the_effect(self):
        declaration = self._draft()
        for user in (self.secretary, self.member):
            with self.assertRaisesRegex(AccessError, "head of the agency"):
                declaration.with_user(user).action_confirm_effect()
        empty = self.env["cchc.iso.declaration"].create(
            {"system_id": self.system.id, "company_id": self.commune.id}
        )
        with self.assertRaisesRegex(UserError, "Add the processes"):
            empty.with_user(self.head).action_confirm_effect()

    def test_nothing_is_published_past_the_approval(self):
        declaration = self._draft()
        with self.assertRaises(AccessError):
            declaration.state = "published"
        with self.assertRaises(AccessError):
            self.env["cchc.iso.declaration"].with_user(self.secretary).create(
                {"system_id": self.system.id, "state": "published"}
            )
        with self.assertRaisesRegex(UserError, "head confirms"):
            declaration.action_publish()
        declaration.with_user(self.head).action_confirm_effect()
        declaration.write(
            {"number": "1/CB", "decided_on": "2026-11-20", "signer_id": self.head.id}
        )
        with self.assertRaises(ValidationError):
            declaration.action_publish()
        declaration.request_validation()
        with self._refused((AccessError, UserError), "."):
            declaration.validate_tier()
        self.assertEqual(declaration.state, "effect_confirmed")

    def test_what_the_head_confirmed_is_not_changed_underneath(self):
        declaration = self._draft()
        declaration.with_user(self.head).action_confirm_effect()
        for change in (
            lambda: declaration.line_ids[0].write({"name": "Khác"}),
            lambda: declaration.line_ids.unlink(),
            lambda: declaration.write({"scope_text": "Khác"}),
            lambda: declaration.unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        declaration.action_draft()
        self.assertFalse(declaration.effect_confirmed_by_id)
        declaration.scope_text = "Toàn bộ TTHC"

    def test_publishing_needs_number_date_and_signer(self):
        declaration = self._draft(signer_id=self.head)
        declaration.with_user(self.head).action_confirm_effect()
        declaration.request_validation()
        declaration.with_user(self.deputy_head).validate_tier()
        with self.assertRaisesRegex(UserError, "Number, Signed on"):
            declaration.action_publish()

    def test_a_published_declaration_never_changes(self):
        declaration = self._publish()
        for user in (self.secretary, self.head, self.iso_manager, self.env.user):
            row = declaration.with_user(user)
            for values in (
                {"number": "99/CB"},
                {"scope_text": "Khác"},
                {"edition_id": False},
                {"line_ids": [(5,)]},
                {"agency_name": "Khác"},
            ):
                with self._refused((AccessError, UserError), "."):
                    row.write(values)
            with self._refused((AccessError, UserError), "."):
                row.line_ids.write({"code": "X"})
            with self._refused((AccessError, UserError), "."):
                row.unlink()
        declaration.with_user(self.secretary).write(
            {"file": "eA==", "file_name": "cong-bo.pdf"}
        )

    def test_publishing_supersedes_the_one_before(self):
        first = self._publish()
        first.posting_ids[0].with_user(self.secretary).place = "Bảng tin một cửa"
        first.posting_ids[0].with_user(self.secretary).action_post()
        second = self._publish("60/CB-UBND", "2026-12-01")
        self.assertEqual((first.state, second.state), ("superseded", "published"))
        self.assertEqual(first.ended_on, date(2026, 12, 1))
        self.assertEqual(second.replaces_id, first)
        self.assertEqual(
            second.posting_ids.filtered(lambda p: p.subject == "declaration").place,
            "Bảng tin một cửa",
        )

    def test_withdrawn_by_the_head_with_a_reason(self):
        declaration = self._publish()
        wizard = self.env["cchc.iso.declaration.withdraw"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.secretary).create(
                {"declaration_id": declaration.id, "reason": "Hết hiệu lực"}
            )
        wizard.with_user(self.head).create(
            {"declaration_id": declaration.id, "reason": "Dừng áp dụng để rà soát"}
        ).action_withdraw()
        self.assertEqual(declaration.state, "withdrawn")
        self.assertFalse(self.system.declaration_id)

    # --- Declaring again

    def _kinds(self):
        return [row["kind"] for row in self.system._cchc_redeclare_reasons()]

    def test_nothing_changed_nothing_to_declare(self):
        self._publish()
        self.assertEqual(self._kinds(), [])

    def test_scope_extended_and_narrowed(self):
        declaration = self._publish()
        added = self._issued(self.uncovered.version_ids.process_ids)
        self.assertEqual(self._kinds(), ["extended"])
        reason = self.system._cchc_redeclare_reasons()[0]
        self.assertEqual(reason["procedures"], self.uncovered)
        self.assertIn("1 processes came", declaration.again_text)
        self.procedure.repealed_from = self.today
        self.assertEqual(self._kinds(), ["extended", "narrowed"])
        again = declaration.with_user(self.secretary).action_declare_again()
        draft = self.env["cchc.iso.declaration"].browse(again["res_id"])
        self.assertEqual(draft.line_ids.issue_id, added.issue_id)
        self.assertEqual(draft.scope_change, "extended")
        self.assertEqual(
            declaration.with_user(self.secretary).action_declare_again()["res_id"],
            draft.id,
        )

    def test_a_process_of_the_agency_itself_extends_and_narrows_too(self):
        self._publish()
        internal = (
            self.env["document.page"]
            .with_user(self.secretary)
            .create(
                {
                    "name": "Quy trình đánh giá nội bộ",
                    "doc_type_id": self.env.ref(
                        "cchc_iso.document_type_system_procedure"
                    ).id,
                    "system_id": self.system.id,
                    "company_id": self.commune.id,
                }
            )
        )
        issue = self._issue(internal)
        for block in issue.block_ids:
            block.content = "<p>Nội dung</p>"
        self._approve(issue)
        self.assertEqual(self._kinds(), ["extended"])
        second = self._publish("60/CB-UBND")
        self.assertIn(issue, second.line_ids.issue_id)
        self.assertEqual(self._kinds(), [])
        internal.with_user(self.head)._cchc_withdraw(self.today, "Không còn dùng")
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=1)):
            self.env.invalidate_all()
            self.assertEqual(self._kinds(), ["narrowed"])

    def test_a_later_issue_of_a_declared_process_is_shown_not_declared_again(self):
        """The law asks again for the scope, not for each issue (Đ.4 k.3)."""
        declaration = self._publish()
        self._approve(self._issue(self.page))
        self.env.invalidate_all()
        self.assertEqual(declaration.changed_count, 1)
        self.assertEqual(self._kinds(), [])

    def test_scope_adjusted_edition_changed_agency_merged(self):
        self.system.scope_text = "Toàn bộ TTHC"
        self._publish()
        self.system.scope_text = "Toàn bộ TTHC và quy trình nội bộ"
        self.assertEqual(self._kinds(), ["adjusted"])
        self.system.scope_text = "Toàn bộ TTHC"
        self.env["cchc.iso.clause.exclusion"].create(
            {
                "system_id": self.system.id,
                "clause_id": self.env.ref("cchc_iso.clause_9001_2015_8_3").id,
                "justification": "Không thiết kế dịch vụ",
            }
        )
        self.assertEqual(self._kinds(), ["adjusted"])
        self.system.exclusion_ids.unlink()
        self.commune.name = "UBND phường Hải Trường"
        self.assertEqual(self._kinds(), ["merged"])
        self.commune.name = "UBND xã Hải Trường"
        self.system.reorganised_on = "2026-12-31"
        self.assertEqual(self._kinds(), ["merged"])

    def test_acceptance_8_a_later_edition_leaves_the_past_alone(self):
        """Audits, findings and declarations keep the edition of their time."""
        declaration = self._publish()
        old = self.system.edition_id
        audit = self.env["mgmtsystem.audit"].create(
            {
                "name": "Đánh giá 2026",
                "system_id": self.system.id,
                "company_id": self.commune.id,
                "date": "2026-09-01 01:00:00",
            }
        )
        self.assertEqual(audit.edition_id, old)
        new = self.env["cchc.iso.edition"].create(
            {"code": "TCVN ISO 9001:2099", "name": "Requirements"}
        )
        self.env["cchc.iso.clause"].create({"edition_id": new.id, "code": "4"})
        new.write({"state": "published", "valid_from": "2099-01-01"})
        self.env["cchc.iso.edition.move"].with_user(self.secretary).create(
            {
                "system_id": self.system.id,
                "edition_id": new.id,
                "reason": "Hết thời gian chuyển đổi",
            }
        ).action_move()
        self.assertEqual(self.system.edition_id, new)
        self.assertEqual(audit.edition_id, old)
        self.assertEqual(declaration.edition_id, old)
        self.assertEqual(self._kinds(), ["edition"])

    def test_the_secretary_is_reminded_once(self):
        declaration = self._publish()
        self.system.reorganised_on = "2026-12-31"
        declaration._alert_again()
        declaration._alert_again()
        activity = declaration.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.secretary)
        self.system.reorganised_on = False
        declaration._alert_again()
        self.assertFalse(declaration.activity_ids)

    # --- Posting

    def test_posting_says_where_from_when_and_by_whom(self):
        posting = self._publish().posting_ids[0].with_user(self.secretary)
        with freeze_time("2026-12-05 03:00:00"):
            self.assertEqual(posting.state, "late")
            self.assertIn(posting, posting.search([("state", "=", "late")]))
            with self.assertRaisesRegex(UserError, "where it is posted"):
                posting.action_post()
            with self.assertRaisesRegex(UserError, "with its buttons"):
                posting.posted_on = "2026-11-21"
            posting.place = "Trụ sở UBND xã"
            posting.action_post()
        self.assertEqual(posting.posted_on, date(2026, 12, 5))
        self.assertEqual(posting.posted_by_id, self.secretary)
        with self.assertRaisesRegex(UserError, "stays on the sheet"):
            posting.unlink()
        posting.action_remove()
        self.assertEqual(posting.state, "removed")

    # --- Papers

    def _print(self, declaration, report):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.member)
            ._render_qweb_html(f"cchc_iso.{report}_action", declaration.ids)
        )
        return html.decode()

    def test_papers_bear_the_official_layout(self):
        self.system.scope_text = "Toàn bộ thủ tục hành chính của xã"
        first = self._publish()
        second = self._publish("60/CB-UBND", "2026-12-01")
        paper = self._print(second, "report_declaration")
        for words in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Bản công bố",
            "TCVN ISO 9001:2015",
            "60/CB-UBND",
            "Toàn bộ thủ tục hành chính của xã",
            "thay thế Bản công bố số",
            first.number,
        ):
            self.assertIn(words, paper)
        self.assertIn("HẾT HIỆU LỰC", self._print(first, "report_declaration"))
        annex = self._print(second, "report_declaration_annex")
        for words in ("QT-01", "Xác nhận thử nghiệm", "Lĩnh vực Hộ tịch thử"):
            self.assertIn(words, annex)
        self.assertIn("Chính sách chất lượng", self._print(second, "report_posting"))

    # --- Access

    def test_another_agency_sees_nothing(self):
        declaration = self._publish()
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        for records in (declaration, declaration.line_ids, declaration.posting_ids):
            self.assertFalse(
                records.with_user(stranger).search([("id", "in", records.ids)])
            )
        with self.assertRaises(AccessError):
            declaration.with_user(self.member).action_fill()

    def test_the_clauses_left_out_are_those_of_that_day(self):
        exclusion = self.env["cchc.iso.clause.exclusion"].create(
            {
                "system_id": self.system.id,
                "clause_id": self.env.ref("cchc_iso.clause_9001_2015_8_3").id,
                "justification": "Không thiết kế dịch vụ",
            }
        )
        declaration = self._publish()
        self.assertEqual(declaration.exclusion_text, "8.3: Không thiết kế dịch vụ")
        self.assertEqual(self._kinds(), [])
        exclusion.justification = "Dịch vụ theo luật định"
        self.assertEqual(declaration.exclusion_text, "8.3: Không thiết kế dịch vụ")
        self.assertEqual(self._kinds(), ["adjusted"])
