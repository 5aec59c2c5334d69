/** The refusals of IAM and EKS in a life, for every caller. */
import type { AuthenticationMode } from "../../../shared/domain/clusters/cluster-facts.ts";
import { MANAGED_BY, TAG_MANAGED_BY } from "../../../shared/domain/entries/ledger.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { MemoryAccessEntries } from "../../fakes/memory-access-entries.ts";
import { PastMap } from "../../fakes/past-map.ts";
import type { Random } from "../random.ts";
import { CLUSTERS } from "../sim-policy.ts";
import type { Stage } from "../stage.ts";
import { instantOf } from "../virtual-time.ts";

export interface EntryRules {
  /** Whether IAM permits no deletion of the entry. */
  isDeletionRefused(address: EntryAddress): boolean;
  /** Whether IAM permits no addition there, for a while. */
  isAdditionDenied(address: EntryAddress): boolean;
  /** Whether the cluster takes access entries. */
  takesEntries(address: Pick<EntryAddress, "cluster">): boolean;
}

const MINUTE = 60_000;

/** The world in which the rules hold. */
interface EntryWorld {
  readonly entries: MemoryAccessEntries;
  readonly modes: Modes;
  /** Called for each addition that is denied. */
  readonly denied: (address: EntryAddress) => void;
}

/** Less than a refusal may last before a grant fails of it. Minutes. */
const LONGEST = 7;

export function entryRules(
  { time, startedAt, profile, hardships, tally }: Stage,
  { entries, modes, denied: onDenied }: EntryWorld,
): EntryRules {
  const { random } = hardships;
  const isDenied = hardships.has("additionDenied") ? deniedSoon(random) : () => false;
  const needsTag = hardships.has("tagRemoved");
  return {
    isDeletionRefused(address) {
      if (time.now - startedAt < profile.deletionRefusedSeconds * 1_000) return true;
      const entry = needsTag ? entries.peek(address) : undefined;
      if (!entry || entry.tags[TAG_MANAGED_BY] === MANAGED_BY) return false;
      tally.meets("tagRemoved");
      return true;
    },
    isAdditionDenied(address) {
      if (!isDenied(time.now)) return false;
      tally.meets("additionDenied");
      onDenied(address);
      return true;
    },
    takesEntries({ cluster }) {
      if (modes.get(CLUSTERS[cluster.name] ?? "") !== "CONFIG_MAP") return true;
      tally.meets("configMap");
      return false;
    },
  };
}

/** After the first few additions, all are denied for some minutes: asked at each addition. */
function deniedSoon(random: Random): (now: number) => boolean {
  const before = random.whole(0, 4);
  const length = random.between(0.5, LONGEST) * MINUTE;
  let asked = 0;
  let until: number | undefined;
  return (now) => {
    asked += 1;
    if (asked <= before) return false;
    until ??= now + length;
    return now < until;
  };
}

/** By ARN: the authentication modes of clusters, where they are not `API`. */
export type Modes = PastMap<AuthenticationMode>;

/** In some lives a cluster takes no access entries in the beginning. */
export function modesOf({ time, hardships }: Pick<Stage, "time" | "hardships">): Modes {
  const now = () => instantOf(time.now);
  const { configMapCluster: cluster } = hardships;
  return new PastMap(now, cluster === undefined ? [] : [[CLUSTERS[cluster] ?? "", "CONFIG_MAP"]]);
}
