import gzip

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from odoo import models
from odoo.http import request
from odoo.tools.lru import LRU

#: What is worth packing: text that no page of another site can make the browser fetch
#: with words of its choice in it (so no HTML, which may repeat parts of its address).
_PACKED_TYPES = frozenset(
    {
        *("application/javascript", "text/javascript", "text/css", "application/json"),
        *("image/svg+xml", "text/xml", "application/xml"),
    }
)
#: Smaller answers do not get through a slow line any sooner.
_SMALLEST = 1024
#: Larger ones are left as they are, rather than held in memory.
_LARGEST = 32 * 1024 * 1024
#: Files are packed once, better and for all; answers quickly.
_FILE_LEVEL, _ANSWER_LEVEL = 6, 4
_PARAMETER = "cchc_onestop.compress"

#: packed files of this worker, the least used ones leave first
_files = LRU(40)


class IrHttp(models.AbstractModel):
    """What the web client is told and sent, with offices on a slow line in mind."""

    _inherit = "ir.http"

    def session_info(self):
        """Tell the web client whether codes are scanned: no request of its own."""
        info = super().session_info()
        info["cchc_scan"] = self.env.user.has_group("cchc_onestop.group_base")
        return info

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        cls._cchc_pack(response)
        return result

    @classmethod
    def _cchc_pack(cls, response):
        """Send texts gzipped, as a web server before Odoo would.

        Odoo itself sends them as they are: its scripts are 5.7 MB, packed 1.2 MB. An
        office whose web server does it, or that does not want it, sets the system
        parameter ``cchc_onestop.compress`` to ``0``.
        """
        if (
            response.status_code != 200
            or response.mimetype not in _PACKED_TYPES
            or not cls._cchc_unpacks(request.httprequest)
            or any(
                name in response.headers
                for name in ("Content-Encoding", "Content-Range", "X-Accel-Redirect")
            )
        ):
            return
        length = response.content_length
        is_file = response.direct_passthrough
        if (is_file and length is None) or (
            length is not None and not _SMALLEST <= length <= _LARGEST
        ):
            return
        parameters = request.env["ir.config_parameter"].sudo()
        if parameters.get_param(_PARAMETER, "1") == "0":
            return
        response.headers.add("Vary", "Accept-Encoding")
        if is_file:
            response.direct_passthrough = False
            packed = cls._cchc_packed_file(response)
        else:
            packed = gzip.compress(response.get_data(), _ANSWER_LEVEL, mtime=0)
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
        etag = response.headers.get("ETag")
        if etag and not etag.startswith("W/"):
            # The same content in other bytes.
            response.headers["ETag"] = f"W/{etag}"

    @classmethod
    def _cchc_unpacks(cls, httprequest):
        """Whether who asks can read what is packed."""
        accepted = httprequest.headers.get("Accept-Encoding")
        return parse_accept_header(accepted, Accept).quality("gzip") > 0

    @classmethod
    def _cchc_packed_file(cls, response):
        """Return the packed content of a file; what has a mark is kept in memory."""
        etag = response.headers.get("ETag")
        key = etag and (request.db, request.httprequest.path, etag)
        if key:
            packed = _files.get(key)
            if packed:
                return packed
        packed = gzip.compress(response.get_data(), _FILE_LEVEL, mtime=0)
        if key:
            _files[key] = packed
        return packed
