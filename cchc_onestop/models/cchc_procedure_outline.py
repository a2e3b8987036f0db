from datetime import UTC, date
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..tools.code_template import CodeSeries
from ..tools.guard import is_unlocked, unlocked
from ..tools.term import Term
from ..tools.working_time import DeadlineRule, WorkingTime

# One outline per content of catalogue, calendar, rules and code templates. As with the
# engines of calendars, the key holds what changes with that content and is read in the
# transaction of whoever asks, so that no worker can meet an outline of other content.
_OUTLINES = LRU(4096)

#: What a dossier's step takes over from the step of the process.
_STEP_FIELDS = ("sequence", "name", "role", "planned_amount", "planned_unit", "output")
#: What of an agency and of its calendar reception needs: read in one statement and
#: put where the ORM looks, because reading one column of an agency reads them all.
_COMPANY_FIELDS = ("parent_path", "resource_calendar_id", "cchc_alert_hour")
_CALENDAR_FIELDS = ("tz", "cchc_token")
_PROCEDURE_FIELDS = ("plan_token", "repealed_from")


class Promise(NamedTuple):
    """A time limit with the rule by which it is counted."""

    term: Term
    rule_id: int
    rule: DeadlineRule


class Outline(NamedTuple):
    """What the catalogue says to the reception of a dossier, as plain values.

    ``steps`` holds a dict per step of the process; ``user_ids`` in it are all
    candidates, also those who have left since. ``transfer`` is the rule of handing
    over to another agency, if there is one. ``code`` makes the dossier codes.
    """

    day: date
    version_id: int
    process_id: int | bool
    statutory: Promise | None
    committed: Promise | None
    transfer: DeadlineRule | None
    code: CodeSeries
    steps: tuple
    calendar_id: int
    working: WorkingTime


class Facts(NamedTuple):
    """What the plan of a reception follows from, as it is in this transaction."""

    company_path: str
    unit_code: str | None
    calendar_id: int | None
    calendar_token: str | None
    tz: str | None
    procedure: tuple
    rules: tuple
    templates: tuple


class CchcProcedure(models.Model):
    """What reception needs of a procedure: read once, as long as nothing changes."""

    _inherit = "cchc.procedure"

    plan_token = fields.Char(
        default=lambda self: uuid4().hex,
        copy=False,
        readonly=True,
        help="Changes with every change of the versions and processes in force",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_plan_token(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_plan_token([vals])
        return super().write(vals)

    def _check_plan_token(self, vals_list):
        if any("plan_token" in vals for vals in vals_list) and not is_unlocked(
            self.env
        ):
            raise UserError(self.env._("The token of a procedure is not typed in."))

    def _renew_plan_token(self):
        """Note that versions or processes in force have changed."""
        quiet = self.sudo().with_context(tracking_disable=True)
        for procedure in unlocked(quiet):
            procedure.plan_token = uuid4().hex

    def _reception_outline(self, now, dossier):
        """Return the :class:`Outline` for a dossier received at ``now``.

        :param now: naive UTC moment of the reception
        :param dossier: draft, or a record in memory, with its agencies, channel, case
        :raises UserError: when the procedure cannot be received on that day
        """
        self.ensure_one()
        procedure, company = self.sudo(), dossier.company_id.sudo()
        receiving = dossier.receiving_company_id.sudo()
        facts = procedure._reception_facts(company, receiving)
        zone = ZoneInfo(facts.tz) if facts.tz else company._cchc_tz()
        day = now.replace(tzinfo=UTC).astimezone(zone).date()
        key = (
            self.env.cr.dbname,
            self.id,
            company.id,
            receiving.id,
            dossier.channel,
            dossier.case_id.id,
            day,
            facts,
        )
        outline = _OUTLINES.get(key)
        if outline is None:
            outline = procedure._make_outline(
                day, company, receiving, dossier.channel, dossier.case_id.sudo()
            )
            _OUTLINES[key] = outline
        return outline

    def _reception_facts(self, company, receiving):
        """Return the :class:`Facts` of a reception in one statement.

        Rules and templates are told apart by where PostgreSQL keeps their present
        rows: every change of one makes a new row (``xmin`` is its transaction,
        ``ctid`` its place).
        """
        env = self.env
        calendars = env["resource.calendar"].sudo()
        self.flush_model(_PROCEDURE_FIELDS)
        company.flush_model([*_COMPANY_FIELDS, "cchc_unit_code"])
        calendars.flush_model(_CALENDAR_FIELDS)
        env["cchc.deadline.rule"].flush_model()
        env["cchc.code.template"].flush_model()
        # Look-ups by key, one after the other: planning their join takes longer.
        env.cr.execute(
            SQL(
                """
                SELECT company.parent_path, company.cchc_alert_hour,
                       calendar.id, calendar.cchc_token, calendar.tz,
                       (SELECT cchc_unit_code FROM res_company WHERE id = %s),
                       (SELECT ARRAY[plan_token, repealed_from::text]
                          FROM cchc_procedure WHERE id = %s),
                       (SELECT array_agg(xmin::text || ctid)
                          FROM cchc_deadline_rule),
                       (SELECT array_agg(xmin::text || ctid)
                          FROM cchc_code_template)
                  FROM res_company company
             LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
                 WHERE company.id = %s
                """,
                receiving.id,
                self.id,
                company.id,
            )
        )
        path, alert_hour, calendar_id, token, tz, unit, own, rules, templates = (
            env.cr.fetchone()
        )
        if own is None:
            raise UserError(
                env._("The procedure was deleted meanwhile: choose another one.")
            )
        calendar = calendars.browse(calendar_id or ())
        _keep(company, _COMPANY_FIELDS, path, calendar_id, alert_hour)
        _keep(calendar, _CALENDAR_FIELDS, tz, token)
        return Facts(
            path,
            unit,
            calendar_id,
            token,
            tz,
            tuple(own),
            tuple(rules or ()),
            tuple(templates or ()),
        )

    def _make_outline(self, day, company, receiving, channel, case):
        version = self._check_receivable(day, company)
        limits = version._limits(channel, case, company, day)
        rules = self.env["cchc.deadline.rule"]
        promises = {}
        for clock in ("statutory", "committed"):
            term = getattr(limits, clock)
            rule = term and rules._get_rule(term.rule or term.unit, day, company)
            promises[clock] = rule and Promise(term, rule.id, rule.sudo()._to_rule())
        calendar = company.resource_calendar_id
        return Outline(
            day=day,
            version_id=version.id,
            process_id=limits.process.id,
            transfer=None
            if receiving == company
            else rules._get_rule("transfer", day, company).sudo()._to_rule(),
            code=self.env["cchc.code.template"]._for(receiving, day)._series(receiving),
            steps=tuple(
                {
                    "process_step_id": step.id,
                    "department_id": step.department_id.id,
                    "user_ids": step.user_ids.ids,
                    **{name: step[name] for name in _STEP_FIELDS},
                }
                for step in limits.process.with_context(active_test=False).step_ids
            ),
            calendar_id=calendar.id,
            working=calendar._cchc_working_time(),
            **promises,
        )


def _keep(record, names, *values):
    """Put what was just read into the cache, where nothing newer stands there."""
    for name, value in zip(names, values, strict=True):
        if record:
            record._fields[name]._insert_cache(record, [value])
