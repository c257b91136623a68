"""A proxy in front of the agent that can refuse, delay, or answer in its place."""

import http.server
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Callable, List, Optional

#: Answers a request in the agent's place.
Trouble = Callable[["_Handler"], None]


def status(code: int, retry_after: Optional[str] = None, body: bytes = b'{"code": "store_unavailable"}') -> Trouble:
    def answer(handler: "_Handler") -> None:
        headers = {} if retry_after is None else {"retry-after": retry_after}
        handler.respond(code, body, headers)

    return answer


def says(text: bytes) -> Trouble:
    """Answers 200 with a text that no agent sends."""
    return lambda handler: handler.respond(200, text, {"content-type": "text/html"})


def hang_up(handler: "_Handler") -> None:
    handler.close_connection = True
    try:
        handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:  # the client was faster
        pass


def garbage(handler: "_Handler") -> None:
    handler.connection.sendall(b"\x00\xffthis is no HTTP\r\n\r\n")
    hang_up(handler)


def half_an_answer(handler: "_Handler") -> None:
    handler.connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    hang_up(handler)


def slow(seconds: float) -> Trouble:
    def answer(handler: "_Handler") -> None:
        time.sleep(seconds)
        handler.forward()

    return answer


def lost_answer(handler: "_Handler") -> None:
    """Hands the request to the agent and loses its answer."""
    handler.ask_agent()
    hang_up(handler)


#: The fields of contract 1.1 that 1.0 does not have.
_NEWER = ("try", "resumes", "logical_date", "lost", "expected_min_of")
_NEWER_IN_FEATURES = ("kind", "n", "min", "max", "mean", "sd", "distinct", "quantiles", "spikes", "outside")


def older(handler: "_Handler") -> None:
    """Answers as an agent of release 0.1 did: it does not name the contract, and rejects each report with a field that it does
    not know. The other reports go on to the agent. So it does with references.
    """
    if not handler.path.startswith("/v1/reports"):
        unknown = [field for field in _NEWER_IN_FEATURES if field in json.loads(handler.body or b"{}")]
        code, body = (422, b'{"code": "invalid_report"}') if unknown else handler.ask_agent()
        handler.respond(code, body, {"content-type": "application/json"})
        return
    lines = handler.body.splitlines()
    rejected, taken = [], []
    for index, line in enumerate(lines):
        report = json.loads(line)
        unknown = [field for field in _NEWER if field in report]
        for feature in report.get("features", {}).values():
            unknown += [field for field in _NEWER_IN_FEATURES if field in feature]
        if unknown:
            detail = "; ".join(f'{field}: unknown field "{field}"; the fields are pipeline_name' for field in unknown)
            rejected.append({"index": index, "code": "invalid_report", "detail": detail})
        else:
            taken.append((index, line))
    said = {"accepted": 0, "duplicates": 0, "rejected": []}
    if taken:
        handler.body = b"".join(line + b"\n" for _, line in taken)
        said = json.loads(handler.ask_agent()[1])
    rejected += [{**one, "index": taken[one["index"]][0]} for one in said["rejected"]]
    handler.respond(200, json.dumps({**said, "rejected": rejected}).encode(), {"content-type": "application/json"})


class Front:
    """Answers one request with each of `troubles`, in order; the agent answers the requests after them."""

    def __init__(self, agent_url: str, troubles: Optional[List[Trouble]] = None, port: int = 0) -> None:
        self.agent_url = agent_url
        self.troubles = list(troubles or [])
        self.times: List[float] = []
        #: The body of each request, as it came.
        self.bodies: List[bytes] = []
        #: The path of each request, with its query.
        self.paths: List[str] = []
        self.connections = 0
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.front = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def reports(self, pipeline_name: str) -> "list[dict]":
        """The reports of the pipeline that came, in order."""
        lines = [json.loads(line) for body in list(self.bodies) for line in body.splitlines()]
        return [line for line in lines if line["pipeline_name"] == pipeline_name]

    def end_of(self, pipeline_name: str) -> dict:
        """The first report that ends a run of the pipeline."""
        return next(line for line in self.reports(pipeline_name) if line.get("status") in ("success", "failed"))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    contract: Optional[str] = None

    def setup(self) -> None:
        super().setup()
        self.server.front.connections += 1  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        front.times.append(time.monotonic())
        front.bodies.append(self.body)
        front.paths.append(self.path)
        if front.troubles:
            front.troubles.pop(0)(self)
        else:
            self.forward()

    do_GET = do_PUT = do_POST

    def ask_agent(self) -> "tuple[int, bytes]":
        front: Front = self.server.front  # type: ignore[attr-defined]
        headers = {name: self.headers[name] for name in ("content-type", "authorization") if name in self.headers}
        request = urllib.request.Request(
            front.agent_url + self.path, self.body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.contract = answer.headers.get("sluice-contract")
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def forward(self) -> None:
        code, body = self.ask_agent()
        said = {} if self.contract is None else {"sluice-contract": self.contract}
        self.respond(code, body, {"content-type": "application/json", **said})

    def respond(self, code: int, body: bytes, headers: "dict[str, str]") -> None:
        try:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client did not wait
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass
