/** The parts of the AWS SDK that the packed command keeps. */
import { describe, expect, it } from "vitest";
import { withCalledMethods, withNamedErrors, wordsOf } from "../../../tools/package/called-sdk.ts";

const SERVICE = `import { GetParameterCommand, } from "./commands/GetParameterCommand";
const commands = {
    GetParameterCommand,
    PutParameterCommand,
};
const paginators = {
    paginateDescribeParameters,
    paginateListNodes,
};
const waiters = {
    waitUntilCommandExecuted,
};
createAggregatedClient(commands, SSM, { paginators, waiters });
`;

describe("The AWS SDK in the packed command", () => {
  it("A service keeps the methods and paginators that a source names, and no others", () => {
    const words = wordsOf(["await ssm.getParameter({ Name })", "paginateDescribeParameters(ssm)"]);
    expect(withCalledMethods(SERVICE, words)).toBe(
      SERVICE.replace("    PutParameterCommand,\n", "")
        .replace("    paginateListNodes,\n", "")
        .replace("    waitUntilCommandExecuted,\n", ""),
    );
  });

  it("The schemas keep the errors that a source names, and the service's own", () => {
    const text = [
      "_s_registry.registerError(SSMServiceException$, SSMServiceException);",
      "n0_registry.registerError(ParameterNotFound$, ParameterNotFound);",
      "n0_registry.registerError(TooManyTagsError$, TooManyTagsError);",
      "",
    ];
    const words = wordsOf(['error.name === "ParameterNotFound"']);
    expect(withNamedErrors(text.join("\n"), words)).toBe([text[0], text[1], ""].join("\n"));
  });

  it("A name within another name is not kept", () => {
    const kept = withCalledMethods(SERVICE, wordsOf(["getParameters", "PutParameterCommand"]));
    expect(kept).not.toMatch(/^ {4}\w+Command,$/m);
  });
});
