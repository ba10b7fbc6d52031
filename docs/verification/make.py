"""Counts the connections of Make blueprints, written apart from the Go code that it checks.

Usage: python3 make.py FOLDER
"""
import json
import pathlib
import sys

KEYS = {"__IMTCONN__", "account", "accountId", "connection", "connectionId", "key", "auth", "hook",
        "__IMTKEY__", "__IMTHOOK__"}


def blueprints(value):
    if isinstance(value, dict):
        flow = value.get("flow")
        if isinstance(flow, list) and flow and all(isinstance(m, dict) and ":" in str(m.get("module")) for m in flow):
            yield value
            return
        for key in ("response", "blueprint", "scenario"):
            yield from blueprints(value.get(key))
    elif isinstance(value, list):
        for item in value:
            yield from blueprints(item)


def modules(value):
    """Every object with a module name, wherever it stands below the flow."""
    if isinstance(value, dict):
        if isinstance(value.get("module"), str) and "id" in value:
            yield value
        for key, child in value.items():
            if key not in ("metadata", "mapper", "parameters"):
                yield from modules(child)
    elif isinstance(value, list):
        for item in value:
            yield from modules(item)


def references(module):
    for group in ("parameters", "mapper"):
        for key, value in (module.get(group) or {}).items():
            if key in KEYS and not isinstance(value, bool) and str(value).isdigit() and int(value) > 0:
                yield value


def main(folder):
    files = found = steps = users = refs = 0
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            plans = list(blueprints(json.loads(path.read_text("utf-8-sig"))))
        except ValueError:
            continue
        files += bool(plans)
        for plan in plans:
            found += 1
            for module in modules(plan["flow"]):
                steps += 1
                own = list(references(module))
                refs += len(own)
                users += bool(own)
    for number, name in ((files, "files"), (found, "blueprints"), (steps, "modules"),
                         (users, "modules with connections"), (refs, "references")):
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
