from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.history import LATE

#: Dossiers named to one person.
LINES = 20


class CchcAlertDigest(models.Model):
    """The daily message also names the dossiers at risk of who handles them."""

    _inherit = "cchc.alert.digest"

    @api.model
    def _further_of(self, company, users, today):
        found = super()._further_of(company, users, today)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT * FROM (
                    SELECT d.id, d.name, d.user_id, d.procedure_id, d.risk_late,
                           count(*) OVER (PARTITION BY d.user_id) AS total,
                           row_number() OVER (PARTITION BY d.user_id
                               ORDER BY d.risk_late DESC, d.due_at) AS place
                      FROM cchc_dossier d
                     WHERE d.is_open IS TRUE AND d.risk_level = 'high'
                       AND d.risk_base <> %s AND d.user_id = ANY(%s)
                  ) AS numbered
                 WHERE place <= %s
                 ORDER BY user_id, place
                """,
                LATE,
                list(users.ids),
                LINES,
            )
        )
        procedures = self.env["cchc.procedure"].sudo()
        procedures = procedures.browse({row["procedure_id"] for row in rows})
        names = {procedure.id: procedure.display_name for procedure in procedures}
        work = defaultdict(list)
        for row in rows:
            row["procedure"] = names[row["procedure_id"]]
            row["percent"] = round(100 * row["risk_late"])
            work[row["user_id"]].append(row)
        for user_id, lines in work.items():
            found[user_id] = {**(found.get(user_id) or {}), "risk": lines}
        return found

    @api.model
    def _further_section(self, data, base_url):
        section = super()._further_section(data, base_url)
        if data.get("risk"):
            section += self.env["ir.qweb"]._render(
                "cchc_onestop_risk.digest_risk",
                {"lines": data["risk"], "base_url": base_url},
            )
        return section

    @api.model
    def _further_subject(self, data, today):
        subject = super()._further_subject(data, today)
        if subject or not data.get("risk"):
            return subject
        return self.env._(
            "Dossiers on %(date)s: %(number)s at risk of being late",
            date=today.strftime("%d/%m/%Y"),
            number=data["risk"][0]["total"],
        )
