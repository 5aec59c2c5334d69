/** Operations of the API that stop people, and that lift a stop. */
import type { StopType } from "../../shared/domain/stops/stops.ts";
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import { type StopBody, stopBody } from "../../shared/http/contract/stop-body.ts";
import { type StopsAnswer, stopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import { parseBody } from "../../shared/http/server/parse-body.ts";
import { changeStops, type StopsChange } from "../../shared/usecases/stops/change-stops.ts";
import { listStops } from "../../shared/usecases/stops/list-stops.ts";
import { type ApiEvent, type Operation, ok } from "./operation.ts";

const nameOf = (event: ApiEvent): string => event.pathParameters?.["name"] ?? "";

/** @param personOf whom it is about; null for everyone @param wordsOf why, and what is asked by name */
const change =
  (
    type: StopType,
    personOf: (event: ApiEvent) => string | null,
    wordsOf: (event: ApiEvent) => StopBody,
  ): Operation =>
  async (ports, actor, event) => {
    const { reason, evenIfNobodyCanLift } = wordsOf(event);
    const { stops, ending } = await changeStops(
      ports,
      actor,
      type,
      personOf(event),
      reason,
      evenIfNobodyCanLift,
    );
    const answer = stopsAnswer(stops, ports.policy);
    return ok({ ...answer, ...remainingOf(ending) } satisfies StopsAnswer);
  };

const remainingOf = (ending: StopsChange["ending"]): Pick<StopsAnswer, "remaining"> =>
  ending
    ? {
        remaining: {
          grants: ending.length,
          people: new Set(ending.map(({ requester }) => requester)).size,
        },
      }
    : {};

const said = (event: ApiEvent) => parseBody(stopBody(), event);
const everyone = () => null;
const nothing = () => ({ reason: "" });

export const STOP_OPERATIONS = {
  listSuspensions: async (ports, actor) =>
    ok(stopsAnswer(await listStops(ports, actor), ports.policy) satisfies StopsAnswer),
  suspendPerson: change("suspend", nameOf, said),
  liftSuspension: change("lift", nameOf, nothing),
  drain: change("drain", everyone, said),
  liftDrain: change("undrain", everyone, nothing),
} as const satisfies Partial<Record<RouteOperation, Operation>>;
