"""Takes submissions as CDash does, and refuses what CDash would: receiver.py DIRECTORY

Listens on a free port of the loopback address, writes it to DIRECTORY/port, and keeps every file under the name of its
part (Test.xml). What is wrong with a submission goes to DIRECTORY/wrong.
"""
import hashlib
import http.server
import os
import sys
import urllib.parse
import xml.etree.ElementTree

DIRECTORY = sys.argv[1]
BUILD_ID = "4711"


def checked(path, headers, body):
    """The name to keep the file under. ValueError: why it is refused."""
    url = urllib.parse.urlsplit(path)
    if url.path != "/submit.php":
        raise ValueError(f"path {url.path}")
    query = {key: values[0] for key, values in urllib.parse.parse_qs(url.query, strict_parsing=True).items()}
    if query.get("project") != "shop":
        raise ValueError(f"project {query.get('project')}")
    if headers.get("Content-Type") != "text/xml":
        raise ValueError(f"content type {headers.get('Content-Type')}")
    if query.get("MD5") != hashlib.md5(body).hexdigest():
        raise ValueError(f"MD5 {query.get('MD5')}")
    parts = query["FileName"].split("___")
    if len(parts) != 5 or parts[3] != "XML":
        raise ValueError(f"file name {query['FileName']}")
    root = xml.etree.ElementTree.fromstring(body)
    name = parts[4]
    if name == "Done.xml":
        if root.findtext("buildId") != BUILD_ID:
            raise ValueError(f"done with build {root.findtext('buildId')}")
        return name
    said = (query["site"], query["build"], query["stamp"])
    held = (root.get("Name"), root.get("BuildName"), root.get("BuildStamp"))
    if said != held or "(empty)" in held or "" in held:
        raise ValueError(f"{name}: the address says {said}, the file {held}")
    if max(map(len, held)) > 255:
        raise ValueError(f"{name}: a name is too long")
    for measurement in root.iter("NamedMeasurement"):
        if not measurement.get("name") or len(measurement.get("name")) > 255 or not measurement.get("type"):
            raise ValueError(f"{name}: a measurement without a name or type")
        if measurement.get("type").startswith("numeric/"):
            float(measurement.findtext("Value"))
    return name


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            name = checked(self.path, self.headers, body)
            with open(os.path.join(DIRECTORY, name), "wb") as file:
                file.write(body)
            status, message = "OK", ""
        except (ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
            with open(os.path.join(DIRECTORY, "wrong"), "a", encoding="utf-8") as file:
                file.write(f"{self.path}: {error!r}\n")
            status, message = "ERROR", "refused"
        answer = (f'<cdash version="3.3"><status>{status}</status><message>{message}</message>'
                  f"<md5>{hashlib.md5(body).hexdigest()}</md5><buildId>{BUILD_ID}</buildId></cdash>").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_PUT

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
with open(os.path.join(DIRECTORY, "port.new"), "w", encoding="utf-8") as file:
    file.write(str(server.server_port))
os.rename(os.path.join(DIRECTORY, "port.new"), os.path.join(DIRECTORY, "port"))
server.serve_forever()
