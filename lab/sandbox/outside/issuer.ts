/** A stand-in for GitHub's issuer of tokens: its two documents, and the tokens that it would give to a job. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomUUID,
  sign,
} from "node:crypto";
import type { Store } from "../aws/store.ts";
import { type HttpAnswer, json, refusal } from "../slack/http.ts";
import { InvalidRule, members } from "./faults.ts";
import type { Asked } from "./service.ts";
import type { OutsideState } from "./state.ts";

export const ISSUER_HOST = "token.actions.githubusercontent.com";
const ISSUER = `https://${ISSUER_HOST}`;
const KEYS = ".well-known/jwks";

/** https://docs.github.com/en/actions/reference/security/oidc */
export function issuerAnswer(store: Store<OutsideState>, { method, path }: Asked): HttpAnswer {
  const at = `${method} ${path.join("/")}`;
  if (at === `GET ${KEYS}`) return json(200, { keys: [publicKeyOf(privateKeyIn(store))] });
  if (at === "GET .well-known/openid-configuration")
    return json(200, {
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/${KEYS}`,
      subject_types_supported: ["public", "pairwise"],
      response_types_supported: ["id_token"],
      claims_supported: ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "repository", "ref"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid"],
    });
  return refusal(501, `The sandbox's issuer has no ${at}.`);
}

/** Made once, since it takes a moment, and kept so that a token outlives a start of the sandbox. */
function privateKeyIn(store: Store<OutsideState>): string {
  const known = store.state.issuerKey;
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  store.change((state) => {
    state.issuerKey = privateKey;
  });
  return privateKey;
}

function publicKeyOf(privateKey: string): JsonWebKey {
  const key = createPublicKey(privateKey).export({ format: "jwk" });
  const kid = createHash("sha256").update(String(key["n"])).digest("base64url");
  return { ...key, kid, use: "sig", alg: "RS256" };
}

const MEMBERS = ["repository", "environment", "ref", "audience", "secondsAgo"];
/** A token of GitHub's is of use for five minutes, and from ten minutes before it was made. */
const [LASTS, EARLY] = [300, 600];

/**
 * The token of a job of a repository, as its runner gets it, in `value`. `secondsAgo` is how long ago.
 *
 * @throws InvalidRule where the body names no job
 */
export function jobToken(store: Store<OutsideState>, body: unknown, nowMs: number): HttpAnswer {
  const job = members(body, MEMBERS, "A job");
  const { repository, environment, ref = "refs/heads/main", secondsAgo = 0 } = job;
  if (typeof repository !== "string" || !/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new InvalidRule("repository is OWNER/NAME.");
  const [owner = ""] = repository.split("/");
  const { audience = `https://github.com/${owner}` } = job;
  if ([environment ?? "", ref, audience].some((text) => typeof text !== "string"))
    throw new InvalidRule("environment, ref and audience are texts.");
  if (typeof secondsAgo !== "number") throw new InvalidRule("secondsAgo is a number.");
  const iat = Math.floor(nowMs / 1_000) - secondsAgo;
  const where = environment === undefined ? `ref:${ref}` : `environment:${environment}`;
  const claims = {
    ...{ iss: ISSUER, sub: `repo:${repository}:${where}`, aud: audience, jti: randomUUID() },
    ...{ iat, nbf: iat - EARLY, exp: iat + LASTS },
    ...{ repository, repository_owner: owner, ref, ...(environment ? { environment } : {}) },
  };
  return json(200, { value: signed(claims, privateKeyIn(store)) });
}

function signed(claims: object, privateKey: string): string {
  const header = { typ: "JWT", alg: "RS256", kid: publicKeyOf(privateKey)["kid"] };
  const text = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("RSA-SHA256", Buffer.from(text), createPrivateKey(privateKey));
  return `${text}.${signature.toString("base64url")}`;
}
