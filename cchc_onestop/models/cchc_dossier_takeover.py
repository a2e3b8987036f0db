from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard
from ..tools.transitions import ENDED_STATES, RUNNING_STATES

#: Dossiers written in one statement each.
BATCH = 2000


class CchcDossier(models.Model):
    """Dossiers in bulk from other software, with only what it knows of them."""

    _inherit = "cchc.dossier"

    @api.private
    @api.model
    def _take_over(self, rows):
        """Take over dossiers of which no single steps are known.

        Codes, due dates and timeliness are worked out here from procedure, calendar
        and rules in force on the day of reception; the other software says only what
        was received and ended when. Each dossier is marked as taken over and its
        ledger begins with one line that says so. Dossiers still open go on here from
        their first step.

        :param list rows: dicts of the columns of a draft with ``received_at`` (naive
            UTC), ``state`` (a running or ended one), ``ended_at`` for ended ones and
            ``returned_at``
        :return: the dossiers, in order
        :raises UserError: when a row is impossible (ended before it was received, in
            the future, of another state)
        """
        now = fields.Datetime.now()
        for number, row in enumerate(rows, start=1):
            self._check_row(number, row, now)
        # Worked out once for all, which create() would do for each of them.
        defaults = self.default_get(list(self._fields))
        defaults["draft_token"] = False
        plans, vals_list = {}, []
        for row in rows:
            plan = self._takeover_plan(row, plans)
            vals_list.append({**defaults, **self._takeover_vals(row, plan)})
        self._takeover_codes(vals_list, rows, plans)
        quiet = guard.unlocked(self).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        dossiers = self.browse()
        for start in range(0, len(vals_list), BATCH):
            made = quiet.create(vals_list[start : start + BATCH]).with_env(self.env)
            made._takeover_steps(rows[start : start + BATCH], plans, now)
            self.env["cchc.dossier.event"].append(
                [
                    {"dossier": dossier, "kind": "import", "data": {"replayed": True}}
                    for dossier in made
                ]
            )
            dossiers |= made
        dossiers.filtered("is_open")._cchc_schedule_alerts()
        return dossiers

    @api.model
    def _check_row(self, number, row, now):
        """Refuse a row that cannot have happened."""
        ended = row.get("ended_at")
        if row["state"] not in RUNNING_STATES + ENDED_STATES or row["state"] == "void":
            problem = self.env._("its state cannot be taken over")
        elif bool(ended) != (row["state"] in ENDED_STATES):
            problem = self.env._("only an ended dossier has an end")
        elif ended and ended < row["received_at"]:
            problem = self.env._("it ended before it was received")
        elif max(row["received_at"], ended or now, row.get("returned_at") or now) > now:
            problem = self.env._("it lies in the future")
        else:
            return
        raise UserError(
            self.env._(
                "Row %(number)s cannot be taken over: %(problem)s.",
                number=number,
                problem=problem,
            )
        )

    @api.model
    def _plan_key(self, row):
        company = row.get("company_id") or self.env.company.id
        day = self.env["res.company"].browse(company)._cchc_local_date
        return (
            company,
            row["procedure_id"],
            row.get("case_id"),
            row.get("channel") or "counter",
            day(row["received_at"]),
        )

    @api.model
    def _takeover_plan(self, row, plans):
        """Return what a dossier of the row was promised; alike rows share it."""
        key = self._plan_key(row)
        if key not in plans:
            draft = self.new(
                {
                    "company_id": key[0],
                    "receiving_company_id": key[0],
                    "procedure_id": key[1],
                    "case_id": key[2],
                    "channel": key[3],
                }
            )
            plans[key] = draft._reception_plan(row["received_at"])
        return plans[key]

    @api.model
    def _takeover_vals(self, row, plan):
        """Return all columns of a dossier taken over."""
        start, end = row["received_at"], row.get("ended_at")
        due, statutory = self._plan_dates(plan, start)
        late = bool(end and due and end > due)
        is_open = row["state"] not in ENDED_STATES
        company = row.get("company_id") or self.env.company.id
        vals = {
            **row,
            "company_id": company,
            "receiving_company_id": company,
            "imported": True,
            "is_open": is_open,
            "accepted_at": start,
            "clock_start_at": start,
            "receiver_id": self.env.uid,
            "first_due_at": due,
            "unextended_due_at": due,
            "due_at": due,
            "statutory_due_at": statutory,
            "late_at": late and due,
            "overdue_from": is_open and due,
            **self._plan_columns(plan),
        }
        if end:
            vals.update(self._judge(end, due, statutory, plan.working, late))
        return vals

    @api.model
    def _takeover_codes(self, vals_list, rows, plans):
        """Give the codes, consecutive per agency and day of reception."""
        templates = self.env["cchc.code.template"].sudo()
        days = {}
        for vals, row in zip(vals_list, rows, strict=True):
            key = self._plan_key(row)
            days.setdefault((key[0], key[-1]), []).append(vals)
        for (company_id, day), group in days.items():
            company = self.env["res.company"].browse(company_id)
            series = templates._for(company, day)._series(company)
            group.sort(key=lambda vals: vals["received_at"])
            codes = templates._next_codes(series, day, len(group))
            for vals, code in zip(group, codes, strict=True):
                vals["name"] = code

    def _takeover_steps(self, rows, plans, now):
        """Give the open ones the steps of their process; the first begins now."""
        opened = self.filtered("is_open")
        if not opened:
            return
        plan_of = {
            dossier: plans[self._plan_key(row)]
            for dossier, row in zip(self, rows, strict=True)
        }
        steps = opened._create_steps(plan_of, opened._posts_of(plan_of), now)
        for dossier in opened:
            guard.unlocked(dossier.sudo()).write(steps[dossier])
