"""Who reads a document reads its approvals: nobody less, nobody more."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestApprovalAccess(OnestopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tier.definition"].search(
            [("model", "=", "cchc.dossier")]
        ).active = False
        cls.definition = cls.env["tier.definition"].create(
            {
                "name": "Ký duyệt kết quả",
                "model_id": cls.env["ir.model"]._get_id("cchc.dossier"),
                "review_type": "individual",
                "reviewer_id": cls.leader.id,
                "company_id": cls.commune.id,
            }
        )
        cls.above = cls._new_user(
            "above", "group_leader", "group_subordinate", company=cls.province
        )
        cls.totals_only = cls._new_user("totals", "group_leader", company=cls.province)
        cls.receiver = cls._new_user("receiver", "group_desk", company=cls.neighbour)
        cls.clerk = new_test_user(
            cls.env,
            "onestop_clerk",
            groups="base.group_user",
            company_id=cls.commune.id,
            company_ids=[Command.set(cls.commune.ids)],
        )

    def _reviewed(self):
        """Return a dossier that waits for a signature, and its review."""
        dossier = self._to_sign()
        self.env.flush_all()
        self.env.invalidate_all()
        return dossier.sudo(), dossier.sudo().review_ids

    def _received_by_the_neighbour(self, dossier):
        dossier.flush_recordset()
        self.env.cr.execute(
            "UPDATE cchc_dossier SET receiving_company_id = %s WHERE id = %s",
            (self.neighbour.id, dossier.id),
        )
        self.env.invalidate_all()

    def _visible(self, dossier, user):
        """Return the reviews that ``user`` gets, after asking in every way."""
        self.env.invalidate_all()
        Review = self.env["tier.review"].with_user(user)
        domain = [("model", "=", "cchc.dossier"), ("res_id", "=", dossier.id)]
        found = Review.search(domain)
        for again in (
            Review.search([("id", "in", dossier.sudo().review_ids.ids)]),
            Review.search([]) & dossier.sudo().review_ids,
            dossier.sudo().review_ids.with_user(user)._filtered_access("read"),
        ):
            self.assertEqual(again, found, user.login)
        self.assertEqual(Review.search_count(domain), len(found))
        totals = Review._read_group(domain, aggregates=["__count"])
        self.assertEqual(totals, [(len(found),)])
        return found

    def test_reader_of_the_dossier_reads_its_approvals(self):
        dossier, review = self._reviewed()
        self._received_by_the_neighbour(dossier)
        for user in (self.leader, self.auditor, self.above, self.receiver):
            with self.subTest(user=user.login):
                self.assertEqual(self._visible(dossier, user), review)
                form = Form(dossier.with_user(user))
                self.assertEqual(len(form.review_ids), 1)

    def test_who_cannot_read_the_dossier_reads_none_of_it(self):
        dossier, review = self._reviewed()
        # a rule of all agencies, as the one that is shipped
        self.definition.company_id = False
        for user in (self.totals_only, self.receiver, self.outsider, self.clerk):
            with self.subTest(user=user.login):
                self.assertFalse(dossier.with_user(user).has_access("read"))
                self.assertFalse(self._visible(dossier, user))
                with self.assertRaises(AccessError):
                    review.with_user(user).read(["status"])

    def test_other_reviews_follow_the_agency_of_the_rule(self):
        Definition = self.env["tier.definition"]
        own, general = Definition.create(
            [
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id("cchc.dossier"),
                    "review_type": "individual",
                    "reviewer_id": self.leader.id,
                    "company_id": company.id,
                }
                for name, company in (
                    ("Riêng", self.commune),
                    ("Chung", self.env["res.company"]),
                )
            ]
        )
        own, general = self.env["tier.review"].create(
            [
                {"model": "res.partner", "res_id": 1, "definition_id": rule.id}
                for rule in (own, general)
            ]
        )
        Review = self.env["tier.review"]
        both = [("id", "in", (own | general).ids)]
        self.assertEqual(Review.with_user(self.leader).search(both), own | general)
        self.assertEqual(Review.with_user(self.outsider).search(both), general)
        self.assertTrue(general.with_user(self.outsider).has_access("write"))
        self.assertFalse(own.with_user(self.outsider).has_access("write"))

    def test_nobody_writes(self):
        dossier, review = self._reviewed()
        self._received_by_the_neighbour(dossier)
        for user in (self.leader, self.manager, self.above, self.receiver):
            for operation in ("write", "unlink", "create"):
                with self.subTest(user=user.login, operation=operation):
                    self.assertFalse(review.with_user(user).has_access(operation))
            with self._refused(AccessError, "buttons of the document"):
                review.with_user(user).write({"status": "approved"})
            with self._refused(AccessError, "buttons of the document"):
                review.with_user(user).unlink()
            if user not in (self.leader, self.manager):
                with self._refused(AccessError, "not a reviewer"):
                    dossier.with_user(user).validate_tier()
        self.assertEqual(review.status, "pending")

    def test_one_query_for_many_documents(self):
        reviews = self.env["tier.review"]
        for _n in range(3):
            reviews |= self._reviewed()[1]
        mine = reviews.with_user(self.above)
        self.assertTrue(mine.has_access("read"))
        self.env.flush_all()
        spent = []
        for some in (mine[:1], mine):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(some._filtered_access("read"), some)
            spent.append(self.env.cr.sql_log_count - before)
        self.assertEqual(spent[0], spent[1])

    def test_form_as_the_client_reads_it(self):
        dossier, review = self._reviewed()
        names = {"name": {}, "status": {}, "todo_by": {}, "reviewed_date": {}}
        specification = {"review_ids": {"fields": names}, "validation_status": {}}
        (values,) = dossier.with_user(self.above).web_read(specification)
        self.assertEqual(values["validation_status"], "pending")
        (row,) = values["review_ids"]
        self.assertEqual((row["id"], row["name"]), (review.id, "Ký duyệt kết quả"))
        with self.assertRaises(AccessError):
            dossier.with_user(self.totals_only).web_read(specification)
