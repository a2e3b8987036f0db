#!/usr/bin/env python3
"""Kiểm tra gói hồ sơ quá trình: không cần Odoo, không cần thư viện ngoài.

    python3 verify.py                    kiểm tra thư mục chứa tệp này
    python3 verify.py GÓI.zip            kiểm tra gói còn nén
    python3 verify.py GÓI.zip --earlier GÓI_CŨ.zip
                                         và so với một gói xuất trước đó

Chạy được với Python 3.8 trở lên. Mã thoát 0: nguyên vẹn; 1: có chỗ bị sửa (dòng cuối
nêu chỗ đầu tiên); 2: không đọc được gói.
"""

import argparse
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

FORMAT = "cchc-process-records-package/1"
GENESIS = "0" * 64
#: Sealed last, so it is not among the files that the manifest names.
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
#: What a file manager leaves in a folder by itself.
_LEFT = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_COMMENT = b"sha256:"
_COMMENT_LENGTH = len(_COMMENT) + 64
#: What XML cannot hold stands there as U+FFFD.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Broken(Exception):
    """The first thing that is not as it was exported."""


class Folder:
    """Files of a package in a folder."""

    def __init__(self, path):
        self.path = path

    def names(self):
        return {
            found.relative_to(self.path).as_posix()
            for found in self.path.rglob("*")
            if found.is_file()
            and found.name not in _LEFT
            and "__pycache__" not in found.parts
        }

    def read(self, name):
        return (self.path / name).read_bytes()


class Zip:
    """Files of a package that is still packed; its own bytes are sealed as well."""

    def __init__(self, path):
        content = path.read_bytes()
        body, comment = content[:-_COMMENT_LENGTH], content[-_COMMENT_LENGTH:]
        wanted = _COMMENT + hashlib.sha256(body).hexdigest().encode()
        if comment != wanted:
            raise Broken(f"tệp nén {path.name}: mã băm của cả tệp không khớp")
        self.file = zipfile.ZipFile(str(path))

    def names(self):
        return set(self.file.namelist())

    def read(self, name):
        return self.file.read(name)


def digest(content):
    return hashlib.sha256(content).hexdigest()


def open_package(path):
    """Return the package at a path (a folder or a zip)."""
    return Folder(path) if path.is_dir() else Zip(path)


def read_manifest(package):
    """Return the manifest after checking its seal."""
    names = package.names()
    for name in (MANIFEST, SEAL):
        if name not in names:
            raise Broken(f"thiếu tệp {name}")
    content = package.read(MANIFEST)
    if package.read(SEAL) != f"{digest(content)}  {MANIFEST}\n".encode():
        raise Broken(f"{MANIFEST}: mã băm không khớp với {SEAL}")
    manifest = json.loads(content.decode("utf-8"))
    if manifest.get("format") != FORMAT:
        raise Broken(f"{MANIFEST}: không đúng định dạng {FORMAT}")
    return manifest


def check_files(package, manifest):
    """Every file is there, as it was, and none was added."""
    wanted = manifest["files"]
    present = package.names() - {MANIFEST, SEAL}
    for name in sorted(set(wanted) | present):
        if name not in wanted:
            raise Broken(f"{name}: tệp lạ, không có trong bảng kê")
        if name not in present:
            raise Broken(f"{name}: thiếu tệp")
        if digest(package.read(name)) != wanted[name]:
            raise Broken(f"{name}: nội dung đã bị sửa")


def check_chains(manifest):
    """Return ``{(agency, year): hashes}``; each chain ends where it says."""
    chains = {}
    for chain in manifest["chains"]:
        hashes = chain["hashes"]
        what = "chuỗi {} năm {}".format(chain["agency"], chain["year"])
        if len(hashes) != chain["last_number"]:
            raise Broken(f"{what}: thiếu hoặc thừa hồ sơ")
        if (hashes[-1] if hashes else GENESIS) != chain["last_sha256"]:
            raise Broken(f"{what}: mã băm cuối chuỗi không khớp")
        chains[chain["agency_id"], chain["year"]] = hashes
    return chains


def check_record(package, entry, chains):
    """A record has the hash of its content and its place in the chain."""
    what = "hồ sơ quá trình {:06d}/{} ({})".format(
        entry["number"], entry["year"], entry["code"]
    )
    content = package.read(entry["path"] + ".json")
    sealed = digest(entry["previous_sha256"].encode() + b"\n" + content)
    if sealed != entry["sha256"]:
        raise Broken(f"{what}: nội dung không khớp mã băm")
    payload = json.loads(content.decode("utf-8"))
    if canonical(payload) != content:
        raise Broken(f"{what}: không phải dạng chuẩn")
    own = payload["record"]
    told = (own["company_id"], own["year"], own["number"], own["code"])
    listed = (entry["agency_id"], entry["year"], entry["number"], entry["code"])
    if told != listed:
        raise Broken(f"{what}: số hoặc mã khác với nội dung")
    hashes = chains.get((entry["agency_id"], entry["year"]), [])
    number = entry["number"]
    if not 0 < number <= len(hashes) or hashes[number - 1] != entry["sha256"]:
        raise Broken(f"{what}: không có trong chuỗi")
    before = hashes[number - 2] if number > 1 else GENESIS
    if before != entry["previous_sha256"]:
        raise Broken(f"{what}: không nối tiếp hồ sơ đứng trước")
    check_xml(package.read(entry["path"] + ".xml"), payload, what)


def canonical(payload):
    """Return the canonical JSON that was hashed."""
    text = json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode("utf-8")


def check_xml(content, payload, what):
    """The XML says the same as the content that was hashed."""
    root = ElementTree.fromstring(content)
    if sorted(xml_leaves(root, ())) != sorted(json_leaves(payload, ())):
        raise Broken(f"{what}: tệp XML nói khác với nội dung")


def xml_leaves(element, path):
    """Yield ``(path, text)`` of the leaves of an XML tree."""
    children = list(element)
    if not children:
        if element.get("empty") != "list":
            yield path, element.text or ""
        return
    for index, child in enumerate(children):
        tag = child.tag.rsplit("}", 1)[-1]
        step = index if element.get("list") == "true" else tag
        yield from xml_leaves(child, path + (str(step),))


def json_leaves(value, path):
    """Yield ``(path, text)`` of the leaves of a payload."""
    if isinstance(value, dict):
        for key, part in value.items():
            for leaf in json_leaves(part, path + (key,)):
                yield leaf
    elif isinstance(value, list):
        for index, part in enumerate(value):
            for leaf in json_leaves(part, path + (str(index),)):
                yield leaf
    elif value is True or value is False:
        yield path, "true" if value else "false"
    elif value is not None:
        yield path, _NOT_XML.sub("\ufffd", str(value))


def check_earlier(manifest, earlier):
    """What an earlier package saw in the chains still stands there."""
    now = {
        (chain["agency_id"], chain["year"]): chain["hashes"]
        for chain in manifest["chains"]
    }
    for chain in earlier["chains"]:
        hashes = now.get((chain["agency_id"], chain["year"]))
        if hashes is None:
            continue
        for index, sha256 in enumerate(chain["hashes"]):
            if index >= len(hashes) or hashes[index] != sha256:
                raise Broken(
                    "hồ sơ quá trình {:06d}/{}: khác với gói xuất trước".format(
                        index + 1, chain["year"]
                    )
                )


def verify(path, earlier=None):
    """Check a package and return its manifest.

    :raises Broken: naming the first thing that is not as it was exported
    """
    package = open_package(path)
    manifest = read_manifest(package)
    check_files(package, manifest)
    chains = check_chains(manifest)
    for entry in manifest["records"]:
        check_record(package, entry, chains)
    if earlier:
        check_earlier(manifest, read_manifest(open_package(earlier)))
    return manifest


def main(arguments=None):
    """Check the package that the command line names; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", nargs="?", type=Path)
    parser.add_argument("--earlier", type=Path)
    options = parser.parse_args(arguments)
    path = options.package or Path(__file__).resolve().parent
    try:
        manifest = verify(path, options.earlier)
    except Broken as broken:
        sys.stdout.write(f"KHÔNG NGUYÊN VẸN: {broken}\n")
        return 1
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        ElementTree.ParseError,
        zipfile.BadZipFile,
    ) as error:
        sys.stdout.write(f"KHÔNG ĐỌC ĐƯỢC GÓI: {error!r}\n")
        return 2
    sys.stdout.write(
        "NGUYÊN VẸN: {} hồ sơ quá trình, {} tệp.\n".format(
            len(manifest["records"]), len(manifest["files"])
        )
    )
    for chain in manifest["chains"]:
        sys.stdout.write(
            "Chuỗi {} năm {}: {} hồ sơ, mã băm cuối {}\n".format(
                chain["agency"],
                chain["year"],
                chain["last_number"],
                chain["last_sha256"],
            )
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
