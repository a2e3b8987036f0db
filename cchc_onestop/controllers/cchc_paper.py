from odoo import http
from odoo.http import content_disposition, request


class PaperController(http.Controller):
    """Papers of dossiers as PDF, issued by the request that first asks for them."""

    @http.route(
        "/cchc_onestop/dossier/<int:dossier_id>/paper/<string(length=2):code>",
        type="http",
        auth="user",
        readonly=False,
    )
    def dossier_paper(self, dossier_id, code):
        """The paper of a dossier in force; asking twice gives the same one."""
        dossier = request.env["cchc.dossier"].browse(dossier_id).exists()
        dossier.check_access("read")
        if not dossier:
            raise request.not_found()
        paper = dossier._issue_paper(code)
        return request.make_response(
            paper._get_content(),
            [
                ("Content-Type", "application/pdf"),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Content-Disposition",
                    content_disposition(paper.filename, disposition_type="inline"),
                ),
            ],
        )
