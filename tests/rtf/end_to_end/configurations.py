"""Texts of configurations that several tests use."""

from pathlib import Path

OFFER = Path(__file__).parents[3] / "examples" / "offer.sdp"


def provider(base_url: str, *arguments: str) -> str:
    """Return a provider block for the emulator at `base_url`; its requests are not repeated."""
    lines = [f'base_url = "{base_url}"', "max_retries = 0", *arguments]
    return 'provider "openai" {\n' + "".join(f"  {line}\n" for line in lines) + "}\n"


def secret(name: str = "web", instructions: str = "Be kind.", *, count: int | None = None) -> str:
    """Return a resource block of a client secret."""
    many = "" if count is None else f"  count = {count}\n"
    return f"""resource "openai_realtime_client_secret" "{name}" {{
{many}  session = {{
    type         = "realtime"
    model        = "gpt-realtime-2.1"
    instructions = "{instructions}"
  }}
}}
"""


def call(name: str = "support") -> str:
    """Return a resource block of a call with the offer of the file offer.sdp."""
    return f"""resource "openai_realtime_call" "{name}" {{
  sdp = file("offer.sdp")
  session = {{
    type  = "realtime"
    model = "gpt-realtime-2.1"
  }}
}}
"""


def in_a_row(count: int) -> str:
    """Return resource blocks of client secrets, each of which needs the one before."""
    blocks = [secret("s0", "Link 0.")]
    for number in range(1, count):
        before = f"${{openai_realtime_client_secret.s{number - 1}.id}}"
        blocks.append(secret(f"s{number}", f"Link {number} after {before}."))
    return "".join(blocks)
