/** Access on the clusters in the sandbox's second account, which the sample does not name. */

/** The parts of `access.yaml` that it needs. */
export interface SampleFile {
  readonly clusters: Record<string, unknown>;
  readonly people: Readonly<Record<string, { groups?: string[]; principal?: string }>>;
  readonly rules: object[];
}

const viewOn = (cluster: string) => ({
  name: `view-${cluster}`,
  who: { groups: ["overseas"] },
  clusters: [cluster],
  access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
  duration: { max: "1h" },
  approval: [{ groups: ["payments-leads"], count: 1 }],
  reason: { minLength: 5 },
});

const ARN = {
  overseas: "arn:aws:eks:us-west-2:444455556666:cluster/overseas",
  /** In another region than the broker. */
  ireland: "arn:aws:eks:eu-west-1:444455556666:cluster/ireland",
} as const;

/** Puts a person into further groups. */
export function join({ people }: SampleFile, name: string, ...groups: readonly string[]): void {
  const person = people[name];
  if (person) person.groups = [...new Set([...(person.groups ?? []), ...groups])];
}

/** Lets heidi borrow View on one of them, for a role of her own in that account. */
export function lendOverseas(file: SampleFile, cluster: keyof typeof ARN = "overseas"): void {
  file.clusters[cluster] = { arn: ARN[cluster] };
  file.rules.push(viewOn(cluster));
  join(file, "heidi", "overseas");
  const { heidi } = file.people;
  if (heidi) heidi.principal = "personal";
}
