/** A cluster's time line: who had access when, what was found, and what stood there. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import type { ClusterAnswer } from "../../../shared/http/contract/cluster-answer.ts";
import { apiNow, useNow } from "../../api/clock.ts";
import { timeLineHref } from "../../frame/route.ts";
import { ClusterChoice, useChosenCluster } from "../../parts/cluster-choice.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { Gaps } from "./gaps.tsx";
import { Picture } from "./picture.tsx";
import { draggedEnd, endAround, intervalOf, movedEnd, SPANS, zoomed } from "./scale.ts";
import { useSeen } from "./use-seen.ts";
import "./time-line.css";

interface TimeLineProps {
  /** The cluster's in `access.yaml`; without one, the one that was chosen last. */
  readonly name: string | undefined;
  /** An instant of the past to begin with, ISO 8601 UTC; without one, now. */
  readonly at?: string | undefined;
}

export function TimeLine({ name, at }: TimeLineProps) {
  const choice = useChosenCluster(name);
  const { cluster } = choice;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Cluster time line</Header>
      <ClusterChoice {...choice} hrefOf={(chosen) => timeLineHref(chosen, at)} />
      {cluster && <OfCluster key={`${cluster.name} ${at}`} cluster={cluster} at={at} />}
    </SpaceBetween>
  );
}

/** A day is shown at first, and an hour around an instant. */
const [DAY, AROUND] = [SPANS[2].seconds, SPANS[0].seconds];
const TICK_MS = 15_000;

interface OfClusterProps extends Pick<TimeLineProps, "at"> {
  readonly cluster: ClusterAnswer;
}

function OfCluster({ cluster, at }: OfClusterProps) {
  const [seconds, setSeconds] = useState<number>(at === undefined ? DAY : AROUND);
  const [end, setEnd] = useState(at && endAround(AROUND, at));
  const now = useNow(TICK_MS);
  const interval = intervalOf(seconds, end, now);
  const seen = useSeen(cluster, interval);
  const move = (by: -1 | 1) => setEnd(movedEnd(interval, by, apiNow()));
  const drag = (share: number) => setEnd(draggedEnd(interval, share, apiNow()));
  const zoom = (by: -1 | 1, share: number) => {
    const look = zoomed(interval, by, share, apiNow());
    if (!look) return;
    setSeconds(look.seconds);
    setEnd(look.end);
  };
  return (
    <SpaceBetween size="m">
      <SpaceBetween size="xs" direction="horizontal">
        <Span seconds={seconds} change={setSeconds} />
        <Button iconName="angle-left" onClick={() => move(-1)}>
          Earlier
        </Button>
        <Button iconName="angle-right" disabled={end === undefined} onClick={() => move(1)}>
          Later
        </Button>
        <Button disabled={end === undefined} onClick={() => setEnd(undefined)}>
          Now
        </Button>
      </SpaceBetween>
      {seen.readings.map((reading, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list of readings never changes
        <ReadProblem key={at} reading={reading} />
      ))}
      <Gaps seen={seen} interval={interval} />
      {seen.all ? (
        <Picture {...{ seen, all: seen.all, interval, now, drag, zoom }} instant={at} />
      ) : (
        !seen.failed && (
          <Container>
            <Box color="text-body-secondary">Reading</Box>
          </Container>
        )
      )}
    </SpaceBetween>
  );
}

interface SpanProps {
  readonly seconds: number;
  readonly change: (seconds: number) => void;
}

function Span({ seconds, change }: SpanProps) {
  const options = SPANS.map(({ label, seconds: each }) => ({ label, value: String(each) }));
  return (
    <Select
      ariaLabel="How much is shown"
      options={options}
      selectedOption={options.find(({ value }) => value === String(seconds)) ?? null}
      onChange={({ detail }) => change(Number(detail.selectedOption.value))}
    />
  );
}
