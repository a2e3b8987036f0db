import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import forms, hand_over, replay
from ..tools.forms import RECEIPT, SLIP
from ..tools.transitions import TRANSITION
from .cchc_dossier import PROTECTED

#: States in which the result has reached the desk: the control slip is closed.
SLIP_CLOSED = ("done", "rejected_result", "returned")


class CchcDossier(models.Model):
    """The statutory papers of a dossier: issued once, kept, voided openly."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    paper_ids = fields.One2many(
        "cchc.dossier.paper",
        "dossier_id",
        readonly=True,
        groups="cchc_onestop.group_identity,cchc_onestop.group_auditor",
    )
    receipt_id = fields.Many2one(
        "cchc.dossier.paper",
        compute="_compute_receipt_id",
        groups="cchc_onestop.group_identity",
        help="The receipt (Mẫu 01) in force",
    )

    paper_count = fields.Integer(
        compute="_compute_paper_count",
        groups="cchc_onestop.group_identity,cchc_onestop.group_auditor",
    )

    def _compute_paper_count(self):
        counts = dict(
            self.env["cchc.dossier.paper"]._read_group(
                [("dossier_id", "in", self.ids)], ["dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.paper_count = counts.get(dossier._origin, 0)

    @api.depends("paper_ids.state", "paper_ids.code")
    def _compute_receipt_id(self):
        for dossier in self:
            dossier.receipt_id = dossier.paper_ids.filtered(
                lambda paper: paper.code == RECEIPT and paper.state == "issued"
            )[:1]

    # ------------------------------------------------------------------
    # What a paper of this dossier bears
    # ------------------------------------------------------------------
    def _form_agency(self, code):
        """Return the agency that issues form ``code``: whose head, whose number.

        Before acceptance that is the desk: the dossier has not gone any further.
        """
        self.ensure_one()
        at_desk = forms.FORM[code].issuer == forms.RECEIVING or not self.accepted_at
        return (at_desk and self.receiving_company_id) or self.company_id

    def _form_signer(self, agency):
        """Return whose name a letter bears: a leader who acts signs himself."""
        user = self.env.user
        if not self.env.su and user.has_group("cchc_onestop.group_leader"):
            return user
        return agency.sudo().cchc_signer_id

    def _paper_moment(self, code):
        """Return the moment that a paper of form ``code`` issued now bears.

        A receipt or slip of a dossier taken over is drawn anew for what happened then,
        so that it gets the edition of that day.
        """
        self.ensure_one()
        if self.imported and not replay.clock(self.env):
            if code == RECEIPT and self.accepted_at:
                return self.accepted_at
            if code == SLIP and self.ended_at:
                return self.ended_at
        return replay.now(self.env)

    def _paper_author(self, code):
        """Return who issues the paper: for a slip drawn by the system who closed it."""
        self.ensure_one()
        if code == SLIP and self.env.su:
            closing = self.event_ids.filtered(
                lambda event: event.kind in hand_over.CLOSING
            )
            return closing[-1:].user_id or self.env.user
        return self.env.user

    def _form_editions(self, code, moments):
        """Return ``{dossier: edition}`` of form ``code`` at these moments."""
        known, editions = {}, {}
        for dossier in self:
            company = dossier._form_agency(code)
            key = company, company._cchc_local_date(moments[dossier])
            if key not in known:
                known[key] = self.env["cchc.form.edition"]._for(code, *key)
            editions[dossier] = known[key]
        return editions

    def _get_sheets(self, code, data=None, mark=""):
        """Return what is drawn when no paper is issued: a preview, or as it stands.

        :param data: what was typed so far, the same for all
        :param mark: text across the pages
        """
        moments = {dossier: dossier._paper_moment(code) for dossier in self}
        editions = self._form_editions(code, moments)
        return [
            forms.Sheet(
                dossier,
                editions[dossier],
                moments[dossier],
                forms.clean(code, data),
                self.env["cchc.dossier.paper"],
                mark,
            )
            for dossier in self
        ]

    def _next_request(self):
        """Return which request to complete or supplement the next one would be."""
        self.ensure_one()
        if self.accepted_at:
            return self.supplement_count + 1
        asked = self.event_ids.filtered(lambda event: event.kind == "ask_completion")
        return len(asked) + 1

    @api.private
    @api.model
    def _draw_sheets(self, sheets, env=None):
        """Return the PDF of each sheet, drawn with the rights of ``env``."""
        env = env or self.env
        lang = env["cchc.form.edition"]._office_lang()
        return [
            env["ir.actions.report"]
            .browse(sheet.edition.sudo().report_id.id)
            .with_context(lang=lang)
            ._cchc_draw(sheet)
            for sheet in sheets
        ]

    def preview_receipt(self, values=None):
        """Return form 01 of what the desk has typed, marked as a preview, in base64.

        Nothing is saved and no number is given: dates are those of an acceptance now.

        :param dict values: what the form would save; of a draft only its changes
        :raises UserError: without a procedure, or one that cannot be received now
        """
        self.check_access("read" if self else "create")
        values = {
            name: value
            for name, value in (values or {}).items()
            if name in self._fields and name not in PROTECTED
        }
        draft = self.new(values, origin=self)
        if not draft.procedure_id:
            raise UserError(self.env._("Choose the procedure before the preview."))
        if not draft.preview_due_at and draft.preview_problem:
            raise UserError(draft.preview_problem)
        due = draft.preview_due_at
        draft.update({"accepted_at": replay.now(self.env), "due_at": due})
        [content] = self._draw_sheets(draft._get_sheets(RECEIPT, mark=forms.PREVIEW))
        return base64.b64encode(content).decode()

    # ------------------------------------------------------------------
    # Issuing
    # ------------------------------------------------------------------
    def _issue_paper(self, code):
        """Papers of form ``code`` in force, one per dossier; missing ones are issued.

        :raises UserError: a dossier has not been accepted yet, or the form belongs to a
            move that was not made
        """
        paper_model = self.env["cchc.dossier.paper"]
        valid = {}
        for paper in paper_model.search(
            [
                ("dossier_id", "in", self.ids),
                ("code", "=", code),
                ("state", "=", "issued"),
            ],
            order="occasion, id",
        ):
            valid[paper.dossier_id.id] = paper
        missing = self.filtered(lambda dossier: dossier.id not in valid)
        missing._check_may_print(code)
        replaced = missing._replaced_papers(code)
        for paper in paper_model.issue(missing, code, replaced):
            valid[paper.dossier_id.id] = paper
        return paper_model.union(*(valid[dossier.id] for dossier in self))

    def _check_may_print(self, code):
        """A receipt belongs to a dossier that was accepted and stands, a slip to one
        whose result is there, any other form to the move that issues it."""
        labels = dict(
            self.env["cchc.form.edition"]
            ._fields["form"]
            ._description_selection(self.env)
        )
        for dossier in self:
            if code not in (RECEIPT, SLIP):
                raise UserError(
                    self.env._(
                        "%(dossier)s has no paper “%(form)s”: it is issued together "
                        "with the move that it belongs to.",
                        dossier=dossier.display_name,
                        form=labels.get(code, code),
                    )
                )
            if not dossier.name or not dossier.accepted_at:
                raise UserError(
                    self.env._(
                        "%(dossier)s has not been accepted: accept it, then print the "
                        "receipt.",
                        dossier=dossier.display_name,
                    )
                )
            if code == RECEIPT and dossier.state == "void":
                raise UserError(
                    self.env._(
                        "%(dossier)s is void; print the receipt of the dossier that "
                        "replaces it.",
                        dossier=dossier.name,
                    )
                )

    def _replaced_papers(self, code):
        """``{dossier id: void paper}`` that a new one of these dossiers stands for."""
        if not self:
            return {}
        void = self.env["cchc.dossier.paper"].search(
            [
                ("dossier_id", "in", (self | self.replaces_id).ids),
                ("code", "=", code),
                ("state", "=", "void"),
                ("replaced_by_id", "=", False),
            ],
            order="id desc",
        )
        replaced = {}
        for dossier in self:
            own = void.filtered(
                lambda paper, dossier=dossier: (
                    paper.dossier_id in dossier | dossier.replaces_id
                )
            )[:1]
            if own:
                replaced[dossier.id] = own
        return replaced

    def _issue_for_move(self, key, events, papers=None):
        """Issue the form that the move ``key`` demands: no move without its paper.

        :param events: the lines of the log that the move wrote, in order
        :param papers: ``{dossier id: what was typed for the form}``
        """
        transition = TRANSITION[key]
        if not transition.issues:
            return
        papers = papers or {}
        data, lines = {}, {}
        for dossier, event in zip(self, events, strict=True):
            lines[dossier.id] = event.id
            data[dossier.id] = {
                "reason": event.content,
                **(papers.get(dossier.id) or {}),
            }
        issued = self.env["cchc.dossier.paper"].issue(
            self, transition.form, data=data, events=lines
        )
        issued._tell_applicants()

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------
    def _form_contents(self, code):
        """Return ``{dossier id: (PDF, attachment)}`` of form ``code``, latest papers.

        The control slip of a dossier in process is drawn as it stands and not kept.
        """
        running = self.browse()
        if code == SLIP:
            running = self.filtered(lambda dossier: dossier.state not in SLIP_CLOSED)
            running._check_may_print(code)
        contents = {
            paper.dossier_id.id: (paper._get_content(), paper.sudo().attachment_id)
            for paper in (self - running)._issue_paper(code)
        }
        drawn = self._draw_sheets(running._get_sheets(code))
        for dossier, content in zip(running, drawn, strict=True):
            contents[dossier.id] = (content, self.env["ir.attachment"])
        return contents

    def _print_form(self, code):
        """Open form ``code`` of these dossiers; a missing one is issued by the request
        that shows it."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/cchc_onestop/dossier/{ids}/paper/{code}",
            "target": "new",
        }

    def action_print_receipt(self):
        """Open the receipts; a missing one is issued by the request that shows it.

        The PDF is drawn after the acceptance is committed, so that no other desk waits
        for the drawing before it gets its next dossier code.
        """
        self._check_may_print(RECEIPT)
        return self._print_form(RECEIPT)

    def action_print_slip(self):
        """Open the control slips: as issued once the result is there, before as they
        stand."""
        self._check_may_print(SLIP)
        return self._print_form(SLIP)

    def action_view_papers(self):
        """Open the papers of the dossiers, void ones included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_paper_action"
        )
        action["domain"] = [("dossier_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_verify_papers(self):
        """Check the kept papers of these dossiers against their checksums."""
        return self.paper_ids.action_verify()

    def _void_papers_of(self, voided):
        papers = voided.sudo().paper_ids.filtered(lambda paper: paper.state == "issued")
        if papers:
            # The dossier is void, so are its letters: no leader is asked again.
            papers.with_env(self.env).sudo().void(
                self.env._("The dossier was voided and issued anew.")
            )
        return super()._void_papers_of(voided)

    # ------------------------------------------------------------------
    # Control slip
    # ------------------------------------------------------------------
    def _hand_over_lines(self):
        """Return the rows of the control slip (``tools/hand_over.py``)."""
        self.ensure_one()
        events = self.sudo().event_ids.sorted("sequence")
        desk = self.receiving_company_id.sudo()
        desk_name = desk.cchc_desk_name or desk.name
        entries = [
            hand_over.Entry(
                kind=event.kind,
                at=event.at,
                user=event.user_id.name or "",
                body=desk_name
                if event.kind == "accept"
                else event.department or event.company_id.name or "",
                content=event.content or "",
                data=(event.data or {}).get("hand_over") or {},
            )
            for event in events
        ]
        returned = events.filtered(lambda event: event.kind == "return_result")[-1:]
        if returned:
            holder = returned.user_id.name, desk_name
        else:
            holder = (
                self.sudo().user_id.name or "",
                self.sudo().department_id.name or self.sudo().company_id.name,
            )
        return hand_over.lines(entries, holder)
