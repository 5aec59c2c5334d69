import { digest } from "./digest.ts";

/** An IAM principal as its ARN writes it. */
export interface Principal {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  readonly kind: "role" | "user";
  /** Without the path; unique in an account. */
  readonly name: string;
}

const PRINCIPAL = /^arn:(aws[a-z-]*):iam::(\d{12}):(role|user)\/(?:[!-~]+\/)?([\w+=,.@-]{1,128})$/;

/** Undefined for what is no role and no user: a session, a group, the account's root. */
export function parsePrincipal(arn: string): Principal | undefined {
  const [, partition, accountId, kind, name] = PRINCIPAL.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || name === undefined) return undefined;
  return { arn, partition, accountId, kind: kind === "user" ? "user" : "role", name };
}

const ROOT = /^arn:aws[a-z-]*:iam::\d{12}:root$/;

export function isRootPrincipal(arn: string): boolean {
  return ROOT.test(arn);
}

const SERVICE_LINKED = /^arn:aws[a-z-]*:iam::\d{12}:role\/aws-service-role\//;

/** Only the shape of the ARN counts, in any account, as EKS judges it. */
export function isServiceLinkedRole(arn: string): boolean {
  return SERVICE_LINKED.test(arn);
}

/**
 * A unique id for a principal whose account the sandbox does not hold: made up, and the same each
 * time. AWS's begin with AROA for roles and AIDA for users (IAM user guide, "IAM identifiers").
 */
export function foreignPrincipalId(principal: Principal): string {
  const prefix = principal.kind === "user" ? "AIDA" : "AROA";
  return (
    prefix +
    BigInt(`0x${digest(principal.arn)}`)
      .toString(36)
      .toUpperCase()
      .slice(0, 17)
  );
}
