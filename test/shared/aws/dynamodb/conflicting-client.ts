import { DynamoDBClient, TransactionConflictException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, type UpdateCommand } from "@aws-sdk/lib-dynamodb";

/** A client that meets a transaction on the item this many times. DynamoDB Local never does. */
export function conflicting(tables: DynamoDBDocumentClient, times: number) {
  let sent = 0;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: "us-west-2" }));
  client.send = (async (command: UpdateCommand) => {
    sent += 1;
    if (sent <= times)
      throw new TransactionConflictException({ message: "ongoing transaction", $metadata: {} });
    return await tables.send(command);
  }) as typeof client.send;
  return { client, sent: () => sent };
}
