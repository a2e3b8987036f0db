from odoo import api, fields, models
from odoo.tools import SQL

#: Minutes before what happened to an ended dossier is recorded: so that the end, the
#: control slip and the return at the desk make one record, not three.
WAIT = 15


class CchcIsoRecordQueue(models.Model):
    """Ended dossiers of which something is still to be recorded.

    The transaction that ends a dossier adds one row here and does nothing else for its
    record. Rows are plain: two for one dossier do no harm.
    """

    _name = "cchc.iso.record.queue"
    _description = "Process Record to Write"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id"
    _log_access = False

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="cascade"
    )
    ready_at = fields.Datetime(required=True, readonly=True)

    _ready_idx = models.Index("(ready_at, id)")

    @api.model
    def _add(self, dossier_ids):
        """Have these dossiers looked at by the next run but one."""
        if dossier_ids:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO cchc_iso_record_queue (dossier_id, ready_at) "
                    "SELECT unnest(%s), "
                    "(now() AT TIME ZONE 'UTC') + make_interval(mins => %s)",
                    list(dossier_ids),
                    WAIT,
                )
            )
