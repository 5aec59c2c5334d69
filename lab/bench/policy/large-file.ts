/** An `access.yaml` of any size, as somebody writes it. */
const ACCOUNT = "111122223333";
/** People for each rule. */
export const PEOPLE_A_RULE = 5;
/** How many people are in each group. Every second person is in another group as well. */
const GROUP_SIZE = 10;

/** @param rules the number of rules; there are five times that number of people */
export function largeFile(rules: number): string {
  const people = rules * PEOPLE_A_RULE;
  const groups = people / GROUP_SIZE;
  const all = (count: number, text: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => text(at)).join("");
  return [
    "version: 1\nclusters:\n",
    ...["prod", "staging"].map(
      (name) => `  ${name}: { arn: "arn:aws:eks:us-west-2:${ACCOUNT}:cluster/${name}" }\n`,
    ),
    "roles: { admins: [group-0] }\ndelegations: { allowed: true, longest: 21d }\n",
    "slack: { teams: [T0001], app: A0001, channel: C0001, alarms: C0002 }\npeople:\n",
    all(people, (at) => personText(at, groups)),
    "rules:\n",
    all(rules, (at) => ruleText(at, groups)),
  ].join("");
}

function personText(at: number, groups: number): string {
  const role = `arn:aws:iam::${ACCOUNT}:role/people/person-${at}`;
  const others = at % 2 === 0 ? "" : `, group-${(at + groups / 2) % groups}`;
  return [
    `  person-${at}:`,
    `    email: person-${at}@example.com`,
    `    groups: [group-${at % groups}${others}]`,
    `    identities: { iam: ["${role}"], slack: [T0001/U${1_000 + at}] }`,
    `    principals: ["${role}"]\n`,
  ].join("\n");
}

function ruleText(at: number, groups: number): string {
  const group = (after: number) => `group-${(at + after) % groups}`;
  const isAutomatic = at % 5 === 4;
  return [
    `  - name: rule-${at}`,
    `    who: { groups: [${group(0)}] }`,
    "    clusters: [prod, staging]",
    "    access:",
    "      policies: [AmazonEKSEditPolicy, AmazonEKSViewPolicy]",
    `      namespaces: ["team-${at}-*"]`,
    "    duration: { max: 4h, default: 1h }",
    ...(isAutomatic
      ? ["    approval: none", "    atMost: { times: 20, per: 1d }\n"]
      : [
          "    when:",
          "      days: [mon, tue, wed, thu, fri]",
          '      from: "08:00"',
          '      to: "18:00"',
          "      timezone: Europe/Berlin",
          "    start: { latest: 7d }",
          "    lapse: 2h",
          "    approval:",
          `      - groups: [${group(1)}]`,
          "        count: 1",
          `        escalate: { after: 15m, groups: [${group(2)}] }`,
          "    remind: { after: 10m, times: 3 }",
          "    extend: { times: 2, total: 8h, approval: same }",
          '    reason: { minLength: 10, ticket: "^(PAY|INC)-[0-9]+$" }\n',
        ]),
  ].join("\n");
}
