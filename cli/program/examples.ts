/** The groups of `timelatch --help`, and examples of each command, for whoever reads its help. */
import type { Command } from "commander";

interface Group {
  readonly heading: string;
  readonly commands: readonly string[];
}

/** In the order in which people meet them. */
export const GROUPS: readonly Group[] = [
  {
    heading: "Ask for access, and use it:",
    commands: [
      ...[
        "whoami",
        "status",
        "access",
        "on-call",
        "preview",
        "request",
        "mcp",
        "extend",
        "escalate",
      ],
      ...[
        "list",
        "show",
        "grants",
        "watch",
        "console",
        "exec",
        "kubeconfig",
        "token",
        "cancel",
        "return",
      ],
    ],
  },
  {
    heading: "Decide on what others ask for:",
    commands: ["approve", "deny", "revoke", "review", "delegate", "delegations"],
  },
  {
    heading: "Operate a deployment:",
    commands: [
      ...["suspend", "drain", "suspensions", "clusters", "people", "init", "synth", "deploy"],
      ...["protect", "destroy", "restore", "doctor", "docs", "config", "completion", "help"],
    ],
  },
  { heading: "Audit it:", commands: ["audit", "findings", "reach"] },
  { heading: "Reason about access.yaml:", commands: ["policy"] },
];

const ID = "01a22f11";

/** By the command's path, without the name that people type. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  whoami: ["whoami", "whoami --json"],
  status: ["status", "status --cluster prod", "status alice"],
  access: ["access"],
  "on-call": ["on-call", "on-call --json"],
  preview: ["preview -c prod -p edit -n payments-api", "preview --rule payments-admin --all"],
  request: [
    "request",
    'request -c prod -p edit -n payments-api -r "INC-4711 stuck rollout"',
    "request -c prod -p view --cluster-scope --starts-at 22:00 -r CHG-12",
  ],
  mcp: ["mcp"],
  extend: ["extend --latest -d 30m", `extend ${ID} -r "INC-4711 still stuck"`],
  escalate: ["escalate --latest"],
  list: [
    ...["list", "list --to-approve", "list --all --since 7d --cluster prod --state active"],
    "list --all --cluster prod --from 2026-10-01 --to 2026-10-08",
  ],
  show: ["show --latest", `show ${ID} --json`],
  grants: ["grants"],
  watch: ["watch", "watch --once"],
  console: ["console", "console --no-open --port 8080"],
  exec: [
    "exec prod -- kubectl get pods",
    'exec prod -p edit -n payments-api -r "INC-4711" -- kubectl get pods',
  ],
  kubeconfig: ["kubeconfig prod", "kubeconfig prod --ask", "kubeconfig --print"],
  token: ["token --cluster prod"],
  approve: ["approve", `approve ${ID} --note "for this incident"`, `approve ${ID} -d 30m`],
  deny: [`deny ${ID} --note "use staging"`],
  cancel: ["cancel --latest"],
  return: ["return --latest", "return --all"],
  revoke: [`revoke ${ID} --note "incident is over"`, "revoke --all --who alice --cluster prod"],
  review: ["review", `review ${ID} --close --note "read the audit log"`],
  delegate: ["delegate --to carol --until 2026-11-30T08:00Z"],
  "delegations list": ["delegations list"],
  "delegations end": [`delegations end ${ID}`],
  suspend: ['suspend alice --reason "lost laptop"', "suspend alice --lift"],
  drain: ['drain --reason "restore of tables"', "drain --lift"],
  suspensions: ["suspensions"],
  "audit export": ["audit export --from 2026-10-01 --to 2027-01-01 --out q4.ndjson"],
  "audit report": [
    "audit report --from 7d --format html --out week.html",
    "audit report --from 7d --cloudtrail ./AWSLogs --out week.txt",
  ],
  "audit bundle": [`audit bundle ${ID} --out incident.json`],
  "audit verify": [
    "audit verify q4.ndjson --key archive.pem",
    "audit verify archive --key archive.pem",
  ],
  "audit witness": ["audit witness seals --key k.pem --sign w.pem --name w --checkpoint c"],
  "findings list": ["findings list", "findings list --all --from 7d"],
  "findings show": [`findings show ${ID}`],
  "findings acknowledge": [`findings acknowledge ${ID} --note "the platform team's upgrade"`],
  reach: [
    ...["reach --cluster prod", 'reach --cluster prod --at "yesterday 15:33"', "reach --json"],
    'reach --who alice --at "yesterday 15:33"',
    "reach --at 2026-11-24T15:33Z --archive archive --key public.pem",
  ],
  "clusters list": ["clusters list"],
  "clusters standing": ["clusters standing prod", "clusters standing --format csv"],
  "clusters check": ["clusters check prod"],
  "policy check": ["policy check", "policy check access.yaml --strict", "policy check --live"],
  "policy explain": ["policy explain --as alice -c prod -p edit -n payments-api -d 1h"],
  "policy test": ["policy test", "policy test --against access.test.yaml"],
  "policy prove": ["policy prove"],
  "policy who": ["policy who --cluster prod", "policy who --cluster prod -p cluster-admin"],
  "policy replay": ["policy replay --archive ./archive --from 2026-10-01"],
  "policy suggest": ["policy suggest --archive ./archive --rule payments-edit"],
  "policy diff": ["policy diff main.yaml access.yaml"],
  "people match": ["people match > ids.patch", "people match --write"],
  "people sync": ["people sync --dry-run", "people sync --from-csv people.csv --check"],
  init: ["init access --from-account", "init access --region eu-west-1 --cluster prod"],
  synth: ["synth access", "synth access --terraform"],
  deploy: ["deploy access"],
  protect: ["protect access"],
  destroy: ["destroy access"],
  restore: ["restore access --table requests=restored-requests"],
  doctor: ["doctor --client", "doctor access", "doctor access --smoke prod"],
  docs: ["docs", "docs runbook", "docs runbook#restore-a-table"],
  "config get": ["config get", "config get api"],
  "config set": ["config set api https://access.example.com"],
  "config unset": ["config unset role"],
  "config list": ["config list"],
  completion: ["completion zsh > ~/.zfunc/_timelatch"],
  help: ["help audit report"],
};

/** Sorts the commands of the program into groups, and gives each its examples. @param name what people type */
export function describeCommands(program: Command, name: string): void {
  for (const { heading, commands } of GROUPS)
    for (const command of program.commands)
      if (commands.includes(command.name())) command.helpGroup(heading);
  addExamples(program, name, []);
}

function addExamples(parent: Command, name: string, path: readonly string[]): void {
  for (const command of parent.commands) {
    const own = [...path, command.name()];
    const lines = EXAMPLES[own.join(" ")];
    if (lines) {
      const title = lines.length === 1 ? "Example:" : "Examples:";
      command.addHelpText(
        "after",
        `\n${title}\n${lines.map((line) => `  ${name} ${line}\n`).join("")}`,
      );
    }
    addExamples(command, name, own);
  }
}
