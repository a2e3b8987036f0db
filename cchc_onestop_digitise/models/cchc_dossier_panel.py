from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.cchc_onestop.tools import file_name

from ..tools import part_name


class CchcDossier(models.Model):
    """The page “Digitisation” of a dossier: parts, files, what may be done."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def get_digitise_panel(self):
        """Return all that the page shows of one dossier, as plain values."""
        self.ensure_one()
        self.check_access("read")
        keys = self._part_keys()
        documents = self.document_ids.sorted(lambda row: (row.sequence, row.id))
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        offers = self._reusable(documents)
        remarks = documents._file_remarks()
        writable = self.env["cchc.dossier.document"].has_access("write")
        may = writable and self.state not in ("void", "refused")
        return {
            "code": self._file_code(),
            "may_scan": bool(may),
            "may_print": bool(self.name),
            "max_megabytes": policy.max_megabytes,
            "stack_megabytes": policy.stack_megabytes,
            "example": part_name.build(
                policy.name_pattern,
                self._file_code(),
                min(keys.values(), default="TP01"),
                1,
            ),
            "wants_result": bool(may and self.accepted_at)
            and not any(documents.mapped("is_result")),
            "parts": [
                document._panel_row(
                    keys[document.id], offers.get(document, ()), remarks
                )
                for document in documents
            ],
        }

    def match_files(self, names):
        """Say to which part each of these file names belongs.

        :param list names: names of files, of any dossier
        :return: per name ``{"part": id}``, or ``{"problem": sentence}``
        """
        self.ensure_one()
        self.check_access("read")
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        own = file_name.clean(self._file_code()).upper()
        keys = {key.upper(): part_id for part_id, key in self._part_keys().items()}
        found = []
        for name in map(str, names[:500]):
            readings = part_name.readings(policy.name_pattern, name)
            mine = [reading for reading in readings if reading[0].upper() == own]
            part = next(
                (keys[key.upper()] for _c, key, _n in mine if key.upper() in keys), 0
            )
            if part:
                found.append({"part": part})
            elif mine:
                problem = self.env._(
                    "“%s” names a part that this dossier does not have."
                )
                found.append({"problem": problem % name})
            elif readings:
                problem = self.env._("“%s” bears the code of another dossier.")
                found.append({"problem": problem % name})
            else:
                problem = self.env._(
                    "“%(name)s” does not follow the pattern %(pattern)s: drop it on "
                    "its part."
                )
                found.append(
                    {
                        "problem": problem
                        % {"name": name, "pattern": policy.name_pattern}
                    }
                )
        return found

    def action_add_result(self):
        """Add the row of the result, so that its file has a place."""
        self.ensure_one()
        if not self.accepted_at:
            raise UserError(self.env._("A dossier has a result once it is accepted."))
        if not any(self.document_ids.mapped("is_result")):
            result = self.version_id.result_ids[:1]
            self.env["cchc.dossier.document"].create(
                {
                    "dossier_id": self.id,
                    "name": result.name or self.env._("Result"),
                    "code": result.code,
                    "kind": "electronic",
                    "source": "efile",
                    "required": False,
                    "is_result": True,
                    "sequence": 1000,
                }
            )
        return True

    def _check_separators(self):
        """Refuse sheets for dossiers without a code."""
        self.check_access("read")
        bare = self.filtered(lambda dossier: not dossier.name)
        if bare:
            raise UserError(
                self.env._(
                    "Separator sheets bear the code of the dossier, which it gets when "
                    "it is accepted."
                )
            )


class CchcDossierDocument(models.Model):
    """A part as a row of the page."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.document"  # pylint: disable=consider-merging-classes-inherited

    def _panel_row(self, key, offers, remarks):
        self.ensure_one()
        bases = dict(self._fields["digitise_basis"]._description_selection(self.env))
        files = self.scan_file_ids.sorted(lambda file: (file.number, -file.version))
        kept = files.attachment_id
        return {
            "id": self.id,
            "key": key,
            "name": self.name,
            "is_result": self.is_result,
            "shared": bool(self.shared_from_id),
            "required": self.digitise_required,
            "basis": bases.get(self.digitise_basis) or "",
            "legal": self.digitise_legal or "",
            "state": self.digital_state,
            "reused_from": self.sudo().reused_from_id.dossier_id.name or "",
            "files": [
                {
                    **file._panel_row(),
                    "remarks": remarks.get(file.attachment_id.id, ()),
                }
                for file in files
            ],
            "loose": [
                {
                    "id": attachment.id,
                    "name": attachment.name,
                    "remarks": remarks.get(attachment.id, ()),
                }
                for attachment in self.attachment_ids - kept
            ],
            "values": self.env["cchc.digitise.value"].search_count(
                [("document_id", "=", self.id)]
            )
            if self.env["cchc.digitise.value"].has_access("read")
            else 0,
            "offers": len(offers),
        }

    def _receive_files(self, names, contents, replaces_id=False):
        """Take what a person has dropped on the part: one PDF, or its pictures.

        :param names: names of the files
        :param contents: their bytes, in the order of the names
        :param replaces_id: ``cchc.digitise.file`` whose newer version comes
        """
        self.ensure_one()
        self.check_access("write")
        self._check_digitise_open()
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        content = policy._read_pdf(names, contents)
        replaces = self.env["cchc.digitise.file"].browse(replaces_id or ()).exists()
        return self._digitise_store(
            ", ".join(names)[:500], content, "upload", replaces=replaces
        )

    def action_check_attached(self, attachment_id):
        """Check a file that was attached to the part and keep it as digital copy.

        :raises UserError: with the sentence that says what is wrong with it
        """
        self.ensure_one()
        self.check_access("write")
        self._check_digitise_open()
        attachment = self.attachment_ids.filtered(lambda row: row.id == attachment_id)
        if not attachment or attachment in self.scan_file_ids.attachment_id:
            raise ValidationError(self.env._("This file is not there any more."))
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        content = policy._read_pdf([attachment.name], [attachment.raw or b""])
        if content == attachment.raw:
            facts, warning = policy._inspect(attachment.name, content)
            self._keep_attached(attachment, facts, warning)
        else:
            self._digitise_store(attachment.name, content, "attached")
        return True

    def action_open_dossier(self):
        """Open the dossier of the part."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cchc.dossier",
            "res_id": self.dossier_id.id,
            "views": [(False, "form")],
        }

    def action_values(self):
        """Open the extracted data of the part."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extracted Data: %s", self.name),
            "res_model": "cchc.digitise.value",
            "views": [(False, "list")],
            "domain": [("document_id", "=", self.id)],
            "context": {"default_document_id": self.id},
            "target": "new",
        }


class CchcDigitiseFile(models.Model):
    """A file as a line of the page."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.digitise.file"  # pylint: disable=consider-merging-classes-inherited

    def _panel_row(self):
        self.ensure_one()
        origins = dict(self._fields["origin"]._description_selection(self.env))
        stages = dict(self._fields["stage"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "attachment": self.attachment_id.id,
            "name": self.name or self.original_name or "",
            "version": self.version,
            "state": self.state,
            "state_label": states[self.state],
            "pages": self.pages,
            "kilobytes": max(1, round(self.size / 1024)),
            "dpi": self.dpi,
            "warning": self.warning or "",
            "sha256": self.sha256,
            "stage": stages[self.stage],
            "origin": origins[self.origin],
            "at": self.at.isoformat(sep=" ", timespec="seconds"),
            "user": self.sudo().user_id.name,
        }
