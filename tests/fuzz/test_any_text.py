"""Whatever a file holds, reading it ends with a result or with diagnostics."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.syntax.real.generate import generate
from tests.fuzz.readers import CONFIGURATION, READERS, member, plan_file, read_plan, with_member

BOUNDED = settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

JSON_CONFIGURATION = json.dumps(
    {
        "variable": {"v": {"type": "list(string)", "default": ["${1}", None, True, 1.5]}},
        "locals": {"x": "${[for v in var.v : upper(v)]}", "//": "a comment"},
        "resource": {"terraform_data": {"a": [{"input": {"k": "%{ if true }x%{ endif }"}, "lifecycle": {}}]}},
        "output": {"o": {"value": "${terraform_data.a}", "sensitive": True}},
    },
    indent=1,
)
ONE_LINERS = [
    'merge({ a = 1 }, { "b" = [for x in range(3) : x * 2 if x > 0] })',
    'format("%5.2f|%-10s|%q|%v|%08b", 1.5, "x", "é", [1], 7)',
    'regexall("(?P<a>[a-z]+)(\\\\d*)", "ab12cd")',
    'cidrsubnets("10.0.0.0/8", 4, 4, 8)',
    'jsondecode("{\\"a\\": [1, null, {}]}").a[0]',
    'yamldecode("a: &x [1, 2]\\nb: *x\\n")',
    'try(tolist(["a"])[1], formatdate("DD MMM YYYY", timestamp()), null)',
    'templatestring("${a}", { a = local.a })',
    'setproduct(toset(["a", "b"]), [1, 2])[*][0]',
    'substr("日本語", -2, 1) == "本" ? tonumber("1e3") : !true',
    'flatten([[1], [[2, [3]]]])...',
    'type({ a = sensitive("x") })',
    'base64decode(base64gzip("x")) + parseint("zz", 36) % 7',
    'csvdecode("a,b\\n1,2\\n")[0].b',
]  # fmt: skip
TEMPLATES = [
    "%{ for i, x in b ~}\n${i}: ${x}\n%{ endfor ~}\n%{ if x }yes%{ else }no%{ endif }",
    '$${a} %%{ ${upper("x${a}")} <<EOT',
]
SAMPLES = {
    "syntax": [generate(seed) for seed in range(8)],
    "layout": [generate(seed) for seed in range(8, 16)],
    "configuration": [CONFIGURATION, *(generate(seed) for seed in range(16, 20))],
    "JSON configuration": [JSON_CONFIGURATION],
    "values": ['a = 1\nb = ["x", { c = null }]\n', '{"a": [1, {"b": null}]}'],
    "console": ONE_LINERS,
    "template": TEMPLATES,
}

_SIGNS = ["{", "}", "[", "]", "(", ")", "=", "=>", ",", ".", "...", "*", "-", "!", "?", ":", "[*]"]
_QUOTES = ['"', "${", "%{", "\\", "<<E\n", "\n", "\r", "%s"]
_WORDS = ["for ", " in ", "null", "0", "-1", "1e999", "9" * 30, "var.", "each.", "é", "\u0301", "\x00", "\ufeff"]
PIECES = st.sampled_from([*_SIGNS, *_QUOTES, *_WORDS])
RANDOM_TEXTS = st.one_of(
    st.text(max_size=80),
    st.binary(max_size=80).map(lambda data: data.decode("utf-8", "surrogateescape")),
    st.lists(PIECES, max_size=30).map("".join),
)


@st.composite
def slipped(draw: st.DrawFn, texts: list[str]) -> str:
    """Draw a text with a few places overwritten, cut out, doubled or moved."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(st.one_of(PIECES, st.just(""), st.just(text[at:end] * 2))) + text[end:]
    return text


@pytest.mark.parametrize("reader", READERS)
@BOUNDED
@given(data=st.data())
def test_any_text_is_read_or_refused(reader: str, data: st.DataObject, tmp_path: Path) -> None:
    READERS[reader](data.draw(RANDOM_TEXTS), tmp_path)


@pytest.mark.parametrize("reader", READERS)
@BOUNDED
@given(data=st.data())
def test_a_text_with_slips_is_read_or_refused(reader: str, data: st.DataObject, tmp_path: Path) -> None:
    READERS[reader](data.draw(slipped(SAMPLES[reader])), tmp_path)


@pytest.mark.parametrize("name", ["plan.json", "tfstate"])
@BOUNDED
@given(data=st.data())
def test_a_plan_file_with_slips_inside_is_read_or_refused(name: str, data: st.DataObject, tmp_path: Path) -> None:
    plan = tmp_path / "plan" if (tmp_path / "plan").exists() else plan_file(tmp_path)
    read_plan(with_member(plan, name, data.draw(slipped([member(plan, name)]))))


@BOUNDED
@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=4))
def test_a_damaged_plan_file_is_read_or_refused(tmp_path: Path, place: int, damage: bytes) -> None:
    plan = tmp_path / "plan" if (tmp_path / "plan").exists() else plan_file(tmp_path)
    content = bytearray(plan.read_bytes())
    at = place % len(content)
    content[at : at + len(damage)] = damage
    (tmp_path / "damaged").write_bytes(content)
    read_plan(tmp_path / "damaged")
