import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import guard

from ..tools import pages


class CchcScanBatch(models.Model):
    """What came from a scanner in one piece, and where its pages went.

    A stack is read in the background, looked at by a person and then confirmed: only
    then files of parts are made, all of them or none.
    """

    _name = "cchc.scan.batch"
    _description = "Scanned Stack"
    _inherit = ["cchc.guarded.mixin"]
    _order = "id desc"
    _guarded_free = frozenset({"existing"})
    _guarded_kept = True

    name = fields.Char("File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", "Agency", required=True, readonly=True, index=True
    )
    origin = fields.Selection(
        [("upload", "Upload"), ("folder", "Scanner folder")],
        required=True,
        readonly=True,
        default="upload",
    )
    state = fields.Selection(
        [
            ("reading", "Being Read"),
            ("review", "To Review"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="reading",
        index=True,
    )
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, ondelete="set null", index="btree_not_null"
    )
    sha256 = fields.Char("SHA-256", required=True, readonly=True, index=True)
    size = fields.Integer("Size (bytes)", readonly=True)
    page_count = fields.Integer("Pages", readonly=True)
    read_count = fields.Integer("Pages Read", readonly=True)
    warning = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Taken by", required=True, readonly=True)
    taken_at = fields.Datetime(required=True, readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)
    existing = fields.Selection(
        [
            ("replace", "Becomes a newer version; the former one stays"),
            ("add", "Is added beside it"),
        ],
        string="Where a Part Has a File Already",
        required=True,
        default="replace",
    )
    page_ids = fields.One2many("cchc.scan.page", "batch_id", readonly=True)
    file_ids = fields.One2many(
        "cchc.digitise.file", "batch_id", "Files Made", readonly=True
    )
    file_count = fields.Integer("Number of Files Made", compute="_compute_counts")
    waiting_count = fields.Integer("Pages to Assign", compute="_compute_counts")
    problem_count = fields.Integer("Problems", compute="_compute_counts")
    job_id = fields.Many2one("cchc.job", readonly=True, ondelete="set null")
    job_state = fields.Selection(related="job_id.state", string="Job State")
    job_done = fields.Integer(related="job_id.done", string="Job Done")
    job_total = fields.Integer(related="job_id.total", string="Job Total")
    job_message = fields.Char(related="job_id.message", string="Job Message")

    # Each file of an agency once; what was discarded may come again.
    _once = models.UniqueIndex(
        "(company_id, sha256) WHERE state != 'cancelled'",
        "This file has been taken already.",
    )

    @api.depends("page_ids.document_id", "page_ids.kind", "page_ids.problem")
    def _compute_counts(self):
        pages_model = self.env["cchc.scan.page"]
        files = dict(
            self.env["cchc.digitise.file"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count"]
            )
        )
        waiting = dict(
            pages_model._read_group(
                [
                    ("batch_id", "in", self.ids),
                    ("kind", "=", "content"),
                    ("document_id", "=", False),
                ],
                ["batch_id"],
                ["__count"],
            )
        )
        problems = dict(
            pages_model._read_group(
                [("batch_id", "in", self.ids), ("problem", "!=", False)],
                ["batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            batch.file_count = files.get(batch._origin, 0)
            batch.waiting_count = waiting.get(batch._origin, 0)
            batch.problem_count = problems.get(batch._origin, 0)

    def _guarded_sentence(self):
        return self.env._(
            "Stacks are taken, reviewed and confirmed with their buttons, not edited."
        )

    # ------------------------------------------------------------------
    # Taking
    # ------------------------------------------------------------------
    @api.model
    def _take(self, names, contents, company, origin="upload"):
        """Take a stack: a PDF, or pictures as its pages.

        :param names: of the files, in the order of ``contents``; the first names the
            stack
        :raises UserError: it cannot be read, or has been taken before
        """
        self.check_access("read")
        self.env["cchc.scan.page"].check_access("write")
        policy = self.env["cchc.digitise.policy"]._for(company)
        content = policy._read_pdf(names, contents, policy.stack_megabytes)
        name = names[0]
        digest = hashlib.sha256(b"".join(contents)).hexdigest()
        self._check_once(name, company, digest)
        facts, warning = policy._inspect(name, content)
        batch = guard.unlocked(self.sudo()).create(
            {
                "name": name[:200],
                "company_id": company.id,
                "origin": origin,
                "sha256": digest,
                "size": len(content),
                "page_count": facts.pages,
                "warning": warning,
                "user_id": self.env.uid,
                "taken_at": fields.Datetime.now(),
            }
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": batch.id,
                }
            )
        )
        guard.unlocked(batch).write({"attachment_id": attachment.id})
        return self.browse(batch.id)

    @api.model
    def _check_once(self, name, company, digest):
        known = self._find_taken(company, digest)
        if known:
            moment = company._cchc_local_time(known.taken_at)
            raise UserError(
                self.env._(
                    "“%(name)s” was taken on %(moment)s as “%(known)s” already.",
                    name=name,
                    moment=f"{moment:%d/%m/%Y %H:%M}",
                    known=known.name,
                )
            )

    @api.model
    def _find_taken(self, company, digest):
        """Return the stack with this content that the agency has taken, if any."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("sha256", "=", digest),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )

    def _source(self):
        """Return what :mod:`..tools.pages` reads: the path of the file, or its bytes.

        :raises UserError: the file is not kept any more
        """
        self.ensure_one()
        attachment = self.sudo().attachment_id
        if not attachment:
            raise UserError(
                self.env._(
                    "The scanned file of this stack is not kept any more; the files of "
                    "the parts are with their dossiers."
                )
            )
        if attachment.store_fname:
            return attachment._full_path(attachment.store_fname)
        return attachment.raw

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------
    def action_confirm(self):
        """Make the files of the parts of what was reviewed, all of them or none.

        :raises UserError: pages are still to be assigned, or a file cannot be taken
        """
        self.check_access("write")
        for batch in self:
            batch._confirm()
        return True

    def _confirm(self):
        self.sudo().lock_for_update()
        if self.state != "review":
            raise UserError(
                self.env._("“%s” is not waiting to be confirmed.", self.name)
            )
        rows = self.page_ids.filtered(lambda page: page.kind == "content")
        waiting = rows.filtered(lambda page: not page.document_id)
        if waiting:
            raise UserError(
                self.env._(
                    "Page %(page)s of “%(name)s” is not assigned (%(count)s in all): "
                    "drag it to a part, or leave it out.",
                    page=waiting[0].number,
                    name=self.name,
                    count=len(waiting),
                )
            )
        if not rows:
            raise UserError(
                self.env._("No page of “%s” goes to a part: discard it.", self.name)
            )
        source = self._source()
        for document, own in rows.sorted("number").grouped("document_id").items():
            wanted = [(page.number - 1, int(page.rotation)) for page in own]
            try:
                content = pages.extract(source, wanted)
            except pages.PageProblem as problem:
                policy = self.env["cchc.digitise.policy"]._for(self.company_id)
                raise UserError(policy._sentence(problem.key, self.name)) from problem
            current = document.scan_file_ids.filtered(
                lambda file: file.state == "current"
            )
            replaces = current[-1:] if self.existing == "replace" else current[:0]
            file = document._digitise_store(
                self.name,
                content,
                "folder" if self.origin == "folder" else "stack",
                replaces=replaces,
                batch_id=self.id,
            )
            guard.unlocked(own.sudo()).write({"file_id": file.id})
        guard.unlocked(self.sudo()).write(
            {
                "state": "confirmed",
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )

    def action_discard(self):
        """Discard a stack that is not wanted; nothing of it reaches a dossier."""
        self.check_access("write")
        for batch in self:
            if batch.state == "confirmed":
                raise UserError(
                    self.env._(
                        "“%s” is confirmed: its files are with the parts.", batch.name
                    )
                )
            if batch.job_state in ("queued", "running"):
                batch.job_id.action_cancel()
        guard.unlocked(self.sudo()).write({"state": "cancelled"})
        return True

    def action_open(self):
        """Open the page of the stack."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.name,
        }

    def action_view_files(self):
        """Open the files that were made of the stack."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cchc_onestop_digitise.cchc_digitise_file_action"
        )
        action["domain"] = [("batch_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.autovacuum
    def _gc_sources(self):
        """Drop the scanned files of stacks that are long confirmed or discarded."""
        now = fields.Datetime.now()
        kept = self.sudo().search([("attachment_id", "!=", False)], limit=10_000)
        for company in kept.company_id:
            try:
                days = self.env["cchc.digitise.policy"]._for(company).keep_days
            except UserError:
                # Nobody says how long: nothing is dropped.
                continue
            limit = fields.Datetime.subtract(now, days=days)
            old = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("confirmed", "cancelled")),
                    ("taken_at", "<", limit),
                    ("attachment_id", "!=", False),
                ],
                limit=200,
            )
            old.attachment_id.unlink()
