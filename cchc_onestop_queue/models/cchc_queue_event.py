from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("taken", "Taken"),
    ("called", "Called to a Counter"),
    ("recalled", "Called Again"),
    ("started", "Serving Began"),
    ("done", "Done"),
    ("no_show", "Nobody Came"),
    ("passed", "Passed On"),
    ("back", "Back in the Line"),
    ("dossier", "Dossier Received"),
    ("cancelled", "Cancelled"),
    ("unserved", "Ended at the Close of the Day"),
]


class CchcQueueEvent(models.Model):
    """What happened to a ticket, and when: nobody rewrites or deletes it."""

    _name = "cchc.queue.event"
    _description = "Event of a Ticket"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id"
    _log_access = False
    _guarded_kept = True

    ticket_id = fields.Many2one(
        "cchc.queue.ticket", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", "Agency", required=True, readonly=True)
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Who", readonly=True)
    counter_id = fields.Many2one("cchc.counter", readonly=True)
    note = fields.Char(readonly=True)

    @api.depends("kind", "ticket_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.ticket_id.name}: {kinds.get(event.kind)}"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("What happened to a ticket cannot be rewritten."))
