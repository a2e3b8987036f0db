import base64
import hashlib

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ..tools import code_template, forms, guard, pdf

#: All that may change once a paper is issued, and only by voiding it.
VOID_FIELDS = frozenset(
    {"state", "void_reason", "voided_at", "voided_by_id", "replaced_by_id"}
)
#: Written by the filing, under its key.
FILING_FIELDS = frozenset({"filed_at", "filing_error"})


class CchcDossierPaper(models.Model):
    """A statutory paper as it left the office: number, PDF and its SHA-256.

    A paper is issued once and never changed. A mistake is mended openly: the paper
    is voided with a reason and stays visible under its number, a new one replaces it
    and names it.
    """

    _name = "cchc.dossier.paper"
    _description = "Issued Paper"
    _order = "issued_at desc, id desc"

    name = fields.Char(string="Number", required=True, readonly=True)
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", string="Issued by Agency", required=True, readonly=True
    )
    competent_company_id = fields.Many2one(
        related="dossier_id.company_id", string="Competent Agency", store=True
    )
    code = fields.Char(string="Form", required=True, readonly=True)
    form = fields.Selection(
        [(form.code, form.label) for form in forms.FORMS],
        string="Kind of Paper",
        compute="_compute_form",
    )
    occasion = fields.Integer(
        required=True,
        readonly=True,
        default=1,
        help="Which paper of this form it is for the dossier: a second supplement "
        "request is a paper of its own",
    )
    event_id = fields.Many2one(
        "cchc.dossier.event",
        string="Move",
        readonly=True,
        ondelete="restrict",
        help="Line of the event log that the paper belongs to",
    )
    data = fields.Json(
        readonly=True,
        groups="cchc_onestop.group_identity",
        help="What was typed for this paper",
    )
    signer_id = fields.Many2one("res.users", readonly=True)
    edition_id = fields.Many2one(
        "cchc.form.edition", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("issued", "Issued"), ("void", "Void")],
        required=True,
        readonly=True,
        default="issued",
    )
    year = fields.Integer(required=True, readonly=True)
    issued_at = fields.Datetime(required=True, readonly=True)
    issued_by_id = fields.Many2one("res.users", required=True, readonly=True)
    copies = fields.Integer(readonly=True)
    void_reason = fields.Text(readonly=True)
    voided_at = fields.Datetime(readonly=True)
    voided_by_id = fields.Many2one("res.users", readonly=True)
    replaced_by_id = fields.Many2one(
        "cchc.dossier.paper", readonly=True, index="btree_not_null"
    )
    replaces_ids = fields.One2many("cchc.dossier.paper", "replaced_by_id")
    attachment_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    filed_at = fields.Datetime(
        readonly=True, help="When it was put into the document library"
    )
    filing_error = fields.Char(readonly=True)
    integrity = fields.Selection(
        [("whole", "As issued"), ("broken", "Changed since")],
        string="Checksum",
        compute="_compute_integrity",
        help="Whether the kept PDF still has the SHA-256 of the one that was issued",
    )
    content = fields.Binary(
        compute="_compute_content",
        help="The PDF as issued; a void paper is marked on every page",
    )
    filename = fields.Char(compute="_compute_filename")

    _one_valid = models.UniqueIndex(
        "(dossier_id, code, occasion) WHERE state = 'issued'",
        "This form has already been issued for the dossier.",
    )
    _number_uniq = models.UniqueIndex(
        "(company_id, code, year, name)",
        "This number has already been given to another paper.",
    )

    # What the filing looks for; the archive is not in this index.
    _to_file_idx = models.Index(
        "(id) WHERE filed_at IS NULL AND filing_error IS NULL "
        "AND attachment_id IS NOT NULL"
    )

    @api.depends("code")
    def _compute_form(self):
        for paper in self:
            paper.form = paper.code if paper.code in forms.FORM else False

    def _compute_integrity(self):
        broken = self._verify()
        for paper in self:
            paper.integrity = "broken" if paper in broken else "whole"

    # ------------------------------------------------------------------
    # Content
    # ------------------------------------------------------------------
    def _get_content(self):
        """Bytes of the PDF; void papers carry the mark on every page."""
        self.ensure_one()
        self.check_access("read")
        self._check_identity()
        content = self._get_kept()
        if self.state == "void" and content:
            return pdf.stamp(content, self._get_void_mark())
        return content

    @api.model
    def _check_identity(self):
        """Papers bear identity numbers: an auditor sees that they are there and
        whole, not what they say."""
        if not self.env.su and not self.env.user.has_group(
            "cchc_onestop.group_identity"
        ):
            raise AccessError(
                self.env._(
                    "The content of papers is for those who handle dossiers; you may "
                    "verify their checksums."
                )
            )

    @api.model
    def _get_void_mark(self):
        return "ĐÃ HỦY"

    def _compute_content(self):
        for paper in self:
            paper.content = base64.b64encode(paper._get_content())

    @api.depends("name", "edition_id.code", "dossier_id")
    def _compute_filename(self):
        for paper in self:
            number = (paper.name or "").replace("/", "-")
            code = paper.dossier_id.name or paper.dossier_id.id
            paper.filename = f"{code}_M{paper.edition_id.code}_{number}.pdf"

    def action_print(self):
        """Open the PDF in the browser; those of several papers one after the other."""
        if len(self) != 1:
            ids = ",".join(map(str, self.ids))
            return {
                "type": "ir.actions.act_url",
                "url": f"/cchc_onestop/papers/{ids}",
                "target": "new",
            }
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{self.filename}",
            "target": "new",
        }

    def _verify(self):
        """Papers whose kept PDF is no longer the one that was issued."""
        broken = self.browse()
        for paper in self.sudo():
            if hashlib.sha256(paper._get_kept()).hexdigest() != paper.sha256:
                broken |= paper
        return broken.sudo(False)

    def _get_kept(self):
        """Bytes as they are kept; a web page that asks for sizes only gets them too."""
        return self.sudo().with_context(bin_size=False).attachment_id.raw or b""

    def action_verify(self):
        """Check the kept PDFs against their checksums and say what was found.

        Auditors may: the answer holds numbers of papers, nothing of their content.
        """
        self.check_access("read")
        broken = self.sudo()._verify()
        if broken:
            message = self.env._(
                "Changed since they were issued: %s.",
                ", ".join(broken.mapped("name")),
            )
        else:
            message = self.env._("All %s papers are as they were issued.", len(self))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Checksums of the Papers"),
                "message": message,
                "type": "danger" if broken else "success",
                "sticky": bool(broken),
            },
        }

    def action_ask_void(self):
        """Ask for the reason why the paper is voided."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Paper"),
            "res_model": "cchc.dossier.paper.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_paper_id": self.id},
        }

    # ------------------------------------------------------------------
    # Issuing and voiding
    # ------------------------------------------------------------------
    @api.model
    def _check_may_issue(self):
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"cchc_onestop.{group}")
            for group in ("group_desk", "group_handler", "group_leader")
        ):
            raise AccessError(
                self.env._(
                    "Only officers who handle dossiers issue or void papers; ask the "
                    "desk to do it."
                )
            )

    @api.private
    @api.model
    def issue(self, dossiers, code, replaces=None, data=None, events=None):
        """Issue form ``code`` once for each dossier and keep its PDF.

        A fixed number of statements for any number of dossiers of one agency.

        :param replaces: ``{dossier id: void paper}`` that the new paper names
        :param data: ``{dossier id: what was typed}``, see :func:`..tools.forms.clean`
        :param events: ``{dossier id: line of the log}`` that the paper belongs to
        :return: the new papers in the order of ``dossiers``
        """
        if not dossiers:
            return self.browse()
        self._check_may_issue()
        dossiers.check_access("read")
        replaces, data, events = replaces or {}, data or {}, events or {}
        moments = {dossier: dossier._paper_moment(code) for dossier in dossiers}
        editions = dossiers._form_editions(code, moments)
        numbers = self._take_numbers(dossiers, code, editions, moments)
        occasions = self._occasions(dossiers, code, replaces)
        vals_list = []
        for dossier in dossiers:
            company = dossier._form_agency(code)
            vals_list.append(
                {
                    "name": numbers[dossier],
                    "dossier_id": dossier.id,
                    "company_id": company.id,
                    "code": code,
                    "edition_id": editions[dossier].id,
                    "occasion": occasions[dossier],
                    "year": company._cchc_local_date(moments[dossier]).year,
                    "issued_at": moments[dossier],
                    "issued_by_id": dossier._paper_author(code).id,
                    "signer_id": self._signer(dossier, code, company, replaces).id,
                    "copies": editions[dossier].copies,
                    "data": forms.clean(code, data.get(dossier.id)),
                    "event_id": events.get(dossier.id, False),
                }
            )
        papers = self._create_or_retry(vals_list)
        for paper in papers:
            if paper.dossier_id.id in replaces:
                guard.unlocked(replaces[paper.dossier_id.id].sudo()).write(
                    {"replaced_by_id": paper.id}
                )
        papers._keep_pdfs(self.env)
        dossiers._filing_reopen()
        self._file_soon()
        return papers.with_env(self.env)

    @api.model
    def _signer(self, dossier, code, company, replaces):
        """Who signs a letter; a new one for a void one is signed by the same."""
        if not forms.FORM[code].by_head:
            return self.env["res.users"]
        old = replaces.get(dossier.id, self.browse()).sudo()
        return old.signer_id or dossier._form_signer(company)

    @api.model
    def _create_or_retry(self, vals_list):
        """Create the papers; when another request has just issued one, start over.

        Odoo repeats the whole request, which then finds the paper of the other one:
        a button pressed twice gives one paper and no error.
        """
        try:
            with self.env.cr.savepoint():
                return guard.unlocked(self.sudo()).create(vals_list)
        except errors.UniqueViolation as error:
            raise ConcurrencyError("The paper was issued by another request") from error

    @api.model
    def _take_numbers(self, dossiers, code, editions, moments):
        """Next numbers of the form in each agency and year (NĐ 30/2020/NĐ-CP Đ.15).

        :return: ``{dossier: number and symbol}``
        """
        groups = {}
        for dossier in dossiers:
            company = dossier._form_agency(code)
            day = company._cchc_local_date(moments[dossier])
            key = (company, code_template.period("year", day))
            groups.setdefault(key, []).append((dossier, day))
        numbers = {}
        for (company, period), group in groups.items():
            unit = company.sudo().cchc_unit_code or ""
            series = f"paper/{code}/{company.id}"
            # A batch is numbered at once; the symbol is that of each own edition.
            patterns = {
                (editions[dossier].number_pattern, day) for dossier, day in group
            }
            for pattern, day in sorted(patterns):
                same = [
                    dossier
                    for dossier, own_day in group
                    if (editions[dossier].number_pattern, own_day) == (pattern, day)
                ]
                taken = self.env["cchc.number"].take(
                    series,
                    period,
                    lambda number, pattern=pattern, day=day, unit=unit: (
                        code_template.render(pattern, unit, day, number)
                    ),
                    count=len(same),
                )
                numbers.update(zip(same, taken, strict=True))
        return numbers

    @api.model
    def _occasions(self, dossiers, code, replaces):
        """``{dossier: which paper of this form it is}``."""
        last = {}
        if forms.FORM[code].repeats:
            last = dict(
                self.sudo()._read_group(
                    [("dossier_id", "in", dossiers.ids), ("code", "=", code)],
                    ["dossier_id"],
                    ["occasion:max"],
                )
            )
            last = {dossier.id: number for dossier, number in last.items()}
        return {
            dossier: (
                replaces[dossier.id].sudo().occasion
                if dossier.id in replaces
                else last.get(dossier.id, 0) + 1
            )
            for dossier in dossiers
        }

    def _keep_pdfs(self, env):
        """Draw the papers with the rights of ``env`` and keep them with checksums."""
        contents = self.env["cchc.dossier"]._draw_sheets(
            [
                forms.Sheet(
                    paper.dossier_id.with_env(env),
                    paper.edition_id,
                    paper.issued_at,
                    paper.data or {},
                    paper,
                )
                for paper in self
            ],
            env,
        )
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": paper.filename,
                        "raw": content,
                        "mimetype": "application/pdf",
                        "res_model": self._name,
                        "res_id": paper.id,
                    }
                    for paper, content in zip(self, contents, strict=True)
                ]
            )
        )
        for paper, attachment, content in zip(self, attachments, contents, strict=True):
            guard.unlocked(paper).with_context(cchc_keep_pdf=True).write(
                {
                    "attachment_id": attachment.id,
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )

    @api.private
    def void(self, reason):
        """Void papers that are still in force; they stay visible with their number.

        :raises UserError: no reason is given, or a paper is void already
        """
        self._check_may_issue()
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("State why the paper is voided."))
        self._check_may_void_letters()
        for paper in self:
            if paper.state == "void":
                raise UserError(
                    self.env._("Paper %(number)s is void already.", number=paper.name)
                )
        guard.unlocked(self.sudo()).write(
            {
                "state": "void",
                "void_reason": reason,
                "voided_at": fields.Datetime.now(),
                "voided_by_id": self.env.uid,
            }
        )

    def _check_may_void_letters(self):
        """What the head signed is voided by a leader only."""
        user = self.env.user
        if self.env.su or user.has_group("cchc_onestop.group_leader"):
            return
        for paper in self:
            if forms.FORM[paper.code].by_head:
                raise AccessError(
                    self.env._(
                        "%(number)s is a letter of the head: ask a leader to void it.",
                        number=paper.name,
                    )
                )

    @api.private
    def reissue(self, reason):
        """Void each paper and issue a new one that names it; return the new papers."""
        self.void(reason)
        self.flush_recordset()
        new = self.browse()
        for paper in self:
            dossier = paper.dossier_id
            new |= self.issue(
                dossier,
                paper.code,
                {dossier.id: paper},
                {dossier.id: paper.sudo().data},
                {dossier.id: paper.sudo().event_id.id},
            )
        return new

    # ------------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            raise UserError(
                self.env._("Papers are issued from their dossier, not added by hand.")
            )
        return super().create(vals_list)

    def _allowed_fields(self, vals):
        """Hook: which columns of ``vals`` the product's own methods may write now."""
        if self.env.context.get("cchc_keep_pdf"):
            if any(paper.attachment_id for paper in self):
                return frozenset()
            return frozenset({"attachment_id", "sha256"})
        return FILING_FIELDS if set(vals) <= FILING_FIELDS else VOID_FIELDS

    def write(self, vals):
        allowed = self._allowed_fields(vals)
        if not guard.is_unlocked(self.env) or set(vals) - allowed:
            raise UserError(
                self.env._(
                    "An issued paper cannot be changed: void it and issue a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An issued paper cannot be deleted: void it instead.")
        )
