import hashlib
import json

from odoo import api, fields, models

from odoo.addons.cchc_onestop.tools import file_name, pdf
from odoo.addons.cchc_onestop.tools.guard import unlocked

from ..tools import audit_xlsx

MIMETYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OWNERS = {
    "cchc.iso.audit.programme": "programme_id",
    "mgmtsystem.audit": "audit_id",
    "mgmtsystem.nonconformity": "nonconformity_id",
}


class CchcIsoAuditPaper(models.Model):
    """One print of a paper of the internal audit, kept as it was printed.

    With its parameters, moment, person, the checksum of the file and that of the
    content it was drawn from: the same content drawn again has the same checksum, so
    a report can be shown to be reproducible.
    """

    _name = "cchc.iso.audit.paper"
    _description = "Printed Audit Paper"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _guarded_kept = True

    company_id = fields.Many2one("res.company", "Agency", required=True, index=True)
    code = fields.Char(required=True, help="Which paper, e.g. report")
    name = fields.Char(required=True)
    form_code = fields.Char("Form", help="Code of the form, e.g. BM-ĐGNB-05")
    audit_id = fields.Many2one("mgmtsystem.audit", index="btree_not_null")
    programme_id = fields.Many2one("cchc.iso.audit.programme", index="btree_not_null")
    nonconformity_id = fields.Many2one(
        "mgmtsystem.nonconformity", index="btree_not_null"
    )
    file_type = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel")], required=True, default="pdf"
    )
    printed_at = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", "Printed by", required=True)
    parameters = fields.Json()
    content_sha256 = fields.Char(
        "Checksum of the Content", help="SHA-256 of the canonical content"
    )
    sha256 = fields.Char("Checksum of the File", help="SHA-256 of the file")
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="restrict")

    # --- Printing

    @api.model
    def _print(self, code, record, file_type):
        """Print a paper of ``record``, keep it and return the action that opens it.

        :param code: ``programme``, ``team``, ``plan``, ``checklist``, ``notes``,
            ``opening``, ``closing``, ``report``, ``nc`` or ``car``
        :param file_type: ``pdf`` or ``xlsx``
        """
        return self._draw(code, record, file_type).action_open()

    @api.model
    def _draw(self, code, record, file_type):
        """Return the paper that was drawn and kept."""
        sheet = self.env["cchc.iso.audit.sheet"]._build(code, record)
        now = fields.Datetime.now()
        content = (
            self._draw_pdf(sheet)
            if file_type == "pdf"
            else audit_xlsx.write(sheet, now)
        )
        name = file_name.shorten(
            file_name.clean(f"{sheet['title']} {record.display_name}"), 180
        )
        paper = unlocked(self.sudo()).create(
            {
                "company_id": record.company_id.id,
                "code": code,
                "name": sheet["title"],
                "form_code": sheet["form_code"],
                OWNERS[record._name]: record.id,
                "file_type": file_type,
                "printed_at": now,
                "user_id": self.env.uid,
                "parameters": {
                    "model": record._name,
                    "id": record.id,
                    "code": code,
                    "file_type": file_type,
                },
                "content_sha256": self._content_hash(sheet),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{name}.{file_type}",
                    "raw": content,
                    "mimetype": MIMETYPES[file_type],
                    "res_model": self._name,
                    "res_id": paper.id,
                    "company_id": record.company_id.id,
                }
            )
        )
        paper.write({"attachment_id": attachment.id})
        return self.browse(paper.id)

    @api.model
    def _content_hash(self, sheet):
        """Return the SHA-256 of the canonical JSON of a sheet."""
        canonical = json.dumps(
            sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _owner(self):
        """Return the record the paper is of."""
        self.ensure_one()
        return self.programme_id or self.audit_id or self.nonconformity_id

    def action_open(self):
        """Open the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.sudo().attachment_id.id}?download=true",
            "target": "download",
        }

    def action_compare(self):
        """Say whether the same paper drawn today would have the same content."""
        self.ensure_one()
        sheet = self.env["cchc.iso.audit.sheet"]._build(self.code, self._owner())
        same = self._content_hash(sheet) == self.content_sha256
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "warning",
                "message": self.env._(
                    "The data give the same paper as on the day of printing."
                )
                if same
                else self.env._("The data have changed since the paper was printed."),
            },
        }

    # --- Drawing

    @api.model
    def _draw_pdf(self, sheet):
        html = self.env["ir.qweb"]._render(
            "cchc_iso.report_audit_paper", {"sheet": sheet, "sheet_spans": head_rows}
        )
        report = self.env["ir.actions.report"]
        return pdf.render_pdf(
            [str(html)],
            "@page { size: A4 landscape }" if sheet["landscape"] else "",
            lambda path: report._cchc_resolve(path, self.env),
        )


def head_rows(columns):
    """Return the cells of the two rows of a table's head.

    Columns with the same title above share it in the first row; the others reach
    through both rows.
    """
    first, second = [], []
    for column in columns:
        above = column["above"]
        if not above:
            first.append({"title": column["title"], "colspan": 1, "rowspan": 2})
            continue
        if first and first[-1]["title"] == above and first[-1]["rowspan"] == 1:
            first[-1]["colspan"] += 1
        else:
            first.append({"title": above, "colspan": 1, "rowspan": 1})
        second.append(column["title"])
    if not second:
        for cell in first:
            cell["rowspan"] = 1
    return {"first": first, "second": second}
