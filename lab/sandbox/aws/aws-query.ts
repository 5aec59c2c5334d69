import { AwsError, type Protocol } from "./service.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { Answer, Decoded, Wire } from "./wire.ts";
import { xmlElement, xmlMembers } from "./xml.ts";

type AwsQuery = Extract<Protocol, { kind: "query" }>;

/** AWS query: a form in, XML out. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function awsQuery({ xmlns }: AwsQuery): Wire {
  const answer = (status: number, requestId: string, root: string, content: string): Answer => ({
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: `<${root} xmlns="${xmlns}">${content}</${root}>`,
  });
  return {
    unknownOperation: ["InvalidAction", 400],
    decode,
    answer: (operation, output, requestId) =>
      answer(
        200,
        requestId,
        `${operation}Response`,
        (output === undefined ? "" : xmlElement(`${operation}Result`, output)) +
          xmlElement("ResponseMetadata", { RequestId: requestId }),
      ),
    refuse: (error, requestId) =>
      answer(
        error.status,
        requestId,
        "ErrorResponse",
        xmlElement("Error", {
          Type: error.status < 500 ? "Sender" : "Receiver",
          Code: error.code,
          Message: error.message,
          ...error.members,
        }) + xmlMembers({ RequestId: requestId }),
      ),
  };
}

function decode(request: SignedRequest): Decoded {
  const query = request.target.split(/\?(.*)/s)[1] ?? "";
  const tree = new Map<string, Branch>();
  for (const text of [query, request.body.toString("utf8")])
    for (const [name, value] of new URLSearchParams(text))
      if (!name.startsWith("X-Amz-")) plant(tree, name.split("."), value);
  const action = tree.get("Action");
  if (typeof action !== "string" || action === "")
    throw new AwsError("MissingAction", 400, "The request must contain the parameter Action.");
  tree.delete("Action");
  tree.delete("Version");
  return { operation: action, input: grown(tree) };
}

type Branch = string | Map<string, Branch>;

function plant(tree: Map<string, Branch>, [name = "", ...rest]: readonly string[], value: string) {
  if (rest.length === 0) {
    tree.set(name, value);
    return;
  }
  const known = tree.get(name);
  const branch = known instanceof Map ? known : new Map<string, Branch>();
  tree.set(name, branch);
  plant(branch, rest, value);
}

function grown(tree: ReadonlyMap<string, Branch>): Record<string, unknown> {
  return Object.fromEntries([...tree].map(([name, branch]) => [name, fruit(branch)]));
}

/** `Tags.member.1.Key` is the first element's `Key`: a branch with only `member` is a list. */
function fruit(branch: Branch): unknown {
  if (typeof branch === "string") return branch;
  const members = branch.get("member");
  if (branch.size !== 1 || !(members instanceof Map)) return grown(branch);
  return [...members].sort(([a], [b]) => Number(a) - Number(b)).map(([, each]) => fruit(each));
}
