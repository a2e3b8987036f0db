import hashlib
import hmac
import time
import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.cchc_onestop.tools import guard

from ..tools import answer
from .cchc_lookup_adapter import LookupFailed, LookupNotFound

_WIPE_BATCH = 1000


class CchcLookupRequest(models.Model):
    """One look-up in a register: who asked about whom, when, why, and what came back.

    The row is there before the register is asked, in a transaction of its own, so that
    no look-up escapes the log whatever happens afterwards; nobody changes or deletes
    it. The number asked for is kept masked and as a keyed hash, by which all look-ups
    about one person are found. The data of an answer are wiped after the days that the
    service names; the log stays.
    """

    _name = "cchc.lookup.request"
    _description = "Look-up"
    _inherit = "cchc.guarded.mixin"
    _guarded_kept = True
    _order = "id desc"
    _rec_name = "reference"

    reference = fields.Char(required=True, readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", "Asked by", required=True, readonly=True, index=True
    )
    asked_at = fields.Datetime("Asked", required=True, readonly=True)
    service_id = fields.Many2one(
        "cchc.lookup.service", required=True, readonly=True, ondelete="restrict"
    )
    purpose_id = fields.Many2one(
        "cchc.lookup.purpose", required=True, readonly=True, ondelete="restrict"
    )
    note = fields.Char(readonly=True, help="What else the officer said of the purpose")
    dossier_id = fields.Many2one(
        "cchc.dossier", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Person or Business",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    key_masked = fields.Char("Number", readonly=True)
    key_digest = fields.Char(readonly=True, index=True, groups="base.group_system")
    state = fields.Selection(
        [
            ("asked", "Asked, no answer yet"),
            ("answered", "Answered by the register"),
            ("manual", "Entered by hand"),
            ("not_found", "Not known to the register"),
            ("failed", "No answer"),
            ("refused", "Refused here"),
        ],
        required=True,
        readonly=True,
        default="asked",
        index=True,
    )
    source = fields.Char(readonly=True, help="Register or program that gave the data")
    answered_at = fields.Datetime("Answer Received", readonly=True)
    source_at = fields.Datetime(
        "Data as of", readonly=True, help="Time that the register states for its data"
    )
    duration_ms = fields.Integer("Duration (ms)", readonly=True, aggregator="avg")
    error = fields.Char(readonly=True)
    value_ids = fields.One2many(
        "cchc.lookup.value", "request_id", "Data", readonly=True
    )
    differing = fields.Integer("Differences", readonly=True)
    wiped_at = fields.Datetime("Data Wiped", readonly=True)
    discrepancy_ids = fields.One2many(
        "cchc.lookup.discrepancy", "request_id", "Discrepancies"
    )
    retry_of_id = fields.Many2one(
        "cchc.lookup.request",
        "After the Failed Look-up",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_old = fields.Boolean(
        "Old",
        compute="_compute_is_old",
        search="_search_is_old",
        help="Older than the service counts as fresh: ask again",
    )
    age_text = fields.Char("Age", compute="_compute_age_text")
    can_settle = fields.Boolean(compute="_compute_can_settle")

    _day_idx = models.Index("(user_id, asked_at)")
    _wipe_idx = models.Index(
        "(answered_at) WHERE wiped_at IS NULL AND state IN ('answered', 'manual')"
    )

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    @api.depends("service_id", "asked_at", "key_masked")
    def _compute_display_name(self):
        for request in self:
            at = request.asked_at and fields.Datetime.context_timestamp(
                request, request.asked_at
            )
            request.display_name = " · ".join(
                text
                for text in (
                    request.service_id.name,
                    request.key_masked,
                    at and f"{at:%d/%m/%Y %H:%M}",
                )
                if text
            )

    def _data_at(self):
        """Time of the data: as the register states it, or when the answer came."""
        return self.source_at or self.answered_at

    @api.depends("state", "answered_at", "source_at", "service_id.fresh_days")
    def _compute_is_old(self):
        now = fields.Datetime.now()
        for request in self:
            at = request._data_at()
            request.is_old = bool(at) and now - at > timedelta(
                days=request.service_id.fresh_days
            )

    def _search_is_old(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env.cr.execute(
            "SELECT request.id FROM cchc_lookup_request request"
            "  JOIN cchc_lookup_service service ON service.id = request.service_id"
            " WHERE COALESCE(request.source_at, request.answered_at)"
            "       < %s - service.fresh_days * interval '1 day'",
            (fields.Datetime.now(),),
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        return Domain("id", "in" if True in value else "not in", ids)

    @api.depends("answered_at", "source_at", "state")
    def _compute_age_text(self):
        now = fields.Datetime.now()
        for request in self:
            at = request._data_at()
            days = (now - at).days if at else None
            if days is None:
                request.age_text = ""
            elif days < 1:
                request.age_text = self.env._("today")
            else:
                request.age_text = self.env._("%s days old", days)

    @api.depends("state", "wiped_at")
    @api.depends_context("uid")
    def _compute_can_settle(self):
        for request in self:
            request.can_settle = (
                request.state in ("answered", "manual")
                and not request.wiped_at
                and request.user_id == self.env.user
            )

    def _guarded_sentence(self):
        return self.env._(
            "A look-up is written by the system when it is made and never changed: it "
            "shows who asked about whom, and why."
        )

    # ------------------------------------------------------------------
    # About whom
    # ------------------------------------------------------------------
    @api.model
    def _digest(self, key):
        """Return the keyed hash of a number; the key is the secret of the database."""
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret", "")
        return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _domain_about(self, partner):
        """Domain of all look-ups about a person, also before it was an applicant."""
        partner.check_access("read")
        numbers = {
            number
            for number in (
                partner.sudo().cchc_identity,
                partner.sudo().cchc_old_identity,
            )
            if number
        }
        found = self.sudo().search(
            [("key_digest", "in", [self._digest(number) for number in numbers])]
        )
        return ["|", ("partner_id", "=", partner.id), ("id", "in", found.ids)]

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _check_may_ask(self, service, purpose, dossier):
        """Raise unless this person may ask this service for this purpose.

        The right to read identity numbers, and a dossier that is being settled where
        the purpose asks for one (NĐ 118/2025/NĐ-CP Đ.4: data are looked up to settle a
        dossier, not out of curiosity).
        """
        if not self.env.user.has_group("cchc_onestop.group_identity"):
            raise AccessError(
                self.env._("Only who handles dossiers looks people up in a register.")
            )
        if dossier:
            dossier.check_access("read")
            if dossier.ended_at:
                raise UserError(
                    self.env._(
                        "%s has ended: nothing is looked up for it any more.",
                        dossier.display_name,
                    )
                )
        if not purpose._allows(service, dossier, fields.Date.context_today(self)):
            raise UserError(
                self.env._(
                    "“%(service)s” may not be asked for the purpose “%(purpose)s” "
                    "here: open the dossier it is needed for, or choose another "
                    "purpose.",
                    service=service.name,
                    purpose=purpose.name,
                )
            )

    @api.model
    def _prepare(self, service, key, purpose, dossier, partner, note):
        """Values of the row that is written before anything is asked."""
        company = dossier.company_id or self.env.company
        return {
            "reference": uuid.uuid4().hex,
            "company_id": company.id,
            "user_id": self.env.uid,
            "asked_at": fields.Datetime.now(),
            "service_id": service.id,
            "purpose_id": purpose.id,
            "note": (note or "").strip() or False,
            "dossier_id": dossier.id,
            "partner_id": partner.id,
            "key_masked": answer.mask(key),
            "key_digest": self._digest(key),
        }

    @api.model
    def _over_limit(self, company):
        """Return whether this person asked as often today as the agency allows."""
        limit = company.sudo().cchc_lookup_limit
        if not limit:
            return False
        today = fields.Datetime.now() - timedelta(hours=24)
        count = self.sudo().search_count(
            [
                ("user_id", "=", self.env.uid),
                ("asked_at", ">=", today),
                ("state", "!=", "refused"),
            ],
            limit=limit,
        )
        return count >= limit

    @api.model
    def _ask(self, service, key, purpose, dossier, partner, note="", parts=None):
        """Ask a register over its line and return the id of the look-up.

        Everything happens in a transaction of its own: first the log, then the
        question, then the answer. The calling transaction does not see the row.

        :param parts: ``cchc.dossier.document`` that the answer stands for
        :raises UserError: before anything is asked, when it may not be
        """
        self._check_may_ask(service, purpose, dossier)
        key = service._clean_key(key)
        company = dossier.company_id or self.env.company
        connection = self.env["cchc.lookup.connection"].sudo()._for(company, service)
        if not connection or connection.adapter == "manual":
            raise UserError(
                self.env._(
                    "%(agency)s has no line to “%(service)s”: enter by hand what "
                    "another program shows.",
                    agency=company.name,
                    service=service.name,
                )
            )
        values = self._prepare(service, key, purpose, dossier, partner, note)
        with self.env.registry.cursor() as cursor:
            env = self.env(cr=cursor)
            request = guard.unlocked(env[self._name].sudo())
            if env[self._name]._over_limit(env["res.company"].browse(company.id)):
                values["state"] = "refused"
                values["error"] = self.env._("More look-ups than a day allows.")
            request = request.create(values)
            cursor.commit()
            if request.state != "refused":
                request._carry_out(
                    env["cchc.lookup.connection"].sudo().browse(connection.id),
                    key,
                    env["cchc.dossier.document"].browse(parts.ids if parts else []),
                )
                cursor.commit()
            return request.id

    def _carry_out(self, connection, key, parts):
        """Ask, and write down what came back or why nothing did."""
        self.ensure_one()
        context = {
            "request": self.reference,
            "user": self.user_id.login,
            "dossier": self.dossier_id.name or "",
            "purpose": self.purpose_id.name,
        }
        begin = time.monotonic()
        try:
            data, source_at = connection._adapter()._ask(
                connection, self.service_id, key, context
            )
        except LookupNotFound:
            result = {"state": "not_found", "source": self.service_id.source_name}
        except LookupFailed as error:
            result = {"state": "failed", "error": str(error)}
        else:
            values = self._values_of(data)
            result = self._answered(values, self.service_id.source_name, source_at)
            result["state"] = "answered"
        result["duration_ms"] = round(1000 * (time.monotonic() - begin))
        result.setdefault("answered_at", fields.Datetime.now())
        self.write(result)
        if self.state == "answered":
            parts._take_lookup(self)

    def _values_of(self, data):
        """Return label, kind and text of each piece of data the service names."""
        return [
            (field, answer.value_at(data, field.path))
            for field in self.service_id.field_ids
        ]

    def _answered(self, values, source, source_at):
        """Return what to write of an answer, each piece beside what we hold now.

        :param values: ``(cchc.lookup.field, text)``
        """
        rows = []
        for field, text in values:
            ours = self._held(field.partner_field)
            rows.append(
                {
                    "field_id": field.id,
                    "sequence": field.sequence,
                    "name": field.name,
                    "kind": field.kind,
                    "partner_field": field.partner_field,
                    "returned": self._shown(field, text),
                    "ours": self._shown(field, ours),
                    "verdict": bool(field.partner_field and self.partner_id)
                    and answer.compare(field.kind, ours, text),
                }
            )
        return {
            "source": source,
            "source_at": source_at,
            "answered_at": fields.Datetime.now(),
            "value_ids": [fields.Command.create(row) for row in rows],
            "differing": len(
                [
                    row
                    for row in rows
                    if row["verdict"] and row["verdict"] != answer.SAME
                ]
            ),
        }

    def _held(self, name):
        """Return as text what we hold of the person in a field."""
        partner = self.partner_id.sudo()
        if not name or not partner:
            return ""
        if name == "street":
            return partner._cchc_address()
        value = partner[name]
        return str(value) if value else ""

    def _shown(self, field, text):
        """Return a value as people read it; a sex in the words of our own field."""
        sexes = self.partner_id._fields["cchc_sex"]._description_selection(self.env)
        if field.kind == answer.SEX:
            return dict(sexes).get(answer.canonical(field.kind, text), text)
        return answer.show(field.kind, text)

    @api.model
    def _enter(self, service, key, purpose, dossier, partner, found, **told):
        """Write down what an officer saw in another program; return the look-up.

        :param found: ``(cchc.lookup.field, text)``; empty: not known there
        :param told: ``source``, ``source_at``, ``note``, ``parts``, ``retry_of``;
            ``failed``: why the other program showed nothing at all
        """
        self._check_may_ask(service, purpose, dossier)
        key = service._clean_key(key)
        if not (told.get("source") or "").strip():
            raise UserError(
                self.env._("Say which program or register showed the data.")
            )
        if told.get("source_at") and told["source_at"] > fields.Datetime.now():
            raise UserError(
                self.env._("The data were seen in the future: mend the time.")
            )
        values = self._prepare(
            service, key, purpose, dossier, partner, told.get("note")
        )
        values["retry_of_id"] = told.get("retry_of") and told["retry_of"].id
        request = guard.unlocked(self.sudo()).create(values)
        if told.get("failed"):
            result = {
                "state": "failed",
                "source": told["source"].strip(),
                "error": told["failed"].strip(),
                "answered_at": fields.Datetime.now(),
            }
        elif any(text for _field, text in found):
            result = request._answered(
                found, told["source"].strip(), told.get("source_at")
            )
            result["state"] = "manual"
        else:
            result = {
                "state": "not_found",
                "source": told["source"].strip(),
                "source_at": told.get("source_at"),
                "answered_at": fields.Datetime.now(),
            }
        request.write(result)
        if request.state == "manual" and told.get("parts"):
            told["parts"]._take_lookup(request)
        return request.with_env(self.env)

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------
    def _open(self):
        """Show one look-up in a window of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Look-up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    def action_settle(self):
        """Decide on what differs: take it over, or say that the register is wrong."""
        self.ensure_one()
        return self.env["cchc.lookup.settle"]._open(self)

    def action_ask_again(self):
        """Ask the same register about the same person once more."""
        self.ensure_one()
        return self.env["cchc.lookup.ask"]._open(
            dossier=self.dossier_id,
            partner=self.partner_id,
            service=self.service_id,
            retry_of=self if self.state == "failed" else None,
        )

    @api.model
    def _cron_wipe(self):
        """Wipe the data of answers that were kept long enough; the log stays."""
        now = fields.Datetime.now()
        while True:
            self.flush_model()
            self.env.cr.execute(
                """
                SELECT request.id
                  FROM cchc_lookup_request request
                  JOIN cchc_lookup_service service ON service.id = request.service_id
                 WHERE request.wiped_at IS NULL
                   AND request.state IN ('answered', 'manual')
                   AND request.answered_at
                       < %s - service.keep_days * interval '1 day'
                 ORDER BY request.id
                 LIMIT %s
                """,
                (now, _WIPE_BATCH),
            )
            ids = [row[0] for row in self.env.cr.fetchall()]
            if not ids:
                return
            self.browse(ids)._wipe(now)
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                return

    def _wipe(self, now):
        """Forget what the register returned and what we held; keep what agreed."""
        self.env.cr.execute(
            "UPDATE cchc_lookup_value SET returned = NULL, ours = NULL"
            " WHERE request_id = ANY(%s)",
            (self.ids,),
        )
        self.value_ids.invalidate_recordset(["returned", "ours"])
        guard.unlocked(self.sudo()).write({"wiped_at": now})
