/** The order of events: that of `lifecycle.ts`, held against a record. */
import type { ChainRule } from "./audit-chain.ts";
import { LIFECYCLE } from "./lifecycle.ts";

/** A history begins with its request, takes only steps of the lifecycle, and no time runs backwards. */
export const eventOrder: ChainRule = (before, { seq, type, from, to, at }) => {
  const state = before?.to ?? null;
  if (from !== state)
    return {
      fault: "order",
      detail: `Event ${seq} leads from ${from ?? "nothing"}, but the request was ${state ?? "not there"}.`,
    };
  const possible = state === null ? firstStep(type, to) : LIFECYCLE[state][type]?.includes(to);
  if (!possible)
    return {
      fault: "order",
      detail: `Event ${seq}, ${type} to ${to}, cannot follow in state ${state ?? "none"}.`,
    };
  if (before !== undefined && at < before.at)
    return {
      fault: "time",
      detail: `Event ${seq} is dated ${at}, before event ${before.seq}: a clock was wrong, or a date was written later.`,
    };
  return undefined;
};

const firstStep = (type: string, to: string) => type === "request" && to === "pending";
