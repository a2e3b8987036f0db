from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError

from ..tools import guard
from .dms_directory import QUIET


class CchcDossierPaper(models.Model):
    """Issued papers go into the document library at once, not with the settlement.

    Queued for the scheduled action, so that no officer waits for it; the folder is
    that of the month in which the paper was issued.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.paper"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _file_soon(self):
        """Have the scheduled action look after this transaction."""
        cron = self.env.ref("cchc_onestop.cron_filing_papers", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()

    def _file_to_dms(self):
        """File what the library lacks of these papers; safe to repeat.

        :return: the new ``dms.file`` records (as superuser)
        """
        papers = self.sudo().filtered(
            lambda paper: paper.attachment_id and not paper.filed_at
        )
        created = self.env["dms.file"].sudo()
        if not papers:
            return created
        try:
            with self.env.cr.savepoint():
                created = papers._file_batch()
        except errors.UniqueViolation as error:
            raise ConcurrencyError("Filed by another request meanwhile") from error
        except (UserError, ValidationError) as error:
            if len(papers) == 1:
                guard.unlocked(papers).write({"filing_error": str(error)})
                return created
            for paper in papers:
                created |= paper._file_to_dms()
            return created
        papers._note_filed()
        return created

    def _note_filed(self):
        """Note that these papers are in the library."""
        unfiled = self.sudo().filtered(lambda paper: not paper.filed_at)
        guard.unlocked(unfiled).write(
            {"filed_at": fields.Datetime.now(), "filing_error": False}
        )

    def _file_batch(self):
        self = self.with_context(lang=self.env["cchc.form.edition"]._office_lang())  # noqa: PLW0642
        files = self.env["dms.file"].sudo()
        filed = {
            (dossier.id, attachment.id)
            for dossier, attachment in files._read_group(
                [("attachment_id", "in", self.attachment_id.ids)],
                ["cchc_dossier_id", "attachment_id"],
            )
        }
        wanting = self.filtered(
            lambda paper: (paper.dossier_id.id, paper.attachment_id.id) not in filed
        )
        directories = (
            self.env["dms.directory"]
            .sudo()
            ._cchc_place([(paper._filing_month(), 1) for paper in wanting])
        )
        vals_list = []
        for paper, directory in zip(wanting, directories, strict=True):
            vals_list += paper.dossier_id._filing_vals(directory, [paper._filing_row()])
        created = guard.unlocked(files.with_context(**QUIET, dms_file=True)).create(
            vals_list
        )
        return files.browse(created.ids)

    def _filing_row(self):
        """``(attachment, label, title)`` of the file."""
        self.ensure_one()
        edition = self.edition_id
        return self.attachment_id, f"M{edition.code}", f"{edition.name} {self.name}"

    def _filing_month(self):
        """``(agency id, year, department id, month)`` of the issue of the paper."""
        self.ensure_one()
        company = self.dossier_id.company_id
        issued = company._cchc_local_date(self.issued_at)
        department = self.dossier_id._filing_department()
        return company.id, issued.year, department.id or 0, issued.month

    @api.model
    def _cron_file(self, batch=200):
        """File issued papers in batches; each batch is committed on its own."""
        domain = [
            ("filed_at", "=", False),
            ("filing_error", "=", False),
            ("attachment_id", "!=", False),
        ]
        self.env["dms.directory"].sudo()._cchc_file_in_turn(
            self, domain, batch, lambda papers: papers._file_to_dms()
        )
