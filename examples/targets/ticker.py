"""Server-sent events with nothing but Python's standard library: POST /quote, GET /quotes."""

import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

readers: set[queue.SimpleQueue] = set()
lock = threading.Lock()
last_id = 0


class Ticker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path != "/quotes":
            self.answer(404)
            return
        mine: queue.SimpleQueue = queue.SimpleQueue()
        with lock:
            readers.add(mine)
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            while True:
                self.wfile.write(mine.get())
        except OSError:
            self.close_connection = True
        finally:
            with lock:
                readers.discard(mine)

    def do_POST(self) -> None:
        global last_id
        quote = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        with lock:
            last_id += 1
            event = f"id: {last_id}\ndata: {quote}\n\n".encode()
            for reader in readers:
                reader.put(event)
        self.answer(204)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512


Server(("127.0.0.1", int(os.environ["PORT"])), Ticker).serve_forever()
