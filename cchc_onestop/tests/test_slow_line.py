"""Texts go packed over the line, to those who can read them."""

import gzip

from odoo.tests import HttpCase, tagged

from .common import OnestopCase


@tagged("post_install", "-at_install")
class TestSlowLine(OnestopCase, HttpCase):
    def _get(self, url, encoding="gzip, deflate, br"):
        """Return the answer and its bytes as they came over the line."""
        answer = self.opener.get(
            self.base_url() + url,
            headers={"Accept-Encoding": encoding},
            stream=True,
            timeout=120,
        )
        raw = answer.raw.read(decode_content=False)
        self.assertEqual(answer.status_code, 200)
        return answer, raw

    def setUp(self):
        super().setUp()
        self.authenticate(self.handler.login, self.handler.login)
        self.menus = "/web/webclient/load_menus"

    def test_answers_are_packed(self):
        plain, content = self._get(self.menus, "identity")
        self.assertNotIn("Content-Encoding", plain.headers)
        answer, raw = self._get(self.menus)
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        self.assertIn("Accept-Encoding", answer.headers["Vary"])
        self.assertEqual(gzip.decompress(raw), content)
        self.assertLess(len(raw), len(content) / 2)
        refusing, raw = self._get(self.menus, "gzip;q=0")
        self.assertEqual(raw, content)
        self.assertNotIn("Content-Encoding", refusing.headers)

    def test_files_are_packed_once_and_found_again(self):
        self.env["ir.attachment"].create(
            {
                "name": "thu.css",
                "raw": b"/* mot dong */\n" * 400,
                "mimetype": "text/css",
                "url": "/cchc_line/thu.css",
                "type": "binary",
                "public": True,
            }
        )
        sizes = set()
        for _time in range(2):
            answer, raw = self._get("/cchc_line/thu.css")
            self.assertEqual(gzip.decompress(raw), b"/* mot dong */\n" * 400)
            sizes.add(len(raw))
        self.assertEqual(len(sizes), 1)
        mark = answer.headers["ETag"]
        self.assertTrue(mark.startswith("W/"))
        again = self.opener.get(
            self.base_url() + "/cchc_line/thu.css",
            headers={"If-None-Match": mark, "Accept-Encoding": "gzip"},
            timeout=60,
        )
        self.assertEqual(again.status_code, 304)

    def test_pages_pictures_and_small_answers_stay(self):
        for url in ("/odoo/cchc-my-work", "/web/static/img/favicon.ico"):
            answer, _raw = self._get(url)
            self.assertNotIn("Content-Encoding", answer.headers, url)

    def test_an_office_switches_it_off(self):
        self.env["ir.config_parameter"].set_param("cchc_onestop.compress", "0")
        answer, _raw = self._get(self.menus)
        self.assertNotIn("Content-Encoding", answer.headers)
