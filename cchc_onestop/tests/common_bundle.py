from odoo import Command

from .common import OnestopCase


class BundleCase(OnestopCase):
    """A group of four procedures: at the commune, at a neighbour, twice outside.

    The birth goes first; residence (neighbour) and insurance (outside) follow side by
    side, the identity card (outside, optional) comes after both.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = cls._new_procedure("9.800100", "Liên thông thử", process=False)
        cls.birth = cls._new_procedure("9.800101", "Đăng ký khai sinh thử")
        cls.residence = cls._new_procedure(
            "9.800102", "Đăng ký thường trú thử", process=False
        )
        cls.kind = cls.env["cchc.bundle.type"].create(
            {
                "name": "Nhóm thử",
                "procedure_id": cls.whole.id,
                "valid_from": "2026-09-01",
                "total_amount": 3,
                "total_verify_amount": 5,
            }
        )
        cls.first = cls._type_line("Khai sinh", 10, procedure_id=cls.birth.id, amount=1)
        cls.second = cls._type_line(
            "Thường trú",
            20,
            cls.first,
            procedure_id=cls.residence.id,
            amount=2,
            verify_amount=5,
            agency_ids=[
                Command.create(
                    {"company_id": cls.commune.id, "agency_id": cls.neighbour.id}
                )
            ],
        )
        cls.third = cls._type_line(
            "Thẻ BHYT",
            30,
            cls.first,
            is_external=True,
            external_name="BHXH cơ sở",
            external_system="BHXH",
        )
        cls.fourth = cls._type_line(
            "Thẻ căn cước",
            40,
            cls.second | cls.third,
            amount=5,
            optional=True,
            preselected=False,
            extends_total=True,
            is_external=True,
            external_name="Công an",
            external_system="CC",
        )
        part = {"type_id": cls.kind.id}
        cls.env["cchc.bundle.type.part"].create(
            [
                {**part, "name": "Tờ khai liên thông", "sequence": 10},
                {
                    **part,
                    "name": "Giấy chứng sinh",
                    "sequence": 20,
                    "line_ids": [Command.set((cls.first | cls.third).ids)],
                },
                {
                    **part,
                    "name": "Ảnh chân dung",
                    "sequence": 30,
                    "line_ids": [Command.set(cls.fourth.ids)],
                },
            ]
        )
        cls.neighbour_desk = cls._new_user(
            "neighbour_desk", "group_desk", company=cls.neighbour
        )
        cls.neighbour_leader = cls._new_user(
            "neighbour_leader", "group_leader", company=cls.neighbour
        )

    @classmethod
    def _type_line(cls, name, sequence, after=None, **values):
        return cls.env["cchc.bundle.type.line"].create(
            {
                "type_id": cls.kind.id,
                "name": name,
                "sequence": sequence,
                "after_ids": [Command.set(after.ids if after else [])],
                **values,
            }
        )

    def _received(self, card=False, **values):
        """Return an accepted group."""
        group = self._draft(procedure=self.whole, **values)
        if card:
            self._line(group, self.fourth).chosen = True
        group.action_accept()
        return group

    @classmethod
    def _line(cls, group, type_line):
        return group.group_line_ids.filtered(lambda row: row.type_line_id == type_line)

    @classmethod
    def _part(cls, group, type_line):
        return cls._line(group, type_line).dossier_id

    @classmethod
    def _settle(cls, dossier):
        """Bring a part of the commune to its result."""
        dossier.with_user(cls.handler).action_pass_step()
        dossier.with_user(cls.leader).action_sign()
        dossier.with_user(cls.desk).action_pass_step()

    def _explain(self, dossier):
        """State why a part is late, before its result is made ready."""
        dossier.with_user(self.handler).action_explain_late(
            self.env.ref("cchc_onestop.reason_late_e"), "Mất điện"
        )

    def _settle_neighbour(self, dossier):
        """Bring a part of the neighbour, by the process template, to its result."""
        while dossier.state not in ("to_sign", "done"):
            dossier.with_user(self.outsider).action_pass_step()
        dossier.with_user(self.neighbour_leader).action_sign()
        while dossier.state == "to_sign":
            dossier.with_user(self.neighbour_desk).action_pass_step()

    def _result(self, group, type_line, **values):
        """Enter the result of an agency outside."""
        wizard = (
            self.env["cchc.bundle.external"]
            .with_user(self.desk)
            .create({"line_id": self._line(group, type_line).id, **values})
        )
        wizard.action_confirm()
