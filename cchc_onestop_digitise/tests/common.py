from odoo import Command

from odoo.addons.cchc_onestop.tests.common import OnestopCase

from . import papers


class DigitiseCase(OnestopCase):
    """The commune with a procedure two of whose parts must be digitised by decision.

    ``TK`` (an application form) and a part without a code must not be, ``GCN`` must.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cchc.digitise.rule"].search([]).active = False
        cls.certified = cls._new_coded_procedure()
        cls.rule = cls.env["cchc.digitise.rule"].create(
            {
                "procedure_id": cls.certified.id,
                "part_code": "GCN",
                "basis": "decision",
                "legal_basis": "Quyết định công bố danh mục số hóa",
                "decision_number": "12/QĐ-UBND",
                "valid_from": "2024-01-01",
            }
        )
        cls.policy = cls.env.ref("cchc_onestop_digitise.policy_general")

    @classmethod
    def _new_coded_procedure(cls, code="9.800777"):
        procedure = cls.env["cchc.procedure"].create(
            {"code": code, "name": "Cấp đổi giấy thử", "sector_id": cls.sector.id}
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
                    Command.create({"name": "Tờ khai", "code": "TK", "originals": 1}),
                    Command.create(
                        {
                            "name": "Giấy chứng nhận cũ",
                            "code": "GCN",
                            "originals": 1,
                            "sequence": 20,
                        }
                    ),
                    Command.create(
                        {"name": "Giấy tờ khác", "copies": 1, "sequence": 30}
                    ),
                ],
                "result_ids": [Command.create({"name": "Giấy chứng nhận mới"})],
            }
        )
        version.action_publish()
        cls._new_process(version, None)
        return procedure

    def _case(self, **values):
        """Return an accepted dossier of the coded procedure."""
        return self._accepted(procedure=self.certified, **values)

    def _part(self, dossier, key):
        keys = {name: part_id for part_id, name in dossier._part_keys().items()}
        return dossier.document_ids.filtered(lambda row: row.id == keys[key])

    def _drop(self, part, *pictures, user=None, name="quet.pdf", **values):
        """Drop a scan on a part, as its page does."""
        content = papers.scan(pictures or [papers.written(part.name, dpi=100)], 100)
        part = part.with_user(user or self.desk)
        return part._receive_files([name], [content], **values)

    def _stack(self, *pictures, name="chong.pdf", user=None, dpi=100):
        """Take a stack and read it to its end, as the job does."""
        batches = self.env["cchc.scan.batch"].with_user(user or self.desk)
        batches = batches.with_context(allowed_company_ids=self.commune.ids)
        batch = batches._take([name], [papers.scan(pictures, dpi)], self.commune)
        self._read(batch)
        return batch

    def _read(self, batch):
        steps = []
        while batch._batch_split({"batch": batch.id}, lambda *at: steps.append(at)):
            pass
        return steps
