from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ReformReports(http.Controller):
    @http.route("/cchc_reform/report/<int:report_id>.docx", auth="user", readonly=True)
    def docx(self, report_id):
        """Hand out a report as a Word file, to whoever may read it."""
        report = request.env["cchc.reform.report"].browse(report_id)
        try:
            report.check_access("read")
            content = report._to_docx()
            name = report._file_name()
        except (AccessError, MissingError):
            return request.not_found()
        return request.make_response(
            content,
            [
                ("Content-Type", DOCX),
                ("Content-Disposition", content_disposition(f"{name}.docx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
