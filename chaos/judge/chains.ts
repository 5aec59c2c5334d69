import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { Judgement, Seen } from "./seen.ts";

const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap(({ request, events }) => {
    const breaks = verifyChains(events);
    const isEmpty = events.length === 0;
    if (breaks.length === 0 && !isEmpty) return [];
    const detail = isEmpty
      ? "It has no history."
      : `Its history is broken: ${JSON.stringify(breaks)}`;
    return [{ at: settledAt, request: request.id, detail }];
  });

export const CHAINS: Judgement = { sentence: "Every history is an unbroken chain.", judge };
