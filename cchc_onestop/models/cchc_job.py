import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..tools import guard

_logger = logging.getLogger(__name__)

PROGRESS = "cchc_job/progress"
#: What a job may fail of by the doing of people; anything else is a fault of ours.
_SENTENCES = (AccessError, UserError, ValidationError)


class JobCancelled(Exception):
    """The person who waits does not want the result any more."""


class CchcJob(models.Model):
    """Long work in the background, with progress, cancelling and a file at the end.

    A model offers work as a method ``_job_<name>(params, step)`` that returns
    ``(file name, content)``; it runs with the rights of the person who asked, and
    calls ``step(done, total)`` now and then, which tells the page how far it is and
    stops the work when it was cancelled.
    """

    _name = "cchc.job"
    _description = "Background Job"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    params = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="queued",
    )
    done = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)
    message = fields.Char(readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="set null")

    _queue_idx = models.Index("(id) WHERE state IN ('queued', 'running')")

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _enqueue(self, name, model, method, params):
        """Ask for work and return its job; it begins within a minute.

        :param str model: model that offers the work
        :param str method: name without ``_job_``
        :param dict params: what the work needs, as JSON
        """
        job = (
            guard.unlocked(self.sudo())
            .create(
                {
                    "name": name,
                    "user_id": self.env.uid,
                    "company_id": self.env.company.id,
                    "res_model": model,
                    "method": method,
                    "params": params,
                }
            )
            .with_env(self.env)
        )
        self.env.ref("cchc_onestop.cron_job").sudo()._trigger()
        return job

    def _guarded_sentence(self):
        return self.env._("Jobs are made by the screens that need them, not by hand.")

    def action_cancel(self):
        """Cancel work that waits or runs."""
        self.check_access("read")
        waiting = self.filtered(lambda job: job.state in ("queued", "running"))
        guard.unlocked(waiting.sudo()).write(
            {"state": "cancelled", "finished_at": fields.Datetime.now()}
        )
        return True

    def action_download(self):
        """Give the result to the person who asked for it."""
        self.ensure_one()
        self.check_access("read")
        attachment = self.sudo().attachment_id
        if not attachment:
            raise UserError(self.env._("This job has no result."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_open(self):
        """Open the page of the job, which shows how far it is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.name,
        }

    # ------------------------------------------------------------------
    # Working
    # ------------------------------------------------------------------
    @api.model
    def _cron_run(self):
        """Do what waits, one after the other; each job is a transaction of its own."""
        progress = self.env["ir.cron"]._commit_progress
        self._fail_lost()
        while job := self._next_job():
            guard.unlocked(job).write(
                {"state": "running", "started_at": fields.Datetime.now()}
            )
            progress(remaining=1)
            outcome = job._run()
            # The page was told through another cursor: only a new transaction may
            # write the row again.
            progress(remaining=1)
            job._finish(outcome)
            if not progress(1, remaining=int(bool(self._next_job()))):
                return

    @api.model
    def _next_job(self):
        # What goes on in the next turn has just been put back into the queue.
        self.flush_model(["state"])
        self.env.cr.execute(
            "SELECT id FROM cchc_job WHERE state = 'queued' ORDER BY id LIMIT 1 "
            "FOR UPDATE SKIP LOCKED"
        )
        row = self.env.cr.fetchone()
        return self.sudo().browse(row and row[0])

    @api.model
    def _fail_lost(self):
        """Mark what a stopped server left running; the scheduler runs us only once."""
        lost = self.sudo().search([("state", "=", "running")])
        guard.unlocked(lost).write(
            {
                "state": "failed",
                "finished_at": fields.Datetime.now(),
                "message": self.env._("The server was stopped: ask for it again."),
            }
        )

    def _run(self):
        """Do the work of one job with the rights of the person who asked.

        :return: what :meth:`_finish` writes
        """
        self.ensure_one()
        env = self.env(
            user=self.user_id.id,
            su=False,
            context={
                "lang": self.user_id.lang,
                "tz": self.user_id.tz,
                "allowed_company_ids": self.company_id.ids,
            },
        )
        try:
            with self.env.cr.savepoint():
                work = getattr(env[self.res_model], f"_job_{self.method}")
                name, content = work(self.params, self._step)
                attachment = (
                    self.env["ir.attachment"]
                    .sudo()
                    .create(
                        {
                            "name": name,
                            "raw": content,
                            "res_model": self._name,
                            "res_id": self.id,
                        }
                    )
                )
        except JobCancelled:
            return {"state": "cancelled"}
        except _SENTENCES as error:
            return {"state": "failed", "message": str(error.args[0])}
        except Exception:
            # Whoever waits is told at once, and the jobs behind this one go on.
            _logger.exception("Job %s (%s) failed", self.id, self.name)
            return {
                "state": "failed",
                "message": env._(
                    "Nothing was done, for a fault of the system: ask for it again; "
                    "if it fails again, tell the administrator job no. %s, which the "
                    "log of the server names.",
                    self.id,
                ),
            }
        return {"state": "done", "attachment_id": attachment.id}

    def _finish(self, outcome):
        """Write how the work ended; what was cancelled meanwhile stays cancelled."""
        self.ensure_one()
        self.env.invalidate_all()
        job = guard.unlocked(self.sudo())
        if job.state == "cancelled":
            self.env["ir.attachment"].sudo().browse(
                outcome.get("attachment_id", [])
            ).unlink()
            return
        job.write({**outcome, "finished_at": fields.Datetime.now()})
        self._tell({"state": job.state})

    def _step(self, done, total):
        """Tell the page how far the work is, and stop when it was cancelled.

        The work is one transaction, of which nothing is visible before its end; this
        goes through a cursor of its own.

        :raises JobCancelled: when the person has cancelled it
        """
        with self.env.registry.cursor() as cursor:
            cursor.execute(
                SQL(
                    "UPDATE cchc_job SET done = %s, total = %s "
                    "WHERE id = %s RETURNING state",
                    done,
                    total,
                    self.id,
                )
            )
            row = cursor.fetchone()
            self.with_env(self.env(cr=cursor))._tell({"done": done, "total": total})
        if row and row[0] == "cancelled":
            raise JobCancelled

    def _tell(self, values):
        self.user_id._bus_send(PROGRESS, {"job": self.id, **values})

    @api.autovacuum
    def _gc_old(self):
        """Drop results that nobody needs any more: after thirty days."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=30)
        old = self.sudo().search([("create_date", "<", limit)], limit=1000)
        old.attachment_id.unlink()
        guard.unlocked(old).unlink()
