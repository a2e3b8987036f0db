"""Runs the tests of other people's addons with the whole suite loaded.

Most of OCA's tests run while their addon is being loaded: what builds on it, as ours,
is not there yet and cannot be found to break it. The tests of the addons that
CCHC_TEST_OTHERS names run after everything is loaded instead.
"""

import os

from odoo.tests import loader


def install(addons):
    original = loader.get_module_test_cases
    folders = tuple(f"odoo.addons.{addon}.tests." for addon in addons)

    def get_module_test_cases(module):
        for test in original(module):
            if module.__name__.startswith(folders) and "at_install" in test.test_tags:
                test.test_tags = test.test_tags - {"at_install"} | {"post_install"}
            yield test

    loader.get_module_test_cases = get_module_test_cases


if os.environ.get("CCHC_TEST_OTHERS"):
    install(os.environ["CCHC_TEST_OTHERS"].split(","))
