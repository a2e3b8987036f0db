from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import pdf_check

#: Files up to this size are checked while the person waits; others in the background.
_INLINE = 5 * 1024**2
#: Files above this size are not checked at all.
_MOST = 100 * 1024**2
STATES = [
    ("queued", "Being checked"),
    ("unsigned", "Not signed"),
    ("valid", "Valid"),
    ("unknown", "Not certain"),
    ("broken", "Not valid"),
    ("failed", "Not readable"),
]
#: The worst one of the signatures of a file is what the file shows.
_RANK = {"valid": 0, "unknown": 1, "broken": 2}


class CchcSignatureCheck(models.Model):
    """What the check of the signatures of one file found.

    Made when a PDF is added to a part or a result, and made again on request. A file
    that cannot be read is said to be so; it never keeps the dossier from being saved.
    """

    _name = "cchc.signature.check"
    _description = "Check of the Signatures of a File"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "attachment_id"

    attachment_id = fields.Many2one(
        "ir.attachment", string="File", required=True, readonly=True, ondelete="cascade"
    )
    document_id = fields.Many2one(
        "cchc.dossier.document",
        string="Part",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    paper_id = fields.Many2one(
        "cchc.dossier.paper", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="dossier_id.company_id", string="Agency")
    file_name = fields.Char(related="attachment_id.name", related_sudo=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="queued")
    problem = fields.Char(readonly=True)
    checked_at = fields.Datetime(readonly=True)
    signature_ids = fields.One2many("cchc.signature", "check_id", readonly=True)
    message = fields.Char(compute="_compute_message")

    _attachment_uniq = models.UniqueIndex(
        "(attachment_id)", "This file has been checked already."
    )
    _queued_idx = models.Index("(id) WHERE state = 'queued'")

    @api.depends("state", "problem", "signature_ids.reason")
    def _compute_message(self):
        problems = {
            "encrypted": self.env._(
                "The PDF is locked by a password: its signatures cannot be checked."
            ),
            "unreadable": self.env._(
                "The PDF is damaged: its signatures cannot be checked."
            ),
            "too_long": self.env._(
                "The check took too long and was broken off: have the file looked at."
            ),
            "too_big": self.env._("The file is too big to be checked."),
            "stopped": self.env._(
                "The check was broken off by the server: have it checked again."
            ),
        }
        for check in self:
            if check.problem:
                check.message = problems.get(check.problem, check.problem)
            else:
                check.message = "\n".join(
                    f"{signature.signer}: {signature.reason}"
                    for signature in check.signature_ids
                )

    # ------------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------------
    @api.model
    def _check_new(self, attachments, document=None, paper=None):
        """Check the PDFs among files that were added to a part, or to a paper.

        :return: the checks (sudo)
        """
        owner = document if document is not None else paper
        attachments = attachments.sudo().filtered(
            lambda file: (
                file.type == "binary"
                and (
                    file.mimetype == "application/pdf"
                    or (file.name or "").lower().endswith(".pdf")
                )
            )
        )
        checks = unlocked(self.sudo())
        known = checks.search([("attachment_id", "in", attachments.ids)])
        made = checks.create(
            [
                {
                    "attachment_id": attachment.id,
                    "document_id": document.id if document is not None else False,
                    "paper_id": paper.id if paper is not None else False,
                    "dossier_id": owner.dossier_id.id,
                }
                for attachment in attachments - known.attachment_id
            ]
        )
        made._check_soon()
        return made

    def _check_soon(self):
        """Check small files now, bigger ones in the background."""
        for check in self:
            size = check.attachment_id.file_size
            if size > _MOST:
                check.write({"state": "failed", "problem": "too_big"})
            elif size <= _INLINE:
                check._check(patient=False)
            else:
                check.write({"state": "queued", "problem": False})
                check._later()

    def _later(self):
        """Have the scheduled action look after this transaction."""
        self.env.ref("cchc_onestop_sign.cron_check").sudo()._trigger()

    def _check(self, patient=True):
        """Check one file and keep what was found (``self`` holds the key).

        :param patient: what takes too long or was stopped is given up; else it is
            tried again in the background, where nobody waits for it
        """
        self.ensure_one()
        now = fields.Datetime.now()
        content = self.with_context(bin_size=False).attachment_id.raw or b""
        self.signature_ids.unlink()
        vals = {"checked_at": now, "problem": False, "state": "unsigned"}
        if not pdf_check.is_pdf(content):
            vals.update(state="failed", problem="unreadable")
        elif pdf_check.has_signature(content):
            roots, others, crls = self.env["cchc.trust.root"]._material()
            try:
                found = pdf_check.check(content, roots, others, crls)
            except pdf_check.CheckFailed as error:
                vals.update(state="failed", problem=error.code)
                if error.code in ("too_long", "stopped") and not patient:
                    vals.update(state="queued", problem=False)
                    self._later()
            else:
                signatures = self._keep(found, now)
                if signatures:
                    vals["state"] = max(
                        signatures.mapped("status"), key=lambda status: _RANK[status]
                    )
        self.write(vals)

    def _keep(self, found, now):
        """Keep the facts of each signature; return the rows."""
        vals_list = []
        for sequence, facts in enumerate(found, 1):
            status, reason = pdf_check.verdict(facts, now)
            vals_list.append(
                {
                    "check_id": self.id,
                    "sequence": sequence,
                    "field_name": facts["field"],
                    "status": status,
                    "reason_code": reason,
                    "signed_at": facts["stamped_at"] or facts["claimed_at"],
                    "is_stamped": bool(facts["stamped_at"]),
                    **{
                        name: facts[name]
                        for name in (
                            *("signer", "issuer", "serial", "authority"),
                            *("valid_from", "valid_to", "intact", "covers"),
                            *("last", "changed", "trusted", "revocation"),
                        )
                    },
                }
            )
        return self.env["cchc.signature"].create(vals_list)

    def action_check_again(self):
        """Check again: the list of trusted authorities may have changed."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "cchc_onestop.group_identity"
        ):
            raise UserError(
                self.env._("Checks are repeated by those who handle the dossier.")
            )
        unlocked(self.sudo())._check_soon()
        return True

    @api.model
    def _cron_check(self):
        """Check what waits, one file after the other; each is committed on its own."""
        progress = self.env["ir.cron"]._commit_progress
        waiting = unlocked(self.sudo()).search([("state", "=", "queued")], order="id")
        progress(remaining=len(waiting))
        for check in waiting:
            if check.try_lock_for_update():
                check._check()
            if not progress(1):
                break
