"""Counts what the smaller workflow platforms refer to, written apart from the Go code that it checks: by patterns over
lines, not by reading the formats.

Usage: python3 platforms.py FOLDER

Prints, for each platform, the files that look like its own and the references in them.
"""
import html
import json
import pathlib
import re
import sys
import zipfile


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


def uipath_config(path, text):
    """Counts the rows of a configuration workbook that name an asset or a credential."""
    if path.suffix != ".xlsx":
        return None
    book = zipfile.ZipFile(path)
    names = set(book.namelist())
    if "xl/workbook.xml" not in names:
        return None
    part = lambda name: book.read(name).decode() if name in names else ""
    unescape = lambda s: html.unescape("".join(re.findall(r"<t[^>]*>([^<]*)</t>", s)))
    texts = [unescape(s) for s in re.findall(r"<si>(.*?)</si>", part("xl/sharedStrings.xml"), re.S)]
    found, sheets = 0, 0
    for name in sorted(n for n in names if n.startswith("xl/worksheets/sheet")):
        rows = []
        for row in re.findall(r"<row [^>]*?(?:/>|>(.*?)</row>)", part(name), re.S):
            cells = {}
            for column, attributes, body in re.findall(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', row, re.S):
                value = re.search(r"<v>([^<]*)</v>", body or "")
                cells[column] = texts[int(value.group(1))] if value and 't="s"' in attributes else value.group(1) if value else unescape(body or "")
            rows.append(cells)
        heads = next((r for r in rows if len([v for v in r.values() if v]) > 1), {})
        if heads.get("A") != "Name" or heads.get("B") not in ("Value", "Asset"):
            continue
        sheets += 1
        folder = next((c for c, v in heads.items() if v.endswith("Folder")), None)
        for r in rows[rows.index(heads) + 1:]:
            label, value = r.get("A", ""), r.get("B", "")
            if not label or not value:
                continue
            if folder:
                found += 1
            elif re.search("credential", label, re.I) and not re.search("folder|path|queue|file", label, re.I):
                found += 1
    return found if sheets else None


def dagster(path, text):
    if path.suffix != ".py" or not re.search(r"^\s*(?:from|import)\s+dagster", text, re.M):
        return None
    names = set(re.findall(r"EnvVar(?:\.int)?\(\s*['\"](\w+)", text))
    schedules = re.search(r"ScheduleDefinition\s*\(|@(?:\w+\.)?schedule\s*\(|define_asset_job\s*\(", text)
    return len(names) if names or schedules or re.search(r"\bEnvVar\b", text) else None


def dbt(path, text):
    if path.name not in ("profiles.yml", "profiles.yaml") or "outputs:" not in text:
        return None
    return len(re.findall(r"env_var\(\s*['\"]\w+", text))


def airflow_connections(path, text):
    if path.name != "airflow_settings.yaml":
        return None
    return len(re.findall(r"^\s*(?:- )?conn_id:[ \t]*[\w'\"]", text, re.M))


def grafana(path, text):
    if path.suffix not in (".yml", ".yaml") or not re.search(r"^(?:datasources|contactPoints):", text, re.M) or not re.search(r"^apiVersion: 1\b", text, re.M):
        return None
    return len(re.findall(r"\$(?:__file)?\{\w*|\$[A-Z_]{3,}", text))


def prometheus(path, text):
    if path.suffix not in (".yml", ".yaml") or not re.search(r"^scrape_configs:", text, re.M):
        return None
    return len(re.findall(r"^\s*(?:- )?(?:password_file|credentials_file|bearer_token_file|client_secret_file|key_file):", text, re.M))


def home_assistant(path, text):
    if path.suffix not in (".yml", ".yaml") or path.name == "secrets.yaml" or "!secret " not in text:
        return None
    return len(re.findall(r"^[^#\n]*!secret\s+\w", text, re.M))


def main():
    counts = {}
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
        if not path.is_file() or ".git" in path.parts or path.stat().st_size > 8 << 20:
            continue
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        for count in (uipath, uipath_config, retool, apps_script, prefect, pipedream, windmill, dagster, dbt, airflow_connections, grafana, prometheus,
                      home_assistant):
            n = count(path, text)
            if n is not None:
                entry = counts.setdefault(count.__name__, [0, 0])
                entry[0] += 1
                entry[1] += n
    print(json.dumps(counts, indent=1, sort_keys=True))


main()
