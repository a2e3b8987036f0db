from odoo.tests import tagged

from .common_walk import WalkCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestVietnamese(WalkCase):
    """Nobody who works with the suite meets English that is ours or OCA's."""

    def test_every_menu_and_form_is_vietnamese(self):
        officer = self._new_user(
            "officer",
            "group_desk",
            "group_handler",
            "group_leader",
            "group_catalogue",
            "group_auditor",
            "group_manager",
            name="Cán bộ kiêm nhiệm",
        )
        officer.group_ids += self.env.ref("dms.group_dms_manager")
        for user in self.desk + self.handler + self.leader:
            user.name = f"Nguyễn Văn {user.login}"
        self._accepted()
        self._to_sign()
        self._ready()
        self._walk(
            officer, "cchc_onestop", "dms", known=["Dossier Code", "Directories"]
        )
