"""Makes an agency with its people, and writes down what it reports on a past time.

Everything goes through the product's own methods, as the reform officer and the leader
of the agency; only the time of an approval that lies in the past is set afterwards.
"""

from datetime import date, datetime, time

from odoo import Command

from odoo.addons.cchc_onestop.tools.guard import unlocked

#: Why a report states a figure that its records do not give.
REASON = "Nhập theo báo cáo đã in, hồ sơ thời điểm đó không có trong phần mềm"


class Teller:
    """The reform officer of one agency and the leader who approves.

    :ivar env: environment of the officer
    :ivar company: the agency
    """

    def __init__(self, root, code, name, **values):
        """Find the agency by its code, or make it.

        :param root: environment of the superuser
        :param values: further columns of the agency
        """
        self.root = root(su=True)
        companies = self.root["res.company"]
        company = companies.search([("cchc_unit_code", "=", code)], limit=1)
        self.is_new = not company
        if self.is_new:
            company = companies.create(
                {
                    "name": name,
                    "cchc_unit_code": code,
                    "country_id": self.root.ref("base.vn").id,
                    **values,
                }
            )
        self.company = company
        self.departments = {}

    def people(self, login, officer, leader, departments):
        """Make the departments, the officer and the leader.

        :param login: of the officer; the leader's ends in ``_ld``
        :param officer: ``(name, post)``
        :param leader: ``(name, post)``
        :param departments: ``{key: name}``; the first one is the officer's
        """
        for key, name in departments.items():
            self.departments[key] = self.root["hr.department"].create(
                {"name": name, "company_id": self.company.id}
            )
        first = next(iter(self.departments.values()))
        self.officer = self._user(login, officer, "group_officer", first)
        self.leader = self._user(f"{login}_ld", leader, "group_leader", first)
        self.env = self.root(
            user=self.officer,
            su=False,
            context={
                "allowed_company_ids": self.company.ids,
                "lang": self.root.context.get("lang") or "vi_VN",
                "tracking_disable": True,
            },
        )

    def _user(self, login, person, group, department):
        name, post = person
        user = (
            self.root["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                self.root.ref("base.group_user").id,
                                self.root.ref(f"cchc_reform.{group}").id,
                            ]
                        )
                    ],
                    "lang": self.root.context.get("lang") or "vi_VN",
                    "tz": "Asia/Ho_Chi_Minh",
                    # they came long ago and read no more digests
                    "cchc_reform_digest": False,
                }
            )
        )
        self.root["hr.employee"].create(
            {
                "name": name,
                "user_id": user.id,
                "company_id": self.company.id,
                "department_id": department.id,
                "job_title": post,
            }
        )
        return user

    # --- Plans

    def area(self, key, day):
        """Return the area of the programme in force on a day."""
        programme = self.env["cchc.reform.programme"]._in_force(day)
        return programme.area_ids.filtered(lambda area: area.key == key)

    def plan(self, name, first, last, tasks, **values):
        """Make a plan with its tasks and approve it.

        :param first: first day
        :param last: last day
        :param tasks: dicts of columns of tasks, with ``area`` (key), ``lead`` (key of a
            department, the first by default) and ``done`` (see :meth:`_tell_progress`)
        """
        number = values.get("number")
        plan = self.env["cchc.reform.plan"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )
        entries = []
        for sequence, columns in enumerate(tasks, 1):
            columns = dict(columns)
            done = columns.pop("done", None)
            lead = columns.pop("lead", next(iter(self.departments)))
            task = self.env["cchc.reform.task"].create(
                {
                    "plan_id": plan.id,
                    "sequence": 10 * sequence,
                    "area_id": self.area(columns.pop("area"), first).id,
                    "lead_department_id": self.departments[lead].id,
                    "deadline_type": "regular",
                    **columns,
                }
            )
            entries.append((task, done))
        self.approve(plan, values.get("date") or first)
        for task, done in entries:
            self._tell_progress(task, done)
        if number:
            self.document(
                number,
                values["date"],
                name,
                plan_id=plan.id,
            )
        return plan

    def approve(self, record, day):
        """Submit and approve as of a day in the past."""
        record.action_submit()
        record.with_user(self.leader).with_context(
            allowed_company_ids=self.company.ids
        ).validate_tier()
        moment = datetime.combine(day, time(3))
        unlocked(record.sudo()).write({"approved_at": moment})

    def _tell_progress(self, task, done):
        """Write the entries of progress of a task.

        :param done: ``None`` for none, or a list of ``(day, text)`` or ``(day, text,
            further columns)``
        """
        for entry in done or []:
            day, text, *more = entry
            self.env["cchc.reform.progress"].create(
                {
                    "task_id": task.id,
                    "day": day,
                    "text": text,
                    "outcome": "going" if task.deadline_type == "regular" else "done",
                    "product_text": f"Báo cáo CCHC của {self.company.name}",
                    **(more[0] if more else {}),
                }
            )

    # --- The rest of the year

    def enter(self, model, **values):
        """Enter something of the year."""
        return self.env[model].create({"company_id": self.company.id, **values})

    # --- The report itself

    def report(self, rule, first, last, stated=None, typed=(), texts=None, **values):
        """Collect a report, state what it printed, and approve it.

        :param rule: external id of its rule, without the addon
        :param stated: ``{key: value}`` of figures that the report printed and that no
            record of the time can give
        :param typed: ``(name, number, out of)`` of further figures; the last one is
            ``None`` for a plain count
        :param texts: ``{beginning of the heading: text}``
        """
        report = self.env["cchc.reform.report"].create(
            {
                "company_id": self.company.id,
                "rule_id": self.root.ref(f"cchc_reform.{rule}").id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )
        report.action_collect()
        for key, value in (stated or {}).items():
            figure = report.figure_ids.filtered(lambda row, key=key: row.key == key)
            figure.ensure_one()
            figure.write(
                {
                    "is_overridden": True,
                    "override_value": value,
                    "override_reason": REASON,
                }
            )
        source = f"Báo cáo CCHC của {self.company.name}"
        for sequence, (name, number, over) in enumerate(typed, 900):
            self.env["cchc.reform.report.figure"].create(
                {
                    "report_id": report.id,
                    "sequence": sequence,
                    "name": name,
                    "unit": "count" if over is None else "share",
                    "numerator": number,
                    "denominator": over or 0,
                    "source": f"{source}; {REASON.lower()}",
                }
            )
        for heading, text in (texts or {}).items():
            section = report.section_ids.filtered(
                lambda row, heading=heading: row.name.startswith(heading)
            )
            section.body = text
        self.approve(report, last)
        self._send(report, values.get("date") or last)
        return report

    def _send(self, report, day):
        """Send a report as on a day in the past; its number is invented."""
        moment = datetime.combine(day, time(3))
        report.write(
            {
                "number": report.number or f"{day.timetuple().tm_yday}/BC-UBND",
                "date": day,
                "signer_id": self.leader.id,
            }
        )
        report.action_send()
        kept = unlocked(report.sudo())
        kept.write({"submitted_at": moment, "collected_at": moment})
        kept.checksum = kept._digest()

    # --- Documents

    def document(self, reference, day, subject, issuer=None, **values):
        """Enter a document; one that another body issued is an incoming one."""
        if issuer:
            body = self.env["cchc.issued.document.issuer"]._find_or_create(issuer)
            values = {
                "issuer_id": body.id,
                "direction": "incoming",
                "received_on": day,
                **values,
            }
        record = self.env["cchc.issued.document"].new({"reference": reference})
        record._onchange_reference()
        return self.env["cchc.issued.document"].create(
            {
                "company_id": self.company.id,
                "reference": reference,
                "type_id": record.type_id.id,
                "date": day,
                "subject": subject,
                **values,
            }
        )


def on(text):
    """Return the day written as dd/mm/yyyy."""
    return date(*map(int, reversed(text.split("/"))))
