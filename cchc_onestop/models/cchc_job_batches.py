from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard
from .cchc_job import _SENTENCES, JobCancelled


class CchcJob(models.Model):
    """Work in batches, each of which stays: it goes on after a stop of the server.

    A model offers such work as a method ``_batch_<name>(params, step)``: it does one
    batch and returns whether anything is left. What a batch has done must not be done
    again by the next call. A method ``_outcome_<name>(params)`` may return the action
    that shows what the work has made.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.job"  # pylint: disable=consider-merging-classes-inherited

    in_batches = fields.Boolean(readonly=True)
    has_outcome = fields.Boolean(compute="_compute_has_outcome")

    @api.depends("res_model", "method", "state")
    def _compute_has_outcome(self):
        for job in self:
            job.has_outcome = job.state not in ("queued", "running") and hasattr(
                self.env.get(job.res_model), f"_outcome_{job.method}"
            )

    def action_outcome(self):
        """Show what the work has made."""
        self.ensure_one()
        self.check_access("read")
        if not self.has_outcome:
            raise UserError(self.env._("This job has no result."))
        return getattr(self.env[self.res_model], f"_outcome_{self.method}")(self.params)

    @api.model
    def _enqueue_batches(self, name, model, method, params):
        """Ask for work in batches, see :meth:`_enqueue`."""
        job = self._enqueue(name, model, method, params)
        guard.unlocked(job.sudo()).in_batches = True
        return job

    @api.model
    def _fail_lost(self):
        lost = self.sudo().search(
            [("state", "=", "running"), ("in_batches", "=", True)]
        )
        guard.unlocked(lost).write({"state": "queued"})
        return super()._fail_lost()

    def _run(self):
        if not self.in_batches:
            return super()._run()
        work = getattr(self._asking_env()[self.res_model], f"_batch_{self.method}")
        progress = self.env["ir.cron"]._commit_progress
        left = True
        while left:
            try:
                with self.env.cr.savepoint():
                    left = work(self.params, self._step)
            except JobCancelled:
                return {"state": "cancelled"}
            except _SENTENCES as error:
                return {"state": "failed", "message": str(error.args[0])}
            # Nobody else waits longer than a turn of the scheduler.
            if not progress(remaining=1) and left:
                return {"state": "queued"}
            self.env.invalidate_all()
        return {"state": "done"}

    def _asking_env(self):
        """Return the environment of the person who asked."""
        self.ensure_one()
        return self.env(
            user=self.user_id.id,
            su=False,
            context={
                "lang": self.user_id.lang,
                "tz": self.user_id.tz,
                "allowed_company_ids": self.company_id.ids,
            },
        )

    def _finish(self, outcome):
        if outcome["state"] != "queued":
            return super()._finish(outcome)
        self.env.invalidate_all()
        if self.sudo().state == "running":
            guard.unlocked(self.sudo()).write(outcome)
        return None
