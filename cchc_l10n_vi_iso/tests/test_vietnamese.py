from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cchc_l10n_vi.tests.common import LANG, CarrierCase, CarrierChecks

from ..shipped_texts import TEXTS, read_terms, terms_of, write_vietnamese

MANUAL = "document_page_quality_manual.document_page_quality_manual"


@tagged("post_install", "-at_install")
class TestVietnameseIso(CarrierChecks, CarrierCase):
    carrier = "cchc_l10n_vi_iso"
    carried = (
        "document_knowledge",
        "document_page",
        "document_page_approval",
        "document_page_procedure",
        "document_page_quality_manual",
        "mgmtsystem",
        "mgmtsystem_action",
        "mgmtsystem_audit",
        "mgmtsystem_manual",
        "mgmtsystem_nonconformity",
        "mgmtsystem_quality",
        "mgmtsystem_review",
    )
    same = frozenset({"ID", "Menu", "{{object.name}}"})
    python_term = ("mgmtsystem_audit", "Audit closed")

    def test_official_terms(self):
        names = {
            model.model: model.name
            for model in self.vi["ir.model"].search([("model", "like", "mgmtsystem")])
        }
        self.assertEqual(names["mgmtsystem.nonconformity"], "Sự không phù hợp")
        self.assertEqual(names["mgmtsystem.review"], "Xem xét của lãnh đạo")
        self.assertEqual(
            self.label("mgmtsystem_nonconformity.nc_origin_internal_audit"),
            "Đánh giá nội bộ",
        )
        self.assertEqual(
            self.label("mgmtsystem_nonconformity.stage_pending"), "Kế hoạch hành động"
        )
        self.assertEqual(self.label("mgmtsystem.group_mgmtsystem_viewer"), "Người xem")
        kinds = self.vi["mgmtsystem.action"].fields_get(["type_action"])
        self.assertEqual(
            dict(kinds["type_action"]["selection"])["correction"],
            "Hành động khắc phục",
        )

    def test_views_say_vietnamese(self):
        arch = self.vi["mgmtsystem.audit"].get_view(
            self.env.ref("mgmtsystem_audit.view_mgmtsystem_audit_form").id, "form"
        )["arch"]
        self.assertIn("Danh mục câu hỏi kiểm tra", arch)
        self.assertNotIn("Verification List", arch)

    def test_mails_say_vietnamese(self):
        self.env.user.lang = LANG
        self.env.user.partner_id.name = "Nguyễn Thị Hoa"
        action = self.env["mgmtsystem.action"].create(
            {
                "name": "Sửa quy trình QT-01",
                "type_action": "correction",
                "date_deadline": "2026-12-09",
            }
        )
        for xmlid, sentence in (
            ("email_template_new_action_reminder", "được giao một hành động mới"),
            ("action_email_template_reminder_action", "trong 10 ngày tới"),
        ):
            template = self.env.ref(f"mgmtsystem_action.{xmlid}")
            body = template._render_field("body_html", action.ids, compute_lang=True)
            text = " ".join(html.fromstring(body[action.id]).text_content().split())
            self.assertIn("Kính gửi Nguyễn Thị Hoa", text)
            self.assertIn(sentence, text)
            self.assertIn("09/12/2026", text)
            self.assertNotIn("Odoo", text)

    def test_error(self):
        case = self.vi["mgmtsystem.nonconformity"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "responsible_user_id": self.env.uid,
                "manager_user_id": self.env.uid,
                "description": "Hồ sơ trả trễ hạn",
            }
        )
        with self.assertRaisesRegex(ValidationError, "Phải có ý kiến về kế hoạch"):
            case.stage_id = self.env.ref("mgmtsystem_nonconformity.stage_open")

    def test_answers_of_the_printed_list(self):
        audit = self.vi["mgmtsystem.audit"].create(
            {"name": "Đợt 1", "line_ids": [(0, 0, {"name": "Có biên nhận không?"})]}
        )
        lines = audit.get_lines_by_procedure()
        self.assertEqual([line["yes_no"] for line in lines], ["", "Có / Không"])

    # -- texts that no translation reaches ----------------------------------------
    def test_shipped_pages_are_vietnamese(self):
        manual = self.env.ref(MANUAL)
        self.assertEqual(manual.name, "Sổ tay chất lượng")
        headings = html.fromstring(str(manual.template)).xpath("//h1/text()")
        self.assertEqual(headings[0], "Lời nói đầu")
        self.assertEqual(headings[-1], "Cải tiến")
        self.assertEqual(
            self.env.ref("mgmtsystem_quality.system_quality").name,
            "Hệ thống quản lý chất lượng",
        )
        known = read_terms()
        for xmlid, names in TEXTS.items():
            for name in names:
                for term in terms_of(self.env.ref(xmlid)[name]):
                    self.assertIn(term, known.values(), xmlid)
                    self.assertNotIn(term, known, xmlid)

    def test_what_an_office_wrote_is_kept(self):
        manual = self.env.ref(MANUAL)
        procedure = self.env.ref(
            "document_page_procedure.document_page_group_procedure"
        )
        manual.name = "Sổ tay của xã"
        procedure.template = "<h1>Objective</h1><p>Our own text</p>"
        write_vietnamese(self.env)
        self.assertEqual(manual.name, "Sổ tay của xã")
        self.assertIn("Our own text", procedure.template)
        self.assertIn("Objective", procedure.template)
        procedure.name = "Procedure"
        procedure.template = "<h1>Objective</h1>"
        write_vietnamese(self.env)
        self.assertEqual(procedure.name, "Quy trình")
        self.assertEqual(procedure.template, "<h1>Mục đích</h1>")

    @mute_logger("odoo.models.unlink")
    def test_a_text_that_was_removed_is_no_hindrance(self):
        self.env.ref("mgmtsystem_manual.manuals").unlink()
        write_vietnamese(self.env)
        self.assertFalse(self.env.ref("mgmtsystem_manual.manuals", False))

    def test_terms_survive_an_update_of_the_addon(self):
        stage = self.env.ref("mgmtsystem_nonconformity.stage_done")
        self.env.cr.execute(
            "UPDATE mgmtsystem_nonconformity_stage SET name = name - %s WHERE id = %s",
            [LANG, stage.id],
        )
        self.env.invalidate_all()
        self.assertEqual(stage.with_context(lang=LANG).name, "Closed")
        # Loading any other addon loads the terms of each that carries some.
        self.env["ir.module.module"]._load_module_terms(["report_xlsx"], [LANG])
        self.assertEqual(stage.with_context(lang=LANG).name, "Đã đóng")
