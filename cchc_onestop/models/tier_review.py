from collections import defaultdict
from functools import partial
from typing import NamedTuple

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from ..tools import replay
from ..tools.guard import KEY_NAME, is_unlocked, unlocked
from .cchc_approval_mixin import OPEN_REVIEW


class Right(NamedTuple):
    """Whether and for whom a person may decide a review."""

    allowed: bool
    on_behalf_of: models.BaseModel
    substitution: models.BaseModel
    reason: str = ""

    def __bool__(self):
        return self.allowed


class TierReview(models.Model):
    _inherit = "tier.review"

    # declared again: the labels of its values are translated with this addon
    status = fields.Selection(
        selection_add=[
            ("waiting", "Waiting"),
            ("pending", "Pending"),
            ("rejected", "Rejected"),
            ("approved", "Approved"),
            ("cancel", "Cancelled"),
        ]
    )
    # in the language of the reader, hence not stored
    todo_by = fields.Char(store=False, compute_sudo=True)
    on_behalf_of_id = fields.Many2one(
        "res.users",
        string="On Behalf of",
        readonly=True,
        copy=False,
        help="The absent reviewer for whom a stand-in decided",
    )
    substitution_id = fields.Many2one(
        "cchc.substitution",
        string="Stand-in Decision",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    forwarded_to_id = fields.Many2one(
        "res.users",
        string="Passed on to",
        readonly=True,
        copy=False,
        help="The reviewer passed this review on to this person",
    )
    forwarded_by_id = fields.Many2one(
        "res.users",
        string="Passed on by",
        readonly=True,
        copy=False,
        help="Who passed this review on last",
    )

    _open_definition_idx = models.Index(
        "(definition_id) WHERE status IN ('waiting', 'pending')"
    )

    # -- guard
    @api.model
    def _cchc_is_hardened(self, model):
        """Return whether reviews of ``model`` are closed to direct writes."""
        return bool(
            model
            and model in self.env
            and getattr(self.env[model], "_cchc_hardened_approval", False)
        )

    def _cchc_hardened(self):
        """Return those reviews of ``self`` that belong to a hardened model."""
        return self.filtered(lambda review: self._cchc_is_hardened(review.model))

    def _cchc_guard_error(self):
        return AccessError(
            self.env._(
                "Approvals are given, refused and taken back with the buttons of "
                "the document; their records cannot be changed directly."
            )
        )

    def _cchc_check_guard(self):
        if not is_unlocked(self.env) and self._cchc_hardened():
            raise self._cchc_guard_error()

    @api.model_create_multi
    def create(self, vals_list):
        reviews = super().create(vals_list)
        # read back: the model may come from a default of the context too
        reviews._cchc_check_guard()
        return reviews

    def write(self, vals):
        self._cchc_check_guard()
        if vals.get("status", "waiting") not in OPEN_REVIEW and self._cchc_hardened():
            # a decided review leaves the lists of its reviewers, so that lists of
            # open work do not grow with all that was ever decided
            vals = dict(vals, reviewer_ids=[Command.clear()])
        result = super().write(vals)
        if "model" in vals:
            self._cchc_check_guard()
        return result

    def unlink(self):
        self._cchc_check_guard()
        return super().unlink()

    # -- who may read: the reviews of the suite follow their document
    @api.model
    def _cchc_follows_document(self, model):
        """Return whether reviews of ``model`` are read by who reads the document,
        rather than by the agency of the definition."""
        return bool(model) and (
            model.startswith("cchc.") or self._cchc_is_hardened(model)
        )

    @api.model
    def _cchc_documents(self, model, domain):
        """Return the query of those documents of ``model`` that the user may read."""
        Model = self.env.get(model)
        if Model is None or not Model.has_access("read"):
            return self.browse()._as_query()
        return Model._search(domain, active_test=False)

    @api.model
    def _cchc_readable_domain(self, domain):
        """Return the domain of the reviews that the user may read, as to documents.

        :param domain: what is searched; only the models that it names are looked at
        """
        names = condition_values(self, "model", domain)
        if names is None:
            names = [
                name
                for name, model_class in self.env.registry.items()
                if not model_class._abstract and self._has_resource_model(name)
            ]
        followed = [name for name in names if self._cchc_follows_document(name)]
        return Domain.OR(
            [
                Domain("model", "not =like", "cchc.%")
                & Domain("model", "not in", followed),
                *(
                    Domain("model", "=", name)
                    & Domain("res_id", "in", self._cchc_documents(name, Domain.TRUE))
                    for name in followed
                ),
            ]
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        domain = Domain(domain)
        if not self.env.su and not bypass_access:
            domain &= self._cchc_readable_domain(domain)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _cchc_unreadable(self):
        """Return the reviews of ``self`` whose document the user may not read."""
        ids = defaultdict(list)
        for review in self.sudo():
            if self._cchc_follows_document(review.model):
                ids[review.model].append(review.res_id)
        readable = {
            model: set(self._cchc_documents(model, Domain("id", "in", res_ids)))
            for model, res_ids in ids.items()
        }
        return self.filtered(
            lambda review: (
                review.sudo().model in readable
                and review.sudo().res_id not in readable[review.sudo().model]
            )
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        allowed = self - result[0] if result else self
        forbidden = allowed._cchc_unreadable()
        refuse = partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
        if operation != "read" and not is_unlocked(self.env):
            closed = allowed.sudo()._cchc_hardened().with_env(self.env)
            if closed:
                forbidden |= closed
                refuse = self._cchc_guard_error
        if not forbidden:
            return result
        return (result[0] | forbidden, result[1]) if result else (forbidden, refuse)

    # -- who may decide
    @api.model
    def _get_reviewer_fields(self):
        # Members of a group are refreshed for open reviews only (res_groups.py): a
        # dependency would recompute every review ever made when someone joins.
        names = super()._get_reviewer_fields()
        return [
            *(name for name in names if name != "reviewer_group_id.user_ids"),
            "forwarded_to_id",
        ]

    def _compute_reviewer_ids(self):
        hardened = self._cchc_hardened()
        reviewers = hardened.filtered(
            lambda review: review.status in OPEN_REVIEW
        )._cchc_reviewers()
        for review in hardened:
            review.reviewer_ids = reviewers.get(review.id, False)
        return super(TierReview, self - hardened)._compute_reviewer_ids()

    @api.depends("done_by", "on_behalf_of_id", "forwarded_to_id", "forwarded_by_id")
    @api.depends_context("lang")
    def _compute_todo_by(self):
        hardened = self._cchc_hardened()
        named = hardened.filtered(
            lambda r: r.done_by or r.forwarded_to_id or r.reviewer_group_id
        )
        for review in named:
            person = review.done_by or review.forwarded_to_id
            review.todo_by = person.name or review.reviewer_group_id.name
            if review.done_by and review.on_behalf_of_id:
                review.todo_by = self.env._(
                    "%(user)s standing in for %(absent)s",
                    user=review.done_by.name,
                    absent=review.on_behalf_of_id.name,
                )
        result = super(TierReview, self - named)._compute_todo_by()
        for review in hardened.filtered("forwarded_by_id"):
            review.todo_by = self.env._(
                "%(user)s, passed on by %(before)s",
                user=review.todo_by,
                before=review.forwarded_by_id.name,
            )
        return result

    def _get_reviewers(self):
        if self._cchc_is_hardened(self.model):
            return self._cchc_reviewers()[self.id]
        return super()._get_reviewers()

    def _cchc_records(self):
        """Return ``{review id: reviewed record}`` (sudo), read together."""
        reviews = self.sudo()
        ids = defaultdict(list)
        for review in reviews:
            ids[review.model].append(review.res_id)
        records = {model: reviews.env[model].browse(ids[model]) for model in ids}
        return {
            review.id: records[review.model]
            .browse(review.res_id)
            .with_prefetch(records[review.model]._prefetch_ids)
            for review in reviews
        }

    @api.model
    def _cchc_company_of(self, record):
        """Return the agency of a reviewed record, empty when it has none."""
        if record._tier_validation_company_field in record._fields:
            return record[record._tier_validation_company_field]
        return self.env["res.company"]

    def _cchc_reviewers(self):
        """Return ``{review id: users}`` who may decide in their own name, as of now.

        Active users only; of a group all members, implied ones included, who belong
        to the agency of the record; never the requester where the definition
        excludes him.
        """
        result, members = {}, {}
        records = self._cchc_records()
        for review in self.sudo():
            record = records[review.id]
            company = self._cchc_company_of(record)
            definition = review.definition_id
            people = self.env["res.users"].sudo()
            group = self.env["res.groups"].sudo()
            if review.forwarded_to_id:
                people = review.forwarded_to_id
            elif definition.review_type == "individual":
                people = definition.reviewer_id
            elif definition.review_type == "group":
                group = definition.reviewer_group_id
            elif definition.reviewer_field_id:
                value = record[definition.reviewer_field_id.name]
                if value._name == "res.groups":
                    group = value
                else:
                    people = value
            if group:
                key = (group, company)
                if key not in members:
                    members[key] = review._cchc_group_members(group, company)
                people = members[key]
            people = people.filtered("active")
            if definition.exclude_requester:
                people -= review.requested_by
            result[review.id] = people.with_env(self.env)
        return result

    @api.model
    def _cchc_group_members(self, groups, company):
        """Return the active members of ``groups`` who belong to ``company``."""
        domain = Domain("all_group_ids", "in", groups.ids)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        return (
            self.env["res.users"].sudo().with_context(active_test=True).search(domain)
        )

    def _cchc_rights(self, user):
        """Return ``{review id: Right}`` of ``user``, in his own name or as the
        stand-in of a reviewer named in person."""
        nobody = self.env["res.users"]
        none = self.env["cchc.substitution"]
        reviewers = self._cchc_reviewers()
        acting = none.sudo()._acting_links(user, replay.now(self.env), "signatures")
        records = self._cchc_records()
        result = {}
        for review in self.sudo():
            if user.active and user in reviewers[review.id]:
                result[review.id] = review._cchc_own_right(
                    reviewers[review.id],
                    acting,
                    self._cchc_company_of(records[review.id]),
                )
            elif review.definition_id.exclude_requester and review.requested_by == user:
                reason = self.env._(
                    "You asked for this approval yourself: another person has to "
                    "give it."
                )
                result[review.id] = Right(False, nobody, none, reason)
            else:
                result[review.id] = review._cchc_stand_in_right(
                    user,
                    reviewers[review.id],
                    acting,
                    self._cchc_company_of(records[review.id]),
                )
        return result

    def _cchc_named_in_person(self):
        """Return whether the reviewer is a person rather than a group."""
        self.ensure_one()
        definition = self.definition_id
        return bool(
            self.forwarded_to_id
            or definition.review_type == "individual"
            or definition.review_type == "field"
            and definition.reviewer_field_id.relation == "res.users"
        )

    def _cchc_own_right(self, reviewers, acting, company):
        """Return the :class:`Right` of a reviewer: in his own name, or, among the
        members of a group, for the absent one whose place he was given."""
        self.ensure_one()
        if not self._cchc_named_in_person():
            for (agency, absent), link in acting.items():
                if absent in reviewers and (not company or agency == company):
                    return Right(True, absent, link)
        return Right(True, self.env["res.users"], self.env["cchc.substitution"])

    def _cchc_stand_in_right(self, user, reviewers, acting, company):
        """Return the :class:`Right` of ``user`` as a stand-in.

        :param acting: ``{(company, absent user): substitution}`` of ``user``
        :param company: agency of the reviewed record
        """
        self.ensure_one()
        nobody = self.env["res.users"]
        none = self.env["cchc.substitution"]
        links = [
            (absent, link)
            for (agency, absent), link in acting.items()
            if absent in reviewers and (not company or agency == company)
        ]
        if links and self._cchc_named_in_person() and user.active:
            absent, link = links[0]
            group = self.env[self.model]._cchc_signature_group
            if absent.has_group(group) and not user.has_group(group):
                reason = self.env._(
                    "You stand in for %(absent)s, but only a leader may sign in "
                    "place of a leader.",
                    absent=absent.name,
                )
                return Right(False, nobody, none, reason)
            return Right(True, absent, link)
        reason = self.env._(
            "You are not a reviewer of “%(tier)s”, nor standing in for one today.",
            tier=self.name,
        )
        return Right(False, nobody, none, reason)

    @api.model
    def _cchc_refresh_group_reviewers(self):
        """Work out again the reviewers of open reviews by group, after a change of
        groups, agencies or users."""
        reviews = self.sudo().search(
            [
                ("status", "in", OPEN_REVIEW),
                ("definition_id.reviewer_group_id", "!=", False),
            ]
        )
        self.env.add_to_compute(self._fields["reviewer_ids"], reviews)

    # -- life of a review
    def _update_review_status(self):
        # Promoting the tier whose turn has come is arithmetic, not a decision: it may
        # happen while any user opens the client.
        hardened = self._cchc_hardened()
        if hardened:
            super(TierReview, unlocked(hardened.sudo()))._update_review_status()
        return super(TierReview, self - hardened)._update_review_status()

    def _notify_pending_status(self, review_ids):
        # messages run foreign code: the key stays behind
        return super(
            TierReview, self.with_context(**{KEY_NAME: None})
        )._notify_pending_status(review_ids.with_context(**{KEY_NAME: None}))

    def action_forward(self, user_id, reason):
        """Pass these reviews on to another person, who needs the same right.

        :param user_id: id of the new reviewer
        :param reason: compulsory
        """
        target = self.env["res.users"].sudo().browse(user_id).exists()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason for passing this on."))
        if any(not self._cchc_is_hardened(review.sudo().model) for review in self):
            raise UserError(self.env._("This approval cannot be passed on."))
        for review in self:
            record = self.env[review.sudo().model].browse(review.sudo().res_id)
            decidable = record._cchc_reviews_to_decide(review)
            right = decidable._cchc_rights(self.env.user)[review.id]
            decidable._cchc_check_forward(target)
            unlocked(decidable).write(
                {"forwarded_to_id": target.id, "forwarded_by_id": self.env.uid}
            )
            record._cchc_log_approval(
                decidable, "forwarded", self.env.user, right.on_behalf_of, reason
            )
            record._update_counter({"review_created": True})

    def _cchc_takers(self):
        """Return the active users to whom the current one may pass this review on:
        of the agency, with the right that the reviewer needs."""
        self.ensure_one()
        company = self._cchc_company_of(self._cchc_records()[self.id])
        definition = self.definition_id
        leaders = self.env.ref(self.env[self.model]._cchc_signature_group)
        domain = Domain("share", "=", False) & Domain("id", "!=", self.env.uid)
        if company:
            domain &= Domain("company_ids", "in", company.ids)
        if definition.exclude_requester:
            domain &= Domain("id", "!=", self.requested_by.id)
        if definition.review_type == "group":
            domain &= Domain("all_group_ids", "in", definition.reviewer_group_id.ids)
        if leaders in self._cchc_reviewers()[self.id].sudo().all_group_ids:
            domain &= Domain("all_group_ids", "in", leaders.ids)
        return (
            self.env["res.users"].sudo().with_context(active_test=True).search(domain)
        )

    def _cchc_check_forward(self, target):
        """Refuse a person who could not have been the reviewer."""
        if target not in self._cchc_takers():
            raise UserError(
                self.env._(
                    "%(name)s cannot take over “%(tier)s”: choose another active "
                    "person of the agency who holds the same right and did not ask "
                    "for the approval.",
                    name=target.name or self.env._("This person"),
                    tier=self.name,
                )
            )
