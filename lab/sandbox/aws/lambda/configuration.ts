/** GetFunctionConfiguration: names, and the version of the runtime. */
import { createHash } from "node:crypto";
import type { Operation } from "../service.ts";
import { functionPermissions, type LambdaContext, namedFunction } from "./context.ts";
import { demandMembers } from "./demand-members.ts";

/**
 * Only the names, and the version of the runtime. Here it is the Node.js that runs every function; in AWS, functions may
 * differ for some days.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export const configurationOperation = (context: LambdaContext): Operation => ({
  permissions: functionPermissions(context, "GetFunctionConfiguration"),
  run: ({ input }) => {
    demandMembers(input, ["FunctionName"]);
    const { name, arn } = namedFunction(context, input);
    const version = createHash("sha256").update(process.version).digest("hex");
    return {
      FunctionName: name,
      FunctionArn: arn,
      State: "Active",
      RuntimeVersionConfig: {
        RuntimeVersionArn: `arn:aws:lambda:${context.region}::runtime:${version}`,
      },
    };
  },
});
