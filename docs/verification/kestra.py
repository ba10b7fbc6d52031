"""Counts the secrets that Kestra files name, by their text, apart from the Go code that it checks.

Usage: python3 kestra.py FOLDER
"""
import pathlib
import re
import sys


def main(folder):
    count = dict.fromkeys(["flows", "files of defaults", "secrets named", "values named"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.y*ml")):
        text = path.read_text()
        flow = all(re.search(rf"^{key}:", text, re.M) for key in ("id", "namespace", "tasks"))
        defaults = bool(re.search(r"^- type: io\.kestra\.", text, re.M))
        count["flows"] += flow
        count["files of defaults"] += defaults and not flow
        if flow or defaults:
            live = re.sub(r"^\s*#.*", "", text, flags=re.M)
            count["secrets named"] += len(re.findall(r"\bsecret\(\s*['\"]", live))
            count["values named"] += len(re.findall(r"\bkv\(\s*['\"]", live))
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
