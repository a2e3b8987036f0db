from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.res_users import SIGN_MODES
from ..tools import forms
from ..tools.transitions import TRANSITION, TRANSITIONS

#: Moves that ask for something, and the kind of reasons they offer.
_REASON_KIND = {
    "ask_completion": "supplement",
    "refuse": "refuse",
    "request_supplement": "supplement",
    "request_finance": "finance",
    "send_back": "send_back",
    "withdraw": "withdraw",
    "stop": "stop",
    "extend": "late",
    "void": "void",
    "consult": False,
    "assign": False,
    "report_error": "send_back",
}


#: Moves whose action takes what was typed for their form.
_WITH_PAPER = ("ask_completion", "request_supplement", "withdraw", "stop", "extend")


class CchcDossierMove(models.TransientModel):
    """Asks for what a move of dossiers needs: a reason, a person, a date, and what the
    form of the move shall say. The form can be seen before the move is made."""

    _name = "cchc.dossier.move"
    _description = "Move Dossiers"

    dossier_ids = fields.Many2many("cchc.dossier", required=True, readonly=True)
    dossier_count = fields.Integer(compute="_compute_dossier_count")
    move = fields.Selection(
        [(t.key, t.label) for t in TRANSITIONS if t.key in _REASON_KIND],
        required=True,
        readonly=True,
    )
    reason_kind = fields.Char(compute="_compute_reason_kind")
    reason_id = fields.Many2one("cchc.reason", domain="[('kind', '=', reason_kind)]")
    content = fields.Text(string="Details")
    resume_on_payment = fields.Boolean(
        string="Goes on When Paid",
        compute="_compute_resume_on_payment",
        store=True,
        readonly=False,
        help="The clock runs again by itself once every fee of the dossier is paid",
    )
    user_id = fields.Many2one("res.users", string="Hand to")
    company_id = fields.Many2one("res.company", compute="_compute_dossier_count")
    due_before = fields.Datetime(
        string="Present Appointment", compute="_compute_dossier_count"
    )
    due_at = fields.Datetime(
        string="New Appointment",
        compute="_compute_due_at",
        store=True,
        readonly=False,
    )
    short_notice = fields.Char(compute="_compute_short_notice")
    form_code = fields.Char(compute="_compute_form_code")
    may_decide = fields.Boolean(
        compute="_compute_may_decide",
        help="Who may not extend himself drafts the apology for a leader to approve",
    )
    part_ids = fields.One2many(
        "cchc.dossier.move.part",
        "move_id",
        compute="_compute_part_ids",
        store=True,
        readonly=False,
    )
    contact = fields.Char(
        string="Person to Ask",
        compute="_compute_contact",
        store=True,
        readonly=False,
        help="Whom the applicant may ask while completing the dossier",
    )
    phone = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
    )
    basis = fields.Char(
        string="Legal Basis",
        compute="_compute_basis",
        store=True,
        readonly=False,
    )
    give_back = fields.Text(
        string="Papers and Fees",
        help="How the applicant gets papers and fees back; empty: the usual wording",
    )
    sign_mode = fields.Selection(
        SIGN_MODES,
        string="Signed",
        help="How this letter is signed; empty: as the signer's own settings say",
    )

    @api.depends("dossier_ids")
    def _compute_dossier_count(self):
        for wizard in self:
            wizard.dossier_count = len(wizard.dossier_ids)
            wizard.company_id = wizard.dossier_ids.company_id[:1]
            wizard.due_before = max(
                wizard.dossier_ids.filtered("due_at").mapped("due_at"), default=False
            )

    @api.depends("reason_id")
    def _compute_resume_on_payment(self):
        for wizard in self:
            wizard.resume_on_payment = wizard.reason_id.resume_on_payment

    @api.depends("move")
    def _compute_reason_kind(self):
        for wizard in self:
            wizard.reason_kind = _REASON_KIND.get(wizard.move)

    @api.depends("dossier_ids", "move")
    def _compute_due_at(self):
        for wizard in self:
            proposals = [
                dossier._proposed_extension() for dossier in wizard.dossier_ids
            ]
            wizard.due_at = (
                max(proposals) if wizard.move == "extend" and proposals else False
            )

    @api.depends("dossier_ids", "move")
    def _compute_short_notice(self):
        """Warn when the notice that a deadline rule asks for can no longer be kept."""
        now = fields.Datetime.now()
        for wizard in self:
            notices = [
                notice
                for dossier in wizard.dossier_ids
                if wizard.move == "extend" and (notice := dossier._short_notice(now))
            ]
            wizard.short_notice = notices[0] if notices else False

    @api.depends("move")
    def _compute_form_code(self):
        for wizard in self:
            transition = TRANSITION.get(wizard.move)
            wizard.form_code = transition and transition.issues and transition.form

    @api.depends("move")
    def _compute_may_decide(self):
        for wizard in self:
            transition = TRANSITION.get(wizard.move)
            wizard.may_decide = transition and any(
                self.env.user.has_group(f"cchc_onestop.{group}")
                for group in transition.groups
            )

    @api.depends("dossier_ids", "move")
    def _compute_part_ids(self):
        """Offer the parts of the one dossier; what is missing is ticked."""
        for wizard in self:
            rows = []
            if wizard.form_code == forms.SUPPLEMENT and len(wizard.dossier_ids) == 1:
                rows = [
                    {
                        "name": document.name,
                        "asked": document.required and not document.received,
                        **wizard._quantities(document),
                    }
                    for document in wizard.dossier_ids.document_ids
                    if not document.is_result
                ]
            wizard.part_ids = [Command.clear(), *map(Command.create, rows)]

    @api.model
    def _quantities(self, document):
        """Return how many originals, certified copies and photocopies are asked for."""
        certified = document.kind in ("certified", "certified_electronic")
        originals, copies = document.originals, document.copies
        if not originals and not copies:
            originals = 1
        return {
            "originals": originals,
            "certified": copies if certified else 0,
            "copies": 0 if certified else copies,
        }

    @api.depends("dossier_ids", "move")
    def _compute_contact(self):
        for wizard in self:
            agency = (
                wizard.dossier_ids[:1].receiving_company_id
                or wizard.dossier_ids[:1].company_id
            ).sudo()
            phone = self.env.user.sudo().employee_id.work_phone
            wizard.contact = self.env.user.name
            wizard.phone = phone or agency.cchc_hotline

    @api.depends("reason_id")
    def _compute_basis(self):
        for wizard in self:
            wizard.basis = wizard.reason_id.legal_basis or wizard.basis

    def _paper_data(self):
        """Return what was typed for the form of the move."""
        self.ensure_one()
        return {
            "parts": [
                {
                    "name": part.name,
                    "originals": part.originals,
                    "certified": part.certified,
                    "copies": part.copies,
                    "note": part.note,
                }
                for part in self.part_ids
                if part.asked
            ],
            "contact": self.contact,
            "phone": self.phone,
            "basis": self.basis,
            "give_back": self.give_back,
            "sign_mode": self.sign_mode,
        }

    # ------------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------------
    def action_preview(self):
        """Open the form as it would be issued, marked as a preview."""
        self.ensure_one()
        if not self.form_code:
            raise UserError(self.env._("This move has no form."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/cchc_onestop/move/{self.id}/preview",
            "target": "new",
        }

    def _preview(self):
        """Return the PDFs of the forms from what was typed so far; nothing is kept."""
        self.ensure_one()
        dossiers = self.sudo().dossier_ids.with_env(self.env)
        dossiers.check_access("read")
        if self.sudo().create_uid != self.env.user:
            raise AccessError(
                self.env._("Only who prepares a move sees the preview of its form.")
            )
        parts = (self.reason_id.name, self.content)
        data = {
            **self._paper_data(),
            "reason": ": ".join(part for part in parts if part).rstrip(". "),
            "due_at": self.due_at and fields.Datetime.to_string(self.due_at),
        }
        sheets = []
        for dossier in dossiers:
            due = dossier.due_at and fields.Datetime.to_string(dossier.due_at)
            sheets += dossier._get_sheets(
                self.form_code,
                {**data, "count": dossier._next_request(), "due_before": due},
                forms.PREVIEW,
            )
        return dossiers._draw_sheets(sheets)

    # ------------------------------------------------------------------
    # The move
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Make the move for all chosen dossiers, in one transaction, and open the
        papers that it issued."""
        self.ensure_one()
        dossiers = self.dossier_ids
        before = self.form_code and self._last_paper()
        result = self._make_move(dossiers)
        papers = self.env["cchc.dossier.paper"]
        if self.form_code:
            papers = papers.search(
                [("dossier_id", "in", dossiers.ids), ("id", ">", before)], order="id"
            )
        if papers and result is True:
            return {**papers.action_print(), "close": True}
        return result

    def _last_paper(self):
        """Return the id of the latest paper of these dossiers, 0 for none."""
        papers = self.env["cchc.dossier.paper"].search(
            [("dossier_id", "in", self.dossier_ids.ids)], order="id desc", limit=1
        )
        return papers.id or 0

    def _make_move(self, dossiers):
        content = self.content or ""
        if self.move == "assign":
            if not self.user_id:
                raise UserError(self.env._("Choose the person who takes the dossier."))
            return dossiers.action_assign(self.user_id, content)
        if self.move == "extend":
            if not self.due_at:
                raise UserError(self.env._("Enter the new appointment."))
            if not self.may_decide:
                dossiers.action_draft_apology(self.due_at, content, self.reason_id)
                return {"type": "ir.actions.act_window_close"}
            return dossiers.action_extend(
                self.due_at, content, self.reason_id, self._paper_data()
            )
        if self.move == "request_finance":
            return dossiers.action_request_finance(
                content, self.reason_id, self.resume_on_payment
            )
        action = getattr(dossiers, f"action_{self.move}")
        if self.move in _WITH_PAPER:
            return action(content, self.reason_id, self._paper_data())
        return action(content, self.reason_id)
