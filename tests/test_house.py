"""Documents, manifest and code agree, and nothing is committed that should not be."""

import inspect
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from billing import records
from billing.slots import SLOTS
from bot.practice_file import PracticeFileTrouble, records_in
from bot.settings import Settings

FORBIDDEN = (
    "py" + "pi.org",
    "python" + "hosted",
    "npm" + "js.org",
    "registry." + "npm",
    "deb." + "debian",
    "/" + "work/",
    "/ro" + "ot/",
)


def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [root / name for name in listed.stdout.splitlines()]


def test_no_registry_host_and_no_machine_path_is_committed(root: Path) -> None:
    found = [
        (path.name, word)
        for path in tracked(root)
        if path.is_file()
        for word in FORBIDDEN
        if word in path.read_text(encoding="utf-8", errors="ignore")
    ]

    assert found == []


def test_every_noun_is_in_the_glossary(root: Path) -> None:
    glossary = (root / "docs/glossary.md").read_text(encoding="utf-8")
    ours = [n for n, c in inspect.getmembers(records, inspect.isclass) if c.__module__ == "billing.records"]
    enums_and_ids = {
        "Mode",
        "ServiceKind",
        "Progress",
        "RiskKind",
        "RiskStatus",
        "Name",
        "SourceKind",
        "Role",
        "LineState",
    }
    parts = {"Address", "Schedule"}

    missing = [n for n in ours if f"`{n}`" not in glossary and n not in enums_and_ids | parts]

    assert missing == []


def test_every_slot_says_what_it_means() -> None:
    assert [s.name for s in SLOTS.values() if not s.means] == []


def test_the_readmes_commands_and_links_are_there(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    makefile = (root / "Makefile").read_text(encoding="utf-8")

    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in re.findall(r"make (\w+)", readme))
    assert [link for link in re.findall(r"\]\(([^)]+)\)", readme) if not (root / link).exists()] == []
    assert "make test" in (root / ".ci/run").read_text(encoding="utf-8")


def test_every_setting_is_documented(root: Path) -> None:
    doc = (root / "docs/slack.md").read_text(encoding="utf-8")

    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in doc] == []


def test_the_manifest_declares_what_the_listeners_hear(root: Path) -> None:
    manifest = yaml.safe_load((root / "manifest.yml").read_text(encoding="utf-8"))
    listeners = "\n".join(p.read_text(encoding="utf-8") for p in (root / "bot/listeners").glob("*.py"))

    events = {e.split(".")[0] for e in manifest["settings"]["event_subscriptions"]["bot_events"]}
    heard = set(re.findall(r'app\.event\("(\w+)"\)', listeners))
    commands = {c["command"] for c in manifest["features"]["slash_commands"]}
    typed = set(re.findall(r'app\.command\("([^"]+)"\)', listeners))

    assert events == heard
    assert commands == typed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[practice", "not valid TOML"),
        ("[clinics]\na = 1", "[clinics]"),
        ('[practice]\nname = "A"', "[practice], timezone"),
        ('[practice]\nname = "A"\ntimezone = "UTC"\nfax = "1"', "“fax”"),
        ('[practice]\nname="A"\ntimezone="UTC"\n[[group]]\nid="g"\nname="G"\nleader="nobody"', "“nobody”"),
    ],
)
def test_a_practice_file_says_where_it_cannot_be_read(text: str, says: str) -> None:
    with pytest.raises(PracticeFileTrouble, match=re.escape(says)):
        records_in(text)
