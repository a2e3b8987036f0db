from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.cchc_onestop.tools import guard

from ..tools import pages
from . import papers
from .common import DigitiseCase


def sheet(dossier, key, dpi=100):
    return papers.separator(dossier.name, key, dpi)


@tagged("post_install", "-at_install")
class TestScanBatch(DigitiseCase):
    """A stack with separators: read, reviewed, confirmed, nothing half kept."""

    def setUp(self):
        super().setUp()
        self.one, self.two = self._case(), self._case()

    def _page(self, batch, number):
        return batch.page_ids.filtered(lambda page: page.number == number)

    def _mixed(self):
        return self._stack(
            sheet(self.one, "TK"),
            papers.blank(100),
            papers.written("tk", 100),
            sheet(self.two, "GCN").rotate(180),
            papers.written("gcn", 100),
            papers.written("gcn", 100, seed=2),
            sheet(self.one, "GCN"),
            papers.written("one", 100),
        )

    def test_dossiers_are_mixed_in_one_stack(self):
        batch = self._mixed()
        self.assertEqual(batch.state, "review")
        self.assertEqual(
            batch.page_ids.sorted("number").mapped("kind"),
            ["separator", "blank", "content", "separator", "content", "content"]
            + ["separator", "content"],
        )
        self.assertFalse(self.one.scan_file_ids | self.two.scan_file_ids)
        batch.action_confirm()
        self.assertEqual(batch.confirmed_by_id, self.desk)
        self.assertEqual(
            sorted(batch.file_ids.mapped("name")),
            sorted(
                [
                    f"{self.one.name}_GCN_01.pdf",
                    f"{self.one.name}_TK_01.pdf",
                    f"{self.two.name}_GCN_01.pdf",
                ]
            ),
        )
        self.assertEqual(self._part(self.two, "GCN").scan_file_ids.pages, 2)
        self.assertEqual(self._part(self.one, "GCN").digital_state, "done")
        self.assertEqual(set(batch.file_ids.mapped("origin")), {"stack"})
        self.assertTrue(self._page(batch, 5).file_id)
        for file in batch.file_ids:
            for _number, look in pages.look(file.attachment_id.raw, 0, 9):
                self.assertIsNone(pages.separator(look))

    def test_reading_in_portions_gives_the_same(self):
        name = "cchc_onestop_digitise.models.cchc_scan_batch_split"
        with self.subTest(name):
            batch = self._mixed()
            whole = batch.page_ids.sorted("number").mapped(
                lambda page: (page.number, page.kind, page.document_id.id)
            )
            again = self._stack(papers.written("z", 100), *self._sheets(), name="b.pdf")
            guard.unlocked(again.sudo()).write({"state": "reading", "read_count": 0})
            guard.unlocked(again.page_ids.sudo()).unlink()
            while again.read_count < again.page_count:
                again._read_pages(1)
            rows = again.page_ids.sorted("number")[1:].mapped(
                lambda page: (page.number - 1, page.kind, page.document_id.id)
            )
            self.assertEqual(rows, whole)

    def _sheets(self):
        return [
            sheet(self.one, "TK"),
            papers.blank(100),
            papers.written("tk", 100),
            sheet(self.two, "GCN").rotate(180),
            papers.written("gcn", 100),
            papers.written("gcn", 100, seed=2),
            sheet(self.one, "GCN"),
            papers.written("one", 100),
        ]

    def test_progress_is_told(self):
        batches = self.env["cchc.scan.batch"].with_user(self.desk)
        content = papers.scan([papers.written(seed=n, dpi=50) for n in range(45)], 100)
        batch = batches._take(["dài.pdf"], [content], self.commune)
        self.assertEqual(self._read(batch), [(20, 45), (40, 45), (45, 45)])

    def test_the_job_reads_it_and_shows_the_stack(self):
        batches = self.env["cchc.scan.batch"].with_user(self.desk)
        content = papers.scan([sheet(self.one, "TK"), papers.written("a", 100)], 100)
        batch = batches._take(["a.pdf"], [content], self.commune)
        job = batch._start_reading()
        self.assertEqual((job.user_id, job.state), (self.desk, "queued"))
        with self.enter_registry_test_mode():
            self.env.ref("cchc_onestop.cron_job").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((job.state, batch.state), ("done", "review"))
        self.assertEqual(job.with_user(self.desk).action_outcome()["res_id"], batch.id)

    def test_what_a_separator_cannot_say_is_reported_page_by_page(self):
        foreign = self._accepted(procedure=self.certified)
        guard.unlocked(foreign.sudo()).write(
            {
                "company_id": self.neighbour.id,
                "receiving_company_id": self.neighbour.id,
            }
        )
        batch = self._stack(
            papers.separator("H50.21-010126-9999", "TK", 100),
            papers.written("a", 100),
            sheet(foreign, "TK"),
            papers.written("b", 100),
            sheet(self.one, "XX"),
            papers.written("c", 100),
            papers.separator("", "", 100, text="CCHC-TP1|../../etc|'; DROP TABLE"),
        )
        problems = {
            page.number: page.problem for page in batch.page_ids if page.problem
        }
        self.assertRegex(problems[1], "There is no dossier H50.21-010126-9999")
        self.assertRegex(problems[3], "belongs to another agency")
        self.assertRegex(problems[5], "has no part XX")
        self.assertRegex(problems[7], "There is no dossier")
        self.assertEqual(batch.waiting_count, 3)
        with self._refused(UserError, r"Page 2 .* is not assigned \(3 in all\)"):
            batch.action_confirm()
        self.assertFalse(batch.file_ids)

    def test_a_person_assigns_what_was_not_recognised(self):
        batch = self._stack(
            papers.written("a", 100), papers.written("b", 100), papers.written("c", 100)
        )
        ids = {page.number: page.id for page in batch.page_ids}
        dossier = batch.get_dossier_parts(self.one.name)
        part = next(part for part in dossier["parts"] if part["key"] == "GCN")
        batch.assign_pages([ids[1], ids[3]], part["id"])
        batch.turn_pages([ids[3]])
        board = batch.leave_out_pages([ids[2]])
        self.assertEqual(
            [(page["kind"], page["part"], page["rotation"]) for page in board["pages"]],
            [
                ("content", part["id"], 0),
                ("left_out", False, 0),
                ("content", part["id"], 90),
            ],
        )
        batch.action_confirm()
        file = self._part(self.one, "GCN").scan_file_ids
        self.assertEqual(file.pages, 2)
        with self._refused(UserError, "not waiting"):
            batch.assign_pages([ids[2]], part["id"])

    def test_all_or_nothing(self):
        batch = self._mixed()
        self.two.with_user(self.desk)._move("void", reason="Nhập nhầm")
        with self._refused(UserError, "void or refused"):
            batch.action_confirm()
        self.assertFalse(self.one.scan_file_ids)
        self.assertEqual(batch.state, "review")

    def test_a_part_that_has_a_file_gets_a_newer_version_or_one_beside(self):
        part = self._part(self.one, "TK")
        former = self._drop(part, papers.written("cũ", 100))
        batch = self._stack(sheet(self.one, "TK"), papers.written("mới", 100))
        batch.action_confirm()
        self.assertEqual(former.state, "replaced")
        other = self._stack(
            sheet(self.one, "TK"), papers.written("nữa", 100), name="b.pdf"
        )
        other.existing = "add"
        other.action_confirm()
        current = part.scan_file_ids.filtered(lambda file: file.state == "current")
        self.assertEqual(sorted(current.mapped("number")), [1, 2])

    def test_the_same_file_comes_once(self):
        content = [papers.scan([papers.written("a", 100)], 100)]
        batches = self.env["cchc.scan.batch"].with_user(self.desk)
        first = batches._take(["a.pdf"], content, self.commune)
        with self._refused(UserError, "“b.pdf” was taken on .* as “a.pdf” already"):
            batches._take(["b.pdf"], content, self.commune)
        first.action_discard()
        self.assertTrue(batches._take(["b.pdf"], content, self.commune))

    def test_confirmed_stacks_are_closed(self):
        batch = self._mixed()
        batch.action_confirm()
        for act in (batch.action_confirm, batch.action_discard):
            with self.assertRaises(UserError):
                act()

    def test_only_those_who_work_with_dossiers(self):
        batch = self._mixed()
        page = batch.page_ids[0]
        for user in (self.auditor, self.outsider, self.catalogue):
            batch = batch.with_context(allowed_company_ids=user.company_ids.ids)
            own = batch.with_user(user)
            for act in (own.get_board, own.action_confirm, own.action_discard):
                with self.assertRaises(AccessError):
                    act()
            self.assertFalse(
                own.env["cchc.scan.page"].browse(page.id).has_access("read")
            )
        batch = batch.with_user(self.desk).with_context(
            allowed_company_ids=self.commune.ids
        )
        with self._refused(UserError, "not edited"):
            batch.write({"state": "confirmed"})
        with self._refused(UserError, "assigned on the screen"):
            page.with_user(self.desk).write({"document_id": False})
        with self._refused(UserError, "no dossier"):
            self._stack(papers.written("q", 100), name="q.pdf").get_dossier_parts("x")

    def test_pages_go_only_to_parts_of_the_agency(self):
        foreign = self._accepted(procedure=self.certified)
        part = self._part(foreign, "TK")
        guard.unlocked(foreign.sudo()).write(
            {
                "company_id": self.neighbour.id,
                "receiving_company_id": self.neighbour.id,
            }
        )
        batch = self._stack(papers.written("a", 100))
        with self.assertRaises(AccessError):
            batch.assign_pages(batch.page_ids.ids, part.id)

    def test_the_scanned_file_is_dropped_in_the_end(self):
        batch = self._mixed()
        batch.action_confirm()
        self.policy.keep_days = 0
        with freeze_time(fields.Datetime.now() + timedelta(minutes=1)):
            self.env["cchc.scan.batch"]._gc_sources()
        self.assertFalse(batch.attachment_id)
        self.assertTrue(batch.file_ids[0].attachment_id.raw)
        with self._refused(UserError, "not kept any more"):
            batch._source()

    def test_separator_sheets_are_printed_and_read(self):
        for number in range(2):
            self.assertTrue(self.one.document_ids[number].name)
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.desk)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(
                "cchc_onestop_digitise.report_separators", (self.one | self.two).ids
            )
        )
        self.assertEqual(kind, "pdf")
        found = [pages.separator(look) for _number, look in pages.look(content, 0, 99)]
        self.assertEqual(
            found,
            [
                (dossier.name, key)
                for dossier in (self.one, self.two)
                for key in ("TK", "GCN", "TP03")
            ],
        )
        batch = self._stack(papers.written("x", 100))
        self.assertTrue(batch)

    def test_drafts_have_no_separators(self):
        draft = self._draft(procedure=self.certified)
        with self._refused(UserError, "when it is accepted"):
            draft.action_print_separators()
