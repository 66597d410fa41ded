"""An emulator of OpenAI's realtime endpoints, which holds requests against the API's contract.

It answers in process, as an application behind an HTTP client's transport, or on a port. It shares no code with
the provider, so that the two can disagree. `objects` that it made are kept in a file; see `listing` for a look.
"""

from providers.openai.emulator.app import create_app
from providers.openai.emulator.faults import ConnectionDropped, Fault, parse_fault
from providers.openai.emulator.server import running, serve
from providers.openai.emulator.store import DatabaseUnusable

__all__ = ["ConnectionDropped", "DatabaseUnusable", "Fault", "create_app", "parse_fault", "running", "serve"]
