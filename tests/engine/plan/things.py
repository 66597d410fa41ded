"""A provider for tests: its objects live in a `World`, which notes every call and fails where it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from engine.plan.objects import LoadProvider
from providers.errors import Problem, ProviderError
from providers.provider import Provider
from providers.registry import load_provider
from providers.resource import Block, DataSource, EphemeralResource, Resource
from providers.schema import Attr
from providers.unknown import UNKNOWN


@dataclass(slots=True)
class World:
    """What the provider's API holds. `on` says what happens in a call besides: raise, wait, or give other attributes."""

    calls: list[str] = field(default_factory=list)  # "create a", in the order begun
    ended: list[str] = field(default_factory=list)
    on: dict[str, Callable[[], Awaitable[dict[str, Any] | None]]] = field(default_factory=dict)
    at_once: int = 0
    most_at_once: int = 0
    opened: int = 0
    closed: ProviderError | None = None  # why it cannot be opened
    made: int = 0
    told: list[str] = field(default_factory=list)  # passwords, which are written and never given back

    async def call(self, verb: str, name: str) -> dict[str, Any]:
        """Note a call and do what belongs to it; return the attributes that it changes."""
        self.calls.append(f"{verb} {name}")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            changed = await self.on[f"{verb} {name}"]() if f"{verb} {name}" in self.on else None
        finally:
            self.at_once -= 1
        self.ended.append(f"{verb} {name}")
        return changed or {}

    def fail(self, call: str, problem: BaseException) -> None:
        """Let a call such as `create a` raise."""

        async def fail() -> None:
            raise problem

        self.on[call] = fail

    def answer(self, call: str, **attributes: Any) -> None:
        """Let a call give these attributes."""

        async def answer() -> dict[str, Any]:
            return attributes

        self.on[call] = answer


class Part(Block):
    label: str
    weight: int | None = None
    mode: Annotated[str | None, Attr(explicit_null=True)] = None


class Inner(Block):
    """A nested object with an object in it."""

    speed: float | None = None
    parts: list[Part] | None = None
    by_key: dict[str, Part] | None = None
    turn: Annotated[Part | None, Attr(explicit_null=True)] = None
    password: Annotated[str | None, Attr(sensitive=True)] = None


class Thing(Resource):
    """May be updated, except for its name."""

    type: ClassVar[str] = "test_thing"

    name: Annotated[str, Attr(force_new=True)]
    size: int | None = None
    content: Any = None
    tags: dict[str, str] | None = None
    labels: list[str] | None = None
    inner: Inner | None = None
    token: Annotated[str | None, Attr(sensitive=True)] = None
    spare: Annotated[str | None, Attr(explicit_null=True)] = None
    note: Annotated[str | None, Attr(computed=True, optional=True)] = None
    id: Annotated[str | None, Attr(computed=True)] = None
    revision: Annotated[int | None, Attr(computed=True)] = None

    @classmethod
    def plan(cls, prior: Mapping[str, Any] | None, proposed: dict[str, Any]) -> dict[str, Any]:
        """The revision grows with the size, and is known in advance."""
        if prior is None:
            return {**proposed, "revision": 1}
        return {**proposed, "revision": UNKNOWN} if prior.get("size") != proposed["size"] else proposed

    def rules(self) -> Iterator[Problem]:
        """Sizes above 100 are too large."""
        if isinstance(self.size, int) and self.size > 100:
            yield Problem("Too large", "At most 100.", ("size",))

    async def create(self, api: World) -> Self:
        """Make it."""
        changed = await api.call("create", self.name)
        api.made += 1
        return self.model_copy(update={"id": f"id-{api.made}", "note": self.note or "noted", "revision": 1, **changed})

    async def update(self, api: World, prior: Self) -> Self:
        """Change it."""
        changed = await api.call("update", self.name)
        grown = (prior.revision or 0) + (prior.size != self.size)
        return self.model_copy(update={"id": prior.id, "note": self.note or prior.note, "revision": grown, **changed})

    async def delete(self, api: World) -> None:
        """Take it away."""
        await api.call("delete", self.name)


class Ticket(Resource):
    """Cannot be updated, expires, and is replaced before the old one goes."""

    type: ClassVar[str] = "test_ticket"
    create_before_destroy: ClassVar[bool] = True

    name: str
    content: Any = None
    until: float | None = None
    id: Annotated[str | None, Attr(computed=True)] = None

    @classmethod
    def expiry(cls, data: Mapping[str, Any]) -> float | None:
        """As it says itself."""
        until = data.get("until")
        return None if until is None else float(until)

    async def create(self, api: World) -> Self:
        """Make it."""
        changed = await api.call("create", self.name)
        api.made += 1
        return self.model_copy(update={"id": f"id-{api.made}", **changed})

    async def delete(self, api: World) -> None:
        """Take it away."""
        await api.call("delete", self.name)


class Kept(Resource):
    """Can be read and imported; what the world does not know is gone."""

    type: ClassVar[str] = "test_kept"

    name: Annotated[str, Attr(force_new=True)]
    size: int | None = None
    password: Annotated[str | None, Attr(write_only=True)] = None
    id: Annotated[str | None, Attr(computed=True)] = None

    @classmethod
    async def import_object(cls, api: World, id: str) -> Self | None:
        """Return what the world has under a name."""
        found = await api.call("import", id)
        return cls(**found) if found else None

    async def create(self, api: World) -> Self:
        """Make it."""
        await api.call("create", self.name)
        api.told += [self.password] if self.password else []
        return self.model_copy(update={"id": f"id-{self.name}"})

    async def read(self, api: World) -> Self | None:
        """Look it up; the world says what changed, or that it is gone."""
        changed = await api.call("read", self.name)
        return None if "gone" in changed else self.model_copy(update=changed)

    async def update(self, api: World, prior: Self) -> Self:
        """Change it."""
        await api.call("update", self.name)
        api.told += [self.password] if self.password else []
        return self.model_copy(update={"id": prior.id})

    async def delete(self, api: World) -> None:
        """Take it away."""
        await api.call("delete", self.name)


class Lookup(DataSource):
    """Gives back what the world answers for a name."""

    type: ClassVar[str] = "test_lookup"

    name: str
    found: Annotated[str | None, Attr(computed=True)] = None

    async def read(self, api: World) -> Self:
        """Ask the world."""
        return self.model_copy(update={"found": f"found {self.name}", **await api.call("lookup", self.name)})


class Key(EphemeralResource):
    """Lives for one run."""

    type: ClassVar[str] = "test_key"

    name: str
    token: Annotated[str | None, Attr(computed=True, sensitive=True)] = None

    async def open(self, api: World) -> Self:
        """Make it."""
        return self.model_copy(update={"token": f"secret-of-{self.name}", **await api.call("open", self.name)})

    async def close(self, api: World) -> None:
        """Let it go."""
        await api.call("close", self.name)


class Settings(Block):
    where: str | None = None
    key: Annotated[str | None, Attr(sensitive=True)] = None


MODELS: dict[str, type[Resource]] = {"test_thing": Thing, "test_ticket": Ticket}


def loader(world: World) -> LoadProvider:
    """Return what finds providers: the one for tests, whose objects live in `world`, and those that are installed."""

    class TestProvider(Provider):
        name: ClassVar[str] = "test"
        source: ClassVar[str] = "example.com/tests/test"
        version: ClassVar[str] = "1.0.0"
        configuration: ClassVar[type[Block]] = Settings
        resources: ClassVar[tuple[type[Resource], ...]] = (Thing, Ticket, Kept)
        data_sources: ClassVar[tuple[type[DataSource], ...]] = (Lookup,)
        ephemeral_resources: ClassVar[tuple[type[EphemeralResource], ...]] = (Key,)

        @asynccontextmanager
        async def open(self, configuration: Any, directory: Path) -> AsyncIterator[World]:
            world.opened += 1
            if world.closed is not None:
                raise world.closed
            yield world

        def notices(self, configuration: Any) -> list[str]:
            return [f"It is at {configuration.where}."] if configuration.where else []

    return lambda name: TestProvider if name == "test" else load_provider(name)
