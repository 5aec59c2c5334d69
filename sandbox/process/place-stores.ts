/** What each account has of its own in each region, and the files that keep it. */
import path from "node:path";
import { emptyTrailState, type TrailHistory, type TrailState } from "../aws/cloudtrail/state.ts";
import type { EksState } from "../aws/eks/state.ts";
import { initialSchedulerState, type SchedulerState } from "../aws/scheduler/state.ts";
import { emptySqsState, type SqsState } from "../aws/sqs/state.ts";
import { emptySsmState, type SsmState } from "../aws/ssm/state.ts";
import {
  ACCOUNT,
  type AccountRegion,
  HOME,
  isSamePlace,
  PLACES,
  REGION,
  SPOKE_ACCOUNT,
} from "../world/account.ts";
import { initialParameters } from "../world/slack-secrets.ts";
import type { FileStore } from "./file-store.ts";
import { openTrailHistory } from "./trail-history.ts";

export interface PlaceStores extends AccountRegion {
  readonly eks: FileStore<EksState>;
  readonly sqs: FileStore<SqsState>;
  readonly ssm: FileStore<SsmState>;
  readonly scheduler: FileStore<SchedulerState>;
  readonly trail: FileStore<TrailState>;
  /** CloudTrail's event history. */
  readonly history: TrailHistory;
}

/** What stands behind the names of files, for an account. */
const SUFFIXES: Readonly<Record<string, string>> = { [ACCOUNT]: "", [SPOKE_ACCOUNT]: "-spoke" };

const suffixOf = ({ account, region }: AccountRegion): string =>
  `${SUFFIXES[account] ?? `-${account}`}${region === REGION ? "" : `-${region}`}`;

/**
 * @param open opens or creates the state of this name
 * @param initialEks the clusters of a place before anybody changed them
 * @param madeAt since when the broker's own parameters are there
 */
export function placeStores(
  dir: string,
  open: <State>(name: string, initial: () => State) => FileStore<State>,
  initialEks: (place: AccountRegion) => EksState,
  madeAt: Date,
): readonly PlaceStores[] {
  return PLACES.map((place) => {
    const suffix = suffixOf(place);
    const parameters = () =>
      isSamePlace(place, HOME) ? initialParameters(madeAt) : emptySsmState();
    return {
      ...place,
      eks: open(`eks${suffix}`, () => initialEks(place)),
      sqs: open(`sqs${suffix}`, emptySqsState),
      ssm: open(`ssm${suffix}`, parameters),
      scheduler: open(`scheduler${suffix}`, () =>
        initialSchedulerState(place.account, place.region),
      ),
      trail: open(`cloudtrail${suffix}`, emptyTrailState),
      history: openTrailHistory(path.join(dir, `cloudtrail-events${suffix}.jsonl`)),
    };
  });
}

/** What the sandbox keeps by place. */
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
