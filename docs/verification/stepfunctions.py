"""Counts the states of Step Functions state machines in JSON, apart from the Go code that it checks. YAML files are
counted by their text.

Usage: python3 stepfunctions.py FOLDER
"""
import json
import pathlib
import re
import sys


def states(value):
    """Every entry of every map called States, however deep."""
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "States" and isinstance(child, dict):
                yield from ((name, state) for name, state in child.items() if isinstance(state, dict))
            yield from states(child)
    elif isinstance(value, list):
        for child in value:
            yield from states(child)


def main(folder):
    count = dict.fromkeys(["files in JSON", "files in YAML", "states in JSON", "executions of a named machine"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.suffix in (".yaml", ".yml"):
            text = path.read_text()
            count["files in YAML"] += bool(re.search(r"^StartAt:", text, re.M) and re.search(r"^States:", text, re.M))
        if path.suffix != ".json":
            continue
        try:
            value = json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue
        if not isinstance(value, dict) or "StartAt" not in value:
            continue
        count["files in JSON"] += 1
        for _, state in states(value):
            count["states in JSON"] += 1
            machine = (state.get("Parameters") or state.get("Arguments") or {})
            if isinstance(machine, dict) and "states:startExecution" in str(state.get("Resource")):
                count["executions of a named machine"] += str(machine.get("StateMachineArn")).startswith("arn:")
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
