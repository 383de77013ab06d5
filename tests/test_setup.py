"""What a newcomer begins with: the locks, the examples, the closed network."""

from __future__ import annotations

import re
import socket
import tomllib
from collections.abc import Iterable
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.program import LISTED, Agent, Campaign, Program, Reward, load_program
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(name: str) -> dict[str, str]:
    """Library → all that the lock says of it, from its pin to its last hash."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    pins = [block for block in blocks if not block.startswith("#")]
    return {canonicalize_name(re.match(r"[\w.-]+", pin)[0]): pin for pin in pins}  # type: ignore[index]


def names(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def version(pin: str) -> str:
    return re.search(r"==(\S+)", pin)[1]  # type: ignore[index]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_library_is_pinned_with_its_hashes(name: str) -> None:
    pins = locked(name)
    assert len(pins) > 50
    bare = [
        library for library, pin in pins.items() if not re.match(r"\S+==\S+ .*\\\n +--hash=sha256:[0-9a-f]{64}", pin)
    ]
    assert bare == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    places = re.findall(r"\w+://\S*|--\w*index\S*|--find-links.*|(?<![\w-])/\w+/\S*", text)
    assert places == []


def test_running_and_working_use_the_same_versions() -> None:
    run, work = locked("requirements.lock"), locked("requirements-dev.lock")
    differing = {
        library for library, pin in run.items() if library not in work or version(work[library]) != version(pin)
    }
    assert differing == set()


def test_the_locks_satisfy_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.lock": project["project"]["dependencies"] + project["dependency-groups"]["build"],
        "requirements-dev.lock": project["project"]["optional-dependencies"]["dev"],
    }
    wrong = [
        text
        for name, texts in asked.items()
        for text, wish in zip(texts, map(Requirement, texts), strict=True)
        if not (pin := locked(name).get(canonicalize_name(wish.name))) or version(pin) not in wish.specifier
    ]
    assert wrong == []


def test_the_installed_project_is_the_one_in_the_checkout() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = {text for text in requires("afterword") or () if "extra ==" not in text}
    assert names(installed) == names(project["dependencies"])


def settings_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_settings_name_every_setting_and_no_other() -> None:
    assert set(settings_example()) == {name.upper() for name in Settings.model_fields}


def test_the_example_settings_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    example = Settings(_env_file=ROOT / ".env.example")
    assert example == Settings(_env_file=None)


def test_the_example_program_is_the_default_but_for_who_the_shop_is() -> None:
    program = load_program(ROOT / "program.example.toml")
    default = Program()
    same_shop = program.shop.model_copy(update={"name": default.shop.name, "contact": default.shop.contact})
    assert program.model_copy(update={"shop": same_shop}) == default
    assert program.shop.name != default.shop.name
    assert program.shop.contact


def test_the_example_program_names_every_value() -> None:
    text = (ROOT / "program.example.toml").read_text(encoding="utf-8")
    example = tomllib.loads(re.sub(r"(?m)^# (\w+ = |\[)", r"\1", text))
    values = {
        section: {field.alias or name for name, field in type(getattr(Program(), section)).model_fields.items()}
        for section in Program.model_fields
        if section not in LISTED
    }
    agents = {section: set(table) for section, table in example["agents"].items()}
    assert agents == {"telegram:12345": set(Agent.model_fields)}
    assert {section: set(table) for section, table in example.items() if section not in LISTED} == values
    assert set(example["campaign"][0]) == set(Campaign.model_fields)
    assert set(example["reward"][0]) == set(Reward.model_fields)
    Program.model_validate(example)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.com"])
def test_tests_reach_no_other_machine(host: str) -> None:
    with pytest.raises(RuntimeError, match="tests may not"):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_a_socket_connects_to_no_other_machine(family: socket.AddressFamily) -> None:
    address = "192.0.2.1" if family == socket.AF_INET else "2001:db8::1"
    with socket.socket(family, socket.SOCK_DGRAM) as open_socket, pytest.raises(RuntimeError, match="tests may not"):
        open_socket.connect((address, 80))


def test_tests_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
