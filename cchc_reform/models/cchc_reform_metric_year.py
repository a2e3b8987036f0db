from fractions import Fraction

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cchc_reform_appointment import KINDS
from .cchc_reform_inspection import OWN_INSPECTORS

#: Prefix of the figures of one channel; its key and the number of the unit follow.
_CHANNEL = "communication_by_"


def _number(value):
    """Return what a statement added up, exactly."""
    if value is None:
        return 0
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


class CchcReformMetric(models.Model):
    """Figures of what officers write down over the year: a count for each register.

    What a figure adds up lies in the period by the day on which it happened: a visit by
    its day, an incoming document by its arrival, the total of a period by its last day.
    """

    # One file per source: see docs/architecture.md.
    _inherit = "cchc.reform.metric"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _add_up_each(self, scope, rows, terms):
        """Add rows up per agency, in one statement.

        :param rows: statement with ``company_id`` and what the terms name
        :param terms: ``{key: (aggregate, aggregate of the denominator or None)}``
        :return: rows as a source yields them
        """
        parts = [part for key in scope.keys for part in terms[key] if part is not None]
        found = self._rows(
            SQL(
                "SELECT company_id, %s FROM (%s) r GROUP BY company_id",
                SQL(", ").join(parts),
                rows,
            )
        )
        for company_id, *numbers in found:
            numbers = iter(numbers)
            for key in scope.keys:
                numerator = _number(next(numbers))
                over = terms[key][1] is not None
                yield (
                    company_id,
                    key,
                    numerator,
                    _number(next(numbers)) if over else None,
                )

    @api.model
    def _year_rows(self, scope, table, day="date"):
        """Return the rows of a register whose day lies in the period."""
        return SQL(
            "SELECT * FROM %s WHERE company_id = ANY(%s) AND %s BETWEEN %s AND %s",
            SQL.identifier(table),
            list(scope.companies),
            SQL.identifier(day),
            scope.date_from,
            scope.date_to,
        )

    @api.model
    def _year_domain(self, scope, day="date"):
        return Domain(
            [
                ("company_id", "in", list(scope.companies)),
                (day, ">=", scope.date_from),
                (day, "<=", scope.date_to),
            ]
        )

    # --- Documents

    @api.model
    def _source_document(self, scope):
        issued = SQL("direction = 'outgoing'")
        signed = SQL("%s AND signature_state = 'digital'", issued)
        conditions = {
            "document_issued": (issued, None),
            "document_received": (SQL("direction = 'incoming'"), None),
            "document_direction": (SQL("%s AND area_key = 'direction'", issued), None),
            "document_signed_share": (signed, issued),
        }
        rows = SQL(
            """SELECT d.id, d.company_id, d.direction, d.signature_state,
                      a.key AS area_key
                 FROM cchc_issued_document d
                 LEFT JOIN cchc_reform_area a ON a.id = d.area_id
                WHERE d.company_id = ANY(%s)
                  AND CASE WHEN d.direction = 'incoming'
                           THEN coalesce(d.received_on, d.date)
                           ELSE d.date END BETWEEN %s AND %s""",
            list(scope.companies),
            scope.date_from,
            scope.date_to,
        )
        return self._count_each(scope, rows, conditions)

    @api.model
    def _drill_document(self, key, scope):
        domain = self._year_domain(scope) & Domain("direction", "=", "outgoing")
        if key == "document_received":
            arrived = self._year_domain(scope, "received_on")
            unknown = self._year_domain(scope) & Domain("received_on", "=", False)
            domain = Domain("direction", "=", "incoming") & (arrived | unknown)
        elif key == "document_direction":
            domain &= Domain("area_id.key", "=", "direction")
        elif key == "document_signed_share":
            domain &= Domain("signature_state", "=", "digital")
        return "cchc.issued.document", domain

    # --- Inspections

    @api.model
    def _source_inspection(self, scope):
        own = SQL("inspector_type = ANY(%s)", list(OWN_INSPECTORS))
        conditions = {
            "inspection_visits": (own, None),
            "inspection_visits_received": (SQL("NOT (%s)", own), None),
            "inspection_visits_surprise": (
                SQL("%s AND form = 'surprise'", own),
                None,
            ),
            "inspection_visits_self": (SQL("form = 'self'"), None),
        }
        rows = self._year_rows(scope, "cchc_reform_inspection_visit", "day")
        return self._count_each(scope, rows, conditions)

    @api.model
    def _drill_inspection(self, key, scope):
        domain = self._year_domain(scope, "day")
        own = Domain("inspector_type", "in", OWN_INSPECTORS)
        domain &= {
            "inspection_visits": own,
            "inspection_visits_received": ~own,
            "inspection_visits_surprise": own & Domain("form", "=", "surprise"),
            "inspection_visits_self": Domain("form", "=", "self"),
        }[key]
        return "cchc.reform.inspection.visit", domain

    @api.model
    def _source_inspection_plan(self, scope):
        """Visits of inspections under plans: made by the last day over all."""
        rows = SQL(
            """SELECT v.id, v.company_id,
                      v.day IS NOT NULL AND v.day <= %(last)s AS made
                 FROM cchc_reform_inspection_visit v
                 JOIN cchc_reform_inspection i ON i.id = v.inspection_id
                WHERE v.company_id = ANY(%(companies)s) AND i.plan_id IS NOT NULL
                  AND i.state != 'cancelled'
                  AND coalesce(v.day, v.planned_on, i.date_from)
                      BETWEEN %(first)s AND %(last)s""",
            companies=list(scope.companies),
            first=scope.date_from,
            last=scope.date_to,
        )
        return self._count_each(
            scope, rows, {"inspection_plan_share": (SQL("made"), SQL("TRUE"))}
        )

    @api.model
    def _drill_inspection_plan(self, key, scope):
        domain = self._year_domain(scope, "day")
        domain &= Domain("inspection_id.plan_id", "!=", False)
        domain &= Domain("inspection_id.state", "!=", "cancelled")
        return "cchc.reform.inspection.visit", domain

    @api.model
    def _source_finding(self, scope):
        remedied = SQL(
            "state = 'confirmed' AND coalesce(remedied_on, day) <= %s", scope.date_to
        )
        terms = {
            "finding_total": (SQL("count(*)"), None),
            "finding_remedied": (
                SQL("count(*) FILTER (WHERE %s)", remedied),
                SQL("count(*)"),
            ),
            "finding_overdue": (
                SQL(
                    "count(*) FILTER (WHERE state = 'open' AND date_due < %s)",
                    scope.last_day,
                ),
                None,
            ),
            "inspection_violators": (SQL("sum(violator_count)"), None),
        }
        rows = self._year_rows(scope, "cchc_reform_inspection_finding", "day")
        return self._add_up_each(scope, rows, terms)

    @api.model
    def _drill_finding(self, key, scope):
        domain = self._year_domain(scope, "day")
        if key == "finding_remedied":
            domain &= Domain("state", "=", "confirmed")
            domain &= Domain("remedied_on", "<=", scope.date_to) | Domain(
                "remedied_on", "=", False
            )
        elif key == "finding_overdue":
            domain &= Domain("state", "=", "open")
            domain &= Domain("date_due", "<", scope.last_day)
        elif key == "inspection_violators":
            domain &= Domain("violator_count", ">", 0)
        return "cchc.reform.inspection.finding", domain

    @api.model
    def _inspected_departments(self, scope):
        """Return the rows of departments and whether each was self-inspected."""
        return SQL(
            """SELECT d.id, d.company_id, EXISTS (
                          SELECT 1 FROM cchc_reform_inspection_visit v
                           WHERE v.department_id = d.id AND v.form = 'self'
                             AND v.day BETWEEN %s AND %s) AS inspected
                 FROM hr_department d
                WHERE d.active AND d.company_id = ANY(%s)""",
            scope.date_from,
            scope.date_to,
            list(scope.companies),
        )

    @api.model
    def _source_self_inspection(self, scope):
        return self._count_each(
            scope,
            self._inspected_departments(scope),
            {"inspection_departments": (SQL("inspected"), SQL("TRUE"))},
        )

    @api.model
    def _drill_self_inspection(self, key, scope):
        self.env.flush_all()
        found = self._rows(
            SQL(
                "SELECT id FROM (%s) r WHERE inspected",
                self._inspected_departments(scope),
            )
        )
        return "hr.department", Domain("id", "in", [row[0] for row in found])

    # --- Communications

    @api.model
    def _source_communication(self, scope):
        terms = {
            "communication_entries": (SQL("count(*)"), None),
            "communication_channels": (SQL("count(DISTINCT channel_id)"), None),
            "communication_channels_online": (
                SQL(
                    "count(DISTINCT channel_id) FILTER (WHERE channel_kind = 'online')"
                ),
                None,
            ),
            "communication_channels_traditional": (
                SQL(
                    "count(DISTINCT channel_id) "
                    "FILTER (WHERE channel_kind = 'traditional')"
                ),
                None,
            ),
            "communication_cost": (SQL("sum(cost)"), None),
        }
        for key in scope.keys:
            if key.startswith(_CHANNEL):
                channel, unit = key.removeprefix(_CHANNEL).rsplit("_", 1)
                amount = SQL("quantity2" if unit == "2" else "quantity1")
                terms[key] = (
                    SQL("sum(%s) FILTER (WHERE channel = %s)", amount, channel),
                    None,
                )
        rows = SQL(
            """SELECT entry.company_id, entry.channel_id, entry.channel_kind,
                      entry.cost, entry.quantity1::numeric AS quantity1,
                      CASE WHEN channel.is_time THEN entry.minutes
                           ELSE entry.quantity2 END::numeric AS quantity2,
                      channel.key AS channel
                 FROM (%s) entry
                 JOIN cchc_reform_channel channel ON channel.id = entry.channel_id""",
            self._year_rows(scope, "cchc_reform_communication"),
        )
        timed = self._timed_channels()
        for company_id, key, numerator, denominator in self._add_up_each(
            scope, rows, terms
        ):
            if key in timed:
                # kept in minutes, told in hours
                numerator = _number(Fraction(numerator, 60))
            yield company_id, key, numerator, denominator

    @api.model
    def _timed_channels(self):
        """Return the keys of figures that are told in hours."""
        channels = (
            self.env["cchc.reform.channel"]
            .with_context(active_test=False)
            .search([("is_time", "=", True)])
        )
        return {f"{_CHANNEL}{channel.key}_2" for channel in channels}

    @api.model
    def _drill_communication(self, key, scope):
        domain = self._year_domain(scope)
        if key.startswith(_CHANNEL):
            channel, _unit = key.removeprefix(_CHANNEL).rsplit("_", 1)
            domain &= Domain("channel_id.key", "=", channel)
        elif key == "communication_channels_online":
            domain &= Domain("channel_kind", "=", "online")
        elif key == "communication_channels_traditional":
            domain &= Domain("channel_kind", "=", "traditional")
        elif key == "communication_cost":
            domain &= Domain("cost", ">", 0)
        return "cchc.reform.communication", domain

    @api.model
    def _planned_channels(self, scope):
        """Return the rows of what approved plans of the period plan of a channel, and
        whether all of it was done by its last day."""
        return SQL(
            """SELECT target.id, target.company_id,
                      coalesce(done.first, 0) >= target.planned1
                      AND coalesce(CASE WHEN channel.is_time THEN done.minutes / 60.0
                                        ELSE done.second END, 0)
                          >= target.planned2 AS met
                 FROM cchc_reform_communication_target target
                 JOIN cchc_reform_plan plan ON plan.id = target.plan_id
                 JOIN cchc_reform_channel channel ON channel.id = target.channel_id
                 LEFT JOIN LATERAL (
                      SELECT sum(entry.quantity1) AS first,
                             sum(entry.quantity2) AS second,
                             sum(entry.minutes) AS minutes
                        FROM cchc_reform_communication entry
                       WHERE entry.plan_id = target.plan_id
                         AND entry.channel_id = target.channel_id
                         AND entry.date <= %(last)s) done ON TRUE
                WHERE target.company_id = ANY(%(companies)s)
                  AND plan.state IN ('approved', 'closed')
                  AND %(last)s BETWEEN plan.date_from AND plan.date_to""",
            companies=list(scope.companies),
            last=scope.date_to,
        )

    @api.model
    def _source_communication_plan(self, scope):
        return self._count_each(
            scope,
            self._planned_channels(scope),
            {"communication_plan_share": (SQL("met"), SQL("TRUE"))},
        )

    @api.model
    def _drill_communication_plan(self, key, scope):
        self.env.flush_all()
        found = self._rows(
            SQL("SELECT id FROM (%s) r WHERE met", self._planned_channels(scope))
        )
        return "cchc.reform.communication.target", Domain(
            "id", "in", [row[0] for row in found]
        )

    # --- Training, appointments, initiatives, awards

    @api.model
    def _source_training(self, scope):
        terms = {
            "training_classes": (SQL("count(*)"), None),
            "training_persons": (SQL("sum(persons)"), None),
            "training_certificates": (SQL("sum(certificate_count)"), None),
            "training_cost": (SQL("sum(cost)"), None),
        }
        rows = self._year_rows(scope, "cchc_reform_training", "date_from")
        return self._add_up_each(scope, rows, terms)

    @api.model
    def _drill_training(self, key, scope):
        return "cchc.reform.training", self._year_domain(scope, "date_from")

    @api.model
    def _source_appointment(self, scope):
        terms = {"appointment_total": (SQL("sum(total)"), None)}
        for kind, _label in KINDS:
            column = SQL.identifier(f"{kind}_count")
            terms[f"appointment_{kind}"] = (SQL("sum(%s)", column), None)
        rows = SQL(
            "SELECT * FROM (%s) entry WHERE id NOT IN %s",
            self._year_rows(scope, "cchc_reform_appointment"),
            self.env["cchc.reform.appointment"]._covered_query(),
        )
        return self._add_up_each(scope, rows, terms)

    @api.model
    def _drill_appointment(self, key, scope):
        domain = self._year_domain(scope) & Domain("is_covered", "=", False)
        if key != "appointment_total":
            kind = key.removeprefix("appointment_")
            domain &= Domain(f"{kind}_count", ">", 0)
        return "cchc.reform.appointment", domain

    @api.model
    def _source_initiative(self, scope):
        recognised = SQL("is_recognised IS TRUE")
        conditions = {
            "initiative_total": (recognised, None),
            "initiative_prizes": (SQL("coalesce(prize, '') != ''"), None),
        }
        rows = self._year_rows(scope, "cchc_reform_initiative")
        return self._count_each(scope, rows, conditions)

    @api.model
    def _drill_initiative(self, key, scope):
        domain = self._year_domain(scope)
        if key == "initiative_prizes":
            domain &= Domain("prize", "not in", (False, ""))
        else:
            domain &= Domain("is_recognised", "=", True)
        return "cchc.reform.initiative", domain

    @api.model
    def _source_award(self, scope):
        conditions = {
            "award_total": (SQL("TRUE"), None),
            "award_collective": (SQL("recipient_type = 'collective'"), None),
            "award_individual": (SQL("recipient_type = 'individual'"), None),
        }
        rows = self._year_rows(scope, "cchc_reform_award")
        return self._count_each(scope, rows, conditions)

    @api.model
    def _drill_award(self, key, scope):
        domain = self._year_domain(scope)
        if key != "award_total":
            domain &= Domain("recipient_type", "=", key.removeprefix("award_"))
        return "cchc.reform.award", domain

    # --- Tasks that superiors gave

    @api.model
    def _task_conditions(self, keys):
        own = "plan_done_share_assigned"
        conditions = super()._task_conditions([key for key in keys if key != own])
        if own in keys:
            conditions[own] = (
                SQL("plan_type = 'assigned' AND counted AND done"),
                SQL("plan_type = 'assigned' AND counted"),
            )
        return conditions
