from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import replay


class CchcDossier(models.Model):
    """Dossiers whose step somebody else does for the days of an absence."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    taken_by_id = fields.Many2one(
        "res.users",
        string="Done Meanwhile by",
        compute="_compute_taken_by_id",
        help="Who does the step while its handler is away",
    )

    @api.depends("user_id", "current_step_id")
    def _compute_taken_by_id(self):
        takers = self.env["cchc.handover.line"]._takers_of(self, fields.Datetime.now())
        for dossier in self:
            _absent, taker = takers.get(dossier.id, (None, False))
            dossier.taken_by_id = taker

    def _actor(self):
        """A step that was handed over to the current user is done for its handler."""
        user, step = self.env.user, self.sudo().current_step_id
        if not self.env.su and step.user_id and step.user_id != user:
            now = replay.now(self.env)
            taken = self.env["cchc.handover.line"]._takers_of(self, now).get(self.id)
            if taken and taken[0] == step.user_id:
                acting = self.env["cchc.substitution"]._acting_for(
                    user, now, "steps", company=self.company_id
                )
                if taken[1] in user | acting:
                    return step.user_id
        return super()._actor()

    # A taker who is away himself is followed as well: his stand-in has his list.
    @api.depends_context("uid")
    @api.depends("user_id", "is_open")
    def _compute_is_my_work(self):
        users = self._my_users()
        given, taken = self.env["cchc.handover.line"]._moved_for(
            users, fields.Datetime.now()
        )
        for dossier in self:
            mine = dossier.user_id in users and (
                dossier.id not in given or dossier.user_id == self.env.user
            )
            dossier.is_my_work = dossier.is_open and (mine or dossier.id in taken)

    def _search_is_my_work(self, operator, value):
        if operator != "in":
            return NotImplemented
        users = self._my_users()
        given, taken = self.env["cchc.handover.line"]._moved_for(
            users, fields.Datetime.now()
        )
        mine = Domain("user_id", "in", users.ids)
        if given:
            # The absent person himself still sees what is his.
            mine &= Domain("user_id", "=", self.env.uid) | Domain(
                "id", "not in", list(given)
            )
        if taken:
            mine |= Domain("id", "in", list(taken))
        return mine & Domain("is_open", "=", True)
