from datetime import UTC

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import guard, rows
from ..tools.search_text import normalise
from ..tools.transitions import HELD_STATES


class CchcDossierLoader(models.AbstractModel):
    """Plans how open dossiers of other software go on here."""

    # One file per subject: see docs/architecture.md.
    _inherit = "cchc.dossier.loader"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _outlines(self, vals_list, known):
        """Return ``{(procedure, channel): plan}`` for the dossiers that go on here."""
        outlines = {}
        for vals in vals_list:
            key = (vals["procedure_id"], vals["channel"])
            if not vals["is_open"]:
                continue
            if not vals["due_at"]:
                # Nothing was promised there: this system works the date out.
                plan = self._outline(vals, vals["accepted_at"], known)
                due, statutory = (
                    plan
                    and self._draft(vals, known)._plan_dates(plan, vals["accepted_at"])
                    or (False, False)
                )
                if not due:
                    raise UserError(
                        self.env._(
                            "The row of dossier %s is open and has no appointment, and "
                            "none can be worked out, as the procedure has no time "
                            "limit on that day; fill in the column Ngày hẹn trả.",
                            vals["name"],
                        )
                    )
                vals |= {
                    "first_due_at": due,
                    "unextended_due_at": due,
                    "due_at": due,
                    "statutory_due_at": statutory,
                    "outline": plan,
                }
            elif key not in outlines:
                outlines[key] = self._outline(vals, known.now, known) or self._outline(
                    vals, vals["accepted_at"], known
                )
        for vals in vals_list:
            plan = vals.pop("outline", None)
            key = (vals["procedure_id"], vals["channel"])
            if plan:
                outlines.setdefault(key, plan)
            plan = vals["is_open"] and (plan or outlines[key])
            if plan:
                columns = self.env["cchc.dossier"]._plan_columns(plan)
                columns.pop("lookup_code")
                vals |= columns
        return outlines

    @api.model
    def _draft(self, vals, known):
        return self.env["cchc.dossier"].new(
            {
                "company_id": known.company.id,
                "receiving_company_id": known.company.id,
                "procedure_id": vals["procedure_id"],
                "channel": vals["channel"],
            }
        )

    @api.model
    def _outline(self, vals, moment, known):
        """Return what a dossier received then is promised, ``None`` when nothing."""
        try:
            return self._draft(vals, known)._reception_plan(moment)
        except UserError:
            # Repealed meanwhile, or not published on that day: what was accepted
            # there is settled all the same.
            return None

    @api.model
    def _set_versions(self, vals_list, known):
        """Note the version of the procedure in force when each was received."""
        ranking = [False, *map(int, known.company.parent_path.split("/")[:-1])]
        versions = (
            self.env["cchc.procedure.version"]
            .sudo()
            .search_fetch(
                [
                    ("procedure_id", "in", [v["procedure_id"] for v in vals_list]),
                    ("state", "=", "published"),
                    ("company_id", "in", ranking),
                ],
                ["procedure_id", "company_id", "valid_from", "valid_to"],
                order="id",
            )
        )
        by_procedure = {}
        for version in versions:
            by_procedure.setdefault(version.procedure_id.id, []).append(
                (
                    ranking.index(version.company_id.id or False),
                    version.valid_from,
                    version.id,
                    version.valid_to,
                )
            )
        for vals in vals_list:
            if vals["version_id"] and not vals["due_imported"]:
                continue
            day = vals["accepted_at"].replace(tzinfo=UTC).astimezone(known.zone).date()
            candidates = [
                entry[:3]
                for entry in by_procedure.get(vals["procedure_id"], ())
                if entry[1] and entry[1] <= day and (not entry[3] or entry[3] >= day)
            ]
            if candidates:
                vals["version_id"] = max(candidates)[2]

    @api.model
    def _go_on(self, dossiers, vals_list, lines, outlines, policy, people, known):
        """Give the open ones their present step, stop clocks, plan alerts."""
        plan_of, wanted = {}, {}
        for dossier, vals, line in zip(dossiers, vals_list, lines, strict=True):
            if not vals["is_open"]:
                continue
            plan = outlines.get((vals["procedure_id"], vals["channel"]))
            if not plan:
                raise UserError(
                    self.env._(
                        "The row of dossier %s is open, but the procedure has no "
                        "published version, so nobody could go on with it; publish "
                        "one in the catalogue first.",
                        vals["name"],
                    )
                )
            plan_of[dossier] = plan
            wanted[dossier] = (
                people.handlers.get(normalise(line["values"]["handler"]), False),
                people.departments.get(normalise(line["values"]["unit"]), False)
                or policy,
            )
        if not plan_of:
            return
        opened = dossiers.browse(dossier.id for dossier in plan_of)
        steps = opened._create_steps(plan_of, opened._posts_of(plan_of), known.now)
        step_groups = {}
        for dossier in opened:
            user, department = wanted[dossier]
            vals = dict(steps[dossier])
            if user or department:
                own = {"user_id": user or False}
                own["department_id"] = department or vals["department_id"]
                vals |= own
                key = tuple(own.items())
                step_groups.setdefault(key, []).append(vals["current_step_id"])
            guard.unlocked(dossier).write(vals)
        for key, ids in step_groups.items():
            step = self.env["cchc.dossier.step"].sudo().browse(filter(None, ids))
            guard.unlocked(step).write(dict(key))
        rows.insert(
            guard.unlocked(self.env["cchc.dossier.pause"].sudo()),
            [
                {
                    "dossier_id": dossier.id,
                    "kind": dossier.state,
                    "date_from": known.now,
                    "counts": dossier.due_at >= known.now,
                }
                for dossier in opened
                if dossier.state in HELD_STATES
            ],
        )
        opened.invalidate_recordset(["pause_ids"], flush=False)
        opened._cchc_schedule_alerts(fresh=True)
