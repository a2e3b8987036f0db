from freezegun import freeze_time

from odoo import Command

from odoo.addons.cchc_onestop.tests.common import OnestopCase, local

#: A Wednesday in office hours.
NOW = "25/11/2026 08:00"


class QueueCase(OnestopCase):
    """Two counters and two services of the commune, with people of its desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._new_user("second", "group_desk", name="Second")
        cls.reserve = cls._new_user("reserve", "group_desk", name="Reserve")
        cls.head = cls._new_user("head", "group_handler", name="Head")
        cls.head.group_ids = [
            Command.link(cls.env.ref("cchc_onestop_queue.group_desk_head").id)
        ]
        cls.commune.cchc_desk_head_id = cls.head
        cls.counters = cls.env["cchc.counter"].create(
            [
                {"number": number, "name": f"Quầy {number}", "company_id": company.id}
                for company, number in (
                    (cls.commune, 1),
                    (cls.commune, 2),
                    (cls.neighbour, 1),
                )
            ]
        )
        cls.one, cls.two, cls.foreign = cls.counters
        cls.civil, cls.land = cls.env["cchc.queue.service"].create(
            [
                {
                    "name": name,
                    "letter": letter,
                    "company_id": cls.commune.id,
                    "default_minutes": minutes,
                    "counter_ids": [Command.set(counters.ids)],
                }
                for name, letter, minutes, counters in (
                    ("Hộ tịch", "A", 6, cls.one | cls.two),
                    ("Đất đai", "B", 15, cls.two),
                )
            ]
        )
        cls.elderly = cls.env.ref("cchc_onestop_queue.priority_elderly")
        cls.elderly.head_start = 30

    def _take(self, service=None, at=NOW, priority=None, **values):
        """Return a ticket taken at a local moment."""
        with freeze_time(local(at)):
            return self.env["cchc.queue.ticket"]._take(
                service or self.civil, priority, **values
            )

    def _as_desk(self, record, user=None):
        """Return a record as an officer of the desk sees it."""
        return record.with_user(user or self.desk).with_context(
            allowed_company_ids=self.commune.ids
        )

    def _call(self, counter=None, at=NOW, user=None):
        """Call the next to a counter; return the ticket."""
        counter = self._as_desk(counter or self.one, user)
        with freeze_time(local(at)):
            ticket = counter.action_call_next()
        self.env.invalidate_all()
        return self._as_desk(self.env["cchc.queue.ticket"].browse(ticket or []), user)

    @classmethod
    def _shift(cls, counter=None, day="2026-11-25", half="morning", **values):
        return cls.env["cchc.roster.shift"].create(
            {
                "company_id": cls.commune.id,
                "counter_id": (counter or cls.one).id,
                "date": day,
                "half": half,
                "user_id": cls.desk.id,
                **values,
            }
        )

    def _device(self, kind, **values):
        """Return a device and the path of its page."""
        display = self.env["cchc.queue.display"].create(
            {"name": "Cửa", "kind": kind, "company_id": self.commune.id, **values}
        )
        link = display.with_user(self.head).action_new_address()["context"][
            "default_link"
        ]
        return display, link[link.index("/xep-hang") :]
