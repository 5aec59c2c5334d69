/** The first `access.yaml` and `access.test.yaml` of a deployment. */
import { ARCHIVE_BY_DEFAULT } from "../../shared/domain/policy/archive.ts";
import { scalar } from "../../shared/policy-tools/people-sync/people-text.ts";
import type { ChosenCluster } from "./chosen-clusters.ts";
import { FIRST_GROUP, isUserId } from "./first-person.ts";
import type { Answers } from "./questions.ts";

const quoted = (text: string) => JSON.stringify(text);
const list = (texts: readonly string[]) => `[${texts.map(scalar).join(", ")}]`;
/** An account is a text, not a number. */
const accounts = (texts: readonly string[]) => `[${texts.map(quoted).join(", ")}]`;
const first = (answers: Answers, flag: string): string => answers[flag]?.[0] ?? "";

/** The policy: whoever is in {@link FIRST_GROUP} may look at every cluster for an hour. */
export const accessText = (answers: Answers, clusters: readonly ChosenCluster[]): string =>
  `# Who may borrow what, for how long, and who must agree. A change here is a change of code: have it
# reviewed, check it with \`timelatch policy check\`, and deploy it with \`timelatch deploy\`.
version: 1

clusters:
${clusters.flatMap(clusterLines).join("\n")}

# How people sign in. Each gets a role of their own, which nobody else may assume.
identity:
${identityLines(answers).join("\n")}

people: { include: people.yaml }

# Admins may end every grant and suspend anybody. Another one lifts that, so name two people or more.
roles: { admins: [${FIRST_GROUP}] }

${archiveLines(answers).join("\n")}
${slackLines(answers)}
rules:
  - name: view
    who: { groups: [${FIRST_GROUP}] }
    clusters: ${list(clusters.map(({ name }) => name))}
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h, default: 15m }
    # For more than looking, somebody else should agree: approval: [{ groups: [leads], count: 1 }]
    approval: none
`;

function clusterLines({ name, arn, mode }: ChosenCluster): readonly string[] {
  const eksName = arn.split("/").at(-1);
  const change =
    mode === "CONFIG_MAP"
      ? [
          "  # Its authentication mode takes no access entries yet. Whoever runs the cluster changes that:",
          `  # aws eks update-cluster-config --name ${eksName} --access-config authenticationMode=API_AND_CONFIG_MAP`,
        ]
      : [];
  return [...change, `  ${scalar(name)}: { arn: ${quoted(arn)} }`];
}

function identityLines(answers: Answers): readonly string[] {
  const account = `  account: ${quoted(first(answers, "account"))}`;
  const way = WAYS[first(answers, "sign-in")];
  return [account, ...(way?.(answers) ?? [])];
}

const WAYS: Readonly<Record<string, (answers: Answers) => readonly string[]>> = {
  "identity-center": identityCenterLines,
  saml: (answers) => [
    "  saml:",
    `    provider: ${scalar(first(answers, "saml-provider"))}`,
    `    issuer: ${scalar(first(answers, "saml-issuer"))}`,
    `    roles: ${list(answers["saml-role"] ?? [])}`,
  ],
  oidc: (answers) => [
    `  oidc: { issuer: ${scalar(first(answers, "oidc-issuer"))}, audience: ${scalar(first(answers, "oidc-audience"))} }`,
  ],
  iam: () => [],
};

function identityCenterLines(answers: Answers): readonly string[] {
  const signIn = answers["sign-in-account"] ?? [];
  const sets = answers["permission-set"] ?? [];
  const keys = [
    ...(sets.length > 0 ? [`permissionSets: ${list(sets)}`] : []),
    // A name can be given to somebody else later. An id cannot.
    ...(isUserId(first(answers, "subject")) ? [] : ["pin: userName"]),
  ];
  return [
    ...(signIn.length > 0 ? [`  signIn: ${accounts(signIn)}`] : []),
    ...(keys.length > 0 ? [`  identityCenter: { ${keys.join(", ")} }`] : []),
  ];
}

/** Without an answer it is the default of a trial, which leaves nothing that cannot be deleted. */
function archiveLines(answers: Answers): readonly string[] {
  const mode = first(answers, "archive-mode") || ARCHIVE_BY_DEFAULT.mode;
  const days = first(answers, "archive-days") || ARCHIVE_BY_DEFAULT.days;
  return [
    "# How S3 keeps the record, which has names, reasons and decisions. In GOVERNANCE an administrator can still delete it.",
    "# For production, auditors usually want { mode: COMPLIANCE, days: 2557 }: then nobody can, for seven years each.",
    `archive: { mode: ${mode}, days: ${days} }`,
  ];
}

function slackLines(answers: Answers): string {
  const teams = answers["slack-team"] ?? [];
  if (teams.length === 0) return "";
  const app = first(answers, "slack-app");
  const keys = [
    `teams: ${list(teams)}`,
    ...(app ? [`app: ${app}`] : []),
    `channel: ${first(answers, "slack-channel")}`,
    `alarms: ${first(answers, "slack-alarms")}`,
  ];
  return `\nslack: { ${keys.join(", ")} }\n`;
}

/**
 * Expectations for the policy above. It asks for a cluster that takes access entries, where one
 * does.
 */
export function expectationsText(answers: Answers, clusters: readonly ChosenCluster[]): string {
  const cluster = clusters.find(({ mode }) => mode !== "CONFIG_MAP") ?? clusters[0];
  const name = first(answers, "person");
  const asks = (policy: string) =>
    `{ cluster: ${scalar(cluster?.name ?? "")}, policy: ${policy}, scope: cluster }`;
  return `# What is expected of access.yaml: \`timelatch policy test\` checks it.
version: 1

expectations:
  - name: ${name} looks at a cluster without asking anybody
    who: ${scalar(name)}
    ask: ${asks("AmazonEKSViewPolicy")}
    allow: { rule: view, approvers: [] }

  - name: nobody changes anything yet
    who: ${scalar(name)}
    ask: ${asks("AmazonEKSEditPolicy")}
    deny: {}
`;
}
