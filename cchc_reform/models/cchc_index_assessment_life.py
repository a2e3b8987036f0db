from contextlib import contextmanager

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import scoring
from ..tools.scoring import exact
from .cchc_index_assessment import SENT


class CchcIndexAssessmentLife(models.Model):
    """Steps of an assessment: who takes it where, until when.

    ``draft → self_scored → submitted → appraised_1 → explained → appraised_2 →
    published``; approval by a leader is the tier approval of ``cchc.approved.mixin``.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.index.assessment"  # pylint: disable=consider-merging-classes-inherited

    # --- Who

    def _check_person(self, who):
        """Raise unless the person stands where this step is taken.

        :param who: ``agency`` or ``superior``
        """
        if self.env.su:
            return
        for record in self:
            if who == "superior":
                if record._may_appraise():
                    continue
                raise AccessError(
                    self.env._(
                        "%(assessment)s is appraised by %(superior)s.",
                        assessment=record.sudo().name,
                        superior=record.sudo().superior_id.name,
                    )
                )
            if (
                not self.env.user.has_group("cchc_reform.group_officer")
                or record.company_id not in self.env.user.company_ids
            ):
                raise AccessError(
                    self.env._(
                        "%(assessment)s is scored by the reform officer of %(agency)s.",
                        assessment=record.sudo().name,
                        agency=record.sudo().company_id.name,
                    )
                )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "%(assessment)s is in the state “%(state)s”; this step needs "
                        "“%(wanted)s”.",
                        assessment=record.sudo().name,
                        state=labels[record.state],
                        wanted=labels[states[0]],
                    )
                )

    def _check_deadline(self, name):
        """Raise when the round has closed this step."""
        for record in self.sudo():
            day = record.round_id[name]
            today = record.company_id._cchc_local_date(fields.Datetime.now())
            if day and today > day and not record.is_own:
                raise UserError(
                    self.env._(
                        "“%(step)s” %(day)s is over: ask %(superior)s to move the day "
                        "of the round.",
                        step=record.round_id._label(name),
                        day=day.strftime("%d/%m/%Y"),
                        superior=record.superior_id.name,
                    )
                )

    # --- Self-scoring

    def _cchc_check_submission(self):
        self._check_person("agency")
        leaves = self._leaves()
        if open_ones := leaves.filtered(lambda line: not line.is_filled):
            raise UserError(
                self.env._(
                    "%(count)s criteria are not scored yet, first “%(name)s”; enter "
                    "what was reached or tick “Scored”.",
                    count=len(open_ones),
                    name=open_ones[0].criterion_id.display_name,
                )
            )
        missing = leaves.filtered(
            lambda line: (
                line.evidence_missing and not (line.evidence_note or "").strip()
            )
        )
        if missing:
            raise UserError(
                self.env._(
                    "%(count)s criteria have no evidence, first “%(name)s”; add a "
                    "document or a file, or say in the remark why there is none.",
                    count=len(missing),
                    name=missing[0].criterion_id.display_name,
                )
            )

    def _cchc_check_amend(self):
        self._check_person("agency")
        if self.state not in ("draft", "self_scored"):
            raise UserError(
                self.env._(
                    "%s was sent in: only the superior sends it back.",
                    self.display_name,
                )
            )

    def action_send(self):
        """Send approved self-scores in (chốt điểm): time and files stay as they are."""
        self._check_person("agency")
        self._check_state("self_scored")
        self._check_deadline("deadline_self")
        for record in self:
            if record.round_id and record.round_id.sudo().state != "open":
                raise UserError(
                    self.env._("“%s” is not open.", record.round_id.sudo().name)
                )
            record._freeze()
        return True

    def _freeze(self):
        """Keep scores and evidence as they are, and propose the scores to the superior
        as those of the first appraisal."""
        free = unlocked(self.sudo())
        free.activity_unlink(["mail.mail_activity_data_todo"])
        for line in free._leaves():
            line.write({"appraised_1": line.self_score, "appraised_1_na": line.self_na})
        free._freeze_evidence()
        free.write(
            {
                "state": "submitted",
                "submitted_at": fields.Datetime.now(),
                "submitted_by_id": self.env.uid,
            }
        )

    def _freeze_evidence(self):
        """Hook: keep what the evidence was when the scores were sent in."""

    # --- The superior and the explanations

    def action_return(self):
        """Send self-scores back to the agency; it scores, approves and sends anew.

        The reason stands in ``cchc_reason`` of the context, see the wizard.
        """
        self._check_person("superior")
        self._check_state("submitted", "appraised_1")
        reason = self.env.context.get("cchc_reason")
        if not reason:
            return self._ask("return")
        for record in self:
            free = unlocked(record.sudo())
            free._cchc_remove_reviews("restarted")
            free.evidence_ids.unlink()
            with record._logged(reason):
                free.write(
                    {
                        "state": "draft",
                        "appraisal": 0,
                        "submitted_at": False,
                        "submitted_by_id": False,
                        "approved_by_id": False,
                        "approved_at": False,
                    }
                )
            record._note(self.env._("Sent back: %s", reason))
            record._tell_agency(
                "deadline_self",
                lambda told: told.env._("Score the index again: %s", reason),
            )
        return True

    def _note(self, text):
        self.sudo()._message_log(body=Markup("<p>%s</p>") % text)

    def _check_comments(self, number):
        """Raise when points are taken away without a comment."""
        for line in self._leaves():
            before = line.self_score if number == 1 else line.appraised_1
            lower = line[f"appraised_{number}"] < before
            if lower and not (line[f"comment_{number}"] or "").strip():
                raise UserError(
                    self.env._(
                        "Say in a comment why points of “%s” are taken away.",
                        line.criterion_id.sudo().display_name,
                    )
                )

    def action_appraise_1(self):
        """Finish the first appraisal (thẩm định lần 1)."""
        self._check_person("superior")
        self._check_state("submitted")
        for record in self:
            record._check_comments(1)
            unlocked(record.sudo()).write({"state": "appraised_1", "appraisal": 1})
            if record._losing():
                record._tell_agency(
                    "deadline_explain",
                    lambda told: told.env._(
                        "Explain the points taken away from the index of %s", told.year
                    ),
                )
        return True

    def _losing(self):
        """Return the criteria that the appraisal leaves fewer points than declared."""
        return self._leaves().filtered(
            lambda line: line.appraised_score < line.self_score
        )

    def action_explain(self):
        """Close the explanations on deducted lines (chốt giải trình)."""
        self._check_person("agency")
        self._check_state("appraised_1")
        self._check_deadline("deadline_explain")
        return self._begin_second()

    def action_end_explanation(self):
        """Go on without (further) explanations, once their day is over."""
        self._check_person("superior")
        self._check_state("appraised_1")
        for record in self.sudo():
            day = record.round_id.deadline_explain
            today = record.company_id._cchc_local_date(fields.Datetime.now())
            if record._losing() and not record.is_own and (not day or today <= day):
                raise UserError(
                    self.env._(
                        "%(agency)s may explain until %(day)s; wait for it or change "
                        "the day of the round.",
                        agency=record.company_id.name,
                        day=day.strftime("%d/%m/%Y") if day else "…",
                    )
                )
        return self._begin_second()

    def _begin_second(self):
        for record in self:
            free = unlocked(record.sudo())
            free.activity_unlink(["mail.mail_activity_data_todo"])
            for line in free._leaves():
                line.write(
                    {
                        "appraised_2": line.appraised_1,
                        "appraised_2_na": line.appraised_1_na,
                    }
                )
            free.write({"state": "explained"})
        return True

    def action_appraise_2(self):
        """Finish the second appraisal (thẩm định lần 2): scores are final."""
        self._check_person("superior")
        self._check_state("explained")
        for record in self:
            record._check_comments(2)
            unlocked(record.sudo()).write({"state": "appraised_2", "appraisal": 2})
        return True

    def action_reopen(self):
        """Take the second appraisal back, before it is published."""
        self._check_person("superior")
        self._check_state("appraised_2")
        unlocked(self.sudo()).write({"state": "explained", "appraisal": 1})
        return True

    def _publish(self, number, day):
        """Publish by a decision; from now on nothing changes any more."""
        self.write(
            {
                "state": "published",
                "decision_number": number,
                "decision_date": day,
            }
        )

    def _tell_opened(self):
        """Give the officers of the agencies the to-do of their self-score."""
        self._tell_agency(
            "deadline_self",
            lambda told: told.env._("Score the reform index of %s", told.year),
        )

    def _tell_agency(self, deadline, say):
        """Give the officers of the agencies a to-do.

        :param deadline: the day of the round until which it is to be done
        :param say: gives its text for a record, in the language of who is told
        """
        officers = self.env.ref("cchc_reform.group_officer").sudo().all_user_ids
        for record in self.sudo():
            due = record.round_id[deadline] or fields.Date.context_today(self)
            for user in officers.filtered(
                lambda user, agency=record.company_id: agency in user.company_ids
            ):
                told = record.with_context(lang=user.lang)
                told.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=due,
                    user_id=user.id,
                    summary=say(told),
                )

    # --- Survey, bonus, deduction

    @contextmanager
    def _changing_results(self, reason):
        """Check that the superior may still decide, and note what changes."""
        self._check_person("superior")
        self._check_state(*SENT[:-1])
        with self._logged(reason):
            yield unlocked(self.sudo())

    def _set_survey(self, score, maximum, answers, source):
        """Enter the result of the survey that stands beside the criteria.

        :param score: points reached
        :param maximum: out of so many
        :param source: the document or the survey that gives it
        :raises UserError: for points outside of 0 to the maximum
        """
        self.ensure_one()
        if maximum <= 0 or not 0 <= score <= maximum:
            raise UserError(
                self.env._(
                    "The result of a survey lies between 0 and its maximum; correct "
                    "the points."
                )
            )
        with self._changing_results(source) as free:
            free.write(
                {
                    "has_survey": True,
                    "survey_score": score,
                    "survey_maximum": maximum,
                    "survey_answers": answers,
                    "survey_source": source,
                }
            )

    def _class_by_points(self):
        """Return the class that the points reach."""
        self.ensure_one()
        return self._class_of(self._final())

    def _class_of(self, points):
        """Return the class that so many points reach, of the round or of the set."""
        owner = self.round_id.sudo() or self.set_id.sudo()
        classes = owner._classes() if self.round_id else owner.class_ids
        found = scoring.class_of(
            points, [(exact(row.threshold), row) for row in classes]
        )
        return found or classes.browse()

    def _ask(self, what):
        """Open the form that asks what a step needs."""
        return {
            "type": "ir.actions.act_window",
            "name": dict(
                self.env["cchc.index.decide"]
                ._fields["what"]
                ._description_selection(self.env)
            )[what],
            "res_model": "cchc.index.decide",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_assessment_id": self.id,
                "default_what": what,
            },
        }

    def action_ask_survey(self):
        """Ask for the result of the survey."""
        self.ensure_one()
        return self._ask("survey")

    def action_ask_extra(self):
        """Ask for bonus points or a deduction of the superior."""
        self.ensure_one()
        return self._ask("extra")

    def action_ask_publish(self):
        """Ask for the decision, of an agency whose superior appraises elsewhere."""
        self.ensure_one()
        return self._ask("publish")
