"""Why a connection came to nothing, in one word that can be said in a reader's language."""

from __future__ import annotations

import socket
import ssl

import httpcore

# Of OpenSSL's results of a verification (x509_vfy.h) those that somebody can act on.
_UNTRUSTED = {9: "not_yet_valid", 10: "expired", 18: "self_signed", 19: "self_signed", 20: "unknown_issuer",
              21: "unknown_issuer", 62: "wrong_host", 64: "wrong_host"}  # fmt: skip
_FAULTS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ssl.SSLError,), "tls"),
    ((ConnectionRefusedError,), "refused"),
    ((ConnectionError,), "cut_off"),
    ((socket.gaierror, UnicodeError), "name"),
    ((TimeoutError, httpcore.TimeoutException), "timeout"),
    ((httpcore.ProtocolError,), "protocol"),
)


def why(error: BaseException) -> str:
    """The fault in one word: name, refused, timeout, cut_off, expired, wrong_host …"""
    fault: BaseException | None = error
    while fault is not None:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return _UNTRUSTED.get(fault.verify_code, "untrusted")
        if isinstance(fault, httpcore.RemoteProtocolError) and "disconnected" in str(fault):
            return "cut_off"
        for kinds, word in _FAULTS:
            if isinstance(fault, kinds):
                return word
        fault = fault.__cause__ or fault.__context__
    return "unreachable"
