import io
import logging
import mimetypes

import lxml.html

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import file_path

from ..tools import forms, pdf

_logger = logging.getLogger(__name__)

STATIC_EXTENSIONS = (
    ".css",
    ".gif",
    ".jpeg",
    ".jpg",
    ".otf",
    ".png",
    ".svg",
    ".ttf",
    ".webp",
    ".woff",
    ".woff2",
)


class IrActionsReport(models.Model):
    """Statutory forms are laid out by WeasyPrint, every other report as before.

    A flagged report brings its whole document: ``<html>`` with its ``<style>``,
    no web assets. Each record is a document of its own, so that page numbers,
    kept attachments and several copies never depend on PDF outlines.
    """

    _inherit = "ir.actions.report"

    cchc_engine = fields.Selection(
        [("wkhtmltopdf", "wkhtmltopdf (Odoo)"), ("weasyprint", "WeasyPrint")],
        string="PDF Engine",
        required=True,
        default="wkhtmltopdf",
        help="WeasyPrint prints running headers, page numbers and repeated table "
        "heads, and text that can be searched. Its templates bring their own "
        "style and may only refer to static files and attachments of this system.",
    )
    cchc_form_code = fields.Char(
        string="Statutory Form",
        help="Code of the form of a dossier (01 to 07). Printing such a report gives "
        "the paper that was issued, never a newer content under the same number.",
    )

    @api.model
    def get_wkhtmltopdf_state(self):
        if self.env.context.get("cchc_weasyprint"):
            return "ok"
        return super().get_wkhtmltopdf_state()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if report.cchc_engine != "weasyprint":
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        if report.cchc_form_code and res_ids:
            return self._cchc_form_streams(report, res_ids)
        own = self.with_context(cchc_weasyprint=True)
        if not res_ids or len(set(res_ids)) != len(res_ids):
            return super(IrActionsReport, own)._render_qweb_pdf_prepare_streams(
                report.id, data, res_ids
            )
        streams = {}
        for res_id in res_ids:
            own = own.with_context(cchc_report_res_id=res_id)
            streams.update(
                super(IrActionsReport, own)._render_qweb_pdf_prepare_streams(
                    report.id, dict(data or {}), [res_id]
                )
            )
        return streams

    @api.model
    def _cchc_form_streams(self, report, res_ids):
        """The papers of the dossiers as issued; missing receipts are issued."""
        dossiers = self.env[report.model].browse(res_ids)
        contents = dossiers._form_contents(report.cchc_form_code)
        return {
            dossier_id: {
                "stream": io.BytesIO(contents[dossier_id][0]),
                "attachment": contents[dossier_id][1],
            }
            for dossier_id in dict.fromkeys(res_ids)
        }

    @api.private
    def _cchc_draw(self, sheet):
        """PDF of one paper (:class:`..tools.forms.Sheet`).

        The sheet is made by the server only, so that no call from outside can have a
        form drawn with a number or date of its choice.
        """
        self.ensure_one()
        report = self.sudo()
        model = self._get_rendering_context_model(report)
        html = self._render_template(report.report_name, model._get_values([sheet]))
        bodies = report._prepare_html(html)[0]
        return report._cchc_render_pdf(bodies, False, self.env)

    def _get_rendering_context_model(self, report):
        """An agency's own layout of a form gets the values of the shipped one."""
        model = super()._get_rendering_context_model(report)
        if model is None and report.cchc_form_code in forms.FORM:
            name = forms.FORM[report.cchc_form_code].report
            model = self.env.get(f"report.cchc_onestop.{name}")
        return model

    def _prepare_html(self, html, report_model=False):
        """Cut the document at ``section.cchc-document``; each gets the whole head."""
        if self.cchc_engine != "weasyprint":
            return super()._prepare_html(html, report_model=report_model)
        root = lxml.html.document_fromstring(
            html, parser=lxml.html.HTMLParser(encoding="utf-8")
        )
        sections = root.xpath(
            "//section[contains(concat(' ', @class, ' '), ' cchc-document ')]"
        )
        body = root.find("body")
        if sections:
            body.clear()
        bodies = []
        for section in sections:
            body[:] = [section]
            bodies.append(self._cchc_serialize(root))
        return (
            bodies or [self._cchc_serialize(root)],
            [self.env.context.get("cchc_report_res_id")],
            None,
            None,
            {},
        )

    @api.model
    def _cchc_serialize(self, root):
        return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        report = self._get_report(report_ref) if report_ref else self
        if report[:1].cchc_engine != "weasyprint":
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        return report._cchc_render_pdf(bodies, landscape, self.env)

    def _cchc_render_pdf(self, bodies, landscape, env):
        """Pages of ``bodies``; pictures are read with the rights of ``env``."""
        self.ensure_one()
        try:
            return pdf.render_pdf(
                [str(body) for body in bodies],
                self._cchc_page_css(landscape),
                lambda path: self._cchc_resolve(path, env),
            )
        except pdf.EngineMissing as error:
            _logger.info("WeasyPrint cannot be loaded: %s", error)
            raise UserError(
                self.env._(
                    "The form cannot be printed because WeasyPrint or its Pango "
                    "libraries are missing on the server; install the Python package "
                    "weasyprint and the system packages libpango-1.0-0 and "
                    "libpangoft2-1.0-0."
                )
            ) from error
        except pdf.ForbiddenAddress as error:
            raise UserError(
                self.env._(
                    "The form “%(form)s” refers to “%(address)s”, which forms may not "
                    "read; use a static file of an addon, an attachment you may read, "
                    "or embed the picture in the template.",
                    form=self.name,
                    address=error.url.removeprefix(pdf.BASE_URL.rstrip("/"))[:200],
                )
            ) from error

    def _cchc_page_css(self, landscape):
        paper = self.get_paperformat()
        if not paper:
            return ""
        width, height = paper.print_page_width, paper.print_page_height
        if landscape and paper.orientation != "Landscape":
            width, height = height, width
        return pdf.page_css(
            width,
            height,
            (
                paper.margin_top,
                paper.margin_right,
                paper.margin_bottom,
                paper.margin_left,
            ),
        )

    @api.model
    def _cchc_resolve(self, path, env):
        """``(content, mimetype)`` of a picture, style or font a form may use."""
        if match := pdf.STATIC_PATTERN.match(path.split("?")[0]):
            return self._cchc_resolve_static(*match.groups())
        if match := pdf.ATTACHMENT_PATTERN.match(path):
            attachment = env["ir.attachment"].browse(int(match[1])).exists()
            if attachment and attachment.has_access("read"):
                return attachment.raw, attachment.mimetype
        return None

    @api.model
    def _cchc_resolve_static(self, module, path):
        if ".." in path.split("/"):
            return None
        try:
            name = file_path(f"{module}/static/{path}", filter_ext=STATIC_EXTENSIONS)
        except (FileNotFoundError, ValueError):
            return None
        with open(name, "rb") as static_file:
            return static_file.read(), mimetypes.guess_type(name)[0] or ""
