import { kept } from "../../domain/entries/bounds.ts";
import { endProof } from "../../domain/entries/end-proof.ts";
import { type Entitlement, lentBy } from "../../domain/entries/entitlement.ts";
import { withUnsure } from "../../domain/entries/fuses.ts";
import { baselineOf } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { isGone, isThere, type Sighting } from "../../domain/entries/proof.ts";
import type { MaybeBegun } from "../../domain/entries/unknown-ledger.ts";
import { STANDING_ACCESS } from "../../domain/requests/end-text.ts";
import type { Evidence } from "../../domain/requests/evidence.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { GrantChange } from "./binding-grants.ts";
import { proveFindings } from "./learn.ts";
import type { Subject } from "./look-up-subject.ts";
import type { Need } from "./need.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** What a pass knows at its end. */
export interface Known {
  /** The last read; undefined if no read was answered. */
  readonly seen: Sighting | undefined;
  readonly subject: Subject | undefined;
  /** Grants that fail before their access began. */
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly detail: string }>;
  readonly maybeBegun: MaybeBegun;
}

/**
 * Stores only states that a read proves. A grant is `active` once a read shows its access, and
 * `ended` or `failed` once its absence is proven. Calls and changes by others are recorded in
 * either case. An end relies on the fence: no run with an older ledger can make a call after it.
 */
export async function concludeGrants(pass: Pass, known: Known): Promise<Need> {
  const at = pass.ports.clock.now();
  const entitlements = entitlementsIn(pass);
  const byId = new Map(entitlements.map((each) => [each.grantId, each]));
  const changes = pass.grants.open.flatMap((grant) => {
    const own = byId.get(grant.id);
    return own ? changeOf(pass, grant, own, { ...known, entitlements }, at) : [];
  });
  const ending = changes.flatMap(([id, { type }]) => (ENDS.has(type) ? id : []));
  if (ending.length > 0) await fenceOff(pass, ending, known.refused);
  await proveFindings(pass);
  const lost = await pass.grants.stepAll(changes);
  pass.journal.recorded(changes.flatMap(([id]) => (lost.has(id) ? [] : id)));
  const begun = new Set(
    entitlementsIn(pass).flatMap(({ grantId, isLive, hasBegun }) =>
      isLive && hasBegun ? grantId : [],
    ),
  );
  // Its access was added, but no read has shown it yet.
  const isWaiting = pass.grants.open.some(({ id, state }) => state === "approved" && begun.has(id));
  return isWaiting ? soon(pass) : "settled";
}

const ENDS: ReadonlySet<string> = new Set(["settle", "refuse"]);

/**
 * One save with three effects. No earlier run can make a call. No later run begins a grant that
 * fails here. No fuse about to be deleted counts as armed. It also stores what this pass read,
 * which the end relies on.
 */
async function fenceOff(
  pass: Pass,
  ending: readonly string[],
  refused: Known["refused"],
): Promise<void> {
  const { held } = pass;
  held.know(withFailing(pass, ending, refused));
  const left = entitlementsIn(pass).filter(
    ({ grantId, hasBegun }) => hasBegun && !ending.includes(grantId),
  );
  const targets = new Set(left.map(({ target }) => target));
  const spent = held.current.fuses.filter(({ target }) => !targets.has(target));
  held.know(withUnsure(held.current, new Set(spent.map(({ name }) => name))));
  await held.save();
}

/** A grant that fails before it began is saved in the ledger first, with the reason. */
function withFailing({ held }: Pass, ending: readonly string[], refused: Known["refused"]): Ledger {
  const { begun, failing } = held.current;
  const more = [...refused].flatMap(([id, { code, detail }]) =>
    ending.includes(id) && !Object.hasOwn(begun, id) ? [[id, kept({ code, detail })] as const] : [],
  );
  return { ...held.current, failing: { ...failing, ...Object.fromEntries(more) } };
}

/** How many times in a row a run looks again at once. Most reads lag by less than a second. */
const LOOKS_AT_ONCE = 3;

const soon = ({ view }: Pass): Need => (view.attempts < LOOKS_AT_ONCE ? "yield" : "retry");

type Facts = Known & { readonly entitlements: readonly Entitlement[] };

function changeOf(
  pass: Pass,
  grant: AccessRequest,
  own: Entitlement,
  known: Facts,
  at: string,
): readonly GrantChange[] {
  const { entitlements } = known;
  const ledger = pass.held.current;
  const details = pass.journal.evidenceFor(own.grantId);
  const refusal =
    ledger.begun[grant.id]?.refusal ?? ledger.failing[grant.id] ?? known.refused.get(grant.id);
  const mayHaveBegun = known.maybeBegun.ids.has(grant.id);
  const isOver = () =>
    (known.maybeBegun.areRead || !mayHaveBegun) && isGone(own, ledger, entitlements, known.seen);
  const isSeen = () => known.seen !== undefined && isThere(own, ledger, known.seen);
  if (grant.state === "ending" && isOver()) {
    // A ledger that was lost does not say what a grant had: then nothing is claimed.
    if (!own.hasBegun && (grant.effectiveAt !== null || mayHaveBegun))
      return [[grant.id, { type: "settle", at, details }]];
    const proof = endProof(own, ledger, entitlements, known.seen);
    const settled = { type: "settle", at, details: { ...details, proof } } as const;
    return [[grant.id, { ...settled, changes: { endProof: proof } }]];
  }
  if (grant.state === "approved" && refusal && isOver())
    return [
      [
        grant.id,
        {
          type: "refuse",
          at,
          details: { ...details, ...refusal },
          changes: { outcome: { code: refusal.code, detail: refusal.detail } },
        },
      ],
    ];
  if (grant.state === "approved" && own.isLive && own.hasBegun && isSeen())
    return [[grant.id, activation(pass, own, entitlements, known, at)]];
  return isWorthRecording(details) ? [[grant.id, { type: "evidence", at, details }]] : [];
}

function activation(
  pass: Pass,
  own: Entitlement,
  entitlements: readonly Entitlement[],
  known: Known,
  at: string,
): GrantChange[1] {
  const { subject } = known;
  const authenticationMode =
    subject?.cluster.kind === "known" ? subject.cluster.authenticationMode : null;
  const details = {
    ...pass.journal.evidenceFor(own.grantId),
    ...coverOf(pass, own, entitlements),
    authenticationMode,
  };
  return { type: "activate", at, details };
}

/** A call that AWS refused changed nothing. Recording every retry would flood the history. */
const isWorthRecording = ({ calls, findings }: Evidence) =>
  findings !== undefined || calls.some(({ result }) => result === "ok");

/** For a grant that needed no call of its own: what already gives it its access. */
function coverOf({ held, journal }: Pass, own: Entitlement, entitlements: readonly Entitlement[]) {
  if (journal.of(own.grantId).length > 0) return {};
  const grants = lentBy(entitlements)
    .filter(({ target, grantId }) => target === own.target && grantId !== own.grantId)
    .map(({ grantId }) => grantId);
  const isStanding = baselineOf(held.current, own.target).length > 0;
  return { coveredBy: [...grants, ...(isStanding ? [STANDING_ACCESS] : [])] };
}
