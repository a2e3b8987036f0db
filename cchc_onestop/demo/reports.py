"""Reports on settlement: a closed quarter, a closed month and the running quarter."""

from odoo import fields

#: Reports of the quarter before, closed when it was over.
_CLOSED = ("06a", "766")
#: Reports of the month before, for the commune's own meeting.
_MONTHLY = ("06a", "07a")
#: Reports of the running quarter, counted up to now.
_RUNNING = ("06a", "07a", "07b", "766")


def tell(lives):
    """Let the leaders close what is over, and leave the running quarter open.

    :param lives: :class:`~.lives.Lives`, which knows people and agencies
    """
    quarter = lives.env.ref("cchc_onestop.period_rule_report_quarter")
    month = lives.env.ref("cchc_onestop.period_rule_month")
    last, running = _periods(lives, quarter)
    for form in _CLOSED:
        _report(lives, lives.commune, form, quarter, last).action_close()
    _report(lives, lives.neighbour, "06a", quarter, last, None).action_close()
    before, _this = _periods(lives, month)
    for form in _MONTHLY:
        _report(lives, lives.commune, form, month, before).action_close()
    for form in _RUNNING:
        _report(lives, lives.commune, form, quarter, running)
    province = lives.commune.parent_id
    for period in (last, running):
        _report(lives, province, "06b", quarter, period, None)


def _periods(lives, rule):
    """Return the period before the running one, and the running one."""
    arithmetic = rule._to_rule()
    running = arithmetic.containing(
        lives.commune._cchc_local_date(fields.Datetime.now())
    )
    return arithmetic.before(running), running


def _report(lives, company, form, rule, period, login="lanhdao"):
    """Return the report ``form`` of a period, counted by ``login``."""
    reports = lives.env["cchc.statistic"]
    if login:
        reports = lives._as(login, reports)
    else:
        # No leader of that agency is among the demo users: the manager does it.
        reports = reports.sudo()
    report = reports.create(
        {
            "form": form,
            "company_id": company.id,
            "period_rule_id": rule.id,
            "date_from": period.start,
            "date_to": period.end,
        }
    )
    report.action_compute()
    return report
