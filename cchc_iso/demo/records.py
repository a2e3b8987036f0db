"""Process records of the dossiers that have ended, and the check of their chain."""


def tell(env):
    """Write the records as the scheduled action does, and check them once.

    :param env: environment of the manager of the demo commune
    """
    records = env["cchc.iso.record"].sudo()
    records._queue_missing()
    while records._record_batch(500):
        env.invalidate_all()
    env["cchc.iso.record.check"]._run(env.company.ids)
