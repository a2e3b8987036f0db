"""Stand-ins act from the first to the last day, and nothing is left afterwards."""

from datetime import date, datetime

import freezegun

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common_approval import ApprovalCommon

# Monday 9 November 2026, 08:00 in Việt Nam
MONDAY = "2026-11-09 01:00:00"


@tagged("post_install", "-at_install")
class TestSubstitution(ApprovalCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._by_leader()
        cls.Substitution = cls.env["cchc.substitution"]

    def _sign_at(self, moment, user, record):
        with freezegun.freeze_time(moment):
            record.with_user(user).validate_tier()

    # -- days of the agency
    @freezegun.freeze_time(MONDAY)
    def test_first_and_last_day_are_included(self):
        self._away(self.leader, self.deputy, "2026-11-10", "2026-11-11")
        acting = {
            moment: self.Substitution._acting_for(
                self.deputy, datetime.fromisoformat(moment), "signatures"
            )
            for moment in (
                "2026-11-09 16:59:59",  # Monday 23:59:59 in Việt Nam
                "2026-11-09 17:00:00",  # Tuesday 00:00
                "2026-11-11 16:59:59",  # Wednesday 23:59:59
                "2026-11-11 17:00:00",  # Thursday 00:00
            )
        }
        self.assertEqual(
            [bool(users) for users in acting.values()], [False, True, True, False]
        )
        self.assertEqual(acting["2026-11-09 17:00:00"], self.leader)

    @freezegun.freeze_time(MONDAY)
    def test_past_and_future_stand_in_is_refused(self):
        record = self._requested()
        self._away(self.leader, self.deputy, "2026-11-10", "2026-11-11")
        for moment in (MONDAY, "2026-11-12 01:00:00"):
            with self._refused(AccessError, "nor standing in"):
                self._sign_at(moment, self.deputy, record)
        self._sign_at("2026-11-11 09:00:00", self.deputy, record)
        self.assertEqual(record.review_ids.done_by, self.deputy)

    @freezegun.freeze_time(MONDAY)
    def test_approval_names_both(self):
        record = self._requested()
        link = self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09")
        self._sign_at(MONDAY, self.deputy, record)
        review = record.review_ids
        self.assertEqual(review.done_by, self.deputy)
        self.assertEqual(review.on_behalf_of_id, self.leader)
        self.assertEqual(review.substitution_id, link)
        bodies = " ".join(record.sudo().message_ids.mapped("body"))
        self.assertIn("by Deputy standing in for Leader", bodies)

    # -- lists
    def _pending(self, user):
        Tester = self.env["cchc.approval.tester"].with_user(user)
        self.env.invalidate_all()
        return Tester.search([("can_review", "=", True)])

    def _counter(self, user):
        counts = self.env["res.users"].with_user(user).review_user_count()
        return sum(
            entry["pending_count"]
            for entry in counts
            if entry["model"] == "cchc.approval.tester"
        )

    @freezegun.freeze_time(MONDAY)
    def test_pending_list_moves_and_comes_back_by_itself(self):
        record = self._requested()
        groups = self.deputy.all_group_ids
        self._away(self.leader, self.deputy, "2026-11-10", "2026-11-11")
        self.assertFalse(self._pending(self.deputy))
        self.assertEqual(
            (self._counter(self.leader), self._counter(self.deputy)), (1, 0)
        )
        with freezegun.freeze_time("2026-11-10 01:00:00"):
            self.assertEqual(self._pending(self.deputy), record)
            self.assertTrue(record.with_user(self.deputy).can_review)
            self.assertEqual(
                (self._counter(self.leader), self._counter(self.deputy)), (0, 1)
            )
            # the absent leader keeps his right, should he come back early
            self.assertTrue(record.with_user(self.leader).can_review)
        with freezegun.freeze_time("2026-11-12 01:00:00"):
            self.assertFalse(self._pending(self.deputy))
            self.env.invalidate_all()
            self.assertFalse(record.with_user(self.deputy).can_review)
            self.assertEqual(self._pending(self.leader), record)
            self.assertEqual(
                (self._counter(self.leader), self._counter(self.deputy)), (1, 0)
            )
        self.assertEqual(self.deputy.all_group_ids, groups)

    @freezegun.freeze_time(MONDAY)
    def test_scope(self):
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09", "steps")
        self.assertEqual(
            self.Substitution._acting_for(self.deputy, fields.Datetime.now(), "steps"),
            self.leader,
        )
        self.assertFalse(
            self.Substitution._acting_for(
                self.deputy, fields.Datetime.now(), "signatures"
            )
        )
        record = self._requested()
        with self.assertRaises(AccessError):
            record.with_user(self.deputy).validate_tier()

    @freezegun.freeze_time(MONDAY)
    def test_revoked_at_once(self):
        link = self._away(self.leader, self.deputy, "2026-11-09", "2026-11-20")
        record = self._requested()
        with freezegun.freeze_time("2026-11-10 03:00:00"):
            link.with_user(self.leader).action_revoke()
        self.assertEqual(link.state, "revoked")
        self.assertEqual(link.revoked_by_id, self.leader)
        with self.assertRaises(AccessError):
            self._sign_at("2026-11-10 03:00:01", self.deputy, record)
        self.assertTrue(
            self.Substitution._acting_for(
                self.deputy, datetime(2026, 11, 10, 2, 59), "signatures"
            )
        )

    # -- right group, requester
    @freezegun.freeze_time(MONDAY)
    def test_only_a_leader_signs_for_a_leader(self):
        with self._refused(ValidationError, "not a leader"):
            self._away(self.leader, self.clerk, "2026-11-09", "2026-11-09")
        self._away(self.leader, self.clerk, "2026-11-09", "2026-11-09", "steps")

    @freezegun.freeze_time(MONDAY)
    def test_stand_in_who_lost_his_right(self):
        record = self._requested()
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09")
        self.deputy.group_ids = [
            (3, self.env.ref("cchc_onestop.group_leader").id),
            (4, self.env.ref("cchc_onestop.group_handler").id),
        ]
        with self._refused(AccessError, "only a leader may sign"):
            record.with_user(self.deputy).validate_tier()

    @freezegun.freeze_time(MONDAY)
    def test_requester_does_not_approve_as_stand_in(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.approval.tester")]
        ).exclude_requester = True
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09")
        record = self._requested(self.deputy)
        self.assertFalse(self._pending(self.deputy))
        with self._refused(AccessError, "asked for this approval yourself"):
            record.with_user(self.deputy).validate_tier()

    @freezegun.freeze_time(MONDAY)
    def test_groups_are_not_inherited(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.approval.tester")]
        ).write(
            {
                "review_type": "group",
                "reviewer_group_id": self.env.ref("cchc_onestop.group_leader").id,
            }
        )
        record = self._requested()
        self._away(self.colleague, self.clerk, "2026-11-09", "2026-11-09")
        with self.assertRaises(AccessError):
            record.with_user(self.clerk).validate_tier()

    @freezegun.freeze_time(MONDAY)
    def test_member_of_the_group_in_the_place_of_another_names_both(self):
        self.env["tier.definition"].search(
            [("model", "=", "cchc.approval.tester")]
        ).write(
            {
                "review_type": "group",
                "reviewer_group_id": self.env.ref("cchc_onestop.group_leader").id,
            }
        )
        self._away(self.leader, self.deputy, "2026-11-10", "2026-11-10")
        before, during = self._requested(), self._requested()
        self._sign_at(MONDAY, self.deputy, before)
        self.assertFalse(before.review_ids.on_behalf_of_id)
        self._sign_at("2026-11-10 02:00:00", self.deputy, during)
        self.assertEqual(during.review_ids.done_by, self.deputy)
        self.assertEqual(during.review_ids.on_behalf_of_id, self.leader)
        self.assertEqual(during.review_ids.todo_by, "Deputy standing in for Leader")

    @freezegun.freeze_time(MONDAY)
    def test_other_agency_is_not_covered(self):
        for person in (self.leader, self.deputy):
            person.company_ids |= self.other_agency
        self._away(
            self.leader,
            self.deputy,
            "2026-11-09",
            "2026-11-09",
            company_id=self.other_agency.id,
        )
        record = self._requested()
        self.assertFalse(self._pending(self.deputy))
        with self.assertRaises(AccessError):
            record.with_user(self.deputy).validate_tier()

    # -- chains
    @freezegun.freeze_time(MONDAY)
    def test_next_in_line(self):
        record = self._requested()
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-13")
        self._away(self.deputy, self.manager, "2026-11-10", "2026-11-10")
        tuesday = datetime(2026, 11, 10, 2)
        self.assertEqual(
            self.Substitution._substitutes(
                self.leader | self.clerk, tuesday, "signatures"
            ),
            {self.leader: self.manager},
        )
        self.assertEqual(
            self.Substitution._acting_for(self.manager, tuesday, "signatures"),
            self.leader | self.deputy,
        )
        self._sign_at("2026-11-10 02:00:00", self.manager, record)
        self.assertEqual(record.review_ids.on_behalf_of_id, self.leader)

    @freezegun.freeze_time(MONDAY)
    def test_loops_and_overlaps(self):
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-13")
        with self._refused(ValidationError, "come back to"):
            self._away(self.deputy, self.leader, "2026-11-13", "2026-11-14")
        self._away(self.deputy, self.leader, "2026-11-14", "2026-11-15")
        with self._refused(ValidationError, "already has the stand-in"):
            self._away(self.leader, self.manager, "2026-11-11", "2026-11-11", "steps")
        self._away(self.deputy, self.manager, "2026-11-09", "2026-11-10")
        with self._refused(ValidationError, "come back to"):
            self._away(self.manager, self.leader, "2026-11-10", "2026-11-10")

    @freezegun.freeze_time(MONDAY)
    def test_two_scopes_on_the_same_days(self):
        self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09", "signatures")
        self._away(self.leader, self.clerk, "2026-11-09", "2026-11-09", "steps")
        self.assertEqual(
            self.Substitution._acting_for(self.clerk, fields.Datetime.now(), "steps"),
            self.leader,
        )
        self.assertEqual(
            self.Substitution._acting_for(
                self.deputy, fields.Datetime.now(), "signatures"
            ),
            self.leader,
        )

    # -- records
    @freezegun.freeze_time(MONDAY)
    def test_life(self):
        link = self._away(self.leader, self.deputy, "2026-11-10", "2026-11-11")
        self.assertEqual(link.state, "to_come")
        with freezegun.freeze_time("2026-11-10 01:00:00"):
            link.invalidate_recordset()
            self.assertEqual(link.state, "active")
            self.assertIn(link, self.Substitution.search([("state", "=", "active")]))
            for vals in ({"substitute_id": self.manager.id}, {"scope": "steps"}):
                with self._refused(UserError, "has begun"):
                    link.write(vals)
            with self._refused(UserError, "stays on record"):
                link.unlink()
            link.write({"date_to": "2026-11-10"})
            with self._refused(UserError, "into the past"):
                link.write({"date_to": "2026-11-09"})
        with freezegun.freeze_time("2026-11-12 01:00:00"):
            link.invalidate_recordset()
            self.assertEqual(link.state, "ended")
            with self._refused(UserError, "is over"):
                link.write({"date_to": "2026-11-30"})
        with self._refused(UserError, "Revoke button"):
            link.write({"revoked_at": False})

    @freezegun.freeze_time(MONDAY)
    def test_no_stand_in_for_the_past(self):
        with self._refused(UserError, "for today or later"):
            self._away(self.leader, self.deputy, "2026-11-06", "2026-11-11")

    @freezegun.freeze_time(MONDAY)
    def test_unfit_persons(self):
        with self._refused(ValidationError, "not an active member"):
            self._away(self.leader, self.stranger, "2026-11-09", "2026-11-09")
        self.deputy.active = False
        with self._refused(ValidationError, "not an active member"):
            self._away(self.leader, self.deputy, "2026-11-09", "2026-11-09")

    @freezegun.freeze_time(MONDAY)
    def test_who_names_stand_ins(self):
        Substitution = self.Substitution.with_user(self.leader).with_company(
            self.agency
        )
        with Form(Substitution) as form:
            form.substitute_id = self.deputy
            form.date_to = date(2026, 11, 12)
            form.reason = "Đi công tác"
        link = form.record
        self.assertEqual(link.user_id, self.leader)
        self.assertEqual(link.date_from, date(2026, 11, 9))
        with self.assertRaises(AccessError):
            self._away_as(self.deputy, self.leader, self.deputy)
        with self.assertRaises(AccessError):
            link.with_user(self.deputy).write({"date_to": "2026-12-31"})
        with self.assertRaises(AccessError):
            link.with_user(self.deputy).action_revoke()
        link.with_user(self.manager).action_revoke()
        made = self._away_as(self.manager, self.leader, self.deputy)
        self.assertEqual(made.with_user(self.clerk).substitute_id, self.deputy)
        with self.assertRaises(AccessError):
            made.with_user(self.stranger).read(["reason"])

    def _away_as(self, user, absent, substitute):
        return self.Substitution.with_user(user).create(
            {
                "user_id": absent.id,
                "substitute_id": substitute.id,
                "date_from": "2026-11-20",
                "date_to": "2026-11-20",
                "company_id": self.agency.id,
                "reason": "Nghỉ phép",
            }
        )

    @freezegun.freeze_time(MONDAY)
    def test_lookups_are_bounded(self):
        people = self.env["res.users"]
        for number in range(12):
            people |= self._person(f"p{number}", "group_handler")
        for absent, substitute in zip(people[:6], people[6:], strict=True):
            self._away(absent, substitute, "2026-11-09", "2026-11-09")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            found = self.Substitution._substitutes(
                people, fields.Datetime.now(), "steps"
            )
        self.assertEqual(len(found), 6)
        self.env.invalidate_all()
        with self.assertQueryCount(6):
            self.assertEqual(
                self.Substitution._acting_for(
                    people[6], fields.Datetime.now(), "steps"
                ),
                people[0],
            )
