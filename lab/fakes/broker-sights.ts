/** Ways to disturb a broker on fakes, and to see what it did. */

import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { isEmpty } from "../../shared/domain/entries/ledger.ts";
import { scopeElements } from "../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { ArrivingCall, CallFault } from "./memory-eks-calls.ts";

export const THROTTLED: CallFault = { failure: "throttled", code: "ThrottlingException" };
export const UNANSWERED: CallFault = { failure: "unknown", code: "TimeoutError" };
export const BUSY: CallFault = { failure: "busy", code: "ServiceUnavailableException" };
export const refusedWith = (code: string): CallFault => ({ failure: "refused", code });
/** A refusal that does not pass. */
export const REFUSED = refusedWith("InvalidParameterException");

/** How long after a change a read must show it: the read lag plus the difference of clocks. */
export const VISIBLE_SECONDS = 55;

/** The elements of these namespaces. */
export const ns = (...namespaces: string[]) => scopeElements({ type: "namespace", namespaces });

interface Failing {
  /** How many calls fail; all by default. */
  readonly times?: number;
  /** How many calls succeed before. */
  readonly spared?: number;
  readonly matches?: (call: ArrivingCall) => boolean;
}

/** Makes calls of one operation fail, reads or changes. */
export function failCalls(
  { faults }: MemoryBroker,
  operation: string,
  fault: CallFault,
  { times = Number.POSITIVE_INFINITY, spared = 0, matches = () => true }: Failing = {},
): void {
  let count = 0;
  faults.push((call) => {
    if (call.operation !== operation || !matches(call)) return undefined;
    count += 1;
    return count > spared && count <= spared + times ? fault : undefined;
  });
}

/** The calls that converge makes to AWS from now on, reads and changes, in order. */
export function watchAws({ faults }: MemoryBroker): string[] {
  const asked: string[] = [];
  faults.push(({ operation }) => void asked.push(operation));
  return asked;
}

/** Changes a grant's record behind converge's back, as functions that face people could. */
export function forge({ tables }: MemoryBroker, grant: AccessRequest, change: object) {
  const forgery: AccessRequest = { ...grant, ...change };
  const binding = bindingKey(grant.cluster.arn, grant.principalArn);
  tables.grants.get(binding)?.set(grant.id, forgery);
  tables.requests.set(grant.id, forgery);
}

/** When the binding is taken up again, and for what. */
export const timesOf = ({ tables, binding }: MemoryBroker) => {
  const { dueAt, dueFor, removeAt, driftCheckAt } = tables.heads.get(binding) ?? {};
  return { dueAt, dueFor, removeAt, driftCheckAt };
};

/** Whether an instant is within the next minute. */
export const isSoon = ({ clock }: MemoryBroker, at: string | null | undefined): boolean =>
  (at ?? "") >= clock.now() && (at ?? "") <= plusSeconds(clock.now(), 60);

/** Whether the binding is taken up again within a minute. */
export const isDueSoon = (broker: MemoryBroker): boolean => {
  const { dueAt, removeAt } = timesOf(broker);
  return isSoon(broker, dueAt) || isSoon(broker, removeAt);
};

/** How many times the binding went to the end of the queue. */
export const yields = ({ queue }: MemoryBroker): number =>
  queue.sent.filter(({ cause }) => cause === "yield").length;

/** Whether the binding's ledger is stored and empty. */
export async function isLedgerEmpty({ ledgers, binding }: MemoryBroker): Promise<boolean> {
  const ledger = await ledgers.load(binding);
  return ledger !== undefined && ledger.revision > 0 && isEmpty(ledger);
}
