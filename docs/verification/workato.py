"""Counts recipes, steps and connections of Workato packages, apart from the Go code that it checks.

Usage: python3 workato.py FOLDER
"""
import json
import pathlib
import sys


def steps(code):
    stack = [code]
    while stack:
        step = stack.pop()
        yield step
        stack.extend(step.get("block") or [])


def main(folder):
    count = dict.fromkeys(["recipes", "steps", "connections named by recipes", "steps with a connection", "recipe calls", "connection files"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        value = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(value, dict):
            continue
        count["connection files"] += "provider" in value and "root_folder" in value
        if not isinstance(value.get("code"), dict) or value["code"].get("keyword") != "trigger":
            continue
        count["recipes"] += 1
        used = {c["provider"] for c in value["config"] if c.get("account_id")}
        count["connections named by recipes"] += sum(bool(c.get("account_id")) for c in value["config"])
        for step in steps(value["code"]):
            count["steps"] += 1
            count["steps with a connection"] += step.get("provider") in used
            count["recipe calls"] += bool(isinstance((step.get("input") or {}).get("flow_id"), dict))
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
