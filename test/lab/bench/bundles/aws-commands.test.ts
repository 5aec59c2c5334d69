import type { Metafile } from "esbuild";
import { describe, expect, it } from "vitest";
import { awsCommandsIn, bareModule } from "../../../../lab/bench/bundles/aws-commands.ts";

const DYNAMODB = "node_modules/@aws-sdk/client-dynamodb/dist-es/commands";

/** A bundle's metafile, by the bytes that each input has in it. */
const metafileOf = (bytes: Readonly<Record<string, number>>): Metafile => ({
  inputs: {},
  outputs: {
    "api.mjs": {
      bytes: 0,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(
        Object.entries(bytes).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
      ),
    },
  },
});

describe("The bare bundle that a function is compared with", () => {
  it("The bare bundle has the commands that are in the function's, and none that esbuild left out", () => {
    const commands = awsCommandsIn(
      metafileOf({
        [`${DYNAMODB}/GetItemCommand.js`]: 120,
        [`${DYNAMODB}/PutItemCommand.js`]: 0,
        "node_modules/@aws-sdk/lib-dynamodb/dist-es/commands/QueryCommand.js": 90,
        "node_modules/@aws-sdk/client-sqs/dist-es/models/errors.js": 10,
        "shared/usecases/requests/create-request.ts": 1_000,
      }),
    );
    expect([...commands]).toEqual([
      ["@aws-sdk/client-dynamodb", ["GetItemCommand"]],
      ["@aws-sdk/lib-dynamodb", ["QueryCommand"]],
    ]);
  });

  it("The bare bundle makes one client of each service", async () => {
    const text = await bareModule(new Map([["@aws-sdk/client-sqs", ["SendMessageCommand"]]]));
    expect(text.split("\n")).toEqual([
      'import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";',
      "export const SQSClientUsed = [new SQSClient({}), SendMessageCommand];",
    ]);
  });
});
