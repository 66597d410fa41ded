"""What a provider is: its configuration, its resource types, and a connection to its API."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, ClassVar

from providers.resource import Block, DataSource, EphemeralResource, Resource


class Provider(ABC):
    """A family of resource types that share one API and one configuration block."""

    name: ClassVar[str]
    """The word before the first `_` of its resource types, and the label of its `provider` block."""

    source: ClassVar[str]
    """Where Terraform would get it from, such as `registry.terraform.io/openai/openai`; written into states."""

    version: ClassVar[str]

    configuration: ClassVar[type[Block]]
    """What its `provider` block may hold."""

    resources: ClassVar[tuple[type[Resource], ...]]

    data_sources: ClassVar[tuple[type[DataSource], ...]] = ()

    ephemeral_resources: ClassVar[tuple[type[EphemeralResource], ...]] = ()

    @abstractmethod
    def open(self, configuration: Any, directory: Path) -> AbstractAsyncContextManager[Any]:
        """Return a context that gives the `api` for resource methods; it is entered once for a run.

        `directory` is the folder of the root module, where local files of the provider may be kept.
        Entering it sends nothing. Raises ProviderError when `configuration` cannot work.
        """

    def notices(self, configuration: Any) -> Iterable[str]:
        """Return what the user has to know before anything is done, such as which server is meant."""
        return ()

    def secrets(self, configuration: Any) -> Iterable[str]:
        """Return the secret texts that this configuration brings into the run, also from the environment."""
        return ()

    @classmethod
    def serve_emulator(cls, host: str, port: int, database: Path | None, ready: Callable[[str], None]) -> None:
        """Serve a stand-in of the API until interrupted; call `ready` with its address once it listens."""
        from providers.errors import failure

        raise failure("No emulator", f"The provider {cls.name} has no emulator.")
