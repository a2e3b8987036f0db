from odoo import http
from odoo.http import content_disposition, request

from ..tools import pdf

#: Most papers that one request draws or joins.
MOST = 500


class PaperController(http.Controller):
    """Papers of dossiers as PDF, issued by the request that first asks for them."""

    @http.route(
        "/cchc_onestop/dossier/<string:dossier_ids>/paper/<string(length=2):code>",
        type="http",
        auth="user",
        readonly=False,
    )
    def dossier_paper(self, dossier_ids, code):
        """The papers of dossiers in force; asking twice gives the same ones."""
        dossiers = self._browse("cchc.dossier", dossier_ids)
        contents = dossiers._form_contents(code)
        name = dossiers[:1].name or dossiers[:1].id
        title = f"{name}_M{code}" if len(dossiers) == 1 else f"M{code}"
        return self._answer([contents[dossier.id][0] for dossier in dossiers], title)

    @http.route("/cchc_onestop/papers/<string:paper_ids>", type="http", auth="user")
    def papers(self, paper_ids):
        """Papers as they were issued, one after the other."""
        papers = self._browse("cchc.dossier.paper", paper_ids)
        return self._answer([paper._get_content() for paper in papers], "papers")

    @http.route("/cchc_onestop/move/<int:wizard_id>/preview", type="http", auth="user")
    def preview(self, wizard_id):
        """The form of a move that is being typed, marked as a preview."""
        wizard = self._browse("cchc.dossier.move", str(wizard_id))
        return self._answer(wizard._preview(), "preview")

    def _browse(self, model, ids):
        """Records of a comma-separated list of ids that the user may read."""
        numbers = [int(number) for number in ids.split(",") if number.isdigit()]
        records = request.env[model].browse(dict.fromkeys(numbers[:MOST])).exists()
        records.check_access("read")
        if not records:
            raise request.not_found()
        return records

    def _answer(self, contents, title):
        return request.make_response(
            contents[0] if len(contents) == 1 else pdf.join(contents),
            [
                ("Content-Type", "application/pdf"),
                ("X-Content-Type-Options", "nosniff"),
                (
                    "Content-Disposition",
                    content_disposition(f"{title}.pdf", disposition_type="inline"),
                ),
            ],
        )
