"""Counts the connections of Zapier exports, written apart from the Go code that it checks.

Usage: python3 zapier.py FOLDER
"""
import json
import pathlib
import sys


def main(folder):
    files = zaps = nodes = refs = 0
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            value = json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue
        if not isinstance(value, dict) or "zaps" not in value or "version" not in value.get("metadata", {}):
            continue
        files += 1
        for zap in value["zaps"]:
            zaps += 1
            nodes += len(zap["nodes"])
            refs += sum(1 for node in zap["nodes"].values() if node.get("authentication_id"))
    for number, name in ((files, "files"), (zaps, "zaps"), (nodes, "nodes"), (refs, "nodes with connections")):
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
