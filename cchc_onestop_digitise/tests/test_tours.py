from odoo.tests import HttpCase, tagged

from . import papers
from .common import DigitiseCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestTours(DigitiseCase, HttpCase):
    """Scans in a real browser, as the officer at the desk."""

    def _serve(self, name, content):
        """Keep a file where a tour finds it."""
        self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "url": f"/cchc_tour/{name}",
                "type": "binary",
                "public": True,
            }
        )

    def _form(self, dossier):
        return f"/odoo/cchc.dossier/{dossier.id}"

    def test_scans_are_dropped_on_parts(self):
        dossier = self._case()
        self._serve("broken.pdf", b"%PDF-1.7 broken")
        self._serve("scan.pdf", papers.scan([papers.written("gcn", 100)], 100))
        for number in (1, 2):
            picture = papers.written(seed=number, dpi=100)
            self._serve(f"{number}.jpg", papers.jpeg(picture, 100))
        self.start_tour(
            self._form(dossier), "cchc_scans_are_dropped", login=self.desk.login
        )
        self.assertEqual(self._part(dossier, "GCN").scan_file_ids.user_id, self.desk)
        self.assertEqual(self._part(dossier, "TK").scan_file_ids.pages, 2)

    def test_a_stack_is_split_and_confirmed(self):
        dossier = self._case()
        stack = [
            papers.written("tk", 100),
            papers.separator(dossier.name, "GCN", 100),
            papers.written("gcn", 100),
        ]
        self._serve("stack.pdf", papers.scan(stack, 100))
        self.start_tour(
            "/odoo/cchc-stacks", "cchc_stack_is_dropped", login=self.desk.login
        )
        batch = self.env["cchc.scan.batch"].search([("name", "=", "stack.pdf")])
        self.assertEqual((batch.user_id, batch.state), (self.desk, "reading"))
        self._read(batch.with_user(self.desk))
        document = self._part(dossier, "TK")
        self._drop(document, papers.written("cũ", 100))
        self.start_tour(
            "/odoo/cchc-stacks", "cchc_stack_is_confirmed", login=self.desk.login
        )
        self.env.invalidate_all()
        self.assertEqual(batch.state, "confirmed")
        self.assertEqual(len(batch.file_ids), 2)
        self.assertEqual(document.scan_file_ids.mapped("version"), [2, 1])

    def test_a_stored_copy_is_used(self):
        earlier = self._case()
        self._drop(self._part(earlier, "GCN"))
        dossier = self._case()
        self.start_tour(
            self._form(dossier), "cchc_stored_copy_is_used", login=self.desk.login
        )
        self.assertEqual(
            self._part(dossier, "GCN").reused_from_id, self._part(earlier, "GCN")
        )
