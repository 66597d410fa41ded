"""Terraform's way of writing flags, on top of click: `-x=v`, `-x v`, `--x`, and `-x=false` for switches.

click knows `--x` and `-x` as different things and ends a usage error with status 2, which in this field means
"there are changes"; both are put right here.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

import click

GIVEN = "rtf.given"
"""Under this name a command's context has the options that take values, with their values, in the order given."""


class TooManyArguments(click.UsageError):
    """Raised when more words are given than a command takes, or one that can only be a word too many."""


class Command(click.Command):
    """A command whose flags are written as Terraform writes them."""

    allow_extra_args = True  # only so that they are reported here

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Rewrite the flags for click, then let it do its work."""
        try:
            extra = super().parse_args(ctx, list(_rewritten(self, ctx, args, stop_at_word=False)))
        except click.UsageError as problem:
            problem.ctx = problem.ctx or ctx  # click does not always say whose mistake it is
            raise
        if extra and not ctx.resilient_parsing:
            words = "argument" if len(extra) == 1 else "arguments"
            raise TooManyArguments(f"Got unexpected extra {words}: {' '.join(extra)}", ctx)
        return extra

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line as Terraform's users know it."""
        pieces = ["[options]", *(piece for piece in self.collect_usage_pieces(ctx) if piece != "[OPTIONS]")]
        formatter.write_usage(_usage_path(ctx), " ".join(pieces))


class CommandGroup(click.Group):
    """A command with commands inside, each imported when it is called."""

    def __init__(self, *args: Any, modules: dict[str, str] | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.modules = modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands in the order of the help."""
        return [*self.modules, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        if cmd_name not in self.modules:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(self.modules[cmd_name]).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Rewrite the flags before the command's name, then let click do its work."""
        return super().parse_args(ctx, list(_rewritten(self, ctx, args, stop_at_word=True)))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the one that was probably meant."""
        from engine.diagnostics import did_you_mean

        name = args[0] if args else ""
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing:  # completion must not end with an error
            hint = did_you_mean(name, self.list_commands(ctx))
            known = f'{ctx.info_name} has no command named "{name}".'
            if ctx.parent is None:
                known = f'Terraform has no command named "{name}", and neither has rtf.'
            raise click.UsageError(known + hint, ctx)
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line as Terraform's users know it."""
        words = "<subcommand> [options] [args]" if ctx.parent is not None else "[global options] <subcommand> [args]"
        formatter.write_usage(_usage_path(ctx), words)


def _usage_path(ctx: click.Context) -> str:
    """Return the words before the options of a command; global options stand before its name."""
    program, *words = ctx.command_path.split()
    return " ".join([program, "[global options]", *words]) if words else program


def _rewritten(command: click.Command, ctx: click.Context, args: Sequence[str], *, stop_at_word: bool) -> Iterator[str]:
    """Yield the arguments with each flag in the one form that click was told of."""
    options = {
        name: option
        for option in command.get_params(ctx)
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }
    rest = iter(args)
    for argument in rest:
        if argument == "--" or (stop_at_word and not argument.startswith("-")):
            yield argument
            yield from rest
            return
        if not argument.startswith("-") or argument == "-":
            yield argument
            continue
        name, equals, value = argument.partition("=")
        name = f"-{name.lstrip('-')}"
        option = options.get(name)
        if option is None and ctx.resilient_parsing:
            continue
        if option is None:
            raise click.NoSuchOption(name, possibilities=_similar(name, options), ctx=ctx)
        if option.is_flag:
            yield from _switch(name, equals, value, option, ctx)
        else:
            # What follows may itself begin with a dash: it is the value whatever it looks like.
            following = value if equals else next(rest, None)
            yield name
            if following is not None:
                ctx.meta.setdefault(GIVEN, []).append((name, following))
                yield following


def _switch(name: str, equals: str, value: str, option: click.Option, ctx: click.Context) -> tuple[str, ...]:
    """Return a switch with the value put into its name; one that is off, and has no name for that, is left out."""
    if not equals:
        return (name,)
    wanted = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}.get(value.lower())
    if wanted is None:
        raise click.BadParameter(f'"{value}" is not a valid boolean; write true or false.', ctx, param_hint=name)
    if name in option.secondary_opts:
        wanted = not wanted
    return tuple((option.opts if wanted else option.secondary_opts)[:1])


def _similar(name: str, options: dict[str, click.Option]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, options, n=2)
