/** Scenarios: something else happens between two calls of a run. */
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { failCalls, THROTTLED, UNANSWERED } from "../../fakes/broker-sights.ts";
import { ALICE } from "../../fakes/builders.ts";
import { EDIT, edit, type MemoryBroker, memoryBroker, view } from "../../fakes/memory-broker.ts";
import { tablesAsOf } from "../../fakes/restored-tables.ts";
import { brokerAtStandingEntry } from "./standing-entry.ts";

/** A run that found no principal. The next one names no fuse before it has read the entry. */
async function failedAttempt(broker: MemoryBroker): Promise<void> {
  failCalls(broker, "GetRole", UNANSWERED, { times: 1 });
  await broker.converge();
}

/**
 * A check that could not read the entry is to be repeated. The next reader parks it for something
 * else.
 */
async function repeatedCheck(broker: MemoryBroker): Promise<void> {
  failCalls(broker, "DescribeAccessEntry", THROTTLED, { times: 1 });
  await broker.converge();
}

export const RACES = {
  /** A record is planted that no step can be stored for, for an entry of nobody. */
  "a planted record is due no more": async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const id = "00000000-0000-7000-8000-000000000000";
    const planted = { ...grant, id, principalArn: ALICE.replace("alice", "nobody") };
    const { cluster, principalArn } = planted;
    const binding = bindingKey(cluster.arn, principalArn);
    const { grants, heads } = broker.tables;
    const head = heads.get(broker.binding);
    if (head) heads.set(binding, { ...head, principalArn });
    grants.set(binding, new Map([[id, planted]]));
    broker.clock.advance(7_200);
    for (let left = 3; left > 0; left -= 1) {
      await broker.converge(binding);
      broker.clock.advance(60);
    }
    return heads.get(binding)?.dueAt === null;
  },

  /** Requests and ledger are restored to an instant before a grant's end, and another grant begins on its entry. */
  "a record is older than its history": async () => {
    const broker = memoryBroker();
    const ended = await broker.grant();
    const { ledgers } = tablesAsOf(broker);
    await broker.converge();
    const { requests } = tablesAsOf(broker);
    await broker.end(ended, "return");
    await broker.settle(600);
    requests();
    ledgers();
    await broker.settle(900);
    const next = await broker.grant({ access: edit("payments-web") });
    await broker.converge();
    return (await broker.states(next))[0] === "active";
  },

  /** A run reads the grants, and another one begins a grant before it loads the ledger. */
  "a grant begins between two loads": async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: view("payments-api") });
    broker.before("ledgers.load", async () => {
      await broker.activeGrant({ access: edit("payments-api") });
    });
    await broker.converge();
    return broker.namespaces(EDIT).length === 1;
  },

  /** A run reads a grant that waits. Another one fails it, and forgets it, before the first loads the ledger. */
  "a grant fails between two loads": async () => {
    const broker = brokerAtStandingEntry();
    await broker.grant();
    broker.principals.delete(ALICE);
    await broker.converge();
    broker.clock.advance(60);
    broker.before("ledgers.load", async () => {
      await broker.converge();
      broker.principals.set(ALICE, "AROAALICE");
    });
    await broker.converge();
    return !broker.operations().includes("AssociateAccessPolicy");
  },

  /** A run is about to begin a grant, and another one ends it before it saves. */
  "a grant ends before it begins": async () => {
    const broker = brokerAtStandingEntry();
    // Beside the owner's access there is no fuse, whose name would be saved.
    broker.othersHad({ [EDIT]: ["ns/base"] });
    await broker.activeGrant();
    broker.clock.advance(400);
    await broker.converge();
    const asked = await broker.grant({ access: edit("payments-jobs") });
    const before = broker.operations().length;
    broker.before("schedules.armRevocation", async () => {
      await broker.end(asked, "cancel");
      await broker.converge();
    });
    await broker.converge();
    return broker.operations(before).length === 0;
  },

  /** A run that found nothing to do parks after one that has a doubt. */
  "an idle run parks after a run with doubts": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(120);
    await repeatedCheck(broker);
    broker.before("bindings.park", async () => {
      broker.principals.delete(ALICE);
      await broker.converge();
    });
    await broker.converge();
    const { dueAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt != null && dueAt <= plusSeconds(broker.clock.now(), 60);
  },

  /** The end of a grant comes while a run that found nothing to do is under way. */
  "a grant's end comes during a run": async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.after("entries.read", () => broker.clock.set(grant.revokeAt ?? ""));
    await broker.converge();
    const { dueAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt === grant.revokeAt;
  },

  /** A grant is approved while a run is about to park. */
  "a grant is approved before the park": async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: view("payments-api") });
    await repeatedCheck(broker);
    broker.before("bindings.park", () => broker.grant());
    await broker.converge();
    const { dueAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt != null && dueAt <= broker.clock.now();
  },

  /** Others make another entry just before a call of ours for its predecessor arrives. */
  "a call reaches a new entry": async () => {
    const broker = brokerAtStandingEntry();
    const asked = await broker.grant();
    broker.before("entries.associate", () => {
      broker.entries.edit(broker.addressOf(), () => undefined);
      broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    });
    await broker.converge();
    await broker.settle();
    await broker.end(asked, "return");
    await broker.settle();
    return broker.namespaces(EDIT).length === 0;
  },

  /** While an end waits for its proof, somebody begins every ten seconds. */
  "other grants begin all the time": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    await broker.activeGrant({ access: view("payments-api") });
    await broker.end(grant, "return");
    for (let count = 0; count < 12; count += 1) {
      await broker.activeGrant({ access: view(`payments-${count}`) });
      broker.clock.advance(10);
    }
    await broker.converge();
    return (await broker.reload(grant)).state === "ended";
  },

  /** Two runs of a binding store in the same millisecond whose fuses they are about to arm. */
  "two runs intend something at the same instant": async () => {
    const broker = brokerAtStandingEntry();
    await broker.grant();
    broker.before("evidence.putIntent", async () => {
      await broker.grant({ access: view("payments-api") });
      await broker.converge();
    });
    await broker.converge();
    const later = plusSeconds(broker.clock.now(), 1);
    const stored = await broker.evidence.intents(broker.binding, later, 50);
    return new Set(stored.flatMap(({ fusesOf = [] }) => fusesOf)).size === 2;
  },

  /** A run is about to arm a fuse. Another finds that fuse in the ledger, nothing lent, and may not lend it itself. */
  "another run cleans up while a fuse is armed": async () => {
    const broker = memoryBroker();
    await broker.grant();
    await failedAttempt(broker);
    const { promise: armed, resolve: hasArmed } = Promise.withResolvers<void>();
    let other: Promise<unknown> | undefined;
    broker.before("schedules.armFuse", async () => {
      const { promise: found, resolve: hasFound } = Promise.withResolvers<void>();
      broker.before("schedules.disarmFuse", () => {
        hasFound();
        return armed;
      });
      other = failedAttempt(broker);
      await Promise.race([found, other]);
    });
    let isFused = true;
    broker.before("entries.associate", async () => {
      hasArmed();
      await other;
      isFused = Object.keys(broker.fuses()).length > 0;
    });
    await broker.converge();
    hasArmed();
    await other;
    return isFused;
  },
};
