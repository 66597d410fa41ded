"""Objects in Terraform's JSON: what they are called, their values, and the tree of modules that they stand in."""

from collections.abc import Iterable, Mapping

from engine.address import InstanceAddress, ModuleAddress, parse_module
from engine.lang.json_values import JSON
from engine.lang.values import Null, Value
from engine.plan.attributes import Attributes
from providers.schema import Schema
from rtf.views.json_text import value_json
from rtf.views.masks import sensitive_mask

Schemas = Mapping[str, Schema]
"""The schema of each resource type, by `ResourceAddress.kind`."""

Sources = Mapping[str, str]
"""The full name of the provider of each resource type, by `ResourceAddress.kind`."""


def schema_for(address: InstanceAddress, schemas: Schemas) -> Schema:
    """Return the schema of an instance's type; an empty one when the type is not known."""
    return schemas.get(address.resource.kind, Schema())


def name_json(address: InstanceAddress, sources: Sources) -> dict[str, JSON]:
    """Return what tells which object this is."""
    resource = address.resource
    tree: dict[str, JSON] = {
        "address": str(address),
        "mode": resource.mode,
        "type": resource.type,
        "name": resource.name,
    }
    if address.key is not None:
        tree["index"] = address.key
    tree["provider_name"] = sources.get(resource.kind, "")
    return tree


def attributes_json(attributes: Attributes, schema: Schema) -> JSON:
    """Return an object's values: null where an attribute is absent, unless null has a meaning of its own there."""
    dense: dict[str, Value] = {
        name: Null() for name, attribute in schema.attributes.items() if not attribute.explicit_null
    }
    return value_json({**dense, **attributes})


def object_json(
    address: InstanceAddress, attributes: Attributes | None, schemas: Schemas, sources: Sources
) -> dict[str, JSON]:
    """Return an object with its values; one without attributes is no longer there."""
    schema = schema_for(address, schemas)
    tree = {**name_json(address, sources), "schema_version": schema.version}
    if attributes is None:
        return {**tree, "sensitive_values": False}
    return {**tree, "values": attributes_json(attributes, schema), "sensitive_values": sensitive_mask(attributes)}


def module_tree(objects: Iterable[tuple[str, JSON]]) -> JSON:
    """Return the root module with `objects`, each given with the address of its module, and all modules around them.

    Resources stand in the order given, modules by their addresses.
    """
    root: dict[str, JSON] = {}
    trees = {"": root}
    for module, item in objects:
        caller = root
        steps = parse_module(module).steps
        for length in range(1, len(steps) + 1):
            path = str(ModuleAddress(steps[:length]))
            if path not in trees:
                trees[path] = {"address": path}
                caller.setdefault("child_modules", []).append(trees[path])
            caller = trees[path]
        caller.setdefault("resources", []).append(item)
    for tree in trees.values():
        if "child_modules" in tree:
            tree["child_modules"].sort(key=lambda child: child["address"])
    return root
