def post_init_hook(env):
    """Say of the parts of open dossiers which must be digitised.

    Those that have ended are left as they were: nobody scans them any more.
    """
    documents = env["cchc.dossier.document"]
    last = 0
    while rows := documents.search(
        [
            ("id", ">", last),
            ("dossier_id.is_open", "=", True),
            ("dossier_id.parent_id", "=", False),
        ],
        order="id",
        limit=1000,
    ):
        last = rows[-1].id
        rows._digitise_settle()
        env.flush_all()
        env.invalidate_all()
