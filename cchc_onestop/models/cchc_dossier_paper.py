import base64
import hashlib

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ..tools import code_template, guard, pdf

#: All that may change once a paper is issued, and only by voiding it.
VOID_FIELDS = frozenset(
    {"state", "void_reason", "voided_at", "voided_by_id", "replaced_by_id"}
)


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
    content = fields.Binary(
        compute="_compute_content",
        help="The PDF as issued; a void paper is marked on every page",
    )
    filename = fields.Char(compute="_compute_filename")

    _one_valid = models.UniqueIndex(
        "(dossier_id, code) WHERE state = 'issued'",
        "This form has already been issued for the dossier.",
    )
    _number_uniq = models.UniqueIndex(
        "(company_id, code, year, name)",
        "This number has already been given to another paper.",
    )

    # ------------------------------------------------------------------
    # Content
    # ------------------------------------------------------------------
    def _get_content(self):
        """Bytes of the PDF; void papers carry the mark on every page."""
        self.ensure_one()
        self.check_access("read")
        content = self.sudo().attachment_id.raw or b""
        if self.state == "void" and content:
            return pdf.stamp(content, self._get_void_mark())
        return content

    @api.model
    def _get_void_mark(self):
        return "ĐÃ HỦY"

    def _compute_content(self):
        for paper in self:
            paper.content = base64.b64encode(paper._get_content())

    @api.depends("name", "code", "dossier_id")
    def _compute_filename(self):
        for paper in self:
            number = (paper.name or "").replace("/", "-")
            code = paper.dossier_id.name or paper.dossier_id.id
            paper.filename = f"{code}_M{paper.code}_{number}.pdf"

    def action_print(self):
        """Open the PDF in the browser."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content/{self.filename}",
            "target": "new",
        }

    def _verify(self):
        """Papers whose kept PDF is no longer the one that was issued."""
        broken = self.browse()
        for paper in self.sudo():
            content = paper.attachment_id.raw or b""
            if hashlib.sha256(content).hexdigest() != paper.sha256:
                broken |= paper
        return broken.sudo(False)

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
    def issue(self, dossiers, code, replaces=None):
        """Issue form ``code`` once for each dossier and keep its PDF.

        :param replaces: ``{dossier id: void paper}`` that the new paper names
        :return: the new papers in the order of ``dossiers``
        """
        self._check_may_issue()
        dossiers.check_access("read")
        replaces = replaces or {}
        papers = self.browse().sudo()
        now = fields.Datetime.now()
        for dossier in dossiers:
            company = dossier.receiving_company_id or dossier.company_id
            day = company._cchc_local_date(now)
            edition = self.env["cchc.form.edition"]._for(code, company, day)
            vals = {
                "name": self._take_number(edition, company, day),
                "dossier_id": dossier.id,
                "company_id": company.id,
                "code": code,
                "edition_id": edition.id,
                "year": day.year,
                "issued_at": now,
                "issued_by_id": self.env.uid,
                "copies": edition.copies,
            }
            paper = self._create_or_retry(vals)
            if dossier.id in replaces:
                guard.unlocked(replaces[dossier.id].sudo()).write(
                    {"replaced_by_id": paper.id}
                )
            paper._keep_pdf(self.env)
            papers |= paper
        dossiers._filing_reopen()
        return papers.with_env(self.env)

    @api.model
    def _create_or_retry(self, vals):
        """Create the paper; when another request has just issued it, start over.

        Odoo repeats the whole request, which then finds the paper of the other one:
        a button pressed twice gives one paper and no error.
        """
        try:
            with self.env.cr.savepoint():
                return guard.unlocked(self.sudo()).create(vals)
        except errors.UniqueViolation as error:
            raise ConcurrencyError("The paper was issued by another request") from error

    @api.model
    def _take_number(self, edition, company, day):
        """Next number of the form in the agency and year (NĐ 30/2020/NĐ-CP Đ.15)."""
        unit = company.cchc_unit_code or ""
        return self.env["cchc.number"].take(
            f"paper/{edition.code}/{company.id}",
            code_template.period("year", day),
            lambda number: code_template.render(
                edition.number_pattern, unit, day, number
            ),
        )[0]

    def _keep_pdf(self, env):
        """Draw the form with the rights of ``env`` and keep it with its checksum."""
        self.ensure_one()
        report = self.edition_id.report_id
        content, _type = (
            self.env["ir.actions.report"]
            .with_env(env)
            .with_context(
                cchc_paper_id=self.id,
                force_report_rendering=True,
                lang=self.env["cchc.form.edition"]._office_lang(),
            )
            ._render_qweb_pdf(report.id, self.dossier_id.ids)
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.filename,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        guard.unlocked(self).with_context(cchc_keep_pdf=True).write(
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

    @api.private
    def reissue(self, reason):
        """Void each paper and issue a new one that names it; return the new papers."""
        self.void(reason)
        self.flush_recordset()
        new = self.browse()
        for paper in self:
            new |= self.issue(
                paper.dossier_id, paper.code, {paper.dossier_id.id: paper}
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

    def write(self, vals):
        allowed = VOID_FIELDS
        if self.env.context.get("cchc_keep_pdf"):
            allowed = {"attachment_id", "sha256"}
            if any(paper.attachment_id for paper in self):
                allowed = frozenset()
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
