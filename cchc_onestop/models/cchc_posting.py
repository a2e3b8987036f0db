from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import replay
from ..tools.guard import is_unlocked, unlocked

#: What the desk enters itself; the rest follows from the decision or from the tick.
_OPEN = frozenset({"place", "note"})


class CchcPosting(models.Model):
    """What a desk posts anew or takes down after a decision (niêm yết lại).

    NĐ 63/2010 Đ.17: procedures are posted, on paper or electronically, wherever
    dossiers are received.
    """

    _name = "cchc.posting"
    _description = "Posting at the Desk"
    _order = "due_on desc, decision_id desc, action, sector_id, id"

    line_id = fields.Many2one(
        "cchc.publication.line", required=True, index=True, ondelete="cascade"
    )
    decision_id = fields.Many2one(
        "cchc.publication.decision", required=True, index=True, ondelete="cascade"
    )
    procedure_id = fields.Many2one("cchc.procedure", required=True, index=True)
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", store=True
    )
    change = fields.Selection(related="line_id.change", store=True)
    company_id = fields.Many2one("res.company", "Agency", required=True, index=True)
    action = fields.Selection(
        [("post", "Post Anew"), ("remove", "Take Down")], "To Do", required=True
    )
    due_on = fields.Date("Due by", required=True)
    place = fields.Char(
        "Posted at", help="Where: board at the desk, screen, web page, hamlet house"
    )
    done_at = fields.Datetime("Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False)
    state = fields.Selection(
        [("todo", "To Do"), ("late", "Late"), ("done", "Done")],
        compute="_compute_state",
        search="_search_state",
    )
    note = fields.Char()

    _open_idx = models.Index("(company_id, due_on) WHERE done_at IS NULL")
    _line_uniq = models.UniqueIndex(
        "(line_id, company_id)", "A desk posts a procedure of a decision once."
    )

    @api.depends("procedure_id.display_name", "action")
    def _compute_display_name(self):
        for posting in self:
            posting.display_name = posting.procedure_id.display_name

    @api.depends("done_at", "due_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for posting in self:
            if posting.done_at:
                posting.state = "done"
            else:
                posting.state = "late" if posting.due_on < today else "todo"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        is_open = Domain("done_at", "=", False)
        domains = {
            "done": ~is_open,
            "late": is_open & Domain("due_on", "<", today),
            "todo": is_open & Domain("due_on", ">=", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "The posting list follows from the decision that is applied."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - _OPEN and not is_unlocked(self.env):
            raise UserError(
                self.env._("Tick off the posting with its button; the rest is fixed.")
            )
        return super().write(vals)

    def action_done(self):
        """Note that it is posted or taken down: who and when."""
        self.check_access("write")
        todo = self.filtered(lambda posting: not posting.done_at)
        unlocked(todo).write(
            {"done_at": replay.now(self.env), "done_by_id": self.env.uid}
        )

    def action_undo(self):
        """Take the tick back."""
        self.check_access("write")
        unlocked(self).write({"done_at": False, "done_by_id": False})
