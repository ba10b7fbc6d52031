"""Counts what Node-RED flow files hold, written apart from the Go code that it checks.

Usage: python3 nodered.py FOLDER

Per folder with a flow file: tabs and subflows, nodes in them, the enabled nodes that need credentials (their own or
those of a configuration node that they name, directly or through another).
"""
import json
import pathlib
import sys

LOGIN = set("""mqtt-broker|e-mail|e-mail in|twitter-credentials|http proxy|MySQLdatabase|mongodb|mongodb2|mongodb4-client|MSSQL-CN|influxdb
oracle-server|telegram bot|slack-config|discord-token|twilio-api|pushover-keys|pushbullet-config|matrix-server-config|xmpp-server|ftp|sftp
OpcUa-Endpoint|amazon config|aws-config|google-credentials|dropbox-config|box-credentials|ibmiot|wiotp-credentials|server""".replace("\n", "|").split("|"))


def node_list(value):
    if isinstance(value, dict):
        value = value.get("flows")
    if isinstance(value, list) and value and all(isinstance(n, dict) and isinstance(n.get("id"), str)
                                                 and isinstance(n.get("type"), str) for n in value):
        if any(n["type"] == "tab" or "wires" in n or "z" in n for n in value):
            return value
    return None


def plain_credentials(folder):
    for path in folder.glob("*_cred.json"):
        value = json.loads(path.read_text("utf-8-sig"))
        if "$" not in value:
            return {key for key, fields in value.items() if fields}
    return set()


def main(folder):
    files = homes = parts = users = cred_env = 0
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            nodes = node_list(json.loads(path.read_text("utf-8-sig")))
        except ValueError:
            continue
        if nodes is None:
            continue
        files += 1
        known = plain_credentials(path.parent)
        by_id = {n["id"]: n for n in nodes}
        home = {n["id"]: n for n in nodes if n["type"] in ("tab", "subflow")}
        homes += len(home)

        def needs(node, seen):
            if node["id"] in seen:
                return False
            seen.add(node["id"])
            if node["id"] in known or node["type"] in LOGIN and not node.get("addon") or node["type"] == "http request" and node.get("authType"):
                return True
            named = [by_id[v] for k, v in node.items() if k not in ("id", "z") and isinstance(v, str) and v in by_id]
            return any(needs(c, seen) for c in named if not c.get("z") and c["type"] not in ("tab", "subflow"))

        for node in nodes:
            cred_env += sum(1 for e in node.get("env") or [] if e.get("type") == "cred")
            if node.get("z") not in home or node["type"] == "group":
                continue
            parts += 1
            off = node.get("d") or home[node["z"]].get("disabled")
            users += bool(not off and needs(node, set()))
    for number, name in ((files, "files"), (homes, "tabs and subflows"), (parts, "nodes in them"),
                         (users, "enabled nodes that need credentials"), (cred_env, "variables of type cred")):
        print(f"{number:7} {name}")


if __name__ == "__main__":
    main(sys.argv[1])
