from odoo import api, fields, models


class CchcLegalBasis(models.Model):
    """Legal text that a procedure rests on (căn cứ pháp lý)."""

    _name = "cchc.legal.basis"
    _description = "Legal Basis"
    _order = "date desc, number, id"
    _rec_names_search = ["number", "title"]

    number = fields.Char(required=True, index="trigram", help="E.g. 118/2025/NĐ-CP")
    title = fields.Char(index="trigram")
    issuer = fields.Char(default="", required=True)
    date = fields.Date("Issued on")
    valid_from = fields.Date()
    valid_to = fields.Date(help="Last day in force; empty: still in force")
    url = fields.Char("Link")
    active = fields.Boolean(default=True)

    _number_uniq = models.UniqueIndex(
        "(number, issuer)", "This legal text (number, issuer) is already recorded."
    )

    @api.depends("number", "title")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = " - ".join(filter(None, [basis.number, basis.title]))

    @api.model
    def _find_or_create_all(self, rows):
        """Return ``{number: text}`` for ``rows`` of number, title, issuer and date.

        A text already recorded is used as it is; an empty title is filled in.
        """
        wanted = {row["number"]: row for row in rows if row.get("number")}
        found = {
            basis.number: basis
            for basis in self.with_context(active_test=False).search(
                [("number", "in", list(wanted))], order="id desc"
            )
        }
        for number, basis in found.items():
            if not basis.title and wanted[number].get("title"):
                basis.title = wanted[number]["title"]
        missing = [row for number, row in wanted.items() if number not in found]
        created = self.create(
            [
                {
                    "number": row["number"],
                    "title": row.get("title"),
                    "issuer": row.get("issuer") or "",
                    "date": row.get("date"),
                }
                for row in missing
            ]
        )
        found.update({basis.number: basis for basis in created})
        return found
