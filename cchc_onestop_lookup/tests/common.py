from odoo import Command

from odoo.addons.cchc_onestop.tests.common import OnestopCase

from .fake_platform import PASSWORD, USER


class LookupCase(OnestopCase):
    """The commune of the one-stop tests, with the shipped services."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.citizen = cls.env.ref("cchc_onestop_lookup.service_037")
        cls.business = cls.env.ref("cchc_onestop_lookup.service_dkkd")
        cls.settling = cls.env.ref("cchc_onestop_lookup.purpose_settle")
        cls.asked_by_citizen = cls.env.ref("cchc_onestop_lookup.purpose_citizen")
        cls.procedure_data = cls._procedure_with_register()

    @classmethod
    def _procedure_with_register(cls):
        """A procedure of which one part comes from the population database."""
        procedure = cls.env["cchc.procedure"].create(
            {
                "code": "9.800037",
                "name": "Xác nhận từ dữ liệu dân cư",
                "sector_id": cls.sector.id,
            }
        )
        version = cls.env["cchc.procedure.version"].create(
            {
                "procedure_id": procedure.id,
                "name": procedure.name,
                "valid_from": "2024-01-01",
                "channel_ids": [
                    Command.create(
                        {
                            "channel": "counter",
                            "time_limit_ids": [
                                Command.create({"amount": 3, "unit": "working_day"})
                            ],
                        }
                    )
                ],
                "document_ids": [
                    Command.create({"name": "Tờ khai", "originals": 1}),
                    Command.create(
                        {
                            "name": "Thông tin cư trú",
                            "originals": 1,
                            "source": "database",
                        }
                    ),
                ],
                "result_ids": [Command.create({"name": "Giấy xác nhận"})],
            }
        )
        version.action_publish()
        cls._new_process(version, None)
        return procedure

    @classmethod
    def _connect(cls, url, **values):
        """A line of the commune to the platform at ``url``."""
        return cls.env["cchc.lookup.connection"].create(
            {
                "name": "LGSP",
                "company_id": cls.commune.id,
                "service_ids": [Command.set((cls.citizen | cls.business).ids)],
                "adapter": "ndxp",
                "url": url,
                "login": USER,
                "secret": PASSWORD,
                "unit_code": "H50.21",
                "timeout": 1,
                **values,
            }
        )

    def _requests(self, user):
        return self.env["cchc.lookup.request"].with_user(user)

    def _enter(self, dossier, found=None, user=None, **told):
        """Enter by hand what another program shows of the dossier's owner."""
        env = self.env(user=user or self.handler)
        values = found or {"Họ và tên": "Nguyễn Thị Hoa"}
        fields = self.citizen.field_ids.filtered(lambda field: field.name in values)
        return env["cchc.lookup.request"]._enter(
            env["cchc.lookup.service"].browse(self.citizen.id),
            "045190000123",
            env["cchc.lookup.purpose"].browse(self.settling.id),
            env["cchc.dossier"].browse(dossier.id),
            env["res.partner"].browse(self.partner.id),
            [(field, values[field.name]) for field in fields],
            **{"source": "Phần mềm dân cư", **told},
        )
