"""Every result of an apply into the snapshot, and before that, durably, into the journal."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.address import static_address
from engine.lang.json_values import to_json
from engine.lang.types import to_notation
from engine.lang.values import SENSITIVE, Path, Value, is_null, marked_paths, type_of, unmark_deep
from engine.plan.attributes import Attributes, to_plain, to_record
from engine.plan.changes import Action, Change
from engine.plan.objects import Models, Providers, provider_record, sensitive_paths, sensitive_record
from providers.checks import is_sensitive
from providers.schema import Schema
from state.journal import Journal
from state.records import InstanceChange
from state.snapshot import Instance, Output, ResourceHeader, Snapshot


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
        model = self._models[change.address.resource.type]
        identity = to_plain((change.before or {}).get(model.identity, None) or "")
        return await self._journal.intend(change.name, verb, {model.identity: identity} if identity else None)

    async def failed(self, operation: str) -> None:
        """Note that an operation had no effect."""
        await self._journal.conclude(operation)

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
            schema = self._models[change.address.resource.type].schema_of_type()
            paths = _sensitive_by_configuration(change.after or {}, schema)
            known = {path for path in sensitive_paths(old.sensitive_attributes) if not is_sensitive(schema, path)}
            if known != set(paths) or not set(old.dependencies).issuperset(change.dependencies):
                new = replace(old, sensitive_attributes=sensitive_record(paths), dependencies=list(change.dependencies))
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
        resource = change.address.resource
        provider = self._providers[change.provider.partition(".")[0]]
        return ResourceHeader(
            resource.type, resource.name, provider_record(provider, change.provider), resource.mode, resource.module
        )

    def _instance(self, change: Change, attributes: Attributes, *, tainted: bool) -> Instance:
        schema = self._models[change.address.resource.type].schema_of_type()
        return Instance(
            attributes=to_record(attributes, schema),
            index_key=change.address.key,
            status="tainted" if tainted else None,
            schema_version=schema.version,
            sensitive_attributes=sensitive_record(_sensitive_by_configuration(attributes, schema)),
            dependencies=list(change.dependencies),
            create_before_destroy=static_address(str(change.address.resource)) in self._creating_first,
        )


def _sensitive_by_configuration(attributes: Attributes, schema: Schema) -> list[Path]:
    """Return the paths of sensitive values, less those that the schema knows to be sensitive anyway."""
    return [path for path in marked_paths(attributes, SENSITIVE) if not is_sensitive(schema, path)]


def output_records(values: Mapping[str, Value], sensitive: Mapping[str, bool]) -> dict[str, Output]:
    """Return root outputs as the state records them; null ones are not recorded."""
    records = {}
    for name, value in sorted(values.items()):
        if not is_null(value):
            plain, _ = unmark_deep(value)
            records[name] = Output(to_json(plain), to_notation(type_of(plain)), sensitive[name])
    return records
