from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard, transitions

from ..tools import part_name
from .cchc_digitise_rule import BASES

STAGES = [
    ("reception", "Reception"),
    ("settlement", "Settlement"),
    ("result", "Result"),
]
#: Written by the digitisation itself, never by hand.
KEPT = frozenset(
    {
        *("digitise_required", "digitise_basis", "digitise_legal"),
        *("digitised_at", "digitise_stage", "reused_from_id"),
    }
)
_RECEPTION = ("draft", "pre_supplement", "accepted")


class CchcDossierDocument(models.Model):
    """A part and its digital copy: must it be there, is it, since when, from where.

    The answer of the rules is copied when the part is entered and once more at
    acceptance; later rules change nothing.
    """

    _inherit = "cchc.dossier.document"

    digitise_required = fields.Boolean(
        "Must Be Digitised", readonly=True, copy=False, help="TT 01/2023/TT-VPCP"
    )
    digitise_basis = fields.Selection(
        BASES, string="Basis of Digitisation", readonly=True, copy=False
    )
    digitise_legal = fields.Char(
        "Legal Reference of Digitisation", readonly=True, copy=False
    )
    digitised_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the checked file came that is there now",
    )
    digitise_stage = fields.Selection(STAGES, readonly=True, copy=False)
    reused_from_id = fields.Many2one(
        "cchc.dossier.document",
        string="Re-used from",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The part of an earlier dossier whose digital copy is used again "
        "(NĐ 118/2025 Đ.4 k.2a)",
    )
    digital_valid_to = fields.Date(
        "Copy Valid until",
        copy=False,
        help="After this day the digital copy is not offered to later dossiers",
    )
    scan_file_ids = fields.One2many("cchc.digitise.file", "document_id", string="Scans")
    digital_value_ids = fields.One2many(
        "cchc.digitise.value", "document_id", string="Extracted Data"
    )
    digital_state = fields.Selection(
        [
            ("none", "Not Required"),
            ("missing", "Missing"),
            ("done", "Digitised"),
        ],
        string="Digitisation",
        compute="_compute_digital_state",
        search="_search_digital_state",
    )

    # The lists of what is still to be scanned look here.
    _undigitised_idx = models.Index(
        "(dossier_id) WHERE digitise_required AND digitised_at IS NULL"
    )

    @api.depends("digitise_required", "digitised_at")
    def _compute_digital_state(self):
        for document in self:
            if document.digitised_at:
                document.digital_state = "done"
            else:
                document.digital_state = (
                    "missing" if document.digitise_required else "none"
                )

    @api.model
    def _search_digital_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "done": fields.Domain("digitised_at", "!=", False),
            "missing": fields.Domain("digitised_at", "=", False)
            & fields.Domain("digitise_required", "=", True),
            "none": fields.Domain("digitised_at", "=", False)
            & fields.Domain("digitise_required", "=", False),
        }
        return fields.Domain.OR([domains[key] for key in value if key in domains])

    # ------------------------------------------------------------------
    # What must be digitised
    # ------------------------------------------------------------------
    @api.model
    def _digitise_vals(self, dossier, vals, part):
        """Return the answer of the rules for a part of a dossier."""
        if vals.get("shared_from_id"):
            # The paper of a group is digitised once, in the group.
            return {
                "digitise_required": False,
                "digitise_basis": False,
                "digitise_legal": False,
            }
        company = dossier.sudo().company_id
        moment = dossier.accepted_at or fields.Datetime.now()
        return self.env["cchc.digitise.rule"]._answer(
            company.id,
            company._cchc_local_date(moment),
            dossier.procedure_id.id,
            vals,
            part.sudo(),
        )

    @api.model
    def _complete_rows(self, vals_list):
        vals_list = super()._complete_rows(vals_list)
        dossiers = self.env["cchc.dossier"].browse(
            vals["dossier_id"] for vals in vals_list
        )
        parts = self.env["cchc.procedure.document"].browse(
            vals.get("part_id") or False for vals in vals_list
        )
        return [
            {
                **{name: vals[name] for name in vals if name not in KEPT},
                **self._digitise_vals(
                    dossiers.browse(vals["dossier_id"]),
                    vals,
                    parts.browse(vals.get("part_id") or ()),
                ),
            }
            for vals in vals_list
        ]

    @api.model_create_multi
    def create(self, vals_list):
        if any(not vals.get("dossier_id") for vals in vals_list):
            return super().create(vals_list)
        return super().create(self._complete_rows(vals_list))

    def write(self, vals):
        if KEPT & set(vals) and not guard.is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "What is digitised is recorded by the system when a file comes, "
                    "not by hand."
                )
            )
        return super().write(vals)

    def _digitise_settle(self):
        """Copy the answer of the rules of this moment, at acceptance."""
        for document in self.sudo():
            answer = self._digitise_vals(
                document.dossier_id,
                {
                    "code": document.code,
                    "name": document.name,
                    "is_result": document.is_result,
                    "shared_from_id": document.shared_from_id.id,
                },
                document.part_id,
            )
            if any(
                document[name] != (value or False) for name, value in answer.items()
            ):
                guard.unlocked(document).write(answer)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    def _part_key(self):
        """Return the name of the part in file names and on separators."""
        self.ensure_one()
        return self.dossier_id._part_keys()[self.id]

    def _moment_stage(self):
        """Return the stage of a file that comes now."""
        self.ensure_one()
        state = self.dossier_id.state
        if self.is_result or state in transitions.ENDED_STATES:
            return "result"
        return "reception" if state in _RECEPTION else "settlement"

    def _digitise_store(self, name, content, origin, replaces=None, **values):
        """Keep a PDF as the digital copy of this part.

        :param name: what the file was called, for the sentences
        :param origin: see ``cchc.digitise.file``
        :param replaces: file whose newer version this is; it stays as it is
        :return: its ``cchc.digitise.file``
        :raises UserError: with one sentence when the file cannot be taken
        """
        self.ensure_one()
        self.check_access("write")
        self._check_digitise_open()
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        facts, warning = policy._inspect(name, content)
        files = self.env["cchc.digitise.file"]
        number, version = files._next_number(self, replaces)
        attachment = self.env["ir.attachment"].create(
            {
                "name": part_name.build(
                    policy.name_pattern,
                    self.dossier_id._file_code(),
                    self._part_key(),
                    number,
                ),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        commands = [Command.link(attachment.id)]
        if replaces:
            replaces._note_replaced()
            commands.append(Command.unlink(replaces.attachment_id.id))
        self.with_context(cchc_digitise_stored=True).write({"attachment_ids": commands})
        return files._note_file(
            self,
            attachment,
            facts,
            number=number,
            version=version,
            original_name=name,
            origin=origin,
            warning=warning,
            **values,
        )

    def _check_digitise_open(self):
        """Refuse files for what is not worked on any more."""
        if self.dossier_id.state in ("void", "refused"):
            raise UserError(
                self.env._(
                    "%s is void or refused: nothing is added to it.",
                    self.dossier_id.display_name,
                )
            )
        if self.shared_from_id:
            raise UserError(
                self.env._(
                    "“%s” is a paper of the group: add the file there, and every part "
                    "of the group shows it.",
                    self.name,
                )
            )

    def _take_files(self, before):
        """Files that came or went in any other way are looked at as well."""
        super()._take_files(before)
        if self.env.context.get("cchc_digitise_stored"):
            return
        for document in self.sudo():
            document._note_taken_away(before - document.attachment_ids)
            if not document.shared_from_id:
                document.with_env(self.env)._adopt(document.attachment_ids - before)

    def _adopt(self, attachments):
        """Keep PDFs that were attached to the part as its digital copies.

        What does not meet the requirements stays an attachment like any other; the
        page “Digitisation” offers to check it, and says what is wrong.
        """
        self.ensure_one()
        known = self.sudo().scan_file_ids.attachment_id
        policy = self.env["cchc.digitise.policy"]._for(self.sudo().company_id)
        for attachment in attachments - known:
            if attachment.mimetype != "application/pdf":
                continue
            try:
                facts, warning = policy._inspect(attachment.name, attachment.raw)
            except UserError:
                continue
            self._keep_attached(attachment, facts, warning)

    def _keep_attached(self, attachment, facts, warning):
        files = self.env["cchc.digitise.file"]
        number, version = files._next_number(self)
        return files._note_file(
            self,
            attachment,
            facts,
            number=number,
            version=version,
            original_name=attachment.name,
            origin="attached",
            warning=warning,
        )

    def _note_taken_away(self, attachments):
        """Note that files are no longer those of the part; they are kept."""
        gone = self.scan_file_ids.filtered(
            lambda file: file.state == "current" and file.attachment_id in attachments
        )
        if gone:
            gone.with_env(self.env)._note_withdrawn()

    def _refresh_digitised(self):
        """Say when and in which stage the file came that is there now."""
        for document in self.sudo():
            files = document.scan_file_ids.filtered(
                lambda file: file.state == "current"
            ).sorted(lambda file: (file.at, file.id))
            first = files[:1]
            reused = files.filtered("reused_document_id")[:1].reused_document_id
            guard.unlocked(document).write(
                {
                    "digitised_at": first.at,
                    "digitise_stage": first.stage,
                    "reused_from_id": reused.id,
                }
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_files(self):
        for document in self:
            if document.dossier_id.accepted_at and document.sudo().scan_file_ids:
                raise UserError(
                    self.env._(
                        "“%(name)s” of %(code)s has been digitised and cannot be "
                        "removed.",
                        name=document.name,
                        code=document.dossier_id.name,
                    )
                )
