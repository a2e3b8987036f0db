import hashlib
import io

from freezegun import freeze_time
from psycopg2 import IntegrityError
from pypdf import PdfReader

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import local
from .common_papers import PaperCase


def pdf_text(content):
    return " ".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages)


@tagged("post_install", "-at_install")
class TestDossierPaper(PaperCase):
    """Papers are issued once, kept with their checksum, and voided openly."""

    def _issue(self, dossier=None, user=None):
        dossier = dossier or self._settled()
        return dossier.with_user(user or self.desk)._issue_paper("01")

    def test_issued_once(self):
        dossier = self._settled()
        first = self._issue(dossier)
        self.assertEqual(self._issue(dossier, self.handler), first)
        self.assertEqual(first.state, "issued")
        self.assertEqual(first.issued_by_id, self.desk)
        self.assertEqual(first.copies, 2)
        self.assertEqual(dossier.with_user(self.desk).receipt_id, first)
        self.assertEqual(dossier.with_user(self.desk).paper_count, 1)

    def test_pdf_is_kept_with_its_checksum(self):
        paper = self._issue()
        content = paper._get_content()
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertEqual(paper.sha256, hashlib.sha256(content).hexdigest())
        self.assertFalse(paper._verify())
        self.assertRegex(
            paper.filename, r"^H50\.21-261122-\d{4}_M01_\d\d-TTPVHCC\.pdf$"
        )

    def test_later_changes_do_not_touch_the_paper(self):
        dossier = self._settled()
        before = self._issue(dossier)._get_content()
        dossier.sudo().applicant_address = "Nơi khác"
        self.assertEqual(self._issue(dossier)._get_content(), before)
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.desk)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop.report_receipt", dossier.ids)
        )
        self.assertEqual(content, before)

    def test_printing_a_list_gives_all_receipts_in_order(self):
        dossiers = self._settled() | self._settled(applicant_name="Người thứ hai")
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.desk)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("cchc_onestop.report_receipt", dossiers.ids)
        )
        pages = [p.extract_text() for p in PdfReader(io.BytesIO(content)).pages]
        self.assertEqual(len(pages), 4)
        first, second = dossiers.mapped("name")
        for page, name in zip(pages, [first, first, second, second], strict=True):
            self.assertIn(name, page)

    def test_tampered_file_is_found(self):
        paper, sound = self._issue(), self._issue()
        self.env.cr.execute(
            "UPDATE ir_attachment SET db_datas = %s, store_fname = NULL WHERE id = %s",
            (b"%PDF forged", paper.sudo().attachment_id.id),
        )
        self.env.invalidate_all()
        self.assertEqual((paper | sound)._verify(), paper)

    def test_numbers_run_without_gap_per_agency_and_year(self):
        with freeze_time("2026-12-31 08:00:00"):
            first, second = self._issue(), self._issue()
            other = self._issue(
                self._settled(
                    company_id=self.neighbour.id, receiving_company_id=self.neighbour.id
                ),
                self._new_user("desk_hl", "group_desk", company=self.neighbour),
            )
        # 1 January 2027, 06:30 in Việt Nam, is still 2026 in UTC.
        with freeze_time("2026-12-31 23:30:00"):
            new_year = self._issue()
        self.assertEqual(first.name, "01/TTPVHCC")
        self.assertEqual(second.name, "02/TTPVHCC")
        self.assertEqual(other.name, "01/TTPVHCC")
        self.assertEqual((new_year.name, new_year.year), ("01/TTPVHCC", 2027))

    def test_failed_printing_leaves_no_hole(self):
        view = self.env.ref("cchc_onestop.report_receipt_body")
        arch = view.arch_db
        view.arch_db = arch.replace(
            '<div class="cchc-note">',
            '<div class="cchc-note"><img src="http://127.0.0.1/x.png"/>',
        )
        with self._refused(UserError, "127.0.0.1"):
            self._issue()
        view.arch_db = arch
        self.assertEqual(self._issue().name, "01/TTPVHCC")

    def test_edition_follows_the_date(self):
        for moment, name in (
            ("2025-09-14 02:00:00", "form_01_2018"),
            ("2025-09-15 02:00:00", "form_01_2025"),
        ):
            with freeze_time(moment):
                paper = self._issue()
            self.assertEqual(paper.edition_id, self.env.ref(f"cchc_onestop.{name}"))
        with freeze_time("2018-01-01 02:00:00"), self._refused(UserError, "in force"):
            self._issue()

    def test_agency_may_have_its_own_edition(self):
        common = self.env.ref("cchc_onestop.form_01_2025")
        common.copy({"company_id": self.commune.id, "copies": 1, "edition": "riêng"})
        paper = self._issue()
        self.assertEqual(paper.edition_id.edition, "riêng")
        self.assertEqual(len(PdfReader(io.BytesIO(paper._get_content())).pages), 1)

    def test_draft_and_void_dossiers_have_no_receipt(self):
        draft = self._settled(state="draft", accepted_at=False, name=False)
        with self._refused(UserError, "not been accepted"):
            self._issue(draft)
        with self._refused(UserError, "is void"):
            self._issue(self._settled(state="void"))

    # -- mending a mistake ----------------------------------------------------
    def test_reissue_voids_and_names_the_old_one(self):
        old = self._issue()
        new = old.reissue("Ghi sai họ tên")
        self.assertEqual(old.state, "void")
        self.assertEqual(old.void_reason, "Ghi sai họ tên")
        self.assertEqual(old.voided_by_id, self.desk)
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual(new.name, "02/TTPVHCC")
        self.assertIn("Thay thế phiếu số 01/TTPVHCC", pdf_text(new._get_content()))

    def test_void_paper_is_marked_on_every_page_and_stays_kept(self):
        paper = self._issue()
        kept = paper.sudo().attachment_id.raw
        paper.void("In thử")
        pages = PdfReader(io.BytesIO(paper._get_content())).pages
        for page in pages:
            self.assertIn("ĐÃ HỦY", page.extract_text())
            self.assertIn("GIẤY TIẾP NHẬN", page.extract_text())
        self.assertEqual(paper.sudo().attachment_id.raw, kept)
        self.assertFalse(paper._verify())

    def test_void_needs_a_reason_and_happens_once(self):
        paper = self._issue()
        with self._refused(UserError, "why"):
            paper.void("  ")
        paper.void("Nhầm")
        with self._refused(UserError, "void already"):
            paper.void("Nhầm lần nữa")

    def test_replacement_dossier_names_the_void_receipt(self):
        """The dossier is voided and entered anew; the papers follow."""
        old = self._settled()
        paper = self._issue(old)
        new = self._settled(replaces_id=old.id)
        new.with_user(self.desk)._void_papers_of(old.with_user(self.desk))
        self.assertEqual(paper.state, "void")
        receipt = self._issue(new)
        self.assertEqual(paper.replaced_by_id, receipt)
        text = pdf_text(receipt._get_content())
        self.assertIn("Thay thế phiếu số 01/TTPVHCC", text)
        self.assertIn(old.name, text)

    def test_wizard_voids_and_issues_anew(self):
        paper = self._issue()
        action = paper.action_ask_void()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.desk)
            .with_context(**action["context"])
        )
        wizard.reason = "Sai địa chỉ"
        wizard.save().action_apply()
        self.assertEqual(paper.state, "void")
        self.assertEqual(paper.replaced_by_id.state, "issued")

    # -- nobody changes a paper ----------------------------------------------
    def test_nobody_writes_creates_or_deletes_a_paper(self):
        paper = self._issue()
        for user in (self.desk, self.handler, self.leader, self.manager):
            own = paper.with_user(user)
            with self._refused(UserError, "."):
                own.write({"name": "99/TTPVHCC"})
            with self._refused(UserError, "."):
                own.unlink()
            with self._refused(UserError, "."):
                own.create({"name": "x", "dossier_id": paper.dossier_id.id})
        root = paper.sudo()
        for vals in ({"name": "99"}, {"state": "void"}, {"sha256": "0"}):
            with self._refused(UserError, "cannot be changed"):
                root.write(vals)
        with self._refused(UserError, "cannot be deleted"):
            root.unlink()
        with self._refused(UserError, "not added by hand"):
            root.create({"name": "x"})

    def test_nobody_changes_the_kept_file(self):
        attachment = self._issue().sudo().attachment_id
        for vals in ({"raw": b"x"}, {"res_id": 1}, {"name": "x"}, {"public": True}):
            with self._refused(UserError, "issued paper"):
                attachment.write(vals)
        with self._refused(UserError, "issued paper"):
            attachment.unlink()
        with self._refused(UserError, "."):
            attachment.with_user(self.manager).write({"raw": b"x"})

    def test_only_officers_of_the_agency_print(self):
        dossier = self._settled()
        for user in (self.outsider, self.auditor, self.catalogue):
            with self._refused(AccessError, "."):
                self._issue(dossier, user)
        paper = self._issue(dossier)
        for user in (self.desk, self.handler, self.leader, self.manager):
            self.assertTrue(paper.with_user(user)._get_content())
        for user in (self.outsider, self.auditor, self.catalogue):
            with self._refused(AccessError, "."):
                paper.with_user(user)._get_content()
            with self._refused(AccessError, "."):
                paper.sudo().attachment_id.with_user(user).read(["raw"])

    @mute_logger("odoo.sql_db")
    def test_two_requests_at_once_give_one_paper(self):
        """The later one is repeated by Odoo and finds the paper of the first."""
        paper = self._issue()
        dossier = paper.dossier_id
        with self.assertRaises(ConcurrencyError):
            paper.issue(dossier, "01")
        self.assertEqual(self._issue(dossier), paper)

    @mute_logger("odoo.sql_db")
    def test_database_allows_one_valid_paper(self):
        paper = self._issue()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO cchc_dossier_paper (name, dossier_id, company_id, code, "
                "edition_id, state, occasion, year, issued_at, issued_by_id) "
                "SELECT 'x', dossier_id, company_id, code, edition_id, state, "
                "occasion, year, issued_at, issued_by_id FROM cchc_dossier_paper "
                "WHERE id = %s",
                (paper.id,),
            )


@tagged("post_install", "-at_install")
class TestPaperDownload(HttpCase, PaperCase):
    """The receipt over HTTP: issued by the first request, the same ever after."""

    def setUp(self):
        super().setUp()
        for user in (self.desk, self.outsider, self.auditor):
            user.password = user.login
        self.dossier = self._settled(accepted_at=local("20/11/2026 08:15"))

    def _get(self, user):
        self.authenticate(user.login, user.login)
        action = self.dossier.action_print_receipt()
        return self.url_open(action["url"])

    def test_first_request_issues(self):
        first, second = self._get(self.desk), self._get(self.desk)
        self.assertEqual(first.status_code, 200)
        self.assertEqual(first.headers["Content-Type"], "application/pdf")
        self.assertEqual(first.content, second.content)
        self.assertEqual(len(self.dossier.paper_ids), 1)
        self.assertEqual(self.dossier.paper_ids.issued_by_id, self.desk)

    def test_others_get_nothing(self):
        for user in (self.outsider, self.auditor):
            with mute_logger("odoo.http"):
                response = self._get(user)
            self.assertEqual(response.status_code, 403)
            self.assertFalse(self.dossier.paper_ids)

    def test_void_paper_opens_with_its_mark(self):
        paper = self.dossier.with_user(self.desk)._issue_paper("01")
        paper.void("Nhầm")
        self.authenticate(self.desk.login, self.desk.login)
        response = self.url_open(paper.action_print()["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn("ĐÃ HỦY", pdf_text(response.content))
