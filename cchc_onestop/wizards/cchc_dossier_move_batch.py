from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: Up to this many dossiers are moved at once; drawing a form takes half a second.
AT_ONCE = 20
#: Dossiers moved before what is done is committed.
BATCH = 5


class CchcDossierMove(models.TransientModel):
    """Moves of many dossiers that issue a form, in the background.

    Each dossier moves together with its form: both are there or neither. What the
    ledger says decides what is left, so nothing is moved twice after a stop.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.move"  # pylint: disable=consider-merging-classes-inherited

    def action_confirm(self):
        self.ensure_one()
        drawn = self.form_code and (self.move != "extend" or self.may_decide)
        if not drawn or self.dossier_count <= AT_ONCE:
            return super().action_confirm()
        self._check_move()
        moves = dict(self._fields["move"]._description_selection(self.env))
        name = self.env._(
            "%(move)s: %(count)s dossiers",
            move=moves[self.move],
            count=self.dossier_count,
        )
        jobs = self.env["cchc.job"]
        return jobs._enqueue_batches(
            name, self._name, "move", self._params()
        ).action_open()

    def _check_move(self):
        """Refuse at once what the first look shows to be impossible."""
        dossiers = self.dossier_ids
        text = dossiers._begin(self.move, self.content or "", self.reason_id)
        if self.move == "extend":
            if not self.due_at:
                raise UserError(self.env._("Enter the new appointment."))
            dossiers._delay_reason(self.reason_id)
            for dossier in dossiers:
                dossier._check_extension(self.due_at, fields.Datetime.now())
        return text

    def _params(self):
        """Return what was typed, as a job keeps it."""
        last = (
            self.env["cchc.dossier.event"].sudo().search([], order="id desc", limit=1)
        )
        return {
            "dossier_ids": self.dossier_ids.ids,
            "companies": self.env.companies.ids,
            "after": last.id or 0,
            "values": {
                "move": self.move,
                "reason_id": self.reason_id.id,
                "content": self.content,
                "due_at": self.due_at and fields.Datetime.to_string(self.due_at),
                "contact": self.contact,
                "phone": self.phone,
                "basis": self.basis,
                "give_back": self.give_back,
                "sign_mode": self.sign_mode,
            },
            "parts": self._paper_data()["parts"],
        }

    @api.model
    def _batch_move(self, params, step):
        """Work of a background job: move some of the dossiers that are left.

        :return: whether any is left
        :raises UserError: when all that are left cannot be moved, with the reasons
        """
        own = self.with_context(allowed_company_ids=params["companies"])
        left = own._left(params)
        total = len(params["dossier_ids"])
        step(total - len(left), total)
        wizard = own.create(
            {
                **params["values"],
                "dossier_ids": [Command.set(params["dossier_ids"])],
                "part_ids": [
                    Command.create({**part, "asked": True}) for part in params["parts"]
                ],
            }
        )
        moved, refused = 0, []
        for dossier in left:
            try:
                with self.env.cr.savepoint():
                    wizard._make_move(dossier)
            except (AccessError, UserError, ValidationError) as error:
                refused.append(str(error.args[0]))
                continue
            moved += 1
            if moved == BATCH:
                break
        if not moved and refused:
            raise UserError(
                self.env._(
                    "%(done)s of %(total)s dossiers were moved. Not moved: %(reasons)s",
                    done=total - len(left),
                    total=total,
                    reasons=" ".join(refused),
                )
            )
        step(total - len(left) + moved, total)
        return moved < len(left)

    @api.model
    def _left(self, params):
        """Return the dossiers that the job has not moved yet."""
        moved = (
            self.env["cchc.dossier.event"]
            .sudo()
            .search(
                [
                    ("dossier_id", "in", params["dossier_ids"]),
                    ("kind", "=", params["values"]["move"]),
                    ("id", ">", params["after"]),
                ]
            )
        )
        done = set(moved.dossier_id.ids)
        dossiers = self.env["cchc.dossier"].browse(params["dossier_ids"])
        return dossiers.exists().filtered(lambda dossier: dossier.id not in done)

    @api.model
    def _outcome_move(self, params):
        """Return the action that shows the papers which the job has issued."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_dossier_paper_action"
        )
        action["domain"] = [
            ("dossier_id", "in", params["dossier_ids"]),
            ("event_id.id", ">", params["after"]),
            ("event_id.kind", "=", params["values"]["move"]),
        ]
        action["context"] = {}
        return action
