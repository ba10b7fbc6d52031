"""Counts receivers, secret files and secrets of Alertmanager configurations by their text, apart from the Go code
that it checks.

Usage: python3 alertmanager.py FOLDER
"""
import pathlib
import re
import sys


def main(folder):
    count = dict.fromkeys(["files", "receivers", "secret files", "secrets by name"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.y*ml")):
        text = re.sub(r"(^|\s)#.*", r"\1", path.read_text())
        if not (re.search(r"^route:", text, re.M) and re.search(r"^receivers:", text, re.M)):
            continue
        count["files"] += 1
        block = text[re.search(r"^receivers:", text, re.M).end():]
        following = re.search(r"^\w", block, re.M)
        block = block[:following.start()] if following else block
        indents = [len(m.group(1)) for m in re.finditer(r"^( *)- +name:", block, re.M)]
        count["receivers"] += sum(1 for i in indents if i == min(indents)) if indents else 0
        count["secret files"] += len(re.findall(r"^[\s-]*\w*(?:pass|secret|token|key|auth|cred|webhook)\w*_file: *\S", text, re.M))
        count["secrets by name"] += len(re.findall(
            r"^[\s-]*(?:\w*password|\w*secret|\w*token|credentials|(?:api|routing|service|user|secret|opsgenie_api|victorops_api)_key): *\S",
            text, re.M))
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
