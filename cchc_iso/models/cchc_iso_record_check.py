import logging
import time

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime
from odoo.tools.mail import plaintext2html

from odoo.addons.cchc_onestop.tools import guard

from .cchc_iso_record_verify import TOUCHED

_logger = logging.getLogger(__name__)


class CchcIsoRecordCheck(models.Model):
    """A check of the process records of an agency: when, how many, what was found.

    It keeps the ends of the chains as it saw them; the next check looks whether they
    are still there. What is found anew is told once, by an activity, to the people who
    keep the records; as long as nothing else is found, the nightly check is silent.
    """

    _name = "cchc.iso.record.check"
    _description = "Check of the Process Records"
    _inherit = ["cchc.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "checked_at"
    # Who may read a check may note what was done about it.
    _mail_post_access = "read"
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

    @api.depends("checked_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "Check of %s", format_datetime(self.env, check.checked_at)
            )

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
        vals_list, found = [], {}
        for company_id in sorted(wanted):
            own = [p for p in problems if p["company_id"] == company_id]
            touched = [problem for problem in own if problem["kind"] in TOUCHED]
            behind = "behind" if own else "whole"
            sentences = records._problem_sentences(own)
            found[company_id] = records._problem_sentences(touched)
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
                _logger.error("Process records were touched: %s", found[company_id][0])
        if any(problem["kind"] == "missing" for problem in problems):
            records._queue_missing()
        free = guard.unlocked(self.sudo()).with_context(mail_create_nolog=True)
        checks = free.create(vals_list).with_env(self.env)
        for check in checks.sudo():
            check._tell(found[check.company_id.id])
        return checks

    def _tell(self, sentences):
        """Give each secretary and leader of the agency one activity for what the check
        before this one had not found.

        :param sentences: what means that records were changed in the database
        """
        known = (self._before().report or "").splitlines()
        fresh = [sentence for sentence in sentences if sentence not in known]
        if not fresh:
            return
        for user in self._people():
            check = self.with_context(
                lang=user.lang, mail_activity_quick_update=True, tz=user.tz
            )
            check.activity_schedule(
                "cchc_iso.mail_activity_type_record_check",
                user_id=user.id,
                summary=check.env._(
                    "%(agency)s: process records were changed in the database: "
                    "%(count)s finding(s)",
                    agency=check.company_id.name,
                    count=len(fresh),
                ),
                note=plaintext2html("\n".join(fresh)),
                automated=True,
            )

    def _before(self):
        """Return the check before this one of the same agency."""
        return self.search(
            [("company_id", "=", self.company_id.id), ("id", "<", self.id)], limit=1
        )

    def _people(self):
        """Return the ISO secretaries and leaders of the agency.

        Administrators, who hold every role, are told only where nobody else is there.
        """
        groups = self.env.ref("cchc_iso.group_officer")
        groups |= self.env.ref("cchc_iso.group_leader")
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", groups.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
            ]
        )
        return users.filtered(lambda u: not u.has_group("base.group_system")) or users

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
