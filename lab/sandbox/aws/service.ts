/**
 * An emulated AWS service, as the sandbox's one AWS port sees it.
 *
 * The port reads the request, finds the service in the SigV4 credential scope, and verifies the
 * signature. The service names the operation and its input; the port asks IAM, and runs it. A
 * service therefore holds only what is its own: routes, validation, state, answers.
 */

/** The signer of the call, as IAM knows them. */
export interface Caller {
  /** `arn:aws:iam::…:user/x`, or `arn:aws:sts::…:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** The IAM principal whose policies decide: the role's or the user's own ARN, path included. */
  readonly principalArn: string;
  readonly accountId: string;
  /** `AROA…:session` or `AIDA…`. */
  readonly userId: string;
  readonly accessKeyId: string;
  readonly sourceIdentity?: string;
  /** Condition keys that the source of the session put into it: `identitystore:UserId`, `saml:sub`. */
  readonly sessionContext?: Readonly<Record<string, string>>;
  /** Tags that go on to every session that is assumed from this one. */
  readonly transitiveTags?: Readonly<Record<string, string>>;
  /** Set for the subject of a token of OpenID Connect, who has no key. `arn` is then the provider's. */
  readonly webIdentity?: {
    readonly issuer: string;
    readonly audience: string;
    readonly subject: string;
  };
}

/** One question to IAM; an operation that touches several things asks several. */
export interface PermissionCheck {
  /** `eks:CreateAccessEntry` */
  readonly action: string;
  /** An ARN, or `*` for actions without resources. */
  readonly resource: string;
  /** Condition keys of the request and the resource: `eks:principalArn`, `aws:ResourceTag/…`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** Does not exist for IAM: the answer to a missing thing is the service's 404. Default false. */
  readonly skip?: boolean;
}

/** A parsed call: members by the names of the service's model, wherever they stood on the wire. */
export interface Call<Input = Record<string, unknown>> {
  readonly operation: string;
  readonly input: Input;
  readonly caller: Caller;
  /** The answer's `x-amzn-requestid`, and CloudTrail's `requestID`. */
  readonly requestId: string;
  readonly now: Date;
  /** Set by a fault: serve and judge this call on a state of this age. */
  readonly staleMilliseconds?: number;
  /** Set by a fault: take the first of its entries, and refuse the others as throttled. */
  readonly isPartial?: boolean;
}

/** The part of a fault that an operation itself handles. */
export type Strain = Pick<Call, "staleMilliseconds" | "isPartial">;

/** One operation: first what IAM is asked, then what it does. It answers the model's output. */
export interface Operation<Input = Record<string, unknown>> {
  readonly permissions: (input: Input, caller: Caller) => readonly PermissionCheck[];
  readonly run: (call: Call<Input>) => unknown | Promise<unknown>;
}

/**
 * A service's protocol. `rest-json` routes by method and path template, `/clusters/{clusterName}`;
 * labels are split on the raw path and decoded once. `json` routes by the `X-Amz-Target` header.
 * `query` routes by the form member `Action`, and answers XML.
 */
export type Protocol =
  | {
      readonly kind: "rest-json";
      readonly routes: readonly RestRoute[];
      /** The member that holds an error's text: `message` for EKS, `Message` for Scheduler. */
      readonly errorMember: "message" | "Message";
    }
  | {
      readonly kind: "json";
      readonly version: "1.0" | "1.1";
      /** Everything before the operation's name, each form the clients use: `AmazonSQS.`. */
      readonly targetPrefixes: readonly string[];
      /** SQS also names its older code in `x-amzn-query-error`. */
      readonly queryError: boolean;
      /** `com.amazonaws.sqs#`; what stands before an error's name in `__type`. */
      readonly errorNamespace: string;
    }
  | { readonly kind: "query"; readonly xmlns: string }
  /** S3's own: most members are headers, and a body is an object's bytes or XML. */
  | { readonly kind: "s3" };

export interface RestRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/clusters/{clusterName}/access-entries/{principalArn}` */
  readonly path: string;
  readonly operation: string;
  /**
   * Query parameters by wire name, and the member each fills: `{ groupName: "GroupName" }`.
   * `strings` is a list: the parameter repeated, once for each element (`tagKeys=a&tagKeys=b`).
   */
  readonly query?: Readonly<
    Record<string, { readonly member: string; readonly type: "string" | "number" | "strings" }>
  >;
  /** Members that are headers of the request or of the answer, by the header's name in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Set if both bodies are a `BodyBytes` in place of JSON: their member, and the one that is the
   * HTTP status.
   */
  readonly raw?: { readonly payload: string; readonly status: string };
}

/** One service behind the port. An operation that `operations` lacks is refused by name. */
export interface Service {
  /** The signing name in the credential scope: `eks`, `sqs`, `scheduler`, `sts`, `iam`. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly operations: Readonly<Record<string, Operation>>;
  /** The callers of operations that nobody signs, by operation. */
  readonly unsigned?: Readonly<Record<string, UnsignedCaller>>;
  /** How this service says that it is throttled, where that is its own: code, status and text. */
  readonly throttled?: readonly [code: string, status: number, message: string];
}

/** The caller of an operation that nobody signs: something in its input proves it. */
export interface UnsignedCaller {
  /** The caller as long as nothing is proven: nobody, in the account that the call is for. */
  readonly unknown: (input: Record<string, unknown>) => Caller;
  /** @throws AwsError where the input proves nobody */
  readonly known: (input: Record<string, unknown>, now: Date) => Promise<Caller>;
}

/** An error in AWS's words. `code` is the exception's name, `status` its HTTP status. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape: `{ clusterName }`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** SQS's older code, where it differs. */
  readonly queryCode: string;
  constructor(
    code: string,
    status: number,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    queryCode: string = code,
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
    this.queryCode = queryCode;
  }
}
