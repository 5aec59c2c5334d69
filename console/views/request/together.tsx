/** The requests that were asked for at once with this one, and one decision on those that wait for the reader. */
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import {
  areTogether,
  mostPowerfulFirst,
  waitsFor,
} from "../../../shared/domain/policy/asked-together.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { change, read } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { SOON, useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { StateLabel } from "../../parts/state-label.tsx";

interface TogetherProps {
  readonly request: RequestAnswer;
  readonly decided: () => void;
}

/** Nothing for what was asked for by itself. */
export function Together({ request, decided }: TogetherProps) {
  const { person } = useSession();
  const paths = request.askedWith?.map((id) => `/v1/requests/${id}`).join(" ");
  const who = useRead<WhoAmIAnswer>(paths === undefined ? undefined : "/v1/whoami");
  const { answer: read = [] } = useRead<readonly RequestAnswer[]>(paths, SOON, readEach);
  const [asks, setAsks] = useState<readonly RequestAnswer[]>();
  const others = read.filter((other) => areTogether(request, other));
  if (others.length === 0) return null;
  const voices = [person, ...(who.answer?.decidesFor ?? [])];
  const all = mostPowerfulFirst([request, ...others]);
  const mine = who.answer?.stopped ? [] : all.filter((each) => waitsFor(each, person, voices));
  const close = (done: boolean) => {
    setAsks(undefined);
    if (done) decided();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Each is decided by its own rule, and ends by itself."
          actions={
            mine.length > 1 && (
              <Button onClick={() => setAsks(mine)}>Approve all {mine.length}</Button>
            )
          }
        >
          Asked for at once
        </Header>
      }
    >
      <Parts requests={mostPowerfulFirst(others)} />
      {asks && <ConfirmAll requests={asks} rest={all.length - asks.length} close={close} />}
    </Container>
  );
}

/** Those that the reader may see: the others of an ask may be for other approvers. */
const readEach = async (paths: string, signal: AbortSignal): Promise<readonly RequestAnswer[]> => {
  const found = await Promise.all(
    paths.split(" ").map((path) =>
      read<RequestAnswer>(path, signal).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return undefined;
        throw error;
      }),
    ),
  );
  return found.filter((request) => request !== undefined);
};

const Parts = ({ requests }: { readonly requests: readonly RequestAnswer[] }) => (
  <SpaceBetween size="xs">
    {requests.map((each) => (
      <SpaceBetween key={each.id} direction="horizontal" size="s">
        <Link href={requestHref(each.id)}>
          {accessOnWords(each)} for {visible(each.duration)}
        </Link>
        <StateLabel state={each.state} />
      </SpaceBetween>
    ))}
  </SpaceBetween>
);

interface ConfirmAllProps {
  readonly requests: readonly RequestAnswer[];
  readonly rest: number;
  readonly close: (done: boolean) => void;
}

/** The dialog confirms the terms that it was opened with, though the page reads on. */
const ConfirmAll = ({ requests, rest, close }: ConfirmAllProps) => (
  <Confirm
    title={`Approve these ${requests.length}?`}
    button={`Approve all ${requests.length}`}
    note={{ label: "Note", required: false }}
    send={(note) => approveEach(requests, note)}
    close={close}
  >
    <p>The most powerful is first. Each is approved by itself, on the terms that stand here.</p>
    <ul>
      {requests.map((each) => (
        <li key={each.id}>
          {accessOnWords(each)} for {visible(each.requester)}, {visible(each.duration)}, under the
          rule {visible(each.rule)}: {visible(each.reason)}
        </li>
      ))}
    </ul>
    {rest > 0 && <p>{rest} more asked for with them: not waiting for you.</p>}
  </Confirm>
);

/** One refusal takes none of the others back. @throws Problem the first, after all were sent */
async function approveEach(
  requests: readonly RequestAnswer[],
  note: string | undefined,
): Promise<void> {
  const problems: unknown[] = [];
  for (const { id, digest } of requests)
    await change(`/v1/requests/${id}/decision`, {
      verdict: "approve",
      digest,
      ...(note === undefined ? {} : { note }),
    }).catch((error: unknown) => problems.push(error));
  if (problems.length > 0) throw problems[0];
}
