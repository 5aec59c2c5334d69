import type { Pass } from "./pass.ts";

/**
 * At the end of a run, stores each call that EKS answered as an item of its own. Its key is EKS's
 * request id, so that CloudTrail's event can be compared with it. Nothing waits for this: access is
 * removed by then, and the audit events have the calls too. A run that breaks off before this
 * stores none; an intent or the grant's end then explains the events.
 */
export async function storeCalls({ ports, journal, run, binding }: Pass): Promise<void> {
  const calls = journal.takeAnswered();
  const results = await Promise.allSettled(calls.map((call) => ports.evidence.putCall(call)));
  for (const [at, result] of results.entries())
    if (result.status === "rejected")
      run.log("call not stored", { binding, call: calls[at], error: String(result.reason) });
}
