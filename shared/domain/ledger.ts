/**
 * The ledger of a binding: what was on the access entry before us, what we last saw there and
 * what we last attempted. Written by converge alone, before each change it makes.
 */
import type { ElementSet } from "./element-set.ts";

export interface Ledger {
  readonly schema: 1;
  readonly binding: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  /** Whether the entry is of our own making: only then may it be deleted. */
  readonly owned: boolean;
  /** Sent with our CreateAccessEntry, as its token and as a tag: it tells our entry from another's. */
  readonly token: string;
  /** Whether an entry was made with it and is gone: the next one needs a token of its own. */
  readonly tokenSpent: boolean;
  /** Given up while a create with them could still land: an entry that carries one is ours too. */
  readonly formerTokens: readonly string[];
  /** Ends in a UUID, so that it names one entry and not its successor; null before there is one. */
  readonly accessEntryArn: string | null;
  /** The principal's IAM unique id, which a recreated role does not keep. */
  readonly principalId: string | null;
  /** When the cluster was created; another one of the same name is younger. */
  readonly clusterCreatedAt: string | null;
  readonly targets: Readonly<Record<string, Held>>;
  /**
   * By grant, when it ends, as it stood when its access began. Requests lie where the parts that
   * face people can write; nothing that is written there afterwards makes a grant last longer.
   */
  readonly deadlines: Readonly<Record<string, Deadline>>;
  /**
   * Per target, when its fuse is armed to fire; `UNSURE` from before it is armed, moved or taken
   * down until that is known, so that none is forgotten, and none is believed in that is gone.
   */
  readonly fuses: Readonly<Record<string, string>>;
  /** Until then a call of ours whose outcome is unknown may still take effect. */
  readonly uncertainUntil: string | null;
}

/** Of a fuse that may be armed, nobody knows for when. */
export const UNSURE = "";

export interface Deadline {
  readonly revokeAt: string;
  readonly expiresAt: string;
}

/** One target of the entry: an access policy's scope, or the groups. */
export interface Held {
  /** What is others': it was there before us, or they added it since. */
  readonly baseline: ElementSet;
  readonly seen: ElementSet;
  readonly attempted: ElementSet;
}

export const TAG_MANAGED_BY = "timelatch:managed-by";
export const TAG_TOKEN = "timelatch:token";
export const MANAGED_BY = "timelatch";

/** Opens a ledger for a binding that has none. `token` is random and used once. */
export function openLedger(
  { binding, clusterArn, principalArn }: Pick<Ledger, "binding" | "clusterArn" | "principalArn">,
  token: string,
): Ledger {
  return {
    schema: 1,
    binding,
    clusterArn,
    principalArn,
    owned: false,
    token,
    tokenSpent: false,
    formerTokens: [],
    accessEntryArn: null,
    principalId: null,
    clusterCreatedAt: null,
    targets: {},
    deadlines: {},
    fuses: {},
    uncertainUntil: null,
  };
}

/** Whether an entry with these tags is of our making. */
export const bearsOurToken = (
  { token, formerTokens }: Ledger,
  tags: Readonly<Record<string, string>>,
): boolean => [token, ...formerTokens].some((each) => tags[TAG_TOKEN] === each);

export const isUncertain = (ledger: Ledger, now: string) =>
  ledger.uncertainUntil !== null && now < ledger.uncertainUntil;
