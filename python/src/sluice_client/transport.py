"""HTTP to the agent over one keep-alive connection."""

from __future__ import annotations

# Imported here: the first connection would import it at a moment that a fork may interrupt.
import encodings.idna  # noqa: F401
import http.client
import ssl
import time
from typing import Dict, Optional
from urllib.parse import urlsplit

from .answer import NO_ANSWER, Answer, read_answer
from .retry_after import seconds_until_retry
from .version import VERSION

MOST_ANSWER_BYTES = 64 << 20


class Transport:
    """For one thread at a time. Network errors are returned as answers, not raised. No proxy is used: the agent is a
    sidecar.
    """

    def __init__(self, url: str, api_key: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._base = parts.path.rstrip("/")
        self._headers: Dict[str, str] = {"accept": "application/json", "user-agent": f"sluice-client-python/{VERSION}"}
        if api_key:
            self._headers["authorization"] = f"Bearer {api_key}"
        self._connection: Optional[http.client.HTTPConnection] = None

    def request(
        self, method: str, path: str, timeout: float, body: Optional[bytes] = None, content_type: str = "application/json"
    ) -> Answer:
        """timeout: seconds for the whole exchange, measured between reads."""
        deadline = time.monotonic() + timeout
        kept = self._connection is not None
        try:
            return self._exchange(method, path, deadline, body, content_type)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            first = error
        # The agent may have closed the idle connection. Reports have ids, so sending twice is harmless.
        if kept and not isinstance(first, TimeoutError) and time.monotonic() < deadline:
            try:
                return self._exchange(method, path, deadline, body, content_type)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                first = error
        return Answer(NO_ANSWER, None, f"{type(first).__name__}: {first}")

    def _exchange(self, method: str, path: str, deadline: float, body: Optional[bytes], content_type: str) -> Answer:
        connection = self._connection
        if connection is None:
            connection = self._connection = self._connect()
        _limit(connection, deadline)
        headers = self._headers if body is None else {**self._headers, "content-type": content_type}
        connection.request(method, self._base + path, body, headers)
        _limit(connection, deadline)
        response = connection.getresponse()
        chunks = []
        size = 0
        while True:
            _limit(connection, deadline)
            chunk = response.read1(1 << 16)
            if not chunk:
                break
            size += len(chunk)
            if size > MOST_ANSWER_BYTES:
                raise http.client.HTTPException("the answer does not end")
            chunks.append(chunk)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        # read1 leaves the response open at its end, and the connection could take no other request.
        response.close()
        if response.will_close:
            self.close()
        retry_after = seconds_until_retry(response.getheader("retry-after"))
        return read_answer(response.status, b"".join(chunks), retry_after, response.getheader("sluice-contract"))

    def _connect(self) -> http.client.HTTPConnection:
        if not self._tls:
            return http.client.HTTPConnection(self._host, self._port)
        return http.client.HTTPSConnection(self._host, self._port, context=ssl.create_default_context())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _limit(connection: http.client.HTTPConnection, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no whole answer in time")
    connection.timeout = left
    if connection.sock is not None:
        connection.sock.settimeout(left)
