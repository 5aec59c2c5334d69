/** A request as a model reads it: ids, states and names, and quotes of what people wrote. */
import { describeAccess } from "../../shared/domain/requests/access-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import { quoted, quotedOrNull } from "./quoted.ts";
import type { ToolAnswer } from "./tool.ts";

export const requestFacts = (request: RequestSummary | RequestAnswer): ToolAnswer => ({
  id: request.id,
  state: request.state,
  cluster: request.cluster,
  access: quoted(describeAccess(request.access)),
  rule: request.rule,
  duration: request.duration,
  reason: quoted(request.reason),
  waitsFor: request.needs.map(({ groups, count }) => ({ count, groups })),
  createdAt: request.createdAt,
  lapsesAt: request.state === "pending" ? request.lapsesAt : null,
  endsAt: request.revokeAt,
  endedAt: request.endedAt,
  outcome: request.outcome
    ? { code: request.outcome.code, detail: quotedOrNull(request.outcome.detail) }
    : null,
});

/** The next step of whoever asked, by the state of their request. */
export const nextStep = ({ state }: Pick<RequestSummary, "state">): string =>
  NEXT[state] ?? "It is over. Ask again if it is still needed.";

const NEXT: Readonly<Partial<Record<RequestSummary["state"], string>>> = {
  pending: "People decide. Look again with my_requests; no tool waits, and none can approve.",
  approved: "Access is being added. Look again with my_requests in a few seconds.",
  active: "Access is there: how_to_connect has the commands. Give it back with return_access.",
  ending: "Access is being removed.",
};
