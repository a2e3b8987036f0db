from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Keep questionnaires with the officers of the agency that asks.

    Reform officers hold Odoo's right to surveys now, which asks for no agency.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    rows = env["cchc.index.survey"].search(
        [("survey_id", "!=", False), ("survey_id.restrict_user_ids", "=", False)]
    )
    for row in rows:
        row.survey_id.restrict_user_ids |= row._officers()
