from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CchcNumber(models.Model):
    """Numbers that are given once, without hole and without double.

    Each row is one number given in a series (dossier codes of an agency and day,
    receipts of an agency and year …). A transaction takes a number by inserting its
    row: the unique index makes a concurrent one wait for the end of this transaction
    and then take the next number, so a rolled-back acceptance leaves no hole. Unlike a
    counter row, a waiting transaction does not fail under REPEATABLE READ, hence
    nothing has to be tried again.
    """

    _name = "cchc.number"
    _description = "Number given"
    _order = "series, period, number"
    _log_access = False

    series = fields.Char(required=True, readonly=True)
    period = fields.Char(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    value = fields.Char(readonly=True, help="The code or number as printed")
    given_at = fields.Datetime(readonly=True)

    _series_number_uniq = models.UniqueIndex(
        "(series, period, number)", "This number has already been given."
    )

    @api.private
    @api.model
    def take(self, series, period, render, count=1):
        """Give ``count`` consecutive numbers of a series and return their values.

        :param str series: what is numbered, e.g. ``dossier/3``
        :param str period: key of the numbering period, e.g. ``20261122``
        :param render: function from the number to the value as printed
        :return: list of values in order
        """
        self.flush_model()
        first = self._take_first(series, period, render)
        values = [render(number) for number in range(first, first + count)]
        if count > 1:
            # Nobody can pass over the number just taken before this transaction ends.
            rows = SQL(", ").join(
                SQL(
                    "(%s, %s, %s, %s, now() AT TIME ZONE 'UTC')",
                    series,
                    period,
                    first + offset,
                    value,
                )
                for offset, value in enumerate(values[1:], start=1)
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO cchc_number (series, period, number, value, given_at) "
                    "VALUES %s",
                    rows,
                )
            )
        return values

    def _take_first(self, series, period, render):
        """Insert the lowest free number of the series and return it."""
        cr = self.env.cr
        cr.execute(
            "SELECT number FROM cchc_number WHERE series = %s AND period = %s "
            "ORDER BY number DESC LIMIT 1",
            (series, period),
        )
        number = (cr.fetchone() or (0,))[0]
        while True:
            number += 1
            try:
                # In one message to the server: each costs as much as the insert.
                cr.execute(
                    "SAVEPOINT cchc_number; "
                    "INSERT INTO cchc_number "
                    "(series, period, number, value, given_at) "
                    "VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC'); "
                    "RELEASE SAVEPOINT cchc_number",
                    (series, period, number, render(number)),
                    log_exceptions=False,
                )
                return number
            except errors.UniqueViolation:
                # Given by a transaction that this one's snapshot does not see.
                cr.execute("ROLLBACK TO SAVEPOINT cchc_number")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A number that was given cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A number that was given cannot be deleted."))
