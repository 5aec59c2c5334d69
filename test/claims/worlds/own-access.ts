/** App Home's lines about the access that one has now, in worlds that others' hands made. */
import { ALICE, BOB, PROD, STAGING, T0 } from "../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import { withAdmins } from "../../../lab/fakes/two-admins.ts";
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../shared/domain/standing/standing-record.ts";
import { ownAccessBlocks } from "../../../shared/slack/front/own-access-blocks.ts";
import { readOwnAccess } from "../../../shared/usecases/access/own-access.ts";
import { saidIn } from "../../shared/slack/front/slack-front-fixture.ts";

const PASS = "01935e00-0000-7000-8000-00000000aaaa";

interface HomeWorld {
  /** Bob has a grant through a principal that alice may use too. */
  readonly isShared?: true;
  /** Clusters of which every entry was read. */
  readonly read: readonly string[];
}

/** App Home, as alice sees it. */
export async function homeOfAlice({ isShared, read }: HomeWorld): Promise<string> {
  const policy = isShared ? sharing(withAdmins()) : withAdmins();
  const broker = memoryBroker({ policy });
  const store = memoryStandingStore();
  for (const arn of read) {
    const begun = beginPass(noRecord(arn, T0), PASS, T0);
    if (!begun.reading) throw new Error("No pass began.");
    await store.save(completePass(begun, begun.reading, T0));
  }
  if (isShared) {
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    await broker.ask({ cluster: "staging", access, principalArn: ALICE }, "bob");
    await broker.converge(bindingKey(STAGING.arn, ALICE));
  }
  const seen = await readOwnAccess({ ...broker.front, standing: store }, broker.actor("alice"), []);
  return saidIn(ownAccessBlocks(policy, seen));
}

export const BOTH_CLUSTERS = [PROD.arn, STAGING.arn] as const;

function sharing(policy: AccessPolicy): AccessPolicy {
  const { bob } = policy.people;
  if (!bob) throw new Error("There is no bob.");
  return {
    ...policy,
    people: { ...policy.people, bob: { ...bob, principals: [ALICE, BOB] } },
    rules: policy.rules.map((rule) => ({ ...rule, sharedPrincipals: true })),
  };
}
