from odoo import models

from odoo.addons.cchc_onestop.report.cchc_posting_xlsx import TEXT_OPTIONS

from .cchc_petition_papers import COLUMNS

WIDTHS = (6, 28, 60, 20, 12, 24, 12, 34, 14)


class PetitionRegisterXlsx(models.AbstractModel):
    """The register of petitions as a spreadsheet; texts are never formulas."""

    _name = "report.cchc_onestop_voice.petition_register_xlsx"
    _description = "Register of Petitions (Excel)"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        return {"constant_memory": True, **TEXT_OPTIONS}

    def generate_xlsx_report(self, workbook, data, objs):
        objs.check_access("read")
        head = workbook.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "align": "center"}
        )
        body = workbook.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        title = workbook.add_format({"bold": True, "font_size": 13})
        sheet = workbook.add_worksheet("Sổ PAKN")
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        agency = objs.company_id[:1].sudo() or self.env.company.sudo()
        sheet.write_string(0, 0, agency.name)
        sheet.write_string(1, 0, "SỔ THEO DÕI PHẢN ÁNH, KIẾN NGHỊ", title)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(3, column, name, head)
        petitions = objs.sorted(lambda petition: (petition.received_at, petition.id))
        for number, petition in enumerate(petitions, 1):
            sheet.write_number(3 + number, 0, number, body)
            for column, text in enumerate(petition._get_cells(), 1):
                sheet.write_string(3 + number, column, text, body)
