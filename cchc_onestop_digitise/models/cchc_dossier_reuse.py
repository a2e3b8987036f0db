from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard, search_text

#: Earlier files that are looked at for one dossier.
MOST = 500


class CchcDossier(models.Model):
    """Digital copies of earlier dossiers of the same owner, offered to this one.

    NĐ 118/2025 Đ.4 k.2a: what an agency has stored is not asked for again. The file is
    only opened for a dossier that needs it, and each look is noted.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    def _reusable(self, documents):
        """Return ``{part: [file]}`` of what is stored for the owner of the dossier.

        The same paper by its code or name; or the result of an earlier dossier whose
        name it bears. Files are returned as superuser: whoever shows them says for
        which dossier.
        """
        self.ensure_one()
        dossier = self.sudo()
        company = dossier.company_id
        scope = self.env["cchc.digitise.policy"]._for(company).reuse_scope
        owner = []
        if dossier.partner_id:
            owner.append(("dossier_id.partner_id", "=", dossier.partner_id.id))
        if dossier.applicant_identity:
            owner.append(
                ("dossier_id.applicant_identity", "=", dossier.applicant_identity)
            )
        wanted = documents.filtered(
            lambda row: not row.is_result and not row.shared_from_id
        )
        if scope == "none" or not owner or not wanted:
            return {}
        today = company._cchc_local_date(fields.Datetime.now())
        domain = [
            ("state", "=", "current"),
            ("dossier_id", "!=", dossier._origin.id),
            ("dossier_id.state", "not in", ("void", "refused", "draft")),
            *(["|"] * (len(owner) - 1)),
            *owner,
            "|",
            ("document_id.digital_valid_to", "=", False),
            ("document_id.digital_valid_to", ">=", today),
        ]
        if scope == "agency":
            domain.append(("dossier_id.company_id", "=", company.id))
        files = (
            self.env["cchc.digitise.file"]
            .sudo()
            .search(domain, order="at desc, id desc", limit=MOST)
        )
        if not files:
            return {}
        taken = dossier.scan_file_ids.mapped("sha256")
        offers = {}
        for document in wanted:
            names = {_code(document.code), _name(document.name)} - {""}
            found = files.filtered(
                lambda file, names=names: (
                    file.sha256 not in taken
                    and {_code(file.document_id.code), _name(file.document_id.name)}
                    & names
                )
            )
            if found:
                offers[document] = found
        return offers

    def _find_offer(self, document_id, file_id):
        """Return a part of this dossier and a file that is offered to it.

        :raises UserError: it is not offered to this part (any more)
        """
        self.ensure_one()
        self.check_access("read")
        document = self.document_ids.filtered(lambda row: row.id == document_id)
        offers = self._reusable(document).get(document, ()) if document else ()
        for file in offers:
            if file.id == file_id:
                return document, file
        raise UserError(
            self.env._("This copy is not stored for the owner of the dossier any more.")
        )

    def get_offers(self, document_id):
        """Return what is stored for a part of this dossier, as plain values."""
        self.ensure_one()
        self.check_access("read")
        document = self.document_ids.filtered(lambda row: row.id == document_id)
        files = self._reusable(document).get(document, ())
        return [
            {
                "id": file.id,
                "name": file.document_id.name,
                "is_result": file.document_id.is_result,
                "dossier": file.dossier_id.display_name,
                "procedure": file.dossier_id.procedure_id.display_name,
                "agency": file.dossier_id.company_id.name,
                "pages": file.pages,
                "at": file.at.isoformat(sep=" ", timespec="seconds"),
                "values": len(
                    file.document_id.digital_value_ids.filtered("checked_at")
                ),
            }
            for file in files
        ]

    def action_reuse(self, document_id, file_id):
        """Use a stored copy for a part: the same content, no paper asked again."""
        document, file = self._find_offer(document_id, file_id)
        stored = document._digitise_store(
            file.name,
            file.attachment_id.raw,
            "reuse",
            reused_document_id=file.document_id.id,
        )
        if stored.sudo().sha256 != file.sha256:
            raise UserError(
                self.env._(
                    "The stored file was changed since it was kept: scan the paper."
                )
            )
        known = set(document.digital_value_ids.mapped("name"))
        guard.unlocked(self.env["cchc.digitise.value"]).create(
            [
                {
                    "document_id": document.id,
                    "sequence": value.sequence,
                    "name": value.name,
                    "value": value.value,
                    "reused_from_id": value.id,
                }
                for value in file.document_id.digital_value_ids
                if value.checked_at and value.name not in known
            ]
        )
        if not document.received:
            document.received = True
        self.env["cchc.digitise.look"]._note(document, file, "reuse")
        return True


def _code(code):
    code = (code or "").strip().upper()
    return f"#{code}" if code else ""


def _name(name):
    return search_text.normalise(name)
