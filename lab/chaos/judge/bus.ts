import { REMINDED_RULE } from "../stage/chaos-policy.ts";
import { isUnshown } from "./restored.ts";
import type { Judgement, Seen, SeenFinding, SeenRequest, Violation } from "./seen.ts";

/** docs/events.md: `<request id>#<seq>`. */
function unpublished({ request, events }: SeenRequest, { bus }: Seen): readonly Violation[] {
  const left = events.filter(({ seq }) => !bus.has(`${request.id}#${seq}`));
  const [first] = left;
  if (!first) return [];
  const names = left.map(({ seq, type }) => `${seq} ${type}`).join(", ");
  const detail = `Never on the event bus: its ${names}.`;
  return [{ at: Date.parse(first.at), request: request.id, detail }];
}

/** docs/events.md: `<finding id>#<seq>`, where the sequence is that of its chain. */
const isPublished = ({ findingId }: SeenFinding, published: ReadonlySet<string>) =>
  published.has(findingId);

/** People are suspended, and the broker is drained. */
const STOPS: ReadonlySet<string> = new Set(["suspend", "restore-tables"]);
/** docs/events.md: `stop-<seq>#1`. */
const STOP = /^stop-\d+#1$/;
/** An answer of a suspension, and of its lift. */
const DONE = /\b200\b/g;

function unpublishedStops(seen: Seen): readonly Violation[] {
  const { deeds, bus, settledAt } = seen;
  const answered = deeds
    .filter(({ action, from }) => STOPS.has(action.kind) && !isUnshown(from, seen))
    .flatMap(({ answer }) => answer.match(DONE) ?? []).length;
  const published = [...bus].filter((id) => STOP.test(id)).length;
  if (published >= answered) return [];
  const detail = `${answered} suspensions and lifts were answered, and ${published} were on the event bus.`;
  return [{ at: settledAt, detail }];
}

const REMINDED_AFTER_MS = 60_000;

/** docs/events.md: `<request id>#reminder-<number>`. One that the next has overtaken is left out. */
function unreminded({ request }: SeenRequest, { bus, isSmall, settledAt }: Seen) {
  const at = Date.parse(request.createdAt) + REMINDED_AFTER_MS;
  const isDue = request.rule === REMINDED_RULE && request.state === "pending" && at < settledAt;
  const isThere = [1, 2].some((number) => bus.has(`${request.id}#reminder-${number}`));
  if (isSmall || !isDue || isThere) return [];
  return [{ at, request: request.id, detail: "No reminder of it was ever on the event bus." }];
}

export const BUS: Judgement = {
  sentence: "Every step, every finding, delegation, suspension and reminder was on the event bus.",
  judge: (seen) => {
    const published = new Set([...seen.bus].map((id) => id.split("#", 1)[0] ?? ""));
    return [
      ...seen.delegations
        .filter(({ id, at }) => !published.has(id) && !isUnshown(at, seen))
        .map(({ id, at }) => ({ at, detail: `The delegation ${id} was never on the event bus.` })),
      ...seen.requests.flatMap((one) => unpublished(one, seen)),
      ...unpublishedStops(seen),
      ...seen.requests.flatMap((one) => unreminded(one, seen)),
      ...seen.findings
        .filter(
          (finding) =>
            !isPublished(finding, published) && !isUnshown(Date.parse(finding.recordedAt), seen),
        )
        .map(({ findingId, code, recordedAt }) => ({
          at: Date.parse(recordedAt),
          detail: `The finding ${findingId}, ${code}, was never on the event bus.`,
        })),
    ];
  },
};
