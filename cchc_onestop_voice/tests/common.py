from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.cchc_onestop.tests.common import OnestopCase, local

CONTENT = "Tôi đến nộp hồ sơ ba lần đều bị yêu cầu thêm giấy tờ."


class VoiceCase(OnestopCase):
    """The commune of :class:`OnestopCase` with an officer of petitions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(
            cls.env,
            "voice_officer",
            groups="cchc_onestop_voice.group_petition",
            name="Officer",
            company_id=cls.commune.id,
            company_ids=[Command.set(cls.commune.ids)],
            lang="en_US",
            tz="Asia/Ho_Chi_Minh",
        )

    # -- dossiers and slips
    def _returned(self, at="09/11/2026 09:00", **values):
        with freeze_time(local(at)):
            dossier = self._ready(**values)
            dossier.with_user(self.desk).action_return_result()
        return dossier

    def _slip(self, dossier, level="satisfied", user=None, **vals):
        return (
            self.env["cchc.evaluation"]
            .with_user(user or self.desk)
            .create({"dossier_id": dossier.id, "level": level, **vals})
        )

    def _slips(
        self,
        count,
        level="satisfied",
        at="10/11/2026 09:00",
        at_return="10/11/2026 08:00",
        **vals,
    ):
        """Slips that citizens sent, as the public pages enter them."""
        with freeze_time(local(at)):
            slips = self.env["cchc.evaluation"].with_user(
                self.env.ref("base.public_user")
            )
            return slips.sudo().create(
                [
                    {
                        "dossier_id": self._returned(at_return, **vals).id,
                        "level": level,
                        "source": "online",
                    }
                    for _number in range(count)
                ]
            )

    def _invite(self, dossier, way="message"):
        issue = self.env["cchc.evaluation.invitation"]._issue
        return issue(dossier, way)[dossier]

    # -- petitions
    def _petition(self, at="09/11/2026 09:00", user=None, **vals):
        with freeze_time(local(at)):
            return (
                self.env["cchc.petition"]
                .with_user(user or self.officer)
                .create(
                    {
                        "subject": "Phải đi lại nhiều lần",
                        "subject_kind": "behaviour",
                        "content": CONTENT,
                        "sender_name": "Nguyễn Văn An",
                        "sender_phone": "0905123456",
                        "company_id": self.commune.id,
                        **vals,
                    }
                )
            )

    def _accepted_petition(self, **vals):
        petition = self._petition(**vals)
        with freeze_time(local("10/11/2026 09:00")):
            petition.action_accept()
        return petition

    def _answered_petition(self, at="12/11/2026 09:00", **vals):
        petition = self._accepted_petition(**vals)
        with freeze_time(local(at)):
            petition.write({"answer": "Đã chấn chỉnh.", "upheld": "upheld"})
            petition.action_submit_answer()
            petition.with_user(self.leader).validate_tier()
        return petition
