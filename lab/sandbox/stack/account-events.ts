/**
 * The parts that report events in the accounts and regions: their trails, their event buses, and
 * the templates' rules on them.
 */
import { accountOf, byAccount, regionOf } from "../aws/accounts.ts";
import { cloudTrailService } from "../aws/cloudtrail/service.ts";
import { openTrail } from "../aws/cloudtrail/trail.ts";
import type { TrailRecord } from "../aws/cloudtrail/trail-record.ts";
import type { CallRecord } from "../aws/dispatch.ts";
import { cloudTrailEvent } from "../aws/eventbridge/cloudtrail-event.ts";
import { forwardEvent } from "../aws/eventbridge/forward-event.ts";
import type { EventRule } from "../aws/eventbridge/rule.ts";
import { deliverEvent, type RuleDelivery } from "../aws/eventbridge/rule-delivery.ts";
import { eventBridgeService } from "../aws/eventbridge/service.ts";
import type { BusEvent } from "../aws/eventbridge/state.ts";
import type { FaultTable } from "../aws/faults.ts";
import { AwsError, type Service } from "../aws/service.ts";
import type { AsyncInvoker } from "../lambda/async-invoke.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { mayInvoke } from "../lambda/permission.ts";
import { homeOf, type PlaceStores, type TrailStores } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import type { FunctionPermission } from "../template/stack.ts";
import { GLOBAL_REGION, HOME, isSamePlace } from "../world/account.ts";

export interface AccountEventsOptions {
  readonly state: SandboxState;
  /** The rules of every stack, as they are now. */
  readonly eventRules: () => readonly EventRule[];
  /** Invokes functions for rules. */
  readonly invoke: RuleDelivery["invoke"];
  /** How long after its call CloudTrail delivers a record. */
  readonly trailDelaySeconds: number;
  readonly faults: FaultTable;
  readonly log: (line: string) => void;
}

export interface AccountEvents {
  /** EventBridge and CloudTrail of one region; only CloudTrail in the one of global services. */
  readonly servicesIn: (region: string) => readonly Service[];
  /** Delivers an event of AWS's own on the broker's default bus. */
  readonly onDefaultBus: (event: BusEvent) => void;
  /** Has CloudTrail record a finished call. */
  readonly record: (call: CallRecord) => void;
  /** Begins to deliver CloudTrail's records. Answers what stops it. */
  start(): () => void;
}

export function accountEvents(options: AccountEventsOptions): AccountEvents {
  const { state, eventRules, invoke, log } = options;
  const { iam, eventBridge } = state;
  const deliverIn = (place: PlaceStores) => (busName: string, event: BusEvent) =>
    deliverEvent(
      {
        ...{ sqs: place.sqs, account: place.account, log, invoke },
        rules: eventRules().filter(({ arn }) =>
          isSamePlace(place, { account: accountOf(arn), region: regionOf(arn) }),
        ),
        forward: (...sent) => forwardEvent({ iam, eventBridge, deliver }, ...sent),
      },
      busName,
      event,
    );
  // Buses of the template are where the broker is.
  const deliver = deliverIn(homeOf(state));
  const trails = openTrails(options, (place, record) =>
    deliverIn(place)("default", cloudTrailEvent(record)),
  );
  const historiesIn = (region: string) =>
    trails
      .map(({ place }) => place)
      .filter((place) => place.region === region)
      .map(({ account, history }) => [account, cloudTrailService(history)] as const);
  return {
    servicesIn: (region) => [
      ...(region === HOME.region
        ? [eventBridgeService({ eventBridge, iam, ...HOME, deliver })]
        : []),
      byAccount(Object.fromEntries(historiesIn(region))),
    ],
    onDefaultBus: (event) => deliver("default", event),
    record(call) {
      const region = call.service === "iam" ? GLOBAL_REGION : call.region;
      const at = { account: call.caller.accountId, region };
      trails.find(({ place }) => isSamePlace(place, at))?.trail.record({ ...call, region });
    },
    start() {
      for (const { trail } of trails) trail.start();
      return () => {
        for (const { trail } of trails) trail.stop();
      };
    },
  };
}

/**
 * Opens the trails of every place, and of global services. In the region of the latter no stack has
 * a rule.
 */
function openTrails(
  { state, trailDelaySeconds, faults }: AccountEventsOptions,
  toBus: (place: PlaceStores, record: TrailRecord) => void,
) {
  const trailOf = (place: TrailStores, toEventBridge: (record: TrailRecord) => void) => ({
    place,
    trail: openTrail({
      store: place.trail,
      history: place.history,
      iam: state.iam,
      toEventBridge,
      delaySeconds: trailDelaySeconds,
      effect: (call: CallRecord) => faults.takeTrail(call),
    }),
  });
  return [
    ...state.places.map((place) => trailOf(place, (record) => toBus(place, record))),
    ...state.globalTrails.map((place) => trailOf(place, () => undefined)),
  ];
}

/** Invokes functions for rules, as far as the functions' permissions let EventBridge. */
export function ruleInvoker(
  permissions: readonly FunctionPermission[],
  functionOf: (functionArn: string) => LambdaFunction,
  invoker: AsyncInvoker,
): RuleDelivery["invoke"] {
  return (functionArn, event, ruleArn) => {
    if (!mayInvoke(permissions, functionArn, "events.amazonaws.com", ruleArn))
      throw new AwsError(
        "AccessDenied",
        403,
        `No AWS::Lambda::Permission lets ${ruleArn} invoke it.`,
      );
    invoker.invoke(functionOf(functionArn), event);
  };
}
