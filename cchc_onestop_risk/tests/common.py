from datetime import UTC

from odoo import fields

from odoo.addons.cchc_onestop.tests.common import OnestopCase, local
from odoo.addons.cchc_onestop.tools import guard, rows

#: Monday on which the open dossiers of the tests come.
MONDAY = "09/11/2026 09:00"
#: Hours of the steps beside handling: reception, signature, registry.
RECEIVE, SIGN, CLERK = 0.5, 2.0, 0.5


class RiskCase(OnestopCase):
    """A commune with a past: dossiers that were handled in half an hour to 30 hours.

    A procedure of three working days (22.5 office hours); each dossier of the past came
    on a Monday at 7:30, was half an hour in reception, then in handling, two hours with
    the signer and half an hour in the registry.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.working = cls.calendar._cchc_working_time()
        cls.agencies = cls.env["cchc.risk.agency"].sudo()
        cls.numbers = iter(range(10_000))

    @classmethod
    def _past(
        cls, handling, procedure=None, company=None, begin="07/09/2026", **values
    ):
        """Insert finished dossiers that were handled for these hours."""
        procedure = procedure or cls.procedure
        company = company or cls.commune
        start = local(f"{begin} 07:30").replace(tzinfo=UTC)

        def after(moment, hours):
            return cls.working.add(moment, hours, "working_hour")

        def stored(moment):
            return moment.astimezone(UTC).replace(tzinfo=None)

        due = after(start, 22.5)
        dossiers, steps = [], []
        for hours in handling:
            at, made = start, []
            for name, role, taken in (
                ("Tiếp nhận", "receive", RECEIVE),
                ("Thụ lý", "handle", hours),
                ("Ký duyệt", "sign", SIGN),
                ("Vào sổ, đóng dấu", "clerk", CLERK),
            ):
                end = after(at, taken)
                made.append(
                    {
                        "name": name,
                        "role": role,
                        "state": "done",
                        "started_at": stored(at),
                        "ended_at": stored(end),
                        "done_by_id": cls.handler.id,
                    }
                )
                at = end
            steps.append(made)
            late = at > due
            dossiers.append(
                {
                    "name": f"PAST-{next(cls.numbers)}",
                    "draft_token": False,
                    "company_id": company.id,
                    "receiving_company_id": company.id,
                    "procedure_id": procedure.id,
                    "calendar_id": cls.calendar.id,
                    "state": "returned",
                    "accepted_at": stored(start),
                    "clock_start_at": stored(start),
                    "first_due_at": stored(due),
                    "unextended_due_at": stored(due),
                    "due_at": stored(due),
                    "ended_at": stored(at),
                    "returned_at": stored(at),
                    "late_at": stored(due) if late else False,
                    "timeliness": "late" if late else "on_time",
                    **values,
                }
            )
        with_steps = not values.get("imported") or values.get("import_digest")
        made = rows.insert(guard.unlocked(cls.env["cchc.dossier"].sudo()), dossiers)
        if with_steps:
            rows.insert(
                guard.unlocked(cls.env["cchc.dossier.step"].sudo()),
                [
                    {"dossier_id": dossier_id, "sequence": place, **step}
                    for dossier_id, each in zip(made._ids, steps, strict=True)
                    for place, step in enumerate(each, 1)
                ],
            )
        return made

    @classmethod
    def _usual_past(cls, **values):
        """Sixty dossiers, handled for 0.5, 1, 1.5 … 30 hours."""
        return cls._past([half / 2 for half in range(1, 61)], **values)

    def _build(self, company=None):
        self.agencies._build(company or self.commune)

    def _sweep(self, company=None):
        self.agencies._sweep(company or self.commune)
        self.env.invalidate_all()

    def _naive_chance(self, spent, left, handling=None):
        """Return the chance by counting the past one by one."""
        handling = handling or [half / 2 for half in range(1, 61)]
        longer = [hours for hours in handling if hours > spent + 1e-6]
        late = [h for h in longer if h + SIGN + CLERK > spent + left + 1e-6]
        return len(late) / len(longer)

    def _now(self, at):
        return fields.Datetime.to_string(local(at))
