"""`terraform_remote_state`: the outputs of another state, as the last apply there left them."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from providers.errors import Problem, failure
from providers.resource import DataSource
from providers.schema import Attr
from providers.typed import Typed
from providers.unknown import UNKNOWN

LARGEST_STATE = 1 << 30
_KNOWN = ("path", "workspace_dir")


class TerraformRemoteState(DataSource):
    """Reads a state that lies in a file; where no output has a name, `defaults` may give it a value."""

    type: ClassVar[str] = "terraform_remote_state"

    backend: str
    config: Any = None
    defaults: Any = None
    workspace: str | None = None
    outputs: Annotated[Any, Attr(computed=True)] = None

    def rules(self) -> Iterator[Problem]:
        """Only states in files can be read."""
        if self.backend not in ("local", UNKNOWN):
            detail = f'There is no backend type named "{self.backend}" that rtf reads. Known is local.'
            yield Problem("Invalid backend configuration", detail, ("backend",))
        if self.config is not UNKNOWN and self.config is not None:
            yield from self._configuration_problems()
        if self.defaults is not UNKNOWN and self.defaults is not None and not isinstance(self.defaults, dict):
            detail = "Defaults must be given in an object value."
            yield Problem("Invalid default values", detail, ("defaults",))

    def _configuration_problems(self) -> Iterator[Problem]:
        summary = "Invalid backend configuration"
        if not isinstance(self.config, dict):
            detail = "The configuration must be an object value."
            yield Problem(summary, detail, ("config",))
            return
        for name, value in self.config.items():
            if name not in _KNOWN:
                detail = f'The backend "local" takes no argument "{name}"; it takes {" and ".join(_KNOWN)}.'
                yield Problem(summary, detail, ("config", name))
            elif value is not None and value is not UNKNOWN and not isinstance(value, str):
                yield Problem(summary, f"{name} is the path of a file or folder.", ("config", name))

    async def read(self, api: Path) -> Self:
        """Return the object with its outputs. `api` is the folder that relative paths start from."""
        recorded = _outputs(api / self._path())
        defaults = self.defaults if isinstance(self.defaults, dict) else {}
        return self.model_copy(update={"outputs": {**defaults, **recorded}})

    def _path(self) -> str:
        config = self.config if isinstance(self.config, dict) else {}
        if self.workspace in (None, "", "default"):
            return config.get("path") or "terraform.tfstate"
        folder = config.get("workspace_dir") or "terraform.tfstate.d"
        return os.path.join(folder, str(self.workspace), "terraform.tfstate")


def _outputs(path: Path) -> dict[str, Typed]:
    """Return the outputs that a state file records, with their types. Raises ProviderError."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_STATE:
                raise failure("Error loading the remote state", f"{path} is no file of a state.")
            tree = json.loads(file.read())
        outputs = tree["outputs"]
        return {str(name): Typed(output["value"], output["type"]) for name, output in outputs.items()}
    except FileNotFoundError:
        detail = "No stored state was found for the given workspace in the given backend."
        raise failure("Unable to find remote state", detail) from None
    except OSError as problem:
        detail = f"{path} cannot be read: {problem.strerror or problem}."
        raise failure("Error loading the remote state", detail) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise failure("Error loading the remote state", f"{path} is no state of version 4.") from None
