"""Fixtures of the emulator's tests."""

import asyncio
import warnings

import pytest


async def _audio_and_data_offer() -> str:
    from aiortc import RTCConfiguration, RTCPeerConnection

    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver("audio")
    connection.createDataChannel("oai-events")
    await connection.setLocalDescription(await connection.createOffer())
    sdp: str = connection.localDescription.sdp
    await connection.close()
    return sdp


@pytest.fixture(scope="session")
def offer() -> str:
    """An offer of a real WebRTC peer, with audio and a data channel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peer's own libraries
        return asyncio.run(_audio_and_data_offer())
