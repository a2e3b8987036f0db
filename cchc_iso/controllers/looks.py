from odoo import http
from odoo.http import request

from odoo.addons.web.controllers.binary import Binary
from odoo.addons.web.controllers.dataset import DataSet
from odoo.addons.web.controllers.report import ReportController


def _is_watched():
    """Return whether looks of the caller are logged, for which a request writes."""
    return bool(request.env.uid) and request.env.user.has_group(
        "cchc_iso.group_auditor"
    )


class LoggedDataSet(DataSet):
    """Auditors read by requests that may write: each look is logged.

    Others keep the cursor that only reads. A way that is not listed here still logs:
    Odoo repeats a request that had to write with a cursor that can.
    """

    def _logged_readonly(self, rule, args):
        return not _is_watched() and DataSet._call_kw_readonly(self, rule, args)

    @http.route(readonly=_logged_readonly)
    def call_kw(self, model, method, args, kwargs, path=None):
        return super().call_kw(model, method, args, kwargs, path=path)

    @http.route(readonly=_logged_readonly)
    def call_button(self, model, method, args, kwargs, path=None):
        return super().call_button(model, method, args, kwargs, path=path)


class LoggedBinary(Binary):
    def _logged_readonly(self, rule, args):
        return not _is_watched()

    @http.route(readonly=_logged_readonly)
    def content_common(self, *args, **kwargs):
        return super().content_common(*args, **kwargs)


class LoggedReport(ReportController):
    def _logged_readonly(self, rule, args):
        return not _is_watched()

    @http.route(readonly=_logged_readonly)
    def report_routes(self, reportname, docids=None, converter=None, **data):
        return super().report_routes(reportname, docids, converter, **data)
