import importlib.util
import io
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, Form, tagged

from odoo.addons.cchc_onestop.tools import ledger

from ..tools import record_package, record_schema
from .test_record import RecordCase

VERIFIER = Path(record_package.__file__).parent / "package" / "verify.py"


def load_verifier():
    """Load the verifier as the plain file that it is."""
    spec = importlib.util.spec_from_file_location("cchc_package_verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify = load_verifier()


def run_verifier(*arguments, cwd):
    """Run it as an auditor does: no Odoo, no packages, another folder."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)],
        cwd=cwd,
        env={},
        capture_output=True,
        check=False,
        timeout=60,
    )


@tagged("post_install", "-at_install")
class TestRecordPackage(RecordCase):
    """A package is checked on any machine, and a flipped byte is found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        dossiers = case._lived() | case._lived() | case._lived()
        cls.records = case._record(dossiers)
        cls.content = case._packed()

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.zip = self.folder / "package.zip"
        self.zip.write_bytes(self.content)

    def _packed(self, user=None, **params):
        records = self.env["cchc.iso.record"].with_user(user or self.secretary)
        name, content = records._job_package(
            {
                "company_id": self.commune.id,
                "date_from": "2026-05-01",
                "date_to": "2026-05-31",
                **params,
            },
            lambda _done, _total: None,
        )
        self.assertEqual(name, "ho_so_qua_trinh_H50.21_20260501_20260531.zip")
        return content

    def _unpacked(self):
        folder = self.folder / "unpacked"
        with zipfile.ZipFile(self.zip) as package:
            package.extractall(folder)
        return folder

    def test_the_package_verifies_without_odoo(self):
        done = run_verifier(VERIFIER, self.zip, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("NGUYÊN VẸN: 3 hồ sơ", done.stdout.decode())
        self.assertIn(self.records[-1].sha256, done.stdout.decode())
        unpacked = self._unpacked()
        done = run_verifier("verify.py", cwd=unpacked)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_flipped_byte_in_any_file_is_found_and_named(self):
        folder = self._unpacked()
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.name == "verify.py":
                continue
            content = path.read_bytes()
            for position in (0, len(content) // 2, len(content) - 1):
                flipped = bytearray(content)
                flipped[position] ^= 1
                path.write_bytes(flipped)
                with self.assertRaises(verify.Broken, msg=path.name):
                    verify.verify(folder)
            path.write_bytes(content)
        verify.verify(folder)
        named = folder / "records" / "H50.21" / "2026" / "000002.json"
        named.write_bytes(named.read_bytes().replace(b"Handler", b"Handles"))
        done = run_verifier("verify.py", cwd=folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("records/H50.21/2026/000002.json", done.stdout.decode())

    def test_a_flipped_byte_anywhere_in_the_zip_is_found(self):
        content = self.zip.read_bytes()
        for position in range(0, len(content), max(1, len(content) // 150)):
            flipped = bytearray(content)
            flipped[position] ^= 4
            self.zip.write_bytes(flipped)
            with self.assertRaises(verify.Broken):
                verify.verify(self.zip)

    def test_with_a_pdf_of_each_record(self):
        """Drawn, named in the manifest and linked; a flipped byte of one is found."""
        # Tests draw no PDF unless they ask for it.
        self.env = self.env(context={"force_report_rendering": True})
        self.zip.write_bytes(self._packed(with_pdf=True))
        verify.verify(self.zip)
        folder = self._unpacked()
        index = (folder / "index.html").read_text()
        files = json.loads((folder / "manifest.json").read_text())["files"]
        for number in (1, 2, 3):
            path = f"records/H50.21/2026/{number:06d}.pdf"
            self.assertTrue((folder / path).read_bytes().startswith(b"%PDF-"))
            self.assertIn(path, files)
            self.assertIn(f'href="{path}"', index)
        drawn = folder / "records" / "H50.21" / "2026" / "000002.pdf"
        content = bytearray(drawn.read_bytes())
        content[len(content) // 2] ^= 1
        drawn.write_bytes(content)
        with self.assertRaisesRegex(verify.Broken, "000002.pdf"):
            verify.verify(folder)

    def test_removed_added_and_rewritten_files(self):
        folder = self._unpacked()
        extra = folder / "records" / "more.html"
        extra.write_text("x")
        with self.assertRaisesRegex(verify.Broken, "tệp lạ"):
            verify.verify(folder)
        extra.unlink()
        (folder / "index.html").unlink()
        with self.assertRaisesRegex(verify.Broken, "index.html: thiếu tệp"):
            verify.verify(folder)

    def test_a_package_made_anew_after_an_edit_is_told_by_the_earlier_one(self):
        """The office rewrites a record with all that follows; an old package knows."""
        folder = self._unpacked()
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["chains"][0]["hashes"][1] = "a" * 64
        with self.assertRaisesRegex(verify.Broken, "000002/2026"):
            verify.check_earlier(verify.read_manifest(verify.Folder(folder)), manifest)
        done = run_verifier(VERIFIER, self.zip, "--earlier", self.zip, cwd=self.folder)
        self.assertEqual(done.returncode, 0)

    def test_a_record_altered_by_sql_shows_in_the_package(self):
        self.env.cr.execute(
            "UPDATE cchc_iso_record SET payload = replace(payload, 'Handler', 'Other')"
            " WHERE id = %s",
            (self.records[1].id,),
        )
        self.env.invalidate_all()
        self.zip.write_bytes(self._packed())
        with self.assertRaisesRegex(verify.Broken, "000002/2026.*mã băm"):
            verify.verify(self.zip)

    def test_part_of_the_records(self):
        other = self._new_procedure("9.800077", "Thủ tục khác")
        dossier = self._lived(procedure=other)
        self._record(dossier)
        self.zip.write_bytes(self._packed(procedure_ids=other.ids))
        manifest = verify.verify(self.zip)
        self.assertEqual([r["number"] for r in manifest["records"]], [4])
        self.assertEqual(len(manifest["chains"][0]["hashes"]), 4)

    def test_xml_follows_its_schema_and_says_the_same(self):
        folder = self._unpacked()
        schema = etree.XMLSchema(etree.parse(str(folder / "process-record.xsd")))
        for path in folder.rglob("*.xml"):
            schema.assertValid(etree.parse(str(path)))
            payload = json.loads(path.with_suffix(".json").read_text())
            self.assertEqual(set(payload), set(record_schema.PAYLOAD))

    def test_every_export_is_noted(self):
        noted = self.env["cchc.iso.record.package"].with_user(self.head).search([])
        self.assertEqual(noted[0].user_id, self.secretary)
        self.assertEqual(noted[0].record_count, 3)

    def test_who_exports(self):
        with self._refused(AccessError, "Process Record"):
            self._packed(user=self.member)
        with self._refused(UserError, "No process record"):
            self._packed(date_from="2020-01-01", date_to="2020-01-31")

    def test_the_wizard_asks_for_the_job(self):
        form = Form(self.env["cchc.iso.record.export"].with_user(self.secretary))
        form.date_from, form.date_to = "2026-05-01", "2026-05-31"
        self.assertEqual(form.record_count, 3)
        action = form.save().action_export()
        job = self.env["cchc.job"].browse(action["res_id"])
        self.assertEqual((job.method, job.user_id), ("package", self.secretary))


def fill(parts, chosen, texts):
    """Return payload parts that follow the schema, of any values.

    :param chosen: source of chance
    :param texts: what people may have typed
    """
    values = {
        record_schema.INTEGER: lambda: chosen.randint(-(10**12), 10**12),
        record_schema.BOOLEAN: lambda: chosen.random() < 0.5,
        record_schema.MOMENT: lambda: f"2026-0{chosen.randint(1, 9)}-11T08:30:00Z",
        record_schema.DATE: lambda: f"2026-0{chosen.randint(1, 9)}-11",
        record_schema.HASH: lambda: f"{chosen.getrandbits(256):064x}",
        record_schema.TEXT: lambda: chosen.choice(texts),
    }
    result = {}
    for name, kind in parts.items():
        if isinstance(kind, record_schema.Several):
            count = chosen.randint(0, 2)
            result[name] = [fill(kind.parts, chosen, texts) for _each in range(count)]
        elif isinstance(kind, dict):
            result[name] = fill(kind, chosen, texts)
        else:
            result[name] = values[kind]()
    return result


@tagged("post_install", "-at_install")
class TestRecordForms(BaseCase):
    """The canonical form, the XML and the zip hold whatever people type."""

    @settings(max_examples=40, deadline=None, suppress_health_check=HealthCheck)
    @given(st.integers(0), st.lists(st.text(), min_size=1, max_size=5))
    def test_any_payload_survives_canonical_form_and_xml(self, seed, texts):
        payload = fill(record_schema.PAYLOAD, random.Random(seed), texts)
        content = ledger.canonical(payload)
        self.assertEqual(json.loads(content), payload)
        self.assertEqual(verify.canonical(json.loads(content)), content)
        xml = record_schema.to_xml(payload, ledger.GENESIS, "a" * 64)
        verify.check_xml(xml, payload, "hồ sơ")

    @settings(max_examples=60, deadline=None, suppress_health_check=HealthCheck)
    @given(
        st.dictionaries(st.sampled_from("abcdef"), st.binary(max_size=99), max_size=4),
        st.data(),
    )
    def test_any_flipped_bit_of_a_zip_is_found(self, files, data):
        stream = io.BytesIO()
        package = record_package.Package(stream, {})
        for name, content in files.items():
            package.add(name, content)
        package.close([])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "package.zip"
            content = bytearray(stream.getvalue())
            path.write_bytes(content)
            verify.verify(path)
            position = data.draw(st.integers(0, len(content) - 1))
            content[position] ^= 1 << data.draw(st.integers(0, 7))
            path.write_bytes(content)
            with self.assertRaises(verify.Broken):
                verify.verify(path)
