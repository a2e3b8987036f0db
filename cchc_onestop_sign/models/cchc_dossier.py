from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import pdf_check

#: States in which the signer's decision has been made and stands.
_SIGNED = ("to_sign", "done", "rejected_result", "returned")
_BASIS = "NĐ 30/2020/NĐ-CP Đ.13"


class CchcDossier(models.Model):
    """Results as electronic originals: signed by who approved, sealed by the agency."""

    _inherit = "cchc.dossier"

    result_document_ids = fields.One2many(
        "cchc.dossier.document",
        "dossier_id",
        string="Results",
        domain=[("is_result", "=", True)],
    )
    signature_ids = fields.One2many(
        "cchc.signature", "dossier_id", string="Digital Signatures", readonly=True
    )
    can_sign_digitally = fields.Boolean(compute="_compute_can_sign_digitally")
    can_seal = fields.Boolean(compute="_compute_can_sign_digitally")

    @api.depends("state", "signed_at", "can_review", "signature_ids")
    @api.depends_context("uid")
    def _compute_can_sign_digitally(self):
        seals = self.env.user.has_group("cchc_onestop_sign.group_seal")
        for dossier in self:
            results = bool(dossier.sudo().result_document_ids.attachment_ids)
            waits = dossier.state == "to_sign" and not dossier.signed_at
            mine = dossier.signed_at and self.env.user in dossier._who_signed()
            signed, sealed = dossier._is_signed_and_sealed()
            dossier.can_sign_digitally = results and bool(
                (waits and dossier.can_review) or (mine and not signed)
            )
            dossier.can_seal = seals and results and signed and not sealed

    def _is_signed_and_sealed(self):
        """Return whether a result bears a person's signature, and the agency's seal."""
        names = (
            self.sudo()
            .signature_ids.filtered("document_id.is_result")
            .mapped(lambda signature: signature.field_name or "")
        )
        return (
            any(not name.startswith(("Dau", "SaoY")) for name in names),
            any(name.startswith("Dau") for name in names),
        )

    def _who_signed(self):
        """Return who approved the result that stands now."""
        self.ensure_one()
        events = self.env["cchc.dossier.event"].sudo()
        last = events.search(
            [("dossier_id", "=", self.id), ("kind", "=", "sign")],
            order="sequence desc",
            limit=1,
        )
        reviews = self.sudo().review_ids.filtered(
            lambda review: review.status == "approved"
        )
        return last.user_id | reviews.done_by

    # ------------------------------------------------------------------
    # The signer
    # ------------------------------------------------------------------
    def action_sign_digitally(self):
        """Approve where that is still to be done, and sign the PDFs of the results.

        One dossier: what is wrong is said at once. Several: each by itself.
        """
        if len(self) != 1:
            return self.env["cchc.signature.batch"]._start("sign", self)
        self._sign_result()
        return self._signed_notice(self.env._("The result is signed digitally."))

    def _sign_result(self):
        """Sign the results of one dossier with the certificate of the current person.

        :raises UserError, AccessError: with one sentence; nothing is approved then
        """
        self.ensure_one()
        self.check_access("read")
        documents = self._result_files()
        key = self.env["cchc.signature.key"]._of_person(self.company_id)
        # What is signed is checked at the end; that gets ready while we approve.
        pdf_check.prepare()
        if self.state == "to_sign" and not self.signed_at:
            self.action_sign()
        elif not (self.signed_at and self.state in _SIGNED):
            raise UserError(
                self.env._(
                    "%s does not wait for a signature and has not been signed.",
                    self.display_name,
                )
            )
        if self.env.user not in self._who_signed():
            raise AccessError(
                self.env._(
                    "%(code)s was approved by %(people)s, who also signs the file.",
                    code=self.display_name,
                    people=", ".join(self._who_signed().mapped("name")),
                )
            )
        for document in documents:
            document._sign_files(key, "signature", self._signing_reason())

    def _result_files(self):
        """Return the results that hold a PDF.

        :raises UserError: when there is none
        """
        documents = self.sudo().result_document_ids.filtered(
            lambda document: document._pdf_files()
        )
        if not documents:
            raise UserError(
                self.env._(
                    "%s has no result as PDF: add it under “Results and Signatures” "
                    "first.",
                    self.display_name,
                )
            )
        return documents.with_env(self.env)

    def _signing_reason(self):
        return f"Kết quả giải quyết hồ sơ {self.name}"

    # ------------------------------------------------------------------
    # The agency
    # ------------------------------------------------------------------
    def action_seal_results(self):
        """Affix the seal of the agency to results that are signed."""
        if len(self) != 1:
            return self.env["cchc.signature.batch"]._start("seal", self)
        self._seal_result()
        return self._signed_notice(self.env._("The agency's seal is affixed."))

    def _seal_result(self):
        self.ensure_one()
        self.check_access("read")
        key = self.env["cchc.signature.key"]._of_agency(self.company_id)
        for document in self._result_files():
            for file in document._pdf_files():
                if not document._signed_by_person(file, key):
                    raise UserError(
                        self.env._(
                            "“%s” is not signed yet: the seal follows the signature.",
                            file.name,
                        )
                    )
            document._sign_files(key, "seal", self._signing_reason())

    def _signed_notice(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.display_name,
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _log_signature(self, what, key, name, before, after):
        """Write one digital signature into the ledger of the dossier."""
        self.ensure_one()
        labels = {
            "signature": self.env._("Digital signature"),
            "seal": self.env._("Digital seal of the agency"),
            "copy": self.env._("Certified electronic copy"),
        }
        self.env["cchc.dossier.event"].append(
            [
                {
                    "dossier": self,
                    "kind": "digital_sign",
                    "from_state": self.state,
                    "content": f"{labels[what]}: {name} ({key.subject}, {key.serial})",
                    "legal_basis": _BASIS,
                    "data": {
                        "what": what,
                        "certificate": key.fingerprint,
                        "serial": key.serial,
                        "signer": key.subject,
                        "file": name,
                        "sha1_before": before,
                        "sha256": after,
                    },
                }
            ]
        )

    def action_check_signatures(self):
        """Check the signatures of all files of these dossiers again."""
        self.document_ids.action_check_signatures()
        return True

    def action_certify_copies(self):
        """Open the parts of this dossier, to certify scans as copies."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Parts of %s", self.display_name),
            "res_model": "cchc.dossier.document",
            "view_mode": "list",
            "views": [
                (
                    self.env.ref(
                        "cchc_onestop_sign.cchc_dossier_document_view_list"
                    ).id,
                    "list",
                )
            ],
            "domain": [("dossier_id", "=", self.id), ("is_result", "=", False)],
        }
