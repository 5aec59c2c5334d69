import { kept } from "../../domain/entries/bounds.ts";
import { endProof } from "../../domain/entries/end-proof.ts";
import { type Entitlement, lentBy } from "../../domain/entries/entitlement.ts";
import { withUnsure } from "../../domain/entries/fuses.ts";
import { baselineOf } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { MaybeBegun } from "../../domain/entries/maybe-begun.ts";
import { isGone, isThere, type Sighting } from "../../domain/entries/proof.ts";
import { STANDING_ACCESS } from "../../domain/requests/end-text.ts";
import type { Evidence } from "../../domain/requests/evidence.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { GrantChange } from "./binding-grants.ts";
import { proveFindings } from "./learn.ts";
import type { Subject } from "./look-up-subject.ts";
import type { Need } from "./need.ts";
import type { PartOf, Pass } from "./pass.ts";
import type { RunJournal } from "./run-journal.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** The facts that a pass has at its end. */
export interface Known {
  /** The last read; undefined if no read was answered. */
  readonly seen: Sighting | undefined;
  readonly subject: Subject | undefined;
  /** Grants that fail before their access began. */
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly detail: string }>;
  readonly maybeBegun: MaybeBegun;
}

/** The part of a pass that concludes grants. */
type Concluder = PartOf<"grants" | "held" | "now" | "journal" | "view", "clock">;

/**
 * Stores only states that a read proves. A grant is `active` once a read shows its access, and
 * `ended` or `failed` once its absence is proven. Calls and changes by others are recorded in
 * either case. An end relies on the fence: no run with an older ledger can make a call after it.
 */
export async function concludeGrants(pass: Concluder, known: Known): Promise<Need> {
  const { ports, grants, journal, view } = pass;
  const at = ports.clock.now();
  const facts: Facts = { ...known, ...snapshotOf(pass), journal, at };
  const changes = facts.open.flatMap((grant, index) => {
    const own = facts.entitlements[index];
    return own ? changeOf(grant, own, facts) : [];
  });
  const ending = changes.flatMap(([id, { type }]) => (ENDS.has(type) ? id : []));
  if (ending.length > 0) await fenceOff(pass, ending, known.refused);
  await proveFindings(pass);
  const lost = await grants.stepAll(changes);
  journal.recorded(changes.flatMap(([id]) => (lost.has(id) ? [] : id)));
  if (isAnyUnseen(snapshotOf(pass))) return soon(view);
  return isAnyHeldUp(snapshotOf(pass), known) ? "retry" : "settled";
}

/** Whether a grant that gets no access ends once a later read says whether it has begun. */
const isAnyHeldUp = ({ open, entitlements }: Snapshot, { maybeBegun, refused }: Known): boolean =>
  maybeBegun.arePast &&
  open.some(({ id, state }, at) => {
    const isWaiting = maybeBegun.ids.has(id) && !entitlements[at]?.hasBegun;
    return isWaiting && (state === "ending" || refused.has(id));
  });

/** Whether access of a grant was added, and no read has shown it yet. */
const isAnyUnseen = ({ open, entitlements }: Snapshot): boolean =>
  open.some(({ state }, at) => {
    const own = entitlements[at];
    return state === "approved" && own?.isLive && own.hasBegun;
  });

const ENDS: ReadonlySet<string> = new Set(["settle", "refuse"]);

/**
 * One save with three effects. No earlier run can make a call. No later run begins a grant that fails here. No fuse
 * about to be deleted counts as armed. It also stores the facts that this pass read, which the end relies on.
 */
async function fenceOff(
  pass: Pick<Pass, "grants" | "held" | "now">,
  ending: readonly string[],
  refused: Known["refused"],
): Promise<void> {
  const { held } = pass;
  const failing = withFailing(held.current, ending, refused);
  const left = snapshotOf(pass, failing).entitlements.filter(
    ({ grantId, hasBegun }) => hasBegun && !ending.includes(grantId),
  );
  const targets = new Set(left.map(({ target }) => target));
  const spent = failing.fuses.filter(({ target }) => !targets.has(target));
  const fenced = withUnsure(failing, new Set(spent.map(({ name }) => name)));
  await held.save(fenced);
}

/** A grant that fails before it began is saved in the ledger first, with the reason. */
function withFailing(ledger: Ledger, ending: readonly string[], refused: Known["refused"]): Ledger {
  const { begun, failing } = ledger;
  const more = [...refused].flatMap(([id, { code, detail }]) =>
    ending.includes(id) && !Object.hasOwn(begun, id) ? [[id, kept({ code, detail })] as const] : [],
  );
  return { ...ledger, failing: { ...failing, ...Object.fromEntries(more) } };
}

/** The number of times in a row that a run looks again at once. Most reads lag by less than a second. */
const LOOKS_AT_ONCE = 3;

const soon = ({ attempts }: BindingView): Need => (attempts < LOOKS_AT_ONCE ? "yield" : "retry");

/** The facts that a grant is concluded from. */
interface Facts extends Known, Snapshot {
  readonly journal: RunJournal;
  /** When the step is stored. */
  readonly at: string;
}

function changeOf(grant: AccessRequest, own: Entitlement, facts: Facts): readonly GrantChange[] {
  const { ledger, entitlements, seen, maybeBegun, at } = facts;
  const details = facts.journal.evidenceFor(grant.id);
  const refusal =
    ledger.begun[grant.id]?.refusal ?? ledger.failing[grant.id] ?? facts.refused.get(grant.id);
  const mayHaveBegun = maybeBegun.ids.has(grant.id);
  const isOver = () =>
    (maybeBegun.areRead || !mayHaveBegun) && isGone(own, ledger, entitlements, seen);
  const isSeen = () => seen !== undefined && isThere(own, ledger, seen);
  if (grant.state === "ending" && isOver()) {
    // A ledger that was lost does not say what a grant had: then nothing is claimed.
    if (!own.hasBegun && (grant.effectiveAt !== null || mayHaveBegun))
      return [[grant.id, { type: "settle", at, details }]];
    const proof = endProof(own, ledger, entitlements, seen);
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
    return [[grant.id, activation(own, facts)]];
  return isWorthRecording(details) ? [[grant.id, { type: "evidence", at, details }]] : [];
}

function activation(own: Entitlement, facts: Facts): GrantChange[1] {
  const { subject, journal, ledger, at } = facts;
  const authenticationMode =
    subject?.cluster.kind === "known" ? subject.cluster.authenticationMode : null;
  const details = {
    ...journal.evidenceFor(own.grantId),
    ...coverOf(own, facts),
    authenticationMode,
    ...leanOf(ledger, own.grantId),
  };
  return { type: "activate", at, details };
}

/** The facts that the grant leaned on when it began, where its rule asks. */
const leanOf = ({ begun }: Ledger, grantId: string) => {
  const { onCall, ticket } = begun[grantId] ?? {};
  return { ...(onCall ? { onCall } : {}), ...(ticket ? { ticket } : {}) };
};

/** A call that AWS refused changed nothing. Recording every retry would flood the history. */
const isWorthRecording = ({ calls, findings }: Evidence) =>
  findings !== undefined || calls.some(({ result }) => result === "ok");

/** The grants or standing access that already give a grant its access, if it needed no call of its own. */
function coverOf(own: Entitlement, { ledger, journal, entitlements }: Facts) {
  if (journal.of(own.grantId).length > 0) return {};
  const grants = lentBy(entitlements)
    .filter(({ target, grantId }) => target === own.target && grantId !== own.grantId)
    .map(({ grantId }) => grantId);
  const isStanding = baselineOf(ledger, own.target).length > 0;
  return { coveredBy: [...grants, ...(isStanding ? [STANDING_ACCESS] : [])] };
}
