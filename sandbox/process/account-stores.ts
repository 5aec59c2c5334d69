/** What each account has of its own, beside its clusters: CloudTrail and EventBridge Scheduler. */
import path from "node:path";
import { emptyTrailState, type TrailHistory, type TrailState } from "../aws/cloudtrail/state.ts";
import { initialSchedulerState, type SchedulerState } from "../aws/scheduler/state.ts";
import { ACCOUNT, REGION, SPOKE_ACCOUNT } from "../world/account.ts";
import type { FileStore } from "./file-store.ts";
import { openTrailHistory } from "./trail-history.ts";

interface AccountTrail {
  readonly store: FileStore<TrailState>;
  readonly history: TrailHistory;
}

/** Each by account. */
export interface AccountStores {
  readonly schedulers: Readonly<Record<string, FileStore<SchedulerState>>>;
  readonly trails: Readonly<Record<string, AccountTrail>>;
}

/** What stands behind the names of files. */
const SUFFIXES: Readonly<Record<string, string>> = { [ACCOUNT]: "", [SPOKE_ACCOUNT]: "-spoke" };

/** @param open opens or creates the state of this name */
export function accountStores(
  dir: string,
  open: <State>(name: string, initial: () => State) => FileStore<State>,
): AccountStores {
  const forEach = <Value>(make: (suffix: string, account: string) => Value) =>
    Object.fromEntries(
      Object.entries(SUFFIXES).map(([account, suffix]) => [account, make(suffix, account)]),
    );
  return {
    schedulers: forEach((suffix, account) =>
      open(`scheduler${suffix}`, () => initialSchedulerState(account, REGION)),
    ),
    trails: forEach((suffix) => ({
      store: open(`cloudtrail${suffix}`, emptyTrailState),
      history: openTrailHistory(path.join(dir, `cloudtrail-events${suffix}.jsonl`)),
    })),
  };
}
