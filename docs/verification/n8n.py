"""Counts the credential references of n8n workflow exports, written apart from the Go code that it checks.

Usage: python3 n8n.py FOLDER

Prints the files that are n8n workflows, the nodes that are not sticky notes, the enabled nodes that name a
credential by id or name, and the single references.
"""
import json
import pathlib
import sys


def workflows(value):
    if isinstance(value, list):
        for item in value:
            yield from workflows(item)
    elif isinstance(value, dict):
        if isinstance(value.get("nodes"), list) and isinstance(value.get("connections"), dict):
            yield value
            return
        for wrapper in ("data", "workflow"):
            yield from workflows(value.get(wrapper))


def references(node):
    for value in (node.get("credentials") or {}).values():
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, dict) and (value.get("id") or value.get("name")):
            yield value.get("id") or value.get("name")


def inner(node):
    text = (node.get("parameters") or {}).get("workflowJson")
    try:
        found = list(workflows(json.loads(text))) if isinstance(text, str) else []
    except ValueError:
        found = []
    for workflow in found:
        for child in workflow["nodes"]:
            yield child
            yield from inner(child)


def main(folder):
    count = dict.fromkeys(["files", "workflows", "nodes", "nodes with credentials", "references"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            found = list(workflows(json.loads(path.read_text("utf-8-sig"))))
        except ValueError:
            continue
        count["files"] += bool(found)
        for workflow in found:
            count["workflows"] += 1
            for top in workflow["nodes"]:
                for node in [top, *inner(top)]:
                    if str(node.get("type")).endswith("stickyNote"):
                        continue
                    count["nodes"] += 1
                    refs = list(references(node))
                    count["references"] += len(refs)
                    if refs and not node.get("disabled") and not top.get("disabled"):
                        count["nodes with credentials"] += 1
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
