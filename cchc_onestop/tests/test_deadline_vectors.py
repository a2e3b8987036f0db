from datetime import date, time

from odoo.tests import BaseCase, tagged

from ..tools.working_time import DeadlineRule, WorkingTime
from .working_time_data import at, office


@tagged("post_install", "-at_install")
class TestDeadlineVectors(BaseCase):
    """Due dates worked out by hand on the calendar of 2026, one test for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = WorkingTime(office())

    def due(self, start, amount, stops=(), **rule):
        rule = DeadlineRule(**rule)
        stops = [tuple(map(at, stop)) for stop in stops]
        due = self.office.due(at(start), amount, rule, stops)
        lines = self.office.explain(at(start), amount, rule.unit, rule, stops)
        self.assertEqual(lines[-1].due, due, "The explanation ends elsewhere")
        return due

    def test_ba_ngay_lam_viec_qua_ngay_van_hoa(self):
        due = self.due("23-11-2026 09:15", 3)
        self.assertEqual(due, at("27-11-2026 17:00"))

    def test_trong_ngay_nhan_sau_15_gio(self):
        due = self.due(
            "23-11-2026 15:30",
            0,
            unit="same_day",
            cutoff=time(15),
            cutoff_mode="same_day",
        )
        self.assertEqual(due, at("25-11-2026 17:00"))

    def test_hai_gio_lam_viec_qua_ngay_nghi(self):
        due = self.due("23-11-2026 16:30", 2, unit="working_hour")
        self.assertEqual(due, at("25-11-2026 09:00"))

    def test_ba_ngay_lam_viec_qua_quoc_khanh_va_ngay_hoan_doi(self):
        self.assertEqual(self.due("28-08-2026 10:00", 3).date(), date(2026, 9, 7))

    def test_thu_bay_lam_bu_la_ngay_lam_viec(self):
        self.assertEqual(self.due("21-08-2026 10:00", 2).date(), date(2026, 8, 24))

    def test_nam_ngay_lam_viec_qua_tet(self):
        self.assertEqual(self.due("13-02-2026 10:00", 5).date(), date(2026, 2, 27))

    def test_ba_ngay_lam_viec_qua_gio_to_va_30_thang_4(self):
        self.assertEqual(self.due("24-04-2026 10:00", 3).date(), date(2026, 5, 4))

    def test_30_ngay_lich_cuoi_ky_la_chu_nhat(self):
        due = self.due("25-09-2026 10:00", 30, unit="calendar_day")
        self.assertEqual(due, at("26-10-2026 17:00"))

    def test_muoi_ngay_lam_viec(self):
        self.assertEqual(self.due("09-11-2026 10:00", 10).date(), date(2026, 11, 23))

    def test_bo_sung_ho_so_tam_dung(self):
        stops = [("12-11-2026 10:00", "17-11-2026 14:00")]
        due = self.due("09-11-2026 10:00", 10, stops, supplement="pause")
        self.assertEqual(due.date(), date(2026, 11, 27))
        lines = self.office.explain(
            at("09-11-2026 10:00"), 10, stops=[tuple(map(at, stops[0]))]
        )
        paused = [line.date.day for line in lines if line.reason == "paused"]
        self.assertEqual(paused, [13, 16, 17])

    def test_bo_sung_ho_so_tinh_lai_tu_dau(self):
        stops = [("12-11-2026 10:00", "17-11-2026 14:00")]
        due = self.due("09-11-2026 10:00", 10, stops, supplement="restart")
        self.assertEqual(due.date(), date(2026, 12, 2))

    # Others of the same rules -----------------------------------------
    def test_trong_ngay_nhan_dung_15_gio(self):
        rule = {"unit": "same_day", "cutoff": time(15), "cutoff_mode": "same_day"}
        due = self.due("23-11-2026 15:00", 0, **rule)
        self.assertEqual(due, at("23-11-2026 17:00"))

    def test_chuyen_ho_so_giay_sau_15_gio(self):
        rule = {"unit": "same_day", "cutoff": time(15), "cutoff_mode": "transfer"}
        due = self.due("23-11-2026 14:59", 0, **rule)
        self.assertEqual(due, at("23-11-2026 17:00"))
        due = self.due("23-11-2026 15:01", 0, **rule)
        self.assertEqual(due, at("25-11-2026 07:30"))

    def test_lien_thong_nhan_sau_15_gio_coi_nhu_nhan_ngay_lam_viec_sau(self):
        rule = {"cutoff": time(15), "cutoff_mode": "next_day"}
        self.assertEqual(self.due("09-11-2026 15:00", 1, **rule).day, 10)
        self.assertEqual(self.due("09-11-2026 15:01", 1, **rule).day, 11)
        due = self.due("09-11-2026 15:01", 2, unit="working_hour", **rule)
        self.assertEqual(due, at("10-11-2026 09:30"))

    def test_cung_gio_ngay_thu_ba(self):
        due = self.due("09-11-2026 10:00", 3, clock="same_time")
        self.assertEqual(due, at("12-11-2026 10:00"))

    def test_tam_dung_theo_phut_giu_nguyen_thoi_gian_con_lai(self):
        # 10:00 to 11:00 of the same morning: one hour later, not one day.
        due = self.due(
            "09-11-2026 10:00",
            3,
            [("10-11-2026 10:00", "10-11-2026 11:00")],
            clock="same_time",
            pause_counting="minute",
        )
        self.assertEqual(due, at("12-11-2026 11:00"))

    def test_tam_dung_theo_phut_khong_lam_tron_don(self):
        # Two pauses of one hour are two hours, hence one day, not two days.
        due = self.due(
            "09-11-2026 10:00",
            3,
            [
                ("10-11-2026 10:00", "10-11-2026 11:00"),
                ("11-11-2026 10:00", "11-11-2026 11:00"),
            ],
            pause_counting="minute",
        )
        self.assertEqual(due, at("13-11-2026 17:00"))

    def test_ngay_dau_khong_tinh_khi_nop_ngoai_gio(self):
        # Monday 18:00 and Sunday: the day of acceptance itself is not counted.
        self.assertEqual(self.due("09-11-2026 18:00", 1), at("10-11-2026 17:00"))
        self.assertEqual(self.due("08-11-2026 10:00", 1), at("09-11-2026 17:00"))
        due = self.due("09-11-2026 18:00", 1, clock="same_time")
        self.assertEqual(due, at("10-11-2026 17:00"))
        due = self.due("09-11-2026 06:00", 1, clock="same_time")
        self.assertEqual(due, at("10-11-2026 07:30"))

    def test_mot_thang_tu_ngay_31(self):
        due = self.due("31-01-2028 10:00", 1, unit="month")
        self.assertEqual(due.date(), date(2028, 2, 29))
        # 28-2-2026 is a Saturday, R3 moves it.
        due = self.due("31-01-2026 10:00", 1, unit="month")
        self.assertEqual(due.date(), date(2026, 3, 2))

    def test_ngay_nghi_khong_chuyen_het_luc_24_gio(self):
        due = self.due(
            "25-09-2026 10:00", 30, unit="calendar_day", rest_day_moves=False
        )
        self.assertEqual(due.strftime("%d %H:%M:%S"), "25 23:59:59")

    def test_ho_so_da_tre_khong_thanh_dung_han(self):
        for supplement in ("pause", "restart"):
            due = self.due(
                "09-11-2026 10:00",
                1,
                [("11-11-2026 10:00", "13-11-2026 10:00")],
                supplement=supplement,
            )
            self.assertEqual(due, at("10-11-2026 17:00"), supplement)

    def test_tam_dung_vao_ngay_cuoi(self):
        # Nothing may fall due before the dossier is complete again.
        due = self.due(
            "09-11-2026 10:00", 1, [("10-11-2026 09:00", "14-11-2026 09:00")]
        )
        self.assertEqual(due, at("16-11-2026 17:00"))

    def test_nua_ngay_lam_viec_la_bon_gio(self):
        self.assertEqual(self.due("09-11-2026 08:00", 0.5), at("09-11-2026 14:00"))
