import io
import os
from contextlib import closing, contextmanager

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.catalogue_parser import CatalogueError
from ..tools.dossier_import_file import Documents


class CchcImportFile(models.AbstractModel):
    """A list that people send, with an archive of the documents its rows name."""

    _name = "cchc.import.file"
    _description = "File to Import"

    file = fields.Binary(help="Workbook (.xlsx) or JSON")
    file_name = fields.Char()
    archive = fields.Binary(
        string="Files (.zip)", help="Holds the files that the column “Tệp” names"
    )
    archive_name = fields.Char()

    def _file_size(self):
        return self._attachment("file").file_size or 0

    def _attachment(self, field):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", field),
                ],
                limit=1,
            )
        )

    @contextmanager
    def _open(self, field):
        """Open a file of the import as a stream; large ones stay on the disk."""
        attachment = self._attachment(field)
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw or b"")

    @contextmanager
    def _documents(self):
        """Open the archive of files, ``None`` when there is none."""
        if not self._attachment("archive"):
            yield None
            return
        with self._open("archive") as stream, closing(self._archive(stream)) as found:
            yield found

    def _archive(self, stream):
        try:
            return Documents(stream)
        except CatalogueError as error:
            raise UserError(
                self.env["cchc.import.sentence"]._of_error(error)
            ) from error

    def _is_xlsx(self):
        extension = os.path.splitext(self.file_name or "")[1].lower()
        with self._open("file") as stream:
            if stream.read(4) == b"PK\x03\x04":
                return True
        if extension and extension not in (".json", ".xlsx"):
            raise UserError(
                self.env._(
                    "A %s file cannot be read; save it as an Excel workbook (.xlsx), "
                    "or take the JSON export.",
                    extension,
                )
            )
        return extension == ".xlsx"
