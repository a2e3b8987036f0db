from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import forms, guard, replay
from ..tools.transitions import (
    ENDED,
    GUARDED_STATES,
    HELD,
    HELD_STATES,
    RUNNING_STATES,
    STATE,
    TRANSITION,
)
from .cchc_dossier_clock import naive

#: Steps after which a result only waits for the applicant.
_AFTER_RESULT = ("return",)


class CchcDossier(models.Model):
    """The moves of a dossier.

    Each public action takes recordsets, checks the transition table, the person and
    what belongs to the move, writes state and dates once, appends one line per dossier
    to the ledger and has the alerts planned anew.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    # ------------------------------------------------------------------
    # The one way to move
    # ------------------------------------------------------------------
    def _move(self, key, vals_by_id=None, target=None, heads=None, **line):
        """Move the dossiers by the transition ``key``.

        :param dict vals_by_id: ``{dossier id: values}`` to write beside the state
        :param str target: state to reach when the transition leaves it open
        :param heads: ends of their chains of events, when they are known
        :param papers: ``{dossier id: what was typed for the form of the move}``
        :param line: what the ledger line holds: ``content``, ``legal_basis``,
            ``step``, ``on_behalf_of``, ``data`` and ``per_dossier``
            (``{dossier id: further parts of the line}``)
        :raises UserError: when the move is not allowed from the present state, a
            reason is missing
        :raises AccessError: when none of the person's roles allows it
        """
        transition = TRANSITION[key]
        per_dossier = line.pop("per_dossier", {})
        papers = line.pop("papers", None)
        before = {
            dossier.id: {"from_state": dossier.state, "due_before": dossier.due_at}
            for dossier in self
        }
        target = target or transition.target
        for dossier in self:
            vals = dict((vals_by_id or {}).get(dossier.id, {}))
            if target:
                vals["state"] = target
                vals["is_open"] = STATE[target].clock not in (ENDED, "not_started")
            vals["overdue_from"] = dossier._overdue_from(vals)
            guard.unlocked(dossier.sudo()).write(vals)
        # Before the ledger line, which sends all that was written in one statement.
        self._cchc_schedule_alerts(moving=True, fresh=key == "accept")
        events = self.env["cchc.dossier.event"].append(
            [
                {
                    "dossier": dossier,
                    "kind": key,
                    **before[dossier.id],
                    **line,
                    **per_dossier.get(dossier.id, {}),
                }
                for dossier in self
            ],
            heads=heads,
        )
        self._issue_for_move(key, events, papers)

    def _begin(self, key, content=None, reason=None, lock=True, check_role=True):
        """Check that the current person may make the move ``key``, and lock the rows.

        :return: the text that the ledger line holds (reason and content joined)
        """
        transition = TRANSITION[key]
        reason = self._record("cchc.reason", reason)
        if check_role:
            self._check_role(transition)
        self.check_access("write")
        if lock:
            self._lock()
        for dossier in self:
            if dossier.state not in transition.sources:
                dossier._refuse_move(transition)
        text = ": ".join(part for part in (reason and reason.name, content) if part)
        if transition.reason and not (text or "").strip():
            raise UserError(
                self.env._(
                    "Give a reason: it is written into the dossier's event log and "
                    "told to the applicant."
                )
            )
        self._mark_missed()
        return text

    @api.model
    def _record(self, model, value):
        """Return ``value`` as a record: remote callers give an id."""
        if isinstance(value, int):
            return self.env[model].browse(value).exists()
        return value

    def _refuse_move(self, transition):
        """Raise the sentence for a move that the present state does not allow."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        kinds = dict(
            self.env["cchc.dossier.event"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        raise UserError(
            self.env._(
                "Dossier %(code)s is in the state “%(state)s”; “%(move)s” is possible "
                "only from: %(sources)s.",
                code=self.display_name,
                state=states[self.state],
                move=kinds[transition.key],
                sources=", ".join(states[source] for source in transition.sources),
            )
        )

    def _check_role(self, transition):
        """Refuse a person without any role of the transition."""
        if self.env.su:
            return
        if not any(
            self.env.user.has_group(f"cchc_onestop.{group}")
            for group in transition.groups
        ):
            groups = [
                self.env.ref(f"cchc_onestop.{group}").sudo().name
                for group in transition.groups
            ]
            raise AccessError(
                self.env._(
                    "You cannot do this: it takes the role %(roles)s.",
                    roles=", ".join(groups),
                )
            )

    def _lock(self):
        """Wait for and lock the rows, so that two persons cannot move one dossier.

        A concurrent move makes this transaction fail and be tried again by Odoo with
        the new state in view.
        """
        self.env.cr.execute(
            "SELECT id FROM cchc_dossier WHERE id = ANY(%s) ORDER BY id "
            "FOR NO KEY UPDATE",
            (self.ids,),
            log_exceptions=False,  # no error: the request is repeated
        )

    def _actor(self):
        """Return the user in whose place the current one acts on the current step.

        :raises AccessError: when the step belongs to somebody else
        """
        self.ensure_one()
        step = self.sudo().current_step_id
        user = self.env.user
        if self.env.su or not step.user_id or step.user_id == user:
            return self.env["res.users"]
        acting_for = self.env["cchc.substitution"]._acting_for(
            user, replay.now(self.env), "steps", company=self.company_id
        )
        if step.user_id in acting_for:
            return step.user_id
        if user.has_group("cchc_onestop.group_manager"):
            return self.env["res.users"]
        raise AccessError(
            self.env._(
                "The step “%(step)s” of %(code)s is in the hands of %(user)s: ask for "
                "the dossier to be assigned to you or for a stand-in to be named.",
                step=step.name,
                code=self.display_name,
                user=step.user_id.name,
            )
        )

    def _ask(self, key, **defaults):
        """Return the action that asks for what a move needs (reason, person, date)."""
        return {
            "type": "ir.actions.act_window",
            "name": dict(
                self.env["cchc.dossier.event"]
                ._fields["kind"]
                ._description_selection(self.env)
            )[key],
            "res_model": "cchc.dossier.move",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_dossier_ids": self.ids,
                "default_move": key,
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }

    # ------------------------------------------------------------------
    # Before acceptance
    # ------------------------------------------------------------------
    def action_ask_completion(self, content=None, reason=None, paper=None):
        """Ask the applicant to complete the dossier before it can be accepted.

        :param paper: what form 02 shall list: ``parts`` (rows of ``name``,
            ``originals``, ``certified``, ``copies``, ``note``), ``contact``, ``phone``
        """
        if content is None and reason is None:
            return self._ask("ask_completion")
        text = self._begin("ask_completion", content, reason)
        paper = forms.clean(forms.SUPPLEMENT, paper)
        papers = {}
        for dossier in self:
            asked = len(
                dossier.event_ids.filtered(lambda e: e.kind == "ask_completion")
            )
            if asked and asked >= dossier._completions_allowed():
                raise UserError(
                    self.env._(
                        "The completion of %(dossier)s has been asked for %(count)s "
                        "time(s), the most that is allowed: the notice must be "
                        "complete in one time (NĐ 118/2025/NĐ-CP Đ.17 k.2).",
                        dossier=dossier.display_name,
                        count=asked,
                    )
                )
            papers[dossier.id] = {**paper, "reason": text, "count": asked + 1}
        self._move(
            "ask_completion", content=self._with_parts(text, paper), papers=papers
        )
        return True

    @api.model
    def _with_parts(self, text, paper):
        """Return the text of the log with the names of the missing parts."""
        names = "; ".join(part["name"] for part in paper["parts"])
        return f"{text} – {names}" if names else text

    def _completions_allowed(self):
        """Return how often the deadline rule that the dossier would be received
        under today lets the applicant be asked to complete it."""
        self.ensure_one()
        plan = self._reception_plan(replay.now(self.env))
        promise = plan.committed or plan.statutory
        rule = self.env["cchc.deadline.rule"].browse(promise and promise.rule_id or ())
        return rule.sudo().completion_max

    def action_complete(self):
        """Take the completed papers; the dossier is a draft again."""
        self._begin("complete")
        self._move("complete")
        return True

    def action_refuse(self, content=None, reason=None):
        """Refuse reception with a reason; no code is given and no clock starts.

        Form 03 with the reason is issued in the same transaction.
        """
        if content is None and reason is None:
            return self._ask("refuse")
        text = self._begin("refuse", content, reason)
        self._move("refuse", content=text)
        return True

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def action_assign(self, user=None, content=None):
        """Put the current step into the hands of ``user``."""
        if user is None:
            return self._ask("assign")
        text = self._begin("assign", content)
        user = self._record("res.users", user)
        user.ensure_one()
        # What is in these hands already was sent twice: nothing happens again.
        moving = self.filtered(
            lambda dossier: (
                dossier.user_id != user
                or dossier.sudo().current_step_id.user_id != user
            )
        )
        return moving._assign(user, text) if moving else True

    def _assign(self, user, text):
        """Put the current steps into the hands of ``user``."""
        for dossier in self:
            if dossier.company_id not in user.sudo().company_ids:
                raise UserError(
                    self.env._(
                        "%(user)s does not belong to %(agency)s: choose a person of "
                        "the competent agency.",
                        user=user.name,
                        agency=dossier.company_id.name,
                    )
                )
        department = user.sudo().employee_id.department_id
        for dossier in self:
            guard.unlocked(dossier.sudo().current_step_id).write(
                {"user_id": user.id, "department_id": department.id}
            )
        self._move(
            "assign",
            vals_by_id={
                dossier.id: {"user_id": user.id, "department_id": department.id}
                for dossier in self
            },
            content=text,
            data={"user": user.id, "name": user.name},
        )
        return True

    def action_pass_step(self, user=None, content=None):
        """End the current step and hand the dossier to the next one.

        The step before the signature sends the dossier for signature; the last step
        before the return makes the result ready.

        :param user: who takes the next step; ``None`` lets the process decide
        """
        user = self._record("res.users", user)
        if self._passed_before():
            return True
        for dossier in self:
            upcoming = dossier._next_step()
            if dossier.state == "to_sign":
                dossier._finish_or_pass(content)
            elif upcoming.role == "sign":
                dossier.action_send_to_sign(content=content)
            else:
                text = dossier._begin("pass_step", content)
                behalf = dossier._actor()
                data = dossier._hand_over_data(upcoming, user)
                vals = dossier._hand_over(upcoming, user)
                dossier._move(
                    "pass_step",
                    vals_by_id={dossier.id: vals},
                    content=text,
                    data=data,
                    step=upcoming.name,
                    on_behalf_of=behalf,
                )
        return True

    def _passed_before(self):
        """Whether a first request passed the step on that the person saw.

        The button says which step it saw (``cchc_step`` in the context), so that a
        double click or a request repeated after a lost answer does not pass the next
        step as well.

        :raises UserError: when somebody else moved the dossier meanwhile
        """
        seen = self.env.context.get("cchc_step")
        if len(self) != 1 or not isinstance(seen, int) or not seen:
            return False
        # Whoever comes second waits here for the first.
        self._lock()
        if self.sudo().current_step_id.id == seen:
            return False
        step = self.sudo().step_ids.filtered(lambda step: step.id == seen)
        if step.state == "done" and step.done_by_id == self.env.user:
            return True
        raise UserError(
            self.env._(
                "%s was moved meanwhile: look at it before you go on.",
                self.display_name,
            )
        )

    def _next_step(self):
        """Return the step after the current one (empty after the last)."""
        self.ensure_one()
        steps = self.sudo().step_ids.sorted(lambda step: (step.sequence, step.id))
        return steps.filtered(lambda step: step.state == "waiting")[:1]

    def _hand_over_data(self, upcoming, user=None):
        """Return what the ledger keeps of a hand-over for the control slip: to whom,
        and whether the step that ends here kept its time.

        Read before the step is ended; the row of the step is used again when the
        dossier is sent back.
        """
        self.ensure_one()
        current = self.sudo().current_step_id
        taker = (user or upcoming.user_id).sudo()
        body = taker.employee_id.department_id or upcoming.sudo().department_id
        name = body.name
        if not upcoming or upcoming.role in _AFTER_RESULT:
            desk = self.receiving_company_id.sudo()
            name = desk.cchc_desk_name or desk.name
        result = current.due_at and self._judge(
            replay.now(self.env), current.due_at, False, self._working_time()
        )
        return {
            "hand_over": {
                "to": taker.name or "",
                "to_body": name or "",
                "step_result": result["timeliness"] if result else "",
            }
        }

    def _hand_over(self, upcoming, user=None, now=None):
        """End the current step, start ``upcoming`` and return the dossier's values."""
        self.ensure_one()
        now = now or replay.now(self.env)
        current = self.sudo().current_step_id
        if current:
            guard.unlocked(current).write(
                {
                    "state": "done",
                    "ended_at": now,
                    "done_by_id": self.env.user.id,
                    "on_behalf_of_id": self._actor().id,
                }
            )
        if not upcoming:
            return {"current_step_id": False, "user_id": False, "step_due_at": False}
        taker = user or upcoming.user_id
        due = self._step_due(now, upcoming.planned_amount, upcoming.planned_unit)
        guard.unlocked(upcoming.sudo()).write(
            {
                "state": "current",
                "started_at": now,
                "due_at": due,
                "user_id": taker.id,
            }
        )
        return {
            "current_step_id": upcoming.id,
            "user_id": taker.id,
            "department_id": (
                taker.sudo().employee_id.department_id or upcoming.department_id
            ).id,
            "step_due_at": due,
        }

    def action_consult(self, content=None, reason=None):
        """Ask another body for its opinion; the clock goes on."""
        if content is None and reason is None:
            return self._ask("consult")
        text = self._begin("consult", content, reason)
        self._move("consult", content=text)
        return True

    def action_consulted(self, content=None):
        """Note the opinion of the consulted body."""
        text = self._begin("consulted", content)
        self._move("consulted", content=text)
        return True

    def action_transfer(self, content=None):
        """Send the dossier to the competent agency."""
        text = self._begin("transfer", content)
        agencies = {dossier.id: dossier.company_id.sudo().name for dossier in self}
        self._move(
            "transfer",
            content=text,
            per_dossier={
                dossier_id: {"data": {"hand_over": {"to_body": name}}}
                for dossier_id, name in agencies.items()
            },
        )
        return True

    def action_arrive(self, content=None):
        """Confirm that the competent agency has the dossier; its clock starts."""
        text = self._begin("arrive", content)
        now = replay.now(self.env)
        vals_by_id = {}
        for dossier in self:
            vals = {}
            if dossier.receiving_company_id != dossier.company_id:
                guard.unlocked(dossier.sudo()).write({"clock_start_at": now})
                vals = dossier._dates()
            vals_by_id[dossier.id] = vals
        self._move("arrive", vals_by_id=vals_by_id, content=text)
        return True

    # ------------------------------------------------------------------
    # Stops of the clock
    # ------------------------------------------------------------------
    def action_request_supplement(self, content=None, reason=None, paper=None):
        """Ask the applicant for a supplement after appraisal; the clock stops.

        Counted: guidance must be complete in one time (NĐ 118/2025/NĐ-CP Đ.17), and
        the number allowed is a setting of the deadline rule.

        :param paper: what form 02 shall list, as in :meth:`action_ask_completion`
        """
        if content is None and reason is None:
            return self._ask("request_supplement")
        text = self._begin("request_supplement", content, reason)
        paper = forms.clean(forms.SUPPLEMENT, paper)
        now = replay.now(self.env)
        vals_by_id, papers = {}, {}
        for dossier in self:
            dossier._actor()
            allowed = dossier.sudo().deadline_rule_id.supplement_max
            if dossier.supplement_count >= allowed:
                raise UserError(
                    self.env._(
                        "%(code)s has been supplemented %(count)s time(s), the most "
                        "that is allowed: settle it or refuse settlement.",
                        code=dossier.name,
                        count=dossier.supplement_count,
                    )
                )
            expires = dossier._supplement_expiry(now)
            dossier._stop_clock("supplement", now, text, expires)
            vals_by_id[dossier.id] = {
                "supplement_count": dossier.supplement_count + 1,
                "supplement_expires_at": expires,
            }
            papers[dossier.id] = {
                **paper,
                "reason": text,
                "count": dossier.supplement_count + 1,
            }
        self._move(
            "request_supplement",
            vals_by_id=vals_by_id,
            content=self._with_parts(text, paper),
            papers=papers,
        )
        return True

    def _supplement_expiry(self, now):
        """Return the last moment for the supplement, or ``False`` when none is set."""
        self.ensure_one()
        days = self.deadline_rule_id.supplement_limit_days
        return days and self._step_due(now, days, "working_day")

    def action_request_finance(self, content=None, reason=None, resume_on_payment=None):
        """Notify a financial obligation; the clock stops until it is met.

        :param resume_on_payment: the clock runs again by itself once every fee of the
            dossier is paid; by default what the reason says
        """
        if content is None and reason is None:
            return self._ask("request_finance")
        text = self._begin("request_finance", content, reason)
        if resume_on_payment is None:
            reason = self._record("cchc.reason", reason)
            resume_on_payment = bool(reason and reason.resume_on_payment)
        now = replay.now(self.env)
        for dossier in self:
            dossier._stop_clock(
                "finance", now, text, resume_on_payment=bool(resume_on_payment)
            )
        self._move("request_finance", content=text)
        return True

    def _stop_clock(self, kind, now, content, expires=False, **vals):
        """Open a pause; it moves no date when the due date has been missed already."""
        self.ensure_one()
        pauses = self.env["cchc.dossier.pause"].sudo()
        # the index on the one open pause has to see that an earlier one was ended
        pauses.flush_model(["date_to"])
        guard.unlocked(pauses).create(
            {
                "dossier_id": self.id,
                "kind": kind,
                "date_from": now,
                "expires_at": expires,
                "content": content,
                "counts": not self.late_at,
                **vals,
            }
        )

    def action_resume(self, content=None):
        """Let the clock run again: supplement complete or obligation met.

        The due date moves by the rule of the dossier: the waiting time is taken out or
        the limit is counted anew (NĐ 61/2018/NĐ-CP Đ.19 k.4).
        """
        self._resume(self._begin("resume", content))
        return True

    def _resume(self, content, **line):
        """End the stops of the clock of dossiers that may go on, now."""
        now = replay.now(self.env)
        vals_by_id = {dossier.id: dossier._end_stop(now) for dossier in self}
        self._move("resume", vals_by_id=vals_by_id, content=content, **line)

    def _end_stop(self, now):
        """End the open stop of the clock and return the dates that follow from it."""
        self.ensure_one()
        stop = self.sudo().pause_ids.filtered(lambda pause: not pause.date_to)
        guard.unlocked(stop).write({"date_to": now})
        vals = self._dates()
        step = self.sudo().current_step_id
        if step.due_at and stop:
            step_due = naive(
                self._working_time().add_pauses(
                    *(self._aware(step.started_at), self._aware(step.due_at)),
                    [(self._aware(stop.date_from), self._aware(now))],
                )
            )
            guard.unlocked(step).write({"due_at": step_due})
            vals["step_due_at"] = step_due
        vals["supplement_expires_at"] = False
        return vals

    @api.model
    def _aware(self, moment):
        return fields.Datetime.context_timestamp(self, moment)

    # ------------------------------------------------------------------
    # Signature
    # ------------------------------------------------------------------
    def action_send_to_sign(self, content=None):
        """Send the dossier to the signer; the approvals set up for it are requested."""
        text = self._begin("send_to_sign", content)
        vals_by_id, per_dossier = {}, {}
        for dossier in self:
            behalf = dossier._actor()
            upcoming = dossier._signing_step()
            data = dossier._hand_over_data(upcoming)
            vals = dossier._hand_over(upcoming)
            vals["signed_at"] = False
            vals_by_id[dossier.id] = vals
            per_dossier[dossier.id] = {
                "step": upcoming.name,
                "on_behalf_of": behalf,
                "data": data,
            }
        self._move(
            "send_to_sign",
            vals_by_id=vals_by_id,
            per_dossier=per_dossier,
            content=text,
        )
        for dossier in self:
            dossier.request_validation()
        return True

    def _signing_step(self):
        """Return the next step of signature; steps before it are left out openly."""
        self.ensure_one()
        steps = self.sudo().step_ids.sorted(lambda step: (step.sequence, step.id))
        waiting = steps.filtered(lambda step: step.state == "waiting")
        sign = waiting.filtered(lambda step: step.role == "sign")[:1]
        skipped = waiting.filtered(
            lambda step: sign and (step.sequence, step.id) < (sign.sequence, sign.id)
        )
        guard.unlocked(skipped).write({"state": "skipped"})
        return sign

    def action_sign(self, content=None):
        """Sign: approve what waits for the current person (or for whom he stands in).

        When every approval is there the dossier goes to the registry step, or its
        result is ready.
        """
        for dossier in self:
            reviewed = bool(dossier.sudo().review_ids)
            text = dossier._begin("sign", content, check_role=not reviewed)
            if dossier._signed_before():
                continue
            if reviewed:
                # The mixin checks the reviewer and comes back to _decided.
                reviews = dossier._cchc_reviews_to_decide()
                dossier._cchc_decide(reviews, "approved", text)
            else:
                dossier._signed(text, self.env["res.users"])
        return True

    def _signed_before(self):
        """Whether the current person has signed already and only sends it again.

        :raises UserError: when somebody else has signed
        """
        self.ensure_one()
        if not self.signed_at:
            return False
        last = self.sudo().event_ids.filtered(lambda event: event.kind == "sign")
        if last.sorted("sequence")[-1:].user_id == self.env.user:
            return True
        raise UserError(self.env._("%s has been signed already.", self.display_name))

    def _cchc_decide(self, reviews, status, comment=False):
        """Decide approvals, and move the dossier when the decision is complete."""
        self._mark_missed()
        result = super()._cchc_decide(reviews, status, comment)
        behalf = reviews.sudo().on_behalf_of_id[:1]
        if status == "rejected":
            self._sent_back(comment, behalf)
        elif self.validation_status == "validated":
            self._signed(comment, behalf)
        return result

    def _cchc_log_approval(self, review, outcome, user, on_behalf_of, comment):
        self.env["cchc.dossier.event"].append(
            [
                {
                    "dossier": self,
                    "kind": "approval",
                    "from_state": self.state,
                    "content": (
                        self.env._(
                            "Passed on to %(user)s: %(reason)s",
                            user=review.forwarded_to_id.name,
                            reason=comment,
                        )
                        if outcome == "forwarded"
                        else comment or ""
                    ),
                    "on_behalf_of": on_behalf_of,
                    "data": {
                        "outcome": outcome,
                        "tier": review.name or "",
                        "user": user.id,
                        **(
                            {"forwarded_to": review.forwarded_to_id.id}
                            if outcome == "forwarded"
                            else {}
                        ),
                    },
                }
            ]
        )

    @api.model
    def _cchc_guarded_states(self):
        return list(GUARDED_STATES)

    def _signed(self, text, behalf):
        """Note the signature and go on to registry, or to the result."""
        self.ensure_one()
        now = replay.now(self.env)
        self._move(
            "sign",
            vals_by_id={self.id: {"signed_at": now}},
            content=text,
            on_behalf_of=behalf,
            step=self.sudo().current_step_id.name,
            data=self._hand_over_data(self._next_step()),
        )
        self._finish_or_pass(None, signing=True)

    def _finish_or_pass(self, content, signing=False):
        """Take the step after the signature; after the last the result is ready."""
        self.ensure_one()
        if not signing:
            self._begin("finish", content)
            self._check_signed()
        upcoming = self._next_step()
        data = self._hand_over_data(upcoming)
        vals = self._hand_over(upcoming)
        if upcoming and upcoming.role not in _AFTER_RESULT:
            guard.unlocked(self.sudo()).write(vals)
            self._cchc_schedule_alerts()
            return
        refusal = self.is_refusal
        self._end(
            "finish_refusal" if refusal else "finish",
            content or (refusal and self.refusal_content) or "",
            vals,
            data=data,
        )

    def _check_signed(self):
        """Refuse to make a result ready before the signature."""
        self.ensure_one()
        if not self.signed_at:
            raise UserError(
                self.env._(
                    "%s is not signed yet: the result can be made ready only "
                    "after the signature.",
                    self.name,
                )
            )

    def action_send_back(self, content=None, reason=None):
        """Send the dossier back from the signer to the handler, with a reason."""
        if content is None and reason is None:
            return self._ask("send_back")
        for dossier in self:
            pending = dossier.sudo().review_ids.filtered(
                lambda review: review.status in ("waiting", "pending")
            )
            text = dossier._begin("send_back", content, reason, check_role=not pending)
            if pending:
                reviews = dossier._cchc_reviews_to_decide()
                dossier._cchc_decide(reviews, "rejected", text)
            else:
                dossier._sent_back(text, self.env["res.users"])
        return True

    def _sent_back(self, text, behalf):
        """Give the dossier back to the last step of handling."""
        self.ensure_one()
        now = replay.now(self.env)
        steps = self.sudo().step_ids.sorted(lambda step: (step.sequence, step.id))
        back = (
            steps.filtered(lambda step: step.role == "handle")[-1:]
            or steps.filtered(lambda step: step.role == "review")[-1:]
            or self.sudo().current_step_id
        )
        again = steps.filtered(
            lambda step: (step.sequence, step.id) > (back.sequence, back.id)
        )
        data = self._hand_over_data(back, back.done_by_id or back.user_id)
        guard.unlocked(again).write({"state": "waiting", "ended_at": False})
        handler = back.done_by_id or back.user_id
        due = self._step_due(now, back.planned_amount, back.planned_unit)
        guard.unlocked(back).write(
            {
                "state": "current",
                "ended_at": False,
                "user_id": handler.id,
                "due_at": due,
            }
        )
        self._move(
            "send_back",
            vals_by_id={
                self.id: {
                    "current_step_id": back.id,
                    "user_id": handler.id,
                    "department_id": (
                        handler.employee_id.department_id or back.department_id
                    ).id,
                    "step_due_at": due,
                    "signed_at": False,
                }
            },
            content=text,
            on_behalf_of=behalf,
            step=back.name,
            data=data,
        )

    # ------------------------------------------------------------------
    # Ends
    # ------------------------------------------------------------------
    def _end(self, key, text, vals=None, **line):
        """Make the move ``key`` that ends the clock of the dossiers, now."""
        if TRANSITION[key].late_reason:
            self._check_late_reason()
        now = replay.now(self.env)
        vals_by_id = {}
        for dossier in self:
            vals_by_id[dossier.id] = {
                **(vals or {}),
                "ended_at": now,
                "supplement_expires_at": False,
                **dossier._timeliness_vals(now),
            }
            stop = dossier.sudo().pause_ids.filtered(lambda pause: not pause.date_to)
            guard.unlocked(stop).write({"date_to": now})
        self._drop_apologies()
        self._move(key, vals_by_id=vals_by_id, content=text, **line)

    def action_return_result(self, content=None):
        """Hand the result to the applicant; the dossier is closed."""
        text = self._begin("return_result", content)
        now = replay.now(self.env)
        vals_by_id = {}
        for dossier in self:
            vals = dossier._hand_over(self.env["cchc.dossier.step"])
            vals["returned_at"] = now
            vals_by_id[dossier.id] = vals
        self._move("return_result", vals_by_id=vals_by_id, content=text)
        return True

    def action_withdraw(self, content=None, reason=None, paper=None):
        """End the dossier because the applicant takes it back.

        :param paper: what form 05 shall say: ``basis``, ``give_back`` (how papers and
            fees come back), ``sign_mode``
        """
        if content is None and reason is None:
            return self._ask("withdraw")
        text = self._begin("withdraw", content, reason)
        basis = self._record("cchc.reason", reason)
        papers = self._letter_papers(text, basis, paper)
        self._end("withdraw", text, self._no_step(), papers=papers)
        return True

    def action_stop(self, content=None, reason=None, paper=None):
        """Stop settlement: supplement not brought in time, or another legal ground.

        :param paper: what form 05 shall say: ``basis``, ``give_back`` (how papers and
            fees come back), ``sign_mode``
        """
        if content is None and reason is None:
            return self._ask("stop")
        text = self._begin("stop", content, reason)
        basis = self._record("cchc.reason", reason)
        papers = self._letter_papers(text, basis, paper)
        self._end("stop", text, self._no_step(), papers=papers)
        return True

    def _letter_papers(self, text, reason, paper):
        """Return what the letters of these dossiers hold."""
        data = dict(paper) if isinstance(paper, dict) else {}
        if reason and not data.get("basis"):
            data["basis"] = reason.legal_basis
        return dict.fromkeys(self.ids, {**data, "reason": text.rstrip(". ")})

    @api.model
    def _no_step(self):
        return {"current_step_id": False, "user_id": False, "step_due_at": False}

    # ------------------------------------------------------------------
    # Extension
    # ------------------------------------------------------------------
    def action_extend(self, due_at=None, content=None, reason=None, paper=None):
        """Give a new appointment with an apology, as often as the rule allows.

        Form 04 is issued in the same transaction and the applicant is told.

        :param due_at: new appointment, naive UTC; later than the present one
        :param reason: reason of the delay, compulsory (``cchc.reason``)
        :param paper: ``sign_mode`` of the one who signs
        :raises UserError: once too often, without a reason, or for a date that is not
            later
        """
        if due_at is None:
            return self._ask("extend")
        text = self._begin("extend", content, reason)
        reason = self._delay_reason(reason)
        due_at = fields.Datetime.to_datetime(due_at)
        now = replay.now(self.env)
        vals_by_id, papers = {}, self._letter_papers(text, None, paper)
        for dossier in self:
            dossier._check_extension(due_at, now)
            guard.unlocked(self.env["cchc.dossier.extension"].sudo()).create(
                {
                    "dossier_id": dossier.id,
                    "number": dossier.extension_count + 1,
                    "granted_at": now,
                    "user_id": self.env.user.id,
                    "due_before": dossier.due_at,
                    "due_at": due_at,
                    "reason_id": reason.id,
                    "content": text,
                    "in_time": not dossier.late_at,
                    "notice_kept": dossier._notice_is_kept(now),
                }
            )
            papers[dossier.id] = {
                **papers[dossier.id],
                "due_before": fields.Datetime.to_string(dossier.due_at),
                "due_at": fields.Datetime.to_string(due_at),
            }
            vals_by_id[dossier.id] = {
                "due_at": due_at,
                "extension_count": dossier.extension_count + 1,
                "late_reason_id": reason.id,
            }
        self._drop_apologies()
        self._move("extend", vals_by_id=vals_by_id, content=text, papers=papers)
        return True

    def _delay_reason(self, reason):
        """Return the reason of a delay, which an apology has to name."""
        reason = self._record("cchc.reason", reason)
        if not reason or reason.kind != "late":
            raise UserError(
                self.env._(
                    "Choose the reason of the delay: the apology must name it "
                    "(NĐ 61/2018/NĐ-CP Đ.19 k.9)."
                )
            )
        return reason

    def _notice_is_kept(self, now):
        """Whether an apology sent at ``now`` keeps the notice of the rule."""
        self.ensure_one()
        days = self.sudo().deadline_rule_id.extension_notice_days
        return bool(self.due_at) and self.due_at - now >= timedelta(days=days)

    def _check_extension(self, due_at, now):
        """Refuse an extension too many and a date that is no later appointment."""
        self.ensure_one()
        if not self.extensions_left:
            raise UserError(
                self.env._(
                    "%(code)s has been given a new appointment %(count)s time(s), the "
                    "most that its deadline rule allows (NĐ 61/2018/NĐ-CP Đ.19 k.9): "
                    "settle it without another one.",
                    code=self.name,
                    count=self.extension_count,
                )
            )
        if due_at <= max(self.due_at, now):
            raise UserError(
                self.env._(
                    "The new appointment of %(code)s must be later than the present "
                    "one (%(due)s) and than now.",
                    code=self.name,
                    due=fields.Datetime.context_timestamp(self, self.due_at).strftime(
                        "%H:%M %d/%m/%Y"
                    ),
                )
            )

    # ------------------------------------------------------------------
    # Mending a mistake openly
    # ------------------------------------------------------------------
    def action_void(self, content=None, reason=None):
        """Void an accepted dossier and open its replacement as a draft.

        The void code stays visible; the replacement keeps the start of the clock, so
        nothing is won by voiding. Refused once work has begun or the date was missed.
        """
        if content is None and reason is None:
            return self._ask("void")
        text = self._begin("void", content, reason)
        fresh = self.browse()
        for dossier in self:
            if dossier.late_at:
                raise UserError(
                    self.env._(
                        "%s has missed its due date and cannot be voided.",
                        dossier.name,
                    )
                )
            replacement = guard.unlocked(dossier).copy(
                {
                    "received_at": dossier.clock_start_at,
                    "replaces_id": dossier.id,
                    "company_id": dossier.company_id.id,
                }
            )
            fresh |= replacement.with_env(self.env)
            self.browse(dossier.id)._end(
                "void",
                text,
                {**self._no_step(), "replaced_by_id": replacement.id},
            )
        fresh._void_papers_of(self)
        if len(fresh) == 1:
            return fresh.action_open_reception()
        return True

    def _void_papers_of(self, voided):
        """Hook: the papers issued for ``voided`` dossiers are void as well."""

    # ------------------------------------------------------------------
    # Hooks for approvals and alerts
    # ------------------------------------------------------------------
    is_refusal = fields.Boolean(
        string="Refuse Settlement",
        copy=False,
        help="The document to sign refuses settlement; it is the result and must be "
        "sent inside the time limit (NĐ 61/2018/NĐ-CP Đ.19 k.8)",
    )
    refusal_content = fields.Text(copy=False)

    @api.model
    def _clock_states(self):
        """Return the states by what the clock does, for searches and reports."""
        return {"running": RUNNING_STATES, HELD: HELD_STATES}
