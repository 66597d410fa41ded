"""What the provider block and the environment come to."""

from pathlib import Path
from typing import Any

import pytest

from providers.errors import ProviderError
from providers.openai import OpenAIProvider
from providers.openai.configuration import DEFAULT_BASE_URL, EMULATOR_KEY, Configuration, Settings, resolve
from providers.openai.transport import address_of, open_http
from providers.registry import load_provider
from providers.unknown import UNKNOWN


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        pytest.param({}, {}, {"base_url": DEFAULT_BASE_URL, "api_key": None, "timeout": 600.0, "max_retries": 2}, id="nothing given"),
        pytest.param({"api_key": "sk-a"}, {"OPENAI_API_KEY": "sk-e"}, {"api_key": "sk-a"}, id="the argument wins"),
        pytest.param({"api_key": None}, {"OPENAI_API_KEY": "sk-e"}, {"api_key": "sk-e"}, id="null is not given"),
        pytest.param({}, {"OPENAI_API_KEY": " \n"}, {"api_key": None}, id="a blank key is missing"),
        pytest.param({"api_key": ""}, {"OPENAI_API_KEY": "sk-e"}, {"api_key": None}, id="a blank argument is missing too"),
        pytest.param({}, {"OPENAI_API_KEY": "sk-e\n"}, {"api_key": "sk-e"}, id="a line end is no part of the key"),
        pytest.param({"api_key": UNKNOWN}, {"OPENAI_API_KEY": "sk-e"}, {"api_key": None}, id="a key not known yet"),
        pytest.param({"admin_api_key": "sk-admin"}, {"OPENAI_ADMIN_KEY": "sk-admin"}, {"api_key": None}, id="an admin key opens nothing here"),
        pytest.param({"organization": "org-1"}, {"OPENAI_PROJECT_ID": "proj_1", "OPENAI_ORG_ID": "org-2"}, {"headers": {"OpenAI-Organization": "org-1", "OpenAI-Project": "proj_1"}}, id="organization and project"),
        pytest.param({}, {"OPENAI_CUSTOM_HEADERS": "X-A: 1\nX-B:2\nnonsense"}, {"headers": {"X-A": "1", "X-B": "2"}}, id="custom headers"),
        pytest.param({"base_url": "https://example.com/v1/"}, {"OPENAI_BASE_URL": "x"}, {"base_url": "https://example.com/v1"}, id="base url"),
        pytest.param({"base_url": " https://example.com "}, {}, {"base_url": "https://example.com"}, id="blanks around it"),
        pytest.param({}, {"OPENAI_BASE_URL": "http://localhost:8080/v1"}, {"base_url": "http://localhost:8080/v1"}, id="base url from the environment"),
        pytest.param({}, {"OPENAI_BASE_URL": ""}, {"base_url": DEFAULT_BASE_URL}, id="blank base url"),
        pytest.param({"data_residency": "eu"}, {"OPENAI_BASE_URL": "https://example.com"}, {"base_url": "https://eu.api.openai.com/v1"}, id="region"),
        pytest.param({"data_residency": "global"}, {}, {"base_url": DEFAULT_BASE_URL}, id="no region"),
        pytest.param({"base_url": "emulator"}, {}, {"base_url": "emulator", "api_key": EMULATOR_KEY, "emulated": True}, id="emulator needs no key"),
        pytest.param({"base_url": "emulator", "api_key": "sk-a"}, {}, {"api_key": "sk-a"}, id="emulator with a key"),
        pytest.param({"timeout": 30, "max_retries": 0}, {}, {"timeout": 30.0, "max_retries": 0}, id="patience"),
    ],
)  # fmt: skip
def test_arguments_and_environment_come_to_settings(
    arguments: dict[str, Any], environment: dict[str, str], expected: dict[str, Any]
) -> None:
    settings = resolve(arguments, environment)
    assert {name: getattr(settings, name) for name in expected} == expected
    assert resolve(Configuration.load(arguments), environment) == settings


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        pytest.param("https://api.openai.com/v1", None, id="https"),
        pytest.param("https://api.openai.com:65535", None, id="highest port"),
        pytest.param("http://localhost:1/v1", None, id="http on this machine"),
        pytest.param("http://127.0.0.1:8080", None, id="loopback"),
        pytest.param("http://127.9.9.9", None, id="another loopback address"),
        pytest.param("http://[::1]:8080/v1", None, id="loopback of IPv6"),
        pytest.param("emulator", None, id="emulator"),
        pytest.param("", "must not be empty", id="empty"),
        pytest.param("  ", "must not be empty", id="blank"),
        pytest.param("api.openai.com/v1", "absolute URL", id="no scheme"),
        pytest.param("ftp://api.openai.com", "absolute URL", id="other scheme"),
        pytest.param("https://", "absolute URL", id="no host"),
        pytest.param("/v1", "absolute URL", id="relative"),
        pytest.param("https://user:pass@example.com", "user name", id="user info"),
        pytest.param("https://@example.com", "user name", id="empty user info"),
        pytest.param("https://example.com:0", "65535", id="lowest port"),
        pytest.param("https://example.com:65536", "65535", id="port too high"),
        pytest.param("https://example.com:http", "65535", id="port no number"),
        pytest.param("https://[::1", "no URL", id="broken address"),
        pytest.param("http://example.com/v1", "https", id="http elsewhere"),
        pytest.param("http://localhost.example.com", "https", id="looks like this machine"),
        pytest.param("http://10.0.0.1", "https", id="http in the house"),
        pytest.param("https://example.com/v1?x=1", "query", id="query"),
        pytest.param("https://example.com/v1#x", "fragment", id="fragment"),
        pytest.param("https://exa mple.com/v1", "blanks", id="blank inside"),
    ],
)
def test_base_urls_are_checked(base_url: str, words: str | None) -> None:
    problems = Configuration.check({"base_url": base_url})
    if words is None:
        assert problems == []
    else:
        assert [problem.path for problem in problems] == [("base_url",)]
        assert words in problems[0].detail


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        pytest.param(
            {"data_residency": "eu", "base_url": "https://example.com"}, ("data_residency",), id="region and address"
        ),
        pytest.param({"data_residency": "mars"}, ("data_residency",), id="unknown region"),
        pytest.param({"timeout": 0}, ("timeout",), id="no time"),
        pytest.param({"max_retries": -1}, ("max_retries",), id="retries below 0"),
        pytest.param({"api_kee": "sk-a"}, ("api_kee",), id="misspelt"),
    ],
)
def test_what_cannot_work_is_an_error(arguments: dict[str, Any], path: tuple[str, ...]) -> None:
    assert [problem.path for problem in Configuration.check(arguments)] == [path]


@pytest.mark.parametrize(
    ("environment", "path", "words"),
    [
        pytest.param({"OPENAI_BASE_URL": "nonsense"}, ("base_url",), "OPENAI_BASE_URL", id="address"),
        pytest.param({"OPENAI_API_KEY": "sk-s3\ncret"}, ("api_key",), "line break", id="key of two lines"),
        pytest.param(
            {"OPENAI_API_KEY": "sk-s3\u2026cret"}, ("api_key",), "Copy it again", id="key shortened by a viewer"
        ),
        pytest.param({"OPENAI_ORG_ID": "org\x00s3"}, ("organization",), "header", id="organization"),
        pytest.param({"OPENAI_CUSTOM_HEADERS": "bad name: s3"}, (), "OPENAI_CUSTOM_HEADERS", id="custom header"),
    ],
)
def test_what_the_environment_says_is_checked_when_it_is_read(
    environment: dict[str, str], path: tuple[str, ...], words: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        resolve({}, environment)
    assert caught.value.problems[0].path == path
    assert words in caught.value.problems[0].detail
    assert "s3" not in str(caught.value)


def test_the_provider_tells_its_secrets_and_the_emulator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment\n")
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "whsec-environment")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Gateway-Key: gateway\nX-Team: voice")
    provider = OpenAIProvider()
    assert set(provider.secrets({"admin_api_key": "sk-admin-argument"})) == {
        "sk-admin-argument",
        "sk-environment\n",
        "sk-environment",
        "whsec-environment",
        "gateway",
    }
    assert list(provider.notices({})) == []
    assert list(provider.notices({"base_url": "nonsense"})) == []
    assert "sk-broken" in provider.secrets({"api_key": "sk-broken", "base_url": "nonsense"})
    assert "no request leaves this machine" in "".join(provider.notices({"base_url": "emulator"}))


def test_no_repr_shows_a_key() -> None:
    configuration = Configuration.load(
        {"api_key": "sk-canary", "admin_api_key": "sk-canary", "webhook_secret": "canary"}
    )
    settings = resolve(configuration, {"OPENAI_CUSTOM_HEADERS": "X-Key: canary"})
    assert "canary" not in repr(configuration) + repr(settings)


@pytest.mark.parametrize(
    ("base_url", "proxied"),
    [
        pytest.param("https://api.example.com/v1", True, id="elsewhere"),
        pytest.param("http://127.0.0.1:9/v1", False, id="this machine"),
        pytest.param("emulator", False, id="emulator"),
    ],
)
def test_proxies_of_the_environment_are_used_for_other_machines_only(
    base_url: str, proxied: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Any
) -> None:
    for name in (
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    settings = Settings(base_url=base_url, api_key="sk-a")

    async def uses_proxy() -> bool:
        async with open_http(settings, tmp_path) as http:
            import httpx

            return http._transport_for_url(httpx.URL(address_of(settings))) is not http._transport

    assert run(uses_proxy()) is proxied


@pytest.mark.parametrize("proxy", ["socks9://user:canary@127.0.0.1:1", "http://user:canary@[::1"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ProviderError) as caught:
        open_http(Settings(api_key="sk-a"), tmp_path)
    assert "ALL_PROXY" in caught.value.problems[0].detail
    assert "canary" not in str(caught.value)


def test_time_limits_are_the_users(tmp_path: Path, run: Any) -> None:
    async def limits(**settings: float) -> tuple[Any, ...]:
        async with open_http(Settings(**settings), tmp_path) as http:  # type: ignore[arg-type]
            return http.timeout.connect, http.timeout.read, http.timeout.write, http.timeout.pool

    assert run(limits()) == (5.0, 600.0, 600.0, 600.0)
    assert run(limits(timeout=30.0)) == (5.0, 30.0, 30.0, 30.0)
    assert run(limits(timeout=2.0)) == (2.0, 2.0, 2.0, 2.0)


def test_the_provider_is_found_under_its_name() -> None:
    assert load_provider("openai") is OpenAIProvider
    assert [resource.type for resource in OpenAIProvider.resources] == [
        "openai_realtime_client_secret",
        "openai_realtime_call",
        "openai_realtime_session",
    ]
