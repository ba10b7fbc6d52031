CREATE CONSTRAINT rotamap_id IF NOT EXISTS FOR (n:Rotamap) REQUIRE n.id IS UNIQUE;
UNWIND [
  {id: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', props: {name: '=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', platform: 'github-actions', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {id: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml', props: {name: 'Deploy the shop', platform: 'github-actions', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'kubernetes:github.com/acme/platform/default/CronJob/report', props: {name: 'report', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0', props: {name: 'worker-0', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1', props: {name: 'worker-1', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2', props: {name: 'worker-2', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3', props: {name: 'worker-3', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4', props: {name: 'worker-4', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5', props: {name: 'worker-5', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6', props: {name: 'worker-6', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7', props: {name: 'worker-7', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8', props: {name: 'worker-8', platform: 'kubernetes', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {id: 'n8n:n8n-export/workflow/7', props: {name: 'Alerts', platform: 'n8n', place: 'n8n-export/workflows/alerts.json:31'}},
  {id: 'n8n:n8n-export/workflow/8', props: {name: 'Digest', platform: 'n8n', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Automation, n += row.props;
UNWIND [
  {id: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', props: {name: '=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {id: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy/SLACK_TOKEN', props: {name: 'SLACK_TOKEN', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'kubernetes:github.com/acme/platform/default/CronJob/report#main/SLACK', props: {name: 'SLACK', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main/DB_PASSWORD', props: {name: 'DB_PASSWORD', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {id: 'n8n:n8n-export/workflow/8#Sheet/googleSheetsOAuth2Api', props: {name: 'googleSheetsOAuth2Api', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Binding, n += row.props;
UNWIND [
  {id: 'code:github.com/acme/shop/scripts/notify.sh', props: {name: 'scripts/notify.sh', place: 'github.com/acme/shop/scripts/notify.sh:7'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Code, n += row.props;
UNWIND [
  {id: 'credential:vault:*/secret/shop/db#password', props: {name: 'secret/shop/db#password', service: 'postgres', exposure: 'referenced'}},
  {id: 'credential:k8s:github.com/acme/platform@production/default/slack#token', props: {name: 'slack#token', service: 'slack', exposure: 'hard-coded', severity: 'critical'}},
  {id: 'credential:inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', props: {name: '=cmd', exposure: 'hard-coded', severity: 'high'}},
  {id: 'credential:gh:acme/shop/SLACK_TOKEN', props: {name: 'SLACK_TOKEN', service: 'slack', exposure: 'referenced', severity: 'critical'}},
  {id: 'credential:n8n:n8n-export/12', props: {name: '12', exposure: 'referenced', severity: 'low'}},
  {id: 'credential:dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', props: {name: 'STRIPE_KEY', service: 'stripe', exposure: 'history', severity: 'critical'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Credential, n += row.props;
UNWIND [
  {id: 'owner:@acme/platform', props: {name: '@acme/platform', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {id: 'owner:@acme/release', props: {name: '@acme/release', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'owner:ana@acme.example', props: {name: 'ana@acme.example', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Owner, n += row.props;
UNWIND [
  {id: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run', props: {name: 'run', platform: 'test', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {id: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy', props: {name: 'deploy', platform: 'test', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'kubernetes:github.com/acme/platform/default/CronJob/report#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {id: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main', props: {name: 'main', platform: 'test', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {id: 'n8n:n8n-export/workflow/7#Slack', props: {name: 'Slack', platform: 'n8n', place: 'n8n-export/workflows/alerts.json:31'}},
  {id: 'n8n:n8n-export/workflow/8#Sheet', props: {name: 'Sheet', platform: 'test', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Part, n += row.props;
UNWIND [
  {id: 'service:postgres', props: {name: 'postgres', place: 'github.com/acme/platform/k8s/base/db.yaml:12'}},
  {id: 'service:slack', props: {name: 'slack', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'service:stripe', props: {name: 'stripe', place: 'github.com/acme/shop/config/old.env:3'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Service, n += row.props;
UNWIND [
  {id: 'dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', props: {name: 'config/old.env#STRIPE_KEY', platform: 'dotenv', place: 'github.com/acme/shop/config/old.env:3'}},
  {id: 'gh:acme/shop/SLACK_TOKEN', props: {name: 'SLACK_TOKEN', platform: 'gh', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {id: 'inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', props: {name: 'docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', platform: 'inline', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {id: 'inline:github.com/acme/shop/scripts/notify.sh#SLACK_TOKEN', props: {name: 'scripts/notify.sh#SLACK_TOKEN', platform: 'inline', place: 'github.com/acme/shop/scripts/notify.sh:7'}},
  {id: 'inline:n8n-export/workflows/alerts.json#nodes[2].parameters.token', props: {name: 'workflows/alerts.json#nodes[2].parameters.token', platform: 'inline', place: 'n8n-export/workflows/alerts.json:31'}},
  {id: 'k8s:github.com/acme/platform@production/default/slack#token', props: {name: 'slack#token', platform: 'k8s', place: 'github.com/acme/platform/k8s/production/slack.yaml:9'}},
  {id: 'n8n:n8n-export/12', props: {name: '12', platform: 'n8n', place: 'n8n-export/workflows/alerts.json:31'}},
  {id: 'vault:*/secret/shop/db#password', props: {name: 'secret/shop/db#password', platform: 'vault', place: 'github.com/acme/platform/k8s/base/db.yaml:12'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Slot, n += row.props;
UNWIND [
  {id: 'value:hs1:k7:PRINT000000000000000000001', props: {name: 'value:hs1:k7:PRINT000000000000000000001'}},
  {id: 'value:hs1:k7:PRINT000000000000000000002', props: {name: 'value:hs1:k7:PRINT000000000000000000002'}},
  {id: 'value:hs1:k7:PRINT000000000000000000003', props: {name: 'value:hs1:k7:PRINT000000000000000000003'}}
] AS row MERGE (n:Rotamap {id: row.id}) SET n:Value, n += row.props;
UNWIND [
  {a: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', b: 'inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {a: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy/SLACK_TOKEN', b: 'gh:acme/shop/SLACK_TOKEN', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {a: 'kubernetes:github.com/acme/platform/default/CronJob/report#main/SLACK', b: 'k8s:github.com/acme/platform@production/default/slack#token', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main/DB_PASSWORD', b: 'vault:*/secret/shop/db#password', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {a: 'n8n:n8n-export/workflow/8#Sheet/googleSheetsOAuth2Api', b: 'n8n:n8n-export/12', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:BOUND_FROM {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', b: 'value:hs1:k7:PRINT000000000000000000002', rule: 'holds-past', props: {confidence: 'certain', place: 'github.com/acme/shop/config/old.env:3'}},
  {a: 'inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', b: 'value:hs1:k7:PRINT000000000000000000003', rule: 'holds-current', props: {confidence: 'certain', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {a: 'inline:github.com/acme/shop/scripts/notify.sh#SLACK_TOKEN', b: 'value:hs1:k7:PRINT000000000000000000001', rule: 'holds-current', props: {confidence: 'certain', place: 'github.com/acme/shop/scripts/notify.sh:7'}},
  {a: 'inline:n8n-export/workflows/alerts.json#nodes[2].parameters.token', b: 'value:hs1:k7:PRINT000000000000000000001', rule: 'holds-current', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}},
  {a: 'k8s:github.com/acme/platform@production/default/slack#token', b: 'value:hs1:k7:PRINT000000000000000000001', rule: 'holds-current', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/production/slack.yaml:9'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:HOLDS {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'credential:vault:*/secret/shop/db#password', b: 'vault:*/secret/shop/db#password', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:k8s:github.com/acme/platform@production/default/slack#token', b: 'k8s:github.com/acme/platform@production/default/slack#token', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:k8s:github.com/acme/platform@production/default/slack#token', b: 'inline:github.com/acme/shop/scripts/notify.sh#SLACK_TOKEN', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:k8s:github.com/acme/platform@production/default/slack#token', b: 'inline:n8n-export/workflows/alerts.json#nodes[2].parameters.token', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', b: 'inline:github.com/acme/shop/docs/a:b <i>\\n.md#=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:gh:acme/shop/SLACK_TOKEN', b: 'gh:acme/shop/SLACK_TOKEN', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:n8n:n8n-export/12', b: 'n8n:n8n-export/12', rule: '', props: {confidence: 'certain'}},
  {a: 'credential:dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', b: 'dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', rule: '', props: {confidence: 'certain'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:LIVES_IN {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', b: 'owner:ana@acme.example', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {a: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml', b: 'owner:@acme/release', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {a: 'kubernetes:github.com/acme/platform/default/CronJob/report', b: 'owner:@acme/platform', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:OWNED_BY {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run', b: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {a: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy', b: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {a: 'kubernetes:github.com/acme/platform/default/CronJob/report#main', b: 'kubernetes:github.com/acme/platform/default/CronJob/report', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {a: 'n8n:n8n-export/workflow/7#Slack', b: 'n8n:n8n-export/workflow/7', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}},
  {a: 'n8n:n8n-export/workflow/8#Sheet', b: 'n8n:n8n-export/workflow/8', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:PART_OF {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'code:github.com/acme/shop/scripts/notify.sh', b: 'inline:github.com/acme/shop/scripts/notify.sh#SLACK_TOKEN', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/scripts/notify.sh:7'}},
  {a: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run', b: 'github-actions:github.com/acme/shop/.github/workflows/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\#run/=cmd|\' /C calc\'!A0\\x1b[31m\\r\\n::error::x\\u202egnp\\u200b"\'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/docs/a:b <i>\\n.md:2'}},
  {a: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy', b: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy/SLACK_TOKEN', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {a: 'kubernetes:github.com/acme/platform/default/CronJob/report#main', b: 'kubernetes:github.com/acme/platform/default/CronJob/report#main/SLACK', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/production/report.yaml:22'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-0#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-0.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-1#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-1.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-2#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-2.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-3#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-3.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-4#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-4.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-5#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-5.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-6#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-6.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-7#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-7.yaml:12'}},
  {a: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main', b: 'kubernetes:github.com/acme/platform/default/Deployment/worker-8#main/DB_PASSWORD', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/platform/k8s/base/worker-8.yaml:12'}},
  {a: 'n8n:n8n-export/workflow/7#Slack', b: 'inline:n8n-export/workflows/alerts.json#nodes[2].parameters.token', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}},
  {a: 'n8n:n8n-export/workflow/8#Sheet', b: 'n8n:n8n-export/workflow/8#Sheet/googleSheetsOAuth2Api', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:READS {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'github-actions:github.com/acme/shop/.github/workflows/deploy.yml#deploy', b: 'code:github.com/acme/shop/scripts/notify.sh', rule: 'test', props: {confidence: 'certain', place: 'github.com/acme/shop/.github/workflows/deploy.yml:19'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:RUNS {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'dotenv:github.com/acme/shop/config/old.env#STRIPE_KEY', b: 'service:stripe', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/shop/config/old.env:3'}},
  {a: 'gh:acme/shop/SLACK_TOKEN', b: 'service:slack', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/shop/.github/workflows/deploy.yml:14'}},
  {a: 'inline:github.com/acme/shop/scripts/notify.sh#SLACK_TOKEN', b: 'service:slack', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/shop/scripts/notify.sh:7'}},
  {a: 'vault:*/secret/shop/db#password', b: 'service:postgres', rule: 'test', props: {confidence: 'high', place: 'github.com/acme/platform/k8s/base/db.yaml:12'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:TALKS_TO {rule: row.rule}]->(b) SET r += row.props;
UNWIND [
  {a: 'n8n:n8n-export/workflow/8', b: 'n8n:n8n-export/workflow/7', rule: 'test', props: {confidence: 'certain', place: 'n8n-export/workflows/alerts.json:31'}}
] AS row MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:TRIGGERED_BY {rule: row.rule}]->(b) SET r += row.props;
