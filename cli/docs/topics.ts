/** The pages that the command shows, by what somebody is about to do. */

export const GROUPS = {
  use: "Ask for access, and approve",
  operate: "Operate a deployment",
  audit: "Audit and review it",
  policy: "Write a policy",
  reference: "Look something up",
} as const;

type Group = keyof typeof GROUPS;

export interface Topic {
  readonly topic: string;
  readonly group: Group;
  /** One line. */
  readonly about: string;
}

type Lines = Readonly<Record<string, string>>;

/** In the order in which people meet them. Each decision record is a topic, too: `adr` lists them. */
const ABOUT: Readonly<Record<Group, Lines>> = {
  use: {
    walkthrough: "a walk through the sandbox, command by command",
    "guide-requester": "ask for access, use it, give it back",
    "guide-approver": "approve the requests of others, and end access",
    console: "the page in the browser",
    agents: "let an agent or a pipeline ask",
    "on-call": "ask PagerDuty and others who is on call",
    tickets: "ask Jira, ServiceNow or GitHub about tickets",
  },
  operate: {
    "guide-operator": "the operator's tasks, in their order",
    installing: "bring the command to the people of an organisation",
    deploy: "deploy, change and remove it",
    cdk: "deploy from a CDK app of your own",
    terraform: "deploy with Terraform or OpenTofu",
    upgrading: "what each version asks of you",
    "first-deployment": "what only a real account can settle",
    doctor: "compare a deployment with its files",
    "smoke-policy": "the rights that timelatch doctor --smoke needs, as JSON",
    runbook: "what to do about each alarm",
    slack: "connect it to a Slack workspace",
    email: "let it write e-mail",
    messengers: "add a further medium for notices",
    events: "let another system hear what happens",
  },
  audit: {
    "guide-auditor": "who had access, when, why, and who agreed",
    audit: "verify the sealed archive and its bundles by yourself",
    "security-review": "the questions of a security review, with answers",
    "threat-model": "what it protects, from whom, and what remains",
    assumptions: "what it relies on AWS for",
  },
  policy: {
    policy: "from an empty access.yaml to six real rules",
    "access-yaml": "every key of access.yaml, with its default",
    identity: "how people sign in and get a role of their own",
  },
  reference: {
    glossary: "the words that it uses",
    limits: "what it does not and cannot do",
    problems: "every error of the API, and what to do about it",
    "http-api": "the calls of the API",
    architecture: "the parts, and where each kind of change goes",
    protocol: "how access comes and goes, and what a crash leaves",
    sandbox: "the whole broker on one machine",
    chaos: "faults and kills on the real parts",
    "model-checking": "the model of the protocol",
    adr: "decisions that somebody may question",
    rejected: "what was considered and not built",
  },
};

/** All topics but the single decision records, in the order of the list. */
export const TOPICS: readonly Topic[] = (Object.entries(ABOUT) as [Group, Lines][]).flatMap(
  ([group, lines]) =>
    Object.entries(lines).map(([topic, about]): Topic => ({ topic, group, about })),
);

/** Pages with another name than their file. */
const NAMES: Readonly<Record<string, string>> = {
  "docs/adr/README.md": "adr",
  "terraform/README.md": "terraform",
  "UPGRADING.md": "upgrading",
};

/** @param file from the root of the repository, such as `docs/runbook.md` */
export const topicOfFile = (file: string): string =>
  NAMES[file] ?? file.replace(/^docs\//, "").replace(/\.(?:md|json)$/, "");

/** The files that are shown, from the root: what the command ships. */
export const PAGE_FILES = [
  "docs/*.md",
  "docs/adr/*.md",
  "docs/smoke-policy.json",
  "terraform/README.md",
  "UPGRADING.md",
] as const;

/** The page that somebody typed: `runbook#restore-a-table`, or a page's file as another page names it. */
export interface Wanted {
  readonly topic: string;
  readonly anchor: string | undefined;
}

export function wantedBy(typed: string): Wanted {
  const [name = "", anchor] = typed.split("#", 2);
  const isFile = /\.(?:md|json)$/.test(name);
  return { topic: isFile ? topicOfFile(name) : name.toLowerCase(), anchor: anchor || undefined };
}

/**
 * The topic that is meant: its name, or the beginning of only one, as `adr/0012`.
 *
 * @param known every topic's name
 */
export function topicNamed(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return name;
  const beginning = name === "" ? [] : known.filter((each) => each.startsWith(name));
  return beginning.length === 1 ? beginning[0] : undefined;
}
