import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guard, ledger, replay, rows
from ..tools.transitions import STATES, TRANSITION, TRANSITIONS

_logger = logging.getLogger(__name__)

#: Columns of the dossier that every ledger line repeats as they stand after it, so
#: that an edit of the dossier by SQL shows as well as an edit of the ledger.
SNAPSHOT = (
    "state",
    "name",
    "company_id",
    "procedure_id",
    "version_id",
    "accepted_at",
    "clock_start_at",
    "first_due_at",
    "unextended_due_at",
    "due_at",
    "statutory_due_at",
    "late_at",
    "signed_at",
    "ended_at",
    "returned_at",
    "timeliness",
    "statutory_timeliness",
)
_DATETIMES = frozenset(name for name in SNAPSHOT if name.endswith("_at"))


def snapshot_value(name, value):
    """Return the canonical form of a snapshot column (raw SQL value or ORM value)."""
    if not value:
        return None
    if name in _DATETIMES:
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


class CchcDossierEvent(models.Model):
    """One line of the date ledger (nhật ký xử lý) of a dossier.

    Append-only: who, on whose behalf, in which post and department, when, what, why,
    and the state and dates of the dossier afterwards. Lines are chained per dossier by
    SHA-256, so that a later edit, insertion or removal by SQL is found by
    :meth:`cchc.dossier._verify_ledger`.
    """

    _name = "cchc.dossier.event"
    _description = "Dossier Event"
    _order = "dossier_id, sequence"
    _rec_name = "kind"
    _log_access = False

    dossier_id = fields.Many2one(
        "cchc.dossier", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, string="Agency")
    receiving_company_id = fields.Many2one(related="dossier_id.receiving_company_id")
    sequence = fields.Integer(string="No.", required=True, readonly=True)
    at = fields.Datetime(string="Time", required=True, readonly=True)
    kind = fields.Selection(
        [(transition.key, transition.label) for transition in TRANSITIONS],
        string="What Happened",
        required=True,
        readonly=True,
    )
    from_state = fields.Selection(
        [(state.key, state.label) for state in STATES], readonly=True
    )
    to_state = fields.Selection(
        [(state.key, state.label) for state in STATES], readonly=True
    )
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True)
    on_behalf_of_id = fields.Many2one("res.users", readonly=True)
    post = fields.Char(readonly=True, help="Post of the person at that time")
    department = fields.Char(readonly=True)
    step = fields.Char(readonly=True)
    content = fields.Text(readonly=True)
    legal_basis = fields.Char(readonly=True)
    data = fields.Json(readonly=True)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    due_before = fields.Datetime(compute="_compute_due")
    due_after = fields.Datetime(compute="_compute_due")

    _chain_uniq = models.UniqueIndex(
        "(dossier_id, sequence)", "Two events of a dossier have the same number."
    )

    @api.depends("data")
    def _compute_due(self):
        for event in self:
            data = event.data or {}
            for name, key in (("due_before", "due_before"), ("due_after", "due_at")):
                text = (data if name == "due_before" else data.get("after", {})).get(
                    key
                )
                event[name] = text and fields.Datetime.to_datetime(
                    text.replace("T", " ").rstrip("Z")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not guard.is_unlocked(self.env):
            raise UserError(
                self.env._(
                    "Events are written by the system when a dossier moves; they "
                    "cannot be added by hand."
                )
            )
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The event log of a dossier cannot be changed by anybody.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The event log of a dossier cannot be deleted by anybody.")
        )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    @api.private
    @api.model
    def append(self, lines, heads=None):
        """Append one line to each dossier's ledger.

        :param list lines: dicts with ``dossier`` (record), ``kind`` and, when they
            apply, ``from_state``, ``at``, ``content``, ``legal_basis``, ``step``,
            ``on_behalf_of`` (user), ``data`` (dict), ``due_before``, ``post`` (of the
            current user, if known already); several lines of one dossier keep their
            order
        :param dict heads: ends of the chains, read under the lock of the dossiers
        :return: the new events
        """
        dossiers = self.env["cchc.dossier"].union(*(line["dossier"] for line in lines))
        dossiers.flush_recordset()
        heads = self._heads(dossiers) if heads is None else dict(heads)
        now = replay.now(self.env)
        if replay.clock(self.env):
            self._check_replay(dossiers, now)
        post = next((line["post"] for line in lines if line.get("post")), None)
        if post is None:
            post = self.env.user._cchc_posts()[self.env.uid]
        vals_list = []
        for line in lines:
            vals = self._prepare(line, now, post)
            sequence, previous = heads.get(line["dossier"].id, (0, ledger.GENESIS))
            vals.update(sequence=sequence + 1, previous_hash=previous)
            vals["hash"] = ledger.line_hash(previous, self._payload(vals))
            heads[line["dossier"].id] = (vals["sequence"], vals["hash"])
            vals_list.append(vals)
        events = rows.insert(self.sudo(), vals_list)
        dossiers.invalidate_recordset(["event_ids", "event_count"], flush=False)
        return events

    @api.model
    def _check_replay(self, dossiers, moment):
        """Refuse to replay what has no honest past.

        Only a dossier that is being taken over has one; its events follow each other
        in time, and once it lives here nothing is added to its past. So no replay
        ends a late dossier before it was late.
        """
        live = dossiers.sudo().filtered(lambda dossier: not dossier.imported)
        if live:
            raise UserError(
                self.env._(
                    "%s lives here: its events happen now and cannot be replayed.",
                    live[:1].display_name,
                )
            )
        self.env.cr.execute(
            "SELECT DISTINCT ON (dossier_id) dossier_id, at, data -> 'replayed' "
            "FROM cchc_dossier_event WHERE dossier_id = ANY(%s) AND kind != 'import' "
            "ORDER BY dossier_id, sequence DESC",
            (dossiers.ids,),
        )
        for dossier_id, last, is_replayed in self.env.cr.fetchall():
            if is_replayed and last <= moment:
                continue
            raise UserError(
                self.env._(
                    "%(code)s cannot be replayed at %(moment)s: its last event is of "
                    "%(last)s.",
                    code=dossiers.browse(dossier_id).display_name,
                    moment=moment,
                    last=last,
                )
            )

    @api.model
    def _heads(self, dossiers):
        """Return ``{dossier id: (last sequence, last hash)}``."""
        self.flush_model(["dossier_id", "sequence", "hash"])
        self.env.cr.execute(
            "SELECT DISTINCT ON (dossier_id) dossier_id, sequence, hash "
            "FROM cchc_dossier_event WHERE dossier_id = ANY(%s) "
            "ORDER BY dossier_id, sequence DESC",
            (dossiers.ids,),
        )
        return {row[0]: row[1:] for row in self.env.cr.fetchall()}

    @api.model
    def _prepare(self, line, now, post):
        """Return the values of a line but for its place in the chain.

        :param post: post of the current user, see :meth:`res.users._cchc_posts`
        """
        dossier = line["dossier"].sudo()
        data = dict(line.get("data") or {})
        if replay.clock(self.env):
            data["replayed"] = True
            data["recorded_at"] = snapshot_value("due_at", fields.Datetime.now())
        if line.get("due_before"):
            data["due_before"] = snapshot_value("due_at", line["due_before"])
        data["after"] = {
            name: snapshot_value(
                name,
                dossier[name].id if name.endswith("_id") else dossier[name],
            )
            for name in SNAPSHOT
        }
        behalf = line.get("on_behalf_of")
        return {
            "dossier_id": dossier.id,
            "company_id": dossier.company_id.id,
            "at": line.get("at") or now,
            "kind": line["kind"],
            "from_state": line.get("from_state") or False,
            "to_state": dossier.state,
            "user_id": self.env.uid,
            "on_behalf_of_id": behalf.id if behalf else False,
            "post": post.title,
            "department": post.department,
            "step": line.get("step") or "",
            "content": line.get("content") or "",
            "legal_basis": line.get("legal_basis") or TRANSITION[line["kind"]].basis,
            "data": data,
        }

    @staticmethod
    def _payload(vals):
        """Return what a line's hash covers, from ORM values or from SQL columns."""
        return {
            "v": ledger.VERSION,
            "dossier": vals["dossier_id"],
            "agency": vals["company_id"],
            "no": vals["sequence"],
            "at": vals["at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "kind": vals["kind"],
            "from": vals["from_state"] or None,
            "to": vals["to_state"] or None,
            "user": vals["user_id"],
            "behalf": vals["on_behalf_of_id"] or None,
            "post": vals["post"] or "",
            "department": vals["department"] or "",
            "step": vals["step"] or "",
            "content": vals["content"] or "",
            "basis": vals["legal_basis"] or "",
            "data": vals["data"],
        }

    # ------------------------------------------------------------------
    # Verification
    # ------------------------------------------------------------------
    @api.model
    def _verify(self, dossier_ids=None, batch=2000):
        """Check chains and dossiers against each other, straight from the tables.

        :param dossier_ids: ids to check, ascending; ``None`` checks all
        :return: ``None`` when all is whole, else a dict with ``dossier_id``, ``code``,
            ``line`` (number of the first broken line, or 0) and ``problem``
            (``line``, ``missing``, ``dossier``)
        """
        self.env.flush_all()
        last = 0
        while True:
            self.env.cr.execute(
                "SELECT id FROM cchc_dossier WHERE id > %s "
                "AND (%s::int[] IS NULL OR id = ANY(%s::int[])) ORDER BY id LIMIT %s",
                (last, dossier_ids, dossier_ids, batch),
            )
            ids = [row[0] for row in self.env.cr.fetchall()]
            if not ids:
                return None
            broken = self._verify_batch(ids)
            if broken:
                return broken
            last = ids[-1]

    @api.model
    def _verify_sentence(self):
        """Verify every dossier and say in one sentence what was found.

        :return: the sentence, and whether all is whole
        """
        broken = self._verify()
        if broken:
            problems = {
                "line": self.env._("line %s was changed", broken["line"]),
                "missing": self.env._("its event log is missing"),
                "dossier": self.env._(
                    "its dates or state differ from the last line of its event log"
                ),
            }
            return (
                self.env._(
                    "The ledger of dossier %(code)s is broken: %(problem)s.",
                    code=broken["code"] or broken["dossier_id"],
                    problem=problems[broken["problem"]],
                ),
                False,
            )
        missing = self._missing_codes()
        if missing:
            return (
                self.env._(
                    "Dossier %(code)s was given its code and is gone (%(count)s "
                    "missing in all).",
                    code=missing[0],
                    count=len(missing),
                ),
                False,
            )
        return (
            self.env._(
                "All %s events are whole.",
                self.env["cchc.dossier.event"].sudo().search_count([]),
            ),
            True,
        )

    def action_verify(self):
        """Verify from the menu, and show what was found."""
        sentence, whole = self.sudo()._verify_sentence()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Date Ledger"),
                "message": sentence,
                "type": "success" if whole else "danger",
                "sticky": not whole,
            },
        }

    @api.model
    def _missing_codes(self):
        """Return the dossier codes that were given but belong to no dossier now."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT number.value FROM cchc_number number "
            "LEFT JOIN cchc_dossier dossier ON dossier.name = number.value "
            "WHERE number.series LIKE 'dossier/%%' AND dossier.id IS NULL "
            "ORDER BY number.value"
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _verify_batch(self, ids):
        columns = (
            "dossier_id, company_id, sequence, at, kind, from_state, to_state, user_id,"
            " on_behalf_of_id, post, department, step, content, legal_basis, data,"
            " previous_hash, hash"
        )
        self.env.cr.execute(
            f"SELECT {columns} FROM cchc_dossier_event "
            "WHERE dossier_id = ANY(%s) ORDER BY dossier_id, sequence",
            (ids,),
        )
        chains = {}
        for row in self.env.cr.dictfetchall():
            chains.setdefault(row["dossier_id"], []).append(row)
        self.env.cr.execute(
            f"SELECT id, {', '.join(SNAPSHOT)} FROM cchc_dossier "
            "WHERE id = ANY(%s) ORDER BY id",
            (ids,),
        )
        for dossier in self.env.cr.dictfetchall():
            problem = self._problem(dossier, chains.get(dossier["id"], []))
            if problem:
                kind, line = problem
                return {
                    "dossier_id": dossier["id"],
                    "code": dossier["name"],
                    "line": line,
                    "problem": kind,
                }
        return None

    def _problem(self, dossier, rows):
        """Return ``(kind, line number)`` of what is wrong with one dossier."""
        position = ledger.first_broken(
            (row["sequence"], row["previous_hash"], row["hash"], self._payload(row))
            for row in rows
        )
        if position is not None:
            return "line", position + 1
        if not rows:
            return None if dossier["state"] == "draft" else ("missing", 0)
        after = rows[-1]["data"].get("after", {})
        stands = {name: snapshot_value(name, dossier[name]) for name in SNAPSHOT}
        return None if after == stands else ("dossier", rows[-1]["sequence"])
