"""Counts the files of formats that are known by their names, in the folder that it is run in: a line of format, number and paths
for each. It is the count beside the coverage of `rotamap scan FOLDER`."""
import json
import os
import re

PRUNED = {'node_modules', 'bower_components', 'vendor', '.git', '__pycache__', '.venv', 'venv'}

def load(path):
    try:
        text = open(path, encoding='utf-8-sig').read()
        try:
            return json.loads(text)
        except ValueError:
            return json.loads(re.sub(r',(\s*[}\]])', r'\1', re.sub(r'(?m)^\s*//.*$', '', text)))
    except (OSError, ValueError, UnicodeDecodeError):
        return None

def has(path, pattern):
    try:
        return re.search(pattern, open(path, encoding='utf-8', errors='replace').read(), re.M) is not None
    except OSError:
        return False

NAMES = {
    'dotenv': lambda p, n: n == '.env' or n.startswith('.env.') and not n.endswith(('.sh', '.ts', '.js', '.py')) or n == '.envrc',
    'codeowners': lambda p, n: n == 'CODEOWNERS',
    'backstage': lambda p, n: re.fullmatch(r'catalog-info\.ya?ml', n) and has(p, r'^apiVersion: *["\']?backstage'),
    'prow-owners': lambda p, n: n == 'OWNERS' and has(p, r'^(approvers|reviewers|filters):'),
    'npm-scripts': lambda p, n: n == 'package.json' and isinstance(load(p), dict) and bool(load(p).get('scripts')),
    'makefile': lambda p, n: n.lower() in ('makefile', 'gnumakefile') or n.endswith('.mk'),
    'taskfile': lambda p, n: re.fullmatch(r'taskfile(\.dist)?\.ya?ml', n.lower()),
    'justfile': lambda p, n: n.lower() in ('justfile', '.justfile') or n.endswith('.just'),
    'deno-tasks': lambda p, n: n in ('deno.json', 'deno.jsonc') and isinstance(load(p), dict) and bool(load(p).get('tasks')),
    'composer-scripts': lambda p, n: n == 'composer.json' and isinstance(load(p), dict) and bool(load(p).get('scripts')),
    'whenever': lambda p, n: p.endswith('config/schedule.rb') and has(p, r'^\s*every\b'),
    'vercel': lambda p, n: n == 'vercel.json',
    'supervisor': lambda p, n: n.endswith(('.conf', '.ini')) and has(p, r'^\[program:'),
    'dependabot': lambda p, n: re.search(r'\.github/dependabot\.ya?ml$', p),
    'store-setup': lambda p, n: n in ('doppler.yaml', 'doppler.yml', '.infisical.json'),
    'git-crypt': lambda p, n: n == '.gitattributes' and has(p, r'filter=(git-crypt|crypt)'),
    'symfony-vault': lambda p, n: '/config/secrets/' in '/' + p and n.endswith('.list.php'),
    'node-config': lambda p, n: re.search(r'config/custom-environment-variables\.(json|ya?ml|js)$', p),
    'dagster-instance': lambda p, n: n == 'dagster.yaml',
    'home-assistant-secrets': lambda p, n: n == 'secrets.yaml' and os.path.exists(os.path.join(os.path.dirname(p), 'configuration.yaml')),
    'crontab': lambda p, n: n == 'crontab' or n.endswith('.cron') or '/cron.d/' in '/' + p,
    'kubeconfig': lambda p, n: has(p, r'^kind: *Config\s*$') and has(p, r'^clusters:'),
    'docker-config': lambda p, n: n == 'config.json' and '.docker' in p or n == '.dockercfg' or n == '.dockerconfigjson',
    'login-file': lambda p, n: n in ('.netrc', '_netrc', '.pgpass', '.git-credentials', '.my.cnf'),
}

def main():
    found = {}
    for folder, dirs, files in os.walk('.'):
        dirs[:] = [d for d in dirs if d not in PRUNED]
        for name in files:
            path = os.path.join(folder, name)[2:]
            if os.path.islink(path) or os.path.getsize(path) > 5_000_000:
                continue
            for kind, is_one in NAMES.items():
                if kind == 'kubeconfig' and not name.endswith(('.yaml', '.yml', '.conf', 'config')):
                    continue
                if is_one(path, name):
                    found.setdefault(kind, []).append(path)
    for kind in sorted(found):
        print(kind, len(found[kind]), ' '.join(sorted(found[kind])[:40]), sep='\t')

main()
