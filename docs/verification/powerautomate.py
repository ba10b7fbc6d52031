"""Counts the connections of Power Automate flows and Logic Apps workflows, written apart from the Go code that it
checks. Zip files are opened.

Usage: python3 powerautomate.py FOLDER
"""
import io
import json
import pathlib
import re
import sys
import zipfile


def files(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.suffix == ".json":
            yield path.read_bytes()
        elif path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
                for name in archive.namelist():
                    if name.endswith(".json"):
                        yield archive.read(name)


def definitions(value):
    if isinstance(value, dict):
        inner = value.get("definition")
        if isinstance(inner, dict) and "triggers" in inner:
            yield inner
            return
        for key in ("properties", "resources", "template"):
            yield from definitions(value.get(key))
    elif isinstance(value, list):
        for item in value:
            yield from definitions(item)


def steps(definition):
    """Every object below triggers or actions: the children of any key named so."""
    stack = [definition]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, dict):
            for key, child in value.items():
                if key in ("triggers", "actions") and isinstance(child, dict):
                    yield from child.values()
                if key != "inputs":
                    stack.append(child)


def connected(step):
    inputs = step.get("inputs") if isinstance(step, dict) else None
    if not isinstance(inputs, dict):
        return False
    host = inputs.get("host") if isinstance(inputs.get("host"), dict) else {}
    connection = host.get("connection") if isinstance(host.get("connection"), dict) else {}
    return bool(host.get("connectionName") or connection.get("referenceName")
                or re.search(r"\$connections'\)\['", str(connection.get("name", "")))
                or inputs.get("serviceProviderConfiguration", {}).get("connectionName"))


def main(folder):
    count = {"files": 0, "definitions": 0, "steps": 0, "steps with connections": 0}
    for text in files(folder):
        try:
            found = list(definitions(json.loads(text.decode("utf-8-sig"))))
        except ValueError:
            continue
        count["files"] += bool(found)
        for definition in found:
            count["definitions"] += 1
            for step in steps(definition):
                count["steps"] += 1
                count["steps with connections"] += connected(step)
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
