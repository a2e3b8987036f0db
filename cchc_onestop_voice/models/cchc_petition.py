from datetime import UTC

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import aware, naive
from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked

from ..tools.petition_moves import CLOSED, DUE_FIELD, OPEN

#: Personal data: who handles petitions, leaders who sign the answer, and the desk of
#: what it entered itself.
SENDER_GROUPS = (
    "cchc_onestop_voice.group_petition,cchc_onestop.group_leader,"
    "cchc_onestop.group_desk"
)
STATES = [
    ("received", "Received"),
    ("processing", "In Process"),
    ("waiting", "Waits for the Sender"),
    ("answered", "Answered"),
    ("published", "Published"),
    ("kept", "Not Published"),
    ("refused", "Returned"),
    ("transferred", "Transferred"),
]
#: What the officer changes while the petition is open.
_OFFICER = frozenset(
    {
        "subject",
        "subject_kind",
        "dossier_id",
        "procedure_id",
        "concerned_agency",
        "concerned_user_ids",
        "department_id",
        "is_repeat",
        "repeat_of_id",
        "portal_number",
        "upheld",
        "answer",
        "answer_number",
        "sender_name",
        "sender_kind",
        "sender_phone",
        "sender_email",
        "sender_address",
        "attachment_ids",
    }
)
#: What the person to whom it is assigned changes.
_HANDLER = frozenset({"answer", "upheld", "attachment_ids"})
#: What the officer still changes once it is answered.
_AFTERWARDS = frozenset(
    {"answer_number", "public_subject", "public_content", "public_answer"}
)
_CHATTER = ("message_", "activity_", "website_message_", "review_ids")


class CchcPetition(models.Model):
    """Phản ánh, kiến nghị on administrative regulations and behaviour.

    NĐ 20/2008/NĐ-CP, NĐ 92/2017/NĐ-CP, NĐ 118/2025/NĐ-CP Đ.9. Complaints and
    denunciations are another regime: they are transferred, saying where to. What the
    citizen wrote is never changed; whom it is about does not see it.
    """

    _name = "cchc.petition"
    _description = "Petition"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "received_at desc, id desc"
    _state_from = ["processing"]
    _state_to = ["answered"]
    _cancel_state = "transferred"
    _cchc_approval_required = True

    name = fields.Char("Code", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        "Agency",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="received",
        copy=False,
        index=True,
        group_expand=True,
    )
    source = fields.Selection(
        [
            ("paper", "Letter, at the Desk"),
            ("phone", "Telephone"),
            ("online", "Page of the Agency"),
            ("portal", "National Portal"),
        ],
        required=True,
        default="paper",
    )
    portal_number = fields.Char("Number on the Portal")
    received_at = fields.Datetime(
        "Received on", required=True, default=fields.Datetime.now, index=True
    )
    subject = fields.Char(required=True)
    subject_kind = fields.Selection(
        [
            ("regulation", "Administrative regulation"),
            ("attitude", "Behaviour: attitude"),
            ("harassment", "Behaviour: harassment"),
            ("delay", "Behaviour: delay"),
            ("behaviour", "Behaviour: other"),
        ],
        "Kind",
        required=True,
        default="behaviour",
    )
    is_behaviour = fields.Boolean(
        compute="_compute_is_behaviour", store=True, precompute=True
    )
    content = fields.Text(required=True, help="In the words of the sender")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", bypass_search_access=True, copy=False
    )

    # -- the sender
    sender_kind = fields.Selection(
        [
            ("person", "Person"),
            ("organisation", "Organisation"),
            ("anonymous", "Anonymous"),
        ],
        "Sent by",
        required=True,
        default="person",
    )
    sender_name = fields.Char(groups=SENDER_GROUPS)
    sender_phone = fields.Char(groups=SENDER_GROUPS)
    sender_email = fields.Char(groups=SENDER_GROUPS)
    sender_address = fields.Char(groups=SENDER_GROUPS)
    secret_digest = fields.Char(readonly=True, copy=False, groups="base.group_system")
    request_digest = fields.Char(readonly=True, copy=False, groups="base.group_system")

    # -- what it is about
    dossier_id = fields.Many2one("cchc.dossier", index="btree_not_null", copy=False)
    procedure_id = fields.Many2one(
        "cchc.procedure",
        compute="_compute_procedure_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    sector_id = fields.Many2one(related="procedure_id.sector_id", store=True)
    concerned_agency = fields.Char(
        "Agency Concerned", help="Whose regulation or behaviour it is about"
    )
    concerned_user_ids = fields.Many2many(
        "res.users",
        string="Persons Concerned",
        domain="[('share', '=', False)]",
        help="They neither see nor handle the petition",
    )
    is_repeat = fields.Boolean(
        "Repeated", help="The sender was not satisfied with an earlier answer"
    )
    repeat_of_id = fields.Many2one(
        "cchc.petition", "Repeats", domain="[('id', '!=', id)]", copy=False
    )

    # -- who handles it
    department_id = fields.Many2one("hr.department")
    user_id = fields.Many2one(
        "res.users", "Handled by", readonly=True, copy=False, index=True
    )
    answer = fields.Text(copy=False)
    answer_number = fields.Char("Number of the Answer", copy=False)
    upheld = fields.Selection(
        [
            ("upheld", "Upheld"),
            ("partly", "Partly upheld"),
            ("unfounded", "Found untrue"),
        ],
        copy=False,
        help="What the examination found",
    )
    approved_by_id = fields.Many2one(
        "res.users", "Answer Approved by", readonly=True, copy=False
    )
    result = fields.Selection(
        [
            ("answered", "Answered"),
            ("refused", "Returned"),
            ("transferred", "Transferred"),
        ],
        readonly=True,
        copy=False,
    )
    result_text = fields.Text("Reason, Where to", readonly=True, copy=False)
    regime = fields.Selection(
        [
            ("petition", "Petition of another agency"),
            ("complaint", "Complaint (khiếu nại)"),
            ("denunciation", "Denunciation (tố cáo)"),
        ],
        "Transferred As",
        readonly=True,
        copy=False,
    )
    transferred_to = fields.Char(readonly=True, copy=False)
    satisfied = fields.Selection(
        [("satisfied", "Satisfied"), ("dissatisfied", "Dissatisfied")],
        "Sender Is",
        readonly=True,
        copy=False,
    )

    # -- times
    decide_due_at = fields.Datetime("Accept or Return by", readonly=True, copy=False)
    supplement_due_at = fields.Datetime("Ask for More by", readonly=True, copy=False)
    answer_due_at = fields.Datetime("Answer by", readonly=True, copy=False)
    publish_due_at = fields.Datetime("Publish by", readonly=True, copy=False)
    next_due_at = fields.Datetime("Due", readonly=True, copy=False, index=True)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    accepted_at = fields.Datetime("Accepted on", readonly=True, copy=False)
    answered_at = fields.Datetime("Answered on", readonly=True, copy=False)
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)
    late_at = fields.Datetime(
        "First Missed Date", readonly=True, copy=False, help="Never taken back"
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )

    # -- the public page
    public_subject = fields.Char(copy=False)
    public_content = fields.Text(
        copy=False,
        help="What was sent, without names, numbers and addresses of persons",
    )
    public_answer = fields.Text(copy=False, help="The answer without personal data")

    event_ids = fields.One2many("cchc.petition.event", "petition_id", readonly=True)
    is_mine = fields.Boolean(compute="_compute_is_mine")
    is_officer = fields.Boolean(compute="_compute_may_edit")
    may_edit = fields.Boolean(compute="_compute_may_edit")

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "This code has been given already."
    )
    _request_uniq = models.UniqueIndex(
        "(request_digest) WHERE request_digest IS NOT NULL",
        "This petition has been sent already.",
    )
    _due_idx = models.Index("(next_due_at) WHERE next_due_at IS NOT NULL")
    _sender_named = models.Constraint(
        "CHECK (sender_kind = 'anonymous' OR sender_name IS NOT NULL)",
        "Name the sender, or mark the petition as anonymous.",
    )

    @api.depends("subject_kind")
    def _compute_is_behaviour(self):
        for petition in self:
            petition.is_behaviour = petition.subject_kind != "regulation"

    @api.depends("dossier_id")
    def _compute_procedure_id(self):
        for petition in self:
            petition.procedure_id = (
                petition.dossier_id.sudo().procedure_id or petition.procedure_id
            )

    @api.depends("late_at", "next_due_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for petition in self:
            petition.is_late = bool(
                petition.late_at
                or (petition.next_due_at and petition.next_due_at < now)
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("late_at", "!=", False) | Domain(
            "next_due_at", "<", fields.Datetime.now()
        )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        officer = self._is_officer()
        for petition in self:
            petition.is_mine = officer or petition.user_id == self.env.user

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_edit(self):
        officer = self._is_officer()
        for petition in self:
            petition.is_officer = officer
            petition.may_edit = not petition._origin or (
                officer and petition.state in OPEN
            )

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for petition in self:
            petition.display_name = petition.name or self.env._("New petition")

    @api.constrains("received_at")
    def _check_received_at(self):
        now = fields.Datetime.now()
        for petition in self:
            if petition.received_at > now:
                raise ValidationError(
                    self.env._("The petition is received in the future.")
                )

    @api.constrains("dossier_id", "company_id")
    def _check_dossier(self):
        for petition in self.sudo():
            dossier = petition.dossier_id
            if dossier and dossier.company_id != petition.company_id:
                raise ValidationError(
                    self.env._(
                        "%(dossier)s is a dossier of another agency.",
                        dossier=dossier.display_name,
                    )
                )

    @api.constrains("user_id", "concerned_user_ids")
    def _check_not_concerned(self):
        for petition in self.sudo():
            if petition.user_id in petition.concerned_user_ids:
                raise ValidationError(
                    self.env._(
                        "%s is whom the petition is about and does not handle it.",
                        petition.user_id.name,
                    )
                )

    # -- guards
    def _is_officer(self):
        return self.env.su or self.env.user.has_group(
            "cchc_onestop_voice.group_petition"
        )

    @api.model
    def _cchc_guarded_states(self):
        return super()._cchc_guarded_states() - {"received"} | {"processing"}

    @api.model
    def _kept_names(self):
        """Return the fields that only the moves write."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly
            and field.store
            and not field.compute
            and not field.related
            and not name.startswith(_CHATTER)
        } - set(models.MAGIC_COLUMNS)

    @api.model_create_multi
    def create(self, vals_list):
        kept = self._kept_names() - {"state"}
        if not is_unlocked(self.env):
            for vals in vals_list:
                if kept.intersection(name for name in vals if vals[name]):
                    raise AccessError(
                        self.env._("Codes, dates and results are kept by the system.")
                    )
        petitions = super().create(vals_list)
        petitions._take_in()
        return petitions

    def write(self, vals):
        if not is_unlocked(self.env):
            names = {name for name in vals if not name.startswith(_CHATTER)}
            self._check_writable(names)
        return super().write(vals)

    def _check_writable(self, names):
        """Refuse what the person may not change in the present state."""
        officer = self._is_officer()
        for petition in self:
            if petition.state in OPEN:
                free = _OFFICER if officer else _HANDLER
            else:
                free = _AFTERWARDS if officer else frozenset()
                if petition.state == "published":
                    free = frozenset({"answer_number"}) if officer else free
            if names - free:
                raise UserError(
                    self.env._(
                        "%(petition)s: “%(field)s” is not changed any more, or not by "
                        "you. What the sender wrote stays as it was sent.",
                        petition=petition.display_name,
                        field=self._fields[min(names - free)]._description_string(
                            self.env
                        ),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A petition is never deleted."))

    # -- registration
    def _take_in(self):
        """Give codes and due dates, and begin the log."""
        for petition in self.sudo():
            company = petition.company_id
            day = company._cchc_local_date(petition.received_at)
            prefix = company._cchc_voice_slug()
            [code] = self.env["cchc.number"].take(
                f"petition/{company.id}",
                str(day.year),
                lambda number, prefix=prefix, day=day: (
                    f"PA-{prefix}-{day.year}-{number:04d}"
                ),
            )
            dues = petition._first_dues()
            unlocked(petition).write(
                {"name": code, **dues, "next_due_at": dues["decide_due_at"]}
            )
        self._log("register")

    def _first_dues(self):
        self.ensure_one()
        terms = self._terms()
        return {
            "decide_due_at": self._due(terms.get("decide"), self.received_at),
            "supplement_due_at": self._due(terms.get("ask_more"), self.received_at),
            "answer_due_at": self._due(terms.get("answer"), self.received_at),
        }

    def _terms(self):
        day = self.company_id._cchc_local_date(self.received_at)
        return self.env["cchc.petition.term"]._on(day)

    def _working_time(self):
        return self.company_id.sudo().resource_calendar_id._cchc_working_time()

    def _due(self, term, start):
        """Return when a term that begins at ``start`` ends; naive UTC."""
        if not term:
            return False
        return naive(self._working_time().add(aware(start), term.amount, term.unit))

    # -- log
    def _log(self, move, text=False, before=None, late=None):
        """Append one line per petition to the log.

        :param dict before: ``{petition id: state}``
        :param late: petitions whose due date had passed
        """
        unlocked(self.env["cchc.petition.event"].sudo()).create(
            [
                {
                    "petition_id": petition.id,
                    "at": replay.now(self.env),
                    "move": move,
                    "from_state": (before or {}).get(petition.id, False),
                    "to_state": petition.state,
                    "text": text or False,
                    "due_at": petition.next_due_at,
                    "is_late": bool(late and petition in late),
                    "user_id": self.env.uid,
                }
                for petition in self.sudo()
            ]
        )

    def _due_field(self):
        return DUE_FIELD.get(self.state)

    def _is_closed(self):
        return self.state in CLOSED

    def _local(self, moment):
        """Return a stored moment by the clocks of the agency."""
        return moment and moment.replace(tzinfo=UTC).astimezone(
            self.company_id._cchc_tz()
        )
