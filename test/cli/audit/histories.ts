/** Histories as the broker writes them, and their lines in an export. */
import { chained } from "../../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent, EventType } from "../../../shared/domain/requests/audit-event.ts";
import { LIFECYCLE, type Step, transition } from "../../../shared/domain/requests/lifecycle.ts";
import type { State } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { asked, idOf } from "../sample-requests.ts";

/** A history that takes a step of the lifecycle for each choice, until it is final. */
export function historyOf(number: number, choices: readonly number[]): readonly AuditEvent[] {
  const steps: Step[] = [asked({ id: idOf(number) })];
  for (const choice of choices) {
    const { request } = steps.at(-1) as Step;
    const edges = Object.entries(LIFECYCLE[request.state]).flatMap(([type, states]) =>
      // Only a break-glass is reviewed, and the review may follow its end. An escalation needs the
      // terms that it changes.
      type === "review" || type === "escalate"
        ? []
        : states.map((to: State) => [type as EventType, to] as const),
    );
    const edge = edges[choice % edges.length];
    if (!edge) break;
    const [type, to] = edge;
    const at = plusSeconds(request.updatedAt, choice % 3);
    const occurrence = {
      type,
      to,
      actor: "timelatch",
      at,
      policyHash: "c".repeat(64),
      details: {},
    };
    steps.push(transition(request, occurrence as Parameters<typeof transition>[1]));
  }
  return steps.map(({ event }) => event);
}

/** The history with some members of one event changed, and every hash made to fit again. */
export function rewritten(
  history: readonly AuditEvent[],
  at: number,
  changes: Partial<AuditEvent>,
): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (const [index, event] of history.entries()) {
    const { hash: _, ...body } = { ...event, ...(index === at ? changes : {}) };
    const previousHash = events.at(-1)?.hash ?? body.previousHash;
    events.push(chained({ ...body, previousHash } as Parameters<typeof chained>[0]));
  }
  return events;
}

export const linesOf = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event));
