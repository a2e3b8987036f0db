#: What the rows of a dossier no longer store: it is that of their dossier, or stands in
#: the ledger.
_AGENCIES = ("company_id", "receiving_company_id")
_LOG = ("create_uid", "create_date", "write_uid", "write_date")
_DROPPED = {
    "cchc_dossier": ("sector_id", "fee_total"),
    "cchc_dossier_document": (*_AGENCIES, *_LOG),
    "cchc_dossier_event": ("receiving_company_id",),
    "cchc_dossier_extension": _AGENCIES,
    "cchc_dossier_fee": ("subtotal", *_AGENCIES, *_LOG),
    "cchc_dossier_pause": _AGENCIES,
    "cchc_dossier_step": (*_AGENCIES, *_LOG),
}


def migrate(cr, version):
    """Number the extensions, and drop what is no longer stored twice."""
    _number_extensions(cr)
    for table, columns in _DROPPED.items():
        for column in columns:
            cr.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}")
    cr.execute("DROP INDEX IF EXISTS cchc_dossier__department_id_index")


def _number_extensions(cr):
    """Number the extensions: their count became a setting of the deadline rule.

    Until now a dossier had one at most, so that each is the first of its dossier.
    """
    cr.execute("DROP INDEX IF EXISTS cchc_dossier_extension_once")
    cr.execute(
        "ALTER TABLE cchc_dossier_extension "
        "ADD COLUMN IF NOT EXISTS number integer NOT NULL DEFAULT 1"
    )
    cr.execute("ALTER TABLE cchc_dossier_extension ALTER COLUMN number DROP DEFAULT")
