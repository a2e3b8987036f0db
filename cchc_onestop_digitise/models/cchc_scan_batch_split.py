from odoo import api, models

from odoo.addons.cchc_onestop.tools import file_name, guard

from ..tools import pages, part_name

#: Pages that are read before what was found is kept.
CHUNK = 20


class CchcScanBatch(models.Model):
    """Reading a stack: separators say to which part the pages after them go."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.scan.batch"  # pylint: disable=consider-merging-classes-inherited

    def _start_reading(self):
        """Read the stack in the background; it goes on after a stop of the server."""
        self.ensure_one()
        job = self.env["cchc.job"]._enqueue_batches(
            self.env._("Reading “%s”", self.name),
            self._name,
            "split",
            {"batch": self.id},
        )
        guard.unlocked(self.sudo()).write({"job_id": job.id})
        return job

    @api.model
    def _batch_split(self, params, step):
        """Read the next pages of a stack; see ``cchc.job``.

        :return: whether any are left
        """
        batch = self.browse(params["batch"]).exists()
        if not batch or batch.state != "reading":
            return False
        batch.check_access("write")
        batch._read_pages(CHUNK)
        step(batch.read_count, batch.page_count)
        if batch.read_count < batch.page_count:
            return True
        guard.unlocked(batch.sudo()).write({"state": "review"})
        return False

    @api.model
    def _outcome_split(self, params):
        """Open the stack that was read."""
        return self.browse(params["batch"]).action_open()

    def _read_pages(self, count):
        """Read the next ``count`` pages and write what they are."""
        self.ensure_one()
        batch = self.sudo()
        rows = []
        last = batch.page_ids.sorted("number")[-1:]
        # The part of the pages to come, and whether a separator has just been seen.
        part = batch._part_before()
        after_separator = last.kind == "separator"
        for number, seen in pages.look(batch._source(), batch.read_count, count):
            found = pages.separator(seen)
            vals = {"batch_id": batch.id, "number": number + 1}
            if found:
                part, problem = self._find_part(*found)
                vals |= {
                    "kind": "separator",
                    "code_read": " / ".join(found),
                    "problem": problem,
                    "document_id": part.id,
                }
            elif seen.blank and after_separator:
                # The back of a separator.
                vals["kind"] = "blank"
            else:
                vals["document_id"] = part.id
                if seen.blank:
                    vals["problem"] = self.env._("This page looks blank.")
            after_separator = bool(found)
            rows.append(vals)
        guard.unlocked(self.env["cchc.scan.page"].sudo()).create(rows)
        guard.unlocked(batch).write({"read_count": batch.read_count + len(rows)})

    def _part_before(self):
        """Return the part that the last separator so far has named, if any."""
        last = self.page_ids.filtered(lambda page: page.kind == "separator")
        return last.sorted("number")[-1:].document_id

    def _find_part(self, code, key):
        """Return the part that a separator names, or none and a sentence why."""
        none = self.env["cchc.dossier.document"]
        dossier = self._find_dossier(code)
        if not dossier:
            known = self.env["cchc.dossier"].sudo()
            if known.search_count([("name", "=", code)], limit=1):
                return none, self.env._("Dossier %s belongs to another agency.", code)
            return none, self.env._("There is no dossier %s.", code)
        if dossier.state in ("void", "refused"):
            return none, self.env._("Dossier %s is void or refused.", code)
        parts = {
            name.upper(): part_id for part_id, name in dossier._part_keys().items()
        }
        if key.upper() not in parts:
            return none, self.env._(
                "Dossier %(code)s has no part %(key)s.", code=code, key=key
            )
        return none.browse(parts[key.upper()]).sudo(False), False

    def _find_dossier(self, code):
        """Return the dossier of the agency with this code."""
        company = self.sudo().company_id
        return self.env["cchc.dossier"].search(
            [
                ("name", "=", code),
                "|",
                ("company_id", "=", company.id),
                ("receiving_company_id", "=", company.id),
            ],
            limit=1,
        )

    @api.model
    def _part_of_name(self, company, name):
        """Return the part that a file name of the pattern names, if there is one."""
        none = self.env["cchc.dossier.document"]
        pattern = self.env["cchc.digitise.policy"]._for(company).name_pattern
        readings = part_name.readings(pattern, name)
        if not readings:
            return none
        dossiers = self.env["cchc.dossier"].search(
            [
                ("name", "in", list({code for code, _key, _number in readings})),
                ("state", "not in", ("void", "refused")),
                "|",
                ("company_id", "=", company.id),
                ("receiving_company_id", "=", company.id),
            ]
        )
        found = none
        for dossier in dossiers:
            keys = {key.upper(): part for part, key in dossier._part_keys().items()}
            for code, key, _number in readings:
                if file_name.clean(dossier.name) == code and key.upper() in keys:
                    found |= none.browse(keys[key.upper()])
        # Two answers are none: a person decides.
        return found if len(found) == 1 else none

    def _assign_all(self, document):
        """Give every page to one part, without looking for separators."""
        self.ensure_one()
        guard.unlocked(self.env["cchc.scan.page"].sudo()).create(
            [
                {"batch_id": self.id, "number": number, "document_id": document.id}
                for number in range(1, self.page_count + 1)
            ]
        )
        guard.unlocked(self.sudo()).write(
            {"read_count": self.page_count, "state": "review"}
        )
