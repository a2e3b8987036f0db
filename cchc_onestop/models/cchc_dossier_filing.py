from collections import defaultdict

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError

from ..tools import file_name, forms, guard
from .cchc_dossier_printing import SLIP_CLOSED
from .dms_directory import QUIET


class CchcDossier(models.Model):
    """Filing of ended dossiers into the document system (dms).

    Working files stay attachments. Once a dossier has ended, its scans, issued papers
    and result appear in the agency's document library: agency / year / department /
    month, in folders of bounded size. The bytes are not copied, filing twice changes
    nothing, and what cannot be filed says why on the dossier.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    filed_at = fields.Datetime(readonly=True, copy=False)
    filing_error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the documents could not be filed; mend it and file again",
    )
    dms_file_ids = fields.One2many("dms.file", "cchc_dossier_id", string="Filed Files")
    dms_file_count = fields.Integer(
        string="Filed Documents", compute="_compute_dms_file_count"
    )

    # What the cron looks for; the archive is not in this index.
    _to_file_idx = models.Index(
        "(id) WHERE filed_at IS NULL AND filing_error IS NULL AND ended_at IS NOT NULL"
    )

    def _compute_dms_file_count(self):
        counts = dict(
            self.env["dms.file"]._read_group(
                [("cchc_dossier_id", "in", self.ids)], ["cchc_dossier_id"], ["__count"]
            )
        )
        for dossier in self:
            dossier.dms_file_count = counts.get(dossier._origin, 0)

    def action_view_dms_files(self):
        """Open the filed documents of the dossiers in the document app."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dms.action_dms_file")
        action["domain"] = [("cchc_dossier_id", "in", self.ids)]
        action["context"] = {"searchpanel": False}
        return action

    def action_file_to_dms(self):
        """File ended dossiers now, also those whose filing failed before."""
        self.check_access("write")
        if any(not dossier.ended_at for dossier in self):
            raise UserError(
                self.env._(
                    "Only ended dossiers are filed; the files of an open dossier stay "
                    "with it."
                )
            )
        self._file_to_dms()
        return True

    def _filing_reopen(self):
        """Something was added to filed dossiers: the next run files it as well."""
        filed = self.sudo().filtered("filed_at")
        if filed:
            guard.unlocked(filed).write({"filed_at": False})

    def _filing_replace(self, old, new):
        """Show a signed file where the same file was filed before it was signed.

        One paper stands in the library once; the bytes that were there before stay
        with their attachment.

        :param old: attachment that was filed, or was not
        :param new: attachment that takes its place
        """
        filed = (
            self.env["dms.file"]
            .sudo()
            .with_context(active_test=False, **QUIET, dms_file=True)
            .search(
                [("attachment_id", "=", old.id), ("cchc_dossier_id", "in", self.ids)]
            )
        )
        for file in filed:
            stem, before = file_name.split(file.name)
            extension = file_name.split(new.name)[1]
            name = file.name
            if extension != before:
                taken = set(file.cchc_dossier_id.dms_file_ids.mapped("name"))
                name = file_name.unique(f"{stem}.{extension}", taken)
            guard.unlocked(file).write(
                {
                    "name": name,
                    "attachment_id": new.id,
                    "checksum": new.checksum,
                    "size": new.file_size,
                }
            )

    def _check_protected(self, names):
        if names & {"filed_at", "filing_error"}:
            raise UserError(
                self.env._("What is filed is recorded by the system, not by hand.")
            )
        return super()._check_protected(names)

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------
    def _file_to_dms(self):
        """File what the dossiers hold and the document system lacks.

        Safe to repeat: what is filed is left alone. Dossiers that cannot be filed get
        ``filing_error``, the others ``filed_at``.

        :return: the new ``dms.file`` records (as superuser)
        """
        dossiers = self.sudo().filtered("ended_at")
        created = self.env["dms.file"].sudo()
        if not dossiers:
            return created
        try:
            with self.env.cr.savepoint():
                created = dossiers._file_batch()
        except errors.UniqueViolation as error:
            raise ConcurrencyError("Filed by another request meanwhile") from error
        except (UserError, ValidationError) as error:
            if len(dossiers) == 1:
                guard.unlocked(dossiers).write({"filing_error": str(error)})
                return created
            for dossier in dossiers:
                created |= dossier._file_to_dms()
            return created
        guard.unlocked(dossiers).write(
            {"filed_at": fields.Datetime.now(), "filing_error": False}
        )
        return created

    def _file_batch(self):
        self = self.with_context(lang=self.env["cchc.form.edition"]._office_lang())  # noqa: PLW0642
        files = self.env["dms.file"].sudo()
        wanted = self._filing_rows()
        filed = files._read_group(
            [("cchc_dossier_id", "in", self.ids)], ["cchc_dossier_id", "attachment_id"]
        )
        filed = {(dossier.id, attachment.id) for dossier, attachment in filed}
        rows = {
            dossier: [
                row for row in wanted[dossier] if (dossier.id, row[0].id) not in filed
            ]
            for dossier in self
        }
        wanting = self.filtered(lambda dossier: rows[dossier])
        directories = (
            self.env["dms.directory"]
            .sudo()
            ._cchc_place([(d._filing_month(), len(rows[d])) for d in wanting])
        )
        vals_list = []
        for dossier, directory in zip(wanting, directories, strict=True):
            vals_list += dossier._filing_vals(directory, rows[dossier])
        created = guard.unlocked(files.with_context(**QUIET, dms_file=True)).create(
            vals_list
        )
        self.paper_ids.filtered("attachment_id")._note_filed()
        return files.browse(created.ids)

    def _filing_rows(self):
        """``{dossier: [(attachment, label, title)]}`` of all that is to be filed."""
        rows = defaultdict(list)
        seen = set()

        def add(dossier, attachment, label, title):
            if attachment.type == "binary" and (dossier.id, attachment.id) not in seen:
                seen.add((dossier.id, attachment.id))
                rows[dossier].append((attachment, label, title))

        for document in self.document_ids:
            label = "KQ" if document.is_result else document.code or "TP"
            for attachment in document.attachment_ids:
                add(document.dossier_id, attachment, label, document.name)
        for paper in self.paper_ids.sorted("id"):
            if paper.attachment_id:
                add(paper.dossier_id, *paper._filing_row())
        loose = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "cchc.dossier"),
                ("res_id", "in", self.ids),
                ("res_field", "=", False),
            ],
            order="id",
        )
        for attachment in loose:
            title = file_name.split(attachment.name)[0]
            add(self.browse(attachment.res_id), attachment, "TL", title)
        return rows

    def _filing_vals(self, directory, rows):
        """Values of the dms files of one dossier; nothing here reads the bytes."""
        self.ensure_one()
        code = self.name or str(self.id)
        taken = set(self.dms_file_ids.mapped("name"))
        vals_list = []
        for attachment, label, title in rows:
            extension = file_name.split(attachment.name)[1]
            name = file_name.unique(
                file_name.build(code, label, title, extension), taken
            )
            taken.add(name)
            vals_list.append(
                {
                    "name": name,
                    "directory_id": directory.id,
                    "cchc_dossier_id": self.id,
                    "attachment_id": attachment.id,
                    "checksum": attachment.checksum,
                    "size": attachment.file_size,
                    # A thumbnail would store the picture a second time.
                    "image_1920": False,
                }
            )
        return vals_list

    def _filing_month(self):
        """``(agency id, year, department id, month)`` of the end of the dossier."""
        self.ensure_one()
        ended = self.company_id._cchc_local_date(self.ended_at)
        department = self._filing_department()
        return self.company_id.id, ended.year, department.id or 0, ended.month

    def _filing_department(self):
        """Department that handled the dossier; the last one when no step says so."""
        self.ensure_one()
        handling = self.step_ids.filtered(lambda step: step.role == "handle")[-1:]
        return (
            handling.department_id
            or handling.user_id.employee_id.department_id
            or self.department_id
        )

    def _issue_closed_slips(self):
        """Issue the control slips of the dossiers whose result has reached the desk.

        Here and not by the move, so that nobody who signs fifty results waits for
        fifty drawings.

        :return: the dossiers that may be filed; the others say why not
        """
        closed = self.sudo().filtered(
            lambda dossier: dossier.state in SLIP_CLOSED and dossier.step_ids
        )
        closed -= closed.filtered(
            lambda dossier: forms.SLIP in dossier.paper_ids.mapped("code")
        )
        if not closed:
            return self
        try:
            with self.env.cr.savepoint():
                self.env["cchc.dossier.paper"].sudo().issue(closed, forms.SLIP)
        except UserError as error:
            if len(closed) == 1:
                guard.unlocked(closed).write({"filing_error": str(error)})
                return self - closed
            done = self - closed
            for dossier in self & closed:
                done |= dossier._issue_closed_slips()
            return done
        return self

    # ------------------------------------------------------------------
    # Scheduled action
    # ------------------------------------------------------------------
    @api.model
    def _cron_file_ended(self, batch=5):
        """File ended dossiers in batches; each batch is committed on its own.

        A dossier may need its closed slip drawn, and Odoo calls a job that has more to
        do ten times before it lets others run: batches are small, for what people wait
        for.
        """
        domain = [
            ("filed_at", "=", False),
            ("filing_error", "=", False),
            ("ended_at", "!=", False),
        ]
        self.env["dms.directory"].sudo()._cchc_file_in_turn(
            self,
            domain,
            batch,
            lambda dossiers: dossiers._issue_closed_slips()._file_to_dms(),
        )
