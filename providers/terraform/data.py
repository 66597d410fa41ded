"""`terraform_data`: holds values, and is replaced when others change."""

from typing import Annotated, Any, ClassVar, Self
from uuid import uuid4

from providers.resource import Resource
from providers.schema import Attr


class TerraformData(Resource):
    """Keeps `input`, gives it back as `output`, and is made anew when `triggers_replace` changes."""

    type: ClassVar[str] = "terraform_data"

    input: Any = None
    triggers_replace: Annotated[Any, Attr(force_new=True)] = None
    output: Annotated[Any, Attr(computed=True, follows="input")] = None
    id: Annotated[str | None, Attr(computed=True, not_null=True)] = None

    @classmethod
    async def import_object(cls, api: Any, id: str) -> Self:
        """Take over an id: there is nothing else that could be looked up."""
        return cls.model_construct(id=id, _fields_set={"id", "input", "output", "triggers_replace"})

    async def create(self, api: Any) -> Self:
        """Give the object an id."""
        return self.model_copy(update={"id": str(uuid4())})

    async def update(self, api: Any, prior: Self) -> Self:
        """Take over what is configured; there is nobody to tell."""
        return self
