/**
 * The ledger's account of a chain of extensions. Converge judges an extension by it, because
 * functions that face people can write the requests table and not the ledger. Pure.
 */
import { MOST_EXTENSIONS } from "../policy/extension.ts";
import { startOf } from "../requests/grant-time.ts";
import type { AccessRequest } from "../requests/request.ts";
import { shortenedMember } from "../requests/shortened.ts";
import { hashOf } from "../values/canonical-json.ts";
import { plusSeconds } from "../values/instant.ts";
import { type Entitlement, lentBy } from "./entitlement.ts";
import type { Begun, ChainLink, Ledger, Refusal } from "./ledger.ts";

/** The terms that an extension shares with its predecessor. */
export const termsOf = ({
  requester,
  cluster,
  principalArn,
  access,
  rule,
}: AccessRequest): string =>
  hashOf({ requester, clusterArn: cluster.arn, principalArn, access, rule });

/** The place in its chain of a grant that begins now; undefined if its predecessor has no place. */
export function linkOf(request: AccessRequest, { begun }: Ledger): ChainLink | undefined {
  const terms = termsOf(request);
  if (request.extends === undefined) {
    const since = startOf(request);
    return since === null
      ? undefined
      : { terms, since, extensions: 0, extends: null, ...shortenedMember(request) };
  }
  const before = chainIn(begun, request.extends);
  return (
    before && {
      terms,
      since: before.since,
      extensions: before.extensions + 1,
      extends: request.extends,
      ...(before.shortened ? { shortened: true } : shortenedMember(request)),
    }
  );
}

/**
 * Why the ledger rules out that an extension begins; undefined if it does not. Its predecessor has
 * begun and is not over, on this entry and with the same terms. Nothing else extends it. The
 * extension ends no later than its own duration after it. It asks for an approval where somebody cut
 * the time of a grant before it.
 *
 * @param entitlements of the open grants: a predecessor that is not among them is over, as its end may be noted only
 */
export function brokenLink(
  request: AccessRequest,
  { begun }: Ledger,
  entitlements: readonly Entitlement[],
): Refusal | undefined {
  const { id, extends: predecessor, until, durationSeconds } = request;
  if (predecessor === undefined) return undefined;
  const before = grantIn(begun, predecessor);
  const isLent = lentBy(entitlements).some(({ grantId }) => grantId === predecessor);
  if (!before?.chain || !isLent) return PREDECESSOR_OVER;
  if (before.chain.terms !== termsOf(request)) return OTHER_TERMS;
  if (before.chain.shortened && !request.shortened) return WAS_SHORTENED;
  const isTaken = Object.entries(begun).some(
    ([other, { chain }]) => other !== id && chain?.extends === predecessor,
  );
  if (isTaken) return EXTENDED_ALREADY;
  if (othersInChain(predecessor, begun).length >= MOST_EXTENSIONS) return MANY_EXTENSIONS;
  const latest = plusSeconds(before.expiresAt, durationSeconds);
  return until === undefined || until > latest ? WRONG_END : undefined;
}

/**
 * The begun grants once another one began. Each grant of a chain knows all others, since the ledger forgets a grant whose
 * record others took away, and an end of that one means the access too.
 */
export function withMember(
  begun: Ledger["begun"],
  id: string,
  grant: Begun,
): Readonly<Record<string, Begun>> {
  const before = grant.chain?.extends ?? null;
  if (!grant.chain || before === null) return { ...begun, [id]: grant };
  const others = [...othersInChain(before, begun), before];
  const updated = others.flatMap((other) => {
    const known = grantIn(begun, other);
    if (!known?.chain) return [];
    const chain = { ...known.chain, others: [...othersInChain(other, begun), id] };
    return [[other, { ...known, chain }] as const];
  });
  const own = { ...grant, chain: { ...grant.chain, others } };
  return { ...begun, ...Object.fromEntries(updated), [id]: own };
}

/** The other grants of a begun grant's chain that have begun. */
export const othersInChain = (id: string, begun: Ledger["begun"]): readonly string[] =>
  chainIn(begun, id)?.others ?? predecessorsOf(id, begun);

/** The grants that a begun grant extends, the last one first, as far as an earlier release's ledger knows them. */
function predecessorsOf(id: string, begun: Ledger["begun"]): readonly string[] {
  const found = new Set<string>();
  let before = chainIn(begun, id)?.extends ?? null;
  while (before !== null && !found.has(before)) {
    found.add(before);
    before = chainIn(begun, before)?.extends ?? null;
  }
  return [...found];
}

const grantIn = (begun: Ledger["begun"], id: string): Begun | undefined =>
  Object.hasOwn(begun, id) ? begun[id] : undefined;

const chainIn = (begun: Ledger["begun"], id: string): ChainLink | undefined =>
  grantIn(begun, id)?.chain;

const PREDECESSOR_OVER: Refusal = {
  code: "predecessor-over",
  detail:
    "The grant that it extends was over, or never began on this entry. Nothing was added; ask for access again.",
};

/**
 * Refuses an extension whose record differs from what its predecessor, or its own beginning, says.
 */
export const OTHER_TERMS: Refusal = {
  code: "other-terms",
  detail:
    "It is not for the person, access or rule of the grant that it extends. Nothing was added; ask for access again.",
};

/** Refuses the second of two extensions of one grant. */
export const EXTENDED_ALREADY: Refusal = {
  code: "extended-already",
  detail:
    "Another extension of the same grant has begun. Nothing was added; ask for access again once that is over.",
};

/** Refuses an extension that claims to need nobody, of access whose time an approver cut. */
const WAS_SHORTENED: Refusal = {
  code: "not-approved",
  detail:
    "An approver cut the time of the access that it extends, so it needs an approval. Nothing was added; ask for access again.",
};

/** Others can take an extension's record away, and plant the next. The ledger keeps the ids of all that began. */
const MANY_EXTENSIONS: Refusal = {
  code: "extended-enough",
  detail: `${MOST_EXTENSIONS} extensions of that access have begun, the most that any rule allows. Nothing was added; ask for access again.`,
};

const WRONG_END: Refusal = {
  code: "wrong-deadline",
  detail:
    "It ends later than its duration after the grant that it extends. Nothing was added; ask for access again.",
};
