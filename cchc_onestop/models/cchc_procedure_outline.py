from typing import NamedTuple
from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.lru import LRU

from ..tools.guard import is_unlocked, unlocked
from ..tools.term import Term

# One outline per content of the catalogue. As with the engines of calendars, the key
# holds a token that changes with that content and is read in the transaction of
# whoever asks, so that no worker can meet an outline of other content.
_OUTLINES = LRU(4096)

#: What a dossier's step takes over from the step of the process.
_STEP_FIELDS = ("sequence", "name", "role", "planned_amount", "planned_unit", "output")


class Outline(NamedTuple):
    """What the catalogue says to the reception of a dossier, as plain values.

    ``steps`` holds a dict per step of the process; ``user_ids`` in it are all
    candidates, also those who have left since.
    """

    version_id: int
    process_id: int | bool
    statutory: Term | None
    committed: Term | None
    steps: tuple


class CchcProcedure(models.Model):
    """What reception needs of a procedure: read once, as long as nothing changes."""

    _inherit = "cchc.procedure"

    plan_token = fields.Char(
        default=lambda self: uuid4().hex,
        copy=False,
        readonly=True,
        help="Changes with every change of the versions and processes in force",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_plan_token(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_plan_token([vals])
        return super().write(vals)

    def _check_plan_token(self, vals_list):
        if any("plan_token" in vals for vals in vals_list) and not is_unlocked(
            self.env
        ):
            raise UserError(self.env._("The token of a procedure is not typed in."))

    def _renew_plan_token(self):
        """Note that versions or processes in force have changed."""
        quiet = self.sudo().with_context(tracking_disable=True)
        for procedure in unlocked(quiet):
            procedure.plan_token = uuid4().hex

    def _reception_outline(self, day, company, channel, case):
        """Return the :class:`Outline` for a dossier received on ``day``.

        :raises UserError: when the procedure cannot be received on that day
        """
        self.ensure_one()
        procedure, company = self.sudo(), company.sudo()
        key = (
            self.env.cr.dbname,
            self.id,
            procedure.plan_token,
            procedure.repealed_from,
            company.id,
            company.parent_path,
            channel,
            case.id,
            day,
        )
        outline = _OUTLINES.get(key)
        if outline is None:
            outline = procedure._make_outline(day, company, channel, case.sudo())
            _OUTLINES[key] = outline
        return outline

    def _make_outline(self, day, company, channel, case):
        version = self._check_receivable(day, company)
        limits = version._limits(channel, case, company, day)
        return Outline(
            version.id,
            limits.process.id,
            limits.statutory,
            limits.committed,
            tuple(
                {
                    "process_step_id": step.id,
                    "department_id": step.department_id.id,
                    "user_ids": step.user_ids.ids,
                    **{name: step[name] for name in _STEP_FIELDS},
                }
                for step in limits.process.with_context(active_test=False).step_ids
            ),
        )
