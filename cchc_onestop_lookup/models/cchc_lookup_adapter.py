import requests

from odoo import api, models

from ..tools import answer

#: An answer of one person is some kilobytes; more is an error of the other side.
_MOST_BYTES = 1024 * 1024


class LookupFailed(Exception):
    """The register gave no answer; the text says why, in words for an officer."""


class LookupNotFound(Exception):
    """The register knows nothing under this number."""


class CchcLookupAdapter(models.AbstractModel):
    """What a line to a register has to offer.

    An addon for another platform makes ``cchc.lookup.adapter.<name>``, inherits this
    model and adds its name to ``cchc.lookup.connection.adapter``.
    """

    _name = "cchc.lookup.adapter"
    _description = "Line to a Register"

    @api.model
    def _ask(self, connection, service, key, context):
        """Ask for one person or business.

        :param connection: ``cchc.lookup.connection``, with its secrets readable
        :param service: ``cchc.lookup.service``
        :param str key: cleaned number
        :param dict context: ``user``, ``dossier``, ``purpose``: who asks and why, which
            the platforms log on their side too
        :return: ``(answer, moment)``: the answer as a dict, and the time that the
            register states for it (naive UTC) or None
        :raises LookupFailed: no answer; one sentence
        :raises LookupNotFound: the register does not know the number
        """
        raise NotImplementedError


class CchcLookupAdapterNdxp(models.AbstractModel):
    """The national data exchange platform or that of the province (NDXP, LGSP).

    One POST per question: ``{madonvi, service, SoDinhDanh | MaSoThue, MaYeuCau,
    CanBo, MaHoSo, MucDich}`` with a bearer token that the platform gave for user name
    and password; the answer is ``{error_code, message, ThoiDiemDuLieu, data}``.
    """

    _name = "cchc.lookup.adapter.ndxp"
    _description = "Data Platform (NDXP, LGSP)"
    _inherit = "cchc.lookup.adapter"

    @api.model
    def _ask(self, connection, service, key, context):
        question = {
            "madonvi": connection.unit_code or "",
            "service": service.code,
            "MaSoThue" if service.key_kind == "tax" else "SoDinhDanh": key,
            "MaYeuCau": context["request"],
            "CanBo": context["user"],
            "MaHoSo": context["dossier"],
            "MucDich": context["purpose"],
        }
        token = self._post(
            connection,
            "login",
            {"username": connection.login or "", "password": connection.secret or ""},
        ).get("session")
        if not token:
            raise LookupFailed(
                self.env._(
                    "The platform gave no session: check user name and password."
                )
            )
        found = self._post(connection, "lookup", question, token)
        code = found.get("error_code")
        if code == 404 or (code in (0, "0") and not found.get("data")):
            raise LookupNotFound
        if code not in (0, "0"):
            raise LookupFailed(
                self.env._(
                    "The platform refused: %(message)s (code %(code)s).",
                    message=str(found.get("message") or "")[:200],
                    code=code,
                )
            )
        data = found["data"]
        if isinstance(data, list):
            data = data[0]
        if not isinstance(data, dict):
            raise LookupFailed(self._sentence_nonsense())
        return data, answer.parse_moment(found.get("ThoiDiemDuLieu"))

    @api.model
    def _post(self, connection, what, body, token=None):
        """Send one message and return the object that came back."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with requests.post(
                f"{connection.url.rstrip('/')}/{what}",
                json=body,
                headers=headers,
                timeout=connection.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(_MOST_BYTES + 1, decode_content=True)
                status = response.status_code
        except requests.Timeout as error:
            raise LookupFailed(
                self.env._(
                    "The platform did not answer within %s seconds: try again, or "
                    "enter by hand what another program shows.",
                    connection.timeout,
                )
            ) from error
        except (requests.RequestException, OSError) as error:
            raise LookupFailed(
                self.env._(
                    "The platform cannot be reached: try again, or enter by hand what "
                    "another program shows."
                )
            ) from error
        if len(content) > _MOST_BYTES:
            raise LookupFailed(self._sentence_nonsense())
        if status in (401, 403):
            raise LookupFailed(
                self.env._(
                    "The platform does not let this agency in: check user name, "
                    "password and unit code."
                )
            )
        if status == 404:
            raise LookupNotFound
        if status != 200:
            raise LookupFailed(
                self.env._(
                    "The platform reports an error of its own (HTTP %s).", status
                )
            )
        return self._read(content)

    @api.model
    def _read(self, content):
        try:
            found = requests.compat.json.loads(content)
        except ValueError as error:
            raise LookupFailed(self._sentence_nonsense()) from error
        if not isinstance(found, dict):
            raise LookupFailed(self._sentence_nonsense())
        return found

    @api.model
    def _sentence_nonsense(self):
        return self.env._("The platform answered something that cannot be read.")
