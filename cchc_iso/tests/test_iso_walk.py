from odoo.tests import tagged

from odoo.addons.cchc_onestop.tests.common_walk import LANG, WalkCase

from .common_records import RecordsCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestIsoWalk(RecordsCase, WalkCase):
    """All of the quality system opens, and nobody meets English of ours or OCA's."""

    def test_every_menu_opens_in_vietnamese(self):
        self._load_vietnamese()
        self.env = self.env(context={**self.env.context, "lang": LANG})
        # Records keep the names of who did what: before they are made.
        staff = self.desk + self.handler + self.leader
        staff += self.secretary + self.head + self.iso_auditor + self.member
        for user in staff:
            user.name = f"Nguyễn Văn {user.login}"
        self._own_records()
        officer = self._new_iso_user("both", "group_manager")
        officer.name = "Cán bộ kiêm nhiệm"
        officer.group_ids += self.env.ref("document_knowledge.group_ir_attachment_user")
        self._walk(
            officer,
            "cchc_iso",
            "document_knowledge",
            "mgmtsystem",
            known=["Nonconformities"],
        )
