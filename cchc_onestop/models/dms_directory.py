from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.fields import Domain

from odoo.addons.dms.tools.file import check_name

from ..tools import file_name

#: Documents in one folder; an officer can still scroll through it.
FOLDER_LIMIT = 1000
#: Filing is no conversation: no chatter, no mail, no followers.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class DmsDirectory(models.Model):
    """Folders of filed dossiers, and checks that do not read every sibling."""

    _inherit = "dms.directory"

    cchc_key = fields.Char(
        string="Filing Key",
        readonly=True,
        copy=False,
        help="Agency / year / department / month of the filed dossiers",
    )
    cchc_bucket = fields.Integer(
        string="Filing Folder No.",
        readonly=True,
        copy=False,
        help="A month that fills one folder goes on in the next",
    )

    _cchc_key_uniq = models.UniqueIndex(
        "(cchc_key, cchc_bucket) WHERE cchc_key IS NOT NULL",
        "This filing folder exists already.",
    )

    # ------------------------------------------------------------------
    # Filing
    # ------------------------------------------------------------------
    @api.model
    def _cchc_file_in_turn(self, records, domain, batch, file):
        """File records in batches, each in a transaction of its own (scheduled action).

        May be stopped at any point: the next run takes what is left. Several scheduled
        actions file into the same folders; only one of them makes folders at a time.

        :param records: model of what is to be filed
        :param domain: what is still to be filed
        :param int batch: most records in one transaction
        :param file: called with the records of a batch, which nobody else works on
        """
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=records.search_count(domain, limit=10_000))
        last = 0
        while True:
            self._cchc_wait_for_turn()
            found = records.search(
                [*domain, ("id", ">", last)], limit=batch, order="id"
            )
            if not found:
                return
            last = found[-1].id
            taken = found.try_lock_for_update()
            file(taken)
            self.env.flush_all()
            self.env.invalidate_all()
            if not progress(len(taken)):
                return

    @api.model
    def _cchc_wait_for_turn(self):
        """Wait until no other scheduled action makes folders; until the next commit.

        It comes first in a transaction: one that has read already would not see what
        the other has made. What users do is not kept waiting: this lock only excludes
        itself (and the maintenance of the table).
        """
        self.env.cr.execute("LOCK TABLE dms_directory IN SHARE UPDATE EXCLUSIVE MODE")

    # ------------------------------------------------------------------
    # Folders of filed dossiers
    # ------------------------------------------------------------------
    @api.model
    def _cchc_folder_limit(self):
        """Most documents in one folder (parameter ``cchc_onestop.folder_limit``)."""
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("cchc_onestop.folder_limit", FOLDER_LIMIT)
        )
        return max(int(value), 1)

    @api.model
    def _cchc_place(self, wanted):
        """Folder for each dossier; those that are missing are made level by level.

        :param wanted: list of ``((agency, year, department, month), documents)``
        :return: list of directories in the same order
        """
        months = {month for month, _count in wanted}
        fill = self._cchc_fill(months)
        limit = self._cchc_folder_limit()
        leaves = []
        for month, count in wanted:
            bucket, used = fill[month]
            if used and used + count > limit:
                bucket, used = bucket + 1, 0
            fill[month] = bucket, used + count
            leaves.append((month, bucket))
        try:
            folders = self._cchc_ensure(set(leaves))
        except errors.UniqueViolation as error:
            # Who asked comes again and finds what the other has made.
            raise ConcurrencyError("Another request made the same folder") from error
        return [folders[self._cchc_path(*month), bucket] for month, bucket in leaves]

    @api.model
    def _cchc_fill(self, months):
        """``{month: [number of its last folder, documents in it]}``."""
        by_key = {self._cchc_path(*month): month for month in months}
        last = dict(
            self._read_group(
                [("cchc_key", "in", list(by_key))], ["cchc_key"], ["cchc_bucket:max"]
            )
        )
        fill = {month: (last.get(key, 1), 0) for key, month in by_key.items()}
        folders = self.search(
            Domain.OR(
                Domain("cchc_key", "=", key) & Domain("cchc_bucket", "=", bucket)
                for key, bucket in last.items()
            )
        )
        counts = (
            self.env["dms.file"]
            .with_context(active_test=False)
            ._read_group(
                [("directory_id", "in", folders.ids)], ["directory_id"], ["__count"]
            )
        )
        for folder, count in counts:
            fill[by_key[folder.cchc_key]] = folder.cchc_bucket, count
        return fill

    @api.model
    def _cchc_path(self, *parts):
        return "/".join(str(part) for part in parts)

    @api.model
    def _cchc_ensure(self, leaves):
        """``{(key, bucket): directory}`` of the leaves and all folders above them."""
        levels = [{} for _level in range(4)]
        for (agency, year, department, month), bucket in leaves:
            parts = (agency, year, department, month)
            for depth in range(4):
                number = bucket if depth == 3 else 0
                levels[depth][self._cchc_path(*parts[: depth + 1]), number] = parts
        keys = {key for level in levels for key, _bucket in level}
        folders = {
            (folder.cchc_key, folder.cchc_bucket): folder
            for folder in self.search([("cchc_key", "in", list(keys))])
        }
        for depth, level in enumerate(levels):
            missing = {at: parts for at, parts in level.items() if at not in folders}
            if missing:
                folders.update(self._cchc_make(depth, missing, folders))
        return folders

    @api.model
    def _cchc_make(self, depth, missing, folders):
        """Create the missing folders of one level in a single call.

        Each creation of a directory clears the caches of every worker (dms).
        """
        vals_list = []
        for (key, bucket), parts in missing.items():
            company = self.env["res.company"].browse(parts[0])
            vals = {"cchc_key": key, "cchc_bucket": bucket}
            if depth:
                vals["parent_id"] = folders[key.rpartition("/")[0], 0].id
            else:
                vals["is_root_directory"] = True
                vals["storage_id"] = self.env["dms.storage"]._cchc_get(company).id
            vals.update(self._cchc_folder_vals(depth, company, parts, bucket))
            vals_list.append(vals)
        created = self.with_context(**QUIET).create(vals_list)
        return dict(zip(missing, created, strict=True))

    @api.model
    def _cchc_folder_vals(self, depth, company, parts, bucket):
        """Name of a folder, and the groups that may read below it."""
        groups = self.env["dms.access.group"]
        none = self.env["hr.department"]
        if depth == 0:
            group = groups._cchc_get(company, none)[none]
            return {"name": file_name.clean(company.name), "group_ids": group.ids}
        if depth == 1:
            return {"name": str(parts[1])}
        if depth == 2:
            department = none.browse(parts[2])
            if not department:
                return {"name": self.env._("Without department")}
            group = groups._cchc_get(company, department)[department]
            return {
                "name": self._cchc_department_name(department),
                "group_ids": group.ids,
            }
        name = f"{parts[3]:02d}"
        return {"name": f"{name} ({bucket})" if bucket > 1 else name}

    @api.model
    def _cchc_department_name(self, department):
        """Name of the department; its id is added to tell namesakes apart."""
        department = department.sudo()
        namesakes = department.search_count(
            [
                ("name", "=", department.name),
                ("company_id", "=", department.company_id.id),
            ],
            limit=2,
        )
        name = file_name.shorten(file_name.clean(department.name), 200)
        return f"{name} ({department.id})" if namesakes > 1 else name

    @api.constrains("name")
    def _check_name(self):
        """Same rule as dms (no twin below the same parent), looking by name."""
        for record in self:
            if self.env.context.get("check_name", True) and not check_name(record.name):
                raise ValidationError(self.env._("The directory name is invalid."))
            if self.sudo().search_count(record.sudo()._cchc_twin_domain(), limit=1):
                raise ValidationError(
                    self.env._("A directory with the same name already exists.")
                )

    def _cchc_twin_domain(self):
        self.ensure_one()
        domain = Domain("name", "=", self.name) & Domain("id", "!=", self.id)
        if self.is_root_directory:
            return (
                domain
                & Domain("is_root_directory", "=", True)
                & Domain("storage_id", "=", self.storage_id.id)
            )
        return domain & Domain("parent_id", "=", self.parent_id.id)

    # Counted by the database: dms fetches every row to count or add it up.
    @api.depends("child_directory_ids")
    def _compute_count_directories(self):
        counts = dict(
            self._read_group(
                [("parent_id", "in", self.ids)], ["parent_id"], ["__count"]
            )
        )
        for record in self:
            count = counts.get(record._origin, 0)
            record.count_directories = count
            record.count_directories_title = self.env._("%s Subdirectories", count)

    @api.depends("file_ids")
    def _compute_count_files(self):
        counts = dict(
            self.env["dms.file"]._read_group(
                [("directory_id", "in", self.ids)], ["directory_id"], ["__count"]
            )
        )
        for record in self:
            count = counts.get(record._origin, 0)
            record.count_files = count
            record.count_files_title = self.env._("%s Files", count)

    def _compute_size(self):
        files = self.env["dms.file"].sudo()
        for record in self:
            if not record.id:
                record.size = 0
                continue
            [(size,)] = files._read_group(
                [("directory_id", "child_of", record.id)], [], ["size:sum"]
            )
            record.size = size or 0
