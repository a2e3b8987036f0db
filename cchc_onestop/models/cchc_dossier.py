import secrets
from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..tools import guard, replay, rows
from ..tools.transitions import OPEN_STATES, STATE, STATES

_lt = LazyTranslate(__name__)

#: Alphabet of the look-up code: no letters and digits that people confuse.
_LOOKUP_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

CHANNELS = [
    ("counter", "At the counter"),
    ("online", "Online"),
    ("post", "By post"),
    ("kiosk", "At a kiosk"),
]

#: Columns that only sanctioned methods may set; see :meth:`CchcDossier.write`.
PROTECTED = frozenset(
    {
        "name",
        "state",
        "version_id",
        "process_id",
        "accepted_at",
        "clock_start_at",
        "first_due_at",
        "unextended_due_at",
        "due_at",
        "statutory_due_at",
        "overdue_from",
        "step_due_at",
        "late_at",
        "signed_at",
        "ended_at",
        "returned_at",
        "timeliness",
        "statutory_timeliness",
        "is_open",
        "deadline_rule_id",
        "statutory_rule_id",
        "committed_amount",
        "committed_unit",
        "statutory_amount",
        "statutory_unit",
        "calendar_id",
        "supplement_count",
        "supplement_expires_at",
        "extension_count",
        "current_step_id",
        "receiver_id",
        "lookup_code",
        "replaces_id",
        "replaced_by_id",
        "imported",
    }
)
#: Columns that stay open for the desk until acceptance and are closed afterwards.
FROZEN_AFTER_ACCEPTANCE = frozenset(
    {
        "company_id",
        "receiving_company_id",
        "procedure_id",
        "case_id",
        "channel",
        "submitted_at",
        "received_at",
        "partner_id",
        "applicant_name",
        "applicant_identity",
        "applicant_identity_type",
        "applicant_birth_date",
        "applicant_sex",
        "draft_token",
    }
)


#: Rows that are entered together with a draft.
_ROWS = ("document_ids", "fee_ids")


class CchcDossier(models.Model):
    """A dossier (hồ sơ) of an administrative procedure.

    It keeps the procedure version, the internal process, the deadline rule and the
    time limits in force when it was received. Its state and dates move only through
    the transition table (``tools/transitions.py``), and each move writes one line of
    the date ledger (``cchc.dossier.event``).
    """

    _name = "cchc.dossier"
    _description = "Dossier"
    _inherit = ["cchc.approval.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _rec_names_search = ["name", "applicant_name"]
    _state_from = ["to_sign"]
    _state_to = ["done", "rejected_result"]
    _cancel_state = "processing"

    # Identity ---------------------------------------------------------
    name = fields.Char(
        string="Dossier Code",
        index="trigram",
        readonly=True,
        copy=False,
        help="Given at acceptance, for the dossier's whole life, never used again",
    )
    draft_token = fields.Char(
        copy=False,
        readonly=True,
        default=lambda self: secrets.token_hex(12),
        help="Key of the reception screen: the same screen sent twice makes one draft",
    )
    lookup_code = fields.Char(
        copy=False,
        readonly=True,
        help="Second secret, printed on the receipt, for looking a dossier up",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Competent Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    receiving_company_id = fields.Many2one(
        "res.company",
        string="Receiving Agency",
        required=True,
        default=lambda self: self.env.company,
        help="Differs from the competent agency when the dossier was received "
        "regardless of administrative boundaries",
    )
    procedure_id = fields.Many2one(
        "cchc.procedure", required=True, ondelete="restrict", tracking=False
    )
    # A related field is tracked like what it is related to; the ledger does that here.
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", tracking=False
    )
    version_id = fields.Many2one(
        "cchc.procedure.version", readonly=True, ondelete="restrict", copy=False
    )
    process_id = fields.Many2one(
        "cchc.process", readonly=True, ondelete="restrict", copy=False
    )
    case_id = fields.Many2one("cchc.procedure.case", ondelete="restrict")
    channel = fields.Selection(CHANNELS, required=True, default="counter")
    state = fields.Selection(
        [(state.key, state.label) for state in STATES],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    is_open = fields.Boolean(
        readonly=True,
        copy=False,
        help="Accepted and not yet ended",
    )
    official_code = fields.Integer(
        compute="_compute_official_code",
        string="Portal Status Code",
        help="TrangThaiHoSo of the national portal, 1 to 10",
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent"), ("2", "Person to be given precedence")],
        default="0",
        help="Precedence: the elderly, people with disabilities, pregnant women, "
        "people with merit (NĐ 63/2010/NĐ-CP Đ.18 k.8)",
    )
    summary = fields.Char(
        help="Content of the request, when the name of the "
        "procedure does not say it all"
    )
    sets = fields.Integer(string="Number of Sets", default=1)
    note = fields.Text(string="Internal Note")
    external_code = fields.Char(help="Code of this dossier in another system")
    imported = fields.Boolean(readonly=True, copy=False)
    parent_id = fields.Many2one(
        "cchc.dossier", ondelete="restrict", index="btree_not_null"
    )
    child_ids = fields.One2many("cchc.dossier", "parent_id")
    replaces_id = fields.Many2one(
        "cchc.dossier", readonly=True, copy=False, index="btree_not_null"
    )
    replaced_by_id = fields.Many2one("cchc.dossier", readonly=True, copy=False)

    # Applicant --------------------------------------------------------
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner's Contact",
        index="btree_not_null",
    )
    submitter_id = fields.Many2one("res.partner", string="Submitted by")
    submitter_relation = fields.Selection(
        [
            ("self", "The owner"),
            ("authorised", "Authorised person"),
            ("representative", "Representative"),
            ("postal", "Postal officer"),
        ],
        default="self",
    )
    applicant_kind = fields.Selection(
        [
            ("citizen", "Citizen"),
            ("foreigner", "Foreigner"),
            ("household_business", "Household business"),
            ("enterprise", "Enterprise"),
            ("organisation", "Organisation"),
            ("state_body", "State body"),
        ],
        default="citizen",
    )
    applicant_name = fields.Char(string="Name of Owner", index="trigram")
    applicant_identity_type = fields.Selection(
        [
            ("personal", "Personal identification number"),
            ("old", "Old identity card (9 digits)"),
            ("passport", "Passport"),
            ("tax", "Tax code"),
            ("other", "Other paper"),
        ],
        default="personal",
        groups="cchc_onestop.group_identity",
    )
    applicant_identity = fields.Char(
        string="Identity Number", groups="cchc_onestop.group_identity"
    )
    applicant_birth_date = fields.Date(
        string="Date of Birth", groups="cchc_onestop.group_identity"
    )
    applicant_sex = fields.Selection(
        [("male", "Male"), ("female", "Female")],
        string="Sex",
        groups="cchc_onestop.group_identity",
    )
    applicant_address = fields.Char(string="Address")
    applicant_phone = fields.Char(string="Phone")
    applicant_email = fields.Char(string="Email")
    result_channel = fields.Selection(
        [
            ("counter", "At the desk"),
            ("post", "By post"),
            ("online", "Online (electronic result)"),
            ("other_desk", "At another desk"),
        ],
        string="Result Delivered",
        default="counter",
    )
    result_address = fields.Char()

    # People -----------------------------------------------------------
    receiver_id = fields.Many2one(
        "res.users", string="Received by", readonly=True, copy=False
    )
    # The label is translated only when it is a lazy term.
    user_id = fields.Many2one(
        "res.users",
        string="Handler",
        copy=False,
        readonly=True,
        falsy_value_label=_lt("Not Assigned"),  # pylint: disable=translation-field
    )
    department_id = fields.Many2one("hr.department", copy=False, readonly=True)

    # Rows -------------------------------------------------------------
    step_ids = fields.One2many("cchc.dossier.step", "dossier_id", readonly=True)
    current_step_id = fields.Many2one("cchc.dossier.step", readonly=True, copy=False)
    document_ids = fields.One2many("cchc.dossier.document", "dossier_id", copy=True)
    fee_ids = fields.One2many("cchc.dossier.fee", "dossier_id", copy=True)
    pause_ids = fields.One2many("cchc.dossier.pause", "dossier_id", readonly=True)
    extension_ids = fields.One2many(
        "cchc.dossier.extension", "dossier_id", readonly=True
    )
    event_ids = fields.One2many("cchc.dossier.event", "dossier_id", readonly=True)
    event_count = fields.Integer(compute="_compute_event_count")
    currency_id = fields.Many2one(related="company_id.currency_id")
    fee_total = fields.Float(digits=(16, 2), compute="_compute_fee_total")

    _name_uniq = models.UniqueIndex(
        "(name) WHERE name IS NOT NULL", "This dossier code has already been given."
    )
    _draft_token_uniq = models.UniqueIndex(
        "(draft_token) WHERE draft_token IS NOT NULL",
        "This reception has already been saved.",
    )
    # Worklists: one index each, all limited to what is open, so that their cost does
    # not grow with the archive.
    _mine_idx = models.Index("(user_id, due_at) WHERE is_open IS TRUE")
    _department_idx = models.Index("(department_id, due_at) WHERE is_open IS TRUE")
    _agency_idx = models.Index("(company_id, due_at) WHERE is_open IS TRUE")
    _state_idx = models.Index("(company_id, state, due_at) WHERE is_open IS TRUE")
    _draft_idx = models.Index(
        "(receiving_company_id, id) WHERE state IN ('draft', 'pre_supplement')"
    )
    _to_return_idx = models.Index(
        "(company_id, ended_at) WHERE state IN ('done', 'rejected_result')"
    )
    _overdue_idx = models.Index("(overdue_from) WHERE overdue_from IS NOT NULL")
    _accepted_idx = models.Index("(company_id, accepted_at)")
    _extended_idx = models.Index("(company_id, accepted_at) WHERE extension_count > 0")
    _ended_idx = models.Index("(company_id, ended_at) WHERE ended_at IS NOT NULL")
    _sets_positive = models.Constraint(
        "CHECK (sets > 0)", "A dossier has at least one set."
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("name", "applicant_name")
    def _compute_display_name(self):
        for dossier in self:
            dossier.display_name = dossier.name or self.env._(
                "Draft %(id)s %(name)s",
                id=dossier.id or "",
                name=dossier.applicant_name or "",
            )

    @api.depends("state")
    def _compute_official_code(self):
        for dossier in self:
            dossier.official_code = STATE[dossier.state].code

    @api.depends("fee_ids.subtotal")
    def _compute_fee_total(self):
        for dossier in self:
            dossier.fee_total = sum(dossier.fee_ids.mapped("subtotal"))

    def _compute_event_count(self):
        counts = dict(
            self.env["cchc.dossier.event"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.event_count = counts.get(dossier, 0)

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts; a screen sent twice gives back the draft made the first time.

        :raises UserError: when a protected column is given, e.g. a later state
        """
        if not guard.is_unlocked(self.env):
            for vals in vals_list:
                self._check_protected(
                    {
                        name
                        for name, value in vals.items()
                        if value and not (name == "state" and value == "draft")
                    }
                )
        known = self._drafts_by_token(vals_list)
        fresh = [
            dict(vals) for vals in vals_list if vals.get("draft_token") not in known
        ]
        if replay.clock(self.env):
            fresh = [{**vals, "imported": True} for vals in fresh]
        # The ledger says who made it and when, the worklists and alerts find it:
        # nobody has to follow each dossier that he receives.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        below = [_take_rows(vals) for vals in fresh]
        made = super(CchcDossier, quiet).create(fresh)
        made._insert_rows(below)
        made._log_taking_over()
        created = iter(made)
        ids = []
        for vals in vals_list:
            dossier = known.get(vals.get("draft_token"))
            if dossier:
                dossier._take_again(vals)
            ids.append((dossier or next(created)).id)
        return self.browse(ids)

    def _insert_rows(self, below):
        """Write the rows that were entered together with these dossiers.

        :param below: per dossier ``{field name: list of values}``
        """
        for name in _ROWS:
            field = self._fields[name]
            model = self.env[field.comodel_name]
            vals_list = [
                {**vals, "dossier_id": dossier.id}
                for dossier, taken in zip(self, below, strict=True)
                for vals in taken.get(name, ())
            ]
            if not vals_list:
                continue
            if not rows.is_plain(model, vals_list):
                model.create(vals_list)
                continue
            model.check_access("create")
            made = iter(rows.insert(model, model._complete_rows(vals_list))._ids)
            for dossier, taken in zip(self, below, strict=True):
                own = tuple(islice(made, len(taken.get(name, ()))))
                field._update_cache(dossier, own)

    def _log_taking_over(self):
        """Write into the ledger of dossiers with a past when they came here."""
        clock = replay.clock(self.env)
        if clock and self:
            self.env["cchc.dossier.event"].append(
                [
                    {"dossier": dossier, "kind": "import", "at": fields.Datetime.now()}
                    for dossier in self
                ]
            )

    def _take_again(self, vals):
        """Bring a draft up to the latest sending of its reception screen."""
        self.ensure_one()
        if self.state != "draft":
            return
        vals = {name: value for name, value in vals.items() if name != "draft_token"}
        for name in _ROWS:
            if vals.get(name):
                vals[name] = [Command.clear(), *vals[name]]
        self.write(vals)

    def _drafts_by_token(self, vals_list):
        """Return ``{token: dossier}`` of the tokens that are saved already."""
        tokens = [vals["draft_token"] for vals in vals_list if vals.get("draft_token")]
        if not tokens:
            return {}
        found = self.search([("draft_token", "in", tokens)])
        return {dossier.draft_token: dossier for dossier in found}

    def write(self, vals):
        if not guard.is_unlocked(self.env):
            self._check_protected(set(vals))
            if "received_at" in vals and any(d.replaces_id for d in self):
                raise UserError(
                    self.env._(
                        "A dossier that replaces a void one keeps the start of its "
                        "clock."
                    )
                )
            closed = FROZEN_AFTER_ACCEPTANCE & set(vals)
            if closed and any(
                dossier.state not in ("draft", "pre_supplement") for dossier in self
            ):
                labels = ", ".join(
                    self.env["ir.model.fields"]._get(self._name, name).field_description
                    for name in sorted(closed)
                )
                raise UserError(
                    self.env._(
                        "%(fields)s cannot be changed after acceptance: void the "
                        "dossier and issue it anew.",
                        fields=labels,
                    )
                )
        return super().write(vals)

    def _check_protected(self, names):
        """Refuse protected columns that do not come from a sanctioned method."""
        touched = PROTECTED & names
        if touched:
            labels = ", ".join(
                self.env["ir.model.fields"]._get(self._name, name).field_description
                for name in sorted(touched)
            )
            raise UserError(
                self.env._(
                    "%(fields)s cannot be written directly: a dossier moves only by "
                    "its own actions.",
                    fields=labels,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(dossier.state != "draft" or dossier.event_ids for dossier in self):
            raise UserError(
                self.env._(
                    "Only a draft that never moved can be deleted: refuse, withdraw "
                    "or void the dossier instead."
                )
            )

    def copy_data(self, default=None):
        default = {"draft_token": secrets.token_hex(12), **(default or {})}
        return super().copy_data(default)

    # ------------------------------------------------------------------
    # Worklists
    # ------------------------------------------------------------------
    is_my_work = fields.Boolean(
        compute="_compute_is_my_work",
        search="_search_is_my_work",
        help="Open and handled by me or by somebody I stand in for today",
    )

    @api.depends_context("uid")
    @api.depends("user_id", "is_open")
    def _compute_is_my_work(self):
        users = self._my_users()
        for dossier in self:
            dossier.is_my_work = dossier.is_open and dossier.user_id in users

    def _search_is_my_work(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("user_id", "in", self._my_users().ids) & Domain(
            "is_open", "=", True
        )

    def _my_users(self):
        """Return the current user and those whose steps he does today."""
        return self.env.user | self.env["cchc.substitution"]._acting_for(
            self.env.user, fields.Datetime.now(), "steps"
        )

    is_my_department = fields.Boolean(
        compute="_compute_is_my_department", search="_search_is_my_department"
    )

    @api.depends_context("uid")
    @api.depends("department_id", "is_open")
    def _compute_is_my_department(self):
        department = self.env.user.employee_id.department_id
        for dossier in self:
            dossier.is_my_department = (
                dossier.is_open and dossier.department_id == department
            )

    def _search_is_my_department(self, operator, value):
        if operator != "in":
            return NotImplemented
        department = self.env.user.employee_id.department_id
        return Domain("department_id", "=", department.id) & Domain(
            "is_open", "=", True
        )

    # ------------------------------------------------------------------
    # Opening things
    # ------------------------------------------------------------------
    def action_open_events(self):
        """Open the event log of the dossiers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_event_action"
        )
        action["domain"] = [("dossier_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_open_dossier(self):
        """Open the dossier in its working form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("cchc_onestop.cchc_dossier_view_form").id, "form")],
        }

    def action_open_reception(self):
        """Go on with the reception of a draft."""
        self.ensure_one()
        view = self.env.ref("cchc_onestop.cchc_dossier_view_form_reception")
        return {**self.action_open_dossier(), "views": [(view.id, "form")]}

    def action_open_replacement(self):
        """Open the dossier that replaces this one, or the void one it replaces."""
        self.ensure_one()
        return (self.replaced_by_id or self.replaces_id).action_open_dossier()

    def action_next_reception(self):
        """Open an empty reception screen for the next applicant."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_action_receive"
        )
        action["target"] = "main"
        return action

    @api.model
    def _new_lookup_code(self):
        return "".join(secrets.choice(_LOOKUP_ALPHABET) for _ in range(6))

    @api.model
    def _open_domain(self):
        """Return the domain of dossiers accepted and not ended."""
        return Domain("is_open", "=", True) & Domain("state", "in", OPEN_STATES)


def _take_rows(vals):
    """Take the rows out of the values of a dossier that are nothing but new ones."""
    taken = {}
    for name in _ROWS:
        commands = vals.get(name) or ()
        if commands and all(command[0] == Command.CREATE for command in commands):
            taken[name] = [command[2] for command in vals.pop(name)]
    return taken
