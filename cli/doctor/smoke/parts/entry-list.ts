/** Facts about ListAccessEntries: what it shows, and how it refuses a token. */
import { type Fact, judged } from "../fact.ts";
import { refusalOf } from "../refusal.ts";
import { named, redactable } from "../report/redactable.ts";
import { eventually, type Scratch } from "../scratch.ts";
import type { Stage } from "../stage.ts";

/** The error by which standing knows that it has to begin its list again. */
const BAD_TOKEN = "InvalidParameterException";

export async function listFacts(stage: Stage, scratch: Scratch): Promise<readonly Fact[]> {
  const { eks, address, cluster } = scratch;
  const { clusterName, principalArn } = address;
  const where = named("cluster", cluster.name);
  const isListed = await eventually(stage, async () =>
    (await listed(scratch)).includes(principalArn),
  );
  const count = (await listed(scratch)).length;
  const error = await refusalOf(() => eks.listAccessEntries({ clusterName, nextToken: "smoke" }));
  return [
    judged(isListed, "list-whole", {
      says: redactable`ListAccessEntries on ${where} ${isListed ? redactable`shows` : redactable`does not show`} the scratch entry among ${count}`,
      next: redactable`tell us: standing access could be left out`,
      numbers: { entries: count },
    }),
    judged(error === BAD_TOKEN, "list-token", {
      says: redactable`ListAccessEntries on ${where} ${error === undefined ? redactable`takes a token that it never gave out` : redactable`refuses a token that it never gave out with ${named("error", error)}`}`,
      next: redactable`tell us: a reading of standing access could stop at the same token each time`,
    }),
  ];
}

async function listed({ eks, address: { clusterName } }: Scratch): Promise<readonly string[]> {
  const { paginateListAccessEntries } = await import("@aws-sdk/client-eks");
  const found: string[] = [];
  for await (const page of paginateListAccessEntries({ client: eks }, { clusterName }))
    found.push(...(page.accessEntries ?? []));
  return found;
}
