"""The project's own files: commands the README names exist, the environment agrees, locks hold no addresses."""

import re
import subprocess
import tomllib

import pytest
import yaml


@pytest.fixture(scope="module")
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_readmes_begin_with_the_two_commands(repository):
    for name in ("README.md", "README.zh.md"):
        head = "\n".join((repository / name).read_text(encoding="utf-8").splitlines()[:14])
        assert "make reports" in head, name
        assert "make test" in head, name


def test_every_make_target_the_readmes_name_exists(repository):
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    for name in ("README.md", "README.zh.md"):
        named = set(re.findall(r"^\s*make ([a-z]+)", (repository / name).read_text(encoding="utf-8"), re.M))
        assert named <= targets, name
        assert named


def test_every_command_the_readmes_name_exists(repository):
    from typer.main import get_command

    from riskmodels.cli import app

    command = get_command(app)
    for name in ("README.md", "README.zh.md"):
        for line in re.findall(r"^riskmodels ([a-z][^\n]*)", (repository / name).read_text(encoding="utf-8"), re.M):
            verb, *rest = line.split()
            assert verb in command.commands, line
            inner = getattr(command.commands[verb], "commands", None)
            known = inner[rest[0]] if inner else command.commands[verb]
            options = {o for p in known.params for o in p.opts}
            assert set(re.findall(r"--[a-z-]+", line)) <= options, line


def test_every_python_name_the_documents_use_is_public(repository):
    import riskmodels as rm

    for name in ("README.md", "README.zh.md", "docs/guide.md", "docs/validation.md"):
        used = set(re.findall(r"\brm\.([a-z_]+)", (repository / name).read_text(encoding="utf-8")))
        assert used <= set(rm.__all__), name
        assert used


def test_the_environment_file_agrees_with_the_project(repository, project):
    environment = yaml.safe_load((repository / "environment.yml").read_text(encoding="utf-8"))
    python = next(d for d in environment["dependencies"] if isinstance(d, str) and d.startswith("python"))
    assert environment["name"] == project["name"]
    assert python == f"python{project['requires-python']}"
    assert {"pip": ["-e ."]} in environment["dependencies"]


def test_the_locks_pin_every_dependency_with_hashes_and_no_address(repository, project):
    for name, wanted in {
        "requirements.lock": project["dependencies"],
        "requirements-test.lock": project["dependencies"] + project["optional-dependencies"]["test"],
    }.items():
        lock = (repository / name).read_text(encoding="utf-8")
        assert "://" not in lock
        pinned = {m.lower() for m in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.M)}
        names = {re.split(r"[\[<>=]", d)[0].lower() for d in wanted} - {project["name"]}
        assert names <= pinned
        assert lock.count("--hash=sha256:") > len(pinned)


def test_nothing_of_this_machine_is_tracked(repository):
    if not (repository / ".git").exists():
        pytest.skip("not a git checkout: no list of tracked files")
    tracked = subprocess.run(
        ["git", "grep", "-lIF", "-e", f"{repository.parent}/"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tracked.stdout == ""
