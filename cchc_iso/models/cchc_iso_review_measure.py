from odoo import api, fields, models

from ..tools.objective import METRICS, Figure, value_of

#: Rows that are written out behind a figure.
_LISTED = 100


class CchcIsoReviewMeasure(models.AbstractModel):
    """What each input of a management review is measured by.

    ``_facts_<key>(row, scope)`` yields dicts with ``code``, ``name``, ``value``,
    ``numerator``, ``denominator``, ``detail`` and ``source``.
    """

    _name = "cchc.iso.review.measure"
    _description = "Measuring of a Management Review"

    @api.model
    def _facts(self, row, scope):
        return list(getattr(self, f"_facts_{row.key}")(row.review_id, scope))

    # -- building blocks
    def _metric(self, key, scope):
        """Return a figure of the registry as a fact."""
        metrics = self.env["cchc.iso.metric"]
        label, source = metrics._labels()[key]
        figure = (metrics._measure(key, scope) or [Figure(0, 0)])[0]
        unit = METRICS[key].unit
        value = value_of(figure.numerator, figure.denominator, unit)
        if value is None:
            text = self.env._("nothing to measure")
        elif unit == "count":
            text = f"{int(value)}/{figure.denominator}" if figure.denominator else "0"
        else:
            sign = "\N{NO-BREAK SPACE}%" if unit == "percent" else ""
            number = f"{value:.2f}".replace(".", ",")
            text = f"{number}{sign} ({figure.numerator}/{figure.denominator})"
        return {
            "code": key,
            "name": label,
            "value": text,
            "source": source,
            "model": METRICS[key].model,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "detail": "",
        }

    def _fact(self, code, name, value, model, numerator=0, denominator=0, detail=()):
        """Return a figure.

        :param model: rows that were counted
        :param detail: lines of what is behind it; of many only the first are written
        """
        lines = [line for line in detail if line]
        if len(lines) > _LISTED:
            more = self.env._("and %s more", len(lines) - _LISTED)
            lines = [*lines[:_LISTED], more]
        return {
            "code": code,
            "name": name,
            "value": str(value),
            "source": self._source(model),
            "model": model,
            "numerator": numerator,
            "denominator": denominator,
            "detail": "\n".join(lines),
        }

    def _count(self, code, name, part, whole, model, detail=()):
        """Return a count out of a whole, with what makes it up."""
        if isinstance(detail, models.BaseModel):
            detail = detail.mapped("display_name")
        value = f"{part}/{whole}" if whole else "0"
        return self._fact(code, name, value, model, part, whole, detail)

    def _source(self, model):
        """Name the rows that were counted, in the language of the reader."""
        return {
            "cchc.bundle.line": self.env._("Parts of interlinked groups"),
            "cchc.dossier.pause": self.env._("Stops of dossiers"),
            "cchc.dossier.step": self.env._("Steps of dossiers"),
            "cchc.evaluation": self.env._("Evaluation slips"),
            "cchc.iso.document.ack": self.env._("Documents given out to be read"),
            "cchc.iso.objective.measure": self.env._("Measured objectives"),
            "cchc.iso.objective.plan": self.env._("Plans of objectives"),
            "cchc.iso.record": self.env._("Process records"),
            "cchc.iso.risk": self.env._("Register of risks"),
            "cchc.publication.line": self.env._("Publication decisions"),
            "cchc.receipt.outbox": self.env._("Messages to the provider of e-receipts"),
            "cchc.substitution": self.env._("Stand-ins"),
            "document.page.history": self.env._("Issues of documents"),
            "hr.employee": self.env._("Staff of the agency"),
            "mgmtsystem.action": self.env._("Actions"),
            "mgmtsystem.audit": self.env._("Audits"),
            "mgmtsystem.nonconformity": self.env._("Nonconformities"),
            "mgmtsystem.review.line": self.env._("Decisions of earlier reviews"),
            "mgmtsystem.system": self.env._("Quality system"),
            "mgmtsystem.verification.line": self.env._("Findings of audits"),
        }[model]

    @staticmethod
    def _line(*parts):
        return "; ".join(str(part) for part in parts if part)

    def _of_action(self, action):
        """Return an action as it stands now: who, until when, how far."""
        return self._line(
            action.display_name,
            action.user_id.name,
            action.date_deadline
            and self.env._("until %s", f"{action.date_deadline:%d/%m/%Y}"),
            action.stage_id.name,
        )

    def _of_finding(self, finding):
        return self._line(
            finding.display_name,
            finding.department_id.name,
            finding.due_date and self.env._("until %s", f"{finding.due_date:%d/%m/%Y}"),
            finding.stage_id.name,
        )

    def _of_agency(self, model, scope, domain):
        return (
            self.env[model]
            .sudo()
            .search([("company_id", "=", scope.company_id), *domain])
        )

    def _days(self, name, scope):
        return [(name, ">=", scope.date_from), (name, "<=", scope.date_to)]

    def _moments(self, name, scope):
        return [(name, ">=", scope.start), (name, "<", scope.end)]

    # -- a) to f)
    def _facts_a(self, review, scope):
        actions = review._earlier().line_ids.action_id
        ended = actions.filtered("is_ended")
        yield self._count(
            "actions_ended",
            self.env._("Actions of earlier reviews done"),
            len(ended),
            len(actions),
            "mgmtsystem.action",
            [self._of_action(action) for action in actions],
        )
        late = actions.filtered("is_late")
        yield self._count(
            "actions_late",
            self.env._("Of these overdue"),
            len(late),
            len(actions),
            "mgmtsystem.action",
            late,
        )

    def _facts_b(self, review, scope):
        changes = (
            self.env["cchc.publication.line"]
            .sudo()
            .search(
                [
                    ("decision_id.company_id", "parent_of", scope.company_id),
                    *self._days("valid_from", scope),
                ]
            )
        )
        yield self._fact(
            "procedures_changed",
            self.env._("Procedures new, amended or repealed"),
            len(changes),
            "cchc.publication.line",
            len(changes),
            detail=changes.procedure_id.mapped("display_name"),
        )
        issues = (
            self.env["document.page.history"]
            .sudo()
            .search(
                [
                    ("company_id", "=", scope.company_id),
                    ("state", "=", "approved"),
                    ("issue_no", ">", 0),
                    *self._days("effective_from", scope),
                ],
                order="effective_from, id",
            )
        )
        yield self._fact(
            "issues",
            self.env._("Issues of documents that came into force"),
            len(issues),
            "document.page.history",
            len(issues),
            detail=[
                self._line(
                    issue.page_id.display_name,
                    self.env._("issue %s", issue.issue_no),
                    f"{issue.effective_from:%d/%m/%Y}",
                )
                for issue in issues
            ],
        )
        moved = review.system_id.sudo().reorganised_on
        yield self._fact(
            "reorganised",
            self.env._("Agency merged or reorganised on"),
            f"{moved:%d/%m/%Y}" if moved else self.env._("no"),
            "mgmtsystem.system",
        )

    def _facts_c1(self, review, scope):
        yield self._metric("satisfaction", scope)
        slips = self._of_agency(
            "cchc.evaluation",
            scope,
            [
                *self._moments("evaluated_at", scope),
                ("level", "=", "dissatisfied"),
            ],
        )
        yield self._fact(
            "dissatisfied",
            self.env._("Slips of dissatisfied citizens"),
            len(slips),
            "cchc.evaluation",
            len(slips),
            detail=slips.mapped(lambda slip: slip.comment or ""),
        )

    def _facts_c2(self, review, scope):
        measures = self._of_agency(
            "cchc.iso.objective.measure",
            scope,
            [
                ("is_final", "=", True),
                ("is_current", "=", True),
                ("split_key", "=", ""),
                ("verdict", "in", ("pass", "fail")),
                ("period_to", ">=", scope.date_from),
                ("period_to", "<=", scope.date_to),
            ],
        )
        met = measures.filtered(lambda measure: measure.verdict == "pass")
        labels = {"pass": self.env._("met"), "fail": self.env._("missed")}
        yield self._count(
            "objectives_met",
            self.env._("Targets met in closed periods"),
            len(met),
            len(measures),
            "cchc.iso.objective.measure",
            [
                f"{measure._sentence().rstrip('.')}: {labels[measure.verdict]}"
                for measure in measures.sorted(
                    lambda measure: (measure.objective_id.sequence, measure.period_from)
                )
            ],
        )

    def _facts_c3(self, review, scope):
        for key in (
            "on_time_share",
            "late_count",
            "mean_time",
            "step_on_time_share",
            "supplements",
            "online_share",
        ):
            yield self._metric(key, scope)

    def _facts_c4(self, review, scope):
        raised = self._of_agency(
            "mgmtsystem.nonconformity",
            scope,
            [
                ("edition_id", "!=", False),
                ("state", "!=", "cancel"),
                *self._moments("create_date", scope),
            ],
        )
        major = raised.filtered(lambda nc: nc.category == "major")
        closed = raised.filtered(lambda nc: nc.state == "done")
        effective = closed.filtered(lambda nc: nc.effect == "effective")
        total = len(raised)
        for code, name, found in (
            ("nc_major", self.env._("Major nonconformities"), major),
            ("nc_closed", self.env._("Nonconformities closed"), closed),
            ("nc_effective", self.env._("With an effective action"), effective),
            (
                "nc_open",
                self.env._("Nonconformities still open"),
                raised - closed,
            ),
        ):
            # what is closed is named once, what is open with what is missing
            detail = () if code == "nc_effective" else found.mapped(self._of_finding)
            yield self._count(
                code, name, len(found), total, "mgmtsystem.nonconformity", detail
            )
        yield self._metric("findings_late", scope)
        yield self._metric("actions_on_time", scope)

    def _facts_c5(self, review, scope):
        ended = (
            self.env["cchc.dossier"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", scope.company_id),
                    ("state", "!=", "void"),
                    ("accepted_at", "!=", False),
                    *self._moments("ended_at", scope),
                ]
            )
        )
        records = (
            self.env["cchc.iso.record"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", scope.company_id),
                    ("kind", "=", "end"),
                    # as many as the dossiers beside them: those that were voided
                    # later keep their record, but no longer count
                    ("dossier_id.state", "!=", "void"),
                    *self._moments("ended_at", scope),
                ]
            )
        )
        yield self._count(
            "records",
            self.env._("Process records of ended dossiers"),
            records,
            ended,
            "cchc.iso.record",
        )
        yield self._metric("documents_overdue", scope)

    def _facts_c6(self, review, scope):
        audits = self._of_agency(
            "mgmtsystem.audit",
            scope,
            [("edition_id", "!=", False), *self._moments("date", scope)],
        )
        closed = audits.filtered(lambda audit: audit.state == "done")
        yield self._count(
            "audits",
            self.env._("Audits held and closed"),
            len(closed),
            len(audits),
            "mgmtsystem.audit",
            audits,
        )
        lines = closed.line_ids
        labels = {
            "nc_major": self.env._("Findings: major nonconformity"),
            "nc_minor": self.env._("Findings: minor nonconformity"),
            "observation": self.env._("Findings: observation"),
            "ofi": self.env._("Findings: opportunity for improvement"),
        }
        for key, label in labels.items():
            found = lines.filtered(lambda line, key=key: line.finding == key)
            yield self._count(
                f"finding_{key}",
                label,
                len(found),
                len(lines),
                "mgmtsystem.verification.line",
                found,
            )

    def _facts_c7(self, review, scope):
        """Providers from outside: systems that failed, bodies that answered late."""
        pauses = self._outages(scope)
        yield self._fact(
            "outages",
            self.env._("Dossiers stopped by an outage of a linked system"),
            len(pauses.dossier_id),
            "cchc.dossier.pause",
            len(pauses.dossier_id),
            detail=[self._of_outage(pause, review.company_id) for pause in pauses],
        )
        parts = (
            self.env["cchc.bundle.line"]
            .sudo()
            .search(
                [
                    ("group_id.receiving_company_id", "=", scope.company_id),
                    ("is_external", "=", True),
                    ("state", "in", ("running", "done", "failed")),
                    *self._moments("started_at", scope),
                ]
            )
        )
        done = parts.filtered(lambda part: part.state == "done")
        yield self._count(
            "parts_outside",
            self.env._("Parts given to agencies outside that were settled"),
            len(done),
            len(parts),
            "cchc.bundle.line",
            [
                self._line(part.group_id.name, part.name, part.agency_name)
                for part in parts - done
            ],
        )
        asked = parts.filtered("acknowledge_due_at")
        answered = asked.filtered(
            lambda part: (
                part.acknowledged_at and part.acknowledged_at <= part.acknowledge_due_at
            )
        )
        yield self._count(
            "parts_answered",
            self.env._("Of these acknowledged in time"),
            len(answered),
            len(asked),
            "cchc.bundle.line",
            [
                self._line(part.group_id.name, part.name, part.agency_name)
                for part in asked - answered
            ],
        )
        messages = self._of_agency(
            "cchc.receipt.outbox", scope, self._moments("create_date", scope)
        )
        taken = messages.filtered(lambda row: row.state in ("sent", "acknowledged"))
        yield self._count(
            "receipts_taken",
            self.env._("Messages that the provider of e-receipts took"),
            len(taken),
            len(messages),
            "cchc.receipt.outbox",
            (messages - taken).mapped(lambda row: row.error or ""),
        )

    def _outages(self, scope):
        """Return the stops of dossiers by an outage that begin in the period."""
        return (
            self.env["cchc.dossier.pause"]
            .sudo()
            .search(
                [
                    ("dossier_id.company_id", "=", scope.company_id),
                    ("kind", "=", "outage"),
                    *self._moments("date_from", scope),
                ],
                order="date_from, id",
            )
        )

    def _of_outage(self, pause, company):
        begun = company._cchc_local_time(pause.date_from)
        ended = pause.date_to and company._cchc_local_time(pause.date_to)
        return self._line(
            pause.dossier_id.name,
            f"{begun:%d/%m/%Y %H:%M}",
            ended and f"{ended:%d/%m/%Y %H:%M}",
            pause.content,
        )

    def _facts_d(self, review, scope):
        """People per load, what they were given, what stood still (7.1, 7.2, 7.3)."""
        company = review.company_id.sudo()
        work = self._work(scope)
        staff = self._of_agency("hr.employee", scope, [])
        yield self._count(
            "people",
            self.env._("People who carried out steps, of the staff"),
            len(work),
            len(staff),
            "hr.employee",
        )
        posts = staff.filtered("job_title")
        yield self._count(
            "posts",
            self.env._("Staff whose post is written down"),
            len(posts),
            len(staff),
            "hr.employee",
            staff - posts,
        )
        steps = sum(count for _user, count in work)
        value = value_of(steps, len(work), "ratio")
        yield self._fact(
            "steps_per_person",
            self.env._("Steps done per person"),
            f"{value or 0} ({steps}/{len(work)})".replace(".", ","),
            "cchc.dossier.step",
            steps,
            len(work),
            detail=[
                self._line(
                    user.name,
                    user.with_company(company).employee_id.job_title,
                    self.env._("%s steps", count),
                )
                for user, count in work
            ],
        )
        away = self._of_agency(
            "cchc.substitution",
            scope,
            [
                ("date_from", "<=", scope.date_to),
                ("date_to", ">=", scope.date_from),
                ("revoked_at", "=", False),
            ],
        )
        yield self._fact(
            "stand_ins",
            self.env._("Absences with a stand-in"),
            len(away),
            "cchc.substitution",
            len(away),
            detail=[
                self._line(
                    row.user_id.name,
                    f"{row.date_from:%d/%m/%Y} - {row.date_to:%d/%m/%Y}",
                    row.substitute_id.name,
                )
                for row in away
            ],
        )
        given = self._of_agency(
            "cchc.iso.document.ack", scope, self._days("due_date", scope)
        )
        read = given.filtered("is_read")
        yield self._count(
            "documents_read",
            self.env._("Documents read by those they were given to"),
            len(read),
            len(given),
            "cchc.iso.document.ack",
            [
                self._line(row.user_id.name, row.page_id.display_name)
                for row in given - read
            ],
        )
        yield self._lost_hours(company, scope)
        yield from self._facts_planned(review, scope)

    def _work(self, scope):
        """Return ``(user, steps done)`` of the period, who did most first."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT step.done_by_id, count(*)
              FROM cchc_dossier_step step
              JOIN cchc_dossier dossier ON dossier.id = step.dossier_id
             WHERE dossier.company_id = %s AND step.state = 'done'
               AND step.ended_at >= %s AND step.ended_at < %s
               AND step.done_by_id IS NOT NULL
             GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            (scope.company_id, scope.start, scope.end),
        )
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return [(users.browse(row[0]), row[1]) for row in self.env.cr.fetchall()]

    def _lost_hours(self, company, scope):
        """Return the working hours in which dossiers stood still for an outage; one
        that goes on counts until now, at most until the end of the period."""
        pauses = self._outages(scope)
        until = min(fields.Datetime.now(), scope.end)
        hours = 0
        if pauses:
            working = company.resource_calendar_id._cchc_working_time()
            moment = company._cchc_local_time
            hours = sum(
                working.elapsed_many(
                    [
                        (
                            moment(pause.date_from),
                            moment(min(pause.date_to or until, scope.end)),
                        )
                        for pause in pauses
                    ]
                )
            )
        # whole minutes, as every time of a dossier
        minutes = round(hours * 60)
        return self._fact(
            "outage_hours",
            self.env._("Working hours lost to outages, over all dossiers"),
            f"{value_of(minutes, 60, 'ratio')}".replace(".", ","),
            "cchc.dossier.pause",
            minutes,
            60,
        )

    def _facts_planned(self, review, scope):
        """What was planned or decided to be provided, and was."""
        plans = (
            self.env["cchc.iso.objective.plan"]
            .sudo()
            .search(
                [
                    ("company_id", "=", scope.company_id),
                    ("objective_id.state", "in", ("approved", "closed")),
                    *self._days("date_deadline", scope),
                ]
            )
        )
        done = plans.filtered("done_on")
        yield self._count(
            "plans_done",
            self.env._("Measures planned for the objectives done"),
            len(done),
            len(plans),
            "cchc.iso.objective.plan",
            [self._line(plan.name, plan.resources) for plan in plans - done],
        )
        decided = review._earlier().line_ids.filtered(
            lambda line: line.output == "resource"
        )
        provided = decided.filtered("action_id.is_ended")
        yield self._count(
            "resources_provided",
            self.env._("Resources decided by earlier reviews that were provided"),
            len(provided),
            len(decided),
            "mgmtsystem.review.line",
            [
                self._line(line.name, line.action_id.stage_id.name)
                for line in decided - provided
            ],
        )

    def _facts_e(self, review, scope):
        risks = self._of_agency("cchc.iso.risk", scope, [])
        treated = risks.filtered(lambda risk: risk.state in ("treated", "closed"))
        yield self._count(
            "risks_treated",
            self.env._("Risks and opportunities treated"),
            len(treated),
            len(risks),
            "cchc.iso.risk",
            risks - treated,
        )
        lower = risks.filtered(
            lambda risk: risk.residual_score and risk.residual_score < risk.score
        )
        yield self._count(
            "risks_lowered",
            self.env._("Rated lower after the treatment"),
            len(lower),
            len(risks),
            "cchc.iso.risk",
            lower,
        )
        due = risks.filtered(
            lambda risk: (
                risk.review_date
                and risk.review_date <= scope.date_to
                and risk.state != "closed"
            )
        )
        yield self._count(
            "risks_due",
            self.env._("Due for a new assessment"),
            len(due),
            len(risks),
            "cchc.iso.risk",
            due,
        )

    def _facts_f(self, review, scope):
        actions = self._of_agency(
            "mgmtsystem.action",
            scope,
            [
                ("edition_id", "!=", False),
                ("type_action", "=", "improvement"),
                *self._moments("create_date", scope),
            ],
        )
        ended = actions.filtered("is_ended")
        yield self._count(
            "improvements",
            self.env._("Improvements carried out"),
            len(ended),
            len(actions),
            "mgmtsystem.action",
            [self._of_action(action) for action in actions],
        )
        offered = self._of_agency(
            "mgmtsystem.verification.line",
            scope,
            [
                ("finding", "=", "ofi"),
                *self._moments("audit_id.date", scope),
            ],
        )
        yield self._fact(
            "opportunities",
            self.env._("Opportunities named by audits"),
            len(offered),
            "mgmtsystem.verification.line",
            len(offered),
            detail=offered.mapped("display_name"),
        )
