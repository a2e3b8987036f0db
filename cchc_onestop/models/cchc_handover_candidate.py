from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.guard import is_unlocked


class CchcHandoverCandidate(models.Model):
    """Somebody who could take work of a hand-over, with what is on his hands."""

    _name = "cchc.handover.candidate"
    _description = "Who Could Take Work"
    _order = "handover_id, is_away, same_department desc, open_count, id"
    _rec_name = "user_id"

    handover_id = fields.Many2one(
        "cchc.handover", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, string="Person")
    department_id = fields.Many2one("hr.department")
    post = fields.Char()
    same_department = fields.Boolean()
    is_away = fields.Boolean(string="Away")
    open_count = fields.Integer(string="Open")
    overdue_count = fields.Integer(string="Overdue")
    due_count = fields.Integer(
        string="Due Meanwhile", help="Own dossiers that fall due on these days"
    )
    given_count = fields.Integer(string="Given Here", compute="_compute_given_count")

    @api.depends("user_id", "handover_id.line_ids.taker_id")
    def _compute_given_count(self):
        for row in self:
            row.given_count = len(
                row.handover_id.line_ids.filtered(
                    lambda line, user=row.user_id: line.taker_id == user
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("People are listed by “List Open Work”, not by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._("People are listed by “List Open Work”, not by hand.")
            )
        return super().write(vals)

    @api.model
    def _rows_for(self, handover):
        """Return the values of a row for each person who can take steps."""
        people = (
            self.env["res.users"]
            .sudo()
            .search(
                handover._workers_domain(handover.company_id)
                & Domain("id", "!=", handover.user_id.id)
            )
        )
        posts = people.with_company(handover.company_id)._cchc_posts()
        mine = handover.user_id.sudo().with_company(handover.company_id)
        department = mine.employee_id.department_id
        load = self._load(people, handover)
        away = handover._away(people)
        rows = []
        for person in people:
            open_count, overdue, due = load.get(person.id, (0, 0, 0))
            post = posts[person.id]
            rows.append(
                {
                    "user_id": person.id,
                    "department_id": post.department_id,
                    "post": post.title,
                    "same_department": bool(
                        department and post.department_id == department.id
                    ),
                    "is_away": person in away,
                    "open_count": open_count,
                    "overdue_count": overdue,
                    "due_count": due,
                }
            )
        return rows

    @api.model
    def _load(self, people, handover):
        """Return ``{user id: (open, overdue, due on these days)}``; one statement."""
        zone = handover.company_id._cchc_tz()
        first, last = (
            datetime.combine(day, time.min, tzinfo=zone)
            .astimezone(timezone.utc)
            .replace(tzinfo=None)
            for day in (handover.date_from, handover._last_day() + timedelta(days=1))
        )
        self.env["cchc.dossier"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT user_id, count(*),
                       count(*) FILTER (WHERE overdue_from < %(now)s),
                       count(*) FILTER (WHERE due_at >= %(first)s AND due_at < %(last)s)
                  FROM cchc_dossier
                 WHERE user_id = ANY(%(people)s) AND is_open IS TRUE
              GROUP BY user_id
                """,
                now=fields.Datetime.now(),
                first=first,
                last=last,
                people=list(people.ids),
            )
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    def action_give_all(self):
        """Give every step of the hand-over to this person."""
        self.ensure_one()
        return self._give(self.handover_id.line_ids)

    def action_give_rest(self):
        """Give the steps that nobody takes yet to this person."""
        self.ensure_one()
        return self._give(
            self.handover_id.line_ids.filtered(lambda line: not line.taker_id)
        )

    def _give(self, lines):
        self.handover_id.check_access("write")
        steps = lines.filtered("step_id")
        if self.handover_id.state != "draft":
            raise UserError(self.env._("This work has been handed over already."))
        steps.write({"taker_id": self.user_id.id})
        return True
