import { lastAnswerAt, silentSince } from "../state/connection.ts";
import { clockTime } from "../text/time.ts";

/** Says that the agent is away, and from when what is shown is. There all the time, so that changes are read out. */
export function Banner() {
  const since = silentSince.value;
  return (
    <div role="status" class={since === null ? "banner" : "banner shown"}>
      {since !== null && (
        <>
          <strong>The agent does not answer.</strong>{" "}
          {lastAnswerAt.value === null
            ? "Nothing was heard of it yet."
            : `What you see is from ${clockTime(lastAnswerAt.value)}.`}{" "}
          It is asked again until it does.
        </>
      )}
    </div>
  );
}
