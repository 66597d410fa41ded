"""The builtin provider: resource types that need no API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from providers.provider import Provider
from providers.resource import Block, DataSource, Resource
from providers.terraform.data import TerraformData
from providers.terraform.remote_state import TerraformRemoteState


class Configuration(Block):
    """There is nothing to set up."""


class TerraformProvider(Provider):
    """What Terraform calls `terraform.io/builtin/terraform`."""

    name: ClassVar[str] = "terraform"
    source: ClassVar[str] = "terraform.io/builtin/terraform"
    version: ClassVar[str] = "1.0.0"
    configuration: ClassVar[type[Block]] = Configuration
    resources: ClassVar[tuple[type[Resource], ...]] = (TerraformData,)
    data_sources: ClassVar[tuple[type[DataSource], ...]] = (TerraformRemoteState,)

    @asynccontextmanager
    async def open(self, configuration: Any, directory: Path) -> AsyncIterator[Path]:
        """Nothing has to be opened; what is read lies at paths that start from the root module."""
        yield directory
