from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.cchc_onestop.tests.common_public import PublicPages

from .common import QueueCase
from .test_concurrency import ALL_DAY


@tagged("post_install", "-at_install", "cchc_tour")
class TestQueueTour(PublicPages, QueueCase, HttpCase):
    """From the kiosk over the call screen to the dossier, in Chromium."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the browser has the real time: a desk that never closes
        cls.commune.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Cả ngày",
                "tz": "Asia/Ho_Chi_Minh",
                "company_id": False,
                "attendance_ids": [Command.clear(), *ALL_DAY],
            }
        )
        (cls.civil | cls.land).last_minutes = 0

    def test_kiosk_screen_desk_dossier(self):
        _display, kiosk = self._device("kiosk")
        self._drive(
            kiosk,
            """
            (await find("a[data-service=A]")).click();
            (await find("#take")).click();
            await find("#taken .number", "A001");
            """,
        )
        ticket = self.env["cchc.queue.ticket"].search(
            [("service_id", "=", self.civil.id)]
        )
        self.assertEqual(ticket.name, "A001")
        _display, screen = self._device("screen")
        self.env["ir.attachment"].create(
            {
                "name": "screen.txt",
                "raw": screen.encode(),
                "url": "/cchc_tour/screen.txt",
                "type": "binary",
                "public": True,
            }
        )
        self.env.flush_all()
        self.start_tour(
            "/odoo/queue-desk",
            "cchc_queue_desk",
            login=self.desk.login,
            timeout=150,
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.state, "done")
        self.assertEqual(ticket.counter_id, self.one)
        self.assertEqual(ticket.dossier_ids.state, "accepted")
        self.assertEqual(
            ticket.event_ids.mapped("kind"),
            ["taken", "called", "recalled", "started", "dossier", "done"],
        )

    def test_head_plans_a_week_and_a_substitute_steps_in(self):
        self.env["cchc.roster.template"].create(
            [
                {
                    "company_id": self.commune.id,
                    "counter_id": self.one.id,
                    "weekday": str(day),
                    "half": half,
                    "user_id": self.desk.id,
                    "substitute_id": self.reserve.id,
                }
                for day in range(7)
                for half in ("morning", "afternoon")
            ]
        )
        self.start_tour(
            "/odoo/queue-roster",
            "cchc_queue_roster",
            login=self.head.login,
            timeout=120,
        )
        self.env.invalidate_all()
        shift = self.env["cchc.roster.shift"].search(
            [("absence", "!=", False), ("company_id", "=", self.commune.id)]
        )
        self.assertEqual(shift.absence, "Họp đột xuất")
        self.assertEqual(shift.status, "substitute")
        self.assertEqual(shift.present_id, self.reserve)
