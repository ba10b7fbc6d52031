"""Counts what Airflow DAG files refer to, with Python's own parser, apart from the Go code that it checks.

Usage: python3 airflow.py FOLDER

Counts calls only (a connection named in a Jinja template or in a dictionary is text to the parser; those are counted
by a search in the strings).
"""
import ast
import pathlib
import re
import sys


def last(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def dotted(node):
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def literal(node, names):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return names.get(getattr(node, "id", None))


def main(folder):
    count = dict.fromkeys(["files", "dags", "tasks", "connections named", "variables read", "kubernetes secrets"], 0)
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        text = path.read_text()
        if not re.search(r"^\s*(from|import)\s+airflow\b", text, re.M):
            continue
        tree = ast.parse(text)
        names = {t.id: n.value.value for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)
                 for t in n.targets if isinstance(t, ast.Name)}
        count["files"] += 1
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                count["dags"] += any(last(d) == "dag" for d in node.decorator_list)
            if isinstance(node, ast.Dict):
                count["connections named"] += sum(1 for k, v in zip(node.keys, node.values) if isinstance(k, ast.Constant)
                                                  and str(k.value).endswith("conn_id") and literal(v, {}))
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                count["connections named"] += len(re.findall(r"{{-?\s*conn\.", node.value))
                count["variables read"] += len(re.findall(r"{{-?\s*var\.(?:value|json)\.", node.value))
            if not isinstance(node, ast.Call):
                continue
            name = last(node.func)
            words = {k.arg: k.value for k in node.keywords if k.arg}
            count["dags"] += name == "DAG" or name == "dag" and bool(node.args or node.keywords)
            count["tasks"] += bool(literal(words.get("task_id"), names))
            count["connections named"] += sum(bool(literal(v, names)) for k, v in words.items() if re.search(r"(^|_)conn_id$", k))
            if name == "get_connection" and node.args:
                count["connections named"] += bool(literal(node.args[0], names))
            if dotted(node.func).endswith("Variable.get") and node.args:
                count["variables read"] += bool(literal(node.args[0], names))
            count["kubernetes secrets"] += name == "Secret" and len(node.args) + len(node.keywords) >= 3
    for name, number in count.items():
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
