def migrate(cr, version):
    """Fill in what each fee of the dossiers so far costs, in one statement.

    Until now a fee had no tiers and no copies: its total was amount × quantity.
    """
    cr.execute(
        """
        ALTER TABLE cchc_dossier_fee
        ADD COLUMN IF NOT EXISTS due_amount numeric,
        ADD COLUMN IF NOT EXISTS items integer DEFAULT 1
        """
    )
    cr.execute("ALTER TABLE cchc_dossier_fee ALTER COLUMN items DROP DEFAULT")
    cr.execute(
        "UPDATE cchc_dossier_fee SET due_amount = round(amount * quantity) "
        "WHERE is_stated"
    )
