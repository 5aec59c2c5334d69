/** The event source mappings of the stacks: which there are, and whether Lambda polls for them. */
import { AwsError, type Operation } from "../service.ts";
import { signalOf } from "../sqs/signal.ts";
import { type LambdaContext, namedFunction } from "./context.ts";
import { demandMembers } from "./demand-members.ts";
import { type DeclaredEventSource, isEnabled, SOURCES_CHANGED } from "./state.ts";

type Input = Readonly<Record<string, unknown>>;

export function eventSourceOperations(context: LambdaContext): Readonly<Record<string, Operation>> {
  const { lambda } = context;
  return {
    ListEventSourceMappings: {
      permissions: () => [{ action: "lambda:ListEventSourceMappings", resource: "*" }],
      run: ({ input }) => {
        demandMembers(input, ["FunctionName", "EventSourceArn"]);
        const { FunctionName: name, EventSourceArn: queueArn } = input;
        const wanted = name === undefined ? undefined : namedFunction(context, input).arn;
        const found = context
          .eventSources()
          .filter((one) => wanted === undefined || one.functionArn === wanted)
          .filter((one) => queueArn === undefined || one.queueArn === queueArn);
        return { EventSourceMappings: found.map((one) => shape(context, one)) };
      },
    },
    GetEventSourceMapping: {
      permissions: permissions(context, "GetEventSourceMapping"),
      run: ({ input }) => shape(context, namedSource(context, input)),
    },
    UpdateEventSourceMapping: {
      permissions: permissions(context, "UpdateEventSourceMapping"),
      run: ({ input }) => {
        demandMembers(input, ["UUID", "Enabled"]);
        const source = namedSource(context, input);
        if (typeof input["Enabled"] === "boolean") {
          const enabled = input["Enabled"];
          lambda.change(({ disabled }) => {
            if (enabled) delete disabled[source.uuid];
            else disabled[source.uuid] = true;
          });
          signalOf(lambda, SOURCES_CHANGED).raise();
        }
        return shape(context, source);
      },
    },
  };
}

const permissions = (context: LambdaContext, action: string) => (input: Input) => {
  const found = findSource(context, input);
  const { account, region } = context;
  return [
    {
      action: `lambda:${action}`,
      resource: `arn:aws:lambda:${region}:${account}:event-source-mapping:${String(input["UUID"])}`,
      context: { "lambda:FunctionArn": found?.functionArn ?? "" },
      skip: found === undefined,
    },
  ];
};

const findSource = ({ eventSources }: LambdaContext, { UUID: uuid }: Input) =>
  eventSources().find((one) => one.uuid === uuid);

/** @throws AwsError ResourceNotFoundException */
function namedSource(context: LambdaContext, input: Input): DeclaredEventSource {
  const found = findSource(context, input);
  if (found) return found;
  throw new AwsError(
    "ResourceNotFoundException",
    404,
    "The resource you requested does not exist.",
  );
}

/** A change takes effect at once, so `Enabling` and `Disabling` are never seen. */
const shape = (context: LambdaContext, source: DeclaredEventSource) => ({
  UUID: source.uuid,
  BatchSize: source.batchSize,
  EventSourceArn: source.queueArn,
  FunctionArn: source.functionArn,
  State: isEnabled(context.lambda.state, source.uuid) ? "Enabled" : "Disabled",
  StateTransitionReason: "USER_INITIATED",
  ...(source.maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: source.maximumConcurrency } }),
});
