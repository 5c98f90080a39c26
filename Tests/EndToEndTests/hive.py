"""Registry hives as Windows keeps them in files: made from nothing, changed and read by programs that are not ours."""

import struct
import subprocess

from regipy.registry import RegistryHive

# Where nothing is meant.
NONE = 0xFFFF_FFFF
BIN_BYTES = 4_096
# What the hive file SOFTWARE is below.
PREFIX = r"HKEY_LOCAL_MACHINE\SOFTWARE"
MSO = r"\Microsoft\Windows Server\MSO"
# What reged answers when it has changed a hive and saved it.
REGED_CHANGED = 2


def _cell(content):
    """A cell in use: its size, negative, and padding to eight bytes."""
    size = (4 + len(content) + 7) // 8 * 8
    return struct.pack("<i", -size) + content.ljust(size - 4, b"\0")


def _security_descriptor():
    """Self-relative: the administrators own it, and they alone may do anything."""
    administrators = bytes.fromhex("01020000000000052000000020020000")
    entry = struct.pack("<BBHI", 0, 2, 8 + len(administrators), 0xF003F) + administrators
    access_list = struct.pack("<BBHHH", 2, 0, 8 + len(entry), 1, 0) + entry
    start = 20
    owner = start + len(access_list)
    head = struct.pack("<BBHIIII", 1, 0, 0x8004, owner, owner + len(administrators), 0, start)
    return head + access_list + administrators * 2


def _root_key(security_offset):
    name = b"ROOT"
    key = struct.pack("<2sHQII", b"nk", 0x2C, 0, 0, NONE)
    key += struct.pack("<IIIIIIII", 0, 0, NONE, NONE, 0, NONE, security_offset, NONE)
    return key + struct.pack("<IIIIIHH", 0, 0, 0, 0, 0, len(name), 0) + name


def make(path):
    """Writes a hive with a root key and nothing else, in format 1.3."""
    root_offset = 32
    security_offset = root_offset + len(_cell(_root_key(0)))
    descriptor = _security_descriptor()
    security = struct.pack("<2sHIIII", b"sk", 0, security_offset, security_offset, 1, len(descriptor)) + descriptor
    cells = _cell(_root_key(security_offset)) + _cell(security)
    free = BIN_BYTES - root_offset - len(cells)
    cells += struct.pack("<i", free).ljust(free, b"\0")
    base = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 3, 0, 1, root_offset, BIN_BYTES, 1)
    base = (base + "SOFTWARE".encode("utf-16-le").ljust(64, b"\0")).ljust(508, b"\0")
    checksum = 0
    for (word,) in struct.iter_unpack("<I", base):
        checksum ^= word
    header = struct.pack("<4sIIQQI", b"hbin", 0, BIN_BYTES, 0, 0, 0)
    path.write_bytes((base + struct.pack("<I", checksum)).ljust(4_096, b"\0") + header + cells)
    return path


def _run(*arguments, expected=0):
    done = subprocess.run(list(map(str, arguments)), capture_output=True, timeout=60, check=False)
    assert done.returncode == expected, (arguments, done.returncode, done.stdout[-600:], done.stderr[-600:])
    return done


def import_reg(hive, file):
    """Imports a .reg file as it is, by reged (Debian's chntpw)."""
    done = _run("reged", "-C", "-I", hive, PREFIX, file, expected=REGED_CHANGED)
    assert b"SUCCEEDED" in done.stdout


def merge_reg(hive, file):
    """Merges a .reg file by hivexregedit, which can delete values, as reged can't, and reads UTF-8 only."""
    text = file.with_suffix(".utf8.reg")
    text.write_text(file.read_bytes().decode("utf-16"), "utf-8", newline="")
    _run("hivexregedit", "--merge", "--prefix", PREFIX, hive, text)


def export_by_reged(hive, file):
    _run("reged", "-x", hive, PREFIX, "\\", file)
    return file


def export_by_hivex(hive, file):
    """Exports the key alone; strings come out in hexadecimal."""
    file.write_bytes(_run("hivexregedit", "--export", "--prefix", PREFIX, hive, MSO).stdout)
    return file


def values(hive):
    """The values of the module's key, as regipy reads them: data by name. All have to be strings."""
    found = list(RegistryHive(str(hive)).get_key(MSO).iter_values())
    assert {value.value_type for value in found} <= {"REG_SZ"}
    return {value.name: value.value for value in found}
