from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_document import DocumentCase


@tagged("post_install", "-at_install")
class TestDocumentTask(DocumentCase):
    """Duty to update a process document (domain check 7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tasks = cls.env["cchc.iso.update.task"]

    def _amended(self, days=0):
        """Publish a new edition of the process from a day on."""
        draft = self.process._amend(self.today + timedelta(days=days))
        draft.step_ids[1].name = "Thẩm tra hồ sơ"
        draft.action_publish()
        return draft

    def _task(self, page):
        return page.sudo().task_ids

    def test_a_change_gives_a_task_with_its_day(self):
        page = self._issued()
        self.assertFalse(page.to_update)
        self.system.update_days = 60
        process = self._amended(days=5)
        task = self._task(page)
        self.assertEqual(task.reason, "process")
        self.assertEqual(task.effective_date, process.valid_from)
        self.assertEqual(task.due_date, process.valid_from + timedelta(days=60))
        self.assertEqual(task.warning_date, process.valid_from + timedelta(days=45))
        self.assertEqual(task.user_id, self.secretary)
        self.assertEqual(page.process_id, process)
        self.assertTrue(page.to_update)

    def test_overdue_until_a_new_issue_is_approved(self):
        page = self._issued()
        self._amended()
        task = self._task(page)
        figures = self.tasks.with_user(self.head)._figures(self.commune)
        self.assertEqual((figures["open"], figures["overdue"]), (1, 0))
        self.env.cr.execute(
            "UPDATE cchc_iso_update_task SET due_date = %s, warning_date = %s "
            "WHERE id = %s",
            (self.today - timedelta(days=1), self.today - timedelta(days=30), task.id),
        )
        self.env.invalidate_all()
        self.assertEqual(task.urgency, "overdue")
        self.assertEqual(
            self.tasks.with_user(self.member).search(
                [("urgency", "=", "overdue"), ("page_id", "=", page.id)]
            ),
            task.with_user(self.member),
        )
        figures = self.tasks.with_user(self.head)._figures(self.commune)
        self.assertEqual(figures["overdue"], 1)
        issue = self._issue(page)
        self.assertEqual(task.draft_state, "draft")
        self.assertEqual(task.state, "open")
        self._approve(issue)
        self.assertEqual(task.state, "done")
        self.assertEqual(task.done_issue_id, issue)
        self.assertFalse(page.to_update)

    def test_a_new_version_of_the_procedure_asks_too(self):
        page = self._issued()
        first = page.issue_id
        version = self.procedure.version_ids._amend(self.today)
        version.document_ids[0].name = "Tờ khai mẫu mới"
        version.action_publish()
        task = self._task(page)
        self.assertEqual(len(task), 1)
        self.assertEqual(task.version_id, version)
        self.assertEqual(page.process_id.version_id, version)
        self._approve(self._issue(page))
        self.assertEqual(task.state, "done")
        self.assertIn("Tờ khai mẫu mới", page.issue_id.content)
        self.assertNotIn("Tờ khai mẫu mới", first.content)

    def test_an_issue_in_preparation_of_the_old_process_is_refused(self):
        page = self._issued()
        issue = self._issue(page)
        self._amended()
        with self._refused(UserError, "a process that is replaced"):
            issue.action_to_approve()
        issue.action_cancel()
        self._approve(self._issue(page))
        self.assertEqual(self._task(page).state, "done")

    def test_a_repealed_procedure_has_its_document_withdrawn(self):
        page = self._issued()
        self.procedure.repealed_from = self.today
        task = self._task(page)
        self.assertEqual(task.reason, "repealed")
        page.with_user(self.head)._cchc_withdraw(self.today, "TTHC bị bãi bỏ")
        self.assertEqual(task.state, "done")

    def test_a_second_change_keeps_the_earliest_day(self):
        page = self._issued()
        self._amended(days=5)
        task = self._task(page)
        due = task.due_date
        self.process = page.process_id.with_env(self.env)
        later = self._amended(days=20)
        self.assertEqual(len(page.sudo().task_ids), 1)
        self.assertEqual(task.due_date, due)
        self.assertEqual(task.process_id, later)

    def test_who_keeps_the_catalogue_need_not_know_the_quality_system(self):
        """Publishing, ending and repealing work for people without an ISO group."""
        page = self._issued()
        catalogue = self.catalogue
        self.assertFalse(catalogue.has_group("cchc_iso.group_viewer"))
        draft = self.process.with_user(catalogue)._amend(self.today)
        draft.action_publish()
        task = self._task(page)
        self.assertEqual((task.reason, task.process_id.id), ("process", draft.id))
        version = self.procedure.version_ids.with_user(catalogue)._amend(self.today)
        version.action_publish()
        self.assertEqual(task.version_id.id, version.id)
        page.sudo().process_id.with_user(catalogue).action_end()
        self.assertEqual(task.reason, "ended")
        self.procedure.with_user(catalogue).repealed_from = self.today
        self.assertEqual(task.reason, "repealed")
        self.assertEqual(len(page.sudo().task_ids), 1)

    def test_nobody_closes_a_task_by_hand(self):
        page = self._issued()
        self._amended()
        task = self._task(page)
        for user in (self.secretary, self.iso_manager, self.env.user):
            for values in ({"state": "done"}, {"due_date": "2099-01-01"}):
                with self._refused(UserError, "."):
                    task.with_user(user).write(values)
        with self._refused(Exception, "."):
            task.with_user(self.iso_manager).unlink()
        task.with_user(self.secretary).write({"note": "Chờ quyết định"})

    def test_the_secretary_gets_one_activity(self):
        page = self._issued()
        self._amended()
        task = self._task(page)
        self.tasks._make_activities()
        self.tasks._make_activities()
        self.env.invalidate_all()
        activity = task.activity_ids
        self.assertEqual(activity.user_id, self.secretary)
        self.assertEqual(activity.date_deadline, task.due_date)
        self._approve(self._issue(page))
        self.assertFalse(task.activity_ids)

    def test_publishing_many_processes_stays_quick(self):
        """The queries of the tasks do not grow with the number of processes."""
        processes = self.process
        for number in range(6):
            procedure = self._new_procedure(f"9.81000{number}", f"Thủ tục {number}")
            processes |= procedure.version_ids.process_ids
        for process in processes:
            self._issued(process)
        drafts = processes.browse().union(
            *(process._amend(self.today) for process in processes)
        )
        drafts._unsealed().write({"state": "published"})
        drafts._supersede_earlier()
        few, many = drafts[:2], drafts[2:]
        self._count(few)
        self.assertLessEqual(self._count(many), self._count_of_few + 3)

    def _count(self, processes):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        tasks = self.tasks._note_processes(processes)
        self.env.flush_all()
        spent = self.env.cr.sql_log_count - before
        self.assertEqual(len(tasks), len(processes))
        if not hasattr(self, "_count_of_few"):
            self._count_of_few = spent
        return spent
