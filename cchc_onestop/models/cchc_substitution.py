from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.guard import is_unlocked, unlocked

#: longest chain of stand-ins that is followed (A is away, B in his place is away too…)
MAX_CHAIN = 5
#: what a scope entitles to, seen from the work to be done
SCOPES_FOR = {"steps": ("steps", "both"), "signatures": ("signatures", "both")}
OVERLAPPING = {**SCOPES_FOR, "both": ("steps", "signatures", "both")}


class CchcSubstitution(models.Model):
    """Stand-in for an absent person, from one day to another, both included.

    A stand-in holds no group and no record rule of the absent person: whether he may
    act is worked out from the dates whenever he acts, in the time zone of the agency,
    so that nothing is left after the last day. When the stand-in is himself away, the
    work goes to his own stand-in (next in line), up to ``MAX_CHAIN`` persons; loops
    are refused.
    """

    _name = "cchc.substitution"
    _description = "Stand-in"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "substitute_id"

    user_id = fields.Many2one(
        "res.users",
        string="Absent Person",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
    )
    substitute_id = fields.Many2one(
        "res.users",
        string="Stand-in",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cchc_local_date(fields.Datetime.now()),
        tracking=True,
    )
    date_to = fields.Date(string="To", required=True, tracking=True)
    scope = fields.Selection(
        [
            ("steps", "Processing steps"),
            ("signatures", "Signatures and approvals"),
            ("both", "Steps and signatures"),
        ],
        required=True,
        default="both",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    reason = fields.Char(required=True)
    decision_number = fields.Char(
        help="Number of the written assignment, e.g. 12/GUQ-UBND",
    )
    state = fields.Selection(
        [
            ("to_come", "To Come"),
            ("active", "Active"),
            ("ended", "Ended"),
            ("revoked", "Revoked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    revoked_at = fields.Datetime(readonly=True, copy=False, tracking=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "The last day of a stand-in cannot come before the first.",
    )
    _other_person = models.Constraint(
        "CHECK (user_id != substitute_id)",
        "Nobody can stand in for himself: choose another person.",
    )
    _open_user_idx = models.Index("(user_id, date_to) WHERE revoked_at IS NULL")
    _open_substitute_idx = models.Index(
        "(substitute_id, date_to) WHERE revoked_at IS NULL"
    )

    # -- computed
    @api.depends("substitute_id", "user_id", "date_from", "date_to")
    def _compute_display_name(self):
        for link in self:
            link.display_name = self.env._(
                "%(substitute)s for %(absent)s",
                substitute=link.substitute_id.name or "",
                absent=link.user_id.name or "",
            )

    @api.depends("date_from", "date_to", "revoked_at", "company_id")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            today = link.company_id._cchc_local_date(now)
            if link.revoked_at:
                link.state = "revoked"
            elif not link.date_from or not link.date_to or today < link.date_from:
                link.state = "to_come"
            else:
                link.state = "active" if today <= link.date_to else "ended"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._cchc_local_date(fields.Datetime.now())
        valid = Domain("revoked_at", "=", False)
        by_state = {
            "to_come": valid & Domain("date_from", ">", today),
            "active": valid
            & Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
            "ended": valid & Domain("date_to", "<", today),
            "revoked": Domain("revoked_at", "!=", False),
        }
        return Domain.OR(by_state[state] for state in value if state in by_state)

    # -- constraints
    @api.constrains("user_id", "substitute_id", "company_id")
    def _check_persons(self):
        for link in self:
            for person in (link.user_id, link.substitute_id):
                if (
                    person.share
                    or not person.active
                    or link.company_id not in person.sudo().company_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "%(name)s is not an active member of %(agency)s: choose "
                            "somebody who works there.",
                            name=person.name,
                            agency=link.company_id.name,
                        )
                    )

    @api.constrains("user_id", "substitute_id", "scope")
    def _check_signature_right(self):
        group = "cchc_onestop.group_leader"
        for link in self.filtered(lambda link: link.scope in ("signatures", "both")):
            if link.user_id.has_group(group) and not link.substitute_id.has_group(
                group
            ):
                raise ValidationError(
                    self.env._(
                        "%(substitute)s is not a leader and cannot sign in place of "
                        "%(absent)s: choose a leader, or limit the stand-in to "
                        "processing steps.",
                        substitute=link.substitute_id.name,
                        absent=link.user_id.name,
                    )
                )

    def _hold_persons(self):
        """Let nobody else name a stand-in of or by these persons meanwhile.

        The rows are written, not only locked: whoever waited for them would check
        against what he saw before, so PostgreSQL has to refuse him; Odoo then repeats
        his request with the new stand-in in view.
        """
        persons = self.user_id | self.substitute_id
        self.env.cr.execute(
            """
            UPDATE res_users SET write_date = write_date
             WHERE id IN (
                SELECT id FROM res_users WHERE id = ANY(%s) ORDER BY id
                   FOR NO KEY UPDATE
             )
            """,
            (persons.ids,),
            log_exceptions=False,  # no error: the request is repeated
        )

    @api.constrains(
        "user_id", "substitute_id", "date_from", "date_to", "scope", "company_id"
    )
    def _check_overlap(self):
        self._hold_persons()
        for link in self.filtered(lambda link: not link.revoked_at):
            other = self.sudo().search(
                link._overlapping_domain() & Domain("user_id", "=", link.user_id.id),
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(absent)s already has the stand-in %(substitute)s from "
                        "%(date_from)s to %(date_to)s: revoke that one or choose "
                        "other days.",
                        absent=link.user_id.name,
                        substitute=other.substitute_id.name,
                        date_from=fields.Date.to_string(other.date_from),
                        date_to=fields.Date.to_string(other.date_to),
                    )
                )

    @api.constrains(
        "user_id", "substitute_id", "date_from", "date_to", "scope", "company_id"
    )
    def _check_chain(self):
        for link in self.filtered(lambda link: not link.revoked_at):
            link._check_no_loop()

    def _overlapping_domain(self):
        """Return the domain of the other valid stand-ins that share a day, a scope
        and the agency with this one."""
        self.ensure_one()
        return (
            Domain("id", "!=", self.id)
            & Domain("revoked_at", "=", False)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("scope", "in", OVERLAPPING[self.scope])
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
        )

    def _check_no_loop(self):
        """Follow who stands in for the stand-in; coming back is refused.

        :raises ValidationError: on a loop, or a chain of more than ``MAX_CHAIN``
        """
        self.ensure_one()
        persons = self.substitute_id
        for _step in range(MAX_CHAIN):
            links = self.sudo().search(
                self._overlapping_domain() & Domain("user_id", "in", persons.ids)
            )
            persons = links.substitute_id
            if not persons:
                return
            if self.user_id in persons:
                raise ValidationError(
                    self.env._(
                        "%(substitute)s is away on some of these days and the work "
                        "would come back to %(absent)s: choose another stand-in.",
                        substitute=self.substitute_id.name,
                        absent=self.user_id.name,
                    )
                )
        raise ValidationError(
            self.env._(
                "More than %(count)s persons would stand in for each other: choose a "
                "stand-in for %(absent)s who is present.",
                count=MAX_CHAIN,
                absent=self.user_id.name,
            )
        )

    # -- life
    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(
            [
                {
                    name: value
                    for name, value in vals.items()
                    if name not in ("revoked_at", "revoked_by_id")
                }
                for vals in vals_list
            ]
        )
        now = fields.Datetime.now()
        for link in links:
            if link.revoked_at or link.date_from < link.company_id._cchc_local_date(
                now
            ):
                raise UserError(
                    self.env._(
                        "A stand-in is named for today or later, not for "
                        "%(date)s: what was done in the past is not covered.",
                        date=fields.Date.to_string(link.date_from),
                    )
                )
        return links

    def write(self, vals):
        if is_unlocked(self.env):
            return super().write(vals)
        if vals.keys() & {"revoked_at", "revoked_by_id"}:
            raise UserError(self.env._("Use the Revoke button to end a stand-in."))
        protected = {"user_id", "substitute_id", "date_from", "scope", "company_id"}
        now = fields.Datetime.now()
        for link in self:
            today = link.company_id._cchc_local_date(now)
            if link.state != "to_come" and vals.keys() & protected:
                raise UserError(
                    self.env._(
                        "The stand-in of %(absent)s has begun: only its last day can "
                        "still change, or revoke it and name another one.",
                        absent=link.user_id.name,
                    )
                )
            if "date_to" in vals and link.state in ("ended", "revoked"):
                raise UserError(
                    self.env._(
                        "The stand-in of %(absent)s is over; name a new one.",
                        absent=link.user_id.name,
                    )
                )
            new_days = [
                fields.Date.to_date(vals[name])
                for name in ("date_from", "date_to")
                if vals.get(name)
            ]
            if new_days and min(new_days) < today:
                raise UserError(self.env._("A stand-in cannot be moved into the past."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_to_come(self):
        for link in self:
            if link.state != "to_come":
                raise UserError(
                    self.env._(
                        "The stand-in of %(absent)s has begun and stays on record; "
                        "revoke it instead.",
                        absent=link.user_id.name,
                    )
                )

    def action_revoke(self):
        """End these stand-ins at once; what was done under them keeps its names."""
        self.check_access("write")
        for link in self:
            if link.state not in ("to_come", "active"):
                raise UserError(
                    self.env._(
                        "The stand-in of %(absent)s is already over.",
                        absent=link.user_id.name,
                    )
                )
        unlocked(self).write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )

    # -- who acts for whom
    def _is_active_at(self, at):
        """Return whether this stand-in holds at the UTC moment ``at``."""
        self.ensure_one()
        day = self.company_id._cchc_local_date(at)
        return self.date_from <= day <= self.date_to and (
            not self.revoked_at or self.revoked_at > at
        )

    @api.model
    def _active_links(self, field, persons, at, scope):
        """Return the stand-ins that hold at ``at`` with one of ``persons`` in
        ``field``; one query."""
        if not persons:
            return self.browse()
        day = at.date()
        links = self.sudo().search(
            [
                (field, "in", persons.ids),
                ("date_from", "<=", day + timedelta(days=1)),
                ("date_to", ">=", day - timedelta(days=1)),
                ("scope", "in", SCOPES_FOR[scope]),
                "|",
                ("revoked_at", "=", False),
                ("revoked_at", ">", at),
            ]
        )
        return links.filtered(lambda link: link._is_active_at(at))

    @api.model
    def _acting_links(self, user, at, scope):
        """Return ``{(agency, absent user): stand-in record}`` for whom ``user`` acts.

        Follows chains: who stands in for an absent stand-in acts for both. At most
        ``MAX_CHAIN`` queries, one when he stands in for nobody.

        :param scope: ``steps`` or ``signatures``
        :param at: naive UTC moment
        """
        result = {}
        frontier = {None: user}
        persons = user
        for _step in range(MAX_CHAIN):
            links = self._active_links("substitute_id", persons, at, scope)
            reached = defaultdict(self.env["res.users"].browse)
            for link in links:
                company, absent = link.company_id, link.user_id
                acts = frontier.get(None, user.browse()) | frontier.get(
                    company, user.browse()
                )
                if link.substitute_id not in acts or absent == user:
                    continue
                if (company, absent) not in result:
                    result[company, absent] = link
                    reached[company] |= absent
            if not reached:
                break
            frontier = reached
            persons = user.browse().union(*reached.values())
        return result

    @api.model
    def _acting_by_company(self, user, at, scope):
        """Return ``{agency: absent users}`` for whom ``user`` acts."""
        result = defaultdict(self.env["res.users"].browse)
        for company, absent in self._acting_links(user, at, scope):
            result[company] |= absent
        return dict(result)

    @api.model
    def _acting_for(self, user, at, scope, company=None):
        """Return the absent users for whom ``user`` may act.

        :param company: agency of the work; any agency by default
        """
        absent = [
            person
            for (agency, person) in self._acting_links(user, at, scope)
            if not company or agency == company
        ]
        return self.env["res.users"].union(*absent)

    @api.model
    def _acting_link(self, user, holders, at, scope, company=None):
        """Return the stand-in record by which ``user`` may do the work of one of
        ``holders``, empty when there is none. ``link`` names the last person of the
        chain; see :meth:`_acting_links` for the absent holder."""
        for (agency, absent), link in self._acting_links(user, at, scope).items():
            if absent in holders and (not company or agency == company):
                return link
        return self.browse()

    @api.model
    def _substitutes(self, users, at, scope, company=None):
        """Return ``{user: who gets his work now}`` for those of ``users`` who are
        away with a stand-in; several agencies may give several persons.

        At most ``MAX_CHAIN`` + 1 queries for any number of users.
        """
        next_of = {}
        persons, seen = users, users
        for _step in range(MAX_CHAIN + 1):
            links = self._active_links("user_id", persons, at, scope)
            for link in links:
                if not company or link.company_id == company:
                    next_of[link.company_id, link.user_id] = link.substitute_id
            persons = links.substitute_id - seen
            if not persons:
                break
            seen |= persons
        result = {}
        for agency, user in list(next_of):
            if user not in users:
                continue
            person = user
            for _step in range(MAX_CHAIN + 1):
                person = next_of.get((agency, person), person)
            result[user] = result.get(user, self.env["res.users"]) | person
        return result

    @api.model
    def _companies_away(self, user, at, scope):
        """Return the agencies in which somebody stands in for ``user`` now."""
        return self._active_links("user_id", user, at, scope).company_id

    @api.model
    def _present_stand_ins(self, at, scope, users):
        """Return pairs ``(absent person, one of users)`` of who really does whose work
        at ``at``: the last of each chain."""
        day = at.date()
        absent = (
            self.sudo()
            .search(
                [
                    ("date_from", "<=", day + timedelta(days=1)),
                    ("date_to", ">=", day - timedelta(days=1)),
                    ("scope", "in", SCOPES_FOR[scope]),
                ]
            )
            .user_id
        )
        return [
            (person, user)
            for person, stand_ins in self._substitutes(absent, at, scope).items()
            for user in stand_ins & users
        ]
