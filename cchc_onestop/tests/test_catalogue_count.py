import io
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_catalogue import CatalogueCase


@tagged("post_install", "-at_install")
class TestCatalogueCount(CatalogueCase):
    """Procedures in force per field on any day; a commune's 123 in 24 fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the addon ships is in force from a later day than is counted here
        cls.sectors = cls.env["cchc.sector"].create(
            [{"name": f"Lĩnh vực đếm {index:02d}"} for index in range(25)]
        )
        cls.procedures = cls.env["cchc.procedure"].create(
            [
                {
                    "code": f"9.84{index:04d}",
                    "name": f"Thủ tục đếm {index}",
                    "sector_id": cls.sectors[index % 25].id,
                    "level": "commune",
                }
                for index in range(150)
            ]
        )
        cls.env["cchc.procedure.version"].create(
            [
                {
                    "procedure_id": procedure.id,
                    "name": procedure.name,
                    "valid_from": "2016-01-01",
                    "channel_ids": [
                        Command.create(
                            {
                                "channel": "counter",
                                "time_limit_ids": [Command.create({"amount": 5})],
                            }
                        )
                    ],
                }
                for procedure in cls.procedures
            ]
        ).action_publish()
        # one field goes altogether, 21 procedures of others with it: 150 - 6 - 21
        last = cls.procedures.filtered(lambda row: row.sector_id == cls.sectors[24])
        others = (cls.procedures - last)[:21]
        (last | others).write({"repealed_from": "2016-09-01"})

    def _count(self, day, user=None, **values):
        return (
            self.env["cchc.catalogue.count"]
            .with_user(user or self.reader)
            .create({"date": day, **values})
        )

    def test_seed_123_in_24_fields_after_repeals(self):
        after = self._count("2016-09-01")
        self.assertEqual((after.procedure_count, after.sector_count), (123, 24))
        before = self._count("2016-08-31")
        self.assertEqual((before.procedure_count, before.sector_count), (150, 25))
        self.assertEqual(self._count("2015-12-31").procedure_count, 0)

    def test_day_is_changed_on_the_form(self):
        action = (
            self.env["cchc.catalogue.count"].with_user(self.reader).action_open_today()
        )
        wizard = self.env["cchc.catalogue.count"].browse(action["res_id"])
        with Form(wizard.with_user(self.reader)) as form:
            form.date = date(2016, 9, 1)
            self.assertEqual(form.procedure_count, 123)
        self.assertEqual(len(wizard.line_ids), 24)

    def test_each_figure_opens_its_procedures(self):
        wizard = self._count("2016-09-01")
        for line in wizard.line_ids[:3]:
            action = line.action_open_procedures()
            found = (
                self.env["cchc.procedure"]
                .with_context(**action["context"])
                .search(action["domain"])
            )
            self.assertEqual(len(found), line.in_force)
            self.assertEqual(found.sector_id, line.sector_id)
            self.assertEqual(set(found.mapped("state")), {"in_force"})
        everything = wizard.action_open_procedures()
        self.assertEqual(
            self.env["cchc.procedure"].search_count(everything["domain"]), 123
        )
        pivot = wizard.action_open_pivot()
        rows = (
            self.env["cchc.catalogue.stat"]
            .with_user(self.reader)
            .with_context(**pivot["context"])
        )
        self.assertEqual(
            rows._read_group(pivot["domain"], [], ["in_force:sum"]), [(123,)]
        )
        row = rows.search(pivot["domain"], limit=1)
        self.assertEqual(row.action_open_procedure()["res_id"], row.procedure_id.id)

    def test_one_statement(self):
        stat = (
            self.env["cchc.catalogue.stat"]
            .with_user(self.reader)
            .with_context(cchc_date="2016-09-01")
        )
        stat._read_group([], ["sector_id"], ["in_force:sum"])
        self.env.flush_all()
        with self.assertQueryCount(1):
            stat._read_group([], ["sector_id"], ["in_force:sum"])

    def test_agrees_with_the_state_of_each_procedure(self):
        for day in ("2016-08-31", "2016-09-01", "2025-07-01", "2026-11-18"):
            stat = (
                self.env["cchc.catalogue.stat"]
                .with_user(self.reader)
                .with_context(cchc_date=day)
            )
            procedures = (
                self.env["cchc.procedure"]
                .with_user(self.reader)
                .with_context(cchc_date=day)
                .search([("state", "=", "in_force")])
            )
            self.assertEqual(
                sorted(stat.search([]).procedure_id.ids), sorted(procedures.ids), day
            )

    def test_version_of_another_agency_does_not_count(self):
        own = self._new_procedure("9.850001")
        version = self._new_version(own, "2016-01-01")
        version.company_id = self.other_commune
        version.action_publish()
        self.assertEqual(self._count("2016-09-01").procedure_count, 123)
        foreign = self._count("2016-09-01", user=self.foreign_officer, level=False)
        self.assertEqual(foreign.procedure_count, 124)

    def test_levels(self):
        self.procedures[-1].level = "province"
        self.assertEqual(self._count("2016-08-31").procedure_count, 149)
        self.assertEqual(self._count("2016-08-31", level="province").procedure_count, 1)
        self.assertEqual(self._count("2016-08-31", level=False).procedure_count, 150)

    def test_spreadsheet(self):
        self.procedures[-2].name = "=1+1"
        wizard = self._count("2016-09-01")
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.reader)
            ._render_xlsx("cchc_onestop.catalogue_count_report", wizard.ids, {})
        )
        book = load_workbook(io.BytesIO(content))
        figures, names = book.worksheets
        rows = [[cell.value for cell in row] for row in figures.iter_rows()]
        self.assertEqual(rows[-1][1:], ["Tổng số (24 lĩnh vực)", 123])
        self.assertEqual(len(rows), 24 + 3)
        self.assertIn("01/09/2016", rows[0][1])
        cells = [cell for row in names.iter_rows() for cell in row]
        wanted = [cell for cell in cells if cell.value == "=1+1"]
        self.assertEqual([cell.data_type for cell in wanted], ["s"])

    def test_the_rows_are_read_only(self):
        stat = self.env["cchc.catalogue.stat"].with_user(self.officer)
        with self.assertRaises(AccessError):
            stat.create({"procedure_id": self.procedures[0].id})
