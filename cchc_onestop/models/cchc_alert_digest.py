from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.guard import unlocked
from .cchc_dossier_alert import naive_utc

#: Dossiers named to one person, and per department to a leader.
LINES = 20


class CchcAlertDigest(models.Model):
    """The one message a day to a person: what is overdue and due today.

    At the morning hour of the agency, on its working days; nothing is sent to who has
    nothing due. A leader also reads the figures of his agency by department. An
    absent person's part goes to his stand-in. The mail stays linked, so that a
    failure shows, and is tried again.
    """

    _name = "cchc.alert.digest"
    _description = "Daily Digest"
    _inherit = ["cchc.digest.mixin"]
    _order = "date desc, id desc"
    _rec_name = "user_id"

    overdue_count = fields.Integer(string="Overdue", readonly=True)
    today_count = fields.Integer(string="Due Today", readonly=True)

    _once_a_day = models.UniqueIndex(
        "(user_id, date)", "A person gets one digest a day."
    )
    _date_idx = models.Index("(date)")

    # -- the scheduled action
    @api.model
    def _agency_waits(self, company, now):
        """On working days, from the morning hour on, until everybody is served."""
        return bool(
            company.resource_calendar_id
            and company.cchc_digest_date != company._cchc_local_date(now)
            and company._cchc_digest_hour_has_come(now)
        )

    @api.model
    def _agency_served(self, company, now):
        company.cchc_digest_date = company._cchc_local_date(now)

    @api.model
    def _waiting_users(self, company, now):
        """Return the users of the agency without a digest of today."""
        today = company._cchc_local_date(now)
        served = self.sudo()._search([("date", "=", today)])
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("share", "=", False),
                    ("all_group_ids", "in", self._served_groups().ids),
                    ("id", "not in", served.subselect("user_id")),
                ],
                order="id",
            )
        )

    @api.model
    def _served_groups(self):
        """Return the groups whose members may have something to read."""
        return self.env.ref("cchc_onestop.group_base")

    # -- what other addons add
    @api.model
    def _further_of(self, company, users, today):
        """Hook: return ``{user id: data}`` of further work of these people."""
        return {}

    @api.model
    def _further_section(self, data, base_url):
        """Hook: return the section of further work, in the language of the context."""
        return Markup()

    @api.model
    def _further_subject(self, data, today):
        """Hook: return the subject of a message with nothing but further work."""
        return ""

    @api.model
    def _send_to(self, company, users, now):
        """Write and queue the digests of ``users`` who have something due."""
        today = company._cchc_local_date(now)
        day_end = naive_utc(
            datetime.combine(today + timedelta(days=1), time(), company._cchc_tz())
        )
        since = self._last_working_day(company, today)
        work = self._work_of(users, now, day_end)
        alerts = self._alerts_of(users, since)
        further = self._further_of(company, users, today)
        figures = {}
        vals_list = []
        for user in users:
            mine = work.get(user.id, [])
            table = []
            if user.has_group("cchc_onestop.group_leader"):
                for agency in user.company_ids:
                    if agency not in figures:
                        figures[agency] = self._figures(agency, now, day_end, since)
                    if figures[agency]["notable"]:
                        table.append((agency, figures[agency]))
            told = alerts.get(user.id, [])
            more = further.get(user.id)
            if mine or table or told or more:
                vals_list.append(
                    self._prepare(user, company, today, mine, table, told, more)
                )
        if vals_list:
            unlocked(self.sudo()).create(vals_list)

    @api.model
    def _last_working_day(self, company, today):
        """Return the moment at which the working day before ``today`` began."""
        working = company.resource_calendar_id._cchc_working_time()
        day = today - timedelta(days=1)
        while not working.is_working_day(day):
            day -= timedelta(days=1)
        return naive_utc(datetime.combine(day, time(), company._cchc_tz()))

    @api.model
    def _prepare(self, user, company, today, mine, table, told, more):
        """Return the values of a digest with its mail, in the person's language."""
        digest = self.with_context(lang=user.lang, tz=str(company._cchc_tz()))
        return digest._prepare_in_language(
            user, company, today, mine, table, told, more
        )

    @api.model
    def _prepare_in_language(self, user, company, today, mine, table, told, more):
        kinds = dict(
            self.env["cchc.alert"]._fields["kind"]._description_selection(self.env)
        )
        overdue = [line for line in mine if line["overdue"]]
        today_lines = [line for line in mine if not line["overdue"]]
        body = self.env["ir.qweb"]._render(
            "cchc_onestop.alert_digest_message",
            {
                "user": user,
                "company": company,
                "date": today.strftime("%d/%m/%Y"),
                "overdue": overdue,
                "today": today_lines,
                "overdue_total": overdue[0]["total"] if overdue else 0,
                "today_total": today_lines[0]["total"] if today_lines else 0,
                "agencies": [
                    (agency, self._in_words(figures)) for agency, figures in table
                ],
                "alerts": [(kinds[kind], count) for kind, count in told],
                "base_url": self.get_base_url(),
                "local": lambda at: (
                    at.replace(tzinfo=UTC)
                    .astimezone(company._cchc_tz())
                    .strftime("%H:%M %d/%m/%Y")
                ),
            },
        )
        if more:
            body += self._further_section(more, self.get_base_url())
        subject = self.env._(
            "Dossiers on %(date)s: %(overdue)s overdue, %(today)s due today",
            date=today.strftime("%d/%m/%Y"),
            overdue=self._total(overdue, table, "overdue"),
            today=self._total(today_lines, table, "today"),
        )
        if more and not (mine or table):
            subject = self._further_subject(more, today)
        return {
            "user_id": user.id,
            "company_id": company.id,
            "date": today,
            "overdue_count": overdue[0]["total"] if overdue else 0,
            "today_count": today_lines[0]["total"] if today_lines else 0,
            "mail_id": self._mail(user, company, subject, body).id,
        }

    @api.model
    def _in_words(self, figures):
        """Return the figures of an agency with the share as written in the language."""
        share = self.env["ir.qweb.field.float"].value_to_html(
            figures["year"]["late_percent"], {"precision": 1}
        )
        return {**figures, "year": {**figures["year"], "late_percent": share}}

    @api.model
    def _total(self, lines, table, name):
        """Return the figure of the agencies where the person leads, else his own."""
        if table:
            return sum(figures[name] for _agency, figures in table)
        return lines[0]["total"] if lines else 0

    # -- content
    @api.model
    def _work_of(self, users, now, day_end):
        """Return ``{user id: lines}`` of open dossiers overdue or due today, the
        first :data:`LINES` of each kind with the total; one statement.

        An absent person's dossiers are with his stand-in.
        """
        Substitution = self.env["cchc.substitution"].sudo()
        away = Substitution._substitutes(users, now, "steps")
        receivers = defaultdict(list)
        for user in users - self.env["res.users"].sudo().union(*away):
            receivers[user.id].append(user.id)
        stand_ins = Substitution._present_stand_ins(now, "steps", users)
        for absent, user in stand_ins:
            receivers[absent.id].append(user.id)
        if not receivers:
            return {}
        # What an absent person handed over to somebody is with that one.
        given = {
            dossier_id: taker.id
            for taker, ids in self.env["cchc.handover.line"]
            ._given_by(self.env["res.users"].sudo().union(*away), now)
            .items()
            for dossier_id in ids
        }
        self.env["cchc.dossier"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                    SELECT dossier.id, dossier.name, dossier.due_at,
                           COALESCE(given.taker, dossier.user_id) AS user_id,
                           dossier.applicant_name, dossier.procedure_id,
                           dossier.overdue_from < %(now)s AS overdue,
                           count(*) OVER each AS total,
                           row_number() OVER (each ORDER BY dossier.overdue_from) AS n
                      FROM cchc_dossier AS dossier
                 LEFT JOIN unnest(%(given)s::int[], %(takers)s::int[])
                           AS given (id, taker) ON given.id = dossier.id
                     WHERE dossier.overdue_from < %(day_end)s
                       AND dossier.is_open IS TRUE
                       AND COALESCE(given.taker, dossier.user_id) = ANY(%(users)s)
                    WINDOW each AS (
                        PARTITION BY COALESCE(given.taker, dossier.user_id),
                                     dossier.overdue_from < %(now)s
                    )
                ) AS numbered
                 WHERE n <= %(lines)s
                 ORDER BY overdue DESC, due_at
                """,
                now=now,
                day_end=day_end,
                users=list(receivers),
                given=list(given),
                takers=list(given.values()),
                lines=LINES,
            )
        )
        procedures = (
            self.env["cchc.procedure"]
            .sudo()
            .browse({row["procedure_id"] for row in rows})
        )
        names = {procedure.id: procedure.display_name for procedure in procedures}
        work = defaultdict(list)
        for row in rows:
            row["procedure"] = names.get(row["procedure_id"])
            for user_id in receivers[row["user_id"]]:
                work[user_id].append(row)
        return work

    @api.model
    def _alerts_of(self, users, since):
        """Return ``{user id: [(kind, number)]}`` of the alerts given since then that
        still hold; one statement."""
        self.env["cchc.alert"].flush_model()
        result = defaultdict(list)
        for row in self.env.execute_query_dict(
            SQL(
                """
                SELECT told.user_id, alert.kind, count(*) AS number
                  FROM cchc_alert AS alert
                  JOIN cchc_alert_user_rel AS told ON told.alert_id = alert.id
                 WHERE alert.fired_at >= %s
                   AND alert.closed_at IS NULL
                   AND told.user_id = ANY(%s)
                 GROUP BY told.user_id, alert.kind
                 ORDER BY alert.kind
                """,
                since,
                list(users.ids),
            )
        ):
            result[row["user_id"]].append((row["kind"], row["number"]))
        return result

    @api.model
    def _figures(self, agency, now, day_end, since):
        """Return what a leader reads of an agency: by department, how many dossiers
        were received since the last working day, are in process, due today and
        overdue, and the overdue ones by name, and the year so far; three statements."""
        self.env["cchc.dossier"].flush_model()
        departments = self.env.execute_query_dict(
            SQL(
                """
                SELECT department_id, sum(received)::int AS received,
                       sum(in_process)::int AS in_process,
                       sum(today)::int AS today, sum(overdue)::int AS overdue
                  FROM (
                    SELECT department_id, 0 AS received, count(*) AS in_process,
                           count(*) FILTER (
                               WHERE overdue_from >= %(now)s
                                 AND overdue_from < %(day_end)s
                           ) AS today,
                           count(*) FILTER (WHERE overdue_from < %(now)s) AS overdue
                      FROM cchc_dossier
                     WHERE company_id = %(agency)s AND is_open IS TRUE
                     GROUP BY department_id
                    UNION ALL
                    SELECT department_id, count(*), 0, 0, 0
                      FROM cchc_dossier
                     WHERE company_id = %(agency)s AND accepted_at >= %(since)s
                     GROUP BY department_id
                  ) AS parts
                 GROUP BY department_id
                """,
                now=now,
                day_end=day_end,
                since=since,
                agency=agency.id,
            )
        )
        late = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, name, due_at, user_id, department_id, applicant_name
                  FROM (
                    SELECT *, row_number() OVER (
                        PARTITION BY department_id ORDER BY overdue_from
                    ) AS n
                      FROM cchc_dossier
                     WHERE company_id = %(agency)s AND is_open IS TRUE
                       AND overdue_from < %(now)s
                  ) AS numbered
                 WHERE n <= %(lines)s
                 ORDER BY overdue_from
                """,
                now=now,
                agency=agency.id,
                lines=LINES,
            )
        )
        users = (
            self.env["res.users"].sudo().browse({r["user_id"] for r in late} - {None})
        )
        handlers = {user.id: user.name for user in users}
        named = (
            self.env["hr.department"]
            .sudo()
            .browse({row["department_id"] for row in departments} - {None})
        )
        names = {department.id: department.name for department in named}
        by_department = defaultdict(list)
        for row in late:
            row["handler"] = handlers.get(row["user_id"])
            by_department[row["department_id"]].append(row)
        for row in departments:
            row["name"] = names.get(row["department_id"])
            row["late"] = by_department.get(row["department_id"], [])
        departments.sort(key=lambda row: (-row["overdue"], row["name"] or ""))
        total = {
            name: sum(row[name] for row in departments)
            for name in ("received", "in_process", "today", "overdue")
        }
        return {
            **total,
            "year": self._year_figures(agency, now),
            "departments": departments,
            "notable": bool(total["today"] or total["overdue"]),
        }

    @api.model
    def _year_figures(self, agency, now):
        """Return what became of the dossiers received since the first of January.

        :return: dict with ``received``, ``ended``, ``late`` (of the ended ones),
            ``in_process`` and ``late_percent`` (late of received, one decimal)
        """
        year = agency._cchc_local_date(now).year
        first = datetime(year, 1, 1, tzinfo=agency._cchc_tz())
        figures = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*)::int AS received,
                       count(ended_at)::int AS ended,
                       count(*) FILTER (WHERE timeliness = 'late')::int AS late,
                       count(*) FILTER (WHERE is_open IS TRUE)::int AS in_process
                  FROM cchc_dossier
                 WHERE company_id = %(agency)s
                   AND accepted_at BETWEEN %(since)s AND %(now)s
                   AND state <> 'void'
                """,
                agency=agency.id,
                since=naive_utc(first),
                now=now,
            )
        )[0]
        received = figures["received"]
        share = 100 * figures["late"] / received if received else 0.0
        return {**figures, "late_percent": round(share, 1)}
