"""`terraform_data`: holds values, and is replaced when others change."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self
from uuid import uuid4

from providers.resource import Resource
from providers.schema import Attr
from providers.unknown import UNKNOWN


class TerraformData(Resource):
    """Keeps `input`, gives it back as `output`, and is made anew when `triggers_replace` changes."""

    type: ClassVar[str] = "terraform_data"

    input: Any = None
    triggers_replace: Annotated[Any, Attr(force_new=True)] = None
    output: Annotated[Any, Attr(computed=True)] = None
    id: Annotated[str | None, Attr(computed=True)] = None

    @classmethod
    def plan(cls, prior: Mapping[str, Any] | None, proposed: dict[str, Any]) -> dict[str, Any]:
        """Tell that the output follows the input."""
        if prior is None or proposed["input"] == prior.get("input"):
            return proposed
        return {**proposed, "output": UNKNOWN}

    async def create(self, api: Any) -> Self:
        """Give the object an id."""
        return self.model_copy(update={"id": str(uuid4()), "output": self.input})

    async def update(self, api: Any, prior: Self) -> Self:
        """Follow the input."""
        return self.model_copy(update={"output": self.input})
