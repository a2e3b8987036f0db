from odoo.tests import tagged

from .common_walk import WalkCase


@tagged("post_install", "-at_install", "cchc_tour")
class TestWalk(WalkCase):
    """All of the one-stop desk opens, and nobody meets English of ours or OCA's."""

    def test_every_menu_opens_in_vietnamese(self):
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

    def test_every_menu_opens_for_a_manager_alone(self):
        # Who has all roles may open what a manager alone may not.
        self._accepted()
        self._open_all(self.manager, "cchc_onestop.menu_root")
