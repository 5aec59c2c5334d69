import { parsePrincipalArn } from "../../shared/domain/values/arn.ts";
import { Failure } from "../failures/failure.ts";

/** The ARN of an IAM role, with its path. @throws Failure `usage` */
export function parseRoleArn(text: string): string {
  if (parsePrincipalArn(text)?.kind === "role") return text;
  throw new Failure("usage", "role-arn", {
    what: `"${text}" is not the ARN of an IAM role.`,
    notDone: "Nothing was sent.",
    next: ["Next: write it with its path: arn:aws:iam::<account>:role/<path/name>."],
  });
}
