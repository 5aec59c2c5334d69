/** App Home's lines about the access that one has now. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, PROD, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import { edit, memoryBroker, VIEW } from "../../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { GROUPS } from "../../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { StandingEntry } from "../../../../shared/domain/standing/standing-entry.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { ownAccessBlocks } from "../../../../shared/slack/front/own-access-blocks.ts";
import { readOwnAccess } from "../../../../shared/usecases/access/own-access.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";
import { standing } from "../../domain/standing/samples.ts";
import { saidIn } from "./slack-front-fixture.ts";

const PASS = "01935e00-0000-7000-8000-00000000aaaa";

function world(policy = withAdmins()) {
  const broker = memoryBroker({ policy });
  const store = memoryStandingStore();
  const read = async (requests: Parameters<typeof readOwnAccess>[2] = []) =>
    readOwnAccess({ ...broker.front, standing: store }, broker.actor("alice"), requests);
  return {
    broker,
    read,
    said: async () => saidIn(ownAccessBlocks(policy, await read())),
    /** Stores a reading of a cluster in which this stood. */
    async stood(entry: StandingEntry | undefined, { arn } = PROD) {
      const begun = beginPass(noRecord(arn, T0), PASS, T0);
      if (!begun.reading) throw new Error("No pass began.");
      if (entry) await store.put(arn, PASS, entry);
      await store.save(completePass(begun, begun.reading, T0));
    },
  };
}

describe("App Home's lines about the access that one has now", () => {
  it("Each grant's access is there with its end, whatever its request says", async () => {
    const { broker, said } = world();
    const grant = await broker.activeGrant();
    const shown = await said();
    expect(shown).toContain("AmazonEKSEditPolicy in payments-api on prod");
    expect(shown).toContain(`Until <!date^${Date.parse(grant.revokeAt ?? "") / 1_000}^`);
    expect(shown).toContain("Not known: standing access on prod, staging.");
    expect(shown).not.toContain("No standing access");
  });

  it("Standing access is there as of its reading, and is no grant's", async () => {
    const { said, stood } = world();
    await stood(standing({ targets: { [VIEW]: ["cluster"] } }, [], ALICE));
    await stood(undefined, STAGING);
    const shown = await said();
    expect(shown).toContain("AmazonEKSViewPolicy on all of prod");
    expect(shown).toContain(`Standing access, as read <!date^${Date.parse(T0) / 1_000}^`);
    expect(shown).toContain("Standing access as of 2026-11-24 10:00 UTC");
    expect(shown).not.toContain("No grant gives you access");
  });

  it("Where nothing is there, it says so of grants, and of standing access with its instant", async () => {
    const { said, stood } = world();
    await stood(undefined);
    await stood(undefined, STAGING);
    const shown = await said();
    expect(shown).toContain("No grant gives you access now.");
    expect(shown).toContain("No standing access as of 2026-11-24 10:00 UTC");
  });

  it("A grant of somebody else on the same principal gives access too, without its id", async () => {
    const policy = withAdmins();
    const { bob } = policy.people;
    if (!bob) throw new Error("There is no bob.");
    const people = { ...policy.people, bob: { ...bob, principals: [ALICE, BOB] } };
    const rules = policy.rules.map((rule) => ({ ...rule, sharedPrincipals: true }));
    const { broker, said } = world({ ...policy, people, rules });
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    const grant = await broker.ask({ cluster: "staging", access, principalArn: ALICE }, "bob");
    await broker.converge(bindingKey(STAGING.arn, ALICE));
    const shown = await said();
    expect(shown).toContain("AmazonEKSViewPolicy on all of staging, by a grant of somebody else");
    expect(shown).not.toContain(grant.id);
  });

  it("A stop is said above it", async () => {
    const { broker, said } = world();
    await changeStops(broker.front, broker.actor("carol"), "suspend", "alice", "laptop stolen");
    expect(await said()).toContain(
      "carol suspended you: laptop stolen. You can ask for nothing now; dora or erin can lift it.",
    );
  });

  it("Names that others wrote stand in plain text alone", async () => {
    const { read, stood } = world();
    await stood(standing({ targets: { [GROUPS]: ["group/<!channel> *x*"] } }, [], ALICE));
    const blocks = ownAccessBlocks(withAdmins(), await read());
    const texts = JSON.stringify(blocks).match(/\{"type":"mrkdwn"[^}]*\}/g) ?? [];
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toContain("channel");
  });

  it("More than five lines are counted, with the command that has all", async () => {
    const { broker, said } = world();
    for (const name of ["a", "b", "c", "d", "e", "f", "g"])
      await broker.grant({ access: edit(`payments-${name}`) });
    expect(await said()).toContain("And 2 more: timelatch status has all.");
  });

  it("The entries with grants are looked at if there are many, and the rest are counted", async () => {
    const base = withAdmins();
    const more = Array.from(
      { length: 40 },
      (_, n) => [`c${n}`, { arn: `${PROD.arn}-${n}`, retired: false }] as const,
    );
    const clusters = { ...Object.fromEntries(more), ...base.clusters };
    const { broker, read, stood } = world({ ...base, clusters });
    for (const { arn } of Object.values(clusters)) await stood(undefined, { ...PROD, arn });
    const grant = await broker.activeGrant();
    const found = await read([grant]);
    expect(found).toMatchObject({ access: [{ by: grant.id }], leftOut: 12 });
    const shown = saidIn(ownAccessBlocks(base, await read()));
    expect(shown).toContain("Not looked at: 12 more access entries.");
    expect(shown).not.toContain("No grant gives you access");
    expect(shown).not.toContain("No standing access");
  });
});
