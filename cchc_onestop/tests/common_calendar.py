from contextlib import contextmanager

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class CalendarCase(TransactionCase):
    """An agency with an office calendar of its own, and the people who look after it.

    The calendar has the usual office hours in Vietnamese time and no day off.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.office = cls.env.ref("cchc_onestop.resource_calendar_office")
        cls.province = cls.env["res.company"].create({"name": "Tỉnh Lịch"})
        cls.agency, cls.neighbour = cls.env["res.company"].create(
            [
                {"name": name, "parent_id": cls.province.id}
                for name in ("Xã Lịch Một", "Xã Lịch Hai")
            ]
        )
        cls.calendar = cls._new_calendar(cls.agency)
        cls.foreign_calendar = cls._new_calendar(cls.neighbour)
        cls.agency.resource_calendar_id = cls.calendar
        cls.neighbour.resource_calendar_id = cls.foreign_calendar
        cls.administrator = cls._new_user("administrator", cls.agency, "catalogue")
        cls.manager = cls._new_user("manager", cls.agency, "manager")
        cls.officer = cls._new_user("officer", cls.agency, "desk")
        cls.stranger = cls._new_user("stranger", cls.neighbour, "catalogue")

    @classmethod
    def _new_calendar(cls, company):
        return cls.env["resource.calendar"].create(
            {
                "name": f"Giờ làm việc {company.name}",
                "company_id": company.id,
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{weekday} {period}",
                            "dayofweek": str(weekday),
                            "day_period": period,
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                        }
                    )
                    for weekday in range(5)
                    for period, hour_from, hour_to in (
                        ("morning", 7.5, 11.5),
                        ("afternoon", 13.5, 17.0),
                    )
                ],
            }
        )

    @classmethod
    def _new_user(cls, login, company, group):
        return new_test_user(
            cls.env,
            f"calendar_{login}",
            groups=f"cchc_onestop.group_{group}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _new_holiday(cls, date_from, date_to, **values):
        """A public holiday of the calendar between two UTC moments."""
        dates = {"date_from": date_from, "date_to": date_to}
        leave = cls.env["resource.calendar.leaves"].create(
            {"name": "Nghỉ", "calendar_id": cls.calendar.id, **dates, **values}
        )
        if (str(leave.date_from), str(leave.date_to)) != (date_from, date_to):
            leave.write(dates)  # hr_holidays shifts what is created
        return leave

    @contextmanager
    def assertRefused(self, exception, pattern):
        """Check that the block raises with ``pattern`` and undo what it wrote."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)
