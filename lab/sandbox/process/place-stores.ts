/** The stores of each account in each region, and the files that keep them. */
import path from "node:path";
import { emptyTrailState, type TrailHistory, type TrailState } from "../aws/cloudtrail/state.ts";
import type { EksState } from "../aws/eks/state.ts";
import { initialSchedulerState, type SchedulerState } from "../aws/scheduler/state.ts";
import { emptySqsState, type SqsState } from "../aws/sqs/state.ts";
import { emptySsmState, type SsmState } from "../aws/ssm/state.ts";
import {
  ACCOUNT,
  ACCOUNTS,
  type AccountRegion,
  GLOBAL_REGION,
  HOME,
  isSamePlace,
  PLACES,
  REGION,
  SPOKE_ACCOUNT,
} from "../world/account.ts";
import { initialParameters } from "../world/slack-secrets.ts";
import type { FileStore } from "./file-store.ts";
import { openTrailHistory } from "./trail-history.ts";

/** The stores of CloudTrail for an account in one region. */
export interface TrailStores extends AccountRegion {
  readonly trail: FileStore<TrailState>;
  /** The event history. */
  readonly history: TrailHistory;
}

export interface PlaceStores extends TrailStores {
  readonly eks: FileStore<EksState>;
  readonly sqs: FileStore<SqsState>;
  readonly ssm: FileStore<SsmState>;
  readonly scheduler: FileStore<SchedulerState>;
}

/** The endings of files' names, for an account. */
const SUFFIXES: Readonly<Record<string, string>> = { [ACCOUNT]: "", [SPOKE_ACCOUNT]: "-spoke" };

const suffixOf = ({ account, region }: AccountRegion): string =>
  `${SUFFIXES[account] ?? `-${account}`}${region === REGION ? "" : `-${region}`}`;

type Open = <State>(name: string, initial: () => State) => FileStore<State>;

/**
 * @param open opens or creates the state of this name
 * @param initialEks the clusters of a place before anybody changed them
 * @param madeAt since when the broker's own parameters are there
 */
export function placeStores(
  dir: string,
  open: Open,
  initialEks: (place: AccountRegion) => EksState,
  madeAt: Date,
): readonly PlaceStores[] {
  return PLACES.map((place) => {
    const suffix = suffixOf(place);
    const parameters = () =>
      isSamePlace(place, HOME) ? initialParameters(madeAt) : emptySsmState();
    return {
      ...trailStores(dir, open, place),
      eks: open(`eks${suffix}`, () => initialEks(place)),
      sqs: open(`sqs${suffix}`, emptySqsState),
      ssm: open(`ssm${suffix}`, parameters),
      scheduler: open(`scheduler${suffix}`, () =>
        initialSchedulerState(place.account, place.region),
      ),
    };
  });
}

/** The stores of events without a place of their own, by account. */
export const globalTrails = (dir: string, open: Open): readonly TrailStores[] =>
  ACCOUNTS.map((account) => trailStores(dir, open, { account, region: GLOBAL_REGION }));

function trailStores(dir: string, open: Open, place: AccountRegion): TrailStores {
  const suffix = suffixOf(place);
  return {
    ...place,
    trail: open(`cloudtrail${suffix}`, emptyTrailState),
    history: openTrailHistory(path.join(dir, `cloudtrail-events${suffix}.jsonl`)),
  };
}

/** The sandbox's stores by place. */
export interface HasPlaces {
  readonly places: readonly PlaceStores[];
}

/** @throws Error for a place that the sandbox does not have */
export function placeOf({ places }: HasPlaces, place: AccountRegion): PlaceStores {
  const found = places.find((one) => isSamePlace(one, place));
  if (found) return found;
  throw new Error(`The sandbox has no region ${place.region} of account ${place.account}.`);
}

/** The broker's account and region. */
export const homeOf = (state: HasPlaces): PlaceStores => placeOf(state, HOME);
