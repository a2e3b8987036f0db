"""The package of process records that an outside auditor takes along; no ORM here.

A zip with a manifest that names every file by its SHA-256, the chains, and a verifier
for plain Python. The zip itself ends with the hash of all its other bytes, so that one
flipped anywhere is found.
"""

import hashlib
import json
import zipfile
from pathlib import Path

FORMAT = "cchc-process-records-package/1"
#: Same bytes whenever it is packed.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_COMMENT = "sha256:{}"
_SHIPPED = Path(__file__).parent / "package"


class Package:
    """Writes a package into an open binary file, which it reads again to seal it.

    :param stream: seekable binary file
    :param dict about: what the manifest says of the export (who, when, which records)
    """

    def __init__(self, stream, about):
        self.stream = stream
        self.manifest = {
            "format": FORMAT,
            **about,
            "chains": [],
            "records": [],
            "files": {},
        }
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        for name in ("README.txt", "verify.py"):
            self.add(name, (_SHIPPED / name).read_bytes())

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.zip.close()

    def add(self, name, content):
        """Add a file; its hash stands in the manifest."""
        self.manifest["files"][name] = hashlib.sha256(content).hexdigest()
        self._write(name, content)

    def add_record(self, entry, files):
        """Add a record.

        :param dict entry: ``path`` (without ending), ``agency_id``, ``year``,
            ``number``, ``code``, ``kind``, ``previous_sha256`` and ``sha256``
        :param dict files: ``{ending: bytes}``, ``json`` and ``xml`` at least
        """
        self.manifest["records"].append(entry)
        for ending, content in files.items():
            self.add(f"{entry['path']}.{ending}", content)

    def close(self, chains):
        """Write manifest and seal.

        :param list chains: dicts with ``agency_id``, ``agency_code``, ``agency``,
            ``year``, ``last_number``, ``last_sha256`` and ``hashes`` of all its records
        """
        self.manifest["chains"] = chains
        content = json.dumps(
            self.manifest, ensure_ascii=False, indent=1, sort_keys=True
        ).encode()
        self._write("manifest.json", content)
        seal = f"{hashlib.sha256(content).hexdigest()}  manifest.json\n"
        self._write("manifest.sha256", seal.encode())
        self.zip.comment = _COMMENT.format("0" * 64).encode()
        self.zip.close()
        self._seal()

    def _write(self, name, content):
        info = zipfile.ZipInfo(name, _MOMENT)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self.zip.writestr(info, content)

    def _seal(self):
        """Put the hash of all other bytes into the comment at the end of the zip."""
        length = len(_COMMENT.format("0" * 64))
        left = self.stream.seek(0, 2) - length
        self.stream.seek(0)
        digest = hashlib.sha256()
        while left:
            chunk = self.stream.read(min(left, 1 << 20))
            digest.update(chunk)
            left -= len(chunk)
        self.stream.seek(-length, 2)
        self.stream.write(_COMMENT.format(digest.hexdigest()).encode())
        self.stream.seek(0)
