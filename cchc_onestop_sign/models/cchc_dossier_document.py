import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import file_name, guard, picture_pdf

from ..tools import pdf_check
from .cchc_signature_check import STATES

#: Pictures of scanners and telephones that become a PDF when they are certified.
_PICTURES = ("image/jpeg", "image/png", "image/tiff")
#: How loudly a verdict is told beside its file.
_KINDS = {
    "valid": "success",
    "queued": "muted",
    "unknown": "warning",
    "failed": "warning",
    "broken": "danger",
}
_ORDER = ("failed", "broken", "unknown", "queued", "valid", "unsigned")


class CchcDossierDocument(models.Model):
    """The signatures of the files of a part: checked when they come, shown, added."""

    _inherit = "cchc.dossier.document"

    signature_status = fields.Selection(
        STATES, string="Signatures", compute="_compute_signature"
    )
    signature_summary = fields.Char(
        string="Signed by", compute="_compute_signature", help="Signer and time"
    )
    signature_reason = fields.Text(compute="_compute_signature")
    can_certify = fields.Boolean(
        compute="_compute_can_certify",
        help="A scan of this part does not bear the signature of the agency yet",
    )

    @api.depends("attachment_ids", "is_result", "shared_from_id")
    def _compute_can_certify(self):
        """Whether :meth:`action_certify_copy` finds a file that it would sign."""
        own = self.filtered(lambda part: not part.is_result and not part.shared_from_id)
        (self - own).can_certify = False
        checks = (
            self.env["cchc.signature.check"]
            .sudo()
            .search([("attachment_id", "in", own.sudo().attachment_ids.ids)])
        )
        signed = {
            check.attachment_id: set(check.signature_ids.mapped("serial"))
            for check in checks
        }
        keys = (
            self.env["cchc.signature.key"]
            .sudo()
            .search(
                [
                    ("use", "=", "agency"),
                    ("company_id", "in", own.dossier_id.company_id.ids),
                ]
            )
        )
        serials = {
            company: set(members.mapped("serial"))
            for company, members in keys.grouped("company_id").items()
        }
        for part in own:
            agency = serials.get(part.dossier_id.company_id, set())
            part.can_certify = any(
                file.mimetype in ("application/pdf", *_PICTURES)
                and not (signed.get(file, set()) & agency)
                for file in part.sudo().attachment_ids
            )

    @api.depends("attachment_ids")
    def _compute_signature(self):
        """The worst state of the files, and who signed them, of any number of parts."""
        files = {document: document.sudo().attachment_ids for document in self}
        checks = (
            self.env["cchc.signature.check"]
            .sudo()
            .search(
                [
                    (
                        "attachment_id",
                        "in",
                        self.env["ir.attachment"].union(*files.values()).ids,
                    )
                ]
            )
            .with_env(self.env(su=True))
        )
        # read together, whatever the number of parts
        checks.signature_ids.mapped("signer")
        checks.mapped("message")
        checks.mapped("dossier_id.company_id")
        by_file = {check.attachment_id: check for check in checks}
        for document in self:
            own = checks.browse().union(
                *(by_file[file] for file in files[document] if file in by_file)
            )
            states = set(own.mapped("state"))
            document.signature_status = next(
                (state for state in _ORDER if state in states), False
            )
            texts = [
                self._signature_text(signature)
                for signature in own.signature_ids.sorted(
                    lambda one: (one.check_id.id, one.sequence)
                )
            ]
            # several files signed at once are one thing to the reader
            document.signature_summary = "; ".join(dict.fromkeys(texts))
            document.signature_reason = "\n".join(
                check.message for check in own if check.message
            )

    @api.model
    def _signature_text(self, signature):
        if not signature.signed_at:
            return signature.signer or ""
        # the time of the agency, as on the paper
        company = signature.sudo().dossier_id.company_id
        local = company._cchc_local_time(signature.signed_at)
        return f"{signature.signer} ({local:%d/%m/%Y %H:%M})"

    def _file_remarks(self):
        """Who signed each file and when, and what is wrong with it."""
        remarks = super()._file_remarks()
        labels = dict(self._fields["signature_status"]._description_selection(self.env))
        checks = self.env["cchc.signature.check"].sudo()
        checks = checks.search(
            [
                ("attachment_id", "in", self.sudo().attachment_ids.ids),
                ("state", "!=", "unsigned"),
            ]
        ).with_env(self.env(su=True))
        for check in checks:
            rows = remarks.setdefault(check.attachment_id.id, [])
            for signature in check.signature_ids:
                text = f"{labels[signature.status]}: {self._signature_text(signature)}"
                if signature.status != "valid":
                    text = f"{text} – {signature.reason}"
                rows.append((_KINDS[signature.status], text))
            if not check.signature_ids:
                text = f"{labels[check.state]} – {check.message}".rstrip(" –")
                rows.append((_KINDS[check.state], text))
        return remarks

    # ------------------------------------------------------------------
    # On upload
    # ------------------------------------------------------------------
    def _take_files(self, before):
        result = super()._take_files(before)
        for document in self:
            added = document.sudo().attachment_ids - before
            if added:
                self.env["cchc.signature.check"]._check_new(added, document=document)
        return result

    def action_check_signatures(self):
        """Check the files of these parts again."""
        self.check_access("read")
        for document in self:
            checks = self.env["cchc.signature.check"]
            files = document.sudo().attachment_ids
            checks._check_new(files, document=document)
            checks.sudo().search([("attachment_id", "in", files.ids)]).with_env(
                self.env
            ).action_check_again()
        return True

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    def _pdf_files(self):
        """Return the PDFs of this part (sudo)."""
        self.ensure_one()
        return self.sudo().attachment_ids.filtered(
            lambda file: (
                file.type == "binary" and pdf_check.is_pdf((file.raw or b"")[:2048])
            )
        )

    def _picture_files(self):
        """Return the pictures of this part (sudo)."""
        self.ensure_one()
        return self.sudo().attachment_ids.filtered(
            lambda file: file.type == "binary" and file.mimetype in _PICTURES
        )

    def _as_pdf(self, picture):
        """Return a picture as a PDF, its pixels as they are.

        :raises UserError: the picture is damaged or too big
        """
        try:
            return picture_pdf.from_pictures([picture.raw or b""])
        except picture_pdf.PageProblem as problem:
            sentences = {
                "huge": self.env._("“%s” is too big a picture.", picture.name),
                "picture": self.env._(
                    "“%s” cannot be read as a picture: scan the paper again.",
                    picture.name,
                ),
            }
            raise UserError(sentences[problem.key]) from problem

    def _sign_files(self, key, what, reason):
        """Sign the PDFs of this part, note it in the ledger, and check the new files.

        A picture that is certified as a copy becomes a PDF, which alone can be signed.

        :param key: ``cchc.signature.key`` (sudo)
        :param what: ``signature``, ``seal`` or ``copy``
        :return: how many were signed
        """
        self.ensure_one()
        pictures = self.env["ir.attachment"]
        if what == "copy":
            pictures = self._picture_files()
        files = self._pdf_files() | pictures
        waiting = files.filtered(lambda file: not self._has_signed(file, key))
        if files and not waiting:
            raise UserError(
                self.env._(
                    "“%(file)s” bears the signature of %(key)s already.",
                    file=files[0].name,
                    key=key.subject,
                )
            )
        for file in waiting:
            content = self._as_pdf(file) if file in pictures else file.raw
            content = key._sign(content, what, reason)
            self._put_signed(file, content, key, what)
        return len(waiting)

    def _has_signed(self, file, key):
        checks = self.env["cchc.signature.check"].sudo()
        check = checks.search([("attachment_id", "=", file.id)])
        return key.serial in check.signature_ids.mapped("serial")

    def _signed_by_person(self, file, agency_key):
        """Return whether a file bears a whole signature that is not the agency's."""
        checks = self.env["cchc.signature.check"].sudo()
        check = checks.search([("attachment_id", "=", file.id)])
        return any(
            signature.intact
            and not signature.changed
            and signature.serial != agency_key.serial
            for signature in check.signature_ids
        )

    def _put_signed(self, old, content, key, what):
        """Put the signed file in the place of the one that was signed."""
        stem, extension = file_name.split(old.name)
        new = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": old.name
                    if extension and old.mimetype not in _PICTURES
                    else f"{stem}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        rows = self.sudo().search([("attachment_ids", "in", old.ids)])
        rows.write(
            {
                "attachment_ids": [
                    fields.Command.unlink(old.id),
                    fields.Command.link(new.id),
                ]
            }
        )
        rows.dossier_id._filing_replace(old, new)
        checks = guard.unlocked(self.env["cchc.signature.check"].sudo())
        checks.search([("attachment_id", "=", old.id)]).unlink()
        check = checks.search([("attachment_id", "=", new.id)])
        ours = check.signature_ids[-1:]
        if check.state != "queued" and not (ours.intact and ours.serial == key.serial):
            raise UserError(
                self.env._(
                    "The signature that came back does not fit “%s”: nothing was "
                    "signed.",
                    old.name,
                )
            )
        self.dossier_id._log_signature(
            what, key, self.name, old.checksum, hashlib.sha256(content).hexdigest()
        )

    def action_certify_copy(self):
        """Certify the scans of these parts as copies of the papers (sao y điện tử).

        NĐ 30/2020/NĐ-CP Đ.25 k.1 điểm c: the scan of a paper with the signature of the
        agency is a copy of the same value.
        """
        for document in self:
            document.check_access("read")
            dossier = document.dossier_id
            key = self.env["cchc.signature.key"]._of_agency(dossier.company_id)
            if document.is_result:
                raise UserError(
                    self.env._("A result is sealed, not certified as a copy.")
                )
            if document.shared_from_id:
                raise UserError(
                    self.env._(
                        "“%s” was handed in with the group: certify it there.",
                        document.name,
                    )
                )
            if not document._sign_files(key, "copy", "Sao y bản điện tử"):
                raise UserError(
                    self.env._(
                        "“%s” has no scan as PDF or picture that could be certified.",
                        document.name,
                    )
                )
        return True
