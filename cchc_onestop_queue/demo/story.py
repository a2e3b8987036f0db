"""Two weeks of the queue in the demo commune, and who sits where: all invented.

The land counter is the slow one. Its officer is away on two days to come: on the first
his substitute steps in, on the second the substitute is away as well and the head of
the desk is told of the gap.
"""

import random
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.cchc_onestop.tools import replay

#: Counter: officer, substitute.
SEATS = {
    1: ("motcua", "vanthu"),
    2: ("tuphap", "vanthu"),
    3: ("vanphong", None),
    4: ("motcua2", "vanthu"),
}
#: Fields of each service.
SECTORS = {
    "civil": ("Hộ tịch", "Chứng thực", "Cư trú"),
    "land": ("Đất đai", "Hoạt động xây dựng"),
    "social": (
        "Bảo trợ xã hội",
        "Người có công",
        "Thành lập và hoạt động hộ kinh doanh",
    ),
}
#: Service: people a half-day, minutes each.
COMING = {"civil": (9, 7), "land": (7, 16), "social": (4, 11), "result": (6, 3)}
PAST_DAYS = 10
#: Longest time to the counter after a call, in seconds.
WALK = 60


def tell(env):
    """Seat the desk, then tell its queue up to now."""
    commune = env.ref("cchc_onestop.demo_commune")
    rng = random.Random(118)
    now = fields.Datetime.now()
    today = commune._cchc_local_date(now)
    head = _as(env, "vanphong")
    _fields(env)
    _usual_week(head, commune)
    _shifts(head, commune, today)
    _absences(env, commune, today)
    sessions = commune._cchc_desk_sessions(today - timedelta(days=2 * PAST_DAYS), today)
    days = sorted(sessions)[-PAST_DAYS - 1 :]
    for day in days:
        for half in ("morning", "afternoon"):
            if half in sessions[day]:
                _Half(env, rng, *sessions[day][half], now).tell()


def _as(env, login):
    user = env.ref(f"cchc_onestop.demo_user_{login}")
    context = {
        "allowed_company_ids": user.company_id.ids,
        "lang": "vi_VN",
        "tz": user.tz,
        "tracking_disable": True,
    }
    return env(user=user, context=context)


def _fields(env):
    for name, sectors in SECTORS.items():
        env.ref(f"cchc_onestop_queue.service_{name}").sector_ids = [
            Command.set(env["cchc.sector"].search([("name", "in", sectors)]).ids)
        ]


def _usual_week(env, commune):
    """The first three counters every half-day, the fourth as well; one bare."""
    env["cchc.roster.template"].create(
        [
            {
                "company_id": commune.id,
                "counter_id": env.ref(f"cchc_onestop_queue.counter_{number}").id,
                "weekday": str(weekday),
                "half": half,
                "user_id": env.ref(f"cchc_onestop.demo_user_{officer}").id,
                "substitute_id": substitute
                and env.ref(f"cchc_onestop.demo_user_{substitute}").id,
            }
            for number, (officer, substitute) in SEATS.items()
            for weekday in range(5)
            for half in ("morning", "afternoon")
        ]
    )


def _shifts(env, commune, today):
    env["cchc.roster.week"].create(
        {"company_id": commune.id, "date": today, "weeks": 2}
    ).action_generate()


def _absences(env, commune, today):
    """The officer for land is away on the next two days of the desk but one."""
    sessions = commune._cchc_desk_sessions(today, today + timedelta(days=14))
    coming = [day for day in sorted(sessions) if day > today]
    leave = env["resource.calendar.leaves"]
    officer = env.ref("cchc_onestop.demo_employee_tuphap")
    substitute = env.ref("cchc_onestop.demo_employee_vanthu")
    for employee, day, reason in (
        (officer, coming[1], "Tập huấn tại tỉnh"),
        (officer, coming[2], "Tập huấn tại tỉnh"),
        (substitute, coming[2], "Nghỉ phép"),
    ):
        halves = sessions[day].values()
        leave.create(
            {
                "name": reason,
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_id.calendar_id.id,
                "company_id": commune.id,
                "date_from": min(begin for begin, _end in halves),
                "date_to": max(end for _begin, end in halves),
            }
        )
    env["cchc.roster.shift"]._cron_gaps()


class _Half:
    """One session of the desk: people come, are called and served, in order of time."""

    def __init__(self, env, rng, begin, end, now):
        self.env, self.rng = env, rng
        self.begin, self.end, self.now = begin, end, now
        self.kiosk = env.ref("cchc_onestop_queue.display_kiosk")
        self.priorities = env["cchc.queue.priority"].search([])
        self.free = {number: begin for number in SEATS}

    def tell(self):
        waiting = {number: [] for number in SEATS}
        for at, name in self._coming():
            self._serve_until(at, waiting)
            ticket = self._take(at, name)
            number = {"civil": 1, "land": 2, "social": 3, "result": 4}[name]
            if name == "civil" and len(waiting[1]) > 2:
                number = 3
            waiting[number].append((ticket, COMING[name][1]))
        self._serve_until(min(self.now, self.end + timedelta(hours=1)), waiting)

    def _coming(self):
        """Moments of taking a number; most come early in the session."""
        length = (self.end - self.begin).total_seconds()
        moments = []
        for name, (count, _minutes) in COMING.items():
            for _each in range(count + self.rng.randrange(-2, 3)):
                share = min(self.rng.betavariate(1.4, 2.4), 0.92)
                at = self.begin + timedelta(seconds=int(length * share))
                if at < self.now:
                    moments.append((at, name))
        return sorted(moments)

    def _take(self, at, name):
        clock = replay.Clock(at)
        tickets = replay.replayed(self.env["cchc.queue.ticket"], clock)
        priority = (
            self.rng.choice(self.priorities)
            if self.rng.random() < 0.14
            else self.priorities.browse()
        )
        kiosk = self.rng.random() < 0.8
        return tickets._take(
            self.env.ref(f"cchc_onestop_queue.service_{name}"),
            priority,
            "kiosk" if kiosk else "desk",
            self.kiosk if kiosk else None,
        )

    def _serve_until(self, until, waiting):
        for number, line in waiting.items():
            while line:
                at = max(self.free[number], line[0][0].taken_at)
                at += timedelta(seconds=self.rng.randrange(10, WALK))
                if at >= until:
                    break
                self._serve(number, at, *line.pop(0))

    def _serve(self, number, at, ticket, minutes):
        """Call and serve; what would happen after now has not happened yet."""
        env = _as(self.env, SEATS[number][0])
        clock = replay.Clock(at)
        ticket = replay.replayed(env["cchc.queue.ticket"].browse(ticket.id), clock)
        ticket._call(env.ref(f"cchc_onestop_queue.counter_{number}"))
        missed = self.rng.random() < 0.05
        start = at + timedelta(seconds=self.rng.randrange(20, WALK))
        spent = 60 * minutes * self.rng.uniform(0.5, 1.7)
        end = start + timedelta(seconds=int(150 if missed else spent))
        self.free[number] = end
        for moment, move in (
            (start, ticket.action_recall if missed else ticket.action_start),
            (end, ticket.action_no_show if missed else ticket.action_done),
        ):
            if moment > self.now:
                return
            clock.set(moment)
            move()
