import json

from odoo import api, fields, models

from odoo.addons.cchc_onestop.models.cchc_dossier_clock import TIMELINESS
from odoo.addons.cchc_onestop.tools.transitions import STATES

KINDS = [("end", "End of the dossier"), ("supplement", "Supplement")]


class CchcIsoRecord(models.Model):
    """Process record (hồ sơ quá trình) of a dossier that has ended.

    What the process planned beside what happened, as canonical JSON, numbered and
    chained by SHA-256 per agency and year on top of the dossier's own event log
    (7.5.3, 8.1 e). What happens after the end is a further record of the kind
    ``supplement`` that points to the first; nothing is ever written again. The columns
    repeat the part ``record`` of the payload (``tools/record_header.py``).
    """

    _name = "cchc.iso.record"
    _description = "Process Record"
    _inherit = ["cchc.guarded.mixin"]
    _order = "year desc, number desc, id desc"
    _log_access = False
    _guarded_kept = True

    name = fields.Char("Number", compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, ondelete="restrict"
    )
    year = fields.Integer(required=True, readonly=True, aggregator=None)
    number = fields.Integer(
        "Number in the Year", required=True, readonly=True, aggregator=None
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    supplement_no = fields.Integer(
        "Supplement",
        readonly=True,
        aggregator=None,
        help="0 for the record of the end, 1 for the first thing that came after it",
    )
    first_id = fields.Many2one(
        "cchc.iso.record",
        "Supplements",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Record of the end of the same dossier",
    )
    further_ids = fields.One2many("cchc.iso.record", "first_id", "Later Records")
    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="restrict"
    )
    code = fields.Char("Dossier Code", readonly=True, index="trigram")
    procedure_id = fields.Many2one(
        "cchc.procedure",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    sector_id = fields.Many2one(
        "cchc.sector", "Field", readonly=True, ondelete="restrict"
    )
    process_id = fields.Many2one(
        "cchc.process", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    issue_id = fields.Many2one(
        "document.page.history",
        "Process Document",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Issue of the process document in force when the dossier was received",
    )
    department_id = fields.Many2one("hr.department", readonly=True, ondelete="restrict")
    accepted_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime("Ended", required=True, readonly=True)
    recorded_at = fields.Datetime("Recorded", required=True, readonly=True)
    state = fields.Selection(
        [(state.key, state.label) for state in STATES], "Final State", readonly=True
    )
    timeliness = fields.Selection(TIMELINESS, readonly=True)
    is_late = fields.Boolean("Late", readonly=True)
    step_count = fields.Integer("Steps", readonly=True)
    late_step_count = fields.Integer("Late Steps", readonly=True)
    wrong_person_count = fields.Integer(
        "Steps by Others",
        readonly=True,
        help="Steps done by somebody who was neither named by the process, nor stood "
        "in, nor was assigned",
    )
    out_of_order_count = fields.Integer("Steps out of Order", readonly=True)
    supplement_count = fields.Integer("Supplements Requested", readonly=True)
    committed_minutes = fields.Integer(
        readonly=True, help="Committed time in minutes of the office"
    )
    actual_minutes = fields.Integer(
        readonly=True,
        help="Time taken in minutes of the office, without stops of the clock",
    )
    event_count = fields.Integer("Events", readonly=True, aggregator=None)
    event_hash = fields.Char(
        readonly=True, help="Hash of the last line of the dossier's event log"
    )
    content_sha256 = fields.Char(
        readonly=True, help="SHA-256 of the payload without its place in the chain"
    )
    payload = fields.Text(required=True, readonly=True, help="Canonical JSON")
    previous_sha256 = fields.Char(required=True, readonly=True)
    sha256 = fields.Char("SHA-256", required=True, readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, year, number)", "This record number has already been given."
    )
    _dossier_uniq = models.UniqueIndex(
        "(dossier_id, supplement_no)", "This dossier has this record already."
    )
    _ended_idx = models.Index("(company_id, ended_at)")
    _trouble_idx = models.Index(
        "(company_id, ended_at) WHERE late_step_count > 0 OR wrong_person_count > 0 "
        "OR out_of_order_count > 0"
    )

    def init(self):
        """Have payloads packed by LZ4 where PostgreSQL can, and kept in the row where
        they fit: the check of the chains unpacks every one of them."""
        cr = self.env.cr
        cr.execute(
            "SELECT FROM pg_settings WHERE name = 'default_toast_compression' "
            "AND 'lz4' = ANY(enumvals)"
        )
        if cr.rowcount:
            cr.execute(
                "ALTER TABLE cchc_iso_record ALTER COLUMN payload SET COMPRESSION lz4"
            )
        cr.execute("ALTER TABLE cchc_iso_record SET (toast_tuple_target = 4080)")

    @api.depends("number", "year")
    def _compute_name(self):
        for record in self:
            record.name = f"{record.number:06d}/{record.year}"

    @api.depends("number", "year", "code")
    def _compute_display_name(self):
        for record in self:
            record.display_name = " ".join(filter(None, [record.name, record.code]))

    def _data(self):
        """Return the payload as it was written.

        :rtype: dict
        """
        self.ensure_one()
        return json.loads(self.payload)

    def _latest(self):
        """Return the last record of each dossier of ``self``, in the same order."""
        records = self.browse()
        last = {}
        for record in self.search(
            [("dossier_id", "in", self.dossier_id.ids)], order="supplement_no"
        ):
            last[record.dossier_id.id] = record
        for record in self:
            records += last[record.dossier_id.id]
        return records
