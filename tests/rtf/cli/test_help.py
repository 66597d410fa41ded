from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from rtf.cli import cli
from rtf.cli.arguments import CommandGroup
from tests.rtf.cli.shell import rtf_in


def commands(group: CommandGroup, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield (*path, name), command
            if isinstance(command, CommandGroup):
                yield from commands(command, (*path, name))


assert isinstance(cli, CommandGroup)
ALL = dict(commands(cli))


@pytest.mark.parametrize("flag", ["-help", "--help", "-h"])
@pytest.mark.parametrize("path", [pytest.param(path, id=" ".join(path)) for path in ALL])
def test_help_of_a_command_names_every_flag_and_what_it_is_for(
    tmp_path: Path, path: tuple[str, ...], flag: str
) -> None:
    run = rtf_in(tmp_path, *path, flag)
    assert (run.status, run.err) == (0, "")
    assert run.out.startswith(f"Usage: rtf [global options] {' '.join(path)}")
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in run.out
            assert parameter.help


@pytest.mark.parametrize("arguments", [["-help"], []])
def test_help_names_every_command_with_a_line(tmp_path: Path, arguments: list[str]) -> None:
    run = rtf_in(tmp_path, *arguments)
    assert run.status == (0 if arguments else 1)
    for path, command in ALL.items():
        assert path[0] in run.out
        assert command.short_help
        assert command.help


def test_a_flag_is_written_with_one_dash() -> None:
    for command in ALL.values():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(name.startswith("-") and not name.startswith("--") for name in parameter.opts)


def test_each_command_has_a_file_of_its_own() -> None:
    assert isinstance(cli, CommandGroup)
    for name, module in cli.modules.items():
        assert import_module(module).command.name in (name, "command")
