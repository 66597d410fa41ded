"""Every result of an apply into the snapshot, and before that, durably, into the journal."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.address import static_address
from engine.plan.attributes import Attributes, to_plain
from engine.plan.changes import Action, Change
from engine.plan.checks import CheckResult, check_records, recorded_checks, same_results
from engine.plan.objects import (
    Models,
    Providers,
    header_of,
    managed_model,
    record_of,
    sensitive_by_configuration,
    sensitive_paths,
    sensitive_record,
)
from providers.checks import is_sensitive
from state.journal import Journal
from state.records import InstanceChange, changes_between
from state.snapshot import Instance, ResourceHeader, Snapshot


class Recorder:
    """Keeps one run's `snapshot` and journal in step.

    What happened is in the snapshot even when the journal could not take it, or nobody waited for it: the snapshot is
    still to be written. `creating_first` names the blocks whose replacements are made before the old object goes.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        journal: Journal,
        models: Models,
        providers: Providers,
        creating_first: frozenset[str] = frozenset(),
    ) -> None:
        self.snapshot = snapshot
        self._creating_first = creating_first
        self._journal = journal
        self._models = models
        self._providers = providers
        self._deposed: dict[str, str] = {}  # by address: the key under which a replaced object waits for its deletion

    async def begin(self, change: Change, verb: str) -> str:
        """Return the id of an operation, once it is noted that it begins."""
        model = managed_model(self._models, change.address.resource)
        identity = to_plain((change.before or {}).get(model.identity, None) or "")
        return await self._journal.intend(change.name, verb, {model.identity: identity} if identity else None)

    async def failed(self, operation: str) -> None:
        """Note that an operation had no effect."""
        await self._journal.conclude(operation)

    async def take_over(self, prior: Snapshot) -> None:
        """Bring the snapshot to what the plan begins with: moves, drift, what was read, and outputs known already."""
        begun = prior.copy()
        begun.check_results = self.snapshot.check_results
        changes = changes_between(self.snapshot, begun)
        if changes:
            try:
                await self._journal.append(*changes)
            finally:
                self.snapshot.resources, self.snapshot.outputs = begun.resources, begun.outputs

    async def imported(self, changes: Iterable[Change]) -> None:
        """Note the existing objects that are taken over, as they are before anything is done to them."""
        records = []
        for change in changes:
            instance = self._instance(change, change.before or {}, tainted=False)
            records.append(InstanceChange.put(self._header(change), instance))
        if records:
            await self._conclude(None, records)

    async def read(self, change: Change, attributes: Attributes) -> None:
        """Note what a data source gave."""
        instance = self._instance(change, attributes, tainted=False)
        await self._conclude(None, [InstanceChange.put(self._header(change), replace(instance, dependencies=[]))])

    async def in_order(self, change: Change) -> None:
        """Note that a new object, tainted until now, turned out right."""
        header = self._header(change)
        instance = self.snapshot.find(header.address, change.address.key)
        if instance is not None:
            await self._conclude(None, [InstanceChange.put(header, replace(instance, status=None))])

    async def forgotten(self, change: Change) -> None:
        """Note that an object is no longer looked after."""
        await self._conclude(None, [InstanceChange(self._header(change), change.address.key, change.deposed)])

    def is_tainted(self, change: Change) -> bool:
        """Return whether the object of a change is recorded as being in disorder."""
        instance = self.snapshot.find(str(change.address.resource), change.address.key, change.deposed)
        return instance is not None and instance.status == "tainted"

    def note_checks(self, results: Sequence[CheckResult]) -> None:
        """Put the results of checks into the snapshot; a state that says the same in another order stays as it is."""
        if not same_results(results, recorded_checks(self.snapshot.check_results)):
            self.snapshot.check_results = check_records(results)

    async def kept(self, changes: Iterable[Change]) -> None:
        """Bring the records of objects that stay up to date in what the configuration alone says of them: which of
        their values are sensitive, and what they need.
        """
        renewed = []
        for change in changes:
            header = self._header(change)
            old = self.snapshot.find(header.address, change.address.key)
            if old is None:
                continue
            schema = self._models[change.address.resource.kind].schema_of_type()
            paths = sensitive_by_configuration(change.after or {}, schema)
            known = {path for path in sensitive_paths(old.sensitive_attributes) if not is_sensitive(schema, path)}
            if known != set(paths) or not set(old.dependencies).issuperset(change.dependencies):
                new = replace(
                    old,
                    sensitive_attributes=sensitive_record(paths, change.after or {}),
                    dependencies=list(change.dependencies),
                )
                renewed.append(InstanceChange.put(header, new))
        if renewed:
            await self._conclude(None, renewed)

    async def written(self, operation: str, change: Change, attributes: Attributes, *, tainted: bool = False) -> None:
        """Note that an object exists with these attributes; the one it replaces, if that is still there, is deposed.

        One that is `tainted` did not turn out right: the next plan replaces it.
        """
        header = self._header(change)
        changes = []
        old = self.snapshot.find(header.address, change.address.key)
        if change.action is Action.CREATE_THEN_DELETE and old is not None:
            key = secrets.token_hex(4)
            self._deposed[change.name] = key
            changes.append(InstanceChange.put(header, replace(old, deposed=key)))
        changes.append(InstanceChange.put(header, self._instance(change, attributes, tainted=tainted)))
        await self._conclude(operation, changes)

    async def deleted(self, operation: str, change: Change) -> None:
        """Note that an object is gone."""
        deposed = self._deposed.get(change.name, change.deposed)
        await self._conclude(operation, [InstanceChange(self._header(change), change.address.key, deposed)])

    async def _conclude(self, operation: str | None, changes: list[InstanceChange]) -> None:
        try:
            await self._journal.conclude(operation, *changes)
        finally:
            for change in changes:
                change.apply(self.snapshot)

    def _header(self, change: Change) -> ResourceHeader:
        return header_of(change.address.resource, change.provider, self._providers)

    def _instance(self, change: Change, attributes: Attributes, *, tainted: bool) -> Instance:
        return record_of(
            attributes,
            self._models[change.address.resource.kind].schema_of_type(),
            change.address.key,
            change.dependencies,
            tainted=tainted,
            create_before_destroy=static_address(str(change.address.resource)) in self._creating_first,
        )
