import re

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from odoo.addons.cchc_onestop.tests.common import local

from ..controllers.cchc_queue import estimate_text
from .common import NOW, QueueCase


@tagged("post_install", "-at_install")
class TestPublicPages(QueueCase, HttpCase):
    """Ki-ốt, màn hình gọi số, trang của số: without login, nothing to guess."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(local(NOW), tick=True)
        frozen.start()
        self.addCleanup(frozen.stop)

    def _get(self, path, **headers):
        self.env.flush_all()
        return self.url_open(path, headers=headers or None)

    def _tap(self, path, **values):
        """Take a ticket as the page of the kiosk lets one do it."""
        page = self._get(f"{path}?dv={self.civil.id}")
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
        values = {
            "csrf_token": hidden["csrf_token"],
            "dv": hidden["dv"],
            "khoa": hidden["khoa"],
            "ut": "",
            **values,
        }
        answer = self.url_open(f"{path}/lay", data=values)
        self.env.invalidate_all()
        return answer, values

    def _tickets(self):
        return self.env["cchc.queue.ticket"].search(
            [("company_id", "=", self.commune.id)]
        )

    def test_kiosk_gives_one_number_for_a_double_tap(self):
        display, path = self._device("kiosk", prints=True)
        page = self._get(path)
        self.assertIn("Hộ tịch", page.text)
        self.assertIn('<html lang="vi">', page.text)
        answer, values = self._tap(path, ut=str(self.elderly.id))
        self.assertIn("A001", answer.text)
        self.assertIn('data-print="1"', answer.text)
        again = self.url_open(f"{path}/lay", data=values)
        self.assertEqual(again.url, answer.url)
        ticket = self._tickets()
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.priority_id, self.elderly)
        self.assertEqual((ticket.source, ticket.display_id), ("kiosk", display))
        self.assertTrue(display.is_online)

    def test_kiosk_refuses_what_it_does_not_offer(self):
        _display, path = self._device("kiosk", service_ids=self.civil.ids)
        page = self._get(path)
        self.assertNotIn("Đất đai", page.text)
        self._tap(path, dv=str(self.land.id))
        self._tap(path, khoa="short")
        self.assertFalse(self._tickets())

    def test_kiosk_says_when_it_is_closed(self):
        _display, path = self._device("kiosk")
        with freeze_time(local("28/11/2026 09:00"), tick=True):
            self.assertIn("Ngoài giờ làm việc", self._get(path).text)
            answer, _values = self._tap(path)
        self.assertEqual(answer.status_code, 422)
        self.assertIn('role="alert"', answer.text)
        self.assertFalse(self._tickets())

    def test_a_ticket_of_the_day_before_still_has_its_page(self):
        ticket = self._take()
        # after midnight, before the line of the day was closed
        with freeze_time(local("26/11/2026 00:10"), tick=True):
            page = self._get(f"/xep-hang/so/{ticket.token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(ticket.name, page.text)

    def test_tickets_fit_the_paper_of_the_agency(self):
        ticket = self._take()
        self.assertIn("roll80", self._get(f"/xep-hang/so/{ticket.token}").text)
        self.commune.cchc_ticket_roll = "58"
        self.assertIn("roll58", self._get(f"/xep-hang/so/{ticket.token}").text)

    def test_kiosk_is_limited(self):
        _display, path = self._device("kiosk", per_minute=2)
        for _each in range(2):
            _answer, values = self._tap(path)
        refused, _values = self._tap(path)
        self.assertEqual(refused.status_code, 422)
        self.assertEqual(len(self._tickets()), 2)
        # the tap before is still answered
        again = self.url_open(f"{path}/lay", data=values)
        self.assertIn("A002", again.text)

    def test_screen_answers_only_what_changed(self):
        _display, path = self._device("screen")
        page = self._get(path)
        self.assertIn("Mất kết nối", page.text)
        self._take()
        second = self._take()
        first = self._get(f"{path}/tiep")
        self.assertEqual(
            first.json(),
            {
                "calls": [],
                "lines": [
                    {
                        "letter": "A",
                        "name": "Hộ tịch",
                        "waiting": 2,
                        "next": ["A001", second.name],
                    }
                ],
            },
        )
        tag = first.headers["ETag"]
        same = self._get(f"{path}/tiep", **{"If-None-Match": tag})
        self.assertEqual((same.status_code, same.content), (304, b""))
        called = self._call()
        answer = self._get(f"{path}/tiep", **{"If-None-Match": tag})
        self.assertEqual(answer.status_code, 200)
        call = answer.json()["calls"][0]
        self.assertEqual(
            (call["ticket"], call["counter"], call["name"]), ("A001", 1, "Quầy 1")
        )
        called.action_recall()
        again = self._get(f"{path}/tiep").json()["calls"][0]
        self.assertNotEqual(again["key"], call["key"])

    def test_screen_of_some_counters(self):
        _display, path = self._device("screen", counter_ids=self.two.ids)
        self._take()
        self._call(self.one)
        self._take(self.land)
        self._call(self.two, user=self.second)
        calls = self._get(f"{path}/tiep").json()["calls"]
        self.assertEqual([call["ticket"] for call in calls], ["B001"])

    def test_ticket_page_holds_no_person(self):
        dossier = self._accepted()
        for _each in range(3):
            ticket = self._take(receipt=dossier.name)
        page = self._get(ticket._public_path())
        self.assertIn("A003", page.text)
        self.assertNotIn(dossier.name, page.text)
        self.assertNotIn("Hoa", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        standing = self._get(f"{ticket._public_path()}/tiep").json()
        self.assertEqual((standing["ahead"], standing["waits"]), (2, True))
        self._call()
        standing = self._get(f"{self._first()._public_path()}/tiep").json()
        self.assertEqual(standing["counter_name"], "Quầy 1")

    def _first(self):
        return self._tickets().filtered(lambda ticket: ticket.number == 1)

    def test_citizen_gives_the_number_back(self):
        ticket = self._take()
        page = self._get(ticket._public_path())
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        path = f"{ticket._public_path()}/huy"
        for _each in range(2):
            self.assertIn("Đã hủy", self.url_open(path, {"csrf_token": token}).text)
        self.env.invalidate_all()
        self.assertEqual(ticket.state, "cancelled")
        self.assertEqual(ticket.event_ids.mapped("kind"), ["taken", "cancelled"])
        self.assertFalse(ticket.event_ids[1].user_id)

    def test_unknown_addresses_lead_nowhere(self):
        for path in ("man-hinh", "ki-ot", "so"):
            answer = self._get(f"/xep-hang/{path}/{'x' * 32}")
            self.assertEqual(answer.status_code, 404)
        _display, screen = self._device("screen")
        secret = screen.rsplit("/", 1)[1]
        self.assertEqual(self._get(f"/xep-hang/ki-ot/{secret}").status_code, 404)

    def test_a_new_address_shuts_the_old_one_out(self):
        display, path = self._device("screen")
        self.assertEqual(self._get(path).status_code, 200)
        display.with_user(self.head).action_new_address()
        self.assertEqual(self._get(path).status_code, 404)
        self.assertNotIn(path.rsplit("/", 1)[1], display.sudo().token_digest)

    def test_estimates_are_round(self):
        self.assertEqual(
            [estimate_text(each) for each in (0, 3, 7, 41, 61)],
            [
                "vài phút",
                "khoảng 5 phút",
                "khoảng 10 phút",
                "khoảng 45 phút",
                "khoảng 75 phút",
            ],
        )
