from odoo import models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import aware, naive
from odoo.addons.cchc_onestop.tools import replay
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools.petition_moves import DUE_FIELD, MOVE_DUE_FIELD, MOVES


class CchcPetition(models.Model):
    """The moves of a petition; buttons and remote calls have no other way."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.petition"  # pylint: disable=consider-merging-classes-inherited

    def _move(self, key, text=False, vals=None):
        """Make one move of each petition: check, write, log.

        :raises UserError: not from this state, or without the reason it needs
        """
        move = MOVES[key]
        text = (text or "").strip()
        if move.reason and not text:
            raise UserError(self.env._("Give the reason: it stands in the log."))
        self._lock()
        states = dict(self._fields["state"]._description_selection(self.env))
        before = {petition.id: petition.state for petition in self}
        for petition in self:
            if petition.state not in move.sources:
                raise UserError(
                    self.env._(
                        "%(petition)s is in the state “%(state)s”: this is possible "
                        "only from %(sources)s.",
                        petition=petition.display_name,
                        state=states[petition.state],
                        sources=", ".join(states[state] for state in move.sources),
                    )
                )
        late = self._mark_missed(key)
        for petition in self:
            values = {**(vals or {}), **petition._values_of(move, text)}
            unlocked(petition.sudo()).write(values)
        self._log(key, text, before, late)
        self.env["cchc.alert"].sudo()._close_petition_alerts(self)
        return True

    def _values_of(self, move, text):
        """Return the state, dates and result that a move gives."""
        self.ensure_one()
        now = replay.now(self.env)
        values = {}
        state = move.target or self.state
        if move.target:
            values["state"] = move.target
        if move.result:
            values["result"] = move.result
            values["result_text"] = text or False
        if move.result in ("refused", "transferred") or state in ("published", "kept"):
            values["closed_at"] = self.closed_at or now
        if move.key == "accept":
            values["accepted_at"] = now
        elif move.key == "ask_more":
            values["waiting_since"] = now
            values["accepted_at"] = self.accepted_at or now
        elif move.key == "resume":
            values.update(
                answer_due_at=self._answer_due_after_wait(now), waiting_since=False
            )
        elif move.key == "answer":
            values["answered_at"] = now
            values["publish_due_at"] = self._due(self._terms().get("publish"), now)
        elif move.key == "publish":
            values["published_at"] = now
        due = DUE_FIELD.get(state)
        values["next_due_at"] = values.get(due, self[due]) if due else False
        return values

    def _answer_due_after_wait(self, now):
        """Return the due date of the answer after the sender has completed."""
        term = self._terms().get("answer")
        if not term or term.on_supplement == "run":
            return self.answer_due_at
        if term.on_supplement == "restart":
            return self._due(term, now)
        stop = (aware(self.waiting_since), aware(now))
        return naive(
            self._working_time().add_pauses(
                aware(self.received_at), aware(self.answer_due_at), [stop]
            )
        )

    def _mark_missed(self, key):
        """Write down the first missed date; return the petitions that are late now."""
        now = replay.now(self.env)
        late = self.browse()
        for petition in self:
            dues = [petition.next_due_at]
            if key in MOVE_DUE_FIELD:
                dues.append(petition[MOVE_DUE_FIELD[key]])
            missed = [due for due in dues if due and due < now]
            if missed:
                late |= petition
                if not petition.late_at:
                    unlocked(petition.sudo()).write({"late_at": min(missed)})
        return late

    def _responsible_users(self, now):
        """Return ``{petition: users}``: who has to make the next move.

        The handler while the answer is written, else the officers; whoever is away is
        replaced by his stand-in. Nobody whom a petition is about is among them: where
        nobody would be left it is the leaders.
        """
        users = self.env["res.users"].sudo()
        alerts = self.env["cchc.alert"].sudo()
        result = {}
        for company, petitions in self.sudo().grouped("company_id").items():
            officers = alerts._petition_officers(company)
            everyone = officers | petitions.user_id
            away = (
                self.env["cchc.substitution"]
                .sudo()
                ._substitutes(everyone, now, "steps", company)
            )
            for petition in petitions:
                own = petition.user_id.filtered("active")
                if petition.state != "processing" or not own:
                    own = officers
                present = users.union(*(away.get(user, user) for user in own))
                present -= petition.concerned_user_ids
                result[petition] = present or (
                    alerts._holders("group_leader", company)[company]
                    - petition.concerned_user_ids
                )
        return result

    def _lock(self):
        self.env.cr.execute(
            "SELECT id FROM cchc_petition WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            (self.ids,),
        )

    def _check_officer(self):
        self.check_access("write")
        if not self._is_officer():
            raise AccessError(
                self.env._("Only who handles petitions of the agency does this.")
            )

    def _check_nobody_decides(self):
        for petition in self:
            if petition.sudo().review_ids and petition.validation_status in (
                "waiting",
                "pending",
            ):
                raise UserError(
                    self.env._(
                        "The answer of %s waits for approval: take it back first.",
                        petition.display_name,
                    )
                )

    # -- buttons
    def action_accept(self):
        """Take the petitions up."""
        self._check_officer()
        return self._move("accept")

    def action_assign(self, user=None, department=None):
        """Give the petitions to a person of the agency.

        :param user: user or id
        """
        self._check_officer()
        users = self.env["res.users"]
        user = users.browse(user) if isinstance(user, int) else user or users
        departments = self.env["hr.department"]
        if isinstance(department, int):
            department = departments.browse(department)
        department = department or departments
        for petition in self:
            if user and petition.company_id not in user.sudo().company_ids:
                raise UserError(
                    self.env._("%s does not work in this agency.", user.sudo().name)
                )
        vals = {"user_id": user.id}
        if department:
            vals["department_id"] = department.id
        return self._move("assign", user.sudo().name or "", vals)

    def action_ask_more(self, text=None):
        """Ask the sender for what is missing; the clock does what the term says."""
        self._check_officer()
        self._check_nobody_decides()
        return self._move("ask_more", text)

    def action_resume(self, text=None):
        """The sender has completed the petition."""
        self._check_officer()
        return self._move("resume", text)

    def action_refuse(self, text=None):
        """Return petitions that cannot be handled, with the reason."""
        self._check_officer()
        self._check_nobody_decides()
        return self._move("refuse", text)

    def action_transfer(self, text=None, regime=None, to=None):
        """Hand over what belongs elsewhere: complaints, denunciations, other agencies.

        :param regime: ``complaint``, ``denunciation`` or ``petition``
        :param to: to whom, as text
        """
        self._check_officer()
        self._check_nobody_decides()
        if regime not in dict(self._fields["regime"].selection):
            raise UserError(self.env._("Say as what the petition is transferred."))
        if not (to or "").strip():
            raise UserError(self.env._("Say where the petition is transferred to."))
        return self._move(
            "transfer", text, {"regime": regime, "transferred_to": to.strip()}
        )

    def action_submit_answer(self):
        """Ask a leader to approve the answer."""
        for petition in self:
            petition.check_access("write")
            if petition.state != "processing":
                raise UserError(self.env._("Accept the petition before you answer it."))
            if not (petition.answer or "").strip():
                raise UserError(
                    self.env._("Write the answer first, on the page “Answer”.")
                )
            if petition.is_behaviour and not petition.upheld:
                raise UserError(
                    self.env._(
                        "Say on the page “Answer” whether the petition was upheld or "
                        "found untrue."
                    )
                )
            if not petition.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule applies to %(record)s: ask an administrator "
                        "to define who approves it.",
                        record=petition.display_name,
                    )
                )
        self._log("submit")
        return True

    def action_take_back(self):
        """Take a submitted answer back, or begin again after it was sent back."""
        for petition in self:
            petition.check_access("write")
            if petition.state != "processing" or not petition.sudo().review_ids:
                raise UserError(self.env._("Nothing waits for approval."))
            unlocked(petition.sudo())._cchc_remove_reviews("restarted")
        return True

    def _cchc_decidable(self, user):
        """Whom a petition is about decides nothing of it."""
        concerned = self.sudo().filtered(lambda p: user in p.concerned_user_ids)
        return super(CchcPetition, self - self.browse(concerned.ids))._cchc_decidable(
            user
        )

    def _cchc_decide(self, reviews, status, comment=False):
        """Approved: the petition is answered in the name of the leader."""
        result = super()._cchc_decide(reviews, status, comment)
        record = self.sudo()
        if status == "approved" and record.validation_status == "validated":
            self._move("answer", False, {"approved_by_id": self.env.uid})
        return result

    def _cchc_log_approval(self, review, outcome, user, on_behalf_of, comment):
        """Every outcome stands in the log too, not only in the chatter."""
        result = super()._cchc_log_approval(
            review, outcome, user, on_behalf_of, comment
        )
        move = {"approved": "approve", "rejected": "send_back"}.get(outcome, "approval")
        sentence = self._cchc_approval_sentence(review, outcome, user, on_behalf_of)
        self._log(move, ". ".join(part for part in (sentence, comment) if part))
        return result

    def action_publish(self):
        """Put the public text on the page of the agency."""
        self._check_officer()
        for petition in self:
            if not (
                (petition.public_subject or "").strip()
                and (petition.public_content or "").strip()
                and (petition.public_answer or "").strip()
            ):
                raise UserError(
                    self.env._(
                        "Write the public text of %s first, on the page “Public "
                        "Text”: what was sent and the answer, without personal data.",
                        petition.display_name,
                    )
                )
            petition._check_public_text()
        return self._move("publish")

    def _check_public_text(self):
        """Refuse a public text that holds the name or a number of the sender."""
        self.ensure_one()
        text = " ".join(
            [
                self.public_subject or "",
                self.public_content or "",
                self.public_answer or "",
            ]
        ).casefold()
        secrets = [
            self.sudo().sender_name,
            self.sudo().sender_phone,
            self.sudo().sender_email,
        ]
        if self.sender_kind == "organisation":
            secrets = secrets[1:]
        for value in secrets:
            if value and len(value.strip()) > 3 and value.strip().casefold() in text:
                raise UserError(
                    self.env._("The public text still holds “%s”.", value.strip())
                )

    def action_keep(self, text=None):
        """Answered, but not for the public page, with the reason."""
        self._check_officer()
        return self._move("keep", text)

    def action_withdraw_page(self, text=None):
        """Take a published petition off the page, with the reason."""
        self._check_officer()
        return self._move("withdraw_page", text)

    def action_rate(self, satisfied=None):
        """Note whether the sender is satisfied with the answer.

        :param satisfied: ``satisfied`` or ``dissatisfied``
        """
        self._check_officer()
        return self._rate(satisfied)

    def _rate(self, satisfied):
        labels = dict(self._fields["satisfied"]._description_selection(self.env))
        if satisfied not in labels:
            raise UserError(self.env._("Say whether the sender is satisfied."))
        for petition in self:
            if petition.satisfied:
                raise UserError(self.env._("The sender has rated the answer already."))
        return self._move("rate", labels[satisfied], {"satisfied": satisfied})

    def action_rate_satisfied(self):
        """Button: the sender is satisfied."""
        return self.action_rate("satisfied")

    def action_rate_dissatisfied(self):
        """Button: the sender is not satisfied."""
        return self.action_rate("dissatisfied")

    def action_print_letter(self):
        """Print the answer."""
        self.check_access("read")
        for petition in self:
            if not petition.answered_at:
                raise UserError(
                    self.env._("The answer is printed once a leader approved it.")
                )
        return self.env.ref(
            "cchc_onestop_voice.report_petition_answer_action"
        ).report_action(self)

    def action_print_register(self):
        """Print these petitions as one table."""
        self.check_access("read")
        return self.env.ref(
            "cchc_onestop_voice.report_petition_register_action"
        ).report_action([], data={"petition_ids": self.ids})

    def action_ask(self):
        """Open the form of a move that needs words; the move is in the context."""
        asked = self.env["cchc.petition.move"]._fields["move"]
        titles = dict(asked._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": titles.get(self.env.context.get("move")) or self.env._("Petition"),
            "res_model": "cchc.petition.move",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_petition_ids": self.ids,
                "default_move": self.env.context.get("move"),
            },
        }
