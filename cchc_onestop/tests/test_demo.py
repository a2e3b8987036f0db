from ast import literal_eval
from collections import Counter

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file, file_open

from ..tools import identity
from ..tools.transitions import STATES


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo is alive: dossiers in every state, honest about being replayed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A dossier may fall due between the telling and the questions about it: both
        # happen at one moment.
        cls.startClassPatcher(freeze_time(cls._moment()))
        with file_open("cchc_onestop/__manifest__.py") as stream:
            files = literal_eval(stream.read())["demo"]
        for name in files:
            convert_file(cls.env, "cchc_onestop", name, {}, "init", noupdate=True)
        cls.commune = cls.env.ref("cchc_onestop.demo_commune")
        cls.neighbour = cls.env.ref("cchc_onestop.demo_neighbour")
        cls.dossiers = cls.env["cchc.dossier"].search(
            [("company_id", "in", (cls.commune | cls.neighbour).ids)]
        )

    @classmethod
    def _moment(cls):
        """Return when the demo is loaded and asked about (naive UTC)."""
        return fields.Datetime.now()

    def _user(self, login):
        return self.env.ref(f"cchc_onestop.demo_user_{login}")

    def test_about_two_hundred_in_every_state(self):
        self.assertTrue(180 <= len(self.dossiers) <= 240, len(self.dossiers))
        states = Counter(dossier.state for dossier in self.dossiers)
        for state in STATES:
            self.assertTrue(states[state.key], state.key)
        self.assertGreater(states["returned"], len(self.dossiers) / 2)

    def test_no_code_twice_and_in_the_order_of_time(self):
        accepted = self.dossiers.filtered("accepted_at")
        self.assertEqual(len(set(accepted.mapped("name"))), len(accepted))
        # Groups and their parts are told after the single dossiers.
        own = accepted.filtered(
            lambda d: (
                d.receiving_company_id == self.commune
                and not (d.bundle_type_id or d.parent_id)
            )
        )
        by_time = own.sorted(lambda d: (d.accepted_at, d.id)).mapped("name")
        self.assertEqual(by_time, sorted(by_time))

    def test_the_ledger_is_whole_and_says_it_was_replayed(self):
        self.assertIsNone(self.env["cchc.dossier.event"]._verify(self.dossiers.ids))
        moved = self.dossiers.filtered("event_ids")
        self.assertTrue(all(moved.mapped("imported")))
        events = moved.event_ids
        self.assertGreater(len(events), len(self.dossiers))
        self.assertTrue(all(event.data.get("replayed") for event in events))
        for dossier in moved:
            times = dossier.event_ids.filtered(lambda e: e.kind != "import").mapped(
                "at"
            )
            self.assertEqual(times, sorted(times), dossier.display_name)

    def test_late_ones_have_a_reason(self):
        late = self.dossiers.filtered(lambda d: d.late_at or d.is_overdue)
        self.assertGreaterEqual(len(late), 12)
        for dossier in late:
            self.assertTrue(dossier.late_reason_id, dossier.display_name)
        fields_ = Counter(dossier.sector_id.name for dossier in late)
        self.assertIn(fields_.most_common(1)[0][0], ("Đất đai", "Hoạt động xây dựng"))
        overdue = self.env["cchc.dossier"].search_count(
            [("is_overdue", "=", True), ("id", "in", self.dossiers.ids)]
        )
        self.assertGreaterEqual(overdue, 5)

    def test_everybody_acted_as_himself(self):
        self.assertNotIn(
            self.env.ref("base.user_root"), self.dossiers.event_ids.user_id
        )
        self.assertGreaterEqual(len(self.dossiers.event_ids.user_id), 10)
        posts = self.dossiers.event_ids.filtered(
            lambda e: e.user_id == self._user("tuphap")
        )
        self.assertTrue(posts)
        self.assertTrue(all(posts.mapped("post")))

    def test_numbers_of_people_and_enterprises_pass_the_checks(self):
        for dossier in self.dossiers:
            number = dossier.applicant_identity
            if dossier.applicant_identity_type == "tax":
                self.assertTrue(identity.check_tax_code(number), number)
            else:
                doubts = identity.check_personal(
                    number, dossier.applicant_birth_date, dossier.applicant_sex
                )
                self.assertFalse(doubts, number)

    def test_every_procedure_has_a_process_and_36_are_shortened(self):
        processes = self.env["cchc.process"].search(
            [("company_id", "=", self.commune.id)]
        )
        self.assertNotIn("draft", processes.mapped("state"))
        processes = processes.filtered(lambda p: p.state == "published")
        procedures = self.env["cchc.procedure"].search([("level", "=", "commune")])
        shipped = procedures.filtered(lambda p: p._version_at(company=self.commune))
        self.assertFalse(shipped - processes.procedure_id)
        cut = processes.filtered(lambda p: p.decision_id and p.cut_rate > 0)
        self.assertEqual(len(cut), 36)
        self.assertGreaterEqual(len(cut.sector_id), 5)

    def test_running_dossiers_of_the_abolished_procedure(self):
        decision = self.env["cchc.publication.decision"].search(
            [("number", "=", "1502/QĐ-UBND")]
        )
        running = self.dossiers.filtered(
            lambda d: d.procedure_id == decision.line_ids.procedure_id
        )
        self.assertEqual(
            sorted(running.mapped("state")), ["processing", "stopped"], running
        )
        for dossier in running:
            self.assertLess(dossier.accepted_at.date(), decision.effective_date)
        going = running.filtered("is_open")
        self.assertEqual(decision.dossier_count, 1)
        self.assertEqual(going.activity_ids.user_id, going.user_id)

    def test_the_worklists_are_not_empty(self):
        dossiers = self.env["cchc.dossier"]
        for login in ("tuphap", "diachinh", "congan", "vanthu", "kinhte"):
            mine = dossiers.with_user(self._user(login))
            self.assertTrue(mine.search_count([("is_my_work", "=", True)]), login)
        for login in ("lanhdao", "phochutich"):
            mine = dossiers.with_user(self._user(login))
            self.assertTrue(mine.search_count([("can_review", "=", True)]), login)
        auditor = dossiers.with_user(self._user("kiemtoan"))
        self.assertTrue(auditor.search_count([]))

    def test_the_province_sees_totals_only(self):
        officer = self._user("tinh")
        self.assertFalse(self.env["cchc.dossier"].with_user(officer).search_count([]))
        totals = self.env["cchc.dossier.stat"].with_user(officer)
        received = totals._read_group(
            [("company_id", "=", self.commune.id)], [], ["received:sum"]
        )
        self.assertGreater(received[0][0], 100)

    def test_the_till_was_closed_and_a_receipt_cancelled(self):
        receipts = self.env["cchc.receipt"].search(
            [("company_id", "=", self.commune.id)]
        )
        # Each year begins a book.
        for issued in receipts.grouped("book_id").values():
            issued = issued.sorted("number")
            numbers = issued.mapped("number")
            self.assertEqual(numbers, list(range(1, len(issued) + 1)))
            times = issued.mapped("issued_at")
            self.assertEqual(times, sorted(times))
        self.assertIn("cancelled", receipts.mapped("state"))
        together = receipts.payment_id.filtered(lambda p: p.dossier_count == 3)
        self.assertEqual(len(together.receipt_ids), 1)
        closing = receipts.closing_id
        self.assertEqual(set(closing.mapped("state")), {"closed"})
        self.assertGreater(len(closing), 20)
        self.assertEqual(
            sum(closing.mapped("closed_total")), sum(receipts.mapped("collected"))
        )
        self.assertFalse(closing._verify())
        waiting = self.env["cchc.payment"].search(
            [("state", "=", "draft"), ("company_id", "=", self.commune.id)]
        )
        self.assertEqual(len(waiting), 1)

    def test_one_decision_of_each_kind_and_a_time_reduction(self):
        decisions = self.env["cchc.publication.decision"].search(
            [("state", "=", "applied")]
        )
        self.assertEqual(
            set(decisions.mapped("kind")), {"new", "amended", "replaced", "repealed"}
        )
        reduction = self.env["cchc.time.reduction"].search(
            [("company_id", "=", self.commune.id)]
        )
        self.assertEqual(reduction.state, "applied")
        self.assertEqual(reduction.procedure_count, 36)
        postings = self.env["cchc.posting"].with_user(self._user("quantri"))
        self.assertTrue(postings.search_count([("done_at", "!=", False)]))
        self.assertTrue(postings.search_count([("done_at", "=", False)]))

    def test_the_last_quarter_is_closed_and_the_running_one_open(self):
        reports = self.env["cchc.statistic"].search(
            [("company_id", "child_of", self.commune.parent_id.id)]
        )
        own = reports.filtered(lambda report: report.company_id == self.commune)
        self.assertEqual(set(own.mapped("state")), {"draft", "closed"})
        running = own.filtered(lambda report: report.state == "draft")
        self.assertEqual(set(running.mapped("form")), {"06a", "07a", "07b", "766"})
        self.assertTrue(all(report._is_over() for report in own - running))
        self.assertTrue(all(report._is_intact() for report in own - running))
        self.assertFalse(reports.filtered("has_error"))
        compiled = reports.filtered(lambda report: report.form == "06b")
        self.assertEqual(compiled.company_id, self.commune.parent_id)
        self.assertGreater(
            sum(running.filtered(lambda r: r.form == "06a").mapped("received")), 0
        )
