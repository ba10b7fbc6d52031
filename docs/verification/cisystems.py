"""Counts the lines that refer to a credential in the files of CI systems and of infrastructure as code, written apart
from the Go code that it checks: regular expressions over lines instead of trees and parsers.

Usage: python3 cisystems.py FORMAT FOLDER...

Each folder is a checked-out repository. Prints one line for each place: folder, file, line.
"""
import os
import re
import sys

WORD = r"(?:TOKEN|PASSWORD|PASSWD|SECRET|PAT|API_KEY|ACCESS_KEY|PASSPHRASE|CREDENTIALS|WEBHOOK)"
SHELL = r"\$\{?(?:[A-Z][A-Z0-9_]*_)?" + WORD + r"(?:_[A-Z0-9]+)?\}?(?![A-Za-z0-9_])"
TERRAFORM = (r"\b(?:data\.)?(?:aws_secretsmanager_secret_version|aws_ssm_parameter|google_secret_manager_secret_version|"
             r"azurerm_key_vault_secret|random_password|tls_private_key|aws_iam_access_key|kubernetes_secret(?:_v1)?)"
             r"\.[\w-]+(?:\[[^\]]*\])?\.(?:secret_string|value|secret_data|result|private_key_pem|secret|data|bcrypt_hash)\b")

# format -> names of files, what a line must hold, what begins a comment
ROWS = {
    "terraform": (r"\.tf$", TERRAFORM, ("#", "//")),
    "gitlab-ci": (r"gitlab-ci\.ya?ml$|/\.gitlab/ci/.*\.ya?ml$", SHELL, ("#",)),
    "circleci": (r"(^|/)\.circleci/.*\.ya?ml$", SHELL, ("#",)),
    "jenkins": (r"(^|/)Jenkinsfile[^/]*$|\.jenkinsfile$",
                r"""credentialsId\s*[:=]?\s*['"]\w|\bcredentials\(\s*['"]|\bsecret\(\s*['"][^'"]+['"]\s*,\s*['"]|op://""", ("//", "*")),
    "azure-pipelines": (r"\.ya?ml$", r"\$\((?:System\.AccessToken|[A-Za-z_][\w.-]*(?:[Tt]oken|[Pp]assword|[Ss]ecret|[Aa]pi[Kk]ey|-pat|_pat|PAT)[\w-]*)\)", ("#",)),
    "drone": (r"(^|/)\.drone\.ya?ml$", r"from_secret", ("#",)),
    "woodpecker": (r"(^|/)\.woodpecker/.*\.ya?ml$|\.woodpecker\.ya?ml$", r"from_secret", ("#",)),
    "bitbucket": (r"bitbucket-pipelines\.ya?ml$", SHELL, ("#",)),
    "cloudformation": (r"\.(?:ya?ml|json|template)$", r"\{\{resolve:", ("#",)),
    "teamcity": (r"\.teamcity/.*\.kts?$", r"credentialsJSON:|%(?:env\.)?[A-Z0-9_]*" + WORD + "%", ("//",)),
}


def places(row, folder):
    name, holds, comments = ROWS[row]
    for base, dirs, files in os.walk(folder):
        dirs[:] = [d for d in dirs if d != ".git"]
        for file in sorted(files):
            path = os.path.relpath(os.path.join(base, file), folder)
            if not re.search(name, path) or "/test" in "/" + path and row == "jenkins":
                continue
            with open(os.path.join(base, file), errors="replace") as f:
                for number, line in enumerate(f, 1):
                    if re.search(holds, line) and not line.strip().startswith(comments):
                        yield path, number


if __name__ == "__main__":
    for where in sys.argv[2:]:
        for file, line in places(sys.argv[1], where):
            print(os.path.basename(where.rstrip("/")), file, line, sep="\t")
