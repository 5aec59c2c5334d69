import type { Finding, Judgement, Seen, SeenFinding, SeenRequest } from "./seen.ts";

/** docs/events.md: `<request id>#<seq>`. */
function unpublished({ request, events }: SeenRequest, { bus }: Seen): readonly Finding[] {
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

export const BUS: Judgement = {
  sentence: "Every step, every finding and every delegation was on the event bus.",
  judge: (seen) => {
    const published = new Set([...seen.bus].map((id) => id.split("#", 1)[0] ?? ""));
    return [
      ...seen.delegations
        .filter(({ id }) => !published.has(id))
        .map(({ id, at }) => ({ at, detail: `The delegation ${id} was never on the event bus.` })),
      ...seen.requests.flatMap((one) => unpublished(one, seen)),
      ...seen.findings
        .filter((finding) => !isPublished(finding, published))
        .map(({ findingId, code, recordedAt }) => ({
          at: Date.parse(recordedAt),
          detail: `The finding ${findingId}, ${code}, was never on the event bus.`,
        })),
    ];
  },
};
