import base64
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import guard
from .common import local
from .common_papers import PaperCase
from .dms_volume import fill, reading


@tagged("post_install", "-at_install")
class TestDossierFiling(PaperCase):
    """Ended dossiers go into the agency's document library."""

    def _files(self, dossier, user=None):
        files = self.env["dms.file"].with_user(user or self.env.user)
        return files.search([("cchc_dossier_id", "=", dossier.id)])

    def _names(self, dossier):
        return sorted(self._files(dossier).mapped("name"))

    def test_from_the_desk_to_the_archive(self):
        """Received, printed, handled, signed, returned: then the papers are filed."""
        with freeze_time(local("09/11/2026 09:00")):
            dossier = self._ready()
            self._scan(dossier)
            dossier.with_user(self.desk)._issue_paper("01")
        self.assertFalse(self._files(dossier))
        with freeze_time(local("10/11/2026 10:00")):
            dossier.with_user(self.desk).action_return_result()
            self.env["cchc.dossier"].browse(dossier.id)._file_to_dms()
        files = self._files(dossier, self.handler)
        self.assertEqual(len(files), 2)
        self.assertEqual(files.directory_id.parent_id.name, "Văn phòng - Thống kê")
        self.assertTrue(all(dossier.name in name for name in files.mapped("name")))

    # -- scans ----------------------------------------------------------------
    def test_scan_of_the_desk_is_open_to_the_handler(self):
        """A file uploaded before the part is saved belongs to nobody; now it does."""
        dossier = self._settled()
        scan = (
            self.env["ir.attachment"]
            .with_user(self.desk)
            .create(
                {
                    "name": "quét.pdf",
                    "raw": b"%PDF",
                    "res_model": "cchc.dossier.document",
                }
            )
        )
        part = dossier.document_ids[0]
        part.with_user(self.desk).attachment_ids = [Command.link(scan.id)]
        self.assertEqual((scan.res_model, scan.res_id), (part._name, part.id))
        for user in (self.handler, self.leader, self.manager):
            self.assertEqual(scan.with_user(user).raw, b"%PDF")
            self.assertEqual(part.with_user(user).attachment_ids, scan)

    def test_scans_are_closed_to_who_may_not_see_identity_numbers(self):
        dossier = self._settled()
        scan = self._scan(dossier)
        self.env.flush_all()
        for user in (self.auditor, self.catalogue, self.outsider):
            self.env.invalidate_all()
            attachments = self.env["ir.attachment"].with_user(user)
            with self.assertRaises(AccessError):
                attachments.browse(scan.id).read(["raw"])
            self.assertFalse(attachments.search([("id", "=", scan.id)]))
        self.env.invalidate_all()
        part = dossier.document_ids[0].with_user(self.auditor)
        self.assertFalse(part.attachment_ids)
        self.assertEqual(part.name, "Tờ khai")

    def test_nobody_brings_in_a_file_he_may_not_open(self):
        private = self.env["ir.attachment"].create({"name": "x", "raw": b"private"})
        part = self._settled().document_ids[0].with_user(self.desk)
        with self._refused(AccessError, "."):
            part.attachment_ids = [Command.link(private.id)]
        with self._refused(AccessError, "."):
            part.create(
                {
                    "dossier_id": part.dossier_id.id,
                    "name": "x",
                    "attachment_ids": [Command.link(private.id)],
                }
            )

    # -- what is filed -------------------------------------------------------
    def test_scans_papers_and_result_are_filed(self):
        dossier = self._ended()
        dossier.document_ids[0].code = "TP01"
        dossier.with_user(self.desk)._issue_paper("01")
        result = self.env["cchc.dossier.document"].create(
            {
                "dossier_id": dossier.id,
                "name": "Trích lục khai sinh",
                "is_result": True,
                "attachment_ids": [
                    Command.create({"name": "kq.pdf", "raw": b"%PDF result"})
                ],
            }
        )
        self.env["ir.attachment"].create(
            {
                "name": "ảnh chụp.txt",
                "raw": b"x",
                "res_model": "cchc.dossier",
                "res_id": dossier.id,
            }
        )
        dossier._file_to_dms()
        code = dossier.name
        self.assertEqual(
            self._names(dossier),
            sorted(
                [
                    f"{code}_TP01 Tờ khai.pdf",
                    f"{code}_M01 Giấy tiếp nhận hồ sơ và hẹn trả kết quả "
                    "01-TTPVHCC.pdf",
                    f"{code}_KQ Trích lục khai sinh.pdf",
                    f"{code}_TL ảnh chụp.txt",
                ]
            ),
        )
        self.assertTrue(dossier.filed_at)
        self.assertTrue(result)

    def test_open_dossiers_are_not_filed(self):
        dossier = self._settled()
        self._scan(dossier)
        self.assertFalse(dossier._file_to_dms())
        self.assertFalse(dossier.filed_at)
        with self._refused(UserError, "Only ended"):
            dossier.with_user(self.desk).action_file_to_dms()

    def test_linked_both_ways(self):
        dossier = self._ended()
        [file] = dossier._file_to_dms()
        self.assertEqual((file.res_model, file.res_id), ("cchc.dossier", dossier.id))
        self.assertEqual(file.record_ref, dossier)
        self.assertEqual(dossier.with_user(self.desk).dms_file_count, 1)
        action = dossier.with_user(self.desk).action_view_dms_files()
        found = self.env["dms.file"].with_user(self.desk).search(action["domain"])
        self.assertEqual(found, file)
        back = file.with_user(self.desk).action_open_dossier()
        self.assertEqual(
            (back["res_model"], back["res_id"]), ("cchc.dossier", dossier.id)
        )

    def test_found_by_dossier_code(self):
        dossier = self._ended()
        self._ended()
        dossier._file_to_dms()
        files = self.env["dms.file"].with_user(self.desk)
        self.assertEqual(
            files.search([("name", "ilike", dossier.name)]).cchc_dossier_id, dossier
        )
        self.assertEqual(
            files.search([("cchc_dossier_id", "ilike", dossier.name)]).cchc_dossier_id,
            dossier,
        )

    def test_bytes_are_not_stored_twice(self):
        dossier = self._ended(files=2)
        before = self._stored()
        files = dossier._file_to_dms()
        self.env.flush_all()
        self.assertEqual(self._stored(), before)
        for file in files:
            attachment = file.attachment_id
            self.assertEqual(file.checksum, attachment.checksum)
            self.assertEqual(file.size, attachment.file_size)
            self.assertEqual(
                base64.b64decode(file.with_user(self.desk).content), attachment.raw
            )

    def _stored(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*), sum(file_size) FROM ir_attachment WHERE type = 'binary'"
        )
        attachments = self.env.cr.fetchone()
        self.env.cr.execute(
            "SELECT count(*) FROM dms_file WHERE content_binary IS NOT NULL"
        )
        return attachments, self.env.cr.fetchone()

    def test_filing_does_not_read_the_bytes(self):
        dossier = self._ended(files=3)
        with patch.object(
            type(self.env["ir.attachment"]), "_file_read", side_effect=AssertionError
        ):
            self.assertEqual(len(dossier._file_to_dms()), 3)

    # -- again and again -----------------------------------------------------
    def test_filing_twice_changes_nothing(self):
        dossier = self._ended(files=2)
        first = dossier._file_to_dms()
        self.assertFalse(dossier._file_to_dms())
        self.assertEqual(self._files(dossier), first)

    def test_what_comes_later_is_added(self):
        dossier = self._ended()
        dossier._file_to_dms()
        self._scan(dossier)
        self.assertFalse(dossier.filed_at)
        self.assertEqual(len(dossier._file_to_dms()), 1)
        self.assertEqual(len(set(self._names(dossier))), 2)

    def test_receipt_printed_after_the_end_is_filed_too(self):
        dossier = self._ended()
        dossier._file_to_dms()
        dossier.with_user(self.desk)._issue_paper("01")
        self.assertFalse(dossier.filed_at)
        self.assertIn("_M01", dossier._file_to_dms().name)

    def test_one_that_fails_does_not_stop_the_others(self):
        self.env["ir.config_parameter"].set_param("dms.forbidden_extensions", "exe")
        good, bad = self._ended(), self._ended()
        self._scan(bad, name="setup.exe")
        (good | bad)._file_to_dms()
        self.assertTrue(good.filed_at)
        self.assertFalse(bad.filed_at)
        self.assertRegex(bad.filing_error, "extension|Phần mở rộng")
        self.assertFalse(self._files(bad))
        self.env["ir.config_parameter"].set_param("dms.forbidden_extensions", "")
        bad.with_user(self.desk).action_file_to_dms()
        self.assertTrue(bad.filed_at)
        self.assertFalse(bad.filing_error)
        self.assertEqual(len(self._files(bad)), 2)

    def test_same_titles_and_odd_titles(self):
        dossier = self._ended(files=3)
        dossier.document_ids[0].name = "Đơn / giấy: " + "rất dài " * 60
        dossier._file_to_dms()
        names = self._names(dossier)
        self.assertEqual(len(set(names)), 3)
        for name in names:
            self.assertLessEqual(len(name.encode()), 220)
            self.assertNotIn("/", name)

    @mute_logger("odoo.sql_db")
    def test_two_filings_at_once_make_no_double(self):
        """A folder that another request is making sends this one round again."""
        dossier = self._ended()
        model = type(self.env["dms.directory"])
        dossier._file_to_dms()
        self._scan(dossier)
        with (
            patch.object(
                model, "search", lambda records, *args, **kw: records.browse()
            ),
            self.assertRaises(ConcurrencyError),
        ):
            dossier._file_to_dms()

    # -- scheduled action ----------------------------------------------------
    def test_cron_files_what_ended(self):
        ended = self._ended() | self._ended() | self._ended()
        running = self._settled()
        self._scan(running)
        with self.enter_registry_test_mode():
            self.env.ref("cchc_onestop.cron_filing").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(all(ended.mapped("filed_at")))
        self.assertFalse(running.filed_at)
        self.assertEqual(len(self._files(ended[1])), 1)

    def test_cron_stopped_between_batches_goes_on(self):
        dossiers = self.env["cchc.dossier"].union(*(self._ended() for _n in range(5)))
        others = self.env["cchc.dossier"].search(
            [("ended_at", "!=", False), ("filed_at", "=", False)]
        )
        guard.unlocked(others - dossiers).write({"filed_at": "2026-01-01 00:00:00"})
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=0) as progress:
            self.env["cchc.dossier"]._cron_file_ended(batch=2)
        self.assertEqual(progress.call_count, 2)
        self.assertEqual(len(dossiers.filtered("filed_at")), 2)
        with patch.object(cron, "_commit_progress", return_value=60):
            self.env["cchc.dossier"]._cron_file_ended(batch=2)
        self.assertTrue(all(dossiers.mapped("filed_at")))
        for dossier in dossiers:
            self.assertEqual(len(self._files(dossier)), 1)

    def test_query_of_the_cron_has_its_index(self):
        """With a handful of rows any index is as good: take the others away."""
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET LOCAL enable_seqscan = off")
            self.env.cr.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = 'cchc_dossier' "
                "AND indexname NOT IN ('cchc_dossier_to_file_idx', 'cchc_dossier_pkey')"
            )
            for (name,) in self.env.cr.fetchall():
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
            self.env.cr.execute(
                "EXPLAIN SELECT id FROM cchc_dossier WHERE filed_at IS NULL AND "
                "filing_error IS NULL AND ended_at IS NOT NULL ORDER BY id LIMIT 200"
            )
            plan = " ".join(row[0] for row in self.env.cr.fetchall())
            savepoint.rollback()
        self.assertIn("cchc_dossier_to_file_idx", plan)

    # -- folders --------------------------------------------------------------
    def test_agency_year_department_month(self):
        file = self._ended()._file_to_dms()
        folder = file.directory_id
        self.assertEqual(folder.name, "11")
        self.assertEqual(folder.parent_id.name, "Văn phòng - Thống kê")
        self.assertEqual(folder.parent_id.parent_id.name, "2026")
        self.assertEqual(
            folder.parent_id.parent_id.parent_id.name, "UBND xã Hải Trường"
        )
        self.assertEqual(file.company_id, self.commune)

    def test_month_is_that_of_viet_nam(self):
        """23:30 UTC on the last day of the year is already January in Việt Nam."""
        dossier = self._ended(ended_at=local("01/01/2027 06:30"))
        folder = dossier._file_to_dms().directory_id
        self.assertEqual((folder.name, folder.cchc_key.split("/")[1]), ("01", "2027"))

    def test_full_folder_goes_on_in_the_next(self):
        self.env["ir.config_parameter"].set_param("cchc_onestop.folder_limit", "5")
        dossiers = self.env["cchc.dossier"].union(
            *(self._ended(files=2) for _n in range(6))
        )
        dossiers[:3]._file_to_dms()
        dossiers[3:]._file_to_dms()
        folders = self._files_of(dossiers).directory_id
        self.assertEqual(sorted(folders.mapped("name")), ["11", "11 (2)", "11 (3)"])
        for folder in folders:
            self.assertLessEqual(folder.count_files, 5)
        for dossier in dossiers:
            self.assertEqual(len(self._files(dossier).directory_id), 1)

    def _files_of(self, dossiers):
        return self.env["dms.file"].search([("cchc_dossier_id", "in", dossiers.ids)])

    def test_folders_of_a_batch_are_made_in_one_call_per_level(self):
        dossiers = self.env["cchc.dossier"].union(
            *(
                self._ended(
                    department_id=department.id,
                    ended_at=local(f"05/{month:02d}/2026 10:00"),
                )
                for month in range(1, 9)
                for department in (self.department, self.other_department)
            )
        )
        model = type(self.env["dms.directory"])
        create, calls = model.create, []

        def counted(records, vals_list):
            calls.append(len(vals_list))
            return create(records, vals_list)

        with patch.object(model, "create", counted):
            dossiers._file_to_dms()
        self.assertEqual(calls, [1, 1, 2, 16])

    def test_namesake_departments_have_their_own_folder(self):
        twin = self.department.copy({"name": self.department.name})
        first = self._ended()._file_to_dms().directory_id.parent_id
        second = self._ended(department_id=twin.id)._file_to_dms()
        self.assertNotEqual(second.directory_id.parent_id, first)

    def test_dossier_without_department(self):
        file = self._ended(department_id=False)._file_to_dms()
        self.assertEqual(file.directory_id.cchc_key.split("/")[2], "0")

    # -- who sees what ---------------------------------------------------------
    def _transfer(self, user, department):
        """The person works in another department from now on."""
        self.env["hr.employee"].search([("user_id", "=", user.id)]).write(
            {"department_id": department.id}
        )

    def _sees(self, user, file):
        self.env.flush_all()
        self.env.invalidate_all()
        files = self.env["dms.file"].with_user(user).with_company(user.company_id)
        found = bool(files.search_count([("id", "=", file.id)]))
        try:
            readable = bool(files.browse(file.id).content)
        except AccessError:
            readable = False
        self.assertEqual(found, readable)
        return found

    def test_agency_and_department(self):
        file = self._ended()._file_to_dms()
        stranger = self._new_user("stranger", "group_handler")
        self._transfer(stranger, self.other_department)
        nobody = self._new_user("nobody", "group_base")
        for user, expected in (
            (self.desk, True),
            (self.leader, True),
            (self.manager, True),
            (self.handler, True),
            (stranger, False),
            (self.auditor, False),
            (self.catalogue, False),
            (self.outsider, False),
            (nobody, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._sees(user, file), expected)

    def test_auditor_cleared_for_identity_numbers(self):
        file = self._ended()._file_to_dms()
        self.auditor.group_ids += self.env.ref("cchc_onestop.group_identity")
        self.assertTrue(self._sees(self.auditor, file))

    def test_access_follows_the_person(self):
        """Posts, departments, agencies and departures count at once."""
        file = self._ended()._file_to_dms()
        self.assertTrue(self._sees(self.handler, file))
        self._transfer(self.handler, self.other_department)
        self.assertFalse(self._sees(self.handler, file))
        self._transfer(self.handler, self.department)
        self.assertTrue(self._sees(self.handler, file))
        self.handler.group_ids = self.env.ref("cchc_onestop.group_base")
        self.assertFalse(self._sees(self.handler, file))
        self.handler.group_ids += self.env.ref("cchc_onestop.group_leader")
        self.assertTrue(self._sees(self.handler, file))
        self.handler.write(
            {
                "company_ids": [Command.set(self.neighbour.ids)],
                "company_id": self.neighbour.id,
            }
        )
        self.assertFalse(self._sees(self.handler, file))
        self.assertTrue(self._sees(self.leader, file))
        self.leader.group_ids = self.env.ref("cchc_onestop.group_base")
        self.assertFalse(self._sees(self.leader, file))

    def test_members_are_shown_as_they_are_today(self):
        folder = self._ended()._file_to_dms().directory_id.parent_id
        department = folder.group_ids
        agency = folder.complete_group_ids - department
        self.assertEqual(department.cchc_department_id, self.department)
        self.assertIn(self.desk, agency.cchc_member_ids)
        self.assertNotIn(self.handler, agency.cchc_member_ids)
        self.assertIn(self.handler, department.cchc_member_ids)
        self.assertFalse(agency.users | department.users)

    def test_nobody_changes_or_deletes_a_filed_document(self):
        file = self._ended()._file_to_dms()
        folder = file.directory_id
        other = self.env["dms.directory"].create(
            {"name": "other", "parent_id": folder.id}
        )
        for vals in (
            {"name": "x.pdf"},
            {"content": "eA=="},
            {"active": False},
            {"directory_id": other.id},
            {"attachment_id": False},
            {"cchc_dossier_id": False},
        ):
            with self._refused(UserError, "is filed|đã lưu kho"):
                file.write(vals)
            with self._refused(UserError, "."):
                file.with_user(self.manager).write(vals)
        with self._refused(UserError, "is filed|đã lưu kho"):
            file.unlink()
        with self._refused(UserError, "is filed|đã lưu kho"):
            folder.unlink()
        with self._refused(UserError, "filed|đã lưu kho"):
            file.attachment_id.unlink()
        with self._refused(UserError, "filed|đã lưu kho"):
            file.attachment_id.write({"raw": b"other"})
        with self._refused(UserError, "not added by hand|không thêm bằng tay"):
            file.copy({"cchc_dossier_id": file.cchc_dossier_id.id, "content": "eA=="})

    def test_managed_groups_cannot_be_taken_over(self):
        folder = self._ended()._file_to_dms().directory_id.parent_id
        group = folder.group_ids
        self.handler.group_ids += self.env.ref("dms.group_dms_user")
        own = group.with_user(self.handler)
        with self._refused(AccessError, "."):
            own.write({"perm_unlink": True})
        with self._refused(AccessError, "."):
            own.unlink()
        with self._refused(AccessError, "."):
            own.create({"name": "x", "cchc_company_id": self.neighbour.id})

    # -- cost -----------------------------------------------------------------
    @freeze_time("2026-11-24 03:00:00")
    def test_cost_of_filing_does_not_grow_with_the_archive(self):
        self._ended()._file_to_dms()
        root = self.env["dms.directory"].search(
            [("cchc_key", "=", str(self.commune.id))]
        )

        def measure():
            dossier = self._ended(files=5)
            self.env.flush_all()
            self.env.invalidate_all()
            with reading(self.env) as cost:
                dossier._file_to_dms()
            return cost

        fill(self.env, root, 1_000)
        measure()
        small = measure()
        fill(self.env, root, 5_000)
        measure()
        large = measure()
        self.assertLessEqual(large.queries, small.queries)
        self.assertLessEqual(large.rows, 1.3 * small.rows + 20)

    def test_queries_do_not_grow_with_the_batch(self):
        self._ended()._file_to_dms()
        costs = []
        for size in (2, 20):
            dossiers = self.env["cchc.dossier"].union(
                *(self._ended(files=3) for _n in range(size))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            with reading(self.env) as cost:
                dossiers._file_to_dms()
            costs.append(cost.queries)
        self.assertLessEqual(costs[1], costs[0] + 5)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_filing(self):
        file = self._ended()._file_to_dms()
        with self.assertRaises(UniqueViolation) as caught, self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO dms_file (name, directory_id, attachment_id, "
                "cchc_dossier_id) SELECT 'x', directory_id, attachment_id, "
                "cchc_dossier_id FROM dms_file WHERE id = %s",
                (file.id,),
            )
        self.assertIn("cchc_filed_uniq", str(caught.exception))
