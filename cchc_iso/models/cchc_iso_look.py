from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("list", "List"),
    ("form", "Form"),
    ("sample", "Sampled Dossier"),
    ("group", "Grouped Figures"),
    ("report", "Print"),
    ("export", "Export"),
    ("download", "Download"),
]
#: Key of the context under which a caller says how he looks.
KIND_KEY = "cchc_iso_look"
#: What was logged in this transaction already; a form reads its dossier many times.
_SEEN = "cchc_iso_look_seen"


class CchcIsoLook(models.Model):
    """A look of an auditor at a dossier or its process record; only ever added.

    Who, what, how, when, from which audit. Written by SQL from where the data are
    read, in the transaction that reads them.
    """

    _name = "cchc.iso.look"
    _description = "Look of an Auditor at a Dossier"
    _inherit = ["cchc.guarded.mixin"]
    _guarded_kept = True
    _log_access = False
    _order = "id desc"
    _rec_name = "code"

    at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Auditor", required=True, readonly=True, ondelete="restrict"
    )
    audit_id = fields.Many2one(
        "mgmtsystem.audit", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, ondelete="restrict"
    )
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    code = fields.Char("Dossier Code", readonly=True)
    what = fields.Char(readonly=True, help="Technical name of what was read")
    kind = fields.Selection(KINDS, "How", required=True, readonly=True)

    _company_idx = models.Index("(company_id, at)")
    _user_idx = models.Index("(user_id, at)")

    @api.model
    def _is_watched(self):
        """Return whether looks of the present user are logged."""
        return (
            not self.env.su
            and bool(self.env.uid)
            and self.env.user.has_group("cchc_iso.group_auditor")
        )

    @api.model
    def _log(self, what, dossier_ids, kind=None):
        """Log that the present user looks at dossiers of his audits.

        :param str what: technical name of the model that is read
        :param dossier_ids: ids; others than those of his running audits are not a look
            of an auditor
        :param str kind: one of :data:`KINDS`; else what the context says
        """
        ids = {dossier_id for dossier_id in dossier_ids if dossier_id}
        if not ids or not self._is_watched():
            return
        kind = kind or self.env.context.get(KIND_KEY)
        kind = kind or ("form" if len(ids) == 1 else "list")
        seen = self._seen()
        ids = [one for one in ids if (self.env.uid, one, kind) not in seen]
        if not ids:
            return
        seen.update((self.env.uid, one, kind) for one in ids)
        self._insert(what, ids, kind)

    @api.model
    def _seen(self):
        """Return what this transaction has logged; begun anew when it is undone."""
        cursor = self.env.cr
        if _SEEN not in cursor.cache:
            seen = cursor.cache[_SEEN] = set()
            cursor.postcommit.add(seen.clear)
            cursor.postrollback.add(seen.clear)
        return cursor.cache[_SEEN]

    @api.model
    def _insert(self, what, ids, kind):
        # On a cursor that only reads this fails, and Odoo repeats the request with
        # one that writes; see ``controllers/looks.py`` for the ways of every day.
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cchc_iso_look
                    (at, user_id, audit_id, company_id, dossier_id, code, what, kind)
                SELECT %(at)s, %(user)s, scope.audit_id, dossier.company_id,
                    dossier.id, dossier.name, %(what)s, %(kind)s
                FROM cchc_dossier dossier
                JOIN LATERAL (
                    SELECT line.audit_id
                    FROM cchc_iso_sample_line line
                    JOIN cchc_iso_sample sample ON sample.id = line.sample_id
                    JOIN mgmtsystem_audit audit ON audit.id = line.audit_id
                    JOIN mgmtsystem_auditor_user_rel team
                        ON team.user_id = audit.id
                        AND team.mgmtsystem_audit_id = %(user)s
                    JOIN res_users auditor ON auditor.id = %(user)s
                    WHERE line.dossier_id = dossier.id AND sample.state = 'drawn'
                        AND audit.plan_state = 'in_progress'
                        AND coalesce(auditor.cchc_iso_until, %(today)s) >= %(today)s
                    ORDER BY line.id DESC LIMIT 1
                ) scope ON true
                WHERE dossier.id = ANY(%(ids)s)
                """,
                at=fields.Datetime.now(),
                user=self.env.uid,
                what=what,
                kind=kind,
                today=today,
                ids=list(ids),
            )
        )
