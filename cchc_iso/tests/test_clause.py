from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import IsoCase


@tagged("post_install", "-at_install")
class TestClause(IsoCase):
    """Clauses as data, exclusions, and the move of a system to another edition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edition = cls.env.ref("cchc_iso.edition_9001_2015")
        cls.next_edition = cls.env["cchc.iso.edition"].create(
            {
                "code": "TCVN ISO 9001:2099",
                "name": "Requirements",
                "state": "draft",
                "clause_ids": [
                    Command.create({"code": code, "name": f"Clause {code}"})
                    for code in ("4", "6.1.3", "8.3", "8.5.2")
                ],
            }
        )
        cls.next_edition.write({"state": "published", "valid_from": date(2099, 1, 1)})

    def _clause(self, code, edition=None):
        return (edition or self.edition).clause_ids.filtered(lambda c: c.code == code)

    def _exclude(self, code, text="Xã không thiết kế dịch vụ"):
        return (
            self.env["cchc.iso.clause.exclusion"]
            .with_user(self.secretary)
            .create(
                {
                    "system_id": self.system.id,
                    "clause_id": self._clause(code).id,
                    "justification": text,
                }
            )
        )

    def test_the_tree_is_whole(self):
        """Each clause hangs under the one its number names."""
        clauses = self.edition.clause_ids
        self.assertGreater(len(clauses), 80)
        by_code = {clause.code: clause for clause in clauses}
        for code, clause in by_code.items():
            above = code.rpartition(".")[0]
            self.assertEqual(clause.parent_id, by_code.get(above, clause.browse()))
            self.assertTrue(clause.name)
        self.assertEqual(
            {code for code in by_code if "." not in code},
            {"4", "5", "6", "7", "8", "9", "10"},
        )

    def test_maintain_is_a_document_and_retain_a_record(self):
        """ISO 9001 A.6; marks of the clauses that the audits and papers lean on."""
        marks = {
            code: (
                self._clause(code).requires_document,
                self._clause(code).requires_record,
                self._clause(code).must_be_available,
            )
            for code in ("4.3", "5.2.2", "8.1", "8.5.1", "8.5.2", "9.2.2", "10.3")
        }
        self.assertEqual(
            marks,
            {
                "4.3": (True, False, False),
                "5.2.2": (True, False, True),
                "8.1": (True, True, False),
                "8.5.1": (False, False, True),
                "8.5.2": (False, True, False),
                "9.2.2": (False, True, False),
                "10.3": (False, False, False),
            },
        )

    def test_the_edition_to_come_is_an_empty_inactive_place(self):
        edition = self.env.ref("cchc_iso.edition_9001_2026")
        self.assertFalse(edition.active)
        self.assertFalse(edition.clause_ids)
        self.assertNotEqual(self.env["cchc.iso.edition"]._current(), edition)
        self.assertEqual(self.env["cchc.iso.edition"]._current(), self.edition)

    def test_a_published_clause_keeps_its_number(self):
        manager = self._new_iso_user("manager", "group_manager")
        clause = self._clause("8.5.2").with_user(manager)
        clause.name = "Identification"
        with self.assertRaisesRegex(UserError, "keeps its number"):
            clause.code = "8.5.9"
        with self.assertRaisesRegex(UserError, "is not deleted"):
            clause.unlink()
        with self.assertRaisesRegex(UserError, "withdrawn instead"):
            self.edition.with_user(manager).unlink()
        with self.assertRaises(AccessError):
            clause.with_user(self.secretary).name = "X"

    def test_clauses_below_an_excluded_one_are_excluded_with_it(self):
        self._exclude("8.3")
        excluded = (
            self.env["cchc.iso.clause"].with_user(self.member)._excluded(self.system)
        )
        self.assertEqual(
            excluded.sorted("sort_key").mapped("code"),
            ["8.3", "8.3.1", "8.3.2", "8.3.3", "8.3.4", "8.3.5", "8.3.6"],
        )

    def test_an_exclusion_says_why(self):
        with self.assertRaisesRegex(ValidationError, "State why"):
            self._exclude("8.3", "  ")
        with self.assertRaisesRegex(ValidationError, "is of TCVN ISO 9001:2099"):
            self.env["cchc.iso.clause.exclusion"].create(
                {
                    "system_id": self.system.id,
                    "clause_id": self._clause("8.3", self.next_edition).id,
                    "justification": "Không thiết kế",
                }
            )
        self._exclude("7.1.5")
        self.assertIn(
            "7.1.5", " ".join(self.system.message_ids.mapped(lambda m: str(m.body)))
        )

    def _move(self):
        for old, new in (("8.3", "8.3"), ("8.5.2", "8.5.2"), ("6.1.2", "6.1.3")):
            self.env["cchc.iso.clause.map"].create(
                {
                    "old_clause_id": self._clause(old).id,
                    "new_clause_id": self._clause(new, self.next_edition).id,
                    "change": "same" if old == new else "moved",
                }
            )
        form = Form(
            self.env["cchc.iso.edition.move"]
            .with_user(self.secretary)
            .with_context(default_system_id=self.system.id)
        )
        form.edition_id = self.next_edition
        form.reason = "Hết thời gian chuyển đổi"
        return form.save()

    def test_moving_to_another_edition_shows_what_changes(self):
        self._exclude("8.3")
        wizard = self._move()
        self.assertEqual((wizard.kept_count, wizard.new_count), (3, 1))
        self.assertEqual(
            wizard.dropped_count, len(self.edition.clause_ids) - wizard.kept_count
        )
        new = wizard.line_ids.filtered(lambda line: line.kind == "new")
        self.assertEqual(new.new_clause_id.code, "4")
        wizard.action_move()
        self.assertEqual(self.system.edition_id, self.next_edition)
        self.assertEqual(
            set(self.system.exclusion_ids.mapped("edition_id.code")),
            {"TCVN ISO 9001:2015", "TCVN ISO 9001:2099"},
        )
        self.assertEqual(
            self.env["cchc.iso.clause"]._excluded(self.system),
            self._clause("8.3", self.next_edition),
        )
        self.assertIn("Hết thời gian chuyển đổi", str(self.system.message_ids[0].body))

    def test_documents_and_records_follow_to_the_next_edition(self):
        """They prove the clause of the present edition and its successor."""
        old, new = (
            self._clause("8.5.2", edition)
            for edition in (self.edition, self.next_edition)
        )
        manual = self.env.ref("cchc_iso.document_type_manual")
        values = {
            "name": "Sổ tay",
            "doc_type_id": manual.id,
            "system_id": self.system.id,
            "company_id": self.commune.id,
        }
        pages = self.env["document.page"].with_user(self.secretary)
        kept = pages.create({**values, "clause_ids": [Command.set(old.ids)]})
        other = pages.create(
            {
                **values,
                "code": "STCL-2",
                "clause_ids": [Command.set(self._clause("7.2").ids)],
            }
        )
        kind = self.env["cchc.iso.clause.record"].search(
            [("clause_ids", "in", old.ids)], limit=1
        )
        self.assertTrue(kind)
        self._move().action_move()
        self.assertEqual(kept.clause_ids, old | new)
        self.assertEqual(other.clause_ids, self._clause("7.2"))
        self.assertIn(new, kind.clause_ids)
        coverage = self.env["cchc.iso.coverage"].with_user(self.secretary)
        rows = {row["code"]: row for row in coverage._rows(self.system)}
        self.assertEqual(set(rows), {"4", "6.1.3", "8.3", "8.5.2"})

    def test_the_buttons_of_a_system_count(self):
        self.env["cchc.iso.cycle"].create(
            {"system_id": self.system.id, "company_id": self.commune.id}
        )
        self.env["document.page"].with_user(self.secretary).create(
            {
                "name": "Chính sách",
                "doc_type_id": self.env.ref("cchc_iso.document_type_policy").id,
                "system_id": self.system.id,
                "company_id": self.commune.id,
            }
        )
        for user in (self.secretary, self.head, self.member):
            system = self.system.with_user(user)
            self.assertEqual((system.cycle_count, system.document_count), (1, 1))
            self.assertEqual((system.audit_count, system.declaration_count), (0, 0))
            for name in ("cycles", "documents", "audits", "declarations"):
                action = getattr(system, f"action_open_{name}")()
                found = self.env[action["res_model"]].with_user(user)
                self.assertEqual(
                    found.search_count(action["domain"]),
                    system[f"{name.rstrip('s')}_count"],
                )
                self.assertTrue(action["views"])

    def test_the_edition_of_a_system_in_use_changes_by_the_form_only(self):
        self._exclude("8.3")
        system = self.system.with_user(self.secretary)
        with self.assertRaisesRegex(UserError, "Move to Another Edition"):
            system.edition_id = self.next_edition
        fresh = self.env["mgmtsystem.system"].create(
            {"name": "Mới", "company_id": self.commune.id}
        )
        fresh.with_user(self.secretary).edition_id = self.next_edition
        self.assertEqual(fresh.edition_id, self.next_edition)

    def test_only_the_ready_made_system_takes_the_edition(self):
        """An office with its own systems keeps them as they are."""
        own = self.env["mgmtsystem.system"].create(
            {"name": "ATTT", "company_id": self.commune.id, "edition_id": False}
        )
        quality = self.env.ref("mgmtsystem_quality.system_quality")
        quality.edition_id = False
        self.env["mgmtsystem.system"]._cchc_adopt_quality()
        self.assertEqual(quality.edition_id, self.edition)
        self.assertFalse(own.edition_id)
        self.assertEqual(
            self.env["mgmtsystem.system"]._cchc_for(self.commune), self.system
        )
        self.assertEqual(
            self.env["mgmtsystem.system"]._cchc_for(self.neighbour), quality
        )

    def test_people_of_the_board_on_a_day(self):
        Member = self.env["cchc.iso.member"].with_user(self.secretary)
        values = {"system_id": self.system.id, "company_id": self.commune.id}
        Member.create(
            [
                {
                    **values,
                    "user_id": self.member.id,
                    "role": "3_secretary",
                    "valid_from": "2024-01-01",
                    "valid_to": "2024-12-31",
                },
                {
                    **values,
                    "user_id": self.secretary.id,
                    "role": "3_secretary",
                    "valid_from": "2025-01-01",
                },
                {
                    **values,
                    "user_id": self.head.id,
                    "role": "1_head",
                    "valid_from": "2025-01-01",
                },
            ]
        )
        self.assertEqual(self.system.secretary_id, self.secretary)
        self.assertEqual(self.system.head_id, self.head)
        self.assertEqual(
            self.system._cchc_people("3_secretary", day=date(2024, 6, 1)), self.member
        )

    def test_obligation_by_level_and_period(self):
        """QĐ 19/2014/QĐ-TTg; a province may demand more of its communes."""
        rule = self.env["cchc.iso.obligation"]
        self.assertEqual(self.system.obligation, "encouraged")
        rule.create(
            {
                "level": "commune",
                "company_id": self.province.id,
                "kind": "mandatory",
                "valid_from": "2025-07-01",
                "source": "Kế hoạch của tỉnh",
            }
        )
        self.assertEqual(rule._for(self.commune, date(2025, 6, 30)).kind, "encouraged")
        self.assertEqual(rule._for(self.commune, date(2025, 7, 1)).kind, "mandatory")
        self.assertEqual(rule._for(self.province).kind, "mandatory")

    def test_another_agency_sees_none_of_it(self):
        self._exclude("8.3")
        stranger = self._new_iso_user(
            "stranger", "group_officer", company=self.neighbour
        )
        self.assertFalse(
            self.env["cchc.iso.clause.exclusion"].with_user(stranger).search([])
        )
        self.assertNotIn(
            self.system, self.env["mgmtsystem.system"].with_user(stranger).search([])
        )
