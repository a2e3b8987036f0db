import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from psycopg2.extras import execute_values

from .common import LOCAL, OnestopCase

NOW = datetime(2026, 12, 20, 3, 0)
_COLUMNS = (
    *("name", "company_id", "receiving_company_id", "procedure_id", "channel", "state"),
    *("is_open", "accepted_at", "clock_start_at", "first_due_at", "unextended_due_at"),
    *("due_at", "overdue_from", "late_at", "ended_at", "returned_at", "timeliness"),
    *("extension_count", "supplement_count", "applicant_name", "sets", "parent_id"),
    *("late_reason_id", "late_remedy"),
)


def day_of(moment):
    """Return the day in Việt Nam of a naive UTC moment."""
    return moment.replace(tzinfo=UTC).astimezone(LOCAL).date()


class StatisticCase(OnestopCase):
    """Three fields, two communes and a year of dossiers written by one statement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(2026)
        cls.sectors, cls.procedures = [], []
        for number, name in enumerate(("Đất đai", "Hộ tịch", "Chứng thực")):
            cls.sector = cls.env["cchc.sector"].create({"name": f"{name} (thống kê)"})
            cls.sectors.append(cls.sector)
            cls.procedures += [
                cls._new_procedure(f"9.82{number}00{n}", f"{name} {n}", process=False)
                for n in range(2)
            ]
        cls.reasons = cls.env["cchc.reason"].search([("kind", "=", "late")], limit=3)
        cls.period_rule = cls.env.ref("cchc_onestop.period_rule_report_quarter")
        cls.clerk = cls._new_user("province", "group_leader", company=cls.province)

    # -- a year of dossiers ----------------------------------------------------
    @classmethod
    def _generate(cls, count, companies=None, now=NOW):
        """Insert dossiers of the last 15 months and return their ids.

        All kinds occur: early, on time, late, withdrawn, stopped, open, overdue,
        waiting for a supplement, extended, void, refused, children.
        """
        rows = [
            cls._random_row(number, companies or [cls.commune], now)
            for number in range(count)
        ]
        ids = cls._insert(
            "cchc_dossier",
            _COLUMNS,
            [tuple(row.get(name) for name in _COLUMNS) for row in rows],
        )
        pauses, extensions, children = [], [], []
        for dossier_id, row in zip(ids, rows, strict=True):
            pauses += [(dossier_id, *pause) for pause in row["pauses"]]
            extensions += [(dossier_id, *line) for line in row["extensions"]]
            if row.get("has_child"):
                children.append(
                    {**row, "parent_id": dossier_id, "name": f"{row['name']}-1"}
                )
        cls._insert(
            "cchc_dossier_pause",
            ("dossier_id", "kind", "date_from", "date_to", "expires_at", "counts"),
            pauses,
        )
        cls._insert(
            "cchc_dossier_extension",
            ("dossier_id", "number", "granted_at", "due_before", "due_at", "in_time"),
            extensions,
        )
        cls._insert(
            "cchc_dossier",
            _COLUMNS,
            [tuple(row.get(name) for name in _COLUMNS) for row in children],
        )
        cls.env.invalidate_all()
        return ids

    @classmethod
    def _insert(cls, table, columns, rows):
        if not rows:
            return []
        return [
            row[0]
            for row in execute_values(
                cls.env.cr._obj,
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s RETURNING id",
                rows,
                page_size=5000,
                fetch=True,
            )
        ]

    @classmethod
    def _random_row(cls, number, companies, now):
        draw = cls.random
        accepted = now - timedelta(
            days=draw.randint(1, 455), minutes=draw.randint(0, 600)
        )
        due = accepted + timedelta(days=draw.randint(1, 40))
        company = draw.choice(companies)
        row = {
            "name": f"TK-{company.id}-{number:06d}",
            "company_id": company.id,
            "receiving_company_id": company.id,
            "procedure_id": draw.choice(cls.procedures).id,
            "channel": draw.choice(("counter", "online", "online", "post", "kiosk")),
            "accepted_at": accepted,
            "clock_start_at": accepted,
            "first_due_at": due,
            "unextended_due_at": due,
            "due_at": due,
            "extension_count": 0,
            "supplement_count": 0,
            "applicant_name": f"Chủ hồ sơ {number}",
            "sets": 1,
            "is_open": False,
            "pauses": [],
            "extensions": [],
            "has_child": draw.random() < 0.03,
        }
        if draw.random() < 0.08 and due - timedelta(days=1) > accepted:
            cls._extend(row, due)
        if draw.random() < 0.1:
            cls._pause(row, now)
        fate = draw.random()
        if fate < 0.03:
            row.update(state="void", ended_at=accepted + timedelta(hours=1))
            row["timeliness"] = "early"
        elif fate < 0.75:
            cls._end(row, now)
        else:
            cls._leave_open(row, now)
        return row

    @classmethod
    def _extend(cls, row, due):
        """Give a new appointment a day before the first one."""
        row["due_at"] = due + timedelta(days=10)
        row["extension_count"] = 1
        row["extensions"].append((1, due - timedelta(days=1), due, row["due_at"], True))

    @classmethod
    def _pause(cls, row, now):
        """Wait for a supplement in the first day, three days long."""
        start = row["accepted_at"] + timedelta(hours=3)
        end = start + timedelta(days=3)
        if end > now or row["extensions"]:
            return
        row["supplement_count"] = 1
        for name in ("unextended_due_at", "due_at"):
            row[name] += timedelta(days=3)
        row["pauses"].append(("supplement", start, end, None, True))

    @classmethod
    def _end(cls, row, now):
        ended = row["accepted_at"] + timedelta(
            days=cls.random.randint(0, 50), hours=cls.random.randint(4, 20)
        )
        if ended > now:
            return cls._leave_open(row, now)
        late = ended > row["unextended_due_at"]
        row["ended_at"] = ended
        row["timeliness"] = "late" if late else cls.random.choice(("early", "on_time"))
        row["state"] = cls.random.choice(
            ("returned",) * 8 + ("done", "rejected_result", "withdrawn", "stopped")
        )
        if ended > row["due_at"]:
            row["late_at"] = row["due_at"]
        if late and cls.random.random() < 0.7:
            row["late_reason_id"] = cls.random.choice(cls.reasons).id
            row["late_remedy"] = "Bổ sung người"
        return None

    @classmethod
    def _leave_open(cls, row, now):
        row["is_open"] = True
        row["state"] = cls.random.choice(("processing", "accepted", "to_sign"))
        if row["due_at"] < now:
            # The sweep has seen most of them.
            if cls.random.random() < 0.8:
                row["late_at"] = row["due_at"]
            row["overdue_from"] = row["due_at"]
        else:
            row["overdue_from"] = row["due_at"]

    # -- reports ---------------------------------------------------------------
    def _report(self, form="06a", user=None, start=None, end=None, **values):
        """Return a report of the commune, counted."""
        user = user or self.leader
        report = (
            self.env["cchc.statistic"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_id.ids)
            .create(
                {
                    "form": form,
                    "company_id": user.company_id.id,
                    "period_rule_id": self.period_rule.id,
                    "date_from": start,
                    "date_to": end,
                    **values,
                }
            )
        )
        report.action_compute()
        return report

    def _figures(self, report):
        """Return ``{row name: {column: figure}}``."""
        return {line.name: line.figures for line in report.line_ids}

    # -- the same figures by other means ---------------------------------------
    def _by_hand(self, start, end, company=None):
        """Return ``{field or None: Counter}`` of II.06a, worked out in Python from the
        rows as the ORM reads them: no SQL of ours has a part in it."""
        company = company or self.commune
        dossiers = self.env["cchc.dossier"].search(
            [("company_id", "=", company.id), ("accepted_at", "!=", False)]
        )
        table = {None: Counter()}
        midnight = datetime.combine(end + timedelta(days=1), datetime.min.time())
        moment = midnight.replace(tzinfo=LOCAL).astimezone(UTC).replace(tzinfo=None)
        for dossier in dossiers:
            keys = self._cells_by_hand(dossier, start, end, moment)
            for row in (dossier.procedure_id.sector_id.id, None):
                table.setdefault(row, Counter()).update(keys)
        return {row: counts for row, counts in table.items() if counts or row is None}

    def _cells_by_hand(self, dossier, start, end, moment):
        accepted = day_of(dossier.accepted_at)
        ended = dossier.ended_at and day_of(dossier.ended_at)
        if dossier.state == "void" or dossier.parent_id or accepted > end:
            return []
        if ended and ended < start:
            return []
        keys = ["c3"]
        if accepted < start:
            keys.append("c6")
        else:
            keys.append("c4" if dossier.channel == "online" else "c5")
        if ended and ended <= end:
            word = dossier.timeliness
            if dossier.state in ("withdrawn", "stopped") and word == "early":
                word = "on_time"
            return [*keys, "c7", {"early": "c8", "on_time": "c9", "late": "c10"}[word]]
        return [*keys, "c11", "c13" if self._overdue(dossier, moment) else "c12"]

    def _overdue(self, dossier, moment):
        """Whether an appointment had passed at ``moment`` while it was open."""
        for pause in dossier.pause_ids:
            if pause.date_from < moment and (
                not pause.date_to or pause.date_to >= moment
            ):
                return False
        first = dossier.extension_ids[:1]
        due = dossier.due_at
        if first and first.granted_at < moment:
            due = dossier.unextended_due_at
        elif first:
            due = first.due_before
        return due < moment
