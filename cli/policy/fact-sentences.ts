/** Facts of a policy as sentences: where they begin to hold, and where they hold no more. */
import type { PolicyFact } from "../../shared/policy-tools/compare/policy-facts.ts";
import { merged } from "./merged-rows.ts";
import { listed, type Mark } from "./words.ts";

interface Words {
  readonly gained: (of: string, is: string) => string;
  readonly lost: (of: string, is: string) => string;
}

const ROLES: Readonly<Record<string, string>> = {
  admins: "see every request and end every grant",
  auditors: "read everything",
};

const WORDS = {
  approver: {
    gained: (of, is) => `${of} may approve requests under ${is}.`,
    lost: (of, is) => `${of} may no longer approve requests under ${is}.`,
  },
  delegator: {
    gained: (of, is) => `${of} may let somebody else approve requests under ${is}.`,
    lost: (of, is) => `${of} may no longer let somebody else approve requests under ${is}.`,
  },
  reviewer: {
    gained: (of, is) => `${of} may close reviews of break-glass under ${is}.`,
    lost: (of, is) => `${of} may no longer close reviews of break-glass under ${is}.`,
  },
  activity: {
    gained: (of, is) =>
      `At the end of each grant on ${of}, its audit log is read for what was done, up to ${is}.`,
    lost: (of, is) =>
      `At the end of a grant on ${of}, its audit log is no longer read up to ${is}.`,
  },
  role: {
    gained: (of, is) => `${of} may ${is}.`,
    lost: (of, is) => `${of} may no longer ${is}.`,
  },
  identity: {
    gained: (of, is) => `${of} speaks for ${is}.`,
    lost: (of, is) => `${of} no longer speaks for ${is}.`,
  },
  "personal-role": {
    gained: (of, is) => `${of} is the role of ${is} alone.`,
    lost: (of, is) => `${of} is no longer the role of ${is}.`,
  },
  "sign-in": {
    gained: (of, is) => `${of} is ${is}.`,
    lost: (of, is) => `${of} is no longer ${is}.`,
  },
  cluster: {
    gained: (of, is) => `The cluster ${of} is ${is}.`,
    lost: (of, is) => `The cluster ${of} is no longer ${is}.`,
  },
  expected: {
    gained: (of) => `Changes of access entries by ${of} are expected, and are no findings.`,
    lost: (of) => `Changes of access entries by ${of} are findings again.`,
  },
  slack: {
    gained: (of, is) => `${of} is ${is}.`,
    lost: (of, is) => `${of} is no longer ${is}.`,
  },
  delegations: {
    gained: (_of, is) => `People may let others approve for them, for ${is} at most.`,
    lost: (_of, is) => `People may no longer let others approve for them for ${is}.`,
  },
  delegates: {
    gained: (of) => `Only members of ${of} may decide for others.`,
    lost: (of) => `Not only members of ${of} may decide for others any more.`,
  },
  delegate: {
    gained: (of) => `${of} may decide for others who let them.`,
    lost: (of) => `${of} may no longer decide for others.`,
  },
  delegable: {
    gained: (of) => `Under ${of}, somebody may approve for an approver.`,
    lost: (of) => `Under ${of}, nobody may approve for an approver any more.`,
  },
  archive: {
    gained: (of, is) => `New objects of the archive are kept for ${of} days in ${is}.`,
    lost: (of, is) =>
      `New objects of the archive are no longer kept for ${of} days in ${is}. Those that are there keep it.`,
  },
  witness: {
    gained: (of) => `The witness ${of} may read the seals of the archive.`,
    lost: (of) => `The witness ${of} may no longer read the seals of the archive.`,
  },
  "holders-approve": {
    gained: (of) => `Under ${of}, people who hold the principal may approve.`,
    lost: (of) => `Under ${of}, people who hold the principal may no longer approve.`,
  },
  "shared-principal": {
    gained: (of, is) => `What is lent to ${is} is also lent to ${of}.`,
    lost: (of, is) => `What is lent to ${is} is no longer lent to ${of}.`,
  },
  machine: {
    gained: (of, is) => `${of} is a machine, which never decides. Its owners are ${is}.`,
    lost: (of, is) => `${of} is no longer a machine whose owners are ${is}.`,
  },
  "owners-approve": {
    gained: (of) => `The owners of ${of} may approve what it asks for.`,
    lost: (of) => `The owners of ${of} may no longer approve what it asks for.`,
  },
  agents: {
    gained: (of, is) => `Under ${of}, machines and agents need the approval of ${is}.`,
    lost: (of, is) => `Under ${of}, machines and agents no longer need the approval of ${is}.`,
  },
  schedule: {
    gained: (of, is) => `The schedule ${of} is ${is}.`,
    lost: (of, is) => `The schedule ${of} is no longer ${is}.`,
  },
  tracker: {
    gained: (of, is) => `The tracker ${of} is ${is}.`,
    lost: (of, is) => `The tracker ${of} is no longer ${is}.`,
  },
  "outside-id": {
    gained: (of, is) => `${of} is known elsewhere as ${is}.`,
    lost: (of, is) => `${of} is no longer known elsewhere as ${is}.`,
  },
} as const satisfies Readonly<Record<PolicyFact["kind"], Words>>;

export const factSentences = (
  facts: readonly PolicyFact[],
  side: keyof Words,
  mark: Mark,
): readonly string[] =>
  merged(
    facts.map(({ kind, of, is, as = [] }) => ({ kind: [kind], of: [of], is: [is], as })),
    ["of", "is"],
  ).map(({ kind: [kind = "slack"], of, is, as }) => {
    const words: Words = WORDS[kind as PolicyFact["kind"]];
    const meant = kind === "role" ? is.map((role) => ROLES[role] ?? role) : is.map(mark);
    const sentence = words[side](
      listed(of, mark),
      listed(meant, (text) => text),
    );
    return as.length === 0
      ? sentence
      : `${sentence.slice(0, -1)} as one of ${as.map(mark).join(" or ")}.`;
  });
