from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import file_open
from odoo.tools.sql import escape_psql

from ..tools.catalogue_diff import differences
from ..tools.catalogue_json import parse_json
from ..tools.catalogue_merge import clear_marks, merge_json, merge_sheet
from ..tools.catalogue_parser import CatalogueError, Item, code_key

SHIPPED_FILE = "cchc_onestop/data/procedures.json"
# Two-level local government began; the shipped list is that of communes since then.
SHIPPED_FROM = "2025-07-01"

_QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class CchcCatalogueLoader(models.AbstractModel):
    """Brings what a file says into the catalogue, updating and never doubling.

    First a plan: one entry per row with its status, what differs and why a row cannot
    be used. Then the plan is carried out in the transaction of the caller: all of it,
    or nothing.
    """

    _name = "cchc.catalogue.loader"
    _description = "Catalogue Loader"

    @api.model
    def _plan(self, items, valid_from, company=None, official=False, step=None):
        """Return what importing ``items`` would do; nothing is written.

        :param items: list of ``catalogue_parser.Item``
        :param valid_from: day from which new versions hold
        :param company: agency whose own list this is; empty for the shared list
        :param official: the source is an official publication: its rows are confirmed
        :param step: function called with (done, total) for the progress
        :return: list of dicts: item, status (new, changed, confirmed, repealed,
            replaced, unchanged, faulty), error, procedure, base (version), content,
            changes, replaced_by (entry, or procedure, that takes its place)
        """
        company = company or self.env["res.company"]
        procedures = self._find_procedures(items)
        scoped = self.env["cchc.procedure"].browse(
            [row.id for row in procedures.values()]
        )
        versions = scoped._versions_at(fields.Date.to_date(valid_from), company)
        plan = []
        for done, item in enumerate(items, 1):
            procedure = procedures.get(self._get_key(item))
            entry = {
                "item": item,
                "status": "faulty",
                "error": item.error,
                "procedure": procedure,
                "base": versions.get(procedure) if procedure else None,
                "content": None,
                "changes": [],
                "replaced_by": None,
            }
            if not item.error:
                self._plan_item(entry, official)
            plan.append(entry)
            if step and done % 100 == 0:
                step(done, len(items))
        return self._plan_replacements(plan)

    def _plan_replacements(self, plan):
        """Link the procedures that others of the plan replace; return the plan.

        A procedure that only the remark of its successor names gets an entry of its
        own behind the plan.
        """
        entries = {
            self._get_key(entry["item"]): entry
            for entry in plan
            if entry["status"] != "faulty"
        }
        pairs = []
        for entry in list(entries.values()):
            item = entry["item"]
            pairs += [(code, item.identity["code"], entry) for code in item.replaces]
            if item.replaced_by:
                pairs.append((item.identity["code"], item.replaced_by, entry))
        if not pairs:
            return plan
        keys = {code_key(code) for old, new, _entry in pairs for code in (old, new)}
        known = {
            procedure.code_key: procedure
            for procedure in self.env["cchc.procedure"]
            .with_context(active_test=False)
            .search([("code_key", "in", list(keys))])
        }
        for old, new, entry in pairs:
            added = self._plan_replacement(
                entries, known, code_key(old), code_key(new), entry
            )
            if added:
                plan.append(added)
                entries[code_key(old)] = added
        return plan

    def _plan_replacement(self, entries, known, old, new, source):
        """Mark ``old`` as replaced by ``new``; return a new entry if it needs one."""
        procedure = known.get(old)
        successor = entries.get(new) or known.get(new)
        entry = entries.get(old)
        if not procedure or successor is None or old == new:
            source.update(
                status="faulty",
                error=CatalogueError(
                    "replaced_self" if old == new else "replaced_unknown",
                    text=old if not procedure else new,
                ),
            )
            return None
        added = None
        if entry is None:
            item = Item(
                source["item"].number,
                {"code": procedure.code, "name": procedure.name},
                source=[procedure.code, procedure.name],
            )
            entry = added = {
                "item": item,
                "error": None,
                "procedure": procedure,
                "base": None,
                "content": None,
                "changes": [],
            }
        is_done = bool(
            procedure.repealed_from
            and procedure.replaced_by_id
            and procedure.replaced_by_id == known.get(new)
        )
        entry.update(
            status="unchanged" if is_done else "replaced",
            content=None,
            changes=[],
            replaced_by=successor,
        )
        return added

    def _get_key(self, item):
        return code_key(item.identity.get("code") or "")

    def _find_procedures(self, items):
        keys = {self._get_key(item) for item in items if not item.error}
        procedures = (
            self.env["cchc.procedure"]
            .with_context(active_test=False)
            .search([("code_key", "in", list(keys))])
        )
        return {procedure.code_key: procedure for procedure in procedures}

    def _plan_item(self, entry, official):
        item, procedure, base = entry["item"], entry["procedure"], entry["base"]
        if item.change == "repealed":
            if not procedure:
                entry["error"] = CatalogueError("repeal_unknown")
            else:
                done = bool(procedure.repealed_from)
                entry["status"] = "unchanged" if done else "repealed"
            return
        if not procedure and not item.identity.get("sector"):
            entry["error"] = CatalogueError("sector_missing")
            return
        current = base._export_data() if base else None
        if item.content is not None:
            content = merge_json(current, item.content)
        else:
            content = merge_sheet(current, item.facts)
        if official:
            clear_marks(content)
        entry["content"] = content
        if not procedure:
            entry["status"] = "new"
            return
        entry["changes"] = self._describe_identity(procedure, item)
        if not base:
            entry["status"] = "changed"
        elif changes := differences(current, content):
            entry["status"] = "changed"
            entry["changes"] += base._describe_changes(changes)
        elif entry["changes"]:
            entry["status"] = "changed"
            entry["content"] = None
        else:
            is_marked = official and base.to_confirm
            entry["status"] = "confirmed" if is_marked else "unchanged"

    def _describe_identity(self, procedure, item):
        """Return what changes on the procedure itself, in words."""
        changes = []
        for name, before, after in self._identity_changes(procedure, item):
            field_name = procedure.fields_get([name], ["string"])[name]["string"]
            changes.append((field_name, before or "", after))
        return changes

    def _identity_changes(self, procedure, item):
        identity = item.identity
        values = {
            "sector_id": procedure.sector_id.name,
            "level": procedure.level,
            "keywords": procedure.keywords,
        }
        wanted = {
            "sector_id": identity.get("sector"),
            "level": identity.get("level"),
            "keywords": identity.get("keywords"),
        }
        for name, after in wanted.items():
            before = values[name]
            if after and (before or "").casefold() != after.casefold():
                yield name, before, after

    # --- Carrying out

    @api.model
    def _apply(self, plan, valid_from, company=None, decision=None, step=None):
        """Carry out ``plan`` and return the new versions (published).

        Faulty rows are left out. Nothing is committed here: an error undoes the whole
        import.
        """
        self = self.with_context(**_QUIET)
        company = company or self.env["res.company"]
        valid_from = fields.Date.to_date(valid_from)
        todo = [entry for entry in plan if entry["status"] in ("new", "changed")]
        sectors = self._get_sectors([entry["item"] for entry in todo])
        self._create_procedures(todo, sectors)
        self._update_procedures(todo, sectors)
        versions = self._create_versions(todo, valid_from, company, decision, step)
        self._repeal(plan, valid_from, decision)
        self.env["cchc.procedure.version"].browse(
            [entry["base"].id for entry in plan if entry["status"] == "confirmed"]
        ).action_confirm()
        return versions

    def _get_sectors(self, items):
        """Return ``{name in lower case: field}``, creating those not known yet."""
        sector_model = self.env["cchc.sector"].with_context(active_test=False)
        names = {item.identity.get("sector") for item in items} - {None, ""}
        domain = Domain.OR(
            Domain("name", "=ilike", escape_psql(name)) for name in sorted(names)
        )
        known = {
            sector.name.casefold(): sector for sector in sector_model.search(domain)
        }
        missing = {}
        for item in items:
            name = item.identity.get("sector")
            if name and name.casefold() not in known:
                missing.setdefault(
                    name.casefold(),
                    {"name": name, "code": item.identity.get("sector_code") or False},
                )
        for sector in sector_model.create(list(missing.values())):
            known[sector.name.casefold()] = sector
        return known

    def _create_procedures(self, entries, sectors):
        new = [entry for entry in entries if not entry["procedure"]]
        procedures = self.env["cchc.procedure"].create(
            [
                {
                    "code": identity["code"],
                    "name": identity["name"],
                    "sector_id": sectors[identity["sector"].casefold()].id,
                    "level": identity.get("level") or "commune",
                    "keywords": identity.get("keywords"),
                    "non_territorial": identity.get("non_territorial", False),
                    "interlinked": identity.get("interlinked", False),
                }
                for identity in (entry["item"].identity for entry in new)
            ]
        )
        for entry, procedure in zip(new, procedures, strict=True):
            entry["procedure"] = procedure

    def _update_procedures(self, entries, sectors):
        for entry in entries:
            if entry["status"] != "changed":
                continue
            vals = {
                name: sectors[after.casefold()].id if name == "sector_id" else after
                for name, _before, after in self._identity_changes(
                    entry["procedure"], entry["item"]
                )
            }
            if vals:
                entry["procedure"].write(vals)

    def _create_versions(self, entries, valid_from, company, decision, step):
        entries = [entry for entry in entries if entry["content"] is not None]
        version_model = self.env["cchc.procedure.version"]
        versions = version_model
        for start in range(0, len(entries), 100):
            chunk = entries[start : start + 100]
            created = version_model._create_from_data(
                [
                    (
                        {
                            "procedure_id": entry["procedure"].id,
                            "valid_from": entry["item"].identity.get("valid_from")
                            or valid_from,
                            "company_id": company.id,
                            "decision_id": decision.id if decision else False,
                            "amended_version_id": entry["base"].id
                            if entry["base"]
                            else False,
                        },
                        entry["content"],
                    )
                    for entry in chunk
                ]
            )
            for entry, version in zip(chunk, created, strict=True):
                if entry["base"]:
                    version._copy_templates(entry["base"])
            created.action_publish()
            versions |= created
            if step:
                step(start + len(chunk), len(entries))
        return versions

    def _repeal(self, plan, valid_from, decision):
        vals = {
            "repealed_from": valid_from,
            "repeal_decision_id": decision.id if decision else False,
        }
        self.env["cchc.procedure"].browse(
            [entry["procedure"].id for entry in plan if entry["status"] == "repealed"]
        ).write(vals)
        for entry in plan:
            if entry["status"] == "replaced":
                successor = entry["replaced_by"]
                if isinstance(successor, dict):
                    successor = successor["procedure"]
                entry["procedure"].write({**vals, "replaced_by_id": successor.id})

    # --- The shipped catalogue

    @api.model
    def _load_shipped(self):
        """Add the shipped commune procedures that the catalogue does not hold yet.

        Called when the addon is installed. What an office changed is never touched, and
        each procedure gets an external id after its code (procedure_1_001193).
        """
        with file_open(SHIPPED_FILE, "rb") as stream:
            items = parse_json(stream.read())
        plan = [
            entry
            for entry in self._plan(items, SHIPPED_FROM)
            if entry["status"] == "new"
        ]
        self._apply(plan, SHIPPED_FROM)
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": "cchc_onestop.procedure_"
                    + entry["procedure"].code_key.replace(".", "_"),
                    "record": entry["procedure"],
                    "noupdate": True,
                }
                for entry in plan
            ]
        )
