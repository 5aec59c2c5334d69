import type { Actor } from "../../domain/policy/actor.ts";
import { approversOf } from "../../domain/policy/approvers.ts";
import { permitsOf } from "../../domain/policy/permits.ts";
import type { Preview } from "../../domain/policy/preview.ts";
import { warningsOf } from "../../domain/policy/warnings.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { judgeRequest } from "./judge-request.ts";

/** What `createRequest` would decide on the same ask now, by the same code. Stores nothing. */
export async function previewRequest(
  ports: FrontPorts,
  { member }: Actor,
  ask: Ask,
): Promise<Preview> {
  const { policy, clock } = ports;
  const { judgement, facts } = await judgeRequest(ports, member, ask, clock.now());
  if (!judgement.allowed) return judgement;
  const { rule, principalArn } = judgement;
  return {
    ...judgement,
    requirements: approversOf(policy, rule, member, [principalArn]),
    permits: permitsOf(ask.access),
    warnings: warningsOf(policy, member, ask, judgement, facts),
  };
}
