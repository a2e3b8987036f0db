from contextlib import contextmanager

from odoo import Command
from odoo.tests import TransactionCase, new_test_user


class CatalogueCase(TransactionCase):
    """Two agencies of one province, the people of a catalogue, one procedure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.province = cls.env["res.company"].create(
            {"name": "Tỉnh Kiểm Thử", "cchc_level": "province"}
        )
        cls.commune, cls.other_commune = cls.env["res.company"].create(
            [
                {
                    "name": name,
                    "cchc_level": "commune",
                    "parent_id": cls.province.id,
                }
                for name in ("Xã Thử Một", "Xã Thử Hai")
            ]
        )
        cls.reader = cls._new_user("reader", cls.commune, "group_desk")
        cls.officer = cls._new_user("officer", cls.commune, "group_catalogue")
        cls.foreign_officer = cls._new_user(
            "foreign", cls.other_commune, "group_catalogue"
        )
        cls.province_officer = cls._new_user(
            "province", cls.province, "group_catalogue"
        )
        cls.sector = cls.env["cchc.sector"].create({"name": "Lĩnh vực kiểm thử"})

    @contextmanager
    def assertRefused(self, exception, pattern):
        """Check that the block raises with ``pattern`` and undo what it wrote."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)

    @classmethod
    def _new_user(cls, login, company, *groups):
        return new_test_user(
            cls.env,
            f"catalogue_{login}",
            groups=",".join(f"cchc_onestop.{group}" for group in groups),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            lang="en_US",
        )

    @classmethod
    def _new_procedure(cls, code="9.900001", name="Thủ tục kiểm thử", **values):
        return cls.env["cchc.procedure"].create(
            {"code": code, "name": name, "sector_id": cls.sector.id, **values}
        )

    @classmethod
    def _new_version(
        cls, procedure, valid_from, amount=5, unit="working_day", **values
    ):
        """Return a draft with one desk channel and one time limit."""
        return cls.env["cchc.procedure.version"].create(
            {
                "procedure_id": procedure.id,
                "name": procedure.name,
                "valid_from": valid_from,
                "channel_ids": [
                    Command.create(
                        {
                            "channel": "counter",
                            "time_limit_ids": [
                                Command.create({"amount": amount, "unit": unit})
                            ],
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _publish(cls, procedure, valid_from, **values):
        version = cls._new_version(procedure, valid_from, **values)
        version.action_publish()
        return version

    @classmethod
    def _new_process(cls, version, company=None, steps=(8.0,), **values):
        return cls.env["cchc.process"].create(
            {
                "version_id": version.id,
                "company_id": (company or cls.commune).id,
                "valid_from": version.valid_from,
                "step_ids": [
                    Command.create({"name": f"Bước {index}", "planned_amount": hours})
                    for index, hours in enumerate(steps, 1)
                ],
                **values,
            }
        )
