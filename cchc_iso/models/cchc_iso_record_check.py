import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.cchc_onestop.tools import guard

from .cchc_iso_record_verify import TOUCHED

_logger = logging.getLogger(__name__)


class CchcIsoRecordCheck(models.Model):
    """A check of all process records: when, how many, and what was found.

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

    @api.model
    def _run(self, anchors=None):
        """Check all records, keep the result and return it.

        Ended dossiers without a record are queued for the next run of the writer.

        :param anchors: see :meth:`cchc.iso.record._verify`
        """
        start = time.monotonic()
        records = self.env["cchc.iso.record"].sudo()
        problems = records.with_context(lang=records._record_lang())._verify(anchors)
        self.env.cr.execute(
            "SELECT company_id, year, last_number, last_sha256 "
            "FROM cchc_iso_record_chain ORDER BY company_id, year"
        )
        heads = self.env.cr.fetchall()
        sentences = records.with_context(
            lang=records._record_lang()
        )._problem_sentences(problems)
        touched = any(problem["kind"] in TOUCHED for problem in problems)
        behind = "behind" if problems else "whole"
        check = (
            guard.unlocked(self.sudo())
            .create(
                {
                    "checked_at": fields.Datetime.now(),
                    "user_id": self.env.uid,
                    "state": "touched" if touched else behind,
                    "record_count": sum(head[2] for head in heads),
                    "problem_count": len(problems),
                    "seconds": time.monotonic() - start,
                    "report": "\n".join(sentences),
                    "heads": [list(head) for head in heads],
                }
            )
            .with_env(self.env)
        )
        if any(problem["kind"] == "missing" for problem in problems):
            records._queue_missing()
        if touched:
            _logger.error("Process records were touched: %s", sentences[0])
        return check

    @api.model
    def _seen(self):
        """Return ends of chains that the last whole check saw.

        :return: ``{(agency id, year): (number, sha256)}``
        """
        last = self.sudo().search([("state", "!=", "touched")], limit=1)
        return {(head[0], head[1]): (head[2], head[3]) for head in last.heads or []}

    @api.model
    def _cron_check(self):
        """Check all records at night."""
        self._run()

    @api.model
    def action_check_now(self):
        """Check all records now and show the result."""
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
            "res_id": self._run().id,
            "views": [(False, "form")],
            "name": self.env._("Check of the Process Records"),
        }
