import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import type { Tap } from "../../fakes/port-tap.ts";
import type { Meter } from "./meter.ts";
import type { Priced } from "./prices.ts";

/** How many calls to AWS one call of a port is, one after the other, where it is more than one. */
const CALLS: Readonly<Record<string, number>> = {
  // DescribeAccessEntry and ListAssociatedAccessPolicies.
  "entries.read": 2,
};

/**
 * The price of one call of a port, beside the time that it takes. Calls to EKS, STS and CloudTrail
 * are free.
 */
const PRICED: Readonly<Record<string, Priced>> = {
  "queue.send": "fifoRequests",
  "queue.sendOnce": "fifoRequests",
  "queue.backlog": "fifoRequests",
  "notifyQueue.wake": "fifoRequests",
  "notifyQueue.wakeOnce": "fifoRequests",
  "store.put": "objectPuts",
  "store.list": "objectPuts",
  "store.read": "objectGets",
  "signer.sign": "signatures",
  "signer.fingerprint": "signatures",
};

/** Counts what calls of ports cost, and keeps the calls that EKS answered. */
export function tapOf(meter: Meter, answered: RecordedCall[]): Tap {
  return async ({ site, args, apply }) => {
    if (site === "evidence.putCall") answered.push(args[0] as RecordedCall);
    const priced = PRICED[site];
    if (priced !== undefined) meter.add(priced);
    if (site === "bus.publish") meter.add("customEvents", (args[0] as readonly unknown[]).length);
    // Evidence is in the tables, whose calls are counted there.
    return await (site.startsWith("evidence.") ? apply() : meter.call("aws", apply, CALLS[site]));
  };
}
