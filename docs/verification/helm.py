#!/usr/bin/env python3
"""Compares what a map says of the templates of Helm charts with what `helm template` renders.

usage: helm.py MAP FOLDER-OF-THE-SOURCE HELM

Every chart of the source is rendered with its own values; dependencies that are not in the source are left out of a copy
of the chart first. Each Secret that a pod of the rendered text refers to (secretKeyRef, envFrom, volumes) must be named
by an edge of the map whose evidence stands in the chart.
"""
import json, os, re, shutil, subprocess, sys, tempfile
import yaml

RELEASE = "rel-name"


def references(node, out):
    """Collects (kind, name, key) from a rendered document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "secretKeyRef" and isinstance(value, dict):
                out.add(("secretKeyRef", str(value.get("name")), str(value.get("key"))))
            elif key == "secretRef" and isinstance(value, dict) and "name" in value:
                out.add(("envFrom", str(value["name"]), ""))
            elif key == "secret" and isinstance(value, dict) and ("secretName" in value or "name" in value):
                out.add(("volume", str(value.get("secretName") or value.get("name")), ""))
            references(value, out)
    elif isinstance(node, list):
        for item in node:
            references(item, out)


def rendered(helm, chart, source):
    with tempfile.TemporaryDirectory() as tmp:
        copy = os.path.join(tmp, "chart")
        shutil.copytree(chart, copy, symlinks=True)
        meta = yaml.safe_load(open(os.path.join(copy, "Chart.yaml")))
        meta.pop("dependencies", None)
        if not os.path.isdir(os.path.join(copy, "charts")):
            for name in ("common",):
                lib = os.path.join(os.path.dirname(chart), name)
                if os.path.isdir(lib) and os.path.basename(chart) != name:
                    shutil.copytree(lib, os.path.join(copy, "charts", name))
        yaml.safe_dump(meta, open(os.path.join(copy, "Chart.yaml"), "w"))
        for lock in ("Chart.lock", "requirements.yaml", "requirements.lock"):
            if os.path.exists(os.path.join(copy, lock)):
                os.remove(os.path.join(copy, lock))
        run = subprocess.run([helm, "template", RELEASE, copy], capture_output=True, text=True, timeout=120)
        if run.returncode != 0:
            return None
        out = set()
        try:
            for doc in yaml.safe_load_all(run.stdout):
                if isinstance(doc, dict) and doc.get("kind") not in ("CustomResourceDefinition",):
                    references(doc, out)
        except yaml.YAMLError:
            return None
        return out


def seen(asset_map):
    """Lists (path, name, key) of every edge to a key of a Kubernetes Secret."""
    out = []
    for fragment in asset_map["fragments"]:
        for edge in fragment.get("edges") or []:
            if not edge["to"].startswith("k8s:") or edge["kind"] not in ("bound-from", "reads"):
                continue
            name, _, key = edge["to"].rpartition("/")[2].partition("#")
            for place in edge.get("evidence") or []:
                out.append((place["path"], name, key))
    return out


def main():
    asset_map, source, helm = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
    edges = seen(asset_map)
    total = {}
    charts = failed = 0
    for folder, _, files in sorted(os.walk(source)):
        if "Chart.yaml" not in files or "/charts/" in folder[len(source):].replace("/charts/", "", 1):
            continue
        want = rendered(helm, folder, source)
        if want is None:
            failed += 1
            continue
        charts += 1
        prefix = os.path.relpath(folder, source) + "/"
        prefix = "" if prefix == "./" else prefix
        ours = {(n, k) for p, n, k in edges if p.startswith(prefix)}
        names = {re.sub(r"<release[^>]*>", RELEASE, n) for n, _ in ours}
        keyed = {(re.sub(r"<release[^>]*>", RELEASE, n), k) for n, k in ours}
        for kind, name, key in sorted(want):
            hit = (name, key) in keyed if kind == "secretKeyRef" else name in names
            row = total.setdefault(kind, [0, 0])
            row[0] += 1
            row[1] += hit
            if not hit and os.environ.get("SHOW"):
                print("missed", prefix, kind, name, key)
    print(f"{charts} charts rendered, {failed} not (they need values or remote charts)")
    for kind, (n, hit) in sorted(total.items()):
        print(f"{kind}: rendered {n}, in the map {hit}")


main()
