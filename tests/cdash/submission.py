"""What a submitted Test.xml says of a test: submission.py FILE TEST [log]

One line each: status, labels, the measurements that are not CTest's own, details. With `log`: the attached log instead.
"""
import base64
import gzip
import io
import sys
import tarfile
import xml.etree.ElementTree

OWN = ("Execution Time", "Processors", "Command Line", "Environment", "Exit Code", "Exit Value")


def log(test):
    for entry in test.iter("NamedMeasurement"):
        if entry.get("type") == "file":
            packed = base64.b64decode(entry.findtext("Value").replace("\n", "") + "==")
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed))) as archive:
                (member,) = archive.getmembers()
                return archive.extractfile(member).read().decode()
    sys.exit("no log is attached")


def main(file, name, what="all"):
    tests = [test for test in xml.etree.ElementTree.parse(file).iter("Test") if test.findtext("Name") == name]
    if len(tests) != 1:
        sys.exit(f"{len(tests)} results of {name}")
    test = tests[0]
    if what == "log":
        sys.stdout.write(log(test))
        return
    print("status:", test.get("Status"))
    print("labels:", " ".join(sorted(label.text for label in test.iter("Label"))))
    for entry in test.iter("NamedMeasurement"):
        if entry.get("name") not in OWN:
            kept = "attached" if entry.get("type") == "file" else entry.findtext("Value")
            print(f"{entry.get('name')} ({entry.get('type')}): {kept}")
    if "CTestMeasurement" in (test.findtext("Results/Measurement/Value") or ""):
        sys.exit("markup is left in the output")


main(*sys.argv[1:])
