/** Scenarios: whether a grant may begin, or begin again. */
import type { StopRecord } from "../../../shared/domain/stops/stops.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import { changeStops } from "../../../shared/usecases/stops/change-stops.ts";
import { ALICE, PROD } from "../../fakes/builders.ts";
import { edit, type MemoryBroker, memoryBroker } from "../../fakes/memory-broker.ts";

/** Two open grants, since one of three places is kept for break-glass. */
const CAP = { openGrantsPerPerson: 3, reservedGrantsPerPerson: 1, endingGrantsPerPerson: 10 };

/** Asks for one more namespace, and has it approved. @returns whether the cap lets it pass */
async function isApproved(broker: MemoryBroker, namespace: string): Promise<boolean> {
  const asked = await broker.ask({ access: edit(namespace) });
  try {
    return (await broker.approve(asked)).state === "approved";
  } catch (error) {
    if (error instanceof BrokerError && error.code === "too-many-grants") return false;
    throw error;
  }
}

export const ADMISSION = {
  /** Somebody with the API's rights puts something at the next place of the suspensions. Then an admin drains. */
  "a drain comes after what is no record": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.stopRecords.push({} as StopRecord);
    await changeStops(broker.front, broker.actor("carol"), "drain", null, "an incident", true);
    await broker.converge();
    return broker.actual() === undefined;
  },

  /** A cluster is deleted with the entry of an active grant, and another takes its name. */
  "an entry is deleted with its cluster": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    await broker.settle();
    return broker.actual() === undefined;
  },

  /** A role is deleted under an active grant, and another takes its name. */
  "a role is made again under its old name": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(120);
    broker.principals.set(ALICE, "AROASUCCESSOR");
    for (const _look of [1, 2]) {
      await broker.converge();
      broker.clock.advance(60);
    }
    return broker.actual() === undefined;
  },

  /** A grant is cancelled before it begins, and then its cluster is deleted. */
  "a cluster goes after its last grant": async () => {
    const broker = memoryBroker();
    await broker.end(await broker.grant(), "cancel");
    await broker.converge();
    broker.clusters.delete(PROD.arn);
    await broker.settle();
    const { dueAt, driftCheckAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt === null && driftCheckAt === null;
  },

  /** IAM denies an addition for some seconds, as it may after a deployment. */
  "AWS denies an addition at first": async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.failNext("AssociateAccessPolicy", { failure: "refused", code: "AccessDenied" });
    await broker.converge();
    await broker.settle(60);
    return (await broker.reload(grant)).state === "active";
  },

  /** A person has the most open grants that one binding allows, and asks for another one. */
  "a person has every grant that the cap allows": async () => {
    const broker = memoryBroker({ settings: CAP });
    for (const n of [1, 2]) await broker.grant({ access: edit(`payments-${n}`) });
    return !(await isApproved(broker, "payments-3"));
  },

  /** A person has ended the most grants that may be open, and their removal is not proven yet. */
  "earlier grants of a person are still ending": async () => {
    const broker = memoryBroker({ settings: CAP });
    for (const n of [1, 2]) {
      const grant = await broker.activeGrant({ access: edit(`payments-${n}`) });
      await broker.end(grant, "return");
    }
    return await isApproved(broker, "payments-3");
  },
};
