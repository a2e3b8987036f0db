from odoo import api, fields, models


class CchcAlert(models.Model):
    """Alerts about something other than a dossier: what addons that have such share.

    An addon adds a many2one, kinds and rules of its own, and its sweep; it names the
    many2one in :meth:`_about_fields`.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.alert"  # pylint: disable=consider-merging-classes-inherited

    about = fields.Char(compute="_compute_about")

    @api.model
    def _about_fields(self):
        """Hook: return the names of the many2one to what alerts are about."""
        return []

    def _about(self):
        """Return what the alert is about where that is no dossier, else ``None``."""
        self.ensure_one()
        return next((self[name] for name in self._about_fields() if self[name]), None)

    @api.depends(lambda self: [f"{name}.display_name" for name in self._about_fields()])
    def _compute_display_name(self):
        abouts = {alert: alert._about() for alert in self}
        others = self.filtered(lambda alert: abouts[alert])
        result = super(CchcAlert, self - others)._compute_display_name()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in others:
            name = abouts[alert].sudo().display_name
            alert.display_name = f"{kinds.get(alert.kind)}: {name}"
        return result

    @api.depends(
        lambda self: [
            f"{name}.display_name" for name in ("dossier_id", *self._about_fields())
        ]
    )
    def _compute_about(self):
        for alert in self:
            about = alert._about() or alert.dossier_id
            alert.about = about.sudo().display_name

    def action_open_dossier(self):
        """Open what the alert is about."""
        about = self._about()
        if not about:
            return super().action_open_dossier()
        return {
            "type": "ir.actions.act_window",
            "res_model": about._name,
            "res_id": about.id,
            "view_mode": "form",
        }

    def _make_about_activities(self, name, kind):
        """Put these alerts among the activities of who is told; the latest one of a
        record takes the place of an earlier one.

        :param str name: many2one to what the alerts are about
        :param kind: ``mail.activity.type``
        """
        model = self._fields[name].comodel_name
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
        )
        activities.search(
            [
                ("res_model", "=", model),
                ("res_id", "in", self[name].ids),
                ("activity_type_id", "=", kind.id),
                ("user_id", "in", self.user_ids.ids),
            ]
        ).unlink()
        activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(model),
                    "res_id": alert[name].id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": alert._about_deadline(),
                    "summary": alert.with_context(lang=user.lang)._about_summary(),
                    "cchc_alert_id": alert.id,
                }
                for alert in self
                for user in alert.user_ids
            ]
        )

    def _about_summary(self):
        """Return the line of the activity, in the language of the context."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return kinds[self.kind]

    def _about_deadline(self):
        """Return the day of the activity: that of the date the alert is about."""
        return self.company_id._cchc_local_date(self.base_at)
