"""Counts what the smaller workflow platforms refer to, written apart from the Go code that it checks: by patterns over
lines, not by reading the formats.

Usage: python3 platforms.py FOLDER

Prints, for each platform, the files that look like its own and the references in them.
"""
import json
import pathlib
import re
import sys


def uipath(path, text):
    if path.suffix != ".xaml" or "schemas.uipath.com/workflow/activities" not in text:
        return None
    tags = re.findall(r"<ui:(?:Get|Set)(?:Robot)?(?:Credential|Asset|SecureCredential)\b[^>]*", text)
    names = [re.search(r'\b(?:AssetName|CredentialName|Target)="([^"]+)"', t) for t in tags]
    return sum(1 for n in names if n and not n.group(1).startswith("[") and n.group(1) != "{x:Null}")


def retool(path, text):
    if path.suffix != ".rsx" or "resourceName=" not in text:
        return None
    return len(re.findall(r'resourceName="[0-9a-f]{8}-[0-9a-f-]{27}"', text))


def apps_script(path, text):
    if path.suffix not in (".gs", ".js", ".ts") or not re.search(
            r"PropertiesService\.get|UrlFetchApp\.fetch|ScriptApp\.newTrigger", text):
        return None
    return len(re.findall(r"\.(?:getProperty\(\s*['\"][\w.-]+['\"]|setProperty\(\s*['\"][\w.-]+['\"]\s*,\s*['\"][^'\"\n]{4,})", text))


def prefect(path, text):
    if path.suffix != ".py" or not re.search(r"^\s*(?:from|import)\s+prefect\b", text, re.M):
        return None
    found = re.findall(r"\b[A-Z]\w+\.a?load\(\s*['\"][\w-]+['\"]", text)
    return len(found) if found or re.search(r"\.(?:serve|deploy|from_source)\(", text) else None


def pipedream(path, text):
    if not re.search(r"^schema: workflow/", text, re.M):
        return None
    return len(re.findall(r"authProvisionId:", text))


def windmill(path, text):
    if not path.name.endswith((".yaml", ".yml")):
        return None
    kind = re.search(r"\.(?:script|schedule|resource|variable|\w+_trigger)\.yaml$|(?:__|\.)flow/flow\.yaml$", str(path))
    if not kind:
        return None
    own = 1 if re.search(r"\.(resource|variable)\.yaml$", str(path)) else 0
    return own + len(re.findall(r"\$(?:var|res):[fug]/", text))


def main():
    counts = {}
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
        if not path.is_file() or ".git" in path.parts or path.stat().st_size > 8 << 20:
            continue
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        for count in (uipath, retool, apps_script, prefect, pipedream, windmill):
            n = count(path, text)
            if n is not None:
                entry = counts.setdefault(count.__name__, [0, 0])
                entry[0] += 1
                entry[1] += n
    print(json.dumps(counts, indent=1, sort_keys=True))


main()
