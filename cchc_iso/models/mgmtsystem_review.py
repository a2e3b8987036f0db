import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.cchc_onestop.models.cchc_statistic import midnight
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools.objective import Scope
from .cchc_iso_review_input import INPUTS
from .mgmtsystem_nonconformity import FREE_PREFIXES

#: Days before the meeting by which the notice goes out.
NOTICE_DAYS = 7
#: What the methods of the life alone write.
_LIFE_FIELDS = frozenset({"closed_at", "closed_by_id", "notice_sent_at", "state"})


class MgmtsystemReview(models.Model):
    """Management review (xem xét của lãnh đạo, TCVN ISO 9001 9.3).

    A review of a system with an edition begins with its inputs measured: each figure
    with its source, what was asked and when, so that it can be asked again. Decisions
    become actions; the next review begins with what became of them. A closed review is
    locked. Plain reviews of an office go on as OCA made them.
    """

    _inherit = "mgmtsystem.review"
    _order = "date desc, id desc"

    edition_id = fields.Many2one(
        "cchc.iso.edition",
        compute="_compute_edition_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    period_from = fields.Date("Period from", help="First day of what is reviewed")
    period_to = fields.Date("Period to")
    chair_id = fields.Many2one(
        "res.users", "Chaired by", domain="[('share', '=', False)]", tracking=True
    )
    secretary_id = fields.Many2one(
        "res.users", "Minutes by", domain="[('share', '=', False)]"
    )
    place = fields.Char("Room")
    guests = fields.Char("Others Present", help="Who holds no user of this system")
    absent = fields.Char(help="Name and reason")
    notice_number = fields.Char("Number of the Notice", help="E.g. 15/TB-UBND")
    notice_sent_at = fields.Datetime("Notice Sent", readonly=True, copy=False)
    short_notice = fields.Boolean(compute="_compute_short_notice")
    minutes = fields.Html(help="What was said, in order of the inputs")
    input_ids = fields.One2many("cchc.iso.review.input", "review_id", "Review Inputs")
    figure_ids = fields.One2many(
        "cchc.iso.review.figure", "review_id", "Figures", readonly=True
    )
    previous_id = fields.Many2one(
        "mgmtsystem.review", "Review before", compute="_compute_previous_id"
    )
    previous_action_ids = fields.Many2many(
        "mgmtsystem.action",
        compute="_compute_previous_id",
        string="Actions of Earlier Reviews",
    )
    action_count = fields.Integer(compute="_compute_action_count")
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    # -- computed
    @api.depends("system_id")
    def _compute_edition_id(self):
        for review in self:
            review.edition_id = review.system_id.sudo().edition_id

    @api.depends("date", "notice_sent_at")
    def _compute_short_notice(self):
        now = fields.Datetime.now()
        for review in self:
            sent = review.notice_sent_at or now
            review.short_notice = bool(
                review.edition_id
                and review.date
                and review.state == "open"
                and sent > review.date - timedelta(days=NOTICE_DAYS)
            )

    @api.depends("date", "system_id", "company_id")
    def _compute_previous_id(self):
        for review in self:
            earlier = review._earlier()
            review.previous_id = earlier[:1]
            review.previous_action_ids = earlier.line_ids.action_id

    def _earlier(self):
        """Return the closed reviews of the system before this one, the last first."""
        self.ensure_one()
        if not (self.edition_id and self.date):
            return self.browse()
        return self.sudo().search(
            [
                ("system_id", "=", self.system_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("date", "<", self.date),
            ],
            order="date desc",
        )

    @api.depends("line_ids.action_id")
    def _compute_action_count(self):
        for review in self:
            review.action_count = len(review.line_ids.action_id)

    @api.model
    def default_get(self, fields_list):
        """A form of our own menu begins with the system, the year and its people."""
        values = super().default_get(fields_list)
        if self.env.context.get("cchc_iso"):
            system = self.env["mgmtsystem.system"]._cchc_for()
            today = fields.Date.context_today(self)
            values |= {
                "name": self.env._("Management review %s", today.year),
                "system_id": system.id,
                "period_from": today.replace(month=1, day=1),
                "period_to": today,
                "chair_id": system.head_id.id,
                "secretary_id": (system.secretary_id or self.env.user).id,
                "user_ids": [fields.Command.set(system.member_ids.user_id.ids)],
            }
        return values

    # -- locks
    @api.constrains("period_from", "period_to")
    def _check_period(self):
        for review in self:
            if (
                review.period_from
                and review.period_to
                and review.period_to < review.period_from
            ):
                raise ValidationError(
                    self.env._("The period of “%s” ends before it begins.", review.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        kept = [vals.get("reference") for vals in vals_list]
        if not is_unlocked(self.env):
            for vals in vals_list:
                system = self.env["mgmtsystem.system"].browse(vals.get("system_id"))
                if system.sudo().edition_id and vals.get("state", "open") != "open":
                    raise UserError(
                        self.env._("A review begins open; close it when it was held.")
                    )
        reviews = super().create([dict(vals) for vals in vals_list])
        for review, reference in zip(reviews, kept, strict=True):
            if reference and reference != "NEW":
                unlocked(review).write({"reference": reference})
        for review in reviews.filtered("edition_id"):
            unlocked(self.env["cchc.iso.review.input"].sudo()).create(
                [{"review_id": review.id, "key": key} for key in INPUTS]
            )
        return reviews

    def write(self, vals):
        names = {name for name in vals if not name.startswith(FREE_PREFIXES)}
        if names and not is_unlocked(self.env):
            for review in self.filtered("edition_id"):
                review._check_open()
                if names & _LIFE_FIELDS:
                    raise UserError(
                        self.env._("Close a management review by its button.")
                    )
        return super().write(vals)

    def _check_open(self):
        """Raise when the review is closed: nothing of it changes any more."""
        for review in self:
            if review.edition_id and review.state == "done":
                raise UserError(
                    self.env._(
                        "“%s” is closed and locked; what comes later belongs into the "
                        "next review.",
                        review.name,
                    )
                )

    # -- inputs
    def _scope(self):
        """Return what the figures of this review are counted on."""
        self.ensure_one()
        if not (self.period_from and self.period_to):
            raise UserError(
                self.env._("Give the period that “%s” looks at first.", self.name)
            )
        zone = self.company_id._cchc_tz()
        return Scope(
            company_id=self.company_id.id,
            date_from=self.period_from,
            date_to=self.period_to,
            start=midnight(self.period_from, zone),
            end=midnight(self.period_to + timedelta(days=1), zone),
            zone=str(zone),
        )

    def _figure_lang(self):
        """Return the language in which the figures of this review are written."""
        first = self.sudo().figure_ids[:1]
        asked = json.loads(first.parameters) if first else {}
        return asked.get("lang") or self.env.lang or self.env.user.lang or "vi_VN"

    def action_compare(self):
        """Measure once more beside the figures of the review, which stay as they are.

        Shows of each figure what the review saw and what comes out today.
        """
        self.ensure_one()
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"cchc_iso.group_{name}")
            for name in ("officer", "leader", "auditor", "manager")
        ):
            raise AccessError(
                self.env._(
                    "The ISO secretary, a leader or an auditor measures the figures of "
                    "a review again."
                )
            )
        if not self.figure_ids:
            raise UserError(
                self.env._("“%s” has no figures yet: measure its inputs.", self.name)
            )
        compare = self.env["cchc.iso.review.compare"]._of(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Figures Then and Now"),
            "res_model": compare._name,
            "res_id": compare.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_measure(self):
        """Measure every input; what differs from before becomes a new row."""
        self.ensure_one()
        self._check_may_prepare()
        self._check_open()
        changed = self.input_ids.sudo()._measure()
        if not changed:
            text, kind = self.env._("Nothing has changed since."), "success"
        else:
            text = self.env._("%s figures are new or differ.", len(changed))
            kind = "info"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": kind,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_may_prepare(self):
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"cchc_iso.group_{name}")
            for name in ("officer", "leader", "manager")
        ):
            raise AccessError(
                self.env._("The ISO secretary or a leader prepares a review.")
            )

    # -- notice, decisions, end
    def action_send_notice(self):
        """Tell the participants of the meeting (thông báo, one week before)."""
        self.ensure_one()
        self._check_may_prepare()
        self._check_open()
        if not self.user_ids:
            raise UserError(self.env._("Name the participants of “%s”.", self.name))
        moment = self.company_id._cchc_local_time(self.date)
        self.message_post(
            body=self.env._(
                "Management review on %(moment)s, %(place)s. Please look at the "
                "inputs and prepare your part.",
                moment=f"{moment:%d/%m/%Y %H:%M}",
                place=self.place or self.company_id.name,
            ),
            subject=self.name,
            partner_ids=self.user_ids.partner_id.ids,
        )
        unlocked(self.sudo()).write({"notice_sent_at": fields.Datetime.now()})

    def action_new_action(self):
        """Decide one action: who, until when."""
        self.ensure_one()
        self._check_may_prepare()
        self._check_open()
        return self.env["cchc.iso.action.new"]._open(
            review_id=self.id, type_action="improvement"
        )

    def _cchc_decide_action(self, vals, output="improvement"):
        """Write down a decision and make its action; returns the line."""
        self.ensure_one()
        self._check_open()
        line = self.env["mgmtsystem.review.line"].create(
            {
                "review_id": self.id,
                "company_id": self.company_id.id,
                "name": vals["name"],
                "type": "action",
                "output": output,
                "user_id": vals["user_id"],
                "date_deadline": vals["date_deadline"],
                "decision": vals.get("description") or False,
            }
        )
        line._make_actions()
        return line

    def button_close(self):
        """Close the review: its figures, decisions and minutes stay as they are."""
        for review in self.filtered("edition_id"):
            review._check_open()
            review._check_may_close()
            review.line_ids._make_actions()
            super(MgmtsystemReview, unlocked(review.sudo())).button_close()
            unlocked(review.sudo()).write(
                {"closed_by_id": self.env.uid, "closed_at": fields.Datetime.now()}
            )
        plain = self.filtered(lambda review: not review.edition_id)
        return super(MgmtsystemReview, plain).button_close() if plain else True

    def _check_may_close(self):
        user = self.env.user
        if not (
            self.env.su
            or user == self.chair_id
            or user.has_group("cchc_iso.group_leader")
            or user.has_group("cchc_iso.group_manager")
        ):
            raise AccessError(
                self.env._("Who chairs the review or a leader closes “%s”.", self.name)
            )
        missing = self.input_ids.filtered(lambda row: not row.current_ids)
        for problem, sentence in (
            (
                self.date > fields.Datetime.now(),
                self.env._("“%s” was not held yet: its day lies ahead.", self.name),
            ),
            (
                bool(missing),
                self.env._(
                    "Input %s was not measured yet: press “Measure the Inputs”.",
                    missing[:1].display_name,
                ),
            ),
            (
                not self.conclusion,
                self.env._("Write the conclusion of “%s” first.", self.name),
            ),
            (
                not self.line_ids,
                self.env._(
                    "“%s” has no decision yet: a review ends with decisions on "
                    "improvement, changes or resources.",
                    self.name,
                ),
            ),
        ):
            if problem:
                raise UserError(sentence)

    def action_open_actions(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Actions of the Review"),
            "res_model": "mgmtsystem.action",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.action_id.ids)],
        }
