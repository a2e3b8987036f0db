from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import content_disposition, request

from ..tools import pages

_SENTENCES = (AccessError, MissingError, UserError, ValidationError)
#: Above the limits of every policy; theirs are sentences, this one only an error page.
MOST_BYTES = 400 << 20
WIDTHS = (180, 1100)


class DigitiseController(http.Controller):
    """Files come and pages are shown here, with the rights of who asks."""

    @http.route(
        "/cchc_digitise/part/<int:document_id>",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=MOST_BYTES,
    )
    def part(self, document_id, replaces=None, **_params):
        """Keep what was dropped on a part; several pictures become one PDF."""

        def receive():
            document = request.env["cchc.dossier.document"].browse(document_id)
            document.check_access("write")
            names, contents = self._files()
            replaced = int(replaces) if (replaces or "").isdigit() else False
            file = document._receive_files(names, contents, replaced)
            return {"file": file.id, "name": file.name, "warning": file.warning or ""}

        return self._answer(receive)

    @http.route(
        "/cchc_digitise/stack",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=MOST_BYTES,
    )
    def stack(self, company=None, **_params):
        """Take a stack and have it read in the background."""

        def receive():
            names, contents = self._files()
            agency = request.env.user.company_id
            if (company or "").isdigit():
                agency = request.env.user.company_ids.filtered(
                    lambda row: row.id == int(company)
                )
            env = request.env(
                context={**request.env.context, "allowed_company_ids": agency.ids}
            )
            batch = env["cchc.scan.batch"]._take(names, contents, agency)
            batch._start_reading()
            return {"batch": batch.id, "name": batch.name}

        return self._answer(receive)

    def _files(self):
        """Return names and contents of the files of the request, in order."""
        files = request.httprequest.files.getlist("files")
        if not files:
            raise UserError(request.env._("No file came: try again."))
        return (
            [file.filename or "scan" for file in files],
            [file.read() for file in files],
        )

    def _answer(self, receive):
        """Return what ``receive`` made, or the sentence that says why not."""
        try:
            with request.env.cr.savepoint():
                return request.make_json_response(receive())
        except _SENTENCES as error:
            return request.make_json_response({"problem": str(error.args[0])})

    @http.route(
        "/cchc_digitise/page/<int:page_id>", type="http", auth="user", readonly=True
    )
    def page(self, page_id, width=None, **_params):
        """A page of a stack as a picture."""
        page = request.env["cchc.scan.page"].browse(page_id).exists()
        if not page or not page.has_access("read"):
            raise request.not_found()
        try:
            picture = pages.thumbnail(
                page.batch_id._source(),
                page.number - 1,
                WIDTHS[width == "large"],
                int(page.rotation),
            )
        except (pages.PageProblem, UserError) as problem:
            raise request.not_found() from problem
        return request.make_response(
            picture,
            [
                ("Content-Type", "image/jpeg"),
                ("X-Content-Type-Options", "nosniff"),
                # Pages bear personal data: only the browser of the reader keeps them.
                ("Cache-Control", "private, max-age=3600"),
            ],
        )

    @http.route(
        "/cchc_digitise/earlier/<int:dossier_id>/<int:document_id>/<int:file_id>",
        type="http",
        auth="user",
        readonly=False,
    )
    def earlier(self, dossier_id, document_id, file_id):
        """A stored copy of an earlier dossier, for a dossier that needs it; logged."""
        dossier = request.env["cchc.dossier"].browse(dossier_id).exists()
        if not dossier or not dossier.has_access("write"):
            raise request.not_found()
        try:
            document, file = dossier._find_offer(document_id, file_id)
        except UserError as problem:
            raise request.not_found() from problem
        request.env["cchc.digitise.look"]._note(document, file, "look")
        return request.make_response(
            file.attachment_id.raw,
            [
                ("Content-Type", "application/pdf"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
                (
                    "Content-Disposition",
                    content_disposition(file.name, disposition_type="inline"),
                ),
            ],
        )
