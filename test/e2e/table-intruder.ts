/** Somebody who writes into the broker's tables and queues, with the rights of one function at a time. */
import { randomUUID } from "node:crypto";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import {
  auditIndex,
  auditKey,
  auditPk,
  bindingPk,
  grantKey,
  headKey,
  stateIndexes,
  stateKey,
} from "../../shared/aws/dynamodb/keys.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import {
  clientSettings,
  type FunctionName,
  type FunctionSession,
  functionSession,
} from "./function-session.ts";

export type Item = Readonly<Record<string, unknown>>;

/** An access entry: what a partition of the requests table is about. */
export interface Place {
  readonly clusterArn: string;
  readonly principalArn: string;
}

/** A write of somebody, in one call. */
export type Write =
  | { readonly kind: "put"; readonly item: Item }
  /** Refused by DynamoDB where the event is there already. */
  | { readonly kind: "put-event"; readonly item: Item }
  | { readonly kind: "delete"; readonly key: Item }
  | {
      readonly kind: "send";
      readonly queue: "converge" | "notify";
      readonly group: string;
      readonly body: string;
    };

/** The stored items about a request and its place, read with the rights of `api`. */
export interface Sight {
  readonly head: Item | undefined;
  /** The records of grants in the partition of the place, as items. */
  readonly grants: readonly Item[];
  readonly state: Item | undefined;
  readonly events: readonly AuditEvent[];
}

export interface TableIntruder {
  see(place: Place, id: string): Promise<Sight>;
  /** @throws the error of AWS, such as AccessDeniedException */
  write(as: FunctionName, write: Write): Promise<void>;
}

const bindingOf = ({ clusterArn, principalArn }: Place) => bindingKey(clusterArn, principalArn);

/** Items as the broker files them. */
export const itemOfGrant = (place: Place, id: string, request: Item): Item => ({
  ...{ ...grantKey(bindingOf(place), id), schema: 1 },
  request,
});
export const keyOfGrant = (place: Place, id: string): Item => grantKey(bindingOf(place), id);
export const keyOfHead = (place: Place): Item => headKey(bindingOf(place));
export const groupOf = (place: Place): string => bindingOf(place);
export const itemOfState = (request: AccessRequest): Item => ({
  ...{ ...stateKey(request.id), ...stateIndexes(request), schema: 1 },
  ...{ version: request.version, request },
});
export const itemOfEvent = (event: AuditEvent): Item => ({
  ...{ ...auditKey(event.requestId, event.seq), ...auditIndex(event), schema: 1 },
  event,
});

const FUNCTIONS = ["api", "slack", "sweep", "notify", "correlate"] as const;

/**
 * Opens a session of each function, one after the other: each is some calls to IAM.
 *
 * @param adopted a table that the broker has in place of the stack's own
 */
export async function openTableIntruder(
  sandbox: SandboxAddresses,
  adopted: { readonly requests?: string } = {},
): Promise<TableIntruder> {
  const sessions = new Map<FunctionName, FunctionSession>();
  for (const name of FUNCTIONS) sessions.set(name, await functionSession(sandbox, name));
  const admin = clientSettings(sandbox);
  const { TableNames = [] } = await new DynamoDBClient(admin).send(new ListTablesCommand({}));
  const named = (part: string): string => TableNames.find((name) => name.includes(part)) ?? part;
  const sqs = new SQSClient(admin);
  const urlOf = async (name: string): Promise<string> => {
    const { QueueUrl } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: `timelatch-${name}.fifo` }),
    );
    return QueueUrl ?? "";
  };
  const queues = { converge: await urlOf("converge"), notify: await urlOf("notify") };
  return tableIntruder(sessions, {
    ...{ requests: named("Requests"), audit: named("Audit"), ...adopted },
    queues,
  });
}

interface Names {
  readonly requests: string;
  readonly audit: string;
  readonly queues: Readonly<Record<"converge" | "notify", string>>;
}

function tableIntruder(
  sessions: ReadonlyMap<FunctionName, FunctionSession>,
  names: Names,
): TableIntruder {
  const sessionOf = (name: FunctionName): FunctionSession => {
    const found = sessions.get(name);
    if (!found) throw new Error(`There is no session of ${name}.`);
    return found;
  };
  const partition = async (TableName: string, pk: string): Promise<readonly Item[]> => {
    const KeyConditionExpression = "pk = :pk";
    const ExpressionAttributeValues = { ":pk": pk };
    const query = { TableName, KeyConditionExpression, ExpressionAttributeValues };
    return (await sessionOf("api").tables.send(new QueryCommand(query))).Items ?? [];
  };
  return {
    async see(place, id) {
      const { tables } = sessionOf("api");
      const get = new GetCommand({ TableName: names.requests, Key: stateKey(id) });
      const [own, state, events] = await Promise.all([
        partition(names.requests, bindingPk(bindingOf(place))),
        tables.send(get),
        partition(names.audit, auditPk(id)),
      ]);
      return {
        head: own.find(({ sk }) => sk === keyOfHead(place)["sk"]),
        grants: own.filter(({ request }) => request !== undefined),
        ...{ state: state.Item, events: events.map((item) => item["event"] as AuditEvent) },
      };
    },
    write: (as, write) => written(sessionOf(as), names, write),
  };
}

async function written(
  { tables, queues }: FunctionSession,
  names: Names,
  write: Write,
): Promise<void> {
  const TableName = names.requests;
  if (write.kind === "put") await tables.send(new PutCommand({ TableName, Item: write.item }));
  else if (write.kind === "delete")
    await tables.send(new DeleteCommand({ TableName, Key: write.key }));
  else if (write.kind === "put-event")
    await tables.send(
      new PutCommand({
        ...{ TableName: names.audit, Item: write.item },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
  else
    await queues.send(
      new SendMessageCommand({
        ...{ QueueUrl: names.queues[write.queue], MessageGroupId: write.group },
        // Nothing derives one from the body at the queue of notify.
        ...{ MessageDeduplicationId: randomUUID(), MessageBody: write.body },
      }),
    );
}
