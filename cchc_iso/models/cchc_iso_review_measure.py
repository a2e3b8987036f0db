from odoo import api, models

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
            text = f"{int(value)} / {figure.denominator}"
        else:
            sign = " %" if unit == "percent" else ""
            number = f"{value:.2f}".replace(".", ",")
            text = f"{number}{sign} ({figure.numerator}/{figure.denominator})"
        return self._fact(
            key, label, text, source, figure.numerator, figure.denominator
        )

    def _fact(self, code, name, value, source, numerator=0, denominator=0, detail=""):
        return {
            "code": code,
            "name": name,
            "value": str(value),
            "source": source,
            "numerator": numerator,
            "denominator": denominator,
            "detail": detail,
        }

    def _count(self, code, name, part, whole, source, records=None):
        """Return a count out of a whole, with the records that make it up."""
        detail = ""
        if records:
            names = records[:_LISTED].mapped("display_name")
            detail = "\n".join(names)
            if len(records) > _LISTED:
                more = len(records) - _LISTED
                detail += "\n" + self.env._("and %s more", more)
        return self._fact(code, name, f"{part}/{whole}", source, part, whole, detail)

    def _source(self, model):
        """Name the rows that were counted, in the language of the reader."""
        names = {
            "cchc.dossier.pause": self.env._("Stops of dossiers"),
            "cchc.dossier.step": self.env._("Steps of dossiers"),
            "cchc.evaluation": self.env._("Evaluation slips"),
            "cchc.iso.objective.measure": self.env._("Measured objectives"),
            "cchc.iso.objective.plan": self.env._("Plans of objectives"),
            "cchc.iso.record": self.env._("Process records"),
            "cchc.iso.risk": self.env._("Register of risks"),
            "cchc.publication.line": self.env._("Publication decisions"),
            "mgmtsystem.action": self.env._("Actions"),
            "mgmtsystem.audit": self.env._("Audits"),
            "mgmtsystem.nonconformity": self.env._("Nonconformities"),
            "mgmtsystem.system": self.env._("Quality system"),
            "mgmtsystem.verification.line": self.env._("Findings of audits"),
        }
        return f"{names[model]} ({model})"

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
        source = self._source("mgmtsystem.action")
        yield self._count(
            "actions_ended",
            self.env._("Actions of earlier reviews done"),
            len(ended),
            len(actions),
            source,
            actions - ended,
        )
        late = actions.filtered("is_late")
        yield self._count(
            "actions_late",
            self.env._("Of these overdue"),
            len(late),
            len(actions),
            source,
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
        yield self._count(
            "procedures_changed",
            self.env._("Procedures new, amended or repealed"),
            len(changes),
            len(changes),
            self._source("cchc.publication.line"),
            changes.procedure_id,
        )
        if moved := review.system_id.sudo().reorganised_on:
            yield self._fact(
                "reorganised",
                self.env._("Agency merged or reorganised on"),
                f"{moved:%d/%m/%Y}",
                self._source("mgmtsystem.system"),
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
        comments = [slip.comment for slip in slips if slip.comment]
        yield self._fact(
            "dissatisfied",
            self.env._("Slips of dissatisfied citizens"),
            len(slips),
            self._source("cchc.evaluation"),
            len(slips),
            detail="\n".join(comments[:_LISTED]),
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
        yield self._fact(
            "objectives_met",
            self.env._("Targets met in closed periods"),
            f"{len(met)}/{len(measures)}",
            self._source("cchc.iso.objective.measure"),
            len(met),
            len(measures),
            "\n".join(measure._sentence() for measure in measures[:_LISTED]),
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
        source = self._source("mgmtsystem.nonconformity")
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
            yield self._count(code, name, len(found), total, source, found)
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
                    *self._moments("ended_at", scope),
                ]
            )
        )
        yield self._count(
            "records",
            self.env._("Process records of ended dossiers"),
            records,
            ended,
            self._source("cchc.iso.record"),
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
            self._source("mgmtsystem.audit"),
            audits,
        )
        lines = closed.line_ids
        labels = dict(lines._fields["finding"]._description_selection(self.env))
        for key in ("nc_major", "nc_minor", "observation", "ofi"):
            found = lines.filtered(lambda line, key=key: line.finding == key)
            yield self._count(
                f"finding_{key}",
                labels[key],
                len(found),
                len(lines),
                self._source("mgmtsystem.verification.line"),
                found,
            )

    def _facts_c7(self, review, scope):
        """Providers from outside: systems that failed, bodies that answered late."""
        pauses = (
            self.env["cchc.dossier.pause"]
            .sudo()
            .search(
                [
                    ("dossier_id.company_id", "=", scope.company_id),
                    ("kind", "=", "outage"),
                    *self._moments("date_from", scope),
                ]
            )
        )
        yield self._fact(
            "outages",
            self.env._("Dossiers stopped by an outage of a linked system"),
            len(pauses.dossier_id),
            self._source("cchc.dossier.pause"),
            len(pauses.dossier_id),
        )

    def _facts_d(self, review, scope):
        """How much each person who settles dossiers had to do."""
        self.env.cr.execute(
            """
            SELECT count(*), count(DISTINCT step.done_by_id)
              FROM cchc_dossier_step step
              JOIN cchc_dossier dossier ON dossier.id = step.dossier_id
             WHERE dossier.company_id = %s AND step.state = 'done'
               AND step.ended_at >= %s AND step.ended_at < %s
            """,
            (scope.company_id, scope.start, scope.end),
        )
        steps, people = self.env.cr.fetchone()
        value = value_of(steps, people, "ratio")
        yield self._fact(
            "steps_per_person",
            self.env._("Steps done per person"),
            f"{value if value is not None else 0} ({steps}/{people})".replace(".", ","),
            self._source("cchc.dossier.step"),
            steps,
            people,
        )
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
            self._source("cchc.iso.objective.plan"),
            plans - done,
        )

    def _facts_e(self, review, scope):
        risks = self._of_agency("cchc.iso.risk", scope, [])
        source = self._source("cchc.iso.risk")
        treated = risks.filtered(lambda risk: risk.state in ("treated", "closed"))
        yield self._count(
            "risks_treated",
            self.env._("Risks and opportunities treated"),
            len(treated),
            len(risks),
            source,
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
            source,
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
            source,
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
            self._source("mgmtsystem.action"),
            actions,
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
            self._source("mgmtsystem.verification.line"),
            len(offered),
            detail="\n".join(offered[:_LISTED].mapped("display_name")),
        )
