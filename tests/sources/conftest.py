"""A web site on loopback, for what fetches."""

import gzip
import http.server
import threading
import time

import pytest

from sources.fetching import MOST_BYTES
from tests.sources.files import ARTICLE


class Site(http.server.BaseHTTPRequestHandler):
    """Answers by path; the server counts what was asked."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["User-Agent"], self.headers["Host"]))
        name = self.path.strip("/").split("/")[0]
        getattr(self, f"answer_{name}", self.answer_missing)()

    def log_message(self, *_):
        pass

    def _send(self, body, status=200, **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_page(self):
        self._send(ARTICLE.encode(), Content_Type="text/html; charset=UTF-8")

    def answer_packed(self):
        self._send(gzip.compress(b"x" * (MOST_BYTES + 1)), Content_Encoding="gzip")

    def answer_missing(self):
        self._send(b"no", status=404)

    def answer_hops(self):
        left = int(self.path.rsplit("/", 1)[1])
        self._send(b"", status=302, Location=f"/hops/{left - 1}" if left else "/page?utm_source=x")

    def answer_inside(self):
        self._send(b"", status=302, Location=self.server.inside)

    def answer_large(self):
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(MOST_BYTES // 65_536 + 2):
                self.wfile.write(b"x" * 65_536)
        except ConnectionError:
            self.server.cut = True

    def answer_declared(self):
        self._send(b"", Content_Length=str(MOST_BYTES + 1))

    def answer_drip(self):
        # A header that never ends, a letter at a time: no single wait is long.
        try:
            for _ in range(200):
                self.wfile.write(b"H")
                time.sleep(0.1)
        except ConnectionError:
            pass


@pytest.fixture(scope="module")
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked, server.inside, server.cut = [], "", False
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.here = f"http://127.0.0.1:{server.server_port}"
    server.reachable = [("127.0.0.1", server.server_port)]
    yield server
    server.shutdown()
    server.server_close()
