"""An officer who is going to be away: her open work is listed, to be handed over."""

from datetime import timedelta


def prepare(env, today):
    """Draft the hand-over of the officer for social matters for next week."""
    monday = today + timedelta(days=7 - today.weekday())
    officer = env.ref("cchc_onestop.demo_user_xahoi")
    env["cchc.handover"].create(
        {
            "user_id": officer.id,
            "date_from": monday,
            "date_to": monday + timedelta(days=4),
            "reason": "Nghỉ phép năm",
            "note": "Tủ hồ sơ số 2: chìa khóa để tại bàn Văn phòng",
        }
    ).action_list()
