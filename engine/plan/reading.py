"""Ask providers while planning: connections that open when something has to be read, and questions side by side.

Only what reads goes through here; `engine.apply` makes, changes and deletes.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from engine.plan.objects import Providers
from providers.errors import ProviderError

if TYPE_CHECKING:
    from asyncio import Runner

Answer = TypeVar("Answer")

Question = Callable[[Any], Awaitable[Answer]]
"""What to ask: gets the `api` that the provider's `open` gave."""


class Reader:
    """The connections of one plan. Used as a context; a plan that asks nothing opens nothing."""

    def __init__(self, providers: Providers, directory: Path, at_a_time: int = 10) -> None:
        self._providers = providers
        self._directory = directory
        self._at_a_time = at_a_time
        self._runner: Runner | None = None
        self._connections = AsyncExitStack()
        self._apis: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            try:
                self._runner.run(self._connections.aclose())
            finally:
                self._runner.close()

    def ask(self, provider: str, settings: Any, questions: Sequence[Question[Answer]]) -> list[Answer | ProviderError]:
        """Return the answer to each question to one provider configuration, or why there is none."""
        if self._runner is None:
            from asyncio import Runner  # a plan that asks nothing does without

            self._runner = Runner()
        return self._runner.run(self._ask(provider, settings, questions))

    async def _ask(
        self, provider: str, settings: Any, questions: Sequence[Question[Answer]]
    ) -> list[Answer | ProviderError]:
        import asyncio

        try:
            if provider not in self._apis:
                opened = self._providers[provider.partition(".")[0]]().open(settings, self._directory)
                self._apis[provider] = await self._connections.enter_async_context(opened)
        except ProviderError as problem:
            return [problem] * len(questions)
        api, slots = self._apis[provider], asyncio.Semaphore(self._at_a_time)

        async def answered(question: Question[Answer]) -> Answer | ProviderError:
            async with slots:
                try:
                    return await question(api)
                except ProviderError as problem:
                    return problem

        return list(await asyncio.gather(*(answered(question) for question in questions)))
