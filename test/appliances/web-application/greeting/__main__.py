import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from greeting import greet


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(greet(os.environ["GREETING"]).encode())


HTTPServer(("127.0.0.1", int(sys.argv[1])), Greeter).serve_forever()
