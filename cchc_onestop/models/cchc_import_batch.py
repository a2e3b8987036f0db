from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools.dossier_import_row import moment_text, plain


class CchcImportBatch(models.AbstractModel):
    """A list whose rows are entered one by one, a batch to a transaction.

    Each row stands on its own: what refuses one comes into the error sheet and the
    others go on. A trial enters them too and undoes each. The rows need ``is_tried``
    beside what ``cchc.import.file`` asks of them.
    """

    _name = "cchc.import.batch"
    _description = "File Entered in Batches"
    _inherit = ["cchc.import.file"]

    #: rows that are entered, or tried, in one transaction
    _batch_size = 20
    #: names of the values that are a date or a moment
    _moments = ()

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _enter(self, row, documents):
        """Do what a row says, with the rights of the person who asked.

        :param documents: archive of the files that rows name, or ``None``
        :return: values that the row takes once it is entered, with another ``status``
            when there was nothing to enter
        :raises UserError: when it cannot be done any more
        """
        raise NotImplementedError

    def _nothing_sentence(self):
        """Return why there is nothing to enter."""
        raise NotImplementedError

    def _done_sentence(self):
        """Return what was entered."""
        raise NotImplementedError

    # ------------------------------------------------------------------
    # The work
    # ------------------------------------------------------------------
    def _pending(self):
        """Return the domain of the rows that are still to be entered."""
        return Domain(
            [
                ("import_id", "=", self.id),
                ("status", "in", self._pending_statuses),
                ("is_done", "=", False),
            ]
        )

    def _pending_or_refuse(self):
        if not self.line_ids.search(self._pending(), limit=1):
            raise UserError(self._nothing_sentence())

    def _pending_count(self):
        """Return how many rows importing writes, or wrote."""
        return sum(self[f"{status}_count"] for status in self._pending_statuses)

    @api.model
    def _batch_work(self, params, step):
        """One batch of the background work, see ``cchc.job``."""
        record = self.browse(params["import"]).exists()
        if not record:
            return False
        record.check_access("write")
        return record._enter_batch(params["trial"], step)

    def _enter_batch(self, trial, step):
        """Enter one batch, or try it and undo it.

        :return: whether anything is left
        """
        todo = self._pending()
        if trial:
            todo &= Domain("is_tried", "=", False)
        rows = self.line_ids.browse()
        with self._documents() as documents:
            for row in rows.search(todo, limit=self._batch_size):
                self._enter_or_note(row, documents, trial)
        left = rows.search_count(todo)
        total = self._pending_count()
        step(total - left, total)
        if left:
            return True
        self._end(trial)
        return False

    def _enter_or_note(self, row, documents, trial):
        """Enter one row; what refuses it comes into the error sheet."""
        try:
            with self.env.cr.savepoint() as savepoint:
                kept = self._enter(row, documents)
                # What is only checked at the end of a transaction belongs to its row.
                self.env.flush_all()
                if trial:
                    savepoint.rollback()
        except (AccessError, UserError, ValidationError) as error:
            self.env.invalidate_all()
            row.sudo().write(
                {
                    "status": "faulty",
                    "reason": self.env._(
                        "Row %(row)s: %(reason)s",
                        row=row.number,
                        reason=error.args[0],
                    ),
                    "source": self._source_cells(row.data),
                    "data": False,
                }
            )
            return
        self.env.invalidate_all()
        # A row with nothing left to enter is none of the trial's.
        settled = "status" in kept or not trial
        row.sudo().write(kept if settled else {"is_tried": True})

    def _source_cells(self, values):
        """Return the cells of a row that was read, as the error sheet has them."""
        return [
            moment_text(values[name])
            if name in self._moments and values[name]
            else plain(values[name])
            for name in self._layout.headings
        ]

    def _end(self, trial):
        """Say what was done, and write the error sheet."""
        self.env.invalidate_all()
        if trial:
            self.line_ids.sudo().is_tried = False
            self.sudo().message = self.env._(
                "Trial run: %(count)s rows would be entered, %(faulty)s are faulty; "
                "nothing was kept.",
                count=self._pending_count(),
                faulty=self.faulty_count,
            )
        else:
            self.sudo().write({"state": "done", "message": self._done_sentence()})
        self._write_error_file()
