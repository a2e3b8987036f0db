import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.cchc_onestop.tools import guard

from .cchc_iso_record_verify import TOUCHED

_logger = logging.getLogger(__name__)


class CchcIsoRecordCheck(models.Model):
    """A check of the process records of an agency: when, how many, what was found.

    It keeps the ends of the chains as it saw them; the next check looks whether they
    are still there.
    """

    _name = "cchc.iso.record.check"
    _description = "Check of the Process Records"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "checked_at"
    _log_access = False
    _guarded_kept = True

    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, ondelete="restrict"
    )
    checked_at = fields.Datetime("Checked", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Asked by", readonly=True)
    state = fields.Selection(
        [
            ("whole", "Whole"),
            ("behind", "Records Missing"),
            ("touched", "Touched"),
        ],
        "Result",
        required=True,
        readonly=True,
    )
    record_count = fields.Integer("Records", readonly=True, aggregator=None)
    problem_count = fields.Integer("Problems", readonly=True, aggregator=None)
    seconds = fields.Float(readonly=True, digits=(12, 1), aggregator=None)
    report = fields.Text("What Was Found", readonly=True)
    heads = fields.Json(readonly=True)

    _seen_idx = models.Index("(company_id, id)")

    @api.model
    def _run(self, company_ids=None):
        """Check the records of agencies, keep one result for each and return them.

        Ended dossiers without a record are queued for the next run of the writer.

        :param company_ids: agencies to check; ``None`` for all that have records
        """
        start = time.monotonic()
        records = self.env["cchc.iso.record"].sudo()
        records = records.with_context(lang=records._record_lang())
        problems = records._verify(company_ids=company_ids)
        seconds = time.monotonic() - start
        heads = self._heads(company_ids)
        wanted = {*(company_ids or ()), *heads, *(p["company_id"] for p in problems)}
        vals_list = []
        for company_id in sorted(wanted):
            own = [p for p in problems if p["company_id"] == company_id]
            touched = any(problem["kind"] in TOUCHED for problem in own)
            behind = "behind" if own else "whole"
            sentences = records._problem_sentences(own)
            ends = heads.get(company_id, [])
            vals_list.append(
                {
                    "company_id": company_id,
                    "checked_at": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "state": "touched" if touched else behind,
                    "record_count": sum(number for _year, number, _sha256 in ends),
                    "problem_count": len(own),
                    "seconds": seconds,
                    "report": "\n".join(sentences),
                    "heads": ends,
                }
            )
            if touched:
                _logger.error("Process records were touched: %s", sentences[0])
        if any(problem["kind"] == "missing" for problem in problems):
            records._queue_missing()
        return guard.unlocked(self.sudo()).create(vals_list).with_env(self.env)

    @api.model
    def _heads(self, company_ids):
        """Return ``{agency id: [[year, last number, last SHA-256]]}``."""
        domain = [("company_id", "in", company_ids)] if company_ids else []
        heads = {}
        for chain in self.env["cchc.iso.record.chain"].sudo().search(domain):
            heads.setdefault(chain.company_id.id, []).append(
                [chain.year, chain.last_number, chain.last_sha256]
            )
        return heads

    @api.model
    def _seen(self):
        """Return the ends of chains that the last untouched check of each agency saw.

        :return: ``{(agency id, year): (number, sha256)}``
        """
        self.env.cr.execute(
            "SELECT DISTINCT ON (company_id) company_id, heads "
            "FROM cchc_iso_record_check WHERE state != 'touched' "
            "ORDER BY company_id, id DESC"
        )
        return {
            (company_id, year): (number, sha256)
            for company_id, heads in self.env.cr.fetchall()
            for year, number, sha256 in heads or []
        }

    @api.model
    def _cron_check(self):
        """Check all records at night."""
        self._run()

    @api.model
    def action_check_now(self):
        """Check the records of the current agency now and show the result."""
        if not self.env.su and not any(
            self.env.user.has_group(f"cchc_iso.{group}")
            for group in ("group_officer", "group_leader")
        ):
            raise AccessError(
                self.env._("Process records are checked by the ISO secretary.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self._run(self.env.company.ids).id,
            "views": [(False, "form")],
            "name": self.env._("Check of the Process Records"),
        }
