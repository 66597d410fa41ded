"""From a root module to its tests: their files, and the modules that their runs are about.

    find_root -> read_suite -> rtf.testing.run_suite

Also used where a configuration is only checked, or its modules are installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from engine.config.model import Module
from engine.config.modules import Locate
from engine.diagnostics import Diagnostics
from engine.testing import decode
from engine.testing.expectations import expected_failures
from engine.testing.files import DIRECTORY
from engine.testing.model import RunBlock, SuiteFile
from engine.testing.overrides import check_targets
from rtf import workspace
from rtf.workspace import Modules, Root


@dataclass(frozen=True, slots=True)
class Suite:
    """The tests of a root module. `others` are the modules that runs have instead of it, by file and run."""

    modules: Modules
    directory: str
    files: tuple[SuiteFile, ...]
    others: Mapping[tuple[str, str], Modules]

    def under_test(self, file: SuiteFile, run: RunBlock) -> Modules:
        """Return the modules that a run is about."""
        return self.others.get((file.name, run.name), self.modules)

    def is_in_directory(self, file: SuiteFile) -> bool:
        """Return whether a file lies in the folder of tests, whose files of variables are read as well."""
        return PurePath(file.name).parent == PurePath(self.directory)


def read_suite(modules: Modules, found: Diagnostics, directory: str = DIRECTORY, locate: Locate | None = None) -> Suite:
    """Return the tests of a root module. What is wrong with them is added to `found`.

    `locate` knows where the modules are that runs have instead; the manifest says it unless given.
    """
    files = read_files(modules.root.directory, found, directory)
    locate = locate or workspace.installed_modules(modules.root)
    others: dict[tuple[str, str], Modules] = {}
    for file in files if not found.has_errors else ():
        for run in file.runs:
            with found.collecting():
                other = _other_module(modules.root, file, run, locate, found)
                if other is not None:
                    others[file.name, run.name] = other
    suite = Suite(modules, directory, tuple(files), others)
    for file in files if not found.has_errors else ():
        check_targets(file.overrides, modules.module, found)
        for run in file.runs:
            check_targets(run.overrides, suite.under_test(file, run).module, found)
    return suite


def read_files(root: Path, found: Diagnostics, directory: str) -> list[SuiteFile]:
    """Return the files of tests of the root module in a folder. What is wrong with them is added to `found`."""
    with found.collecting():
        return decode.read_suite(root, directory, found)
    return []


def check_suite(modules: Modules, found: Diagnostics, directory: str) -> None:
    """Add to `found` what is wrong with the tests of a root module, as far as that can be told from their text."""
    suite = read_suite(modules, found, directory)
    for file in suite.files:
        for run in file.runs:
            expected_failures(run, found)
    if not found.has_errors:
        for other in {other.module.directory: other for other in suite.others.values()}.values():
            with found.collecting():
                workspace.validate(workspace.ready(other, found), found)


def _other_module(root: Root, file: SuiteFile, run: RunBlock, locate: Locate, found: Diagnostics) -> Modules | None:
    if run.module is None:
        return None
    name = file.name.removesuffix(".tftest.hcl").replace("/", ".")
    key = f"test.{name}.{run.name}"
    folder = locate(key, run.module, ".")
    problems = Diagnostics(secrets=found.secrets)
    modules = workspace.read_modules(root, problems, locate, directory=folder, key=key)
    found.extend(problems)
    return modules


def tests_modules(root: Path, directory: str) -> bool:
    """Return whether some run of the tests has a module of its own. Files that cannot be read have none."""
    return any(run.module for file in read_files(root, Diagnostics(), directory) for run in file.runs)


def root_modules(root: Root, found: Diagnostics) -> Modules:
    """Return the modules at `root`; in a folder without a configuration, one without blocks. Raises DiagnosticError."""
    if workspace.has_configuration(root):
        return workspace.read_modules(root, found)
    return Modules(root, {}, Module())
