from odoo import api, fields, models

from odoo.addons.cchc_onestop.models.dms_directory import QUIET
from odoo.addons.cchc_onestop.tools import file_name, guard


class CchcIssuedDocument(models.Model):
    """Filing of issued documents into the library of their agency (dms).

    A file stands there as soon as it is on the document; its bytes are not copied.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.issued.document"  # pylint: disable=consider-merging-classes-inherited

    dms_file_ids = fields.One2many(
        "dms.file", "cchc_issued_document_id", "Files in the Library"
    )
    dms_file_count = fields.Integer(compute="_compute_dms_file_count")

    def _compute_dms_file_count(self):
        counts = dict(
            self.env["dms.file"]._read_group(
                [("cchc_issued_document_id", "in", self.ids)],
                ["cchc_issued_document_id"],
                ["__count"],
            )
        )
        for document in self:
            document.dms_file_count = counts.get(document._origin, 0)

    def action_view_dms_files(self):
        """Open the files of the documents in the document app."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dms.action_dms_file")
        action["domain"] = [("cchc_issued_document_id", "in", self.ids)]
        action["context"] = {"searchpanel": False}
        return action

    def _file_to_dms(self):
        """Put what the documents hold into the library and take out what they lost."""
        documents = self.sudo()
        files = self.env["dms.file"].sudo()
        gone = files.search([("cchc_issued_document_id", "in", documents.ids)])
        held = {
            (document.id, file.id)
            for document in documents
            for file in document.attachment_ids
            if file.type == "binary"
        }
        kept = {
            (file.cchc_issued_document_id.id, file.attachment_id.id) for file in gone
        }
        lost = gone.filtered(
            lambda file: (
                (
                    file.cchc_issued_document_id.id,
                    file.attachment_id.id,
                )
                not in held
            )
        )
        documents._take_out(lost)
        missing = documents.filtered(
            lambda document: any(
                (document.id, file.id) not in kept for file in document.attachment_ids
            )
        )
        if not missing:
            return files.browse()
        places = (
            self.env["dms.directory"]
            .sudo()
            .with_context(lang=self.env["cchc.form.edition"]._office_lang())
            ._cchc_place(
                [
                    (document._filing_place(), len(document.attachment_ids))
                    for document in missing
                ]
            )
        )
        vals_list, taken = [], {}
        for document, directory in zip(missing, places, strict=True):
            names = taken.setdefault(
                directory, set(directory.sudo().file_ids.mapped("name"))
            )
            vals_list += document._filing_vals(directory, kept, names)
        return guard.unlocked(files.with_context(**QUIET, dms_file=True)).create(
            vals_list
        )

    @api.model
    def _take_out(self, files):
        """Take files out of the library; their attachments stay where they are."""
        if files:
            guard.unlocked(files).with_context(dms_file=True).unlink()

    def _filing_place(self):
        """``(agency, year, kind, month)`` of the folder of the document."""
        self.ensure_one()
        kind = "in" if self.direction == "incoming" else "out"
        day = self.received_on or self.date
        return self.company_id.id, day.year, kind, day.month

    def _filing_vals(self, directory, kept, taken):
        """Values of the files that the library lacks; nothing here reads the bytes.

        :param set taken: names in the folder, to which those of the files are added
        """
        self.ensure_one()
        code = file_name.clean(self.reference or self.type_id.key or "VB")
        vals_list = []
        for attachment in self.attachment_ids.filtered(lambda a: a.type == "binary"):
            if (self.id, attachment.id) in kept:
                continue
            stem, extension = file_name.split(attachment.name)
            name = file_name.unique(
                file_name.build(code, self.date.strftime("%d%m%Y"), stem, extension),
                taken,
            )
            taken.add(name)
            vals_list.append(
                {
                    "name": name,
                    "directory_id": directory.id,
                    "cchc_issued_document_id": self.id,
                    "attachment_id": attachment.id,
                    "checksum": attachment.checksum,
                    "size": attachment.file_size,
                    # A thumbnail would store the picture a second time.
                    "image_1920": False,
                }
            )
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_library(self):
        self._take_out(
            self.env["dms.file"]
            .sudo()
            .with_context(active_test=False)
            .search([("cchc_issued_document_id", "in", self.ids)])
        )
