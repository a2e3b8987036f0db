from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.misc import clean_context

from ..tools import replay
from ..tools.guard import is_unlocked, unlocked

OPEN_REVIEW = ("waiting", "pending")


class CchcApprovalMixin(models.AbstractModel):
    """Approval by tiers that nobody can talk around.

    OCA's ``tier.validation`` trusts every internal user with the rows of
    ``tier.review``. A model that inherits this mixin instead of ``tier.validation``
    gets the same buttons and definitions, and these guarantees:

    - reviews are created, decided and removed by the methods of this mixin only;
      a write over RPC is refused, whatever the context holds;
    - who may decide is worked out when he decides (members of a group through
      implied groups, active users of the record's agency, active stand-ins of a
      named reviewer), never read from a stored list;
    - ``_state_field`` takes or leaves the values of :meth:`_cchc_guarded_states`
      only in code that holds the key of ``tools/guard.py``;
    - every outcome reaches :meth:`_cchc_log_approval`.

    Adopting it::

        class Plan(models.Model):
            _name = "cchc.reform.plan"
            _inherit = ["cchc.approval.mixin", "mail.thread"]
            _state_from = ["draft"]
            _state_to = ["approved"]
            _cancel_state = "cancelled"

            def action_approve(self):
                unlocked(self).write({"state": "approved"})

    ``tier.definition`` offers every adopting model by itself.
    """

    _name = "cchc.approval.mixin"
    _inherit = "tier.validation"
    _description = "Hardened Approval"

    _cchc_hardened_approval = True
    #: without a definition that applies, the states of ``_state_to`` are refused
    _cchc_approval_required = False
    #: a review of a holder of this group is decided only by another holder
    _cchc_signature_group = "cchc_onestop.group_leader"

    # -- hooks
    @api.model
    def _cchc_guarded_states(self):
        """Return the states that only sanctioned methods give or take away."""
        values = self._fields[self._state_field].get_values(self.env)
        return {value for value in values if value not in self._state_from}

    def _cchc_log_approval(self, review, outcome, user, on_behalf_of, comment):
        """Keep one outcome in the log of the record; overridden by models that
        have a log of their own.

        :param review: ``tier.review`` (sudo), still in its state before a removal
        :param outcome: ``requested``, ``approved``, ``rejected``, ``forwarded``,
            ``restarted`` or ``removed``
        :param user: who did it
        :param on_behalf_of: the absent reviewer when ``user`` stood in, else empty
        :param comment: reason given, or False
        """
        self.ensure_one()
        if not hasattr(self, "_message_log"):
            return
        body = Markup("<p>%s</p>") % self._cchc_approval_sentence(
            review, outcome, user, on_behalf_of
        )
        if comment:
            body += Markup("<p>%s</p>") % comment
        self.sudo()._message_log(body=body)

    def _cchc_may_restart_validation(self, user):
        """Return whether ``user`` may take the reviews of this record back: who
        requested them, who may decide one of them, or a manager."""
        self.ensure_one()
        reviews = self.sudo().review_ids
        return (
            user in reviews.requested_by
            or user.has_group("cchc_onestop.group_manager")
            or any(
                reviews.filtered(lambda review: review.status in OPEN_REVIEW)
                ._cchc_rights(user)
                .values()
            )
        )

    def _cchc_approval_sentence(self, review, outcome, user, on_behalf_of):
        """Return one sentence that names who did what, and for whom."""
        labels = {
            "requested": self.env._("Approval requested"),
            "approved": self.env._("Approved"),
            "rejected": self.env._("Rejected"),
            "forwarded": self.env._(
                "Passed on to %s", review.forwarded_to_id.name or ""
            ),
            "restarted": self.env._("Approval taken back"),
            "removed": self.env._("Approval cancelled"),
        }
        if on_behalf_of:
            return self.env._(
                "%(outcome)s: %(tier)s, by %(user)s standing in for %(absent)s",
                outcome=labels[outcome],
                tier=review.name or "",
                user=user.name,
                absent=on_behalf_of.name,
            )
        return self.env._(
            "%(outcome)s: %(tier)s, by %(user)s",
            outcome=labels[outcome],
            tier=review.name or "",
            user=user.name,
        )

    def _cchc_approval_subject(self):
        """Hook: the records among these that the rules of this mixin are for."""
        return self

    # -- guards
    def _cchc_check_reserved(self, vals_list):
        """Refuse values that belong to the approval machinery."""
        if is_unlocked(self.env):
            return
        for vals in vals_list:
            for name in ("validation_status", "review_ids"):
                if vals.get(name):
                    raise AccessError(
                        self.env._(
                            "%(field)s of %(model)s is kept by the system; use the "
                            "buttons for requesting and giving approval.",
                            field=self._fields[name]._description_string(self.env),
                            model=self._description,
                        )
                    )

    def _cchc_check_state(self, new_state):
        """Refuse a change of state outside the sanctioned methods."""
        if is_unlocked(self.env):
            return
        guarded = self._cchc_guarded_states()
        for record in self._cchc_approval_subject():
            state = record[self._state_field]
            if state != new_state and (new_state in guarded or state in guarded):
                raise AccessError(
                    self.env._(
                        "The state of %(record)s cannot be written directly; use the "
                        "buttons of the form.",
                        record=record.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._cchc_check_reserved(vals_list)
        records = super().create(vals_list)
        if not is_unlocked(self.env):
            guarded = self._cchc_guarded_states()
            # read back: the state may come from a default of the context too
            for record in records._cchc_approval_subject():
                if record[self._state_field] in guarded:
                    raise AccessError(
                        self.env._(
                            "A new %(model)s starts at the beginning: it cannot be "
                            "created in a later state.",
                            model=self._description,
                        )
                    )
        return records

    def write(self, vals):
        self._cchc_check_reserved([vals])
        if self._state_field in vals:
            self._cchc_check_state(vals[self._state_field])
        return super().write(vals)

    def unlink(self):
        self.check_access("unlink")
        self._cchc_remove_reviews("removed")
        return super().unlink()

    # -- OCA's checks, without its queries per record
    def _check_state_from_condition(self):
        # the context key of the parent could be sent by any client
        return self._tier_validation_get_current_state_value() in self._state_from

    def _tier_validation_check_state_on_write(self, vals):
        if vals.get(self._state_field) not in self._state_to:
            return None
        result = super()._tier_validation_check_state_on_write(vals)
        if self._cchc_approval_required:
            for record in self:
                if record._check_state_conditions(vals) and not record.review_ids:
                    raise ValidationError(
                        self.env._(
                            "No approval rule applies to %(record)s: ask an "
                            "administrator to define who approves it.",
                            record=record.display_name,
                        )
                    )
        return result

    def _tier_validation_check_write_allowed(self, vals):
        if is_unlocked(self.env):
            return None
        reviewed = self.filtered(lambda r: r.validation_status not in ("no", False))
        if not reviewed:
            return None
        return super(
            CchcApprovalMixin, reviewed.with_context(skip_validation_check=False)
        )._tier_validation_check_write_allowed(vals)

    def _allow_to_remove_reviews(self, values):
        self.ensure_one()
        state_to = values.get(self._state_field)
        state_from = self._tier_validation_get_current_state_value()
        return bool(state_to) and (
            state_to == self._cancel_state
            or (state_to in self._state_from and state_from not in self._state_from)
        )

    def _tier_validation_check_write_remove_reviews(self, vals):
        if self._state_field in vals:
            self.filtered(
                lambda record: record._allow_to_remove_reviews(vals)
            )._cchc_remove_reviews("removed")

    def _cchc_remove_reviews(self, outcome):
        """Log and delete the reviews of these records."""
        reviews = self.sudo().review_ids
        if not reviews:
            return
        for record in self:
            for review in record.sudo().review_ids:
                record._cchc_log_approval(
                    review, outcome, self.env.user, self.env["res.users"], False
                )
        partners = self._cchc_notified_partners()
        unlocked(reviews).unlink()
        for partner in partners:
            partner._bus_send("base.tier.validation/updated", {"review_deleted": True})

    # -- who approves what
    def _cchc_definitions(self):
        """Return ``{record id: tier.definition}`` that apply, first tier first.

        Read with full rights: a client that leaves the agency out of its list of
        companies must not make the approval disappear.
        """
        companies = {
            record.id: (
                record.sudo()[self._tier_validation_company_field]
                if self._tier_validation_company_field in self._fields
                else self.env.company
            )
            for record in self
        }
        definitions = (
            self.env["tier.definition"]
            .sudo()
            .with_context(active_test=True)
            .search([("model", "=", self._name)], order="sequence desc, id")
        )
        return {
            record.id: definitions.filtered(
                lambda d, r=record: (
                    (not d.company_id or d.company_id == companies[r.id])
                    and r.sudo().evaluate_tier(d)
                )
            )
            for record in self
        }

    @api.depends("review_ids")
    def _compute_need_validation(self):
        stored = self.filtered("id")
        (self - stored).need_validation = False
        definitions = stored._cchc_definitions()
        for record in stored:
            record.need_validation = bool(
                not record.sudo().review_ids
                and record._check_state_from_condition()
                and definitions[record.id]
            )

    @api.depends("review_ids", "review_ids.status")
    def _compute_reviewer_ids(self):
        reviews = self.sudo().review_ids.filtered(lambda r: r.status in OPEN_REVIEW)
        reviewers = reviews._cchc_reviewers()
        for record in self:
            record.reviewer_ids = self.env["res.users"].union(
                *(
                    reviewers[review.id]
                    for review in record.sudo().review_ids
                    if review.id in reviewers
                )
            )

    def _cchc_decidable(self, user):
        """Return the reviews (sudo) of these records that ``user`` may decide now."""
        reviews = self.sudo().review_ids.filtered(lambda r: r.status in OPEN_REVIEW)
        rights = reviews._cchc_rights(user)
        decidable = self.env["tier.review"].sudo()
        for record in self.sudo():
            earlier_open = False
            for review in record.review_ids.sorted("sequence"):
                if review.status not in OPEN_REVIEW:
                    continue
                if rights[review.id].allowed and not (
                    review.approve_sequence and earlier_open
                ):
                    decidable |= review
                earlier_open = True
        return decidable

    @api.depends_context("uid")
    @api.depends("review_ids.sequence", "review_ids.status")
    def _compute_can_review(self):
        decidable = self._cchc_decidable(self.env.user)
        ids = set(decidable.mapped("res_id"))
        for record in self:
            record.can_review = (
                record.validation_status != "rejected" and record._origin.id in ids
            )

    @api.depends_context("uid")
    @api.depends("review_ids.has_comment", "review_ids.status")
    def _compute_has_comment(self):
        decidable = self._cchc_decidable(self.env.user)
        ids = set(decidable.filtered("has_comment").mapped("res_id"))
        for record in self:
            record.has_comment = record._origin.id in ids

    def _get_sequences_to_approve(self, user):
        return list(set(self._cchc_decidable(user).mapped("sequence")))

    @api.model
    def _search_can_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._cchc_pending_domain(self.env.user)

    @api.model
    def _cchc_pending_domain(self, user, hide_when_absent=False):
        """Return the domain of the records that wait for a decision of ``user``, in
        his own name or as a stand-in, as of now.

        :param hide_when_absent: leave out what an active stand-in of ``user`` does
        """
        Substitution = self.env["cchc.substitution"].sudo()
        now = fields.Datetime.now()
        own = self._cchc_pending_of(user, user)
        if hide_when_absent:
            away = Substitution._companies_away(user, now, "signatures")
            company_field = self._tier_validation_company_field
            if away and company_field in self._fields:
                own &= Domain(company_field, "not in", away.ids)
        domain = own
        for company, absent in Substitution._acting_by_company(
            user, now, "signatures"
        ).items():
            in_turn = self._cchc_pending_of(absent, user, named=True)
            if self._tier_validation_company_field in self._fields:
                in_turn &= Domain(self._tier_validation_company_field, "=", company.id)
            domain |= in_turn
        return domain & Domain("validation_status", "!=", "rejected")

    @api.model
    def _cchc_pending_of(self, holders, actor, named=False):
        """Return the domain of records with a review that waits for ``holders``.

        :param actor: who would decide; his own requests are left out where the
            definition excludes the requester
        :param named: only reviewers named in person (stand-ins do not inherit a
            group)
        """
        definitions = (
            self.env["tier.definition"]
            .sudo()
            .with_context(active_test=False)
            .search([("model", "=", self._name)])
        )
        groups = holders.sudo().all_group_ids
        others = Domain("definition_id.exclude_requester", "=", False) | Domain(
            "requested_by", "not in", (holders | actor).ids
        )
        waiting = Domain("status", "=", "pending") & others
        mine = definitions.filtered(
            lambda d: (
                d.review_type == "individual"
                and d.reviewer_id in holders
                or not named
                and d.review_type == "group"
                and d.reviewer_group_id in groups
            )
        )
        domain = Domain(
            "review_ids",
            "any",
            waiting
            & (
                Domain("forwarded_to_id", "in", holders.ids)
                | Domain("forwarded_to_id", "=", False)
                & Domain("definition_id", "in", mine.ids)
            ),
        )
        for definition in definitions.filtered(lambda d: d.review_type == "field"):
            field = definition.sudo().reviewer_field_id
            if field.relation == "res.users":
                value = holders.ids
            elif not named:
                value = groups.ids
            else:
                continue
            domain |= Domain(field.name, "in", value) & Domain(
                "review_ids",
                "any",
                waiting
                & Domain("forwarded_to_id", "=", False)
                & Domain("definition_id", "=", definition.id),
            )
        return domain

    # -- requesting
    def request_validation(self):
        """Ask for approval of the records that need it; returns the new reviews.

        :raises UserError: when nobody could decide one of the tiers
        """
        self.check_access("write")
        definitions = self._cchc_definitions()
        vals_list = [
            dict(
                record._prepare_tier_review_vals(definition, sequence),
                status="waiting",
            )
            for record in self
            if record._check_state_from_condition() and not record.sudo().review_ids
            for sequence, definition in enumerate(definitions[record.id], start=1)
        ]
        # defaults sent by a client must not decide a review
        env = self.env(su=True, context=clean_context(self.env.context))
        Review = env["tier.review"]
        reviews = unlocked(Review).create(vals_list)
        reviews = Review.browse(reviews.ids)
        reviewers = reviews._cchc_reviewers()
        for review in reviews:
            if not reviewers[review.id]:
                raise UserError(
                    self.env._(
                        "Nobody can decide “%(tier)s” for %(record)s: add a reviewer "
                        "other than the requester to the approval rule.",
                        tier=review.name,
                        record=self.browse(review.res_id).display_name,
                    )
                )
        reviews._update_review_status()
        for review in reviews:
            self.browse(review.res_id)._cchc_log_approval(
                review, "requested", self.env.user, self.env["res.users"], False
            )
        if reviews:
            self._update_counter({"review_created": True})
            self._notify_review_requested(reviews)
        return reviews.with_env(self.env)

    # -- deciding
    def validate_tier(self):
        self.ensure_one()
        reviews = self._cchc_reviews_to_decide()
        if self.has_comment:
            action = self._add_comment("validate", reviews)
            action["context"]["default_comment"] = (
                reviews[:1].definition_id.comment_approve_default or ""
            )
            return action
        self._cchc_decide(reviews, "approved")
        return None

    def reject_tier(self):
        """Ask for the reason: nothing is sent back without one."""
        self.ensure_one()
        return self._add_comment("reject", self._cchc_reviews_to_decide())

    def forward_tier(self):
        """Ask to whom the present approval is passed on, and why."""
        self.ensure_one()
        reviews = self._cchc_reviews_to_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pass On an Approval"),
            "res_model": "cchc.approval.forward",
            "view_mode": "form",
            "target": "new",
            "context": {"default_review_id": reviews.sorted("sequence")[:1].id},
        }

    def _validate_tier(self, tiers=False):
        # OCA comes here when the state is written: note what the user may approve, and
        # let its check refuse the rest.
        self.ensure_one()
        reviews = (tiers or self.review_ids).sudo()
        decidable = self._cchc_decidable(self.env.user) & reviews
        while decidable:
            self._cchc_write_decision(decidable, "approved", "")
            decidable = self._cchc_decidable(self.env.user) & reviews

    def _rejected_tier(self, tiers=False):
        self.ensure_one()
        reviews = (tiers or self.review_ids).sudo()
        self._cchc_decide(reviews, "rejected", reviews[:1].comment)

    def _cchc_reviews_to_decide(self, reviews=None):
        """Return the reviews (sudo) of this record that the user may decide.

        :param reviews: restrict to these
        :raises AccessError: when there is none, saying why
        """
        self.ensure_one()
        self.check_access("read")
        decidable = self._cchc_decidable(self.env.user)
        if reviews is not None:
            decidable &= reviews.sudo()
        if decidable:
            return decidable
        pending = self.sudo().review_ids.filtered(lambda r: r.status in OPEN_REVIEW)
        if reviews is not None:
            pending &= reviews.sudo()
        if not pending:
            raise UserError(
                self.env._(
                    "%(record)s has no approval that waits for a decision; reload "
                    "the page to see who decided.",
                    record=self.display_name,
                )
            )
        rights = pending._cchc_rights(self.env.user)
        if not any(rights.values()):
            raise AccessError(rights[pending.sorted("sequence")[:1].id].reason)
        raise AccessError(
            self.env._(
                "It is not your turn to decide on %(record)s: an earlier approval is "
                "still open.",
                record=self.display_name,
            )
        )

    def _cchc_decide(self, reviews, status, comment=False):
        """Approve or reject ``reviews`` of this record as the real user.

        Models that go on by themselves after a decision extend this method.

        :param status: ``approved`` or ``rejected``
        :param comment: reason, compulsory for a rejection
        :raises AccessError: when the user may not decide any of them
        """
        self.ensure_one()
        comment = (comment or "").strip()
        if status == "rejected" and not comment:
            raise UserError(self.env._("Give the reason of the rejection."))
        self._cchc_write_decision(
            self._cchc_reviews_to_decide(reviews), status, comment
        )

    def _cchc_write_decision(self, reviews, status, comment):
        """Write the decision of the real user on ``reviews`` (sudo), which he may
        take, with full rights: reviewers need no write access to reviews."""
        self.ensure_one()
        user = self.env.user
        rights = reviews._cchc_rights(user)
        now = replay.now(self.env)
        for review in reviews:
            right = rights[review.id]
            unlocked(review).write(
                {
                    "status": status,
                    "done_by": user.id,
                    "on_behalf_of_id": right.on_behalf_of.id,
                    "substitution_id": right.substitution.id,
                    "reviewed_date": now,
                    "comment": comment or review.comment,
                }
            )
            self._cchc_log_approval(review, status, user, right.on_behalf_of, comment)
        if status == "rejected":
            rest = self.sudo().review_ids.filtered(lambda r: r.status in OPEN_REVIEW)
            unlocked(rest).write({"status": "cancel"})
        self.sudo().review_ids._update_review_status()
        self._cchc_notify_decision(reviews, status)
        self._update_counter({"review_deleted": True})

    def _cchc_notify_decision(self, reviews, status):
        """Tell the followers, where the definition asks for it."""
        flag, notify = {
            "approved": ("notify_on_accepted", self._notify_accepted_reviews),
            "rejected": ("notify_on_rejected", self._notify_rejected_review),
        }[status]
        if hasattr(self, "message_post") and any(
            reviews.definition_id.mapped(flag),
        ):
            notify()

    def _notify_accepted_reviews_body(self):
        return self._cchc_decision_body(self.env._("Approved"), "approved")

    def _notify_rejected_review_body(self):
        return self._cchc_decision_body(self.env._("Rejected"), "rejected")

    def _cchc_decision_body(self, label, status):
        decided = (
            self.sudo()
            .review_ids.filtered(lambda r: r.status == status)
            .sorted("reviewed_date")[-1:]
        )
        parts = [label, decided.done_by.name, decided.comment]
        return ": ".join(part for part in parts if part)

    # -- taking back
    def restart_validation(self):
        """Take the reviews back, as one who may (:meth:`_cchc_may_restart_validation`)
        and while the record is still before its approval."""
        for record in self:
            record.check_access("read")
            if not record.sudo().review_ids:
                continue
            if record[self._state_field] not in self._state_from:
                raise UserError(
                    self.env._(
                        "%(record)s is past its approval, which can no longer be "
                        "taken back.",
                        record=record.display_name,
                    )
                )
            if not record._cchc_may_restart_validation(self.env.user):
                raise AccessError(
                    self.env._(
                        "Only who requested the approval of %(record)s, who decides "
                        "it or a manager can take it back.",
                        record=record.display_name,
                    )
                )
            record._cchc_remove_reviews("restarted")

    # -- telling people
    def _cchc_notified_partners(self):
        """Return the partners whose counter of open reviews may change."""
        users = self.sudo().reviewer_ids
        substitutes = (
            self.env["cchc.substitution"]
            .sudo()
            ._substitutes(users, fields.Datetime.now(), "signatures")
        )
        return (
            users | self.env["res.users"].sudo().union(*substitutes.values())
        ).partner_id | self.env.user.partner_id

    @api.model
    def _update_counter(self, review_counter):
        for partner in self._cchc_notified_partners():
            partner._bus_send("base.tier.validation/updated", review_counter)
