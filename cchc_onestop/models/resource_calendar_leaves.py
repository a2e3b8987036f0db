from odoo import api, fields, models
from odoo.fields import Domain


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    cchc_year_id = fields.Many2one(
        "cchc.calendar.year",
        string="Confirmed Calendar Year",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The confirmed year that wrote this day off",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._cchc_touch_calendars()
        return leaves

    def write(self, vals):
        before = self._cchc_ranges()
        result = super().write(vals)
        self._cchc_touch_calendars(before)
        return result

    def unlink(self):
        before = self._cchc_ranges()
        result = super().unlink()
        self.browse()._cchc_touch_calendars(before)
        return result

    def _cchc_ranges(self):
        """Return ``(calendars, first date, last date)`` of each public holiday."""
        ranges = []
        for leave in self.sudo().filtered(lambda leave: not leave.resource_id):
            calendars = leave.calendar_id
            if not calendars:
                domain = Domain.TRUE
                if leave.company_id:
                    domain = Domain("company_id", "=", leave.company_id.id)
                calendars = calendars.with_context(active_test=False).search(domain)
            ranges.append((calendars, leave.date_from.date(), leave.date_to.date()))
        return ranges

    def _cchc_touch_calendars(self, before=()):
        """Tell the calendars of public holidays, each one once."""
        ranges = [*before, *self._cchc_ranges()]
        if not ranges:
            return
        calendars = self.env["resource.calendar"].union(*(item[0] for item in ranges))
        calendars._cchc_touch(
            min(item[1] for item in ranges), max(item[2] for item in ranges)
        )
