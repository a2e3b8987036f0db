from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..tools.catalogue_diff import summarise
from ..tools.guard import unlocked

CHANGES = [
    ("new", "Newly Issued"),
    ("amended", "Amended"),
    ("replaced", "Replaced"),
    ("repealed", "Repealed"),
]
_DRAFT_STATES = ("draft", "pre_supplement")


class CchcPublicationLine(models.Model):
    """What a publication decision did to one procedure (NĐ 63/2010 Đ.14).

    Written when the decision is applied, never changed afterwards.
    """

    _name = "cchc.publication.line"
    _description = "Procedure of a Publication Decision"
    _inherit = ["cchc.guarded.mixin"]
    _order = "decision_id, change, sector_id, id"

    decision_id = fields.Many2one(
        "cchc.publication.decision", required=True, index=True, ondelete="cascade"
    )
    procedure_id = fields.Many2one(
        "cchc.procedure", required=True, index=True, ondelete="cascade"
    )
    sector_id = fields.Many2one(
        related="procedure_id.sector_id", string="Field", store=True
    )
    change = fields.Selection(CHANGES, "Kind", required=True)
    valid_from = fields.Date("From", required=True)
    old_version_id = fields.Many2one(
        "cchc.procedure.version", "Earlier Version", ondelete="set null"
    )
    version_id = fields.Many2one(
        "cchc.procedure.version", "New Version", ondelete="set null"
    )
    replaced_by_id = fields.Many2one(
        "cchc.procedure", "Replaced by", ondelete="set null"
    )
    changes = fields.Text(help="What differs, field by field")
    summary = fields.Text("What Changed", compute="_compute_summary")
    open_count = fields.Integer(
        "Running Dossiers",
        compute="_compute_dossier_counts",
        help="Accepted before the change and not ended: they keep the old rules",
    )
    draft_count = fields.Integer("Drafts", compute="_compute_dossier_counts")
    fate = fields.Text("What Happens to Them", compute="_compute_fate")
    offered_dossier_ids = fields.Many2many(
        "cchc.dossier",
        "cchc_publication_offer_rel",
        "line_id",
        "dossier_id",
        "Offered to Stop",
        copy=False,
        groups="cchc_onestop.group_catalogue",
    )

    _procedure_uniq = models.UniqueIndex(
        "(decision_id, procedure_id)",
        "A procedure stands in a decision once.",
    )

    @api.depends("decision_id.number", "procedure_id.display_name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.procedure_id.display_name} - {line.decision_id.number}"
            )

    @api.depends("changes")
    def _compute_summary(self):
        for line in self:
            line.summary = summarise(line.changes)

    def _compute_dossier_counts(self):
        """Count in two statements, however many the lines."""
        dossiers = self.env["cchc.dossier"]
        procedures = self.procedure_id.ids
        running = {}
        for procedure, version, count in dossiers._read_group(
            [("procedure_id", "in", procedures), ("is_open", "=", True)],
            ["procedure_id", "version_id"],
            ["__count"],
        ):
            running.setdefault(procedure.id, []).append((version, count))
        drafts = dict(
            dossiers._read_group(
                [("procedure_id", "in", procedures), ("state", "in", _DRAFT_STATES)],
                ["procedure_id"],
                ["__count"],
            )
        )
        for line in self:
            line.open_count = sum(
                count
                for version, count in running.get(line.procedure_id.id, ())
                if version.sudo().valid_from < line.valid_from
            )
            line.draft_count = drafts.get(line.procedure_id, 0)

    @api.depends("change", "decision_id.transition")
    def _compute_fate(self):
        for line in self:
            abolished = line.change in ("repealed", "replaced")
            if line.change == "new":
                line.fate = False
            elif not abolished:
                line.fate = self.env._(
                    "Running ones keep the old version, drafts take the new one"
                )
            elif line.decision_id.transition == "stop_on_request":
                line.fate = self.env._(
                    "Running ones are stopped and given back on request, drafts are "
                    "refused"
                )
            else:
                line.fate = self.env._(
                    "Running ones keep the old rules, drafts are refused"
                )

    # --- What is applied stays

    def _guarded_sentence(self):
        return self.env._(
            "The list of a decision is written when it is applied and stays as it is."
        )

    # --- Running dossiers

    def _dossier_domain(self):
        """Return the domain of the dossiers accepted before the change."""
        self.ensure_one()
        return (
            Domain("procedure_id", "=", self.procedure_id.id)
            & Domain("is_open", "=", True)
            & Domain("version_id.valid_from", "<", self.valid_from)
        )

    def _offer_stop(self):
        """Give each running dossier of the agencies in use its to-do, once.

        :return: how many to-dos were given
        """
        count = 0
        for line in self:
            dossiers = self.env["cchc.dossier"].search(line._dossier_domain())
            dossiers -= line.sudo().offered_dossier_ids
            if not dossiers:
                continue
            line._create_offers(dossiers)
            unlocked(line.sudo()).offered_dossier_ids = [
                Command.link(dossier.id) for dossier in dossiers
            ]
            count += len(dossiers)
        return count

    def _create_offers(self, dossiers):
        decision = self.decision_id
        basis = decision.transition_basis or ""
        note = Markup("<p>%s</p>") % self.env._(
            "%(procedure)s is abolished from %(date)s by %(decision)s. The applicant "
            "may have this dossier stopped and given back: ask, then stop it with the "
            "reason, or finish it under the old rules. %(basis)s",
            procedure=self.procedure_id.display_name,
            date=fields.Date.to_string(self.valid_from),
            decision=decision.display_name,
            basis=basis,
        )
        activity_type = self.env.ref("mail.mail_activity_data_todo")
        # many at once: the list of to-dos is the message, no mail for each
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
        )
        activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("cchc.dossier"),
                    "res_id": dossier.id,
                    "activity_type_id": activity_type.id,
                    "summary": self.env._("Abolished procedure: stop on request?"),
                    "note": note,
                    "user_id": (
                        dossier.user_id or dossier.receiver_id or self.env.user
                    ).id,
                    "date_deadline": fields.Date.context_today(self),
                }
                for dossier in dossiers
            ]
        )

    def action_open_dossiers(self):
        self.ensure_one()
        return self.decision_id._open(
            "cchc_onestop.cchc_dossier_action", list(self._dossier_domain())
        )

    def action_compare(self):
        """Show field by field what the decision changed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare Versions"),
            "res_model": "cchc.procedure.compare",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_procedure_id": self.procedure_id.id,
                "default_old_version_id": self.old_version_id.id,
                "default_new_version_id": self.version_id.id,
            },
        }

    # --- Posting

    def _make_postings(self, company=None):
        """Make what every desk posts anew or takes down; what is there stays.

        :param company: only this agency, whatever its level
        """
        postings = self.env["cchc.posting"].sudo()
        known = {
            (posting.line_id.id, posting.company_id.id)
            for posting in postings.search([("line_id", "in", self.ids)])
        }
        todo = []
        for decision, lines in self.grouped("decision_id").items():
            desks = company or decision._get_desks()
            due = decision.posting_due_on or decision.effective_date
            for line in lines:
                level = line.procedure_id.level
                for desk in desks:
                    if (line.id, desk.id) in known:
                        continue
                    if not company and desk.cchc_level != level:
                        continue
                    todo.append(line._prepare_posting(desk, due))
        return unlocked(postings).create(todo)

    def _prepare_posting(self, company, due):
        return {
            "line_id": self.id,
            "decision_id": self.decision_id.id,
            "procedure_id": self.procedure_id.id,
            "company_id": company.id,
            "action": "remove" if self.change in ("repealed", "replaced") else "post",
            "due_on": due,
        }
