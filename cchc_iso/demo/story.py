"""The yearly cycle of the demo commune, told by the product's own methods.

Each part is a module with ``tell(env)``; the order is that of a year: documents,
records of the dossiers, declaration and cycle, objectives and risks, audits, what
came of their findings, the review.
"""

from . import audits, conformity, documents, quality, records


def tell(env):
    """Tell the parts in order; ``env`` is that of the manager of the demo.

    The terms are loaded first: Odoo does it after the demo data, and what is approved
    in the story keeps the words of that moment.
    """
    env["ir.module.module"].sudo().search(
        [("name", "=", "cchc_iso")]
    )._update_translations()
    documents.tell(env)
    records.tell(env)
    conformity.tell(env)
    quality.tell(env)
    audits.tell(env)
    quality.review(env)
