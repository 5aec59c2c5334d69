/** The access policy of a run: the sample, with more people in its rules and a cluster in a second account. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";

const SAMPLE = path.resolve(import.meta.dirname, "../../access.yaml");
/** More than any run asks for. */
const OFTEN = 1_000;

interface Rule {
  readonly name: string;
  atMost?: unknown;
  readonly [member: string]: unknown;
}

interface Sample {
  readonly identity: Readonly<Record<string, unknown>>;
  readonly clusters: Record<string, unknown>;
  readonly people: Readonly<Record<string, { groups?: string[]; principal?: string }>>;
  readonly rules: Rule[];
}

const VIEW_OVERSEAS: Rule = {
  name: "view-overseas",
  who: { groups: ["overseas"] },
  clusters: ["overseas"],
  access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
  duration: { max: "1h" },
  approval: [{ groups: ["payments-leads"], count: 1 }],
  reason: { minLength: 5 },
};

/** Everybody who asks in a plan may: `chaos/plan/terms.ts`. @returns the file, in `folder` */
export function writeChaosPolicy(folder: string): string {
  const sample = parse(readFileSync(SAMPLE, "utf8")) as Sample;
  const { people, clusters, rules } = sample;
  const join = (name: string, ...groups: readonly string[]) => {
    const person = people[name];
    if (person) person.groups = [...(person.groups ?? []), ...groups];
  };
  join("dave", "payments");
  join("mallory", "payments");
  join("heidi", "overseas");
  const { heidi } = people;
  if (heidi) heidi.principal = "personal";
  clusters["overseas"] = { arn: "arn:aws:eks:us-west-2:444455556666:cluster/overseas" };
  for (const rule of rules) if (rule.atMost) rule.atMost = { times: OFTEN, per: "1d" };
  const made = path.join(folder, "access.yaml");
  const policy = { ...sample, rules: [...rules, VIEW_OVERSEAS] };
  writeFileSync(made, stringify(policy, { aliasDuplicateObjects: false }));
  return made;
}
