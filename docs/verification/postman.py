"""Counts requests, logins and headers of Postman collections and Insomnia exports, apart from the Go code that it
checks.

Usage: python3 postman.py FOLDER
"""
import json
import pathlib
import sys


def items(value):
    for item in value or []:
        if isinstance(item, dict):
            yield item
            yield from items(item.get("item") if isinstance(item.get("item"), list) else [])


def main(folder):
    count = dict.fromkeys(["collections", "folders and requests", "environments", "insomnia exports", "insomnia requests"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            value = json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        info = value.get("info")
        if isinstance(info, dict) and "schema.getpostman.com" in str(info.get("schema")):
            count["collections"] += 1
            count["folders and requests"] += sum(1 for _ in items(value["item"]))
        count["environments"] += "_postman_variable_scope" in value
        if "__export_format" in value:
            count["insomnia exports"] += 1
            count["insomnia requests"] += sum(r.get("_type") == "request" for r in value["resources"])
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
