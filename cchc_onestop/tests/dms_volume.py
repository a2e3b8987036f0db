"""Many dms files by SQL, and how many rows an operation reads."""

from contextlib import contextmanager

from odoo.tools import SQL


def fill(env, parent, count, per_folder=500):
    """Put ``count`` files into sub-folders of ``parent``; return the folders."""
    needed = -(-count // per_folder)
    start = parent.search_count([("parent_id", "=", parent.id)])
    folders = env["dms.directory"].create(
        [
            {"name": f"volume {start + index}", "parent_id": parent.id}
            for index in range(needed)
        ]
    )
    for folder in folders:
        insert(env, folder, min(count, per_folder))
        count -= per_folder
    settle(env)
    return folders


def insert(env, folder, count):
    """Put ``count`` files into one folder."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            INSERT INTO dms_file (
                name, directory_id, storage_id, company_id, is_hidden, active,
                extension, mimetype, size, migration, require_migration,
                create_uid, create_date, write_uid, write_date
            )
            SELECT 'H49.12-250101-' || %(folder)s || '-' || n || '.pdf',
                %(folder)s, %(storage)s, %(company)s, false, true,
                'pdf', 'application/pdf', 1, 'Database', false,
                1, now(), 1, now()
            FROM generate_series(1, %(count)s) AS n
            """,
            folder=folder.id,
            storage=folder.storage_id.id,
            company=folder.company_id.id or None,
            count=count,
        )
    )


def settle(env):
    """Bring index and statistics to the state that autovacuum leaves."""
    env.cr.execute("SELECT gin_clean_pending_list('dms_file_name_trgm')")
    env.cr.execute("ANALYZE dms_file")
    env.cr.execute("ANALYZE dms_directory")
    env.invalidate_all()


class Reading:
    """Rows read and queries made inside :func:`reading`."""

    rows = 0
    queries = 0


@contextmanager
def reading(env, tables=("dms_file", "dms_directory", "ir_attachment")):
    """Count what the block costs; the counters are those of this transaction.

    Sequential scans of small tables are switched off, so that the count says whether
    an index serves the query and not how small the table happens to be.
    """
    env.flush_all()
    env.cr.execute("SET LOCAL enable_seqscan = off")
    result = Reading()
    rows, queries = _rows(env, tables), env.cr.sql_log_count
    yield result
    env.flush_all()
    result.queries = env.cr.sql_log_count - queries
    result.rows = _rows(env, tables) - rows
    env.cr.execute("SET LOCAL enable_seqscan = on")


def _rows(env, tables):
    env.cr.execute(
        "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) "
        "FROM pg_stat_xact_user_tables WHERE relname IN %s",
        (tuple(tables),),
    )
    return int(env.cr.fetchone()[0])
