from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

#: What the office enters itself; the rest is kept by the buttons.
_OPEN = frozenset({"place", "note", "evidence_ids", "due_on"})
SUBJECTS = [
    ("declaration", "Declaration"),
    ("policy", "Quality Policy"),
    ("objectives", "Quality Objectives"),
]


class CchcIsoPosting(models.Model):
    """Where the declaration, the policy and the objectives are posted, from when.

    They are displayed publicly at the seat of the agency (niêm yết công khai); a photo
    or the address of the page proves it.
    """

    _name = "cchc.iso.posting"
    _description = "Posting Sheet Line"
    _order = "declaration_id desc, subject, id"
    _rec_name = "subject"

    declaration_id = fields.Many2one(
        "cchc.iso.declaration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="declaration_id.company_id", store=True, index=True
    )
    subject = fields.Selection(SUBJECTS, "What", required=True)
    place = fields.Char(
        "Posted at", help="Where: board at the desk, screen, web page, hamlet house"
    )
    due_on = fields.Date("Due by", required=True)
    posted_on = fields.Date("From", readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    removed_on = fields.Date("Until", readonly=True, copy=False)
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "cchc_iso_posting_evidence_rel",
        "posting_id",
        "attachment_id",
        "Photo or File",
    )
    has_evidence = fields.Boolean(compute="_compute_has_evidence")
    note = fields.Char()
    state = fields.Selection(
        [
            ("todo", "To Do"),
            ("late", "Late"),
            ("posted", "Posted"),
            ("removed", "Taken Down"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _open_idx = models.Index("(company_id, due_on) WHERE posted_on IS NULL")

    @api.depends("evidence_ids")
    def _compute_has_evidence(self):
        for posting in self:
            posting.has_evidence = bool(posting.evidence_ids)

    @api.depends("posted_on", "removed_on", "due_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for posting in self:
            if posting.removed_on:
                posting.state = "removed"
            elif posting.posted_on:
                posting.state = "posted"
            else:
                late = posting.due_on and posting.due_on < today
                posting.state = "late" if late else "todo"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        removed = Domain("removed_on", "!=", False)
        is_open = Domain("posted_on", "=", False) & ~removed
        domains = {
            "removed": removed,
            "posted": Domain("posted_on", "!=", False) & ~removed,
            "late": is_open & Domain("due_on", "<", today),
            "todo": is_open & Domain("due_on", ">=", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("subject", "place")
    def _compute_display_name(self):
        labels = dict(self._fields["subject"]._description_selection(self.env))
        for posting in self:
            posting.display_name = " - ".join(
                filter(None, [labels.get(posting.subject), posting.place])
            )

    def write(self, vals):
        if set(vals) - _OPEN and not is_unlocked(self.env):
            raise UserError(
                self.env._("Note a posting with its buttons; the rest is fixed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(posting.posted_on for posting in self):
            raise UserError(
                self.env._("What was posted stays on the sheet: take it down instead.")
            )

    def _today(self):
        """Return the present day in the agency."""
        return self.company_id._cchc_local_date(replay.now(self.env))

    def action_post(self):
        """Note that it hangs there from today."""
        self.check_access("write")
        for posting in self:
            if posting.posted_on:
                continue
            if not posting.place:
                raise UserError(self.env._("Say first where it is posted."))
            unlocked(posting).write(
                {
                    "posted_on": posting._today(),
                    "posted_by_id": self.env.uid,
                }
            )

    def action_remove(self):
        """Note that it was taken down today."""
        self.check_access("write")
        for posting in self:
            if not posting.posted_on:
                raise UserError(self.env._("It was not posted yet."))
            if not posting.removed_on:
                unlocked(posting).write({"removed_on": posting._today()})

    @api.model
    def _prepare_for(self, declaration):
        """Enter what is posted after a declaration, where it hung before."""
        places = {}
        for posting in declaration.replaces_id.sudo().posting_ids:
            if posting.posted_on and not posting.removed_on:
                places.setdefault(posting.subject, []).append(posting.place)
        due_on = fields.Date.add(
            declaration.decided_on, days=declaration.system_id.posting_days
        )
        self.sudo().create(
            [
                {
                    "declaration_id": declaration.id,
                    "subject": subject,
                    "place": place,
                    "due_on": due_on,
                }
                for subject, _label in SUBJECTS
                for place in places.get(subject) or [False]
            ]
        )
