"""Lets browser tests wait longer than Odoo does: what is slow is not wrong.

Odoo gives a page, a step of a tour and a lock seconds that fit an idle machine with
many cores. A test that hangs still ends, only later.

Only tests with a browser or the web server are done once more when they fail; the
others depend on nothing that could be slow.

What hypothesis tries is the same in every run and may take its time, as it does by
itself on build servers; CCHC_HYPOTHESIS=default tries something new.
"""

import os

from hypothesis import settings

from odoo.tests import common

# Times as long as Odoo waits.
FACTOR = 6


def install():
    original = common.ChromeBrowser.__init__

    def __init__(self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.throttling_factor = FACTOR

    common.ChromeBrowser.__init__ = __init__
    common.CHECK_BROWSER_ITERATIONS *= FACTOR
    common.BaseCase.test_cursor_lock_timeout *= FACTOR
    common.BaseCase._retry = False
    common.HttpCase._retry = True
    settings.load_profile(os.environ.get("CCHC_HYPOTHESIS", "ci"))


install()
