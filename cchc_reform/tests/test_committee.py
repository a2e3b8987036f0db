from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .common import ReformCase


@tagged("post_install", "-at_install")
class TestCommittee(ReformCase):
    """A committee by its decisions (seed 003: QĐ 19-QĐ/ĐU, 03/6/2021)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.committee = (
            cls.env["cchc.reform.committee"]
            .with_user(cls.officer)
            .create({"name": "Ban Chỉ đạo CCHC xã", "company_id": cls.commune.id})
        )

    def _new_term(self, number, date, *members, **values):
        return (
            self.env["cchc.reform.committee.term"]
            .with_user(self.officer)
            .create(
                {
                    "committee_id": self.committee.id,
                    "number": number,
                    "date": date,
                    "member_ids": [
                        Command.create({"name": name, "role": role})
                        for name, role in members
                    ],
                    **values,
                }
            )
        )

    def test_who_was_in_on_a_day(self):
        first = self._new_term(
            "19-QĐ/ĐU", "2021-06-03", ("Ông A", "head"), ("Bà B", "member")
        )
        second = self._new_term("145/QĐ-UBND", "2025-07-10", ("Bà B", "head"))
        self.assertEqual(
            (first.date_to, second.date_from),
            (Date.to_date("2025-07-09"), Date.to_date("2025-07-10")),
        )
        for day, names in (
            ("2021-06-02", []),
            ("2021-06-03", ["Ông A", "Bà B"]),
            ("2025-07-09", ["Ông A", "Bà B"]),
            ("2025-07-10", ["Bà B"]),
        ):
            members = self.committee._members_on(Date.to_date(day))
            self.assertEqual(members.mapped("name"), names, day)
        self.assertEqual(first.display_name, "19-QĐ/ĐU (03/06/2021)")

    def test_terms_do_not_overlap(self):
        self._new_term("19-QĐ/ĐU", "2021-06-03", date_to="2025-06-30")
        with self._refused(ValidationError, "at the same time"):
            self._new_term("20-QĐ/ĐU", "2025-06-30")
        self._new_term("20-QĐ/ĐU", "2025-07-01")

    def test_one_head(self):
        with self._refused(ValidationError, "only one can be"):
            self._new_term("1-QĐ/ĐU", "2024-01-01", ("A", "head"), ("B", "head"))

    def test_a_further_term_begins_with_the_members_of_the_last(self):
        self._new_term("19-QĐ/ĐU", "2021-06-03", ("Ông A", "head"), ("Bà B", "member"))
        action = self.committee.action_new_term()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.officer)
            .with_context(**action["context"])
        )
        form.number, form.date = "7-QĐ/ĐU", "2026-01-05"
        term = form.save()
        self.assertEqual(term.member_ids.mapped("name"), ["Ông A", "Bà B"])
        self.assertEqual(self.committee.member_count, 2)
        self.assertEqual(len(self.committee.term_ids), 2)

    def test_a_member_is_an_employee_with_his_post(self):
        employee = self.env["hr.employee"].search([("user_id", "=", self.chief.id)])
        employee.job_title = "Chủ tịch UBND"
        term = self._new_term(
            "1-QĐ/ĐU",
            "2024-01-01",
            member_ids=[Command.create({"employee_id": employee.id, "role": "head"})],
        )
        member = term.member_ids
        self.assertEqual(
            (member.name, member.user_id, member.position),
            (employee.name, self.chief, "Chủ tịch UBND"),
        )

    def test_the_term_of_a_running_plan_stays(self):
        term = self._new_term("19-QĐ/ĐU", "2021-06-03", ("Ông A", "head"))
        self._approve(
            self._new_plan("Ban hành kế hoạch", committee_id=self.committee.id)
        )
        with self._refused(UserError, "it stays"):
            term.unlink()
