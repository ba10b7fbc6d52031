"""Counts the references to secrets in GitHub Actions workflows and actions, written apart from the Go code that it
checks: regular expressions over the text instead of a tree and an expression parser.

Usage: python3 githubactions.py FOLDER...

Each folder is a checked-out repository. Prints one line for each reference: folder, file, line, name; "*" stands
for a computed name, the whole context, or secrets: inherit.
"""
import os
import re
import sys

NAME = re.compile(
    r"""(?<![\w.\-'"$])secrets\s*(?:\.\s*([A-Za-z_][\w-]*|\*)|\[\s*'([^']*)'\s*\]|(\[)|(?=\s*[,)]))""", re.I)
TOKEN = re.compile(r"(?<![\w.\-'\"])github\.token\b", re.I)
STRING = re.compile(r"'(?:[^']|'')*'")
WORKFLOW = re.compile(r"(^|/)\.github/workflows/[^/]+\.ya?ml$")


def blanked(expression):
    """Blanks string literals, but for those that are an index."""
    def blank(m):
        if expression[:m.start()].rstrip().endswith("["):
            return m.group(0)
        return "'" + "_" * (len(m.group(0)) - 2) + "'"
    return STRING.sub(blank, expression)


def expressions(text):
    for m in re.finditer(r"\$\{\{(.*?)\}\}", text, re.S):
        yield m.start(1), m.group(1)
    for m in re.finditer(r"^[ -]*if:\s*(.*)$", text, re.M):
        if "${{" not in m.group(1):
            yield m.start(1), re.sub(r"\s#.*", "", m.group(1))


def references(text, workflow):
    text = "\n".join("" if line.lstrip().startswith("#") else line for line in text.split("\n"))
    for offset, expression in expressions(text):
        expression = blanked(expression)
        for m in NAME.finditer(expression):
            yield text.count("\n", 0, offset + m.start()) + 1, (m.group(1) or m.group(2) or "*").upper()
        for m in TOKEN.finditer(expression):
            yield text.count("\n", 0, offset + m.start()) + 1, "GITHUB_TOKEN"
    if workflow:
        for m in re.finditer(r"^\s+secrets:\s*inherit\b", text, re.M):
            yield text.count("\n", 0, m.end()) + 1, "*"


def main(roots):
    for root in roots:
        for folder, names, files in os.walk(root):
            names[:] = [n for n in names if n != ".git"]
            for name in files:
                path = os.path.join(folder, name)
                relative = os.path.relpath(path, root)
                workflow = bool(WORKFLOW.search(relative))
                if os.path.islink(path) or not workflow and name not in ("action.yml", "action.yaml"):
                    continue
                with open(path, encoding="utf8", errors="replace") as f:
                    text = f.read()
                if workflow or "runs" in text:
                    for line, secret in references(text, workflow):
                        print(os.path.basename(root.rstrip("/")), relative, line, secret, sep="\t")


main(sys.argv[1:])
