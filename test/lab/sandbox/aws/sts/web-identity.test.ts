/** Roles that the subject of an OpenID Connect token takes, by the real clients. */
import { execFile } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from "@aws-sdk/client-iam";
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { fromTokenFile } from "@aws-sdk/credential-providers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRecord } from "../../../../../lab/sandbox/aws/cloudtrail/new-record.ts";
import type { CallRecord } from "../../../../../lab/sandbox/aws/dispatch.ts";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../../../lab/sandbox/aws/sts/service.ts";
import { outsidePort } from "../../../../../lab/sandbox/outside/port.ts";
import { initialOutsideState } from "../../../../../lab/sandbox/outside/state.ts";
import { awsFile } from "../../../../aws-cli/shared.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";

const ISSUER = "token.actions.githubusercontent.com";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const JOB = { repository: "example/payments", environment: "production" };
const SUB = "repo:example/payments:environment:production";
const AUDIENCE = "sts.amazonaws.com";

const trusting = (condition: object, federated = PROVIDER) =>
  document({
    Effect: "Allow",
    Principal: { Federated: federated },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: condition,
  });
const pinned = { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: SUB } };
const bot = role("bot", { path: "/pipelines/", trust: trusting(pinned) });
const other = (name: string, condition: object) => role(name, { trust: trusting(condition) });
const admin = role("admin", { policy: document(statement("*")) });
const calls: CallRecord[] = [];
const iam = iamStore(
  bot,
  admin,
  other("by-claim", { StringEquals: { [`${ISSUER}:environment`]: "staging" } }),
  other("by-unknown-claim", { StringEquals: { [`${ISSUER}:event_name`]: "push" } }),
  other("until-2020", {
    ...pinned,
    DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" },
  }),
  role("of-another-provider", { trust: trusting(pinned, `${PROVIDER}.example`) }),
  role("of-nobody"),
);
const outside = createServer();
let outsideUrl: string;
let port: RunningPort;
beforeAll(async () => {
  await new Promise<void>((done) => outside.listen(0, "127.0.0.1", done));
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const store = memoryStore(initialOutsideState());
  outside.on("request", outsidePort({ store, outsideUrl, token: () => undefined }));
  port = await listen({
    services: [iamService(iam), stsService(iam, outsideUrl)],
    iam,
    onCall: (call) => calls.push(call),
  });
  await made(`https://${ISSUER}`, AUDIENCE);
  await made("https://gitlab.example", AUDIENCE);
});
afterAll(async () => {
  await port.close();
  outside.closeAllConnections();
  outside.close();
});

const client = () => new IAMClient(clientConfig(port.url, admin));
const made = (Url: string, ...ClientIDList: string[]) =>
  client().send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList }));

const tokenFor = async (job: object = {}): Promise<string> => {
  const body = JSON.stringify({ ...JOB, audience: AUDIENCE, ...job });
  const answer = await fetch(`${outsideUrl}/_sandbox/id-tokens`, { method: "POST", body });
  return ((await answer.json()) as { value: string }).value;
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decoded = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split(".")[at] ?? "", "base64url").toString());

/** A token whose header and claims are changed, signed by a key of the attacker's own. */
const forged = (token: string, claims: object, header: object = {}): string => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const text = `${part({ ...decoded(token, 0), ...header })}.${part({ ...decoded(token, 1), ...claims })}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
};

const anonymous = () => ({ endpoint: port.url, region: REGION, maxAttempts: 1 });
const assume = (WebIdentityToken: string, more: object = {}) =>
  new STSClient(anonymous()).send(
    new AssumeRoleWithWebIdentityCommand({
      ...{ RoleArn: bot.arn, RoleSessionName: "GitHubActions", WebIdentityToken, ...more },
    }),
  );
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const lastRecord = () => {
  const last = calls.findLast(({ operation }) => operation === "AssumeRoleWithWebIdentity");
  return last && newRecord(last, iam.state);
};

describe("OpenID Connect providers of the account", () => {
  it("OpenID Connect providers are made once, shown without their scheme, listed and deleted", async () => {
    const url = "https://other.example/path";
    const { OpenIDConnectProviderArn: arn } = await made(url, "one", "two");
    expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/other.example/path`);
    await expect(made(url)).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
    const named = { OpenIDConnectProviderArn: arn };
    expect(await client().send(new GetOpenIDConnectProviderCommand(named))).toMatchObject({
      ...{ Url: "other.example/path", ClientIDList: ["one", "two"] },
    });
    await client().send(new DeleteOpenIDConnectProviderCommand(named));
    const all = await client().send(new ListOpenIDConnectProvidersCommand({}));
    expect(all.OpenIDConnectProviderList?.map(({ Arn }) => Arn)).not.toContain(arn);
    await expect(client().send(new GetOpenIDConnectProviderCommand(named))).rejects.toMatchObject({
      name: "NoSuchEntityException",
    });
    await expect(made("http://plain.example")).rejects.toMatchObject({ name: "ValidationError" });
  });
});

describe("AssumeRoleWithWebIdentity", () => {
  it("An unsigned call with the right token gets a session, and CloudTrail names its subject", async () => {
    const answer = await assume(await tokenFor(), { DurationSeconds: 900 });
    expect(answer).toMatchObject({
      SubjectFromWebIdentityToken: SUB,
      Audience: AUDIENCE,
      Provider: PROVIDER,
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/bot/GitHubActions` },
    });
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = answer.Credentials ?? {};
    const session = new STSClient({
      ...anonymous(),
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      },
    });
    const { Arn } = await session.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(answer.AssumedRoleUser?.Arn);
    expect(lastRecord()).toMatchObject({
      userIdentity: {
        type: "WebIdentityUser",
        principalId: `${PROVIDER}:${AUDIENCE}:${SUB}`,
        userName: SUB,
        identityProvider: PROVIDER,
      },
      eventName: "AssumeRoleWithWebIdentity",
      readOnly: true,
      requestParameters: {
        roleArn: bot.arn,
        roleSessionName: "GitHubActions",
        durationSeconds: 900,
      },
      responseElements: {
        subjectFromWebIdentityToken: SUB,
        provider: PROVIDER,
        audience: AUDIENCE,
        credentials: { accessKeyId: AccessKeyId },
      },
      resources: [{ accountId: ACCOUNT, type: "AWS::IAM::Role", ARN: bot.arn }],
      recipientAccountId: ACCOUNT,
    });
    expect(JSON.stringify(calls)).not.toContain((await tokenFor()).split(".")[0]);
    const used = calls.findLast(({ operation }) => operation === "GetCallerIdentity");
    expect(used?.caller.sessionContext).toEqual({
      "aws:FederatedProvider": PROVIDER,
      [`${ISSUER}:aud`]: AUDIENCE,
      [`${ISSUER}:sub`]: SUB,
    });
  });

  const denied = ["AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"];
  it.each([
    ["another repository", { repository: "example/other" }, denied],
    ["a repository of another owner with the same name", { repository: "evil/payments" }, denied],
    ["another environment", { environment: "staging" }, denied],
    ["no environment", { environment: undefined }, denied],
    ["another audience", { audience: "sigstore" }, ["InvalidIdentityToken", "token audience"]],
    [
      "a token that ended more than five minutes ago",
      { secondsAgo: 601 },
      ["ExpiredTokenException", "Token expired: current date/time "],
    ],
    ["a token of the future", { secondsAgo: -301 }, ["InvalidIdentityToken", "validated by AWS"]],
  ])("AssumeRoleWithWebIdentity refuses %s", async (_what, job, [name, text]) => {
    await expect(assume(await tokenFor(job))).rejects.toMatchObject({
      name: expect.stringMatching(`^${name}(Exception)?$`),
      message: expect.stringContaining(text ?? ""),
    });
  });

  it("AssumeRoleWithWebIdentity takes a token for five minutes after its end, as AWS allows for clocks", async () => {
    await expect(assume(await tokenFor({ secondsAgo: 590 }))).resolves.toBeDefined();
  });

  it.each([
    ["of another issuer's key", {}, {}, "validated by AWS"],
    ["whose key id the issuer does not have", {}, { kid: "x" }, "retrieve verification key"],
    ["without a signature algorithm", {}, { alg: "none" }, "alg none"],
    ["that is signed by a shared secret", {}, { alg: "HS256" }, "alg HS256"],
    ["of an issuer without a provider", { iss: "https://evil.example" }, {}, "No OpenIDConnect"],
    ["of an issuer with a longer name", { iss: `https://${ISSUER}/x` }, {}, "No OpenIDConnect"],
    ["of an issuer that is not emulated", { iss: "https://gitlab.example" }, {}, "gitlab.example"],
    ["without an issuer", { iss: undefined }, {}, "Missing a required claim: iss"],
  ])("AssumeRoleWithWebIdentity refuses a token %s", async (_what, claims, header, text) => {
    const token = forged(await tokenFor(), claims, header);
    await expect(assume(token)).rejects.toMatchObject({
      name: "InvalidIdentityTokenException",
      message: expect.stringContaining(text),
      $metadata: { httpStatusCode: 400 },
    });
    expect(lastRecord()).toMatchObject({
      errorCode: "InvalidIdentityToken",
      userIdentity: { type: "Unknown" },
      responseElements: null,
    });
  });

  it.each(["xx.yy", "not a token", `${part({})}.${part([])}.AAAA`, "a.b.c"])(
    "AssumeRoleWithWebIdentity refuses %s, which is no token",
    async (token) => {
      await expect(assume(token)).rejects.toMatchObject({
        name: "InvalidIdentityTokenException",
        message: expect.stringContaining("not a valid JWT"),
      });
    },
  );

  it("A session's name that looks like a person's changes nothing", async () => {
    const stranger = await tokenFor({ repository: "evil/payments" });
    await expect(assume(stranger, { RoleSessionName: "alice@example.com" })).rejects.toMatchObject({
      name: "AccessDenied",
    });
    expect(lastRecord()).toMatchObject({
      errorCode: "AccessDenied",
      errorMessage: "An unknown error occurred",
      userIdentity: { userName: "repo:evil/payments:environment:production" },
      resources: [{ ARN: bot.arn }],
    });
  });

  it.each([
    ["of-nobody", "trusts only a service"],
    ["of-another-provider", "trusts another provider"],
    ["not-there", "is not there"],
    ["by-claim", "wants another environment by its own claim"],
    ["by-unknown-claim", "wants a claim that AWS has no key for"],
    ["until-2020", "trusts tokens only in the past"],
  ])("AssumeRoleWithWebIdentity refuses the role %s, which %s", async (name) => {
    await expect(assume(await tokenFor(), { RoleArn: roleArn(name) })).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("AssumeRoleWithWebIdentity takes GitHub's own claims as conditions", async () => {
    const token = await tokenFor({ environment: "staging" });
    await expect(assume(token, { RoleArn: roleArn("by-claim") })).resolves.toBeDefined();
  });

  it.each([
    [{ DurationSeconds: 899 }],
    [{ DurationSeconds: 3_601 }],
    [{ RoleSessionName: "a b" }],
    [{ ProviderId: "www.amazon.com" }],
    [{ Policy: "{}" }],
  ])("AssumeRoleWithWebIdentity refuses %j by name", async (more) => {
    await expect(assume(await tokenFor(), more)).rejects.toMatchObject({
      name: "ValidationError",
      message: expect.stringMatching(/durationSeconds|DurationSeconds|roleSessionName|emulated/),
    });
  });

  it("AssumeRoleWithWebIdentity takes no token for a role of another account, whose providers are others", async () => {
    const RoleArn = "arn:aws:iam::444455556666:role/bot";
    await expect(assume(await tokenFor(), { RoleArn })).rejects.toMatchObject({
      message: expect.stringContaining("No OpenIDConnect provider found in your account"),
    });
  });

  it("Without its issuer, it answers that the issuer cannot be reached", async () => {
    const alone = await listen({ services: [stsService(iam)], iam });
    const sts = new STSClient({ ...anonymous(), endpoint: alone.url });
    await expect(
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: bot.arn,
          RoleSessionName: "GitHubActions",
          WebIdentityToken: await tokenFor(),
        }),
      ),
    ).rejects.toMatchObject({ name: "IDPCommunicationErrorException" });
    await alone.close();
  });

  it("Nothing else is taken without a signature", async () => {
    for (const body of ["Action=AssumeRole", "Action=GetCallerIdentity", "Action=__proto__", ""]) {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await fetch(port.url, { method: "POST", headers, body });
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringContaining("MissingAuthenticationToken"),
      ]);
    }
  });
});

describe("The clients' own web identity credentials", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "web-identity-"));
  const file = path.join(folder, "token");

  it("The AWS SDK's read a token's file and become the role", async () => {
    writeFileSync(file, await tokenFor());
    const credentials = fromTokenFile({
      ...{ webIdentityTokenFile: file, roleArn: bot.arn, roleSessionName: "sdk" },
      clientConfig: anonymous(),
    });
    const sts = new STSClient({ ...anonymous(), credentials });
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/bot/sdk`,
    );
  });

  it("The AWS CLI's too, by its environment", async () => {
    writeFileSync(file, await tokenFor());
    const env = {
      // It keeps sessions in its home.
      ...{ PATH: process.env["PATH"], HOME: folder },
      ...{ AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: bot.arn },
      ...{ AWS_ROLE_SESSION_NAME: "cli", AWS_REGION: REGION, AWS_ENDPOINT_URL: port.url },
      ...{ AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const { stdout } = await promisify(execFile)(await awsFile(), ["sts", "get-caller-identity"], {
      env,
    });
    expect(JSON.parse(stdout).Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/bot/cli`);
  });
});
