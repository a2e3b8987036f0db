from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, tagged

from ..tools import code_template, identity
from .common import OnestopCase, local

CARD = (
    "045190000123|191234567|NGUYỄN THỊ HOA|08031990|Nữ|"
    "Thôn Trường Xuân, Hải Trường|01052021"
)


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    """Numbers and the QR text of the chip card."""

    def test_personal_number(self):
        person = identity.read_personal("045190000123")
        self.assertEqual(
            (person.province, person.sex, person.birth_year), ("045", "female", 1990)
        )
        self.assertEqual(identity.read_personal("001204012345").birth_year, 2004)
        self.assertEqual(identity.read_personal("001204012345").sex, "male")
        self.assertIsNone(identity.read_personal("04519000012"))

    def test_doubts(self):
        card = identity.parse_chip_qr(CARD)
        self.assertEqual(
            identity.check_personal(card.number, card.birth_date, card.sex), []
        )
        self.assertEqual(identity.check_personal("191234567"), ["old"])
        self.assertEqual(identity.check_personal("12345"), ["length"])
        self.assertEqual(identity.check_personal("003190000123"), ["province"])
        self.assertEqual(
            identity.check_personal("045190000123", card.birth_date, "male"), ["sex"]
        )
        self.assertEqual(
            identity.check_personal("045185000123", card.birth_date, "female"),
            ["year"],
        )

    def test_tax_codes(self):
        for number in ("0100233488", "0314409058-002", "045190000123"):
            self.assertTrue(identity.check_tax_code(number), number)
        for number in ("0100233480", "123", "", None, "0314409058-000"):
            self.assertFalse(identity.check_tax_code(number), number)

    def test_chip_card(self):
        card = identity.parse_chip_qr(CARD + "\r\n")
        self.assertEqual(card.number, "045190000123")
        self.assertEqual(card.old_number, "191234567")
        self.assertEqual(card.name, "NGUYỄN THỊ HOA")
        self.assertEqual(card.birth_date.isoformat(), "1990-03-08")
        self.assertEqual(card.sex, "female")
        self.assertEqual(card.issued_on.isoformat(), "2021-05-01")
        self.assertEqual(identity.parse_chip_qr(CARD + "|x|y").number, card.number)

    def test_chip_card_that_is_none(self):
        for text in ("", None, "https://vneid.gov.vn", "1|2|3", "|||||", "9" * 500):
            with self.assertRaisesRegex(ValueError, "scan"):
                identity.parse_chip_qr(text)
        with self.assertRaisesRegex(ValueError, "not a date"):
            identity.parse_chip_qr("045190000123||A|31021990|Nữ|X|")

    @settings(deadline=None, derandomize=True, max_examples=300)
    @given(st.text(max_size=200))
    def test_any_text_is_read_or_explained(self, text):
        try:
            card = identity.parse_chip_qr(text)
        except ValueError as error:
            self.assertIn("scan", str(error))
        else:
            self.assertEqual(len(card.number), 12)


@tagged("post_install", "-at_install")
class TestCodeTemplate(BaseCase):
    """Dossier codes from a pattern."""

    def test_examples_of_every_era(self):
        day = local("09/06/2026 10:00").date()
        render = code_template.render
        self.assertEqual(
            render("{unit}-{yy}{MM}{dd}-{seq:4}", "000.00.12.H40", day, 1),
            "000.00.12.H40-260609-0001",
        )
        self.assertEqual(
            render("{unit}-{yyyy}{MM}{dd}-{seq:7}", "G09.20", day, 92637),
            "G09.20-20260609-0092637",
        )
        self.assertEqual(render("{unit}-{yy}-{seq:4}", "H1", day, 12345), "H1-26-12345")

    def test_patterns_that_repeat_are_refused(self):
        for pattern, reset in (
            ("{unit}-{seq:4}", "day"),
            ("{unit}-{yy}{MM}-{seq:4}", "day"),
            ("{unit}-{MM}{dd}-{seq:4}", "year"),
            ("{unit}-{yy}{MM}{dd}", "day"),
            ("{seq}{seq}{yy}{MM}{dd}", "day"),
            ("{unit}-{yy}{MM}{dd}-{seq:4", "day"),
            ("{agency}-{yy}{MM}{dd}-{seq:4}", "day"),
        ):
            with self.assertRaises(code_template.TemplateError, msg=pattern):
                code_template.check(pattern, reset)

    @settings(deadline=None, derandomize=True, max_examples=200)
    @given(st.dates(), st.dates(), st.integers(1, 10**6), st.integers(1, 10**6))
    def test_two_numbers_never_give_one_code(self, day, other, number, second):
        pattern = "{unit}-{yyyy}{MM}{dd}-{seq:4}"
        codes = {
            code_template.render(pattern, "H1", *pair)
            for pair in {(day, number), (other, second)}
        }
        self.assertEqual(len(codes), len({(day, number), (other, second)}))


@tagged("post_install", "-at_install")
class TestReception(OnestopCase):
    """The desk: known and unknown citizens, warnings, acceptance."""

    def _form(self):
        return Form(
            self.env["cchc.dossier"].with_user(self.desk),
            "cchc_onestop.cchc_dossier_view_form_reception",
        )

    def test_names_sort_and_are_found_as_vietnamese(self):
        names = ["Đặng Thị Ánh", "Dương Văn Ân", "Ăn Văn Ơn", "An Văn Ửng", "Ân Thị Ý"]
        for name in names:
            self._draft(applicant_name=name, applicant_identity=False)
        partners = self.env["res.partner"].create([{"name": name} for name in names])
        mine = self.env["cchc.dossier"].with_user(self.desk)
        found = mine.search([("applicant_name", "in", names)], order="applicant_name")
        ordered = [
            "An Văn Ửng",
            "Ăn Văn Ơn",
            "Ân Thị Ý",
            "Dương Văn Ân",
            "Đặng Thị Ánh",
        ]
        self.assertEqual(found.mapped("applicant_name"), ordered)
        self.assertEqual(
            partners.search([("id", "in", partners.ids)], order="name").mapped("name"),
            ordered,
        )
        for typed in ("dang thi anh", "ĐẶNG THỊ", "Dang Thị"):
            self.assertEqual(
                mine.search([("applicant_name", "ilike", typed)]).mapped(
                    "applicant_name"
                ),
                ["Đặng Thị Ánh"],
            )
            self.assertEqual(
                partners.search([("name", "ilike", typed)]).mapped("name"),
                ["Đặng Thị Ánh"],
            )

    @freeze_time(local("09/11/2026 09:15"))
    def test_known_citizen_in_three_inputs(self):
        """Scan, procedure, all parts: the rest is filled in."""
        form = self._form()
        form.procedure_id = self.procedure
        form.scan = CARD
        form.all_received = True
        self.assertEqual(form.applicant_name, "Nguyễn Thị Hoa")
        self.assertEqual(form.applicant_phone, "0912345678")
        self.assertEqual(form.partner_id, self.partner)
        self.assertEqual(form.preview_due_at, local("12/11/2026 17:00"))
        self.assertEqual(form.fee_total, 8000)
        self.assertFalse(form.doubts)
        dossier = form.save()
        dossier.action_accept()
        self.assertEqual(dossier.due_at, local("12/11/2026 17:00"))
        self.assertEqual(len(dossier.document_ids), 3)
        self.assertEqual(dossier.fee_ids.legal_text, "8.000 đồng/bản")

    def test_unknown_citizen_becomes_a_partner_once(self):
        def receive():
            draft = self._draft(
                partner_id=False,
                applicant_name="Trần Văn Nam",
                applicant_identity="045088000777",
            )
            draft.action_accept()
            return draft

        first, second = receive(), receive()
        self.assertTrue(first.partner_id)
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.partner_id.sudo().cchc_identity, "045088000777")

    def test_wrong_scan_is_told_and_changes_nothing(self):
        draft = self._draft()
        draft.scan = "https://example.com"
        result = draft._onchange_scan()
        self.assertIn("not the QR text", result["warning"]["message"])
        self.assertEqual(draft.applicant_identity, "045190000123")

    def test_doubts_do_not_block(self):
        draft = self._draft(
            partner_id=False,
            applicant_identity="045190000999",
            applicant_sex="male",
            applicant_birth_date="1985-01-01",
        )
        self.assertIn("another year", draft.doubts)
        self.assertIn("other sex", draft.doubts)
        draft.action_accept()
        self.assertEqual(draft.state, "accepted")

    def test_repeated_filing_is_told(self):
        first = self._accepted()
        second = self._draft()
        self.assertIn(first.name, second.doubts)
        day = self.commune._cchc_local_date(first.accepted_at)
        self.assertIn(f"{day:%d/%m/%Y}", second.doubts)
        self.commune.cchc_duplicate_days = 0
        second.invalidate_recordset(["doubts"])
        self.assertFalse(second.doubts)

    def test_missing_part_and_name_are_named(self):
        draft = self._draft()
        draft.document_ids[1].received = False
        with self._refused(UserError, "Bản sao giấy tờ"):
            draft.action_accept()
        self.assertEqual(draft.state, "draft")
        draft.document_ids.received = True
        draft.applicant_name = " "
        with self._refused(UserError, "name of the owner"):
            draft.action_accept()

    def test_optional_part_does_not_block(self):
        draft = self._draft()
        draft.document_ids[2].received = False
        draft.action_accept()
        self.assertTrue(draft.accepted_at)

    def test_repealed_procedure_refuses_new_and_finishes_running_ones(self):
        with freeze_time(local("09/11/2026 09:00")):
            running, draft = self._accepted(), self._draft()
        self.procedure.repealed_from = "2026-11-10"
        with freeze_time(local("10/11/2026 09:00")):
            with self._refused(UserError, "repealed"):
                draft.action_accept()
            running.with_user(self.handler).action_pass_step()
        self.assertEqual(running.state, "to_sign")

    def test_accepting_twice_gives_one_dossier(self):
        draft = self._draft()
        draft.action_accept()
        code, due = draft.name, draft.due_at
        draft.action_accept()
        self.assertEqual((draft.name, draft.due_at), (code, due))
        self.assertEqual(len(draft.event_ids), 1)
        self.assertEqual(len(draft.step_ids), 5)

    def test_screen_sent_twice_makes_one_draft(self):
        model = self.env["cchc.dossier"].with_user(self.desk)
        vals = {
            "procedure_id": self.procedure.id,
            "applicant_name": "Lê Văn An",
            "draft_token": "abc123",
        }
        first = model.create(dict(vals))
        second = model.create({**vals, "applicant_phone": "0900000000"})
        self.assertEqual(first, second)
        self.assertEqual(first.applicant_phone, "0900000000")
        first._onchange_procedure_id()
        first.document_ids.received = True
        first.action_accept()
        third = model.create({**vals, "applicant_phone": "0911111111"})
        self.assertEqual(third, first)
        self.assertEqual(first.applicant_phone, "0900000000")

    def test_codes_are_consecutive_per_agency_and_day(self):
        with freeze_time(local("09/11/2026 09:00")):
            drafts = self._draft() | self._draft() | self._draft()
            drafts.action_accept()
            self.assertEqual(
                drafts.mapped("name"),
                [f"H50.21-261109-000{number}" for number in (1, 2, 3)],
            )
        with freeze_time(local("10/11/2026 08:00")):
            self.assertEqual(self._accepted().name, "H50.21-261110-0001")

    def test_day_of_the_code_is_the_local_day(self):
        """Half past midnight UTC is morning in Việt Nam; 18:00 UTC is tomorrow."""
        with freeze_time("2026-11-09 18:00:00"):
            self.assertEqual(self._accepted().name, "H50.21-261110-0001")

    def test_code_needs_a_unit_code_and_a_template(self):
        draft = self._draft()
        self.commune.cchc_unit_code = False
        with self._refused(UserError, "no unit code"):
            draft.action_accept()
        self.commune.cchc_unit_code = "H50.21"
        self.env["cchc.code.template"].search([]).active = False
        with self._refused(UserError, "No dossier code template"):
            draft.action_accept()
        self.assertFalse(draft.name)

    def test_acceptance_in_bounded_queries(self):
        """Ten more dossiers cost a bounded number of further queries."""

        def accept(count):
            drafts = self.env["cchc.dossier"].union(
                *(self._draft() for _index in range(count))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            drafts.action_accept()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        accept(1)
        small, large = accept(2), accept(12)
        self.assertLessEqual(large - small, 25, (small, large))

    def test_every_shipped_procedure_can_be_received(self):
        """The catalogue that comes with the addon works on the first day."""
        shipped = self.env["cchc.procedure"].search(
            [("state", "=", "in_force"), ("code", "not like", "9.")]
        )
        self.assertGreater(len(shipped), 90)
        now = local("09/11/2026 09:00")
        dossiers = self.env["cchc.dossier"].with_user(self.desk)
        with freeze_time(now):
            for procedure in shipped:
                with self.subTest(procedure.display_name):
                    draft = dossiers.new(
                        {
                            "procedure_id": procedure.id,
                            "company_id": self.commune.id,
                            "receiving_company_id": self.commune.id,
                        }
                    )
                    self.assertFalse(draft.preview_problem)
                    plan = draft._reception_plan(now)
                    if plan.statutory:
                        self.assertGreater(draft.preview_due_at, now)
