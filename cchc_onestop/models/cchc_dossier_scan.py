import re
from urllib.parse import parse_qsl, unquote, urlsplit

from odoo import api, models
from odoo.exceptions import UserError

#: Longest text that is read as a scanned code, and the parts of it that are tried.
MAX_TEXT, MAX_PARTS = 2000, 40
_PART = re.compile(r"[^\s,;|<>\"']+")


def parts(text):
    """Return what in a scanned text may be the code of a dossier, likeliest first.

    A receipt bears a bar code (the code alone) and a QR code with a line for each item
    (“Mã hồ sơ: H50.21-…”, TT 01/2023/TT-VPCP Đ.26); other systems print the address of
    a look-up page. A scanner that types may garble the accents of the labels.
    """
    text = str(text or "")[:MAX_TEXT].strip()
    found = [text]
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if colon and not value.startswith("//"):
            found.append(value.strip())
        found.append(line.strip())
    for word in _PART.findall(text):
        if "://" in word:
            address = urlsplit(word)
            found += [value for _name, value in parse_qsl(address.query)]
            found += reversed([unquote(part) for part in address.path.split("/")])
            found += [value for _name, value in parse_qsl(address.fragment)]
        found.append(word)
    return list(dict.fromkeys(part for part in found if 3 <= len(part) <= 64))[
        :MAX_PARTS
    ]


class CchcDossier(models.Model):
    """A dossier is found by the code on its receipt, from any screen."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    _external_idx = models.Index("(external_code) WHERE external_code IS NOT NULL")

    @api.model
    @api.readonly
    def open_by_code(self, text):
        """Return the action that opens the dossier of a scanned or typed text.

        Dossiers, groups of dossiers, and dossiers of former software by their old
        code. What the person may not read is not there.

        :return: ``{"name": code, "action": action}``
        :raises UserError: with one sentence, the same for unknown and for foreign codes
        """
        dossier = self._find_by_code(text)
        if not dossier:
            raise UserError(
                self.env._(
                    "No dossier that you may see has the code %s.",
                    (parts(text) or [""])[0].splitlines()[0] if parts(text) else "",
                )
            )
        if dossier.state in ("draft", "pre_supplement") and self.env.user.has_group(
            "cchc_onestop.group_desk"
        ):
            action = dossier.action_open_reception()
        else:
            action = dossier.action_open_dossier()
        return {"name": dossier.display_name, "action": action}

    @api.model
    def _find_by_code(self, text):
        """Return the one dossier that a scanned text names, or an empty recordset."""
        wanted = parts(text)
        if not wanted:
            return self.browse()
        # Codes are upper case; a person types them as he likes.
        upper = list(dict.fromkeys([*wanted, *(part.upper() for part in wanted)]))
        for field in ("name", "external_code"):
            found = self.search([(field, "in", upper)], limit=MAX_PARTS)
            if found:
                by_code = {dossier[field]: dossier for dossier in found}
                return by_code[next(part for part in upper if part in by_code)]
        return self.browse()
