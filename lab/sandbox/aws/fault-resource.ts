/** Reads the resource that a call names, so that a fault strikes only one queue or one cluster. */
import { queueNameOf } from "./sqs/queue-url.ts";

type Input = Readonly<Record<string, unknown>>;

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** By service: the name of the queue, or of the cluster, that a call is for. */
const NAME_IN: Readonly<Record<string, (input: Input) => string | undefined>> = {
  sqs: queueNameOf,
  eks: ({ clusterName, name }) => textOf(clusterName ?? name),
};

/** The services whose calls a fault can tell apart by what they name. */
export const NAMING_SERVICES: readonly string[] = Object.keys(NAME_IN);

/** @returns undefined where the call names nothing that faults know */
export const resourceOf = (service: string, input: Input): string | undefined =>
  NAME_IN[service]?.(input);
