def migrate(cr, version):
    """Number the extensions: their count became a setting of the deadline rule.

    Until now a dossier had one at most, so that each is the first of its dossier.
    """
    cr.execute("DROP INDEX IF EXISTS cchc_dossier_extension_once")
    cr.execute(
        "ALTER TABLE cchc_dossier_extension "
        "ADD COLUMN IF NOT EXISTS number integer NOT NULL DEFAULT 1"
    )
    cr.execute("ALTER TABLE cchc_dossier_extension ALTER COLUMN number DROP DEFAULT")
