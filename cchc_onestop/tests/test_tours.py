from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from . import catalogue_data as sample
from .common import OnestopCase
from .test_dossier_import import work_off
from .test_dossier_import_parser import SOUND, workbook


@tagged("post_install", "-at_install", "cchc_tour")
class TestTours(OnestopCase, HttpCase):
    """The main ways in a real browser, each step as the person whose work it is."""

    def test_a_dossier_through_all_hands(self):
        dossiers = self.env["cchc.dossier"]
        self.start_tour(
            "/odoo/cchc-receive", "cchc_desk_receives", login=self.desk.login
        )
        dossier = dossiers.search([("company_id", "=", self.commune.id)])
        self.assertEqual(dossier.state, "accepted")
        self.assertEqual(dossier.partner_id, self.partner)
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_handler_passes", login=self.handler.login
        )
        self.start_tour(
            "/odoo/cchc-to-sign", "cchc_leader_sends_back", login=self.leader.login
        )
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_handler_passes", login=self.handler.login
        )
        self.start_tour(
            "/odoo/cchc-to-sign", "cchc_leader_signs", login=self.leader.login
        )
        self.start_tour(
            "/odoo/cchc-my-work", "cchc_desk_returns", login=self.desk.login
        )
        self.start_tour(
            "/odoo/cchc-events", "cchc_auditor_reads", login=self.auditor.login
        )
        dossier.invalidate_recordset()
        self.assertEqual(dossier.state, "returned")
        self.assertEqual(
            [kind for kind in dossier.event_ids.mapped("kind") if kind != "approval"],
            [
                "accept",
                "send_to_sign",
                "send_back",
                "send_to_sign",
                "sign",
                "finish",
                "return_result",
            ],
        )

    def test_draft_survives_a_broken_line(self):
        self.start_tour(
            "/odoo/cchc-receive", "cchc_draft_survives", login=self.desk.login
        )
        dossier = self.env["cchc.dossier"].search(
            [("applicant_name", "=", "Lê Văn Mất Mạng")]
        )
        self.assertEqual(len(dossier), 1)
        self.assertEqual(dossier.state, "accepted")

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

    def test_a_decision_is_applied(self):
        amended = self._new_procedure("9.810001", "Thủ tục sẽ sửa")
        repealed = self._new_procedure("9.810002", "Thủ tục sẽ bãi bỏ")
        (amended | repealed).level = "commune"
        running = self._accepted(procedure=repealed)
        rows = [
            ("9.810001", "Thủ tục sẽ sửa", "Sửa đổi, bổ sung"),
            ("9.810002", "Thủ tục sẽ bãi bỏ", "Bãi bỏ"),
            ("9.810004", "Thủ tục mới tinh", "Mới ban hành"),
            ("9.810005", "Thủ tục mới nữa", "Mới ban hành"),
        ]
        self._serve(
            "danh-muc.xlsx",
            sample.xlsx(
                [sample.row(code, name, note=note) for code, name, note in rows]
            ),
        )
        self.start_tour(
            "/odoo/cchc-apply-decision",
            "cchc_decision_is_applied",
            login=self.manager.login,
        )
        decision = self.env["cchc.publication.decision"].search(
            [("number", "=", "900/QĐ-UBND")]
        )
        self.assertEqual((decision.state, decision.line_count), ("applied", 4))
        self.assertEqual(repealed.repealed_from, decision.effective_date)
        self.assertEqual(running.state, "accepted")

    def test_old_dossiers_move_in(self):
        day = fields.Date.today() - timedelta(days=30)
        later = day + timedelta(days=2)
        sound = {
            **SOUND,
            "procedure": self.procedure.code,
            "received_at": day.strftime("%d/%m/%Y"),
            "due_at": later.strftime("%d/%m/%Y"),
            "ended_at": later.strftime("%d/%m/%Y"),
            "returned_at": later.strftime("%d/%m/%Y"),
        }
        codes = [f"{SOUND['code']}-{number}" for number in range(3)]
        rows = [{**sound, "code": code} for code in codes]
        rows[2]["received_at"] = "hôm qua"
        self._serve("ho-so-cu.xlsx", workbook(*rows))
        dossiers = self.env["cchc.dossier"]
        domain = [("name", "in", codes)]

        def step(tour):
            self.start_tour("/odoo/cchc-move-in", tour, login=self.manager.login)
            record = self.env["cchc.dossier.import"].search([], limit=1)
            if record.job_state == "queued":
                work_off(self, record)
            return record

        step("cchc_move_in_looks")
        self.assertFalse(dossiers.search(domain))
        record = step("cchc_move_in_imports")
        self.assertEqual(record.state, "done")
        self.assertEqual(dossiers.search_count(domain), 2)
        again = step("cchc_move_in_again")
        self.assertEqual((again.unchanged_count, again.faulty_count), (2, 1))
