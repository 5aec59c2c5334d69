/** Access on `overseas`, the cluster in the sandbox's second account, which the sample does not name. */

/** What of `access.yaml` it needs. */
export interface SampleFile {
  readonly clusters: Record<string, unknown>;
  readonly people: Readonly<Record<string, { groups?: string[]; principal?: string }>>;
  readonly rules: object[];
}

const VIEW_OVERSEAS = {
  name: "view-overseas",
  who: { groups: ["overseas"] },
  clusters: ["overseas"],
  access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
  duration: { max: "1h" },
  approval: [{ groups: ["payments-leads"], count: 1 }],
  reason: { minLength: 5 },
};

/** Puts a person into further groups. */
export function join({ people }: SampleFile, name: string, ...groups: readonly string[]): void {
  const person = people[name];
  if (person) person.groups = [...(person.groups ?? []), ...groups];
}

/** Lets heidi borrow View there, for a role of her own in that account. */
export function lendOverseas(file: SampleFile): void {
  file.clusters["overseas"] = { arn: "arn:aws:eks:us-west-2:444455556666:cluster/overseas" };
  file.rules.push(VIEW_OVERSEAS);
  join(file, "heidi", "overseas");
  const { heidi } = file.people;
  if (heidi) heidi.principal = "personal";
}
