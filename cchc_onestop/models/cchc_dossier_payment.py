from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import fee, replay

FEE_STATES = [
    ("none", "No Fee"),
    ("not_stated", "Not Stated"),
    ("due", "Payment Due"),
    ("partly", "Partly Paid"),
    ("paid", "Paid"),
    ("exempt", "Exempt"),
    ("refunded", "Refunded"),
]


class CchcDossier(models.Model):
    """The financial track of a dossier, apart from its business state (§3.4)."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier"  # pylint: disable=consider-merging-classes-inherited

    fee_group_ids = fields.Many2many(
        "cchc.fee.group",
        string="Exempt as",
        help="Groups to which the applicant proved to belong; the most favourable "
        "exemption applies to each fee, and only that one",
    )
    fee_evidence = fields.Char(
        string="Proof of Exemption",
        help="Number of the certificate, or the database that was looked up",
    )
    fee_state = fields.Selection(
        FEE_STATES, compute="_compute_fee_state", search="_search_fee_state"
    )
    fee_due = fields.Float(
        string="Still to Pay", digits=(16, 2), compute="_compute_fee_state"
    )
    fee_paid = fields.Float(string="Paid", digits=(16, 2), compute="_compute_fee_state")
    fee_warning = fields.Char(compute="_compute_fee_warning")
    payment_line_ids = fields.One2many(
        "cchc.payment.line", "dossier_id", string="Payment Lines", readonly=True
    )
    payment_count = fields.Integer(compute="_compute_payment_count")

    @api.depends(
        "fee_ids.is_stated",
        "fee_ids.due_amount",
        "fee_ids.paid_amount",
        "fee_ids.waived_amount",
        "fee_ids.exemption_percent",
        "fee_ids.amount",
        "fee_ids.quantity",
        "fee_ids.items",
        "fee_ids.tariff",
    )
    def _compute_fee_state(self):
        for dossier in self:
            lines = dossier.fee_ids
            states = set(lines.mapped("state"))
            due = sum(lines.mapped("outstanding"))
            paid = sum(lines.mapped("paid_amount"))
            dossier.fee_due = due
            dossier.fee_paid = paid
            if due:
                dossier.fee_state = "partly" if paid else "due"
            elif "not_stated" in states:
                dossier.fee_state = "not_stated"
            elif paid:
                dossier.fee_state = "paid"
            else:
                dossier.fee_state = next(
                    (key for key in ("refunded", "exempt") if key in states), "none"
                )

    def _search_fee_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        lines = self.env["cchc.dossier.fee"]
        lines.flush_model()
        if wanted <= {"due", "partly"}:
            # The partial index on what is still to pay is small.
            query = SQL(
                """(SELECT dossier_id FROM cchc_dossier_fee
                     WHERE dossier_id IN (
                           SELECT dossier_id FROM cchc_dossier_fee
                            WHERE is_stated IS TRUE
                              AND due_amount > COALESCE(paid_amount, 0)
                                             + COALESCE(waived_amount, 0))
                  GROUP BY dossier_id HAVING %s IN %s)""",
                lines._financial_state_sql(),
                tuple(wanted),
            )
            return [("id", "in", query)]
        query = SQL(
            "(SELECT dossier_id FROM cchc_dossier_fee GROUP BY dossier_id "
            "HAVING %s IN %s)",
            lines._financial_state_sql(),
            tuple(wanted) or ("",),
        )
        if "none" not in wanted:
            return [("id", "in", query)]
        return ["|", ("id", "in", query), ("fee_ids", "=", False)]

    @api.depends("fee_ids.paid_amount", "state")
    def _compute_fee_warning(self):
        for dossier in self:
            dossier.fee_warning = (
                dossier._unpaid_sentence(dossier._unpaid_at_return(("warn", "demand")))
                if dossier.state in ("done", "rejected_result", "returned")
                else False
            )

    def _compute_payment_count(self):
        groups = self.env["cchc.payment.line"]._read_group(
            [("dossier_id", "in", self.ids), ("state", "!=", "draft")],
            ["dossier_id"],
            ["payment_id:count_distinct"],
        )
        counts = dict(groups)
        for dossier in self:
            dossier.payment_count = counts.get(dossier, 0)

    # ------------------------------------------------------------------
    # Exemption
    # ------------------------------------------------------------------
    @api.onchange("fee_group_ids", "fee_evidence")
    def _onchange_fee_group_ids(self):
        for line in self.fee_ids:
            vals = self._exemption_vals(line.rule_id)
            if not line.paid_amount:
                line.update(vals)

    @api.onchange("submitted_at")
    def _onchange_submitted_at(self):
        """The rules of the day of submission hold (Luật Phí và lệ phí)."""
        if self.procedure_id and self.fee_ids:
            version = self.procedure_id._version_at(company=self.company_id)
            self.fee_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in self._fee_vals(version)),
            ]

    def _exemption_vals(self, rule):
        """Return the columns of the exemption that applies to one fee."""
        day = self._fee_date()
        best = self.env["cchc.fee.exemption"]._best(
            self.fee_group_ids._origin,
            day,
            self.company_id,
            self.procedure_id.sector_id,
            rule,
        )
        return {
            "exemption_id": best.id,
            "exemption_percent": best.percent,
            "exemption_evidence": best and self.fee_evidence,
        }

    def _fee_date(self):
        """Return the day by which fee rules and exemptions are looked up: that of the
        submission, by the clocks of the agency."""
        moment = self.submitted_at or self.received_at or replay.now(self.env)
        return self.company_id.sudo()._cchc_local_date(moment)

    def action_assess_fees(self):
        """Work the fees out anew by the rules of the day of submission.

        Lines that were paid stay; quantities of lines that stay the same are kept.
        """
        for dossier in self:
            version = dossier.version_id or dossier.procedure_id._version_at(
                company=dossier.company_id
            )
            paid = dossier.fee_ids.filtered("paid_amount")
            before = {
                line.name: {"quantity": line.quantity, "items": line.items}
                for line in dossier.fee_ids
            }
            (dossier.fee_ids - paid).unlink()
            names = set(paid.mapped("name"))
            self.env["cchc.dossier.fee"].create(
                [
                    {
                        **vals,
                        **before.get(vals["name"], {}),
                        "dossier_id": dossier.id,
                    }
                    for vals in dossier._fee_vals(version)
                    if vals["name"] not in names
                ]
            )
        return True

    # ------------------------------------------------------------------
    # Payment
    # ------------------------------------------------------------------
    def _with_children(self):
        """Return the dossiers together with those of an interlinked group."""
        return self | self.child_ids

    def _payable_fees(self):
        """Return the fee lines that can be collected now: of accepted dossiers that
        stand, stated and not settled."""
        return self.filtered(
            lambda dossier: dossier.accepted_at and dossier.state != "void"
        ).fee_ids.filtered(lambda line: line.outstanding > 0)

    def action_collect_fees(self):
        """Open one payment of all that these dossiers still owe."""
        payments = self.env["cchc.payment"]
        payments.check_access("create")
        dossiers = self._with_children()
        lines = dossiers._payable_fees()._of_one_body()
        if not lines:
            raise UserError(
                self.env._(
                    "None of these dossiers owes a fee: a dossier is accepted first, "
                    "and what is not stated has to be entered."
                )
            )
        bodies = lines.collector_id
        if len(bodies) > 1:
            raise UserError(
                self.env._(
                    "These fees belong to several collecting bodies (%s): collect "
                    "those of one body at a time, they never share a receipt.",
                    ", ".join(bodies.sudo().mapped("name")),
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Collect Fees"),
            "res_model": "cchc.payment",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"cchc_dossier_ids": dossiers.ids},
        }

    def action_view_payments(self):
        """Open the payments of these dossiers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop.cchc_payment_action"
        )
        action["domain"] = [
            ("line_ids.dossier_id", "in", self.ids),
        ]
        action["context"] = {}
        return action

    def action_void(self, content=None, reason=None):
        """Void dossiers; what was paid on them is given back or moved first."""
        paid = self.fee_ids.filtered("paid_amount")[:1]
        if paid and (content is not None or reason is not None):
            raise UserError(
                self.env._(
                    "A fee of %s has been paid: cancel or refund it first, so that "
                    "the money is not lost with the void dossier.",
                    paid.dossier_id.name,
                )
            )
        return super().action_void(content, reason)

    def _resume_when_paid(self, payment):
        """Let the clock run again where it waited for this payment.

        The move is the one of :meth:`action_resume`, so the due date follows in the
        same way; it belongs to nobody's role here, since it follows from the payment.
        A fee that is not stated yet keeps the dossier waiting.
        """
        paid = self.filtered(
            lambda dossier: (
                dossier.state == "finance"
                and dossier.fee_state == "paid"
                and dossier.sudo().pause_ids.filtered(
                    lambda stop: not stop.date_to and stop.resume_on_payment
                )
            )
        )
        if paid:
            paid._resume(
                self.env._("All fees are paid: payment %s", payment.name),
                data={"payment": payment.name},
            )

    # ------------------------------------------------------------------
    # Return of the result
    # ------------------------------------------------------------------
    def _unpaid_at_return(self, what):
        """Return the unpaid lines for which the return of the result does ``what``."""
        return self.fee_ids.filtered(
            lambda line: line.outstanding and (line.on_return or "warn") in what
        )

    @api.model
    def _unpaid_sentence(self, lines):
        return bool(lines) and self.env._(
            "Not paid yet: %s.",
            "; ".join(
                f"{line.name} {fee.dong(fee.whole(line.outstanding))} đ"
                for line in lines
            ),
        )

    def action_return_result(self, content=None):
        """Hand the result over; refused where a fee that is demanded is unpaid."""
        self._check_paid_at_return()
        result = super().action_return_result(content)
        unpaid = self._unpaid_at_return(("warn",))
        if result is True and unpaid:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "warning",
                    "message": self._unpaid_sentence(unpaid),
                    "sticky": True,
                    "next": {"type": "ir.actions.act_window_close"},
                },
            }
        return result

    def _check_paid_at_return(self):
        """Refuse the return of a result that is handed over only against payment."""
        for dossier in self:
            lines = dossier._unpaid_at_return(("demand",))
            if lines:
                raise UserError(
                    self.env._(
                        "The result of %(dossier)s is handed over only against "
                        "payment. %(unpaid)s Collect the fee first.",
                        dossier=dossier.display_name,
                        unpaid=self._unpaid_sentence(lines),
                    )
                )
