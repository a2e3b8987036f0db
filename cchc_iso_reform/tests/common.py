from odoo.addons.cchc_iso.tests.common import IsoCase
from odoo.addons.cchc_reform.tests.common import ReformCase


class IsoReformCase(ReformCase, IsoCase):
    """A commune with a quality system and a reform officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edition = cls.env["cchc.iso.edition"].create(
            {"code": "Thử 9001", "name": "Thử", "state": "published"}
        )
        cls.system.edition_id = cls.edition
