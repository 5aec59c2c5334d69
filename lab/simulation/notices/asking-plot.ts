/** The steps of a request that people are asked about again. */
import type { Occurrence, Step } from "../../../shared/domain/requests/lifecycle.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { aFirstStep, aStep } from "../../fakes/builders.ts";
import type { Random } from "../random.ts";
import { ASKING, CLUSTERS, LAPSE_SECONDS, POLICY, role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";

/** One step and its time. @param before the step before it; undefined for the first */
export interface Chapter {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly step: (before: Step | undefined) => Step;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A request that is approved by one, by two, by nobody, denied or taken back, at any time before it lapses. */
export function requestChapters(random: Random, startedAt: number, n: number): readonly Chapter[] {
  const at = startedAt + random.between(0, 30 * MINUTE);
  const first = asked(random, at, `a${n}`, "asked-again");
  const between = () => at + random.between(10 * SECOND, LAPSE_SECONDS * SECOND);
  const [earlier = 0, later = 0] = [between(), between()].toSorted((a, b) => a - b);
  const end = random.pick(["approve", "deny", "cancel", "lapse"] as const);
  const partly = random.chance(0.5)
    ? [approval(random.pick(["hal", "ida", "dan"]), "pending", earlier)]
    : [];
  const last =
    end === "approve"
      ? approval("lou", "approved", later)
      : next(end, end === "lapse" ? at + LAPSE_SECONDS * SECOND : later);
  return [first, ...partly, last];
}

/** A break-glass of ten minutes that is reviewed at any time, or never. */
export function glassChapters(random: Random, startedAt: number, n: number): readonly Chapter[] {
  const at = startedAt + random.between(0, 10 * MINUTE);
  const dueAt = plusSeconds(instantOf(at), ASKING.reviewSeconds);
  const by = [...ASKING.reviewGroups];
  const opened: Chapter = next("approve", at + 1, {
    details: { review: { by, dueAt } },
    changes: { review: { by, dueAt, closed: null } },
  });
  const closedAt = at + random.between(12 * MINUTE, 100 * MINUTE);
  const closed = { person: "hal", at: instantOf(closedAt), note: "Looked at it." };
  const review = next("review", closedAt, { changes: { review: { by, dueAt, closed } } });
  return [
    asked(random, at, `b${n}`, "reviewed-glass"),
    opened,
    next("activate", at + 10 * SECOND, { details: { calls: [], authenticationMode: "API" } }),
    next("expire", at + 10 * MINUTE, { details: { calls: [] } }),
    next("settle", at + 11 * MINUTE, { details: { calls: [] } }),
    ...(random.chance(0.75) ? [review] : []),
  ];
}

function asked(random: Random, at: number, id: string, rule: string): Chapter {
  const [requester, principal] = random.pick([
    ["gil", "gil"],
    ["gil", "shared"],
    ["kim", "kim"],
    ["kim", "shared"],
  ] as const);
  const createdAt = instantOf(at);
  const first = aFirstStep({
    id: `00000000-0000-7000-8000-0000000000${id}`,
    requester,
    principalArn: role(principal),
    // Nobody has the same terms pending twice.
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: [`app-${id}`] },
    },
    cluster: { name: "one", arn: CLUSTERS["one"] ?? "" },
    rule,
    breakGlass: rule === "reviewed-glass",
    requirements: POLICY.rules.find(({ name }) => name === rule)?.approval ?? [],
    createdAt,
    lapsesAt: plusSeconds(createdAt, LAPSE_SECONDS),
  });
  return { at, step: () => first };
}

const next = (
  type: Occurrence["type"],
  at: number,
  more: Partial<Omit<Occurrence, "type">> = {},
): Chapter => ({
  at,
  step: (before) => {
    if (!before) throw new Error(`${type} is not a first step.`);
    return aStep(before.request, { at: instantOf(at), ...more, type } as Parameters<
      typeof aStep
    >[1]);
  },
});

const approval = (person: string, to: "pending" | "approved", at: number): Chapter => ({
  at,
  step: (before) => {
    if (!before) throw new Error("An approval is not a first step.");
    const { request } = before;
    const given = { person, surface: "api", at: instantOf(at), proof: {}, digest: request.digest };
    return aStep(request, {
      type: "approve",
      actor: person,
      at: instantOf(at),
      to,
      changes: { approvals: [...request.approvals, given] },
    } as Parameters<typeof aStep>[1]);
  },
});
