"""The models have exactly the attributes of the contract, with the marks that the contract gives them."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from providers.checks import models_in
from providers.openai.resources.call import Call
from providers.openai.resources.client_secret import ClientSecret
from providers.openai.resources.session import BetaSession
from providers.resource import Resource
from providers.schema import Schema, schema_of
from tests.providers.openai import contract_paths


def holder(annotation: Any) -> str:
    """Return what stands between a name and the members of the models in its type."""
    if get_origin(annotation) is dict:
        return ".<key>"
    if get_origin(annotation) is list and any(
        isinstance(inner, type) and issubclass(inner, BaseModel) for inner in get_args(annotation)
    ):
        return "[]"
    return next(filter(None, map(holder, get_args(annotation))), "")


def paths_of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    attributes = schema_of(model).attributes
    for name, info in model.model_fields.items():
        if attributes[name].computed:
            continue
        yield f"{before}{name}"
        for inner in models_in(model, name):
            yield from paths_of(inner, f"{before}{name}{holder(info.annotation)}.")


def marked(schema: Schema, mark: str, before: str = "") -> Iterator[str]:
    for name, attribute in schema.attributes.items():
        if getattr(attribute, mark):
            yield f"{before}{name}"
        if attribute.nested:
            yield from marked(attribute.nested, mark, f"{before}{name}.")


@pytest.mark.parametrize(
    ("resource", "paths"),
    [
        pytest.param(ClientSecret, contract_paths.CLIENT_SECRET, id="client secret"),
        pytest.param(Call, contract_paths.CALL, id="call"),
        pytest.param(BetaSession, contract_paths.BETA_SESSION, id="beta session"),
    ],
)
def test_each_type_has_the_attributes_of_the_contract_and_no_others(resource: type[Resource], paths: list[str]) -> None:
    assert sorted(set(paths_of(resource))) == sorted(paths)


def test_the_contract_has_the_number_of_attributes_it_says() -> None:
    assert len(contract_paths.SESSION) == 91
    assert len(contract_paths.CLIENT_SECRET) == 95
    assert len(contract_paths.CALL) == 93
    assert len(contract_paths.BETA_SESSION) == 56 + 1, "the contract counts the container client_secret as computed"


@pytest.mark.parametrize(
    ("resource", "mark", "expected"),
    [
        pytest.param(ClientSecret, "sensitive", ["session.tools.authorization", "session.tools.headers", "value"], id="secrets of a client secret"),
        pytest.param(Call, "sensitive", ["sdp", "sdp_answer", "session.tools.authorization", "session.tools.headers"], id="secrets of a call"),
        pytest.param(BetaSession, "sensitive", ["value"], id="secrets of a beta session"),
        pytest.param(ClientSecret, "explicit_null", ["session.audio.input.noise_reduction", "session.audio.input.transcription", "session.audio.input.turn_detection", "session.tracing"], id="nulls of a session"),
        pytest.param(BetaSession, "explicit_null", ["input_audio_noise_reduction", "input_audio_transcription", "tracing", "turn_detection"], id="nulls of a beta session"),
        pytest.param(ClientSecret, "computed", ["effective_session", "expires_at", "id", "value"], id="computed of a client secret"),
        pytest.param(Call, "computed", ["call_id", "created_at", "expires_at", "id", "sdp_answer"], id="computed of a call"),
        pytest.param(BetaSession, "computed", ["effective_session", "expires_at", "id", "value"], id="computed of a beta session"),
    ],
)  # fmt: skip
def test_attributes_carry_their_marks(resource: type[Resource], mark: str, expected: list[str]) -> None:
    assert sorted(marked(resource.schema_of_type(), mark)) == expected


@pytest.mark.parametrize("resource", [ClientSecret, Call, BetaSession])
def test_every_change_replaces(resource: type[Resource]) -> None:
    attributes = resource.schema_of_type().attributes.values()
    assert all(attribute.force_new != attribute.computed for attribute in attributes)
    assert not resource.can("update")
    assert not resource.can("read")


def test_only_calls_can_be_ended() -> None:
    assert Call.can("delete")
    assert not ClientSecret.can("delete")
    assert not BetaSession.can("delete")
    assert ClientSecret.create_before_destroy
    assert not Call.create_before_destroy
