from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools.guard import is_unlocked, unlocked


class CchcArchiveHandover(models.Model):
    """Handing dossiers over to the archive of the agency (NĐ 30/2020/NĐ-CP Đ.30).

    With two copies of the list of files and of the minutes for paper.
    """

    _name = "cchc.archive.handover"
    _description = "Handing Over to the Archive"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Agency",
        required=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one("hr.department", string="Handed over by")
    date = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    user_id = fields.Many2one(
        "res.users", string="Who Hands over", default=lambda self: self.env.user
    )
    receiver_id = fields.Many2one("res.users", string="Who Receives")
    note = fields.Text(string="State of the Files")
    state = fields.Selection(
        [("draft", "Being Prepared"), ("done", "Handed over")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("cchc.archive.handover.line", "handover_id", "Dossiers")
    line_count = fields.Integer(compute="_compute_line_count")
    done_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["cchc.archive.handover.line"]._read_group(
                [("handover_id", "in", self.ids)], ["handover_id"], ["__count"]
            )
        )
        for handover in self:
            handover.line_count = counts.get(handover._origin, 0)

    def _check_draft(self):
        if not is_unlocked(self.env) and any(
            handover.state == "done" for handover in self
        ):
            raise UserError(
                self.env._("What has been handed over stays as it was handed over.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        handovers = super().create(vals_list)
        handovers._check_draft()
        return handovers

    def write(self, vals):
        if any(not name.startswith(("message_", "activity_")) for name in vals):
            self._check_draft()
            if "state" in vals and not is_unlocked(self.env):
                raise UserError(self.env._("Use the button to hand the dossiers over."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft(self):
        self._check_draft()

    # ------------------------------------------------------------------
    # Preparing
    # ------------------------------------------------------------------
    @api.model
    def _due_domain(self, company, until):
        """Return the domain of dossiers that are to be handed over until a day."""
        return [
            ("company_id", "=", company.id),
            ("archive_due_on", "<=", until),
            ("archived_on", "=", False),
            ("destroyed_at", "=", False),
            ("archive_handover_id", "=", False),
        ]

    def action_fill(self):
        """Add the dossiers whose term of handing over comes near."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        today = self.company_id._cchc_local_date(fields.Datetime.now())
        days = self.env["cchc.archive.rule"]._reminder_days(today)
        domain = self._due_domain(self.company_id, today + timedelta(days=days))
        if self.department_id:
            domain.append(("department_id", "=", self.department_id.id))
        self._add(self.env["cchc.dossier"].search(domain, order="ended_at, id"))
        return True

    def _add(self, dossiers):
        """Put dossiers into this list; each stands in one list only."""
        self.env["cchc.archive.handover.line"].create(
            [{"handover_id": self.id, "dossier_id": dossier.id} for dossier in dossiers]
        )

    @api.model
    def _remind(self):
        """Prepare a list per agency of what is to be handed over soon, and tell the
        archivists; what is in a list already is not told again."""
        lang = self.env["cchc.form.edition"]._office_lang()
        self = self.with_context(lang=lang)  # noqa: PLW0642
        group = self.env.ref("cchc_onestop_retention.group_archive").sudo()
        waiting = (
            self.env["cchc.dossier"]
            .sudo()
            ._read_group(
                [("archive_due_on", "!=", False), ("archived_on", "=", False)],
                ["company_id"],
            )
        )
        for (company,) in waiting:
            today = company._cchc_local_date(fields.Datetime.now())
            days = self.env["cchc.archive.rule"]._reminder_days(today)
            dossiers = (
                self.env["cchc.dossier"]
                .sudo()
                .search(
                    self._due_domain(company, today + timedelta(days=days)),
                    order="ended_at, id",
                )
            )
            if not dossiers:
                continue
            first = min(dossiers.mapped("archive_due_on"))
            handover = self.sudo().search(
                [("company_id", "=", company.id), ("state", "=", "draft")], limit=1
            ) or self.sudo().create(
                {
                    "name": self.env._("Handing over %s", f"{today:%m/%Y}"),
                    "company_id": company.id,
                    "user_id": False,
                }
            )
            handover._add(dossiers)
            for user in group.all_user_ids.filtered(
                lambda user, company=company: (
                    user.active and company in user.company_ids
                )
            ):
                handover.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=first,
                    summary=self.env._(
                        "%s dossiers are to be handed over to the archive",
                        len(dossiers),
                    ),
                    user_id=user.id,
                )

    # ------------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------------
    def action_done(self):
        """Note that the dossiers of this list are in the archive now."""
        for handover in self:
            handover.check_access("write")
            handover._check_draft()
            if not handover.line_ids:
                raise UserError(self.env._("The list is empty."))
            if not handover.receiver_id:
                raise UserError(self.env._("Say who receives the files."))
            dossiers = handover.line_ids.dossier_id
            unlocked(dossiers.sudo()).write({"archived_on": handover.date})
            self.env["cchc.dossier.event"].append(
                [
                    {
                        "dossier": dossier,
                        "kind": "archive",
                        "from_state": dossier.state,
                        "legal_basis": "NĐ 30/2020/NĐ-CP Đ.30",
                        "content": handover.name,
                        "data": {"receiver": handover.receiver_id.id},
                    }
                    for dossier in dossiers
                ]
            )
            unlocked(handover).write(
                {"state": "done", "done_at": fields.Datetime.now()}
            )
            handover.activity_ids.action_done()
        return True
