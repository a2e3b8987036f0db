import hashlib
import logging
import os
import stat
import time
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cchc_onestop.tools import file_name

from .cchc_digitise_policy import MEGABYTE

_logger = logging.getLogger(__name__)

ROOT = "cchc_onestop_digitise.scan_root"
DONE, ERROR = "done", "error"
EXTENSIONS = frozenset({"pdf", "jpg", "jpeg", "png", "tif", "tiff"})
#: What people put there by mistake: moved aside with a sentence, not left for ever.
MISTAKEN = frozenset(
    {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "rtf"}
    | {"zip", "rar", "7z", "heic", "heif", "bmp", "gif", "webp"}
)
#: A scanner makes its file before it writes; one that stays empty so long is a fault.
EMPTY_SECONDS = 600
#: Files that are taken in one look; the next one takes the rest.
MOST = 50


class CchcScanBatch(models.Model):
    """Files that a scanner puts into a folder of the server.

    Only plain files directly in the folder of the agency, no links, are looked at.
    A file is taken when two looks found it unchanged; it is moved away only after what
    was made of it is kept, so that a stop of the server loses and doubles nothing: a
    content that was taken before is only moved.
    """

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.scan.batch"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_collect(self):
        """Look into the folders of all agencies; each file is kept for itself."""
        progress = self.env["ir.cron"]._commit_progress
        companies = (
            self.env["res.company"].sudo().search([("cchc_scan_folder", "!=", False)])
        )
        progress(remaining=len(companies))
        for company in companies:
            self._collect(company, commit=lambda: progress(0))
            if not progress(1):
                break

    @api.model
    def action_collect(self):
        """Look into the scanner folder of the agency now."""
        self.env["cchc.scan.page"].check_access("write")
        company = self.env.company
        if not company.sudo().cchc_scan_folder:
            raise UserError(
                self.env._(
                    "%s has no scanner folder: the administrator of the server enters "
                    "it at the agency.",
                    company.name,
                )
            )
        outcome = self.sudo()._collect(company)
        self.env.ref("cchc_onestop_digitise.cron_scan_folder").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Scanner Folder"),
                "message": self.env._(
                    "%(taken)s files taken, %(refused)s refused, %(waiting)s not yet "
                    "ready: these are taken once the scanner has finished.",
                    **outcome,
                ),
                "type": "warning" if outcome["refused"] else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _scan_folder(self, company):
        """Return the folder of an agency.

        :raises UserError: it is not configured or not there
        """
        root = self.env["ir.config_parameter"].sudo().get_param(ROOT)
        name = company.sudo().cchc_scan_folder
        folder = Path(root or "", name or "")
        if not root or not Path(root).is_absolute() or not name:
            raise UserError(
                self.env._(
                    "The system parameter %s names no folder of the server.", ROOT
                )
            )
        if folder.is_symlink() or not folder.is_dir():
            raise UserError(self.env._("The scanner folder “%s” is not there.", name))
        return folder

    @api.model
    def _collect(self, company, commit=lambda: None):
        """Take what is ready in the folder of an agency.

        :param commit: called after each file, before it is moved
        :return: how many files were ``taken``, ``refused`` and are ``waiting``
        """
        outcome = {"taken": 0, "refused": 0, "waiting": 0}
        try:
            folder = self._scan_folder(company)
        except UserError as error:
            _logger.warning("%s: %s", company.name, error.args[0])
            return outcome
        for name in (DONE, ERROR):
            (folder / name).mkdir(exist_ok=True)
        ready, waiting = self._ready_files(company, folder)
        outcome["waiting"] = len(waiting)
        for path in ready[:MOST]:
            sentence = self._collect_file(company, path)
            commit()
            if sentence:
                outcome["refused"] += 1
                moved = _move(path, ERROR)
                moved.with_name(moved.name + ".txt").write_text(f"{sentence}\n")
            else:
                outcome["taken"] += 1
                _move(path, DONE)
        outcome["waiting"] += len(ready[MOST:])
        return outcome

    @api.model
    def _ready_files(self, company, folder):
        """Return the paths that two looks found unchanged, and the others."""
        settle = self.env["cchc.digitise.policy"]._for(company).settle_seconds
        now = time.time()
        before = company.sudo().cchc_scan_seen or {}
        seen, ready, waiting = {}, [], []
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith(".") or not entry.is_file(
                    follow_symlinks=False
                ):
                    continue
                if file_name.split(entry.name)[1] not in EXTENSIONS | MISTAKEN:
                    continue
                facts = entry.stat(follow_symlinks=False)
                facts_now = [facts.st_size, facts.st_mtime_ns]
                known = before.get(entry.name)
                since = known[2] if known and known[:2] == facts_now else now
                seen[entry.name] = [*facts_now, since]
                enough = settle if facts.st_size else max(settle, EMPTY_SECONDS)
                settled = known and known[:2] == facts_now and now - since >= enough
                (ready if settled else waiting).append(Path(entry.path))
        if seen != before:
            company.sudo().cchc_scan_seen = seen
        return ready, waiting

    @api.model
    def _collect_file(self, company, path):
        """Take one file; what cannot be assigned waits for a person.

        :return: the sentence that says why it was refused, if it was
        """
        policy = self.env["cchc.digitise.policy"]._for(company)
        lang = self.env["cchc.form.edition"]._office_lang()
        batches = self.with_company(company).with_context(lang=lang)
        try:
            content = _read(path, policy.stack_megabytes * MEGABYTE)
            if content is None:
                return policy._sentence("size", path.name, limit=policy.stack_megabytes)
            if self._find_taken(company, hashlib.sha256(content).hexdigest()):
                return None
            with self.env.cr.savepoint():
                batch = batches._take([path.name], [content], company, "folder")
                document = batches._part_of_name(company, path.name)
                if document and batch._fits(policy):
                    batch._assign_all(document)
                    batch._confirm()
                else:
                    batch._start_reading()
        except UserError as error:
            return error.args[0]
        return None

    def _fits(self, policy):
        """Return whether the file is small enough to be that of one part."""
        return self.size <= policy.max_megabytes * MEGABYTE


def _read(path, most):
    """Return the bytes of a plain file, ``None`` when it is too large.

    Opened without following a link, which may have taken its place meanwhile.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > most:
            return None
        return file.read(most)


def _move(path, folder):
    """Move a file into a folder beside it, at once and over nothing that is there."""
    wanted = (
        path.parent
        / folder
        / file_name.unique(
            path.name, {entry.name for entry in os.scandir(path.parent / folder)}
        )
    )
    os.rename(path, wanted)
    return wanted
