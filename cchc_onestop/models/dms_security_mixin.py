from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class DmsSecurityMixin(models.AbstractModel):
    """Access of dms at the cost of the records at hand, not of the whole base.

    dms 19.0 answers “may this user write these files?” by listing every file the user
    may write, and every search by listing all records whose access is inherited. The
    answers here are the same (``tests/test_dms_access.py`` compares them); only rows
    that cannot change the answer are no longer read.
    """

    _inherit = "dms.security.mixin"

    def _check_access_dms_record(self, operation):
        """Refuse the operation when any of the records is out of reach.

        The rules are applied by SQL as dms does, on these ids alone.
        """
        ids = set(self.ids)
        if not ids or self.env.su:
            return
        rules = self.env["ir.rule"]
        reachable = self.with_context(
            active_test=False, cchc_dms_ids=(self._name, tuple(ids))
        ).search(
            Domain("id", "in", list(ids)) & rules._compute_domain(self._name, operation)
        )
        if set(reachable.ids) != ids:
            raise rules._make_access_error(operation, self - reachable)

    @api.model
    def _get_domain_by_inheritance(self, operation):
        """Records whose access follows a business record.

        Without a storage of that kind there are none. When only certain records are in
        question, the business records of the others need not be looked at.
        """
        if self.env.su:
            return super()._get_domain_by_inheritance(operation)
        inheriting = (
            self.env["dms.storage"]
            .sudo()
            .search_count(
                [
                    ("save_type", "=", "attachment"),
                    ("inherit_access_from_parent_record", "=", True),
                ],
                limit=1,
            )
        )
        if not inheriting:
            return Domain.FALSE
        model, ids = self.env.context.get("cchc_dms_ids") or (None, ())
        if model != self._name:
            return super()._get_domain_by_inheritance(operation)
        linked = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("id", "in", list(ids)),
                    ("storage_id.save_type", "=", "attachment"),
                    ("res_model", "!=", False),
                ]
            )
        )
        return self._cchc_inherited_domain(linked, operation)

    def _cchc_inherited_domain(self, linked, operation):
        """Those of ``linked`` whose business record allows ``operation``."""
        allowed = self.browse()
        for res_model, files in linked.grouped("res_model").items():
            if res_model not in self.env:
                # As dms: data of a model that is gone stay open to internal users.
                if self.env.user.has_group("base.group_user"):
                    allowed |= files
                continue
            model = self.env[res_model]
            if not model.has_access(operation):
                continue
            records = model.browse({file.res_id for file in files if file.res_id})
            reachable = set(records.exists()._filtered_access(operation).ids)
            allowed |= files.filtered(
                lambda file, ids=reachable: not file.res_id or file.res_id in ids
            )
        flag = "storage_id_inherit_access_from_parent_record"
        if self._name != "dms.directory":
            flag = f"{self._directory_field}.{flag}"
        return Domain("id", "in", allowed.ids) & Domain(flag, "=", True)

    @api.model
    def _get_access_groups_query(self, operation):
        """Add the groups of agencies and departments, whose members are read live."""
        query = super()._get_access_groups_query(operation)
        groups = self.env["dms.access.group"].sudo()._cchc_groups_of(self.env.user)
        if operation != "read":
            groups = groups.filtered(f"perm_inclusive_{operation}")
        if not groups:
            return query
        return SQL(
            "(%s UNION SELECT aid FROM dms_directory_complete_groups_rel "
            "WHERE gid IN %s)",
            query,
            tuple(groups.ids),
        )
