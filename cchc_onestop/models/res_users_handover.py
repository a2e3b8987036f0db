from odoo import fields, models
from odoo.exceptions import RedirectWarning
from odoo.fields import Domain

from .cchc_approval_mixin import OPEN_REVIEW


class ResUsers(models.Model):
    """Nobody leaves with open steps and approvals in his hands."""

    # One file per subject: see docs/architecture.md.
    _inherit = "res.users"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        if vals.get("active") is False:
            self.filtered("active")._cchc_check_handed_over()
        return super().write(vals)

    def _cchc_check_handed_over(self):
        """Refuse to archive people whose work has no new owner, with the way there.

        :raises RedirectWarning: naming the person and what is open
        """
        for user in self.filtered(lambda user: not user.share).sudo():
            steps = user._cchc_open_steps()
            reviews = user._cchc_open_reviews()
            if not steps and not reviews:
                continue
            company = steps[:1].dossier_id.company_id or user.company_id
            raise RedirectWarning(
                self.env._(
                    "%(user)s still has %(steps)s open step(s) and %(reviews)s "
                    "approval(s): hand them over for good first, so that nothing is "
                    "left without an owner.",
                    user=user.name,
                    steps=len(steps),
                    reviews=len(reviews),
                ),
                self.env.ref("cchc_onestop.cchc_handover_action_leave").id,
                self.env._("Hand Over"),
                {
                    "default_user_id": user.id,
                    "default_company_id": company.id,
                    "default_kind": "leave",
                },
            )

    def _cchc_open_steps(self, company=None):
        """Return the steps (sudo) that wait for this person: those he works on and
        those planned for him in dossiers that are not returned yet.

        :param company: competent agency; any by default
        """
        if not self.ids:
            return self.env["cchc.dossier.step"].sudo()
        self.env["cchc.dossier"].flush_model()
        self.env["cchc.dossier.step"].flush_model()
        # The open dossiers of the agencies first: steps have no index by person.
        self.env.cr.execute(
            """
            WITH dossier AS (
                SELECT id, company_id FROM cchc_dossier WHERE is_open IS TRUE
                 UNION ALL
                SELECT id, company_id FROM cchc_dossier
                 WHERE state IN ('done', 'rejected_result')
            )
            SELECT step.id
              FROM dossier
              JOIN cchc_dossier_step step ON step.dossier_id = dossier.id
             WHERE step.user_id = ANY(%s)
               AND step.state IN ('current', 'waiting')
               AND (%s IS NULL OR dossier.company_id = %s)
          ORDER BY step.id
            """,
            (self.ids, company and company.id or None, company and company.id or None),
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        return self.env["cchc.dossier.step"].sudo().browse(ids)

    def _cchc_open_reviews(self, company=None):
        """Return the approvals (sudo) that wait for this person by name."""
        reviews = (
            self.env["tier.review"]
            .sudo()
            .search(
                Domain("status", "in", OPEN_REVIEW)
                & Domain("model", "=like", "cchc.%")
                & (
                    Domain("forwarded_to_id", "in", self.ids)
                    | Domain("definition_id.reviewer_id", "in", self.ids)
                    | Domain("definition_id.review_type", "=", "field")
                )
            )
        )
        reviewers = reviews._cchc_reviewers()
        mine = reviews.filtered(
            lambda review: (
                review._cchc_named_in_person()
                and reviewers[review.id].sudo() & self.sudo()
            )
        )
        if company:
            records = mine._cchc_records()
            mine = mine.filtered(
                lambda review: (
                    review._cchc_company_of(records[review.id]) in (company, False)
                    or not review._cchc_company_of(records[review.id])
                )
            )
        return mine

    def _cchc_other_matters(self, company):
        """Return sentences about what else names this person, to be mended by hand."""
        self.ensure_one()
        now = fields.Datetime.now()
        sentences = []
        rules = (
            self.env["tier.definition"]
            .sudo()
            .search([("review_type", "=", "individual"), ("reviewer_id", "=", self.id)])
        )
        if rules:
            sentences.append(
                self.env._(
                    "Approval rules name the person: %s.",
                    ", ".join(rules.mapped("name")),
                )
            )
        links = (
            self.env["cchc.substitution"]
            .sudo()
            .search(
                [
                    ("substitute_id", "=", self.id),
                    ("company_id", "=", company.id),
                    ("revoked_at", "=", False),
                    ("date_to", ">=", company._cchc_local_date(now)),
                ]
            )
        )
        if links:
            sentences.append(
                self.env._(
                    "Stands in for %s: name somebody else.",
                    ", ".join(links.user_id.mapped("name")),
                )
            )
        steps = (
            self.env["cchc.process.step"]
            .sudo()
            .search(
                [
                    ("user_ids", "in", self.ids),
                    ("process_id.company_id", "=", company.id),
                    ("process_id.state", "=", "published"),
                ]
            )
        )
        alone = steps.filtered(lambda step: step.user_ids == self)
        if alone:
            sentences.append(
                self.env._(
                    "%(count)s step(s) of processes name nobody else, e.g. %(step)s.",
                    count=len(alone),
                    step=alone[0].process_id.display_name,
                )
            )
        return sentences
