"""Prepares ./.venv from requirements.lock. Standard library only; safe to interrupt and to run twice at once.

The environment is complete when its stamp equals the hash of the lock, of this script and of this
Python; anything else is built anew from the start, so a half-made environment is never used.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "ready"
INPUTS = ("requirements.lock", ".ci/setup.py")


def fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_venv() -> Path:
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
    if made.returncode != 0:
        sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
    return VENV / "bin" / "python"


def install(python: Path) -> None:
    """Every file must match a hash in the lock. A `.pth` file stands in for building the project itself, which
    would need an unpinned build backend; the `circlenote` script is three lines.
    """
    uv = shutil.which("uv")
    installer = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    quiet = ["--quiet"] if uv else ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*installer, *quiet, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    site = next((VENV / "lib").glob("python3.*")) / "site-packages"
    (site / "circlenote.pth").write_text(f"{ROOT}\n")
    script = VENV / "bin" / "circlenote"
    script.write_text(f"#!{python}\nfrom bot.__main__ import main\n\nmain()\n")
    script.chmod(0o755)


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - runs under whatever Python there is
        sys.exit(f"Circlenote needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    os.chdir(ROOT)
    with open(ROOT / ".setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        want = fingerprint()
        if STAMP.exists() and STAMP.read_text() == want:
            return
        print("Setting up .venv (about half a minute, once) ...", flush=True)
        install(make_venv())
        STAMP.write_text(want)


if __name__ == "__main__":
    main()
