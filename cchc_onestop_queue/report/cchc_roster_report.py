from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools.paper import short_day

#: Words of the paper; official, the same in every interface language.
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_HALVES = (("morning", "Sáng"), ("afternoon", "Chiều"))


class ReportRoster(models.AbstractModel):
    """Lịch trực quầy của tuần: the paper at the door of the desk."""

    _name = "report.cchc_onestop_queue.report_roster"
    _description = "Roster of a Week (paper)"
    _inherit = "cchc.paper.report"
    _paper_model = "cchc.roster.week"

    @api.model
    def _get_sheet(self, doc):
        agency = doc.company_id.sudo()
        shifts = doc._shifts()
        sessions = agency._cchc_desk_sessions(doc.monday, doc.sunday)
        seats = {(shift.counter_id, shift.date, shift.half): shift for shift in shifts}
        period = (short_day(doc.monday), short_day(doc.sunday))
        days = [doc.monday + timedelta(days=each) for each in range(7)]
        days = [
            day
            for day in days
            if day.weekday() < 5 or day in sessions or day in shifts.mapped("date")
        ]
        counters = self.env["cchc.counter"].search([("company_id", "=", agency.id)])
        return {
            "doc": doc,
            "agency": agency,
            "place_and_date": self._get_place_and_date(
                agency, agency._cchc_local_date(fields.Datetime.now())
            ),
            "period": "từ ngày {} đến ngày {}".format(*period),
            "days": [f"{_WEEKDAYS[day.weekday()]}|{day:%d/%m}" for day in days],
            "rows": [
                {
                    "counter": counter,
                    "halves": [
                        {
                            "name": name,
                            "cells": [
                                self._get_cell(
                                    seats.get((counter, day, half)),
                                    half in sessions.get(day, {}),
                                )
                                for day in days
                            ],
                        }
                        for half, name in _HALVES
                    ],
                }
                for counter in counters | shifts.counter_id
            ],
            "hours": self._get_hours(agency, sessions),
            "posts": self._get_posts(shifts, agency),
            "hotline": agency.cchc_hotline or "",
        }

    @api.model
    def _get_cell(self, shift, is_open):
        """Return who sits there, and who steps in, in the words of the paper."""
        if not is_open:
            return {"closed": True}
        if not shift:
            return {}
        if shift.status == "substitute":
            return {
                "name": shift.present_id.name,
                "note": f"(thay {shift.user_id.name})",
            }
        return {
            "name": shift.present_id.name or "",
            "note": f"dự phòng: {shift.substitute_id.name}"
            if shift.substitute_id
            else "",
        }

    @api.model
    def _get_hours(self, agency, sessions):
        """Return the hours of the desk by half, as on most days of the week."""
        hours = {}
        for halves in sessions.values():
            for half, (begin, end) in halves.items():
                text = "{:%H:%M} - {:%H:%M}".format(
                    *(agency._cchc_local_time(each) for each in (begin, end))
                )
                hours.setdefault(half, []).append(text)
        return "; ".join(
            f"{name}: {max(set(hours[half]), key=hours[half].count)}"
            for half, name in _HALVES
            if half in hours
        )

    @api.model
    def _get_posts(self, shifts, agency):
        """Return name and post of everybody on the paper."""
        users = shifts.user_id | shifts.substitute_id | shifts.present_id
        posts = users.sudo().with_company(agency)._cchc_posts()
        return [
            ": ".join(filter(None, (user.name, posts[user.id].title)))
            for user in users.sorted("name")
        ]
