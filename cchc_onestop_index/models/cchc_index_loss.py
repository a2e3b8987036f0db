from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import sources
from .cchc_index_component import GROUPS

#: An id is that of what costs points times this, plus the component.
_STRIDE = 10_000
_KINDS = ("dossier", "procedure", "petition", "slip")
#: Sources in which a dossier can still be mended by digitising it.
_DIGITAL = frozenset({"digitised", "result_file", "reused", "online"})
#: Forms of a dossier that open where it can be mended.
_FORMS = {
    "digitise": "cchc_onestop_index.cchc_dossier_view_form_digitise",
    "pay": "cchc_onestop_index.cchc_dossier_view_form_pay",
}


class CchcIndexLoss(models.Model):
    """What costs points in the index: one row per component and what it lacks.

    The same conditions as those of the figure, so there are as many rows as the
    denominator is above the numerator. The period is ``cchc_index_from`` and
    ``cchc_index_to`` of the context, else the running one of the agency in use. Slips
    and petitions stand here only for whom their own rules show them.
    """

    _name = "cchc.index.loss"
    _description = "What Costs Points"
    _auto = False
    _order = "cost desc, can_mend desc, id desc"
    _rec_name = "component_id"

    company_id = fields.Many2one("res.company", "Agency", readonly=True)
    component_id = fields.Many2one("cchc.index.component", readonly=True)
    group = fields.Selection(GROUPS, readonly=True)
    kind = fields.Selection(
        [
            ("dossier", "Dossier"),
            ("procedure", "Procedure"),
            ("petition", "Petition"),
            ("slip", "Slip"),
        ],
        readonly=True,
    )
    dossier_id = fields.Many2one("cchc.dossier", readonly=True)
    procedure_id = fields.Many2one("cchc.procedure", readonly=True)
    petition_id = fields.Many2one("cchc.petition", readonly=True)
    evaluation_id = fields.Many2one("cchc.evaluation", readonly=True)
    number = fields.Integer(readonly=True, help="Always 1, to be counted")
    cost = fields.Float(
        "Points It Costs",
        readonly=True,
        digits=(8, 4),
        help="What the index gains when it is mended, as of the last preview",
    )
    mend = fields.Selection(
        [
            ("digitise", "Digitise it"),
            ("offer", "Offer the procedure online"),
            ("advise", "Advise applicants to send it online"),
            ("pay", "Advise applicants to pay online"),
            ("answer", "Answer it"),
            ("hurry", "Settle it before it gets worse"),
            ("none", "Cannot be mended any more"),
        ],
        "What Can Be Done",
        readonly=True,
    )
    can_mend = fields.Boolean("Can Be Mended", readonly=True)
    what = fields.Char(compute="_compute_what")

    # ------------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------------
    @api.model
    def _days(self):
        """Return the first and the last day of the period."""
        context = self.env.context
        if context.get("cchc_index_from") and context.get("cchc_index_to"):
            return (
                fields.Date.to_date(context["cchc_index_from"]),
                fields.Date.to_date(context["cchc_index_to"]),
            )
        company = self.env.company
        period = company._cchc_index_period(
            company._cchc_local_date(fields.Datetime.now())
        )
        return period.start, period.end

    @property
    def _table_query(self):
        days = self._days()
        components = self.env["cchc.index.component"].sudo()
        scope = components._scope(self.env.companies, *days)
        self.env.flush_all()
        branches = []
        for component in components._on(days[1]):
            word, _sep, key = component.source.partition("_")
            branches += [
                SQL("(%s)", branch)
                for branch in getattr(self, f"_rows_{word}", self._rows_none)(
                    component, key, scope
                )
            ]
        return SQL(
            """
            WITH d AS (%(received)s), q AS (%(procedures)s), p AS (%(petitions)s),
                 x AS (%(branches)s)
            SELECT x.*, 1 AS number, x.mend NOT IN ('none', 'hurry') AS can_mend,
                   coalesce(line.unit, 0) AS cost
              FROM x
              LEFT JOIN (
                   SELECT DISTINCT ON (l.company_id, l.component_id)
                          l.company_id, l.component_id, l.unit
                     FROM cchc_index_snapshot_line l
                     JOIN cchc_index_snapshot s ON s.id = l.snapshot_id
                    WHERE s.date_from = %(first)s AND s.date_to = %(last)s
                      AND l.company_id = ANY(%(companies)s)
                    ORDER BY l.company_id, l.component_id, l.week DESC
                   ) line ON line.company_id = x.company_id
                         AND line.component_id = x.component_id
            """,
            received=sources.received(scope.bounds),
            procedures=sources.procedures(scope.bounds, days),
            petitions=sources.petitions(scope.bounds),
            branches=SQL(" UNION ALL ").join(branches),
            first=days[0],
            last=days[1],
            companies=list(scope.company_ids),
        )

    @api.model
    def _rows_none(self, component, key, scope):
        """Nothing is listed of what the system does not count."""
        return []

    @api.model
    def _row(self, component, kind, owner, condition, mend):
        """Return the rows of one kind; ``owner`` is the table in the statement."""
        record = SQL.identifier(owner, "procedure_id" if owner == "q" else "id")
        ids = dict.fromkeys(_KINDS, SQL("NULL::int")) | {kind: record}
        return SQL(
            """
            SELECT %(record)s::bigint * %(stride)s + %(component)s AS id,
                   %(company)s AS company_id, %(component)s AS component_id,
                   %(group)s AS "group", %(kind)s AS kind,
                   %(dossier)s AS dossier_id, %(procedure)s AS procedure_id,
                   %(petition)s AS petition_id, %(slip)s AS evaluation_id,
                   %(mend)s AS mend
              FROM %(table)s WHERE %(condition)s
            """,
            record=record,
            stride=_STRIDE,
            component=component.id,
            company=SQL.identifier(owner, "company_id"),
            group=component.group,
            kind=kind,
            mend=mend,
            table=SQL("cchc_evaluation e") if owner == "e" else SQL.identifier(owner),
            condition=condition,
            **ids,
        )

    @api.model
    def _readable(self, model, domain=()):
        """Return the ids of what the reader sees of a model, nothing without access."""
        records = self.env[model]
        if not records.has_access("read"):
            return SQL("(NULL)")
        return SQL("(%s)", records._search(list(domain)).subselect())

    @api.model
    def _rows_dossier(self, component, key, scope):
        if key == "satisfied":
            return self._rows_satisfied(component, scope)
        applies, met = sources.DOSSIER[key]
        if key in _DIGITAL:
            mend = SQL("'digitise'")
            if key == "online":
                mend = SQL(
                    "CASE WHEN d.channel = 'online' THEN 'digitise' ELSE 'none' END"
                )
        elif key == "on_time":
            mend = SQL("CASE WHEN d.is_over THEN 'none' ELSE 'hurry' END")
        else:
            mend = SQL("CASE WHEN d.fee_open THEN 'pay' ELSE 'none' END")
        condition = SQL("%s AND NOT %s", applies, met)
        return [self._row(component, "dossier", "d", condition, mend)]

    @api.model
    def _rows_satisfied(self, component, scope):
        """Late dossiers, petitions and slips, the last two as their rules show them."""
        slips = self._readable(
            "cchc.evaluation",
            [("level", "=", "dissatisfied"), ("company_id", "in", scope.company_ids)],
        )
        published = SQL(
            """e.id IN %(slips)s AND EXISTS (
                SELECT 1 FROM cchc_evaluation_result r
                  JOIN (VALUES %(zones)s) c(id, tz) ON c.id = r.company_id
                 WHERE r.company_id = e.company_id AND r.state = 'published'
                   AND r.is_sum IS NOT TRUE AND r.date_from >= %(first)s
                   AND r.date_to <= %(last)s
                   AND e.evaluated_at >= (r.date_from::timestamp AT TIME ZONE c.tz)
                       AT TIME ZONE 'UTC'
                   AND e.evaluated_at < ((r.date_to + 1)::timestamp AT TIME ZONE c.tz)
                       AT TIME ZONE 'UTC')""",
            slips=slips,
            zones=SQL(", ").join(
                SQL("(%s, %s)", company.id, company._cchc_tz().key)
                for company in self.env["res.company"].sudo().browse(scope.company_ids)
            ),
            first=scope.days[0],
            last=scope.days[1],
        )
        applies, met = sources.COMPLAINT
        return [
            self._row(
                component,
                "dossier",
                "d",
                SQL("d.late"),
                SQL("CASE WHEN d.is_over THEN 'none' ELSE 'hurry' END"),
            ),
            self._row(
                component,
                "petition",
                "p",
                SQL(
                    "%s AND %s AND p.id IN %s",
                    applies,
                    met,
                    self._readable("cchc.petition"),
                ),
                SQL("'none'"),
            ),
            self._row(component, "slip", "e", published, SQL("'none'")),
        ]

    @api.model
    def _rows_procedure(self, component, key, scope):
        applies, met = sources.PROCEDURE[key]
        mend = {
            "offered_online": "offer",
            "used_online": "advise",
            "paid_online": "pay",
        }[key]
        condition = SQL("%s AND NOT (%s)", applies, met)
        return [self._row(component, "procedure", "q", condition, SQL("%s", mend))]

    @api.model
    def _rows_petition(self, component, key, scope):
        applies, met = sources.PETITION[key]
        condition = SQL(
            "%s AND NOT (%s) AND p.id IN %s",
            applies,
            met,
            self._readable("cchc.petition"),
        )
        mend = SQL("CASE WHEN p.is_open THEN 'answer' ELSE 'none' END")
        return [self._row(component, "petition", "p", condition, mend)]

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------
    @api.depends("dossier_id", "procedure_id", "petition_id", "evaluation_id")
    def _compute_what(self):
        for loss in self:
            record = (
                loss.dossier_id
                or loss.procedure_id
                or loss.petition_id
                or loss.evaluation_id
            )
            loss.what = record.display_name

    @api.model
    def _open_list(self, company, domain, name, snapshot=None):
        """Return the action that lists what costs points."""
        context = {}
        if snapshot:
            context["cchc_index_from"] = fields.Date.to_string(snapshot.date_from)
            context["cchc_index_to"] = fields.Date.to_string(snapshot.date_to)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_index.cchc_index_loss_action"
        )
        domain &= Domain("company_id", "=", company.id)
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(domain),
            "context": context,
        }

    def action_open(self):
        """Open what costs points, where it can be mended."""
        self.ensure_one()
        record = (
            self.dossier_id
            or self.petition_id
            or self.evaluation_id
            or self.procedure_id
        )
        form = self.mend in _FORMS and record == self.dossier_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(form and self.env.ref(_FORMS[self.mend]).id, "form")],
        }
